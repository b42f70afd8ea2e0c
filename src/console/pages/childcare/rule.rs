//! One rule: its versions, and a new one from a day on.

use actix_web::web::{Data, Form, Path};
use actix_web::{Either, HttpResponse};
use askama::Template;
use chrono::{Datelike, NaiveDate};
use serde::Deserialize;

use super::fields::{Fields, day};
use super::{bubble, words};
use crate::childcare::{self, Anchor, Changed, Due, Level, Rule, TEXT_MAX, TITLE_MAX};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::edition::{self, Published};
use crate::resident::{Child, ChildKind, Month};
use crate::web::{Choice, Errors, Flash, Frame, Page, Preview, Refusal, redirect};

const OVERTAKEN: &str = "書いている間に、ほかの変更がありました。まだ保存していません。内容を確かめて、もう一度保存してください。";

/// A version, as it stands in the list of versions.
#[derive(Debug)]
struct Version {
    held: String,
    title: String,
    when: String,
    window: String,
    state: &'static str,
}

#[derive(Template)]
#[template(path = "childcare/rule.html")]
pub(in crate::console) struct OfRule {
    frame: Frame,
    code: String,
    versions: Vec<Version>,
    fields: Fields,
    errors: Errors,
    anchors: Vec<Choice>,
    levels: Vec<Choice>,
    topics: Vec<Choice>,
    on: Vec<Choice>,
    chosen: Vec<String>,
    preview: Option<Preview>,
    stages: Vec<String>,
    title_max: usize,
    text_max: usize,
}

/// `GET /childcare/new`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<OfRule>, Refusal> {
    let fields = Fields {
        first: date_in_japan(visitor.now).to_string(),
        default_on: "1".to_owned(),
        anchor: Anchor::Birth.as_str().to_owned(),
        level: Level::Optional.label().to_owned(),
        ..Fields::default()
    };
    page(&visitor, &desk, String::new(), fields, Errors::default()).await
}

/// `GET /childcare/rules/{code}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    code: Path<String>,
) -> Result<Page<OfRule>, Refusal> {
    let today = date_in_japan(visitor.now);
    let table = childcare::timetable(&desk.db).await?;
    let newest = table.versions(&code).last().copied().cloned();
    let newest = newest.ok_or(Refusal::NotFound)?;
    let fields = Fields::of(&newest, next_april(today));
    page(
        &visitor,
        &desk,
        code.into_inner(),
        fields,
        Errors::default(),
    )
    .await
}

/// The day on which most rules change.
fn next_april(today: NaiveDate) -> NaiveDate {
    let april = |year| NaiveDate::from_ymd_opt(year, 4, 1).unwrap_or(today);
    match april(today.year()) {
        past if past < today => april(today.year() + 1),
        coming => coming,
    }
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    code: String,
    fields: Fields,
    errors: Errors,
) -> Result<Page<OfRule>, Refusal> {
    // Whoever publishes after this is noticed.
    let seen = edition::number(&desk.db, Published::Childcare).await?;
    let table = childcare::timetable(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let versions: Vec<&Rule> = table.versions(&code);
    let shown = versions
        .iter()
        .find(|rule| rule.holds_on(today))
        .or(versions.last());
    let mut stages: Vec<String> = table.all().iter().map(|rule| rule.stage.clone()).collect();
    stages.sort();
    stages.dedup();
    let profile = desk.rules.at(visitor.now).await?;
    let topics = profile.topics.iter();
    let title = shown
        .map_or("予定を加える", |rule| rule.title.as_str())
        .to_owned();
    Ok(Page(OfRule {
        frame: visitor.frame(title).under("/childcare", "妊娠・子育て"),
        preview: shown
            .and_then(|rule| bubble(&profile.operator.account_name, rule, sample(rule, today))),
        versions: versions.iter().map(|rule| version(rule, today)).collect(),
        code,
        chosen: vec![fields.default_on.clone()],
        fields: Fields { seen, ..fields },
        errors,
        anchors: vec![
            Choice::new(Anchor::Birth.as_str(), "生まれた月"),
            Choice::new(Anchor::Due.as_str(), "出産予定の月"),
            Choice::new(Anchor::AprilEntry.as_str(), "毎年4月（小学校に入るまで）"),
            Choice::new(Anchor::SchoolEntry.as_str(), "小学校に入る4月"),
        ],
        levels: Level::ALL
            .map(|level| Choice::new(level.label(), level.label()))
            .to_vec(),
        topics: topics
            .map(|topic| {
                Choice::new(
                    topic.id.clone(),
                    topic.name.get("ja").cloned().unwrap_or_default(),
                )
            })
            .collect(),
        on: vec![
            Choice::new("1", "はじめから届ける").hint("外すと、住民が選んだときだけ届きます。"),
        ],
        stages,
        title_max: TITLE_MAX,
        text_max: TEXT_MAX,
    }))
}

fn version(rule: &Rule, today: NaiveDate) -> Version {
    Version {
        held: match words::held(rule) {
            held if held.is_empty() => "いつでも".to_owned(),
            held => held,
        },
        title: rule.title.clone(),
        when: words::when(rule),
        window: words::window(rule),
        state: if rule.holds_on(today) {
            "適用中"
        } else if rule.effective_from.is_some_and(|first| first > today) {
            "予定"
        } else {
            "終了"
        },
    }
}

/// When it comes for some child: one of this month.
fn sample(rule: &Rule, today: NaiveDate) -> Due {
    let kind = match rule.anchor {
        Anchor::Due => ChildKind::Due,
        _ => ChildKind::Born,
    };
    let born = rule.session.as_ref().map(|session| session.born_from);
    let child = Child {
        kind,
        month: Month::of(born.unwrap_or(today)),
    };
    rule.due(&child).first().copied().unwrap_or(Due {
        on: today,
        from: None,
        until: None,
    })
}

/// `POST /childcare/new`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    fields: Form<Fields>,
) -> Result<Either<Page<OfRule>, HttpResponse>, Refusal> {
    let fields = fields.into_inner();
    let mut errors = Errors::default();
    let today = date_in_japan(visitor.now);
    if let Some((rule, first)) = fields.read(&desk, today, &mut errors).await? {
        let code = rule.code.clone();
        let rule = Rule {
            effective_from: Some(first),
            ..rule
        };
        let actor = visitor.signed.actor();
        match childcare::add(&desk.db, visitor.now, actor, fields.seen, rule).await? {
            Changed::Done => return Ok(Either::Right(saved(&code, "予定を加えました。"))),
            Changed::Overtaken => errors.add("title", OVERTAKEN),
            Changed::NotThere => errors.add(
                "id",
                "記号：同じ記号の予定がもうあります。別の記号にしてください。",
            ),
        }
    }
    Ok(Either::Left(
        page(&visitor, &desk, String::new(), fields, errors).await?,
    ))
}

/// `POST /childcare/rules/{code}`.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    code: Path<String>,
    fields: Form<Fields>,
) -> Result<Either<Page<OfRule>, HttpResponse>, Refusal> {
    let code = code.into_inner();
    let fields = Fields {
        id: code.clone(),
        ..fields.into_inner()
    };
    let mut errors = Errors::default();
    let today = date_in_japan(visitor.now);
    if let Some((rule, first)) = fields.read(&desk, today, &mut errors).await? {
        let actor = visitor.signed.actor();
        match childcare::change(&desk.db, visitor.now, actor, fields.seen, rule, first).await? {
            Changed::Done => {
                let said = format!(
                    "{}月{}日からの内容を保存しました。それまでは、いまの内容が続きます。",
                    first.month(),
                    first.day()
                );
                return Ok(Either::Right(saved(&code, &said)));
            }
            Changed::Overtaken => errors.add("title", OVERTAKEN),
            Changed::NotThere => return Err(Refusal::NotFound),
        }
    }
    Ok(Either::Left(
        page(&visitor, &desk, code, fields, errors).await?,
    ))
}

/// What ending a rule sends.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Ending {
    seen: i64,
    last: String,
}

/// `POST /childcare/rules/{code}/end`.
pub(in crate::console) async fn end(
    visitor: Visitor,
    desk: Data<Desk>,
    code: Path<String>,
    ending: Form<Ending>,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    let Some(last) = day(
        &ending.last,
        "last",
        date_in_japan(visitor.now),
        &mut errors,
    ) else {
        let said = errors.of("last").to_owned();
        return Ok(redirect(&path(&code), Flash::failed(said)));
    };
    let actor = visitor.signed.actor();
    let ended = childcare::end(&desk.db, visitor.now, actor, ending.seen, &code, last).await?;
    Ok(match ended {
        Changed::Done => {
            let said = format!("{}月{}日で終えるようにしました。", last.month(), last.day());
            saved(&code, &said)
        }
        Changed::Overtaken => redirect(&path(&code), Flash::failed(OVERTAKEN)),
        Changed::NotThere => return Err(Refusal::NotFound),
    })
}

fn saved(code: &str, said: &str) -> HttpResponse {
    redirect(&path(code), Flash::done(said))
}

fn path(code: &str) -> String {
    let code: String = url::form_urlencoded::byte_serialize(code.as_bytes()).collect();
    format!("/childcare/rules/{code}")
}
