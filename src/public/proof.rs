//! Proof that the account is genuine: what LINE says it is, beside what the municipality says.

use actix_web::HttpResponse;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::web::Data;
use askama::Template;
use qrcode::QrCode;
use qrcode::render::svg;

use super::{KEPT, Window, open};
use crate::line::Seen;
use crate::policy::{Inquiry, Operator};
use crate::web::{Frame, Refusal};

#[derive(Template)]
#[template(path = "proof.html")]
struct Proof {
    frame: Frame,
    operator: Operator,
    inquiry: Inquiry,
    /// What LINE says, if it agrees with the policy.
    genuine: Option<Seen>,
    /// LINE says something else than the policy does.
    drifted: bool,
}

/// `GET /account`.
pub(super) async fn show(window: Data<Window>) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let seen = window.identity.at(now).await;
    let operator = profile.operator.clone();
    let agrees = |seen: &Seen| {
        let drift = operator.drift(&seen.bot.display_name, &seen.bot.ids());
        drift.is_empty()
    };
    let drifted = seen.as_ref().is_some_and(|seen| !agrees(seen));
    Ok(open(Proof {
        frame: window.frame("公式アカウントの証明", &profile, now),
        genuine: seen.filter(agrees),
        drifted,
        inquiry: profile.inquiry.clone(),
        operator,
    }))
}

/// `GET /account/qr.svg`: the way to add the account, only while it is proven.
pub(super) async fn qr(window: Data<Window>) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let seen = window.identity.at(now).await.ok_or(Refusal::NotFound)?;
    let drift = profile
        .operator
        .drift(&seen.bot.display_name, &seen.bot.ids());
    if !drift.is_empty() {
        return Err(Refusal::NotFound);
    }
    let code = QrCode::new(seen.bot.add_friend_url())?;
    let picture = code
        .render::<svg::Color<'_>>()
        .min_dimensions(240, 240)
        .build();
    let mut response = HttpResponse::Ok();
    response.insert_header((CACHE_CONTROL, KEPT));
    Ok(response.content_type("image/svg+xml").body(picture))
}
