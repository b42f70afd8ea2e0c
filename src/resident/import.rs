//! Residents from a file that another system wrote: a stream of any length in bounded memory.
//! A row that cannot be read is refused with its reason; the others come in, a thousand to a transaction,
//! so that whoever writes to the account meanwhile is answered. A file that is wrong as a whole is found
//! before the first of them.

use std::collections::{BTreeSet, HashSet};
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use csv::ByteRecord;
use encoding_rs::{Encoding, SHIFT_JIS, UTF_8};

use super::model::{Child, ChildKind, GarbageReminder, MAX_CHILDREN, Month, Residence};
use super::store;
use crate::clock::{Instant, date_in_japan};
use crate::db::{Db, DbError};
use crate::ids::AreaId;
use crate::language::Language;
use crate::line::UserId;

/// The columns, in this order.
const HEADER: [&str; 6] = [
    "line_user_id",
    "area",
    "language",
    "topics",
    "child_birth_months",
    "garbage_hour",
];
/// Rows of one statement: well inside both engines' limits on bound values.
const CHUNK: usize = 1000;

/// How the names in a file are understood: areas and topics belong to other modules.
pub struct Lookups<'a> {
    /// The area with this label, or why there is none.
    pub area: &'a dyn Fn(&str) -> Result<AreaId, String>,
    /// Whether the policy offers this topic.
    pub is_topic: &'a dyn Fn(&str) -> bool,
}

/// What became of a file.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Rows below the header.
    pub read: u64,
    /// People not known before.
    pub added: u64,
    /// People already known.
    pub updated: u64,
    /// Rows left out.
    pub refused: u64,
}

/// A row left out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// Counted from 1, the header being 1.
    pub line: u64,
    /// Counted from 1.
    pub column: usize,
    /// What was found, what was expected.
    pub reason: String,
}

/// A file of which nothing could be imported.
#[derive(Debug, thiserror::Error)]
pub enum WrongFile {
    /// It could not be read.
    #[error("1: the file cannot be read: {0}")]
    Io(#[from] std::io::Error),
    /// Its header is another one.
    #[error("1: the header is `{given}`, expected `{}`", HEADER.join(","))]
    Header {
        /// What stands on the first line.
        given: String,
    },
    /// It is neither UTF-8 nor Shift_JIS.
    #[error("{line}: neither UTF-8 nor Shift_JIS; save the file as UTF-8")]
    Encoding {
        /// Where the first odd byte stands.
        line: u64,
    },
    /// It is not CSV.
    #[error("{0}")]
    Csv(#[from] csv::Error),
    /// The database refused; rows before stay, and importing the file again is harmless.
    #[error(
        "the database refused; what came before stays, and importing the file again is harmless: {0}"
    )]
    Db(#[from] DbError),
}

/// A row understood. `None` and `Unanswered` mean "not given".
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) user: UserId,
    pub(super) residence: Residence,
    pub(super) language: Option<Language>,
    pub(super) topics: Option<BTreeSet<String>>,
    pub(super) children: Option<BTreeSet<Child>>,
    pub(super) reminder: Option<GarbageReminder>,
}

/// Imports `file`; refusals go to `refused` as they are found.
///
/// # Errors
/// The file as a whole is wrong; nothing was imported then.
pub async fn import(
    db: &Db,
    now: Instant,
    mut file: File,
    lookups: &Lookups<'_>,
    mut refused: impl FnMut(Refusal),
) -> Result<Imported, WrongFile> {
    let encoding = encoding_of(&mut file)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(BufReader::new(file));
    let mut record = ByteRecord::new();
    reader.read_byte_record(&mut record)?;
    let header = decoded(&record, encoding, 1)?;
    let header: Vec<&str> = header
        .iter()
        .map(|h| h.trim_start_matches('\u{feff}').trim())
        .collect();
    if header != HEADER {
        return Err(WrongFile::Header {
            given: header.join(","),
        });
    }

    let today = date_in_japan(now);
    let mut counts = Imported::default();
    let mut chunk: Vec<Row> = Vec::with_capacity(CHUNK);
    let mut in_chunk: HashSet<UserId> = HashSet::with_capacity(CHUNK);
    while reader.read_byte_record(&mut record)? {
        let line = record.position().map_or(0, csv::Position::line);
        let fields = decoded(&record, encoding, line)?;
        counts.read += 1;
        match parse(&fields, lookups, Month::of(today)) {
            Ok(row) => {
                // A person who stands twice is added by the first row and updated by the second.
                if chunk.len() == CHUNK || in_chunk.contains(&row.user) {
                    flush(db, now, &mut chunk, &mut counts).await?;
                    in_chunk.clear();
                }
                in_chunk.insert(row.user.clone());
                chunk.push(row);
            }
            Err((column, reason)) => {
                counts.refused += 1;
                refused(Refusal {
                    line,
                    column,
                    reason,
                });
            }
        }
    }
    flush(db, now, &mut chunk, &mut counts).await?;
    Ok(counts)
}

async fn flush(
    db: &Db,
    now: Instant,
    chunk: &mut Vec<Row>,
    counts: &mut Imported,
) -> Result<(), DbError> {
    if chunk.is_empty() {
        return Ok(());
    }
    let tx = db.begin().await?;
    let known = store::upsert(tx.conn(), tx.seal()?, now, chunk).await?;
    tx.commit().await?;
    counts.updated += known;
    counts.added += chunk.len() as u64 - known;
    chunk.clear();
    Ok(())
}

/// UTF-8 if every byte of the file agrees, else Shift_JIS if every byte agrees with that. The file is read
/// in pieces, and rewound.
fn encoding_of(file: &mut File) -> Result<&'static Encoding, WrongFile> {
    if first_odd_line(file, UTF_8)?.is_none() {
        return Ok(UTF_8);
    }
    match first_odd_line(file, SHIFT_JIS)? {
        None => Ok(SHIFT_JIS),
        Some(line) => Err(WrongFile::Encoding { line }),
    }
}

/// The line on which the file stops being `encoding`, if it does.
fn first_odd_line(
    file: &mut File,
    encoding: &'static Encoding,
) -> Result<Option<u64>, std::io::Error> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut bytes = vec![0; 1 << 16];
    let mut text = String::with_capacity(1 << 18);
    let mut line = 1;
    loop {
        let read = file.read(&mut bytes)?;
        text.clear();
        let piece = bytes.get(..read).unwrap_or_default();
        let (_, _, odd) = decoder.decode_to_string(piece, &mut text, read == 0);
        if odd || read == 0 {
            file.seek(SeekFrom::Start(0))?;
        }
        if odd {
            let before = text.split('\u{fffd}').next().unwrap_or_default();
            return Ok(Some(line + before.matches('\n').count() as u64));
        }
        if read == 0 {
            return Ok(None);
        }
        line += text.matches('\n').count() as u64;
    }
}

fn decoded(
    record: &ByteRecord,
    encoding: &'static Encoding,
    line: u64,
) -> Result<Vec<String>, WrongFile> {
    record
        .iter()
        .map(|field| {
            encoding
                .decode_without_bom_handling_and_without_replacement(field)
                .map(std::borrow::Cow::into_owned)
                .ok_or(WrongFile::Encoding { line })
        })
        .collect()
}

/// Understands one row, or says which column (from 1) cannot be understood, and why.
fn parse(
    fields: &[String],
    lookups: &Lookups<'_>,
    this_month: Month,
) -> Result<Row, (usize, String)> {
    let [user, area, language, topics, months, hour] = fields else {
        return Err((
            fields.len(),
            format!("{} columns, expected {}", fields.len(), HEADER.len()),
        ));
    };
    let user = UserId::parse(user.trim()).map_err(|e| (1, e.to_string()))?;
    let residence = match area.trim() {
        "" => Residence::Unanswered,
        "市外" | "outside" => Residence::Outside,
        label => Residence::Area((lookups.area)(label).map_err(|e| (2, e))?),
    };
    let language = match language.trim() {
        "" => None,
        code => Some(Language::parse(code).map_err(|e| (3, e.to_string()))?),
    };
    let topics = list(topics)
        .map(|topics| {
            topics
                .into_iter()
                .map(|topic| match (lookups.is_topic)(topic) {
                    true => Ok(topic.to_owned()),
                    false => Err((
                        4,
                        format!(
                            "`{topic}` is no topic of the policy; add it there or leave it out"
                        ),
                    )),
                })
                .collect()
        })
        .transpose()?;
    let children = list(months)
        .map(|months| {
            if months.len() > MAX_CHILDREN {
                let reason = format!("{} children, expected {MAX_CHILDREN} at most", months.len());
                return Err((5, reason));
            }
            months
                .into_iter()
                .map(|month| born_in(month, this_month).map_err(|e| (5, e)))
                .collect()
        })
        .transpose()?;
    let reminder = match hour.trim() {
        "" => None,
        hour => Some(GarbageReminder::parse(hour).map_err(|e| (6, e.to_string()))?),
    };
    Ok(Row {
        user,
        residence,
        language,
        topics,
        children,
        reminder,
    })
}

fn born_in(month: &str, this_month: Month) -> Result<Child, String> {
    let month = Month::parse(month).map_err(|e| e.to_string())?;
    if month > this_month {
        return Err(format!(
            "`{month}` has not come yet; a birth month lies in the past"
        ));
    }
    Ok(Child {
        month,
        kind: ChildKind::Born,
    })
}

/// The parts between `|`, or `None` where nothing is given.
fn list(field: &str) -> Option<Vec<&str>> {
    let parts: Vec<&str> = field
        .split('|')
        .map(str::trim)
        .filter(|p| !p.is_empty())
        .collect();
    (!parts.is_empty()).then_some(parts)
}
