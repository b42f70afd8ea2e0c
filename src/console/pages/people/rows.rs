//! People, posts and deputies as lines of a table.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::words;
use crate::ids::PersonId;
use crate::staff::people::{Deputy, Holding, Person, Place, Roster, Term};
use crate::web::times;

/// Where today lies in some days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Among them.
    Now,
    /// Before them.
    Ahead,
    /// After them, or taken away.
    Over,
}

impl Phase {
    pub fn of(term: &Term, ended: bool, today: NaiveDate) -> Self {
        if ended || term.to.is_some_and(|to| to < today) {
            Self::Over
        } else if today < term.from {
            Self::Ahead
        } else {
            Self::Now
        }
    }

    pub fn label(self) -> &'static str {
        match self {
            Self::Now => "いま",
            Self::Ahead => "これから",
            Self::Over => "終わり",
        }
    }

    pub fn kind(self) -> &'static str {
        match self {
            Self::Now => "success",
            Self::Ahead => "info",
            Self::Over => "plain",
        }
    }
}

/// A post held, or a chief stood in for.
#[derive(Debug)]
pub struct Line {
    /// Which: 「/holdings/…」, where it is ended.
    pub path: String,
    pub post: String,
    pub person: String,
    pub person_path: String,
    pub term: String,
    pub phase: Phase,
    /// A deputy's place and matters: 「第1順位」 「緊急配信の同意」.
    pub rank: String,
    pub scope: String,
}

pub fn holding(roster: &Roster, held: &Holding, today: NaiveDate) -> Line {
    Line {
        path: format!("/holdings/{}", held.id),
        post: words::post(roster, held.post),
        person: words::person(roster, held.person),
        person_path: format!("/people/{}", held.person),
        term: lived(&held.term, held.ended_at, today),
        phase: phase(
            roster,
            held.person,
            &held.term,
            held.ended_at.is_some(),
            today,
        ),
        rank: String::new(),
        scope: String::new(),
    }
}

pub fn deputy(roster: &Roster, deputy: &Deputy, today: NaiveDate) -> Line {
    let over = deputy.ended_at.is_some();
    Line {
        path: format!("/deputies/{}", deputy.id),
        post: words::post(roster, deputy.post),
        person: words::person(roster, deputy.person),
        person_path: format!("/people/{}", deputy.person),
        term: lived(&deputy.term, deputy.ended_at, today),
        phase: phase(roster, deputy.person, &deputy.term, over, today),
        rank: format!("第{}順位", deputy.rank),
        scope: deputy.scope.clone(),
    }
}

fn phase(roster: &Roster, person: PersonId, term: &Term, ended: bool, today: NaiveDate) -> Phase {
    let person = roster.persons.get(&person);
    let ended = ended || person.is_some_and(|person| has_left(person, today));
    Phase::of(term, ended, today)
}

/// The days, and when they were cut short.
fn lived(term: &Term, ended_at: Option<crate::clock::Instant>, today: NaiveDate) -> String {
    match ended_at {
        Some(at) => format!(
            "{}から（{}に終えました）",
            times::day(term.from, today),
            times::day(crate::clock::date_in_japan(at), today)
        ),
        None => words::term(term, today),
    }
}

/// Whether somebody's last day, or their contract's, is over.
pub fn has_left(person: &Person, today: NaiveDate) -> bool {
    let contract = person.organisation.as_ref().and_then(|o| o.contract.to);
    [person.ends_on, contract]
        .into_iter()
        .flatten()
        .any(|last| last < today)
}

/// A person in a list.
#[derive(Debug, Clone)]
pub struct Row {
    pub path: String,
    pub number: String,
    pub name: String,
    pub posts: Vec<String>,
    pub state: String,
    pub kind: &'static str,
}

/// People under one heading.
#[derive(Debug)]
pub struct Group {
    pub title: String,
    pub note: String,
    pub rows: Vec<Row>,
}

/// Everybody who is wanted, under the sections and contractors where they work.
pub fn groups(
    roster: &Roster,
    today: NaiveDate,
    invited: &[PersonId],
    wanted: impl Fn(&Person) -> bool,
) -> Vec<Group> {
    // The section that owns the account, the others, the town's posts, contractors, those without a post.
    let mut groups: BTreeMap<(u8, String), (String, Vec<Row>)> = BTreeMap::new();
    let mut persons: Vec<&Person> = roster.persons.values().filter(|p| wanted(p)).collect();
    persons.sort_by(|a, b| a.number.cmp(&b.number));
    for person in persons {
        let posts: Vec<_> = roster
            .holdings
            .iter()
            .filter(|held| held.person == person.id)
            .filter(|held| holding(roster, held, today).phase != Phase::Over)
            .filter_map(|held| Some((held, roster.posts.get(&held.post)?)))
            .collect();
        let mut places: Vec<(u8, String, String)> = posts
            .iter()
            .map(|(_, post)| match &post.place {
                Place::Section(section) => (
                    u8::from(!section.owner),
                    section.name.clone(),
                    String::new(),
                ),
                Place::Town => (2, "市全体の役職".to_owned(), String::new()),
                Place::Organisation(firm) => of_firm(&firm.name, &firm.contract, today),
            })
            .collect();
        if places.is_empty() {
            places.push(match &person.organisation {
                Some(firm) => of_firm(&firm.name, &firm.contract, today),
                None if has_left(person, today) => {
                    (5, "退職・異動した人".to_owned(), String::new())
                }
                None => (4, "役職のない職員".to_owned(), String::new()),
            });
        }
        places.sort();
        places.dedup();
        let titles = posts.iter().map(|(held, post)| {
            let ahead = Phase::of(&held.term, false, today) == Phase::Ahead;
            let from = times::day(held.term.from, today);
            let until = held.term.to.map(|to| times::day(to, today));
            match (ahead, until) {
                (true, _) => format!("{}（{from}から）", post.label()),
                (false, Some(until)) => format!("{}（{until}まで）", post.label()),
                (false, None) => post.label(),
            }
        });
        let (state, kind) = state(
            person,
            !posts.is_empty(),
            invited.contains(&person.id),
            today,
        );
        let row = Row {
            path: format!("/people/{}", person.id),
            number: person.number.to_string(),
            name: person.name.as_str().to_owned(),
            posts: titles.collect(),
            state,
            kind,
        };
        for (order, title, note) in places {
            let group = groups.entry((order, title)).or_insert((note, Vec::new()));
            group.1.push(row.clone());
        }
    }
    let group = |((_, title), (note, rows))| Group { title, note, rows };
    groups.into_iter().map(group).collect()
}

fn of_firm(name: &str, contract: &Term, today: NaiveDate) -> (u8, String, String) {
    let days = words::term(contract, today);
    (3, name.to_owned(), format!("受託者。契約は{days}。"))
}

/// How somebody stands, in a word, with its chip's colour.
pub fn state(
    person: &Person,
    has_posts: bool,
    invited: bool,
    today: NaiveDate,
) -> (String, &'static str) {
    let contract = person.organisation.as_ref().map(|o| o.contract);
    let last = [person.ends_on, contract.and_then(|c| c.to)];
    match last.into_iter().flatten().min() {
        Some(last) if last < today => (format!("{}で終わり", times::day(last, today)), "plain"),
        _ if contract.is_some_and(|c| today < c.from) => ("契約の前".to_owned(), "info"),
        Some(last) => (format!("{}まで", times::day(last, today)), "warning"),
        None if invited => ("招待の同意待ち".to_owned(), "info"),
        None if has_posts => ("在職".to_owned(), "success"),
        None => ("役職なし".to_owned(), "plain"),
    }
}
