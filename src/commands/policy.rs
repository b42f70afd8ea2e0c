//! `kairan policy …`.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::NaiveDate;
use clap::Subcommand;

use crate::clock::date_in_japan;
use crate::commands::{DONE, WRONG_INPUT};
use crate::db::Db;
use crate::policy::{self, Document, Rulebook};
use crate::startup;

/// What to do with the operating policy.
#[derive(Debug, Subcommand)]
pub enum Policy {
    /// Names every fault of a profile with its line.
    Check {
        /// The profile.
        file: PathBuf,
    },
    /// Lists the versions recorded: which rules, which will, which waits to be adopted.
    List,
}

/// Checks a profile.
///
/// # Errors
/// `out` or `err` cannot be written to.
pub fn check(file: &Path, out: &mut dyn Write, err: &mut dyn Write) -> io::Result<u8> {
    match startup::policy(Some(file)) {
        Ok(Document { profile, .. }) => {
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

/// Lists the versions, one a line.
///
/// # Errors
/// The database does not answer, or `out` cannot be written to.
pub async fn list(db: &Db, today: NaiveDate, out: &mut dyn Write) -> anyhow::Result<u8> {
    let rulebook = policy::rulebook(db).await?;
    if rulebook.versions().is_empty() {
        writeln!(
            out,
            "no version is recorded yet; `kairan serve` records the first"
        )?;
    }
    for version in rulebook.versions() {
        writeln!(
            out,
            "{}\tfrom {}\t{}\tread {}\tSHA-256 {}",
            version.name(),
            version
                .acts_from()
                .unwrap_or(version.profile().profile.effective_from),
            state(&rulebook, version, today),
            date_in_japan(version.recorded_at),
            version.digest
        )?;
    }
    Ok(DONE)
}

fn state(rulebook: &Rulebook, version: &policy::Version, today: NaiveDate) -> &'static str {
    let rules = rulebook.in_force(today) == Some(version);
    match version.acts_from() {
        _ if rules => "in force",
        None => "waits to be adopted in the console",
        Some(from) if from > today => "adopted, not yet in force",
        Some(_) => "superseded",
    }
}
