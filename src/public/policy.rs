//! The operating policy, as it is in force, and every version there was.

use std::collections::BTreeSet;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::NaiveDate;

use super::{Window, open};
use crate::clock::date_in_japan;
use crate::policy::{self, Audience, Change, Page, Section};
use crate::web::{Frame, Refusal};

#[derive(Template)]
#[template(path = "policy.html")]
struct Policy {
    frame: Frame,
    page: Page,
    from: NaiveDate,
    coming: Vec<Coming>,
    /// Headings of what only staff read, with their clauses.
    for_staff: Vec<Section>,
}

/// A version that was adopted and does not rule yet.
struct Coming {
    name: String,
    from: NaiveDate,
}

#[derive(Template)]
#[template(path = "policy_versions.html")]
struct Versions {
    frame: Frame,
    versions: Vec<Shown>,
}

/// A version as the list has it.
struct Shown {
    name: String,
    from: NaiveDate,
    state: State,
    /// What it changed for residents.
    changes: Vec<Change>,
    /// It also changed what only staff read.
    for_staff: bool,
    first: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Coming,
    InForce,
    Over,
}

/// `GET /policy`.
pub(super) async fn show(window: Data<Window>) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let today = date_in_japan(now);
    let book = window.rules.book().await?;
    let mut page = policy::page(&profile);
    let acts_from = book.in_force(today).and_then(policy::Version::acts_from);
    let from = acts_from.unwrap_or(page.effective_from);
    let coming = book.versions().iter().filter_map(|version| {
        let from = version.acts_from().filter(|from| *from > today)?;
        let name = version.name().to_owned();
        Some(Coming { name, from })
    });
    let coming = coming.collect();
    let (sections, mut for_staff): (Vec<_>, Vec<_>) = page
        .sections
        .into_iter()
        .partition(|section| section.audience == Audience::Public);
    page.sections = sections;
    each_clause_once(page.sections.iter_mut().chain(&mut for_staff));
    Ok(open(Policy {
        frame: window.frame(page.title.clone(), &profile, now),
        page,
        from,
        coming,
        for_staff,
    }))
}

/// `GET /policy/versions`.
pub(super) async fn versions(window: Data<Window>) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let today = date_in_japan(now);
    let book = window.rules.book().await?;
    let in_force = book.in_force(today).map(policy::Version::name);
    let history = policy::history(&book);
    let count = history.len();
    let versions = history.into_iter().enumerate().map(|(at, past)| {
        let (changes, of_staff): (Vec<_>, Vec<_>) = past
            .changes
            .into_iter()
            .partition(|change| change.audience == Audience::Public);
        let name = past.version.name();
        Shown {
            name: name.to_owned(),
            from: past.from,
            state: match in_force {
                _ if past.from > today => State::Coming,
                Some(ruling) if ruling == name => State::InForce,
                _ => State::Over,
            },
            changes,
            for_staff: !of_staff.is_empty(),
            first: at + 1 == count,
        }
    });
    Ok(open(Versions {
        frame: window.frame("運用ポリシーの版と変更点", &profile, now),
        versions: versions.collect(),
    }))
}

/// A clause is a place on the page, and there is only one place of a name: the first line keeps it,
/// those that follow under the same clause go without.
fn each_clause_once<'a>(sections: impl Iterator<Item = &'a mut Section>) {
    let mut seen = BTreeSet::new();
    for line in sections.flat_map(|section| &mut section.lines) {
        line.clause = line
            .clause
            .take()
            .filter(|clause| seen.insert(clause.clone()));
    }
}
