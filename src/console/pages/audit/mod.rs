//! The audit record: searched, read, verified, taken away as a file. Each of these is itself on record.

mod detail;
mod search;

use actix_web::HttpResponse;
use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType,
};
use actix_web::web::{Data, Form, Path, Query};
use askama::Template;
use serde::Deserialize;
use serde_json::json;

use crate::audit::{self, Checked, Entry, Forged, Head, Kept, Recorded};
use crate::clock::{Instant, date_in_japan, datetime_in_japan};
use crate::console::acts::{of_act, of_thing};
use crate::console::{Desk, Visitor};
use crate::staff::people::{self, Roster};
use crate::web::{Choice, Errors, Flash, Frame, Page, Pages, Refusal, redirect, times};

use detail::Detail;
use search::Asked;

/// Most entries of one file made here; `kairan audit export` has no limit.
const MOST_EXPORTED: u64 = 50_000;

#[derive(Template)]
#[template(path = "audit/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    asked: Asked,
    errors: Errors,
    who: Vec<Choice>,
    acts: Vec<Choice>,
    rows: Vec<Row>,
    total: u64,
    pages: Pages,
    head: Head,
    checked: Option<Checked>,
}

/// An entry as a list has it.
struct Row {
    seq: i64,
    at: Instant,
    who: String,
    post: String,
    act: String,
    object: String,
}

#[derive(Template)]
#[template(path = "audit/entry.html")]
pub(in crate::console) struct One {
    frame: Frame,
    row: Row,
    entry: Recorded,
    detail: Detail,
    /// When, to the second.
    exact: String,
    raw: String,
}

/// Verifying, beside a head that was kept elsewhere.
#[derive(Deserialize)]
pub(in crate::console) struct Verify {
    #[serde(default)]
    head: String,
}

/// Taking a search's entries away.
#[derive(Deserialize)]
pub(in crate::console) struct Export {
    #[serde(flatten)]
    asked: Asked,
    #[serde(default)]
    form: String,
}

/// `GET /audit`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let asked = asked.into_inner();
    let roster = people::roster(&desk.db).await?;
    let (query, errors) = asked.query();
    let found = match &query {
        Some(query) => {
            on_record(&visitor, &desk, &asked).await?;
            audit::search(&desk.db, query).await?
        }
        None => audit::Page {
            entries: Vec::new(),
            total: 0,
        },
    };
    let page = query.map_or(1, |query| query.page + 1);
    let base = format!("/audit?{}", asked.encoded());
    Ok(Page(List {
        frame: visitor.frame("監査記録"),
        who: search::who(&roster),
        acts: search::acts(),
        rows: found.entries.iter().map(|e| Row::of(e, &roster)).collect(),
        total: found.total,
        pages: Pages::new(page, found.total, audit::Query::PAGE, base),
        head: audit::head(&desk.db).await?,
        checked: audit::last_check(&desk.db).await?,
        asked,
        errors,
    }))
}

/// `GET /audit/{seq}`.
pub(in crate::console) async fn one(
    visitor: Visitor,
    desk: Data<Desk>,
    seq: Path<String>,
) -> Result<Page<One>, Refusal> {
    let seq = seq.parse().map_err(|_| Refusal::NotFound)?;
    let entry = audit::find(&desk.db, seq).await?;
    let entry = entry.ok_or(Refusal::NotFound)?;
    let roster = people::roster(&desk.db).await?;
    let title = format!("監査記録 {}番", entry.seq);
    Ok(Page(One {
        frame: visitor.frame(title).under("/audit", "監査記録"),
        row: Row::of(&entry, &roster),
        detail: Detail::of(&entry.detail, &roster),
        exact: times::machine(entry.at),
        raw: serde_json::to_string_pretty(&entry.detail)?,
        entry,
    }))
}

/// `POST /audit/verify`.
pub(in crate::console) async fn verify(
    visitor: Visitor,
    desk: Data<Desk>,
    form: Form<Verify>,
) -> Result<HttpResponse, Refusal> {
    let kept = match form.head.trim() {
        "" => None,
        head => match head.parse::<Kept>() {
            Ok(kept) => Some(kept),
            Err(_) => {
                let told = "控えた先頭値の形が違います。「番号:64文字の英数字」か、メールや記録に残った行のとおりに入れてください。検証はしていません。";
                return Ok(redirect("/audit", Flash::failed(told)));
            }
        },
    };
    let seal = desk.db.seal()?;
    let kept = match kept.as_ref().map(|kept| kept.head(seal)).transpose() {
        Ok(kept) => kept,
        Err(Forged) => {
            let told = "この控えは、このシステムが作ったものではありません。書き換えられたか、偽物です。検証はしていません。控えの出どころを確かめてください。";
            return Ok(redirect("/audit", Flash::failed(told)));
        }
    };
    let actor = visitor.signed.actor();
    let found = audit::check(&desk.db, visitor.now, actor, kept).await?;
    let told = match found {
        Ok(whole) => Flash::done(format!(
            "{}件を初めから検証し、書き換えられたところはありませんでした。",
            crate::web::thousands(whole.entries.unsigned_abs())
        )),
        Err(broken) => Flash::failed(format!(
            "{}番の記録で鎖が切れています。控えとバックアップを保全し、システム管理者と情報政策の担当に知らせてください。",
            broken.seq
        )),
    };
    Ok(redirect("/audit", told))
}

/// `POST /audit/export`.
pub(in crate::console) async fn export(
    visitor: Visitor,
    desk: Data<Desk>,
    form: Form<Export>,
) -> Result<HttpResponse, Refusal> {
    let Export { asked, form } = form.into_inner();
    let back = format!("/audit?{}", asked.encoded());
    let (Some(query), _) = asked.query() else {
        return Ok(redirect(&back, None));
    };
    let total = audit::search(&desk.db, &query).await?.total;
    if total > MOST_EXPORTED {
        let told = format!(
            "{}件あり、一度に書き出せる{}件を超えています。期間を短くしてください。",
            crate::web::thousands(total),
            crate::web::thousands(MOST_EXPORTED)
        );
        return Ok(redirect(&back, Flash::failed(told)));
    }
    let (form, kind, ending) = match form.as_str() {
        "json" => (audit::Form::JsonLines, "application/x-ndjson", "jsonl"),
        _ => (audit::Form::Csv, "text/csv; charset=utf-8", "csv"),
    };
    let mut detail = asked.on_record();
    detail["form"] = json!(ending);
    detail["entries"] = json!(total);
    note(&visitor, &desk, "audit.exported", detail).await?;
    let mut file = Vec::new();
    audit::export(&desk.db, &query, form, &mut file).await?;
    let at = datetime_in_japan(visitor.now).format("%Y%m%d-%H%M");
    let name = DispositionParam::Filename(format!("kairan-audit-{at}.{ending}"));
    let mut response = HttpResponse::Ok();
    response.insert_header((
        CONTENT_DISPOSITION,
        ContentDisposition {
            disposition: DispositionType::Attachment,
            parameters: vec![name],
        },
    ));
    Ok(response.content_type(kind).body(file))
}

/// Puts a search on record: once a day while the same person asks the same again and turns the pages.
async fn on_record(visitor: &Visitor, desk: &Desk, asked: &Asked) -> Result<(), Refusal> {
    let person = visitor.signed.person();
    let detail = asked.on_record();
    let last = audit::newest_by(&desk.db, "audit.searched", person).await?;
    let again = last.is_some_and(|last| {
        last.detail == detail && date_in_japan(last.at) == date_in_japan(visitor.now)
    });
    match again {
        true => Ok(()),
        false => note(visitor, desk, "audit.searched", detail).await,
    }
}

async fn note(
    visitor: &Visitor,
    desk: &Desk,
    act: &'static str,
    detail: serde_json::Value,
) -> Result<(), Refusal> {
    let entry = Entry::of(visitor.signed.actor(), act, ("audit", "chain")).with(detail);
    let tx = desk.db.begin().await?;
    audit::record(&tx, visitor.now, entry).await?;
    Ok(tx.commit().await?)
}

impl Row {
    fn of(entry: &Recorded, roster: &Roster) -> Self {
        let who = match (entry.actor, entry.actor_kind.as_str()) {
            (Some(person), _) => detail::name(person, roster),
            (None, "system") => "システム".to_owned(),
            (None, _) => "サーバーの操作者".to_owned(),
        };
        // An id that names nothing tells nobody anything; the entry's own page has it.
        let named = detail::named(&entry.object_id, roster);
        let named = Some(named).filter(|name| name.parse::<uuid::Uuid>().is_err());
        let named = named.unwrap_or_default();
        Self {
            seq: entry.seq,
            at: entry.at,
            who,
            post: entry.post.clone().unwrap_or_default(),
            act: of_act(&entry.act).to_owned(),
            object: format!("{} {}", of_thing(&entry.object_kind), of_thing(&named)),
        }
    }
}
