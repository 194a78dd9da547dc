//! `[auth]`: accounts, passwords and tokens.

use std::path::PathBuf;
use std::str::FromStr;
use std::time::Duration;

use super::key::{Key, Shape, Unit, section};
use super::setting::from_text;

section! {
    /// Accounts, passwords and tokens.
    Auth "auth" {
        /// How long an access token is valid.
        access: Duration = Key::number("auth.access_minutes", 1..=1440, Unit::Minutes).default("10");
        /// How long a sign-in lasts without being used.
        refresh_idle: Duration = Key::number("auth.refresh_idle_days", 1..=365, Unit::Days).default("14");
        /// How long a sign-in lasts at most.
        refresh_absolute: Duration = Key::number("auth.refresh_absolute_days", 1..=3650, Unit::Days).default("90");
        /// How long a refresh token that was just used gives the same successor again, for tabs that
        /// refresh at once and answers that got lost.
        refresh_grace: Duration = Key::number("auth.refresh_grace_seconds", 0..=60, Unit::Seconds).default("10");
        /// Who may register: everybody, those who were invited, or nobody; `tocsin user add` always works.
        registration: Registration = Key::new("auth.registration", Shape::Choice(&["open", "invite", "closed"]))
            .default("invite").local("open");
        /// Invitations that may wait.
        invitations: usize = Key::count("auth.invitations", 1..=10_000).default("100");
        /// How long an invitation is good.
        invitation: Duration = Key::number("auth.invitation_hours", 1..=720, Unit::Hours).default("72");
        /// Whether an address must be verified before anybody signs in with it. With `required`, registering says the
        /// same for every address, and a link is mailed.
        email_verification: EmailVerification =
            Key::new("auth.email_verification", Shape::Choice(&["off", "required"])).default("off");
        /// How long a mailed link for a new password is good.
        reset: Duration = Key::number("auth.reset_minutes", 5..=1440, Unit::Minutes).default("30");
        /// How long a mailed link that verifies an address is good.
        verify: Duration = Key::number("auth.verify_hours", 1..=168, Unit::Hours).default("24");
        /// Mails about passwords and addresses that an account gets in an hour; more are dropped without a word.
        mails_per_hour: u32 = Key::count("auth.mails_per_hour", 1..=1000).default("5");
        /// Such mails that may wait to be sent; when it is full, more are dropped.
        mail_queue: usize = Key::count("auth.mail_queue", 1..=100_000).default("256");
        /// The least number of characters in a password.
        password_min_length: usize = Key::count("auth.password_min_length", 8..=64).default("15").local("8");
        /// Passwords that are hashed at once; each takes a thread and 128 × 2^scrypt_log_n × 8 bytes, that
        /// is 128 MiB by default.
        hash_workers: usize = Key::count("auth.hash_workers", 1..=64).default("2");
        /// Passwords that may wait to be hashed; when it is full, sign-ins get 503 with Retry-After.
        hash_queue: usize = Key::count("auth.hash_queue", 1..=10_000).default("64");
        /// Attempts from one address, a minute, to sign in, register, use a mailed link, ask for one, or be sent to a
        /// provider; past that 429 with Retry-After. An address of IPv6 counts with its /64.
        attempts_per_address: u32 = Key::count("auth.attempts_per_address", 1..=1_000_000).default("30").test("10000");
        /// Attempts to sign in at one account, a minute, known or not; a device that has signed in there before counts
        /// for itself.
        attempts_per_account: u32 = Key::count("auth.attempts_per_account", 1..=1_000_000).default("10").test("10000");
        /// Codes of an authenticator app that may be wrong in a row; after that each further one waits, a minute at first
        /// and twice as long each time, up to a day. Recovery codes do not wait.
        otp_attempts: u32 = Key::count("auth.otp_attempts", 1..=100).default("5");
        /// Tickets for websockets that one person may get, a minute; past that 429 with Retry-After.
        tickets_per_user: u32 = Key::count("auth.tickets_per_user", 1..=1_000_000).default("60");
        /// Tickets for websockets that may wait to be used; when there are more, asking for one gets 503 with Retry-After.
        tickets: usize = Key::count("auth.tickets", 1..=10_000_000).default("10000");
        /// How long the audit log is kept.
        audit_kept: Duration = Key::number("auth.audit_days", 1..=3650, Unit::Days).default("400");
        /// How long a key signs access tokens before the next one does; 0 leaves it to `tocsin keys rotate`.
        key_rotation: Duration = Key::number("auth.key_rotation_days", 0..=3650, Unit::Days).default("90");
        /// How long a new key is published before it signs, for other nodes and for whoever keeps a copy of
        /// `/.well-known/jwks.json`.
        key_notice: Duration = Key::number("auth.key_notice_minutes", 1..=720, Unit::Minutes).default("10");
        /// The directory of the keys that sign access tokens; made at the first start. Losing it signs everybody out.
        keys_dir: PathBuf =
            Key::new("auth.keys_dir", Shape::Text("the path of a directory")).derived("<data_dir>/keys");
        /// The cost of a password hash: scrypt with N = 2 to this power, r = 8, p = 1. Stored hashes keep
        /// the cost they were made with.
        scrypt_log_n: u8 = Key::count("auth.scrypt_log_n", 10..=20).default("17").test("10");
    }
}

/// Who may register.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Registration {
    /// Everybody.
    Open,
    /// Those who were invited.
    Invite,
    /// Nobody.
    Closed,
}

impl FromStr for Registration {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "open" => Ok(Self::Open),
            "invite" => Ok(Self::Invite),
            "closed" => Ok(Self::Closed),
            _ => Err("unknown word"),
        }
    }
}

from_text!(Registration);

/// Whether addresses are verified.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmailVerification {
    /// They are not.
    Off,
    /// Before anybody signs in.
    Required,
}

impl FromStr for EmailVerification {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "off" => Ok(Self::Off),
            "required" => Ok(Self::Required),
            _ => Err("unknown word"),
        }
    }
}

from_text!(EmailVerification);
