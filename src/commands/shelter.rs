//! `kairan import shelters FILE`.

use std::io::{self, Write};
use std::path::Path;

use crate::commands::{DONE, WRONG_INPUT, not_imported, print, read};
use crate::db::Db;
use crate::shelter;

/// Replaces the evacuation places by those of `file`. How many there are goes to `out`, findings and
/// notes go to `err`; notes alone do not hold the import back.
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
    match shelter::import(db, &source).await {
        Ok(shelter::Imported { places, notes }) => {
            print(&notes, err)?;
            writeln!(out, "shelters: {places} places, {} notes", notes.len())?;
            Ok(DONE)
        }
        Err(error) => not_imported(&error, err),
    }
}
