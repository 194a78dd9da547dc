use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;

use super::super::messages::{Logout, Reach};
use super::super::sessions::logout;
use super::*;
use crate::auth::policy::Policy;
use crate::auth::second_factor::SecondFactorParts;
use crate::auth::state::{Limits, Registration};
use crate::auth::{MailParts, Verification};
use crate::delivery::{Envelope, Post, PostLimits, PostParts};
use crate::domain::{AuditEntry, Role, UserId};
use crate::ports::{
    AccessTokens, Accounts, Audit, Counted, ListAudit, NewUser, Passwords, RefreshTokens, Secrets, Throttle,
    TokenRefused,
};
use crate::testing::invitations::BusyInvitations;
use crate::testing::links::BusyLinks;
use crate::testing::mailer::FakeMailer;
use crate::testing::second_factors::NoSecondFactors;
use crate::testing::users::BusyUsers;
use crate::testing::{NullMeter, SimulatedClock};

/// Everything around signing in, in memory, with faults to switch on.
struct World {
    user: User,
    families: Mutex<HashMap<SessionId, Family>>,
    numbers: AtomicU32,
    accounts_are_busy: AtomicBool,
    key_is_broken: AtomicBool,
    /// Another password was chosen.
    password_is_new: AtomicBool,
    /// Somebody else rotates first, once.
    race: AtomicBool,
}

const BUSY: PortError = PortError::Busy("the test");

#[async_trait]
impl Accounts for World {
    async fn create(&self, _: NewUser) -> Result<User, PortError> {
        Err(BUSY)
    }
    async fn by_email(&self, _: String) -> Result<Option<(User, String)>, PortError> {
        let hash = if self.password_is_new.load(Ordering::Relaxed) { "new" } else { "hash" };
        Ok(Some((self.user.clone(), hash.into())))
    }
    async fn by_id(&self, _: UserId) -> Result<Option<User>, PortError> {
        if self.accounts_are_busy.load(Ordering::Relaxed) { Err(BUSY) } else { Ok(Some(self.user.clone())) }
    }
    async fn rename(&self, _: UserId, _: String) -> Result<Option<User>, PortError> {
        Err(BUSY)
    }
    async fn rehash(&self, _: UserId, _: String, _: String) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn admin_emails(&self) -> Result<Vec<String>, PortError> {
        Err(BUSY)
    }
    async fn create_key(&self, _: ApiKey, _: String, _: usize) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn keys_of(&self, _: UserId) -> Result<Vec<ApiKey>, PortError> {
        Err(BUSY)
    }
    async fn delete_key(&self, _: UserId, _: ApiKeyId) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn key_by_digest(&self, _: String, _: Timestamp) -> Result<Option<ApiKey>, PortError> {
        Err(BUSY)
    }
}

#[async_trait]
impl RefreshTokens for World {
    async fn start(&self, family: Family) -> Result<(), PortError> {
        self.families.lock().unwrap().insert(family.id, family);
        Ok(())
    }
    async fn get(&self, id: SessionId) -> Result<Option<Family>, PortError> {
        Ok(self.families.lock().unwrap().get(&id).cloned())
    }
    async fn rotate(&self, id: SessionId, presented: String, next: String, now: Timestamp) -> Result<bool, PortError> {
        let mut families = self.families.lock().unwrap();
        let Some(family) = families.get_mut(&id).filter(|family| family.current == presented) else {
            return Ok(false);
        };
        *family = Family { current: next, previous: Some(presented), rotated_at: now, ..family.clone() };
        Ok(!self.race.swap(false, Ordering::Relaxed))
    }
    async fn of_user(&self, user: UserId) -> Result<Vec<Family>, PortError> {
        let families = self.families.lock().unwrap();
        Ok(families.values().filter(|family| family.user_id == user).cloned().collect())
    }
    async fn end(&self, id: SessionId, _: Timestamp) -> Result<bool, PortError> {
        Ok(self.families.lock().unwrap().remove(&id).is_some())
    }
    async fn ended(&self, _: Timestamp) -> Result<Vec<(SessionId, Timestamp)>, PortError> {
        Ok(Vec::new())
    }
    async fn sweep(&self, _: Timestamp, _: Timestamp, _: Timestamp) -> Result<u64, PortError> {
        Err(BUSY)
    }
}

#[async_trait]
impl Audit for World {
    async fn append(&self, _: AuditEntry) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn list(&self, _: ListAudit) -> Result<Vec<AuditEntry>, PortError> {
        Err(BUSY)
    }
    async fn sweep(&self, _: Timestamp) -> Result<u64, PortError> {
        Err(BUSY)
    }
}

#[async_trait]
impl Throttle for World {
    async fn attempt(&self, _: Counted, _: String) -> Result<Option<Duration>, PortError> {
        Ok(None)
    }
}

#[async_trait]
impl Passwords for World {
    async fn hash(&self, _: String) -> Result<String, PortError> {
        Err(BUSY)
    }
    async fn verify(&self, password: String, _: Option<String>) -> Result<Verified, PortError> {
        let was_new = self.password_is_new.fetch_or(password.contains("overtaken"), Ordering::Relaxed);
        Ok(match password.as_str() {
            "overtaken" if was_new => Verified::Wrong,
            "overtaken" | "overtaken by a new hash of itself" => Verified::Right,
            "right" => Verified::RightButOutdated,
            "unusable" => Verified::Unusable,
            _ => Verified::Wrong,
        })
    }
}

impl AccessTokens for World {
    fn issue(&self, claims: &Claims, _: Timestamp) -> Result<String, String> {
        if self.key_is_broken.load(Ordering::Relaxed) { Err("broken".into()) } else { Ok(claims.user_id.to_string()) }
    }
    fn verify(&self, _: &str, _: Timestamp) -> Result<Claims, TokenRefused> {
        Err(TokenRefused)
    }
}

impl Secrets for World {
    fn random(&self) -> String {
        self.numbers.fetch_add(1, Ordering::Relaxed).to_string()
    }
    fn digest(&self, text: &str) -> String {
        format!("digest of {text}")
    }
    fn derive(&self, text: &str) -> String {
        let sum = text.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(0x0100_0000_01b3) ^ u64::from(byte));
        format!("{sum:x}")
    }
    fn is_derived(&self, text: &str, answer: &str) -> bool {
        self.derive(text) == answer
    }
}

/// Mail that goes nowhere.
fn mail(clock: Arc<SimulatedClock>) -> MailParts {
    let parts = PostParts {
        mailer: Arc::new(FakeMailer::default()),
        clock,
        meter: Arc::new(NullMeter),
        log: slog::Logger::root(slog::Discard, slog::o!()),
        spawn: Arc::new(drop),
    };
    let second = Duration::from_secs(1);
    let limits = PostLimits {
        queue: 1,
        concurrent: 1,
        max_attempts: 1,
        first_retry: second,
        longest_retry: second,
        timeout: second,
    };
    MailParts {
        links: Arc::new(BusyLinks),
        post: Post::new(parts, limits),
        envelope: Envelope { public_url: "http://localhost".into(), domain: "localhost".into() },
        verification: Verification::Off,
        reset: second,
        verify: second,
        per_hour: 1,
    }
}

fn world() -> (Arc<World>, Arc<SimulatedClock>, Parts) {
    let now = Timestamp::clamped(1_764_000_000_000);
    let user = User {
        id: UserId::new(now),
        email: "ada@example.org".into(),
        name: "Ada".into(),
        role: Role::Owner,
        email_verified: false,
        created_at: now,
        disabled_at: None,
    };
    let off = || AtomicBool::new(false);
    let world = Arc::new(World {
        user,
        families: Mutex::default(),
        numbers: AtomicU32::new(0),
        accounts_are_busy: off(),
        key_is_broken: off(),
        password_is_new: off(),
        race: off(),
    });
    let clock = Arc::new(SimulatedClock::at(now));
    let limits = Limits {
        access: Duration::from_secs(600),
        refresh_idle: Duration::from_secs(10_000),
        refresh_absolute: Duration::from_secs(50_000),
        refresh_grace: Duration::from_secs(10),
        registration: Registration::Open,
        invitations: 5,
        invitation: Duration::from_secs(5_000),
        keys_per_user: 5,
        audit_kept: Duration::from_secs(100_000),
    };
    let parts = Parts {
        accounts: world.clone(),
        second_factor: SecondFactorParts {
            store: Arc::new(NoSecondFactors),
            otp: Arc::new(NoSecondFactors),
            free_tries: 5,
        },
        users: Arc::new(BusyUsers),
        invitations: Arc::new(BusyInvitations),
        refresh_tokens: world.clone(),
        passwords: world.clone(),
        access_tokens: world.clone(),
        revoked: Arc::default(),
        throttle: world.clone(),
        audit: world.clone(),
        secrets: world.clone(),
        clock: clock.clone(),
        log: slog::Logger::root(slog::Discard, slog::o!()),
        limits,
        policy: Policy { min_chars: 8, host: String::new() },
        mail: mail(clock.clone()),
        mailbox: 16,
    };
    (world, clock, parts)
}

async fn signs_in(parts: &Parts, password: &str) -> Result<String, AuthError> {
    let (email, password) = ("ada@example.org".to_owned(), password.to_owned());
    let signed_in = login(parts.clone(), Login { email, password, otp: None, device: Device::default() }).await?;
    Ok(signed_in.refresh_token)
}

async fn refreshed(parts: &Parts, token: &str) -> Result<String, AuthError> {
    Ok(refresh(parts.clone(), Refresh { token: token.into(), from: Device::default() }).await?.refresh_token)
}

#[actix_rt::test]
async fn a_failure_of_ours_leaves_the_token_as_good_as_it_was() {
    let (world, clock, parts) = world();
    let first = signs_in(&parts, "right").await.unwrap();
    for fault in [&world.accounts_are_busy, &world.key_is_broken] {
        let before = world.families.lock().unwrap().clone();
        fault.store(true, Ordering::Relaxed);
        assert!(matches!(refreshed(&parts, &first).await, Err(AuthError::Port(_))));
        assert_eq!(*world.families.lock().unwrap(), before);
        fault.store(false, Ordering::Relaxed);
        clock.advance(Duration::from_secs(60));
    }
    assert!(refreshed(&parts, &first).await.is_ok(), "long after");
    world.key_is_broken.store(true, Ordering::Relaxed);
    assert!(signs_in(&parts, "right").await.is_err());
    assert_eq!(world.families.lock().unwrap().len(), 1, "what was not signed in is not kept");
}

#[actix_rt::test]
async fn who_comes_second_gets_the_same_successor() {
    let (world, _, parts) = world();
    let first = signs_in(&parts, "right").await.unwrap();
    world.race.store(true, Ordering::Relaxed);
    let second = refreshed(&parts, &first).await.unwrap();
    assert_eq!(refreshed(&parts, &first).await.unwrap(), second);
    assert!(refreshed(&parts, &second).await.is_ok());
}

#[actix_rt::test]
async fn the_grace_is_not_extended_by_using_it() {
    let (world, clock, parts) = world();
    let first = signs_in(&parts, "right").await.unwrap();
    let second = refreshed(&parts, &first).await.unwrap();
    for _ in 0..2 {
        clock.advance(Duration::from_secs(5));
        assert_eq!(refreshed(&parts, &first).await.unwrap(), second);
    }
    clock.advance(Duration::from_millis(1));
    assert_eq!(refreshed(&parts, &first).await, Err(AuthError::InvalidGrant));
    assert!(world.families.lock().unwrap().is_empty(), "the sign-in has ended");
    assert_eq!(refreshed(&parts, &second).await, Err(AuthError::InvalidGrant));
}

#[actix_rt::test]
async fn an_ancestor_of_any_age_ends_the_sign_in_and_a_made_up_token_nothing() {
    for age in 2..12 {
        let (world, clock, parts) = world();
        let first = signs_in(&parts, "right").await.unwrap();
        let mut live = first.clone();
        for _ in 0..age {
            live = refreshed(&parts, &live).await.unwrap();
            clock.advance(Duration::from_secs(60));
        }
        let (body, seal) = live.rsplit_once('.').unwrap();
        let id = body.split('_').nth(1).unwrap();
        for made_up in [format!("tcr_{id}_x"), format!("tcr_{id}_x.{seal}"), format!("{body}.x")] {
            assert_eq!(refreshed(&parts, &made_up).await, Err(AuthError::InvalidGrant));
            logout(parts.clone(), Logout { token: made_up, reach: Reach::Global, from: Device::default() })
                .await
                .unwrap();
        }
        live = refreshed(&parts, &live).await.unwrap();
        assert_eq!(refreshed(&parts, &first).await, Err(AuthError::InvalidGrant));
        assert_eq!(refreshed(&parts, &live).await, Err(AuthError::InvalidGrant), "{age}");
        assert!(world.families.lock().unwrap().is_empty());
    }
}

#[actix_rt::test]
async fn an_end_reaches_as_far_as_it_was_asked_to() {
    for (reach, left) in
        [(Reach::Local, [false, true, true]), (Reach::Others, [true, false, false]), (Reach::Global, [false; 3])]
    {
        let (_, _, parts) = world();
        let mut tokens = Vec::new();
        for _ in 0..3 {
            tokens.push(signs_in(&parts, "right").await.unwrap());
        }
        logout(parts.clone(), Logout { token: tokens[0].clone(), reach, from: Device::default() }).await.unwrap();
        for (token, left) in tokens.iter().zip(left) {
            let id = RefreshToken::recognise(token.clone(), &*parts.secrets).unwrap().session_id();
            assert_eq!(parts.revoked.contains(id), !left, "{reach:?}");
            assert_eq!(refreshed(&parts, token).await.is_ok(), left, "{reach:?}");
        }
    }
}

#[actix_rt::test]
async fn an_unusable_hash_is_a_wrong_password_and_a_busy_pool_no_obstacle() {
    let (_, _, parts) = world();
    assert_eq!(signs_in(&parts, "unusable").await, Err(AuthError::InvalidCredentials));
    assert_eq!(signs_in(&parts, "wrong").await, Err(AuthError::InvalidCredentials));
    assert!(signs_in(&parts, "right").await.is_ok(), "although its hash cannot be renewed now");
}

#[actix_rt::test]
async fn a_sign_in_does_not_outlive_the_password_it_began_with() {
    let (world, _, parts) = world();
    assert_eq!(signs_in(&parts, "overtaken").await, Err(AuthError::InvalidCredentials));
    assert!(world.families.lock().unwrap().is_empty(), "what had begun has ended");
    world.password_is_new.store(false, Ordering::Relaxed);
    assert!(signs_in(&parts, "overtaken by a new hash of itself").await.is_ok());
}
