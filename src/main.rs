//! Arguments → configuration → telemetry → application.

use std::process::ExitCode;

fn main() -> ExitCode {
    tocsin::cli::run()
}
