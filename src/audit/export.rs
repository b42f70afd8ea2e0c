//! The record as a file, for auditors and for safe-keeping elsewhere.

use std::io::Write;

use thiserror::Error;

use super::chain::Head;
use super::model::{Query, Recorded};
use super::store;
use crate::clock::datetime_in_japan;
use crate::db::{Db, DbError};
use crate::table::harmless;

/// How the file is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// RFC 4180, with the mark by which Excel knows UTF-8; times are Japan's.
    Csv,
    /// One JSON object a line, everything as stored; times are UTC.
    JsonLines,
}

/// Why a file was not written to its end.
#[derive(Debug, Error)]
pub enum ExportError {
    /// The database.
    #[error("the audit entries could not be read")]
    Db(#[from] DbError),
    /// The file.
    #[error("the file could not be written")]
    Output(#[from] std::io::Error),
}

const COLUMNS: [&str; 11] = [
    "番号",
    "日時",
    "種別",
    "職員",
    "役職",
    "操作",
    "対象の種類",
    "対象",
    "詳細",
    "接続元",
    "要約値",
];

/// Writes the entries that `query` asks for, whatever page it names, oldest first, in bounded memory.
/// Gives the chain's head at the end, to be kept with the file.
///
/// # Errors
/// The database does not answer, or `out` does not take more; what was written so far is no whole file.
pub async fn export(
    db: &Db,
    query: &Query,
    form: Form,
    out: &mut dyn Write,
) -> Result<Head, ExportError> {
    let head = store::head(db.conn()).await?;
    if form == Form::Csv {
        out.write_all("\u{feff}".as_bytes())?;
        write_row(out, COLUMNS.map(str::to_owned))?;
    }
    let mut after = 0;
    loop {
        let entries = store::entries_after(db.conn(), after, head.seq, query).await?;
        let Some(last) = entries.last() else {
            out.flush()?;
            return Ok(head);
        };
        after = last.seq;
        for entry in entries {
            match form {
                Form::Csv => write_row(out, cells(entry))?,
                Form::JsonLines => {
                    serde_json::to_writer(&mut *out, &entry).map_err(std::io::Error::from)?;
                    out.write_all(b"\n")?;
                }
            }
        }
    }
}

fn cells(entry: Recorded) -> [String; 11] {
    [
        entry.seq.to_string(),
        datetime_in_japan(entry.at)
            .format("%Y-%m-%d %H:%M:%S%.6f")
            .to_string(),
        entry.actor_kind,
        entry.actor.map(|id| id.to_string()).unwrap_or_default(),
        entry.post.unwrap_or_default(),
        entry.act,
        entry.object_kind,
        entry.object_id,
        entry.detail.to_string(),
        entry.address_hint.unwrap_or_default(),
        entry.digest,
    ]
}

fn write_row(out: &mut dyn Write, cells: [String; 11]) -> std::io::Result<()> {
    let mut line = csv::Writer::from_writer(Vec::new());
    line.write_record(cells.map(harmless))
        .map_err(std::io::Error::other)?;
    let line = line.into_inner().map_err(|e| e.into_error())?;
    out.write_all(&line)
}
