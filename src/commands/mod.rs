//! What `kairan`'s commands do once their words are understood. Each returns the program's exit code.

pub mod audit;
pub mod childcare;
pub mod delivery;
pub mod doctor;
pub mod faq;
pub mod followers;
pub mod garbage;
pub mod jma;
pub mod migrate;
pub mod policy;
pub mod residents;
pub mod rich_menu;
pub mod segment;
pub mod serve;
pub mod shelter;
pub mod staff;

use std::fmt::Display;
use std::io::Write;
use std::path::Path;

use crate::table::{Finding, Source};
use crate::upload::ImportError;

/// It is done.
pub const DONE: u8 = 0;
/// It could not be done now; the cause is named, and trying again may help.
pub const FAILED: u8 = 1;
/// A file or a word of the command is wrong; nothing has changed.
pub const WRONG_INPUT: u8 = 2;

/// Reads a file into a [`Source`] that bears the name it was given by; says why if it cannot.
fn read(file: &Path, err: &mut dyn Write) -> std::io::Result<Option<Source>> {
    match std::fs::read(file) {
        Ok(bytes) => Ok(Some(Source::new(file.display().to_string(), bytes))),
        Err(e) => {
            writeln!(err, "{}: cannot be read: {e}", file.display())?;
            Ok(None)
        }
    }
}

/// Says why a file was not imported.
fn not_imported(error: &ImportError, err: &mut dyn Write) -> std::io::Result<u8> {
    match error {
        ImportError::Findings(findings) => {
            print(findings, err)?;
            Ok(WRONG_INPUT)
        }
        ImportError::Database(cause) => {
            tracing::error!(error = ?cause, "a file was not imported");
            writeln!(err, "{error}; see the log, then run the command again")?;
            Ok(FAILED)
        }
    }
}

/// Prints findings, one a line.
fn print<F: Display>(findings: &[Finding<F>], err: &mut dyn Write) -> std::io::Result<()> {
    findings.iter().try_for_each(|f| writeln!(err, "{f}"))
}
