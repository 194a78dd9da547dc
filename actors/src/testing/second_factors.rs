//! Nobody has a second factor, for tests that are about something else.

use std::time::Duration;

use async_trait::async_trait;

use crate::domain::{Timestamp, UserId};
use crate::ports::{Enrolment, Otp, PortError, SecondFactor, SecondFactors};

/// There is none, and there will be none.
#[derive(Debug, Clone, Copy)]
pub struct NoSecondFactors;

const BUSY: PortError = PortError::Busy("the test");

#[async_trait]
impl SecondFactors for NoSecondFactors {
    async fn begin(&self, _: UserId, _: String, _: Timestamp) -> Result<(), PortError> {
        Err(BUSY)
    }
    async fn get(&self, _: UserId) -> Result<Option<SecondFactor>, PortError> {
        Ok(None)
    }
    async fn enable(&self, _: UserId, _: String, _: i64, _: Vec<String>, _: Timestamp) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn attempt(&self, _: UserId, _: u32, _: Timestamp) -> Result<Option<Duration>, PortError> {
        Err(BUSY)
    }
    async fn use_step(&self, _: UserId, _: i64) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn use_recovery_code(&self, _: UserId, _: String) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn renew(&self, _: UserId, _: Vec<String>) -> Result<bool, PortError> {
        Err(BUSY)
    }
    async fn disable(&self, _: UserId) -> Result<bool, PortError> {
        Err(BUSY)
    }
}

impl Otp for NoSecondFactors {
    fn enrol(&self, _: UserId, _: &str) -> Result<Enrolment, PortError> {
        Err(BUSY)
    }
    fn is_code(&self, _: UserId, _: &str, _: u64, _: &str) -> Result<bool, PortError> {
        Err(BUSY)
    }
}
