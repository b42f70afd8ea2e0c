//! `kairan policy check FILE`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Subcommand;

use crate::commands::{DONE, WRONG_INPUT};
use crate::startup;

/// What to do with a policy profile.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Names every fault with its line.
    Check {
        /// The profile.
        file: PathBuf,
    },
}

/// Does it.
///
/// # Errors
/// `out` or `err` cannot be written to.
pub fn run(policy: &Policy, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    let Policy::Check { file } = policy;
    match startup::profile(Some(file)) {
        Ok(profile) => {
            writeln!(
                out,
                "{}: version {}, in force from {}; no faults",
                file.display(),
                profile.profile.version,
                profile.profile.effective_from
            )?;
            Ok(DONE)
        }
        Err(faults) => {
            for fault in faults {
                writeln!(err, "{fault}")?;
            }
            Ok(WRONG_INPUT)
        }
    }
}
