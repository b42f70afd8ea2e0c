//! Pictures of broadcasts: LINE and the phones of residents fetch them here.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path};

use super::Window;
use crate::broadcast::{self, test_send};
use crate::ids::MediaId;
use crate::media;
use crate::staff::account::Token;
use crate::web::Refusal;

/// The bytes of an id never change.
const KEPT_LONG: &str = "public, max-age=604800, immutable";

/// `GET /media/{id}`: a picture that somebody approved to be sent; no other is anybody's to see.
pub(super) async fn show(window: Data<Window>, id: Path<MediaId>) -> Result<HttpResponse, Refusal> {
    if !broadcast::shows(&window.db, *id).await? {
        return Err(Refusal::NotFound);
    }
    picture(&window, *id, KEPT_LONG).await
}

/// `GET /media/{id}/{token}`: a picture of a test send, for whoever was told its address, and for a day.
pub(super) async fn tried(
    window: Data<Window>,
    path: Path<(MediaId, String)>,
) -> Result<HttpResponse, Refusal> {
    let (id, token) = path.into_inner();
    let token = Token::given(&token);
    if !test_send::shows(&window.db, window.clock.now(), id, &token).await? {
        return Err(Refusal::NotFound);
    }
    picture(&window, id, "private, no-store").await
}

async fn picture(
    window: &Window,
    id: MediaId,
    kept: &'static str,
) -> Result<HttpResponse, Refusal> {
    let found = media::bytes(&window.db, id).await?;
    let (format, bytes) = found.ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        .insert_header((CACHE_CONTROL, kept))
        .body(bytes))
}
