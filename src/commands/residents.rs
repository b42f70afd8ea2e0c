//! `kairan import residents FILE.csv`.

use std::fs::File;
use std::io::Write;
use std::path::Path;

use crate::area::{self, Lookup};
use crate::clock::Instant;
use crate::commands::{DONE, FAILED, WRONG_INPUT};
use crate::db::Db;
use crate::ids::AreaId;
use crate::resident::{self, Lookups, Refusal, WrongFile};
use crate::startup;

/// Adds and updates residents. Refused rows go to `err` with their reasons, the sums to `out`.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn import(
    db: &Db,
    path: &Path,
    policy: Option<&Path>,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let profile = match startup::policy(policy) {
        Ok(policy) => policy.profile,
        Err(faults) => {
            for fault in faults {
                writeln!(err, "{fault}")?;
            }
            return Ok(WRONG_INPUT);
        }
    };
    let name = path.display();
    let file = match File::open(path) {
        Ok(file) => file,
        Err(cause) => {
            writeln!(err, "{name}:1: the file cannot be opened: {cause}")?;
            return Ok(WRONG_INPUT);
        }
    };
    let directory = area::directory(db).await?;
    let area = |label: &str| -> Result<AreaId, String> {
        let labels = |areas: &[&area::Area]| {
            areas
                .iter()
                .map(|a| a.label())
                .collect::<Vec<_>>()
                .join(", ")
        };
        match directory.by_label(label) {
            Lookup::Found(area) => Ok(area.id),
            Lookup::Ambiguous(areas) => Err(format!(
                "`{label}` stands in several districts; write one of {}",
                labels(&areas)
            )),
            Lookup::Missing(near) if near.is_empty() => Err(format!(
                "there is no area `{label}`; `kairan garbage areas` lists them"
            )),
            Lookup::Missing(near) => Err(format!(
                "there is no area `{label}`; near it are {}",
                labels(&near)
            )),
        }
    };
    let is_topic = |id: &str| profile.topic(id).is_some();
    let mut unsaid = None;
    let refused = |refusal: Refusal| {
        let Refusal {
            line,
            column,
            reason,
        } = refusal;
        if let Err(error) = writeln!(err, "{name}:{line}:{column}: {reason}") {
            unsaid = Some(error);
        }
    };
    let lookups = Lookups {
        area: &area,
        is_topic: &is_topic,
    };
    let imported = resident::import(db, now, file, &lookups, refused).await;
    if let Some(error) = unsaid {
        return Err(error.into());
    }
    match imported {
        Ok(counts) => {
            writeln!(
                out,
                "residents: {} read, {} added, {} updated, {} refused",
                counts.read, counts.added, counts.updated, counts.refused
            )?;
            Ok(DONE)
        }
        Err(refused @ WrongFile::Db(_)) => {
            writeln!(err, "{refused}")?;
            Ok(FAILED)
        }
        Err(wrong) => {
            writeln!(err, "{name}:{wrong}")?;
            Ok(WRONG_INPUT)
        }
    }
}
