//! What taking files over has in common, whatever they hold: what was shown is confirmed, and not taken over
//! where that no longer holds.

use actix_web::HttpResponse;
use serde::Deserialize;

use crate::web::{Flash, redirect};

/// What the confirmation sends.
#[derive(Debug, Deserialize)]
pub(super) struct Confirmed {
    /// The edition that was compared with.
    pub(super) seen: i64,
}

/// Back to the page that shows what changes: something else has changed meanwhile.
pub(super) fn overtaken(preview: &str) -> HttpResponse {
    let said = "確認している間に、ほかの変更がありました。まだ取り込んでいません。変わるところをもう一度確かめてください。";
    redirect(preview, Flash::failed(said))
}

/// Back to the form: the files are no longer kept.
pub(super) fn gone(form: &str) -> HttpResponse {
    let said =
        "このファイルは、すでに取り込まれたか、1日を過ぎて消えています。もう一度選んでください。";
    redirect(form, Flash::failed(said))
}
