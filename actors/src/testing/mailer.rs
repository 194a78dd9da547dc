//! A mailer that answers as it is told.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use tokio::sync::watch;

use crate::ports::{Email, MailError, Mailer};

/// How a recipient's server behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Behaviour {
    /// Answers so, every time.
    Fails(MailError),
    /// Never answers.
    Hangs,
    /// Brings the mailer down.
    Panics,
}

/// Keeps what it is given, and takes it unless told otherwise.
#[derive(Debug)]
pub struct FakeMailer {
    behaviours: Mutex<BTreeMap<String, Behaviour>>,
    tried: watch::Sender<Vec<Email>>,
}

impl Default for FakeMailer {
    fn default() -> Self {
        Self { behaviours: Mutex::default(), tried: watch::Sender::new(Vec::new()) }
    }
}

impl FakeMailer {
    /// From now on the server of `to` behaves so; `None` is to take everything.
    pub fn behave(&self, to: &str, behaviour: Option<Behaviour>) {
        let mut behaviours = self.lock();
        match behaviour {
            Some(behaviour) => drop(behaviours.insert(to.to_owned(), behaviour)),
            None => drop(behaviours.remove(to)),
        }
    }

    /// Every try so far, in order.
    #[must_use]
    pub fn tried(&self) -> Vec<Email> {
        self.tried.borrow().clone()
    }

    /// Completes when there were so many tries.
    pub async fn until_tried(&self, count: usize) -> Vec<Email> {
        let mut tries = self.tried.subscribe();
        // The sender lives as long as `self`.
        let _ = tries.wait_for(|tries| tries.len() >= count).await;
        self.tried()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Behaviour>> {
        self.behaviours.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Mailer for FakeMailer {
    async fn send(&self, email: Email) -> Result<(), MailError> {
        let behaviour = self.lock().get(&email.to).cloned();
        self.tried.send_modify(|tries| tries.push(email));
        match behaviour {
            None => Ok(()),
            Some(Behaviour::Fails(error)) => Err(error),
            Some(Behaviour::Hangs) => std::future::pending().await,
            #[allow(clippy::panic)]
            Some(Behaviour::Panics) => panic!("the mailer was told to panic"),
        }
    }
}
