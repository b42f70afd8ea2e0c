//! `kairan import faq FILE`.

use std::io::{self, Write};
use std::path::Path;

use crate::commands::{DONE, FAILED, WRONG_INPUT, print, read};
use crate::db::Db;
use crate::faq::{self, ImportError};

/// Replaces the FAQ by that of `file`. What changed goes to `out`, findings go to `err`.
///
/// # Errors
/// `out` or `err` could not be written to.
pub async fn import(
    db: &Db,
    file: &Path,
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> io::Result<u8> {
    let Some(source) = read(file, err)? else {
        return Ok(WRONG_INPUT);
    };
    match faq::import(db, &source).await {
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
        Err(ImportError::Findings(findings)) => {
            print(&findings, err)?;
            Ok(WRONG_INPUT)
        }
        Err(e @ ImportError::Database(_)) => {
            tracing::error!(error = ?e, "the FAQ was not imported");
            writeln!(err, "{e}; see the log, then run the command again")?;
            Ok(FAILED)
        }
    }
}
