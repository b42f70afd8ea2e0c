//! Reminders: each occasion once, each resident in their own words, and nothing that was not agreed to.

mod ahead;
mod approving;
mod faring;
mod late;
mod measured;
mod moved;
mod sending;
mod stopped;
mod together;

use chrono::{NaiveDate, TimeDelta};
use kairan::approval::{Digest, Request, Verdict};
use kairan::area::Lookup;
use kairan::clock::date_in_japan;
use kairan::db::Tx;
use kairan::ids::PersonId;
use kairan::language::Language;
use kairan::line::UserId;
use kairan::policy::Document;
use kairan::reminder::{self, Key, Notice, ReminderError, Standing, Wish};
use kairan::resident::{self, Child, GarbageReminder, Residence};
use kairan::staff::people::Signed;

use crate::staff::Hall;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::{Town, policy};

/// The last day of the year's standing approvals.
pub const LAST: &str = "2027-03-31";

/// Somebody with a phone.
pub struct Reader {
    pub user: String,
    /// How much they had been told when they had been greeted.
    greeted: usize,
}

/// The sample town with people at their desks.
pub struct Room {
    pub town: Town,
    pub hall: Hall,
    /// Of the section that looks after the timetable.
    pub drafter: PersonId,
    /// Of the section that owns the account.
    pub pr_staff: PersonId,
    pub pr_chief: PersonId,
}

impl Begin for Room {
    async fn begin(engine: Engine) -> Self {
        Self::under(engine, policy()).await
    }
}

impl Room {
    pub async fn under(engine: Engine, policy: Document) -> Self {
        Self::over(Town::with(engine, policy).await).await
    }

    pub async fn over(town: Town) -> Self {
        let hall = town.hall().await;
        let drafter = hall.holder("1001", hall.childcare_staff).await;
        let pr_staff = hall.holder("2001", hall.pr_staff).await;
        let pr_chief = hall.holder("2002", hall.pr_chief).await;
        Self {
            town,
            hall,
            drafter,
            pr_staff,
            pr_chief,
        }
    }

    /// Somebody with a phone who told where they live, when they wish to hear of garbage, what they read, and
    /// of children.
    pub async fn resident(
        &self,
        area: &str,
        hour: &str,
        language: Option<&str>,
        children: &[Child],
    ) -> Reader {
        let person = self.town.resident("住民").await.id;
        let greeted = self.town.line.inbox(&person).len();
        let (db, now) = (&self.town.db, self.town.clock.now());
        let directory = kairan::area::directory(db).await.unwrap();
        let user = UserId::parse(&person).unwrap();
        let stranger = resident::find(db, &user).await.unwrap().unwrap();
        let mut known = stranger.clone();
        if let Lookup::Found(area) = directory.by_label(area) {
            known.residence = Residence::Area(area.id);
        }
        known.reminder = Some(GarbageReminder::parse(hour).unwrap());
        known.language = language.map(|code| Language::parse(code).unwrap());
        known.children = Some(children.iter().copied().collect());
        known.topics = Some(["childcare".to_owned()].into());
        let tx = db.begin().await.unwrap();
        resident::save(&tx, now, Some(&stranger), known, 1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        Reader {
            user: person,
            greeted,
        }
    }

    /// What they were told since they had been greeted.
    pub fn told(&self, reader: &Reader) -> Vec<String> {
        let inbox = self.town.line.inbox(&reader.user).into_iter();
        let texts = inbox.skip(reader.greeted);
        let texts = texts.map(|bubble| bubble["message"]["text"].clone());
        texts
            .map(|text| text.as_str().unwrap().to_owned())
            .collect()
    }

    pub fn today(&self) -> NaiveDate {
        date_in_japan(self.town.clock.now())
    }

    pub async fn notice(&self, key: &Key) -> Notice {
        let rules = &self.town.product.office.rules;
        let profile = rules.at(self.town.clock.now()).await.unwrap();
        let notices = reminder::notices(&self.town.db, &profile).await.unwrap();
        let mut notices = notices.into_iter();
        notices.find(|notice| notice.key == *key).unwrap()
    }

    pub async fn standing(&self, key: &Key) -> Standing {
        self.notice(key).await.standing(self.today())
    }

    pub async fn signed(&self, person: PersonId) -> Signed {
        self.hall.signed(person).await.unwrap()
    }

    /// Does it, and keeps it unless it fails.
    pub async fn does<T>(
        &self,
        deed: impl AsyncFnOnce(&Tx) -> Result<T, ReminderError>,
    ) -> Result<T, ReminderError> {
        let tx = self.town.db.db.begin().await.unwrap();
        let done = deed(&tx).await?;
        tx.commit().await.unwrap();
        Ok(done)
    }

    pub async fn submits(
        &self,
        by: PersonId,
        key: &Key,
        wish: Wish,
    ) -> Result<Request, ReminderError> {
        let (by, notice, now) = (
            self.signed(by).await,
            self.notice(key).await,
            self.town.clock.now(),
        );
        let profile = self.town.product.office.rules.at(now).await.unwrap();
        self.does(async |tx| reminder::submit(tx, now, &by, &profile, &notice, wish).await)
            .await
    }

    pub async fn decides(
        &self,
        by: PersonId,
        notice: &Notice,
        seen: &Digest,
        verdict: Verdict,
    ) -> Result<Request, ReminderError> {
        let now = self.town.clock.now();
        self.does(async |tx| reminder::decide(tx, now, by, notice, seen, verdict).await)
            .await
    }

    pub async fn agrees(&self, by: PersonId, key: &Key) -> Result<Request, ReminderError> {
        let notice = self.notice(key).await;
        let seen = notice.waiting().unwrap().request.frozen.digest.clone();
        self.decides(by, &notice, &seen, Verdict::Agree(None)).await
    }

    /// Handed in and agreed to.
    pub async fn in_force(&self, key: &Key, until: &str) {
        let wish = until_day(until);
        self.submits(self.pr_chief, key, wish).await.unwrap();
        self.agrees(self.pr_staff, key).await.unwrap();
    }

    /// What is due goes out, and arrives.
    pub async fn turn(&self) {
        self.town.product.releasing.turn().await.unwrap();
        self.arrives().await;
    }

    pub async fn arrives(&self) {
        for _ in 0..4 {
            self.town.product.sender.step().await.unwrap();
            self.town.later(TimeDelta::milliseconds(250));
        }
    }

    /// Time goes on to this moment of Japan's clock.
    pub fn at(&self, moment: &str) {
        let then: chrono::NaiveDateTime = moment.parse().unwrap();
        let now = self.town.clock.now();
        self.town.later(kairan::clock::instant_in_japan(then) - now);
    }
}

pub fn until_day(day: &str) -> Wish {
    Wish {
        until: day.parse().unwrap(),
        out_of_hours: None,
    }
}

/// The next thing of the sample town's timetable that comes for a child that is born, wherever it lives.
pub async fn next_for_a_child(room: &Room) -> (NaiveDate, Key, Child) {
    let timetable = kairan::childcare::timetable(&room.town.db).await.unwrap();
    let mut days = room.today().iter_days().skip(1);
    days.find_map(|day| {
        let coming = reminder::childcare::coming(&timetable, day);
        let born = coming.iter().find(|coming| {
            coming.child.kind == resident::ChildKind::Born && coming.rule.areas.is_empty()
        });
        born.map(|coming| (day, Key::Childcare(coming.rule.code.clone()), coming.child))
    })
    .unwrap()
}
