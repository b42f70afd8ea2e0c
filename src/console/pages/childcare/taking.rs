//! Taking a whole timetable over: check, look at what changes, confirm.

use actix_multipart::Multipart;
use actix_web::web::{Data, Form, Path};
use actix_web::{Either, HttpResponse};
use askama::Template;

use super::{Row, row};
use crate::childcare::{self, Checked, Preview};
use crate::console::findings::Listed;
use crate::console::form_data::FormData;
use crate::console::taking::{Confirmed, gone, overtaken};
use crate::console::{Desk, Visitor};
use crate::edition::Published;
use crate::ids::UploadId;
use crate::table::Strictness;
use crate::upload::{self, TakenOver, Upload};
use crate::web::{Choice, Errors, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/childcare/import";
const LENIENT: &str = "lenient";

#[derive(Template)]
#[template(path = "childcare/import.html")]
pub(in crate::console) struct Import {
    frame: Frame,
    errors: Errors,
    findings: Listed,
    strictness: Vec<Choice>,
    chosen: String,
}

/// `GET /childcare/import`.
pub(in crate::console) async fn ask(visitor: Visitor) -> Page<Import> {
    Page(form(&visitor, "strict", Errors::default(), None))
}

fn form(visitor: &Visitor, chosen: &str, errors: Errors, checked: Option<&Checked>) -> Import {
    Import {
        frame: visitor
            .frame("予定表の取り込み")
            .under("/childcare", "妊娠・子育て"),
        errors,
        findings: checked.map_or_else(Listed::default, |checked| Listed::of(&checked.findings)),
        strictness: vec![
            Choice::new("strict", "指摘が一つでもあれば取り込まない")
                .hint("ファイルを直して、もう一度選びます。"),
            Choice::new(LENIENT, "指摘のある行を除いて取り込む")
                .hint("除いた行の予定は、なくなります。"),
        ],
        chosen: chosen.to_owned(),
    }
}

fn strictness(word: &str) -> Strictness {
    match word {
        LENIENT => Strictness::Lenient,
        _ => Strictness::Strict,
    }
}

/// `POST /childcare/import`.
pub(in crate::console) async fn hand_in(
    visitor: Visitor,
    desk: Data<Desk>,
    parts: Multipart,
) -> Result<Either<Page<Import>, HttpResponse>, Refusal> {
    let sent = FormData::read(parts).await?;
    let chosen = sent.field("strictness").to_owned();
    let Some(file) = sent.table()? else {
        let mut errors = Errors::default();
        errors.add(
            "file",
            "ファイルを選んでください。書き出したCSVと同じ形のファイルです。",
        );
        return Ok(Either::Left(Page(form(&visitor, &chosen, errors, None))));
    };
    let checked = childcare::check(&desk.db, file, strictness(&chosen)).await?;
    if !checked.is_usable() {
        let page = form(&visitor, &chosen, Errors::default(), Some(&checked));
        return Ok(Either::Left(Page(page)));
    }
    let by = visitor.signed.person();
    let files = std::slice::from_ref(file);
    let id = upload::keep(
        &desk.db,
        visitor.now,
        Published::Childcare,
        by,
        files,
        &chosen,
    )
    .await?;
    Ok(Either::Right(redirect(&format!("{PATH}/{id}"), None)))
}

#[derive(Template)]
#[template(path = "childcare/preview.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    action: String,
    seen: i64,
    file: String,
    added: Vec<Row>,
    changed: Vec<(Row, Row)>,
    removed: Vec<Row>,
    kept: usize,
    findings: Listed,
}

/// `GET /childcare/import/{id}`.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
) -> Result<Page<Shown>, Refusal> {
    let found = kept(&desk, &visitor, *id).await?;
    let (file, checked) = found.ok_or(Refusal::NotFound)?;
    let shown = childcare::preview(&desk.db, &checked).await?;
    let Preview { seen, changes } = shown.ok_or(Refusal::NotFound)?;
    Ok(Page(Shown {
        frame: visitor
            .frame("変わるところの確認")
            .under("/childcare", "妊娠・子育て")
            .under(PATH, "予定表の取り込み"),
        action: format!("{PATH}/{id}"),
        seen,
        file,
        added: changes.added.iter().map(row).collect(),
        changed: changes
            .changed
            .iter()
            .map(|(old, new)| (row(old), row(new)))
            .collect(),
        removed: changes.removed.iter().map(row).collect(),
        kept: changes.kept,
        findings: Listed::of(&checked.findings),
    }))
}

/// The name of the file kept, and what it says.
async fn kept(
    desk: &Desk,
    visitor: &Visitor,
    id: UploadId,
) -> Result<Option<(String, Checked)>, Refusal> {
    let found = upload::find(&desk.db, visitor.now, Published::Childcare, id).await?;
    let Some(Upload { files, options, .. }) = found else {
        return Ok(None);
    };
    let Some(file) = files.first() else {
        return Ok(None);
    };
    let checked = childcare::check(&desk.db, file, strictness(&options)).await?;
    Ok(Some((file.name.clone(), checked)))
}

/// `POST /childcare/import/{id}`.
pub(in crate::console) async fn take_over(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<UploadId>,
    confirmed: Form<Confirmed>,
) -> Result<HttpResponse, Refusal> {
    let Some((_, checked)) = kept(&desk, &visitor, *id).await? else {
        return Ok(gone(PATH));
    };
    let actor = visitor.signed.actor();
    let taken =
        childcare::take_over(&desk.db, visitor.now, actor, *id, &checked, confirmed.seen).await?;
    Ok(match taken {
        TakenOver::Done(changes) => redirect(
            "/childcare",
            Flash::done(format!(
                "予定表を取り込みました。{}件を加え、{}件を変え、{}件をなくしました。",
                changes.added.len(),
                changes.changed.len(),
                changes.removed.len()
            )),
        ),
        TakenOver::Overtaken => overtaken(&format!("{PATH}/{id}")),
        TakenOver::Gone => gone(PATH),
    })
}
