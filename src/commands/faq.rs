//! `kairan import faq FILE`.

use std::io::{self, Write};
use std::path::Path;

use crate::audit::Actor;
use crate::clock::Instant;
use crate::commands::{DONE, WRONG_INPUT, not_imported, read};
use crate::db::Db;
use crate::faq;

/// Replaces the FAQ by that of `file`. What changed goes to `out`, findings go to `err`.
///
/// # Errors
/// `out` or `err` could not be written to.
pub async fn import(
    db: &Db,
    file: &Path,
    now: Instant,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let Some(source) = read(file, err)? else {
        return Ok(WRONG_INPUT);
    };
    match faq::import(db, now, Actor::Operator, &source).await {
        Ok(faq::Imported {
            added,
            changed,
            kept,
            removed,
        }) => {
            writeln!(
                out,
                "faq: {added} added, {changed} changed, {kept} kept, {removed} removed"
            )?;
            Ok(DONE)
        }
        Err(error) => not_imported(&error, err),
    }
}
