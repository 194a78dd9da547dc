//! What several servers share, when the configuration names a Redis.

use std::sync::Arc;

use actix::ArbiterHandle;
use async_trait::async_trait;
use slog::Logger;
use tocsin_actors::auth::revoked::Revoked;
use tocsin_actors::nodes::keeper::Terms;
use tocsin_actors::ports::{self, Clock, Meter, Rates};
use uuid::Uuid;

use super::Stores;
use super::nodes::{Others, Signals};
use crate::adapters::redis::{
    Bus, Lifetimes, Membership, Options, Redis, RefreshTokens, Throttle, Tickets, agree, follow, keep_agreeing,
};
use crate::adapters::sqlite;
use crate::config::Config;
use crate::http::{Check, Dependency};
use crate::telemetry::metrics::Metrics;

/// The Redis of the configuration.
#[derive(Clone)]
pub(super) struct Sharing {
    redis: Arc<Redis>,
    refresh_tokens: RefreshTokens,
}

impl Sharing {
    /// `None` when the server keeps everything by itself.
    pub(super) fn open(config: &Config, metrics: &Metrics, log: &Logger) -> Result<Option<Self>, String> {
        let Some(url) = &config.redis.url else { return Ok(None) };
        let settings = &config.redis;
        let redis = Arc::new(Redis::open(Options {
            url: url.expose().to_owned(),
            ca_file: settings.ca_file.clone(),
            connections: settings.connections,
            connect_timeout: settings.connect_timeout,
            timeout: settings.timeout,
            prefix: settings.prefix.to_string(),
            log: log.clone(),
        })?);
        let waiting = Arc::clone(&redis);
        metrics
            .read("redis_commands_waiting", "Commands that wait for a connection to Redis", move || waiting.waiting());
        let listening = Arc::clone(&redis);
        metrics.read("redis_listening", "Whether ends of sign-ins on other servers are heard", move || {
            usize::from(listening.is_listening())
        });
        let lifetimes = Lifetimes { idle: config.auth.refresh_idle, absolute: config.auth.refresh_absolute };
        let refresh_tokens = RefreshTokens::new(Arc::clone(&redis), lifetimes);
        Ok(Some(Self { redis, refresh_tokens }))
    }

    /// The stores, with those that are shared in Redis.
    pub(super) fn take_over(&self, stores: Stores) -> Stores {
        let membership = Arc::new(Membership::new(Arc::clone(&self.redis)));
        Stores { refresh_tokens: Arc::new(self.refresh_tokens.clone()), membership, ..stores }
    }

    /// Attempts, counted for all servers; by `alone` while Redis is away.
    pub(super) fn throttle(
        &self,
        clock: Arc<dyn Clock>,
        rates: Rates,
        alone: Arc<dyn ports::Throttle>,
    ) -> Arc<dyn ports::Throttle> {
        Arc::new(Throttle::new(Arc::clone(&self.redis), clock, rates, alone))
    }

    /// Tickets for the sockets of all servers.
    pub(super) fn tickets(&self, capacity: usize) -> Arc<dyn ports::Tickets> {
        Arc::new(Tickets::new(Arc::clone(&self.redis), capacity))
    }

    /// Refuses from now on what other servers end.
    pub(super) fn follow(&self, arbiter: &ArbiterHandle, clock: Arc<dyn Clock>, revoked: Arc<Revoked>) {
        let (redis, tokens) = (Arc::clone(&self.redis), self.refresh_tokens.clone());
        arbiter.spawn(follow(redis, tokens, clock, move |id, until| revoked.add(id, until)));
    }

    /// Lets the clock agree with those of the other servers, from the start if Redis is there.
    pub(super) async fn agree(&self, clock: &Arc<dyn Clock>, arbiter: &ArbiterHandle) {
        // Redis says that it is away where it is asked.
        let _ = agree(&self.redis, &**clock).await;
        arbiter.spawn(keep_agreeing(Arc::clone(&self.redis), Arc::clone(clock)));
    }

    /// The other servers, which ring as one with this.
    pub(super) fn others(
        &self,
        config: &Config,
        stores: &Stores,
        metrics: &Arc<Metrics>,
        arbiter: &ArbiterHandle,
    ) -> Others {
        let me = Uuid::now_v7().to_string();
        let signals = Signals::new();
        let on_heard = {
            let (signals, meter) = (Arc::clone(&signals), Arc::clone(metrics));
            move |heard| signals.heard(heard, &*meter)
        };
        let (bus, telling, hearing) =
            Bus::open(Arc::clone(&self.redis), me.clone(), Arc::clone(metrics) as Arc<dyn Meter>, on_heard);
        arbiter.spawn(telling);
        arbiter.spawn(hearing);
        let (bus, hears) = {
            let bus = Arc::new(bus);
            (Arc::clone(&bus), bus)
        };
        metrics.read("news_listening", "Whether news of the other servers is heard", move || {
            usize::from(hears.is_listening())
        });
        let leases = Arc::new(sqlite::Leases::new(Arc::clone(&stores.database)));
        Others { me, leases, bus, signals, terms: Terms { lasts: config.alerts.lease } }
    }

    /// For `/readyz`. Without Redis, those who hold an access token go on.
    pub(super) fn dependency(&self) -> Dependency {
        Dependency { name: "redis", required: false, check: Arc::new(Answers(Arc::clone(&self.redis))) }
    }
}

/// Redis answers.
struct Answers(Arc<Redis>);

#[async_trait]
impl Check for Answers {
    async fn check(&self) -> Result<(), String> {
        self.0.check().await
    }
}
