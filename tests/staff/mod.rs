//! Stories of the town hall: who works there, what takes two, and what is on record of it.

mod account;
mod anchor;
pub mod audit;
mod commands;
pub mod contact;
mod countersign;
mod database;
mod leaving;
mod measured;
mod own_line;
mod people;
mod tampering;

use chrono::{NaiveDate, TimeDelta};
use kairan::audit::{Actor, Query, Recorded};
use kairan::clock::{Instant, date_in_japan};
use kairan::ids::{OrganisationId, PersonId, PostId, SectionId};
use kairan::staff;
use kairan::staff::countersign::{Ask, CountersignError};
use kairan::staff::people::{
    Name, NewPerson, Number, Place, PostKind, Roster, Signed, Subject, Term,
};

use crate::support::Begin;
use crate::support::database::{Engine, TestDb};

/// A town hall on 24 November 2026 at nine, with its first two administrators, the PR section and the
/// childcare section.
pub struct Hall {
    pub db: TestDb,
    pub now: Instant,
    /// The administrators.
    pub first: PersonId,
    pub second: PersonId,
    pub pr: SectionId,
    pub childcare: SectionId,
    pub pr_chief: PostId,
    pub pr_staff: PostId,
    pub childcare_chief: PostId,
    pub childcare_staff: PostId,
}

impl Begin for Hall {
    async fn begin(engine: Engine) -> Self {
        let now = "2026-11-24T00:00:00Z".parse().unwrap();
        Self::over(TestDb::begin(engine).await, now).await
    }
}

impl Hall {
    /// The same in a database that is already there.
    pub async fn over(db: TestDb, now: Instant) -> Self {
        let tx = db.db.begin().await.unwrap();
        let first = staff::people::add_administrator(&tx, now, &named("A-1"))
            .await
            .unwrap();
        let second = staff::people::add_administrator(&tx, now, &named("A-2"))
            .await
            .unwrap();
        let by = Actor::Operator;
        let pr = staff::people::add_section(&tx, now, &by, "広報課", true, &[])
            .await
            .unwrap();
        let childcare = staff::people::add_section(
            &tx,
            now,
            &by,
            "子育て支援課",
            false,
            &[Subject::Answers, Subject::Childcare],
        )
        .await
        .unwrap();
        tx.commit().await.unwrap();
        let nobody = PostId(uuid::Uuid::nil());
        let mut hall = Self {
            db,
            now,
            first,
            second,
            pr,
            childcare,
            pr_chief: nobody,
            pr_staff: nobody,
            childcare_chief: nobody,
            childcare_staff: nobody,
        };
        hall.pr_chief = hall.section_post(pr, PostKind::Chief).await;
        hall.pr_staff = hall.section_post(pr, PostKind::Staff).await;
        hall.childcare_chief = hall.section_post(childcare, PostKind::Chief).await;
        hall.childcare_staff = hall.section_post(childcare, PostKind::Staff).await;
        // What is asked from now on is asked by people who had their rights before.
        hall.now += TimeDelta::minutes(1);
        hall
    }

    pub fn today(&self) -> NaiveDate {
        date_in_japan(self.now)
    }

    pub async fn roster(&self) -> Roster {
        staff::people::roster(&self.db).await.unwrap()
    }

    pub async fn signed(&self, person: PersonId) -> Option<Signed> {
        staff::people::signed(&self.db, person, self.today())
            .await
            .unwrap()
    }

    pub async fn section_post(&self, section: SectionId, kind: PostKind) -> PostId {
        let sections = staff::people::sections(&self.db).await.unwrap();
        let section = sections.into_iter().find(|s| s.id == section).unwrap();
        let title = match kind {
            PostKind::Chief => "課長",
            _ => "担当者",
        };
        self.post(kind, title, Place::Section(section)).await
    }

    pub async fn post(&self, kind: PostKind, title: &str, place: Place) -> PostId {
        let tx = self.db.db.begin().await.unwrap();
        let id = staff::people::add_post(&tx, self.now, &Actor::Operator, kind, title, &place)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn contractor(&self, name: &str, contract: Term) -> OrganisationId {
        let tx = self.db.db.begin().await.unwrap();
        let by = Actor::Operator;
        let id = staff::people::add_organisation(&tx, self.now, &by, name, contract)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub async fn person(&self, number: &str) -> PersonId {
        self.add(&named(number)).await
    }

    pub async fn add(&self, person: &NewPerson) -> PersonId {
        let tx = self.db.db.begin().await.unwrap();
        let id = staff::people::add_person(&tx, self.now, &Actor::Operator, person)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// The first administrator asks, the second agrees.
    pub async fn agreed(&self, ask: Ask) -> Result<(), CountersignError> {
        let id = staff::countersign::ask(&self.db, self.now, self.first, ask, "異動のため").await?;
        staff::countersign::agree(&self.db, self.now, self.second, id)
            .await
            .map(drop)
    }

    pub async fn granted(&self, post: PostId, person: PersonId, term: Term) {
        self.agreed(Ask::GrantPost { post, person, term })
            .await
            .unwrap();
    }

    /// Somebody new in this post since today.
    pub async fn holder(&self, number: &str, post: PostId) -> PersonId {
        let person = self.person(number).await;
        self.granted(post, person, Term::since(self.today())).await;
        person
    }

    /// Newest first.
    pub async fn record(&self, act: &str) -> Vec<Recorded> {
        let query = Query {
            act: Some(act.to_owned()),
            ..Query::default()
        };
        kairan::audit::search(&self.db, &query)
            .await
            .unwrap()
            .entries
    }
}

pub fn named(number: &str) -> NewPerson {
    NewPerson {
        number: Number::parse(number).unwrap(),
        name: Name::parse("青葉 花子").unwrap(),
        mail: None,
        organisation: None,
    }
}

pub fn deputy(post: PostId, person: PersonId, rank: i32, term: Term) -> Ask {
    Ask::AddDeputy {
        post,
        person,
        term,
        rank,
        scope: "緊急配信の同意".into(),
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

pub fn term(from: &str, to: &str) -> Term {
    Term::between(day(from), day(to)).unwrap()
}
