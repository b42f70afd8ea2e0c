//! `kairan segment …`.

use std::io::Write;
use std::path::Path;

use chrono::NaiveDate;
use clap::Subcommand;

use crate::area;
use crate::commands::{DONE, WRONG_INPUT};
use crate::db::Db;
use crate::segment;
use crate::startup;

/// Whom messages reach.
#[derive(Debug, Subcommand)]
pub enum Segment {
    /// How many residents a segment means today, and the segment in words.
    ///
    /// Fields: district:NAME area:NAME topic:ID child:0..36 born:2025-04..2025-06 due:2027-01.. language:en
    /// registered:2026-04-01.. reminder:before-19:00, or everyone; joined by and, or, not and brackets.
    Count {
        /// Such as 'district:本町地区 and (topic:event or child:0..36) and not language:en'.
        expression: String,
    },
}

/// Counts.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn run(
    db: &Db,
    segment: &Segment,
    policy: Option<&Path>,
    today: NaiveDate,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let Segment::Count { expression } = segment;
    let read = match segment::parse(expression) {
        Ok(read) => read,
        Err(fault) => {
            writeln!(err, "{fault}")?;
            return Ok(WRONG_INPUT);
        }
    };
    let profile = match startup::policy(policy) {
        Ok(policy) => policy.profile,
        Err(faults) => {
            for fault in faults {
                writeln!(err, "{fault}")?;
            }
            return Ok(WRONG_INPUT);
        }
    };
    let directory = area::directory(db).await?;
    let selection = match segment::select(&directory, &profile, today, &read) {
        Ok(selection) => selection,
        Err(unknown) => {
            writeln!(err, "{unknown}")?;
            return Ok(WRONG_INPUT);
        }
    };
    writeln!(out, "{}", segment::count(db, &selection).await?)?;
    writeln!(err, "{}", segment::words::explain(&profile, &read))?;
    Ok(DONE)
}
