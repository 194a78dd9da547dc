//! Several servers at one family at once: whatever the order in which their commands arrive, each rotation follows from
//! the one before, and one token is live in the end.

use std::sync::Arc;

use futures_util::future::join_all;
use tocsin::adapters::redis::Redis;
use tocsin::adapters::sqlite;
use tocsin_actors::domain::{SessionId, Timestamp, UserId};
use tocsin_actors::ports::{Family, RefreshTokens};

use crate::support::redis::{RedisServer, options, refresh_tokens};

const CLIENTS: usize = 5;
const ROUNDS: usize = 100;

/// What one client does in a round, and what it was told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Rotate { won: bool },
    End { was_there: bool },
}

/// A small generator, so that a failing seed can be run again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Whether some order of the steps explains what the clients were told and what is stored in the end.
fn explained(steps: &[(usize, Step)], live: Option<&str>, stored: Option<&str>, presented: &str) -> bool {
    if steps.is_empty() {
        return live == stored;
    }
    (0..steps.len()).any(|first| {
        let mut rest = steps.to_vec();
        let (client, step) = rest.remove(first);
        match step {
            Step::Rotate { won } => {
                let wins = live == Some(presented);
                let next = if wins { Some(format!("{presented}.{client}")) } else { live.map(str::to_owned) };
                won == wins && explained(&rest, next.as_deref(), stored, presented)
            }
            Step::End { was_there } => was_there == live.is_some() && explained(&rest, None, stored, presented),
        }
    })
}

#[test]
fn the_model_knows_what_cannot_be() {
    let rotate = |won| Step::Rotate { won };
    let end = |was_there| Step::End { was_there };
    for (steps, stored, possible) in [
        (vec![(0, rotate(true)), (1, rotate(false))], Some("a.0"), true),
        (vec![(0, rotate(true)), (1, rotate(true))], Some("a.1"), false),
        (vec![(0, rotate(false)), (1, rotate(false))], Some("a"), false),
        (vec![(0, rotate(true)), (1, end(true))], None, true),
        (vec![(0, rotate(true)), (1, end(true))], Some("a.0"), false),
        (vec![(0, end(true)), (1, end(true))], None, false),
        (vec![(0, rotate(false)), (1, end(true)), (2, end(false))], None, true),
    ] {
        assert_eq!(explained(&steps, Some("a"), stored, "a"), possible, "{steps:?} {stored:?}");
    }
}

/// As many servers, each with connections of its own, as there are clients.
async fn race(clients: &[Arc<dyn RefreshTokens>], seed: u64) {
    let mut dice = Dice(seed);
    let now = Timestamp::clamped(1_764_000_000_000);
    for round in 0..ROUNDS {
        let family = Family {
            id: SessionId::new(now),
            user_id: UserId::new(now),
            current: "a".into(),
            previous: None,
            rotated_at: now,
            created_at: now,
            user_agent: String::new(),
            ip: String::new(),
        };
        let id = family.id;
        clients[0].start(family).await.unwrap();
        let plans: Vec<bool> = clients.iter().map(|_| dice.roll(4) == 0).collect();
        let steps = join_all(clients.iter().zip(plans).enumerate().map(async |(n, (client, ends))| {
            let step = if ends {
                Step::End { was_there: client.end(id, now).await.unwrap() }
            } else {
                Step::Rotate { won: client.rotate(id, "a".into(), format!("a.{n}"), now).await.unwrap() }
            };
            (n, step)
        }))
        .await;
        let stored = clients[0].get(id).await.unwrap().map(|family| family.current);
        assert!(
            explained(&steps, Some("a"), stored.as_deref(), "a"),
            "seed {seed}, round {round}: no order explains {steps:?} and {stored:?}"
        );
    }
}

#[actix_rt::test]
async fn servers_that_share_a_redis_agree() {
    let server = RedisServer::start();
    let client = |_| {
        let redis = Redis::open(options(server.url())).unwrap();
        Arc::new(refresh_tokens(Arc::new(redis))) as Arc<dyn RefreshTokens>
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    race(&clients, 7).await;
}

#[actix_rt::test]
async fn processes_that_share_a_database_agree() {
    let directory = tempfile::TempDir::new().unwrap();
    let count = |n| std::num::NonZeroUsize::new(n).unwrap();
    let client = |_| {
        let database = sqlite::Database::open(sqlite::Options {
            path: directory.path().join("tocsin.db"),
            readers: count(1),
            queue: count(64),
            group_rows: count(64),
            max_mib: 0,
            on_group: None,
        });
        Arc::new(sqlite::RefreshTokens::new(database.unwrap())) as Arc<dyn RefreshTokens>
    };
    let clients: Vec<_> = (0..CLIENTS).map(client).collect();
    race(&clients, 11).await;
}
