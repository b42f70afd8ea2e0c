//! `kairan delivery …`.

use std::io::Write;

use clap::Subcommand;

use crate::clock::Instant;
use crate::commands::{DONE, FAILED};
use crate::db::Db;
use crate::delivery::{self, HoldReason};

/// Whether messages travel.
#[derive(Debug, Subcommand)]
pub enum Delivery {
    /// Whether everything is held, since when and why; exit code 1 if so.
    Status,
    /// Asks to let everything go on that a hold keeps back. A chief of the section that owns the account agrees in
    /// the console, within a day. Stop on the console, first, what must not go out again.
    Lift,
}

/// Says, or lifts.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn run(
    db: &Db,
    delivery: &Delivery,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    match delivery {
        Delivery::Status => match delivery::hold(db).await? {
            None => {
                writeln!(out, "nothing is held")?;
                Ok(DONE)
            }
            Some(hold) => {
                let since = hold.since.format("%Y-%m-%dT%H:%M:%SZ");
                writeln!(
                    out,
                    "everything is held since {since}: {}",
                    why(hold.reason)
                )?;
                Ok(FAILED)
            }
        },
        Delivery::Lift => {
            let tx = db.begin().await?;
            let asked = delivery::ask_to_lift(&tx, now).await?;
            tx.commit().await?;
            match asked {
                true => writeln!(
                    out,
                    "asked; it is lifted when the chief of the section that owns the account agrees at /hold, within a day"
                )?,
                false => writeln!(err, "nothing is held; nothing has changed")?,
            }
            Ok(DONE)
        }
    }
}

fn why(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Restored => {
            "the database knows less than has been sent. Stop on the console what must not go out again, then \
             `kairan delivery lift`"
        }
        HoldReason::Unauthorised => {
            "LINE did not accept who we are. Put the channel's credentials right, then `kairan delivery lift`"
        }
    }
}
