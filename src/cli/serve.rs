//! `tocsin serve`: run the server.

use super::{Failure, GlobalOptions};
use crate::app;
use crate::telemetry::logging;

/// Runs until the process is told to stop.
pub(super) fn run(options: &GlobalOptions) -> Result<(), Failure> {
    let config = options.load()?;
    let (logger, _guard) = logging::init(&config.log);
    actix_rt::System::new().block_on(app::run(config, logger))?;
    Ok(())
}
