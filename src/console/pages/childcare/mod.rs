//! The timetable of pregnancy and childcare notices: rules by stage, and what comes for a child when.

mod faults;
mod fields;
pub(in crate::console) mod rule;
pub(in crate::console) mod taking;
mod words;

pub(in crate::console) use words::when;

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::childcare::{self, Due, Rule, Timetable, phrases};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::language::Language;
use crate::line::message::Message;
use crate::resident::{Child, ChildKind, Month};
use crate::web::{Choice, Errors, Frame, Page, Preview, Refusal};

/// For which child the timetable is tried, and which notice is looked at.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Asked {
    kind: String,
    month: String,
    show: String,
}

/// A rule as it stands in the list.
#[derive(Debug)]
struct Row {
    code: String,
    title: String,
    when: String,
    window: String,
    level: &'static str,
    off: bool,
    /// It changes or ends: 「2027年3月31日まで」.
    ends: String,
}

#[derive(Debug)]
struct Stage {
    name: String,
    rows: Vec<Row>,
}

/// A notice that comes for the child tried.
#[derive(Debug)]
struct Coming {
    on: NaiveDate,
    title: String,
    stage: String,
    window: String,
    past: bool,
    shown: bool,
    look: String,
}

/// What comes for the child tried.
struct Trial {
    child: String,
    coming: Vec<Coming>,
    preview: Option<Preview>,
}

#[derive(Template)]
#[template(path = "childcare/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    asked: Asked,
    kinds: Vec<Choice>,
    errors: Errors,
    stages: Vec<Stage>,
    planned: Vec<Row>,
    trial: Option<Trial>,
    count: usize,
    export: String,
}

/// `GET /childcare`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let mut asked = asked.into_inner();
    let today = date_in_japan(visitor.now);
    let table = childcare::timetable(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let account = &profile.operator.account_name;
    let mut errors = Errors::default();
    let child = child(&asked, &mut errors);
    if asked.kind.is_empty() {
        asked.kind = ChildKind::Born.as_str().to_owned();
    }
    let mut stages: Vec<Stage> = Vec::new();
    for rule in table.in_force(today) {
        match stages.iter_mut().find(|stage| stage.name == rule.stage) {
            Some(stage) => stage.rows.push(row(rule)),
            None => stages.push(Stage {
                name: rule.stage.clone(),
                rows: vec![row(rule)],
            }),
        }
    }
    let begins_later = |rule: &&Rule| rule.effective_from.is_some_and(|first| first > today);
    Ok(Page(List {
        frame: visitor.frame("妊娠・子育て"),
        kinds: vec![
            Choice::new(ChildKind::Born.as_str(), "生まれた月"),
            Choice::new(ChildKind::Due.as_str(), "出産予定の月"),
        ],
        trial: child.map(|child| trial(account, &table, &child, &asked, today)),
        errors,
        planned: table.all().iter().filter(begins_later).map(row).collect(),
        stages,
        count: table.in_force(today).count(),
        export: format!("/childcare/export/childcare-{today}.csv"),
        asked,
    }))
}

fn row(rule: &Rule) -> Row {
    Row {
        code: rule.code.clone(),
        title: rule.title.clone(),
        when: words::when(rule),
        window: words::window(rule),
        level: rule.level.label(),
        off: !rule.default_on,
        ends: match rule.effective_to {
            Some(_) => words::held(rule),
            None => rule
                .effective_from
                .map_or_else(String::new, |_| words::held(rule)),
        },
    }
}

/// The child asked about, if one is.
fn child(asked: &Asked, errors: &mut Errors) -> Option<Child> {
    if asked.month.is_empty() {
        return None;
    }
    let near = |month: &Month| (1990..2100).contains(&month.year());
    match Month::parse(&asked.month).ok().filter(near) {
        Some(month) => Some(Child {
            month,
            kind: ChildKind::parse(&asked.kind).unwrap_or(ChildKind::Born),
        }),
        None => {
            errors.add("month", "年と月を「2026-08」のように入れてください。");
            None
        }
    }
}

fn trial(
    account: &str,
    table: &Timetable,
    child: &Child,
    asked: &Asked,
    today: NaiveDate,
) -> Trial {
    let due = table.due(child);
    let first_to_come = due.iter().find(|(_, due)| due.on >= today).or(due.first());
    let looked_at = due
        .iter()
        .find(|(rule, due)| format!("{}-{}", rule.code, due.on) == asked.show)
        .or(first_to_come);
    let coming = |(rule, due): &(&Rule, Due)| Coming {
        on: due.on,
        title: rule.title.clone(),
        stage: rule.stage.clone(),
        window: words::months(due.from, due.until),
        past: due.on < today,
        shown: looked_at.is_some_and(|(of, at)| of.code == rule.code && at.on == due.on),
        look: format!(
            "/childcare?kind={}&month={}&show={}-{}#trial",
            child.kind.as_str(),
            child.month,
            rule.code,
            due.on
        ),
    };
    let month = words::month(child.month.first_day());
    Trial {
        child: match child.kind {
            ChildKind::Born => format!("{month}に生まれたお子さん"),
            ChildKind::Due => format!("{month}が出産予定の方"),
        },
        coming: due.iter().map(coming).collect(),
        preview: looked_at.and_then(|(rule, due)| bubble(account, rule, *due)),
    }
}

/// A notice as residents will see it.
fn bubble(account: &str, rule: &Rule, due: Due) -> Option<Preview> {
    let text = phrases::notice(Language::japanese(), rule, due);
    let message = Message::text(text).ok()?;
    Some(Preview::new(account, &[message], "10:00"))
}

/// `GET /childcare/export/{name}`: the timetable in all its versions, as a file.
pub(in crate::console) async fn export(
    _: Visitor,
    desk: Data<Desk>,
    _name: Path<String>,
) -> Result<HttpResponse, Refusal> {
    let table = childcare::timetable(&desk.db).await?;
    // The browser takes the file's name from the address.
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, "attachment"))
        .body(childcare::csv(table.all())))
}
