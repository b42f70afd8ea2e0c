//! `kairan import followers`: friends the account had before this server listened to it.

use std::io::Write;

use crate::clock::Instant;
use crate::commands::{DONE, FAILED, WRONG_INPUT};
use crate::config::{Fault, Settings};
use crate::resident;
use crate::startup;

/// Asks LINE for all friends and adds those not known, of whom nothing but the id is held then.
///
/// # Errors
/// The database does not answer, or `out` or `err` cannot be written to.
pub async fn import(
    settings: Result<Settings, Vec<Fault>>,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> anyhow::Result<u8> {
    let settings = match settings {
        Ok(settings) => settings,
        Err(faults) => {
            for fault in faults {
                writeln!(err, "{fault}")?;
            }
            return Ok(WRONG_INPUT);
        }
    };
    let line = startup::line(&settings)?;
    let db = startup::database(&settings.database_url, &settings.data_key_file).await?;
    let (mut read, mut added, mut start) = (0, 0, None);
    loop {
        let page = match line.follower_ids(start.as_deref()).await {
            Ok(answer) => answer.body,
            Err(failure) => {
                writeln!(
                    err,
                    "{failure}; {added} of {read} friends were added and stay. LINE tells friends only of verified \
                     accounts; run the command again to go on"
                )?;
                return Ok(FAILED);
            }
        };
        read += page.user_ids.len() as u64;
        added += resident::meet(&db, now, &page.user_ids).await?;
        match page.next {
            Some(next) => start = Some(next),
            None => break,
        }
    }
    writeln!(out, "followers: {read} read, {added} added")?;
    Ok(DONE)
}
