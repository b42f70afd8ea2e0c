//! Entries as files: taken over after a look at what changes, and given out.

use actix_multipart::Multipart;
use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use askama::Template;

use crate::clock::Instant;
use crate::console::findings::Listed;
use crate::console::form_data::{FormData, MAX_TABLE};
use crate::console::taking::gone;
use crate::console::{Desk, Visitor};
use crate::edition::{self, Published};
use crate::faq::{self, Checked, Compared};
use crate::ids::UploadId;
use crate::table;
use crate::upload::{self, TakenOver};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/answers/files";

#[derive(Template)]
#[template(path = "answers/files.html")]
pub(in crate::console) struct Files {
    frame: Frame,
    tab: &'static str,
    total: u64,
    largest: usize,
    errors: Errors,
    findings: Listed,
}

#[derive(Template)]
#[template(path = "answers/changes.html")]
pub(in crate::console) struct Changes {
    frame: Frame,
    id: UploadId,
    name: String,
    at: Instant,
    compared: Compared,
}

/// `GET /answers/files`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Files>, Refusal> {
    Ok(Page(files(&visitor, &desk).await?))
}

/// `POST /answers/files`: reads the file and leads to what it would change.
pub(in crate::console) async fn hand_in(
    visitor: Visitor,
    desk: Data<Desk>,
    parts: Multipart,
) -> Result<HttpResponse, Refusal> {
    let sent = FormData::read(parts).await?;
    let mut page = files(&visitor, &desk).await?;
    let Some(file) = sent.table()? else {
        page.errors.add("file", "ファイルを選んでください。");
        return Ok(Page(page).with(HttpResponse::UnprocessableEntity()));
    };
    if let Err(findings) = faq::check(file) {
        page.findings = Listed::of(&findings);
        return Ok(Page(page).with(HttpResponse::UnprocessableEntity()));
    }
    // What is shown is what changes from here on: who writes an entry meanwhile makes it another file's turn.
    let seen = edition::number(&desk.db, Published::Faq).await?.to_string();
    let (by, files) = (visitor.signed.person(), std::slice::from_ref(file));
    let id = upload::keep(&desk.db, visitor.now, Published::Faq, by, files, &seen).await?;
    Ok(redirect(&format!("{PATH}/{id}"), None))
}

/// A file that waits to be taken over.
struct Waiting {
    name: String,
    at: Instant,
    checked: Checked,
    /// The edition in force when it was handed in.
    seen: i64,
}

async fn waiting(desk: &Desk, visitor: &Visitor, id: UploadId) -> Result<Option<Waiting>, Refusal> {
    let found = upload::find(&desk.db, visitor.now, Published::Faq, id).await?;
    Ok(found.and_then(|kept| {
        let file = kept.files.first()?;
        Some(Waiting {
            name: file.name.clone(),
            at: kept.at,
            checked: faq::check(file).ok()?,
            seen: kept.options.parse().ok()?,
        })
    }))
}

/// `GET /answers/files/{file}`.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
) -> Result<Page<Changes>, Refusal> {
    let file = waiting(&desk, &visitor, *id).await?;
    let file = file.ok_or(Refusal::NotFound)?;
    Ok(Page(Changes {
        frame: visitor
            .frame("取り込みの確認")
            .under("/answers", "よくある質問")
            .under(PATH, "取り込みと書き出し"),
        id: *id,
        name: file.name,
        at: file.at,
        compared: faq::compare(&desk.db, &file.checked).await?,
    }))
}

/// `POST /answers/files/{file}`.
pub(in crate::console) async fn take_over(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
) -> Result<HttpResponse, Refusal> {
    let Some(Waiting { checked, seen, .. }) = waiting(&desk, &visitor, *id).await? else {
        return Ok(gone(PATH));
    };
    let actor = visitor.signed.actor();
    let taken = faq::take_over(&desk.db, visitor.now, actor, *id, checked, seen).await?;
    Ok(match taken {
        TakenOver::Done(done) => {
            let said = format!(
                "取り込みました（追加{}件、変更{}件、削除{}件、そのまま{}件）。住民への自動応答に、いまから使われます。",
                done.added, done.changed, done.removed, done.kept
            );
            redirect("/answers", Flash::done(said))
        }
        TakenOver::Overtaken => {
            let said = "取り込みませんでした。この画面を開いたあとに、ほかの職員が質問を書き換えています。新しい一覧を書き出し、直してからもう一度取り込んでください。";
            redirect(PATH, Flash::failed(said))
        }
        TakenOver::Gone => gone(PATH),
    })
}

/// `GET /answers/faq.csv`.
pub(in crate::console) async fn csv(
    _visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let rows = faq::export(&desk.db).await?;
    Ok(attachment(
        "text/csv; charset=utf-8",
        "faq.csv",
        table::csv(rows),
    ))
}

/// `GET /answers/faq.xlsx`.
pub(in crate::console) async fn excel(
    _visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    let rows = faq::export(&desk.db).await?;
    let widths = [32.0, 60.0, 32.0, 40.0, 14.0];
    Ok(attachment(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "faq.xlsx",
        table::excel("よくある質問", &widths, rows)?,
    ))
}

fn attachment(kind: &str, name: &str, file: Vec<u8>) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, kind))
        .insert_header((
            CONTENT_DISPOSITION,
            format!("attachment; filename=\"{name}\""),
        ))
        .body(file)
}

async fn files(visitor: &Visitor, desk: &Desk) -> Result<Files, Refusal> {
    Ok(Files {
        frame: visitor
            .frame("取り込みと書き出し")
            .under("/answers", "よくある質問"),
        tab: "files",
        total: faq::all(&desk.db).await?.len() as u64,
        largest: MAX_TABLE / 1024 / 1024,
        errors: Errors::default(),
        findings: Listed::default(),
    })
}
