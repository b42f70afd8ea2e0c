//! Handing in another wording: as a file, or pasted.

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use super::faults::refused;
use super::{PATH, TITLE, frame, path};
use crate::console::findings::Listed;
use crate::console::form_data::FormData;
use crate::console::{Desk, Visitor};
use crate::emergency::template::{self, NotPublished};
use crate::table::Source;
use crate::web::{Flash, Frame, Page, Refusal, redirect};

#[derive(Template)]
#[template(path = "emergencies/templates/propose.html")]
pub(in crate::console) struct Form {
    frame: Frame,
    text: String,
    fault: String,
    findings: Listed,
}

/// With which version to begin: `EV4/0123456789ab`.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Begun {
    #[serde(default)]
    of: String,
}

/// `GET /emergencies/templates/new`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    begun: Query<Begun>,
) -> Result<Page<Form>, Refusal> {
    let text = match begun.of.split_once('/') {
        None => String::new(),
        Some((code, version)) => {
            let versions = template::versions(&desk.db).await?;
            let of = |known: &template::Version| known.code == code && known.version == version;
            let found = versions.into_iter().find(of);
            found.ok_or(Refusal::NotFound)?.text
        }
    };
    Ok(Page(form(&visitor, text)))
}

fn form(visitor: &Visitor, text: String) -> Form {
    Form {
        frame: frame(visitor, "定型文の公開を申請する").under(PATH, TITLE),
        text,
        fault: String::new(),
        findings: Listed::default(),
    }
}

/// `POST /emergencies/templates/new`.
pub(in crate::console) async fn hand_in(
    visitor: Visitor,
    desk: Data<Desk>,
    parts: Multipart,
) -> Result<HttpResponse, Refusal> {
    let sent = FormData::read(parts).await?;
    // Browsers send lines with a carriage return.
    let pasted = sent.field("text").replace("\r\n", "\n");
    let source = match sent.table()? {
        Some(file) => file.clone(),
        None => Source::new("貼り付けた文面", pasted.clone()),
    };
    let wrong = |fault: String, findings: Listed| {
        // What was in the file can be put right on the spot.
        let text = source.text().unwrap_or_else(|_| pasted.clone());
        let page = Form {
            fault,
            findings,
            ..form(&visitor, text)
        };
        Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
    };
    if source.bytes.iter().all(u8::is_ascii_whitespace) {
        let nothing = "ファイルを選ぶか、文面を貼り付けてください。";
        return wrong(nothing.to_owned(), Listed::default());
    }
    let tx = desk.db.begin().await?;
    match template::propose(&tx, visitor.now, &visitor.signed, &source).await {
        Ok(version) => {
            tx.commit().await?;
            let done = "公開を申請しました。1時間のうちに、もう一人のシステム管理者に読んで同意してもらってください。";
            let to = path(&version.code, &version.version);
            Ok(redirect(&to, Flash::done(done)))
        }
        Err(NotPublished::Faults(faults)) => wrong(String::new(), Listed::of(&faults)),
        Err(error) => wrong(refused(error)?, Listed::default()),
    }
}
