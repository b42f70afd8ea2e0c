//! A form with files, read whole: the wall before it has held its size.

use std::collections::BTreeMap;

use actix_multipart::Multipart;
use futures_util::StreamExt;

use crate::table::Source;
use crate::upload::{NotUnpacked, unpack};
use crate::web::Refusal;

use super::admission::MAX_UPLOAD;

/// Most files in one form.
const MOST_FILES: usize = 50;
/// Largest table taken, in bytes.
pub(super) const MAX_TABLE: usize = 1024 * 1024;
/// Most letters of a file's name that are kept.
const MOST_LETTERS: usize = 100;

/// What a form with files sent.
#[derive(Debug, Default)]
pub(super) struct FormData {
    fields: BTreeMap<String, String>,
    /// The files that were chosen, by the names their owner gave them, without folders.
    files: Vec<Source>,
}

impl FormData {
    /// Reads a `multipart/form-data` body (RFC 7578).
    ///
    /// # Errors
    /// It is none, was cut off, or is larger than a form may be.
    pub(super) async fn read(mut parts: Multipart) -> Result<Self, Refusal> {
        let mut form = Self::default();
        let mut left = MAX_UPLOAD;
        while let Some(part) = parts.next().await {
            let mut part = part.map_err(|_| unreadable())?;
            let mut bytes = Vec::new();
            while let Some(chunk) = part.next().await {
                let chunk = chunk.map_err(|_| unreadable())?;
                left = left
                    .checked_sub(chunk.len())
                    .ok_or(Refusal::TooLarge { limit: MAX_UPLOAD })?;
                bytes.extend_from_slice(&chunk);
            }
            let Some(disposition) = part.content_disposition() else {
                return Err(unreadable());
            };
            match (disposition.get_filename(), disposition.get_name()) {
                // A field for files that was left empty.
                (Some(""), _) => {}
                (Some(path), _) => form.files.push(Source::new(name(path), bytes)),
                (None, Some(name)) => {
                    let text = String::from_utf8(bytes).map_err(|_| unreadable())?;
                    form.fields.insert(name.to_owned(), text);
                }
                (None, None) => return Err(unreadable()),
            }
            if form.files.len() > MOST_FILES {
                return Err(Refusal::Malformed {
                    expected: format!("一度に送れるファイルは{MOST_FILES}個までです。"),
                });
            }
        }
        Ok(form)
    }

    /// What a field says; empty when it was not sent.
    pub(super) fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }

    /// The one file that was to be chosen; `None` when none was.
    pub(super) fn file(&self) -> Option<&Source> {
        self.files.first()
    }

    /// The one table that was to be chosen; `None` when none was.
    ///
    /// # Errors
    /// It is larger than [`MAX_TABLE`].
    pub(super) fn table(&self) -> Result<Option<&Source>, Refusal> {
        let table = self.file();
        if table.is_some_and(|file| file.bytes.len() > MAX_TABLE) {
            return Err(Refusal::TooLarge { limit: MAX_TABLE });
        }
        Ok(table)
    }

    /// The files, with those of a ZIP file in its place.
    ///
    /// # Errors
    /// Why a ZIP file is not unpacked, in words for staff.
    pub(super) fn unpacked(self) -> Result<Vec<Source>, String> {
        let mut files = Vec::new();
        for file in self.files {
            if file.name.to_lowercase().ends_with(".zip") {
                files.extend(unpack(&file).map_err(|why| in_words(&file.name, &why))?);
            } else {
                files.push(file);
            }
        }
        Ok(files)
    }
}

/// What its owner calls a file: some browsers send where it lay on their machine, too.
fn name(path: &str) -> String {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.chars()
        .filter(|c| !c.is_control())
        .take(MOST_LETTERS)
        .collect()
}

fn unreadable() -> Refusal {
    Refusal::Malformed {
        expected: "ファイルを受け取れませんでした。".to_owned(),
    }
}

fn in_words(archive: &str, why: &NotUnpacked) -> String {
    match why {
        NotUnpacked::NotAnArchive => format!(
            "「{archive}」は、ZIPファイルとして開けません。壊れているか、別の種類のファイルです。CSVファイルをそのまま選んでも取り込めます。"
        ),
        NotUnpacked::LeadsOut(name) => format!(
            "「{archive}」の中の「{name}」は、フォルダーの外を指す名前です。安全のため受け取りません。"
        ),
        NotUnpacked::TooMany => {
            format!("「{archive}」の中のファイルが多すぎます。CSVファイルだけを入れてください。")
        }
        NotUnpacked::TooLarge => {
            format!("「{archive}」は、開くと20MBを超えます。CSVファイルだけを入れてください。")
        }
        NotUnpacked::Unreadable(name) => format!(
            "「{archive}」の中の「{name}」を開けません。パスワードを外してから送ってください。"
        ),
    }
}
