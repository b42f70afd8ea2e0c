//! What emergencies say (定型文): what is in force, what waits for a second person, whose yearly review is due.

mod diff;
mod faults;
pub(in crate::console) mod propose;
pub(in crate::console) mod version;

use std::cmp::Reverse;

use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDate;

use super::words;
use crate::clock::date_in_japan;
use crate::console::pages::home::{Alarm, Waiting};
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::template::{self, Library, Template as Wording, Topic, Version};
use crate::staff::Right;
use crate::staff::people::{self, Roster};
use crate::web::{Frame, Page, Refusal};

const PATH: &str = "/emergencies/templates";
const TITLE: &str = "緊急配信の定型文";

/// A wording in force.
struct Row {
    path: String,
    name: String,
    code: String,
    severity: (&'static str, &'static str),
    version: String,
    source: String,
    /// What lifts or corrects it.
    answers: String,
    review: NaiveDate,
    due: bool,
}

/// Wordings about the same.
struct Group {
    title: &'static str,
    rows: Vec<Row>,
}

/// One that is not in force.
struct Other {
    path: String,
    name: String,
    standing: (&'static str, &'static str),
    says: String,
}

#[derive(Template)]
#[template(path = "emergencies/templates/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    proposes: bool,
    due: Vec<(String, String)>,
    others: Vec<Other>,
    groups: Vec<Group>,
}

/// `GET /emergencies/templates`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let library = desk.templates.in_force().await?;
    let versions = template::versions(&desk.db).await?;
    let roster = people::roster(&desk.db).await?;
    let today = date_in_japan(visitor.now);
    let row = |wording: &Wording| {
        let of = |version: &&Version| version.code == wording.code && version.is_in_force();
        let version = versions.iter().find(of);
        Row {
            path: path(&wording.code, &wording.version),
            name: wording.name.clone(),
            code: wording.code.clone(),
            severity: words::grade(wording.severity),
            version: wording.version.clone(),
            source: version
                .map(|version| source(version, &roster))
                .unwrap_or_default(),
            answers: answer(&library, wording),
            review: wording.review,
            due: wording.review <= today,
        }
    };
    let groups = Topic::ALL.map(|topic| {
        let of_topic = by_urgency(&library, topic);
        Group {
            title: words::topic(topic),
            rows: of_topic.into_iter().map(row).collect(),
        }
    });
    let frame = frame(&visitor, TITLE);
    let other = |version: &Version| Other {
        path: path(&version.code, &version.version),
        name: called(version),
        standing: standing(version, &visitor),
        says: match version.wanted {
            Some(asked) => format!(
                "{}さんの申請（{}）",
                people_words::person(&roster, asked.by),
                frame.time(&asked.at)
            ),
            None => format!(
                "{}（{}）",
                source(version, &roster),
                frame.time(&version.recorded_at)
            ),
        },
    };
    let mut others: Vec<&Version> = versions
        .iter()
        .filter(|version| version.published_at.is_none() || version.waits(visitor.now))
        .collect();
    others.sort_by_key(|version| (!version.waits(visitor.now), version.recorded_at));
    Ok(Page(List {
        proposes: visitor.may(Right::ManagePeople),
        due: due(&library, today)
            .map(|wording| (path(&wording.code, &wording.version), wording.name.clone()))
            .collect(),
        others: others.into_iter().map(other).collect(),
        groups: groups
            .into_iter()
            .filter(|group| !group.rows.is_empty())
            .collect(),
        frame,
    }))
}

/// Wordings about `topic`, the gravest first, and of those what orders to leave.
pub(super) fn by_urgency(library: &Library, topic: Topic) -> Vec<&Wording> {
    let mut wordings: Vec<&Wording> = library
        .all()
        .filter(|wording| wording.topic == topic)
        .collect();
    wordings.sort_by_key(|wording| {
        (
            wording.severity,
            Reverse(wording.level()),
            wording.effect.is_none(),
        )
    });
    wordings
}

/// Those that somebody should have read again by `today`.
fn due(library: &Library, today: NaiveDate) -> impl Iterator<Item = &Wording> {
    library.all().filter(move |wording| wording.review <= today)
}

/// What somebody should have read again, for the home of those who see wordings.
pub(in crate::console) async fn alarms(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Alarm>, Refusal> {
    if !visitor.may(Right::SeeTemplates) {
        return Ok(Vec::new());
    }
    let due = reviews(visitor, desk).await?;
    let Some(first) = due.first() else {
        return Ok(Vec::new());
    };
    let what = format!(
        "緊急配信の定型文の、年に一度の見直しの期日が来ています（「{first}」など{}件）。",
        due.len()
    );
    let next = "国の指針や市の計画と見比べて読みなおし、直すところがあれば直し、期日を1年先にした版をシステム管理者が申請します。";
    Ok(vec![Alarm::new(what, next).at(PATH)])
}

/// The names of those whose review is due.
pub(super) async fn reviews(visitor: &Visitor, desk: &Desk) -> Result<Vec<String>, Refusal> {
    let library = desk.templates.in_force().await?;
    let due = due(&library, date_in_japan(visitor.now));
    Ok(due.map(|wording| wording.name.clone()).collect())
}

/// What waits for the visitor to read and agree to.
pub(in crate::console) async fn waiting(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Waiting>, Refusal> {
    if !visitor.may(Right::ManagePeople) {
        return Ok(Vec::new());
    }
    let versions = template::versions(&desk.db).await?;
    let roster = people::roster(&desk.db).await?;
    let theirs = versions.iter().filter(|version| decides(version, visitor));
    Ok(theirs
        .filter_map(|version| {
            let asked = version.wanted?;
            Some(Waiting {
                ask: format!(
                    "確認してください：緊急配信の定型文「{}」の公開",
                    called(version)
                ),
                about: format!("{}さんの申請", people_words::person(&roster, asked.by)),
                path: path(&version.code, &version.version),
                until: version.asked_until(),
            })
        })
        .collect())
}

/// Whether it waits for the visitor.
fn decides(version: &Version, visitor: &Visitor) -> bool {
    let another = |asked: template::Asked| asked.by != visitor.signed.person();
    visitor.may(Right::ManagePeople)
        && version.waits(visitor.now)
        && version.wanted.is_some_and(another)
}

fn path(code: &str, version: &str) -> String {
    format!("{PATH}/{code}/{version}")
}

/// A page under the list. Administrators do not see emergencies themselves.
fn frame(visitor: &Visitor, title: impl Into<String>) -> Frame {
    let frame = visitor.frame(title);
    match visitor.may(Right::Emergency) {
        true => frame.under(super::PATH, super::TITLE),
        false => frame,
    }
}

/// What a version is called: by its name, if it can still be read.
fn called(version: &Version) -> String {
    let read = version.template();
    read.map_or_else(|_| version.code.clone(), |wording| wording.name)
}

/// Where a version is from.
fn source(version: &Version, roster: &Roster) -> String {
    match version.written_by {
        Some(by) => format!("{}さんが作成", people_words::person(roster, by)),
        None => "製品に付属".to_owned(),
    }
}

/// What lifts or corrects it.
fn answer(library: &Library, wording: &Wording) -> String {
    let Some(code) = &wording.answers else {
        return "ほかの文面を解除・訂正するもの".to_owned();
    };
    let name = library.find(code).map(|answer| answer.name.as_str());
    format!("解除・訂正は「{}」（{code}）", name.unwrap_or_default())
}

/// Where a version stands, as a chip.
fn standing(version: &Version, visitor: &Visitor) -> (&'static str, &'static str) {
    match version {
        _ if version.is_in_force() => ("使用中", "success"),
        _ if version.waits(visitor.now) => ("もう一人の確認待ち", "warning"),
        _ if version.retired_at.is_some() => ("以前の版", "plain"),
        _ if version.declined.is_some() => ("同意されませんでした", "error"),
        _ if version.wanted.is_some() => ("期限切れ", "plain"),
        _ => ("まだ申請されていません", "info"),
    }
}
