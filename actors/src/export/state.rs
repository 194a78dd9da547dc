//! What follows from how an attempt ended, pure.

use std::time::Duration;

use crate::domain::{ExportFile, Timestamp};
use crate::ports::{ExportEnd, PortError};

/// The first wait before another attempt; it doubles up to [`LONGEST_WAIT`].
const FIRST_WAIT: Duration = Duration::from_millis(500);
/// The longest such wait.
const LONGEST_WAIT: Duration = Duration::from_secs(10);

/// How often a job is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retries {
    /// Attempts in all, those that a crash cut short included.
    pub attempts: u32,
}

/// Why an attempt came to no file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nobody wants it any more.
    #[error("it was cancelled")]
    Cancelled,
    /// It cannot be written, whoever tries; the sentence says why, and what to do.
    #[error("{0}")]
    Impossible(String),
    /// Documents cannot be read.
    #[error("documents cannot be read: {0}")]
    Reading(PortError),
    /// The file cannot be kept.
    #[error("the file cannot be stored: {0}")]
    Storing(PortError),
    /// A part of the work ended by a panic.
    #[error("the work on it ended unexpectedly")]
    Broken,
}

/// How an attempt ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ended {
    /// With a file.
    File(ExportFile),
    /// Without.
    Fault(Fault),
}

/// What follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Next {
    /// The job is over.
    End(ExportEnd),
    /// It is tried again after this time.
    Again(Duration),
}

/// Decides, after the attempt of this number.
#[must_use]
pub fn next(ended: Ended, attempt: u32, retries: Retries, expires_at: Timestamp) -> Next {
    let fault = match ended {
        Ended::File(file) => return Next::End(ExportEnd::Done { file, expires_at }),
        Ended::Fault(fault) => fault,
    };
    let passes =
        matches!(fault, Fault::Reading(PortError::Busy(_)) | Fault::Storing(PortError::Busy(_)) | Fault::Broken);
    if passes && attempt < retries.attempts {
        return Next::Again(back_off(attempt));
    }
    Next::End(match fault {
        Fault::Cancelled => ExportEnd::Cancelled,
        fault => ExportEnd::Failed(told(&fault, attempt)),
    })
}

/// How long to wait after so many failures in a row.
#[must_use]
pub fn back_off(failures: u32) -> Duration {
    FIRST_WAIT.saturating_mul(1 << failures.saturating_sub(1).min(16)).min(LONGEST_WAIT)
}

/// Why a job is not begun once more, if it was begun too often: a server that stops while a job runs leaves it running.
#[must_use]
pub fn too_often(attempts: u32, retries: Retries) -> Option<String> {
    (attempts > retries.attempts).then(|| {
        format!(
            "The server stopped {} times while it was written. Ask for it again, perhaps for less.",
            retries.attempts
        )
    })
}

/// The reason, for whoever asked for it.
fn told(fault: &Fault, attempts: u32) -> String {
    let tries = if attempts == 1 { String::new() } else { format!(" ({attempts} attempts)") };
    match fault {
        Fault::Impossible(sentence) => sentence.clone(),
        Fault::Storing(PortError::Full) => {
            "There is no space left to keep the file. Remove files that are not needed.".into()
        }
        Fault::Storing(error) => format!("The file could not be stored{tries}: {error}."),
        // What a database says is for the log.
        Fault::Reading(PortError::Failed(_)) => {
            format!("The documents could not be read{tries}; the server's log says why.")
        }
        Fault::Reading(error) => format!("The documents could not be read{tries}: {error}."),
        Fault::Cancelled | Fault::Broken => {
            format!("The work on it ended unexpectedly{tries}; the server's log says why.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RETRIES: Retries = Retries { attempts: 3 };

    fn after(fault: Fault, attempt: u32) -> Next {
        next(Ended::Fault(fault), attempt, RETRIES, Timestamp::MIN)
    }

    #[test]
    fn what_passes_is_tried_again_and_not_for_ever() {
        let away = || Fault::Storing(PortError::Busy("object storage"));
        assert_eq!(after(away(), 1), Next::Again(Duration::from_millis(500)));
        assert_eq!(after(away(), 2), Next::Again(Duration::from_secs(1)));
        let Next::End(ExportEnd::Failed(reason)) = after(away(), 3) else { panic!() };
        assert!(reason.contains("object storage is busy") && reason.contains("3 attempts"), "{reason}");
        assert_eq!(after(Fault::Broken, 1), Next::Again(Duration::from_millis(500)));
    }

    #[test]
    fn what_will_not_pass_ends_at_once() {
        let sentence = "the documents have more fields than a file may have columns: choose fields".to_owned();
        assert_eq!(after(Fault::Impossible(sentence.clone()), 1), Next::End(ExportEnd::Failed(sentence)));
        let Next::End(ExportEnd::Failed(reason)) = after(Fault::Reading(PortError::Failed("secret".into())), 1) else {
            panic!()
        };
        assert!(!reason.contains("secret"));
        assert_eq!(after(Fault::Cancelled, 1), Next::End(ExportEnd::Cancelled));
        assert!(matches!(after(Fault::Storing(PortError::Full), 1), Next::End(ExportEnd::Failed(_))));
    }

    #[test]
    fn a_job_that_takes_the_server_down_is_given_up() {
        assert_eq!(too_often(3, RETRIES), None);
        assert!(too_often(4, RETRIES).is_some());
    }

    #[test]
    fn waits_grow_to_a_limit() {
        let waits: Vec<u64> = (1..8).map(|n| back_off(n).as_millis() as u64).collect();
        assert_eq!(waits, [500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
        assert_eq!(back_off(u32::MAX), LONGEST_WAIT);
    }
}
