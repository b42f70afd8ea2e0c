//! Entries as files: taken over after a look at what changes, and given out.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use askama::Template;

use crate::clock::Instant;
use crate::console::upload::{self, MAX_TABLE};
use crate::console::{Desk, Visitor, faults};
use crate::faq::{self, Compared, ImportError, NotTaken};
use crate::ids::FaqFileId;
use crate::table::{self, Finding};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

/// Findings listed at most: who has more begins with these.
const MOST_FINDINGS: usize = 100;

#[derive(Template)]
#[template(path = "answers/files.html")]
pub(in crate::console) struct Files {
    frame: Frame,
    tab: &'static str,
    total: u64,
    largest: usize,
    errors: Errors,
    faulty: Option<Faulty>,
}

/// A file that cannot be read.
struct Faulty {
    name: String,
    /// Each fault with its place.
    findings: Vec<(String, String)>,
    /// How many are not listed.
    more: usize,
}

#[derive(Template)]
#[template(path = "answers/changes.html")]
pub(in crate::console) struct Changes {
    frame: Frame,
    id: FaqFileId,
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
pub(in crate::console) async fn lay_by(
    visitor: Visitor,
    desk: Data<Desk>,
    form: upload::Form,
) -> Result<HttpResponse, Refusal> {
    let mut page = files(&visitor, &desk).await?;
    let Some(source) = upload::table(form)? else {
        page.errors.add("file", "ファイルを選んでください。");
        return Ok(Page(page).with(HttpResponse::UnprocessableEntity()));
    };
    match faq::lay_by(&desk.db, visitor.now, &source).await {
        Ok(id) => Ok(redirect(&format!("/answers/files/{id}"), None)),
        Err(ImportError::Findings(findings)) => {
            page.faulty = Some(Faulty {
                name: source.name,
                findings: findings.iter().take(MOST_FINDINGS).map(told).collect(),
                more: findings.len().saturating_sub(MOST_FINDINGS),
            });
            Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
        }
        Err(ImportError::Database(error)) => Err(error.into()),
    }
}

/// `GET /answers/files/{file}`.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<FaqFileId>,
) -> Result<Page<Changes>, Refusal> {
    let laid_by = faq::laid_by(&desk.db, visitor.now, *id).await?;
    let (file, compared) = laid_by.ok_or(Refusal::NotFound)?;
    Ok(Page(Changes {
        frame: visitor
            .frame("取り込みの確認")
            .under("/answers", "よくある質問")
            .under("/answers/files", "取り込みと書き出し"),
        id: *id,
        name: file.name,
        at: file.at,
        compared,
    }))
}

/// `POST /answers/files/{file}`.
pub(in crate::console) async fn take_over(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<FaqFileId>,
) -> Result<HttpResponse, Refusal> {
    match faq::take_over(&desk.db, visitor.now, visitor.signed.actor(), *id).await {
        Ok(done) => {
            let said = format!(
                "取り込みました（追加{}件、変更{}件、削除{}件、そのまま{}件）。住民への自動応答に、いまから使われます。",
                done.added, done.changed, done.removed, done.kept
            );
            Ok(redirect("/answers", Flash::done(said)))
        }
        Err(NotTaken::Gone) => Err(Refusal::NotFound),
        Err(NotTaken::Outdated) => {
            let said = "取り込みませんでした。この画面を開いたあとに、ほかの職員が質問を書き換えています。新しい一覧を書き出し、直してからもう一度取り込んでください。";
            Ok(redirect("/answers/files", Flash::failed(said)))
        }
        Err(NotTaken::Database(error)) => Err(error.into()),
    }
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
        faulty: None,
    })
}

fn told(finding: &Finding) -> (String, String) {
    (faults::place(finding), faults::words(&finding.fault))
}
