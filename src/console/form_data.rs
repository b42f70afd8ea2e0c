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

/// What a form with files sent.
#[derive(Debug, Default)]
pub(super) struct FormData {
    fields: BTreeMap<String, String>,
    /// The files that were chosen, by the names their owner gave them, without folders.
    pub(super) files: Vec<Source>,
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
                (Some(path), _) => {
                    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
                    form.files.push(Source::new(name, bytes));
                }
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
