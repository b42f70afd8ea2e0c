//! The archive of what was sent to everybody.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use super::{Window, frame, open};
use crate::web::{Frame, Refusal};

#[derive(Template)]
#[template(path = "notices.html")]
struct Notices {
    frame: Frame,
    site: String,
}

/// `GET /notices`.
pub(super) async fn show(window: Data<Window>) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    Ok(open(Notices {
        frame: frame("お知らせの記録", &profile, now),
        site: profile.operator.site.clone(),
    }))
}
