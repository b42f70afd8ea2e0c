//! Files that staff hand in. A name and a type prove nothing: what a file is, its bytes say.

use actix_multipart::MultipartError;
use actix_multipart::form::{MultipartForm, bytes::Bytes, text::Text};
use actix_web::error::PayloadError;

use crate::table::Source;
use crate::web::Refusal;

/// Largest table taken, in bytes.
pub(super) const MAX_TABLE: usize = 1024 * 1024;

/// A form with one file in it.
#[derive(Debug, MultipartForm)]
pub(super) struct Upload {
    /// Stands first; `admission` has looked at it.
    #[multipart(rename = "token")]
    _token: Text<String>,
    file: Option<Bytes>,
}

/// A form as the framework took it, or did not.
pub(super) type Form = Result<MultipartForm<Upload>, actix_web::Error>;

/// The table in a form; `None` when no file was chosen.
///
/// # Errors
/// The form is none, or the file is larger than [`MAX_TABLE`].
pub(super) fn table(form: Form) -> Result<Option<Source>, Refusal> {
    let limit = MAX_TABLE;
    let form = form.map_err(|error| match error.as_error() {
        Some(MultipartError::Payload(PayloadError::Overflow)) => Refusal::TooLarge { limit },
        _ => Refusal::Malformed {
            expected: "ファイルを受け取れませんでした。".to_owned(),
        },
    })?;
    let Some(file) = form.into_inner().file.filter(|file| !file.data.is_empty()) else {
        return Ok(None);
    };
    if file.data.len() > limit {
        return Err(Refusal::TooLarge { limit });
    }
    let name = file.file_name.unwrap_or_default();
    // Some browsers send where it lay on their machine.
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|c| !c.is_control()).take(100).collect();
    Ok(Some(Source::new(name, file.data.to_vec())))
}
