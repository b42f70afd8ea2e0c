//! `kairan import childcare FILE`.

use std::io::{self, Write};
use std::path::PathBuf;

use clap::Args;

use crate::audit::Actor;
use crate::childcare;
use crate::clock::Instant;
use crate::commands::{DONE, FAILED, WRONG_INPUT, print, read};
use crate::db::Db;
use crate::table::Strictness;

/// Reads the timetable of pregnancy and childcare notices; it replaces the one in force.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV file with a rule a row; see sample-town/childcare.csv.
    pub file: PathBuf,
    /// Import the rules without findings, although others have some.
    #[arg(long)]
    pub lenient: bool,
}

/// Replaces the timetable by that of a file. What changed goes to `out`, findings go to `err`.
///
/// # Errors
/// `out` or `err` could not be written to.
pub async fn import(
    db: &Db,
    args: &Import,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let Some(source) = read(&args.file, err)? else {
        return Ok(WRONG_INPUT);
    };
    let strictness = match args.lenient {
        true => Strictness::Lenient,
        false => Strictness::Strict,
    };
    match childcare::import(db, now, Actor::Operator, &source, strictness).await {
        Ok(report) => {
            print(&report.findings, err)?;
            if let Some(changes) = report.changes {
                writeln!(out, "{changes}")?;
                return Ok(DONE);
            }
            let next = match args.lenient {
                true => "no rule could be read",
                false => "mend them, or import the rest with --lenient",
            };
            let count = report.findings.len();
            writeln!(err, "nothing imported: {count} findings; {next}")?;
            Ok(WRONG_INPUT)
        }
        Err(error) => {
            tracing::error!(?error, "the childcare timetable was not imported");
            writeln!(
                err,
                "the database did not answer; see the log, then run the command again"
            )?;
            Ok(FAILED)
        }
    }
}
