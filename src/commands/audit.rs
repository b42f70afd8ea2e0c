//! `kairan audit verify` and `kairan audit export`.

use std::io::Write;

use chrono::{NaiveDate, NaiveTime};
use clap::{Args, Subcommand};

use crate::audit::{self, Form, Head, Kept, Query};
use crate::clock::{Instant, instant_in_japan};
use crate::commands::{DONE, FAILED, WRONG_INPUT};
use crate::db::Db;

/// `kairan audit …`.
#[derive(Debug, Subcommand)]
pub enum Audit {
    /// Reads the whole record and computes every digest again; exit code 1 names the entry that is broken.
    Verify(Verify),
    /// Writes the record to standard output as CSV, oldest first; the chain's head goes to standard error.
    Export(Export),
}

/// `kairan audit verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// A head or an anchor kept earlier, as it was printed: also finds a record cut off or written anew since. An
    /// anchor (SEQ:DIGEST/TIME/CODE) is first checked against the data key.
    #[arg(long, value_name = "SEQ:DIGEST[/TIME/CODE]")]
    pub head: Option<Kept>,
}

impl Audit {
    /// Whether the data key is needed: only who has it knows an anchor from a forged one.
    pub fn needs_key(&self) -> bool {
        matches!(
            self,
            Self::Verify(Verify {
                head: Some(Kept::Anchor(_))
            })
        )
    }
}

/// `kairan audit export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The first day, as Japan counts it.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub from: Option<NaiveDate>,
    /// The last day.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub to: Option<NaiveDate>,
    /// One JSON object a line instead of CSV.
    #[arg(long)]
    pub json: bool,
}

/// Verifies or exports the record.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn run(
    db: &Db,
    audit: &Audit,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    match audit {
        Audit::Verify(Verify { head }) => {
            let kept = match head {
                None => None,
                Some(Kept::Head(head)) => Some(head),
                Some(kept) => match kept.head(db.seal()?) {
                    Ok(head) => Some(head),
                    Err(forged) => {
                        writeln!(err, "audit: {forged}")?;
                        return Ok(FAILED);
                    }
                },
            };
            verify(db, kept, out, err).await
        }
        Audit::Export(Export { from, to, json }) => {
            if from.zip(*to).is_some_and(|(from, to)| to < from) {
                writeln!(err, "--to comes before --from: give the first day first")?;
                return Ok(WRONG_INPUT);
            }
            let form = match json {
                true => Form::JsonLines,
                false => Form::Csv,
            };
            let query = Query {
                from: from.map(midnight),
                until: to.and_then(|to| to.succ_opt()).map(midnight),
                ..Query::default()
            };
            let mut out = std::io::BufWriter::new(out);
            let head = audit::export(db, &query, form, &mut out).await?;
            writeln!(err, "head {head}")?;
            Ok(DONE)
        }
    }
}

async fn verify(
    db: &Db,
    kept: Option<&Head>,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    match audit::verify(db, kept).await? {
        Ok(verified) => {
            writeln!(out, "audit: {} entries, whole", verified.entries)?;
            writeln!(out, "head {}", verified.head)?;
            Ok(DONE)
        }
        Err(broken) => {
            writeln!(err, "audit: {broken}")?;
            Ok(FAILED)
        }
    }
}

fn midnight(day: NaiveDate) -> Instant {
    instant_in_japan(day.and_time(NaiveTime::MIN))
}
