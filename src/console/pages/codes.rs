//! Adding an authenticator app, and the recovery codes that are shown once.

use actix_web::HttpResponse;
use askama::Template;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use secrecy::ExposeSecret;
use serde::Deserialize;

use crate::console::Desk;
use crate::console::words::not_proven;
use crate::staff::account::{AccountError, CodeEnrolment, RecoveryCode, Token};
use crate::staff::people::Signed;
use crate::web::{Frame, Page, Refusal};

/// The app's first code; none of it the first time.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Typed {
    ceremony: Option<String>,
    code: Option<String>,
    #[serde(default)]
    pub next: String,
}

/// From where an app is added.
pub(in crate::console) struct Enrolling {
    /// Where the form goes, again.
    pub action: &'static str,
    /// Where not doing it leads.
    pub back: &'static str,
    /// Where to go afterwards.
    pub next: String,
}

#[derive(Template)]
#[template(path = "login/codes.html")]
struct Codes {
    frame: Frame,
    asks: Enrolling,
    qr: String,
    secret: String,
    ceremony: String,
}

#[derive(Template)]
#[template(path = "login/wrong_code.html")]
struct WrongCode {
    frame: Frame,
    asks: Enrolling,
    ceremony: String,
    fault: String,
}

/// Ten codes, shown once.
#[derive(Template)]
#[template(path = "login/recovery_codes.html")]
pub(in crate::console) struct RecoveryCodes {
    frame: Frame,
    codes: Vec<String>,
    next: String,
}

impl RecoveryCodes {
    /// The page that shows them, and leads on to `next`.
    pub fn page(frame: Frame, codes: &[RecoveryCode], next: &str) -> HttpResponse {
        let page = Self {
            frame,
            codes: codes.iter().map(|code| code.reveal().to_owned()).collect(),
            next: crate::console::entry::safe(next).to_owned(),
        };
        Page(page).with(HttpResponse::Ok())
    }
}

/// Takes the first code and gives recovery codes; or the page that asks for it.
pub(in crate::console) async fn enrolment(
    desk: &Desk,
    frame: Frame,
    signed: &Signed,
    typed: &Typed,
    asks: Enrolling,
) -> Result<Result<Vec<RecoveryCode>, HttpResponse>, Refusal> {
    let (now, person) = (desk.clock.now(), signed.person());
    if let (Some(ceremony), Some(code)) = (&typed.ceremony, &typed.code) {
        let token = Token::given(ceremony);
        match desk.accounts.finish_codes(now, person, &token, code).await {
            Ok(codes) => return Ok(Ok(codes)),
            // The picture was shown once; the app has it, and another code can be tried.
            Err(AccountError::Refused) => {
                let wrong = "確認コードが違います。アプリに出ている新しい6桁の数字を入力してください。合わないときは、スマートフォンの時計が自動で合う設定になっているか確かめてください。";
                let page = WrongCode {
                    frame,
                    asks,
                    ceremony: ceremony.clone(),
                    fault: not_proven(AccountError::Refused, wrong, now)?,
                };
                return Ok(Err(Page(page).with(HttpResponse::Ok())));
            }
            Err(AccountError::Gone) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let begun = desk
        .accounts
        .begin_codes(now, person, signed.number().as_str());
    let CodeEnrolment { token, qr, secret } = begun.await?;
    let page = Codes {
        frame,
        asks,
        qr: STANDARD.encode(qr.expose_secret()),
        secret: grouped(secret.expose_secret()),
        ceremony: token.reveal().to_owned(),
    };
    Ok(Err(Page(page).with(HttpResponse::Ok())))
}

/// Four letters at a time, as people copy them.
fn grouped(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters
        .chunks(4)
        .map(|four| four.iter().collect())
        .collect();
    groups.join(" ")
}
