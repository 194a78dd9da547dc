//! Several servers that ring as one: the lease, the following of the store, and news from the others.
//!
//! ```text
//! lease (database) ──> Keeper ──> take over: rules, watchers, courier  /  hand over
//! news (Redis)     ──> what it concerns is looked at: rules, silences, incidents, outbox, documents
//! a clock          ──> the same, every now and then; often, while no news is heard
//! ```

mod chat;
mod signals;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use actix::ArbiterHandle;
use slog::{Logger, info, warn};
use tocsin_actors::nodes::keeper::{Ask, Keeper};
use tocsin_actors::ports::{Bus as _, Count, Meter, News, PortError};

pub(super) use self::chat::ChatNode;
pub(super) use self::signals::{Others, Signals};
use super::bell::Bell;
use crate::adapters::redis::Heard;

/// The lease of whoever rings.
pub(super) const BELL: &str = "bell";

/// How often a server looks by itself, while it hears the others.
const LOOK_EVERY: Duration = Duration::from_secs(2);
/// How often it looks by itself while it does not.
const LOOK_ALONE_EVERY: Duration = Duration::from_millis(250);

/// How often a server looks by itself now.
fn look_every(others: &Others) -> Duration {
    if others.bus.is_listening() { LOOK_EVERY } else { LOOK_ALONE_EVERY }
}

/// One server among others.
pub(super) struct Node {
    bell: Bell,
    others: Others,
    keeper: tokio::sync::Mutex<Keeper>,
    ringing: Arc<AtomicBool>,
    began: Instant,
    leaving: AtomicBool,
    meter: Arc<dyn Meter>,
    log: Logger,
}

impl Node {
    /// Decides whether this one rings, and does so before it returns when nobody else does; then goes on with that on
    /// `arbiter`.
    pub(super) async fn start(
        bell: Bell,
        others: Others,
        ringing: Arc<AtomicBool>,
        arbiter: &ArbiterHandle,
        meter: Arc<dyn Meter>,
        log: Logger,
    ) -> Arc<Self> {
        let keeper = tokio::sync::Mutex::new(Keeper::new(others.me.clone(), others.terms));
        let (began, leaving) = (Instant::now(), AtomicBool::new(false));
        let node = Arc::new(Self { bell, others, keeper, ringing, began, leaving, meter, log });
        node.turn().await;
        arbiter.spawn(Arc::clone(&node).keep());
        arbiter.spawn(Arc::clone(&node).follow());
        arbiter.spawn(Arc::clone(&node).tend());
        node
    }

    /// Rings no more, and lets another one: what is under way is finished first.
    pub(super) async fn leave(&self) {
        self.leaving.store(true, Ordering::Relaxed);
        let mut keeper = self.keeper.lock().await;
        if self.is_ringing() {
            self.hand_over().await;
        }
        match self.others.leases.release(BELL, &self.others.me).await {
            Ok(true) => self.others.bus.publish(News::Released),
            Ok(false) => {}
            Err(error) => warn!(self.log, "the lease is not given back and has to expire"; "error" => %error),
        }
        keeper.released();
    }

    fn is_ringing(&self) -> bool {
        self.ringing.load(Ordering::Relaxed)
    }

    fn is_leaving(&self) -> bool {
        self.leaving.load(Ordering::Relaxed)
    }

    fn now(&self) -> Duration {
        self.began.elapsed()
    }

    /// Holds the lease, or waits for it.
    async fn keep(self: Arc<Self>) {
        while !self.is_leaving() {
            let pause = self.keeper.lock().await.pause(self.now());
            tokio::select! {
                () = tokio::time::sleep(pause) => {}
                () = self.others.signals.released.notified() => {}
            }
            self.turn().await;
        }
    }

    /// Asks for the lease or how it stands, and does what follows.
    async fn turn(&self) {
        let mut keeper = self.keeper.lock().await;
        if self.is_leaving() {
            return;
        }
        self.ask(&mut keeper).await;
        // Seen to be nobody's, it is asked for at once.
        if keeper.held_until(self.now()).is_none() && keeper.next(self.now()) != Ask::Look {
            self.ask(&mut keeper).await;
        }
        match (self.is_ringing(), keeper.held_until(self.now()).is_some()) {
            (false, true) => match self.take_over().await {
                Ok(()) => info!(self.log, "this server rings"; "node" => &self.others.me),
                Err(error) => warn!(self.log, "this server shall ring and cannot yet, trying again"; "error" => %error),
            },
            (true, false) => {
                warn!(self.log, "this server rings no more: it lost the lease"; "node" => &self.others.me);
                self.hand_over().await;
            }
            _ => {}
        }
    }

    async fn ask(&self, keeper: &mut Keeper) {
        let asked = self.now();
        let (ask, held) = (keeper.next(asked), keeper.held_until(asked));
        let answer = async {
            match ask {
                Ask::Look => self.others.leases.look(BELL).await,
                Ask::Claim(expired) => self.others.leases.claim(BELL, &self.others.me, expired).await,
            }
        };
        // Who holds it does not wait for an answer beyond its end.
        let answer = match held {
            Some(until) => tokio::time::timeout(until.saturating_sub(asked), answer)
                .await
                .unwrap_or_else(|_| Err(PortError::Failed("no answer in time".to_owned()))),
            None => answer.await,
        };
        let lease =
            answer.inspect_err(|error| warn!(self.log, "who rings is not known, trying again"; "error" => %error)).ok();
        keeper.heard(lease, ask != Ask::Look, asked, self.now());
    }

    async fn take_over(&self) -> Result<(), PortError> {
        self.bell.rules.take_over().await?;
        self.ringing.store(true, Ordering::Relaxed);
        self.meter.add(Count::BellsTaken, 1);
        self.bell.send_mails();
        self.others.signals.stored();
        Ok(())
    }

    async fn hand_over(&self) {
        self.ringing.store(false, Ordering::Relaxed);
        self.bell.rules.hand_over().await;
        self.bell.stop_mails().await;
    }

    /// Shows the rules what is stored, whoever stored it.
    async fn follow(self: Arc<Self>) {
        while !self.is_leaving() {
            tokio::select! {
                () = self.others.signals.stored.notified() => {}
                () = tokio::time::sleep(look_every(&self.others)) => {}
            }
            while self.is_ringing() {
                match self.bell.ingest.follow().await {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(error) => {
                        warn!(self.log, "documents cannot be read, trying again"; "error" => %error);
                        break;
                    }
                }
            }
        }
    }

    /// Looks at what others may have changed, when they say so and now and then.
    async fn tend(self: Arc<Self>) {
        let Some(mut waiting) = self.others.signals.take_news() else { return };
        let mut looked = tokio::time::Instant::now();
        while !self.is_leaving() {
            tokio::select! {
                heard = waiting.recv() => match heard {
                    Some(Heard::News(news)) => self.learn(news).await,
                    Some(Heard::Chat(..)) => {}
                    Some(Heard::Began) => {
                        self.others.bus.publish(News::Hello);
                        self.look().await;
                    }
                    None => return,
                },
                // However much news comes, and whatever of it is lost.
                () = tokio::time::sleep_until(looked + look_every(&self.others)) => {
                    self.look().await;
                    looked = tokio::time::Instant::now();
                }
            }
        }
    }

    async fn look(&self) {
        if let (true, Err(error)) = (self.is_ringing(), self.bell.ingest.look_ahead().await) {
            warn!(self.log, "documents cannot be counted"; "error" => %error);
        }
        self.look_at_rules().await;
        self.look_at_silences().await;
        self.bell.board.refresh();
        if self.bell.wake_here() {
            // What was lost of it is heard now; what was not, is passed over.
            self.bell.board.tell_all();
        }
    }

    async fn learn(&self, news: News) {
        let board = &self.bell.board;
        match news {
            News::RulesChanged => self.look_at_rules().await,
            News::SilencesChanged => self.look_at_silences().await,
            News::OutboxQueued => {
                self.bell.wake_here();
            }
            News::IncidentsChanged => board.refresh(),
            News::Judged(_) | News::Forgotten(_) if self.is_ringing() => {}
            News::Judged(rules) => {
                for (status, at) in rules {
                    board.hear(status, at).await;
                }
            }
            News::Forgotten(rule) => board.hear_forgotten(rule).await,
            News::Hello if self.is_ringing() => board.tell_all(),
            News::DocumentsStored | News::Released | News::Hello | News::Chat(_) => {}
        }
    }

    async fn look_at_rules(&self) {
        if let Err(error) = self.bell.rules.reload().await {
            warn!(self.log, "rules of another server cannot be taken over, trying again"; "error" => %error);
        }
    }

    async fn look_at_silences(&self) {
        if let Err(error) = self.bell.silences.reload().await {
            warn!(self.log, "silences of another server cannot be taken over, trying again"; "error" => %error);
        }
    }
}
