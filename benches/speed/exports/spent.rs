//! What a program takes from its start to its end.

use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::server::{memory_mib, state_and_cpu};

/// How often it is looked at: an end is seen this much too late.
const EVERY: Duration = Duration::from_millis(2);

#[derive(Debug, Clone, Copy)]
pub(super) struct Spent {
    pub(super) wall: Duration,
    pub(super) cpu: Duration,
    /// `VmHWM`, as it was last seen.
    pub(super) peak_mib: f64,
}

impl Spent {
    /// Of each figure by itself.
    #[expect(clippy::needless_pass_by_value, reason = "for map")]
    pub(super) fn median(all: Vec<Self>) -> Self {
        let middle = |figure: &dyn Fn(&Self) -> f64| {
            let mut figures: Vec<f64> = all.iter().map(figure).collect();
            figures.sort_by(f64::total_cmp);
            figures[figures.len() / 2]
        };
        Self {
            wall: Duration::from_secs_f64(middle(&|one| one.wall.as_secs_f64())),
            cpu: Duration::from_secs_f64(middle(&|one| one.cpu.as_secs_f64())),
            peak_mib: middle(&|one| one.peak_mib),
        }
    }
}

/// Runs it to its end, its standard output into a file.
pub(super) fn spent(command: &mut Command, output: &Path) -> Spent {
    let output = File::create(output).unwrap();
    let began = Instant::now();
    let mut child = command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(output).spawn().unwrap();
    let mut peak_mib = 0.0;
    // What it took is read while it is there; how it ended, when it is over.
    let (wall, cpu) = loop {
        let (state, cpu) = state_and_cpu(child.id());
        if state == "Z" {
            break (began.elapsed(), cpu);
        }
        peak_mib = memory_mib(child.id(), "VmHWM").unwrap_or(peak_mib);
        std::thread::sleep(EVERY);
    };
    assert!(child.wait().unwrap().success(), "{command:?}");
    Spent { wall, cpu, peak_mib }
}
