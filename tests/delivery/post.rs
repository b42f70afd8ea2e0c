//! A sender between a database and a simulated LINE, both clocks turned by hand.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::{TimeDelta, Utc};
use entity::{envelope, resident};
use kairan::clock::Clock;
use kairan::db::Db;
use kairan::delivery::{self, Mark, NewDispatch, Progress, Rate, Sender};
use kairan::ids::DispatchId;
use kairan::line::UserId;
use kairan::resident as residents;
use kairan::startup;
use line_simulator::{ApiCall, Clock as LineClock, Effect, Fault, Options, Simulator};
use sea_orm::{EntityTrait, QueryOrder, QuerySelect};
use tokio::sync::Notify;

use super::{cut_for, open, opened_by_anybody};
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{settings, tuesday};

pub const MULTICAST: &str = "/v2/bot/message/multicast";

pub struct Post {
    pub db: TestDb,
    pub line: Simulator,
    pub clock: Clock,
    pub sender: Sender,
    folder: tempfile::TempDir,
}

impl Begin for Post {
    async fn begin(engine: Engine) -> Self {
        let db = TestDb::begin(engine).await;
        opened_by_anybody(&db).await;
        let line = Simulator::start(Options {
            clock: LineClock::Fixed(tuesday()),
            ..Options::default()
        })
        .unwrap();
        let clock = Clock::fixed(tuesday());
        let folder = tempfile::tempdir().unwrap();
        let sender = sender(&db, &line, clock.clone(), folder.path());
        Self {
            db,
            line,
            clock,
            sender,
            folder,
        }
    }
}

fn sender(db: &TestDb, line: &Simulator, clock: Clock, folder: &Path) -> Sender {
    Sender {
        db: db.db.clone(),
        line: Arc::new(startup::line(&settings(line, &db.url)).unwrap()),
        clock,
        wake: Arc::new(Notify::new()),
        mark: Mark::beside(&folder.join("kairan.key")),
        rate: Rate::LINE,
    }
}

impl Post {
    /// A sender of this database to another LINE, by the clock that is set now.
    pub fn sender_for(&self, line: &Simulator) -> Sender {
        sender(&self.db, line, self.clock.clone(), self.folder.path())
    }

    /// Residents who are LINE's friends: their numbers, ascending, and their LINE user ids.
    pub async fn people(&self, count: usize) -> Vec<(i64, String)> {
        people(&self.db, &self.line, count).await
    }

    /// Opens a dispatch for these residents and cuts it.
    pub async fn send(&self, new: NewDispatch, people: &[(i64, String)]) -> DispatchId {
        let dispatch = open(&self.db, self.clock.now(), new).await;
        let ids: Vec<i64> = people.iter().map(|(id, _)| *id).collect();
        cut_for(&self.db, self.clock.now(), &ids).await;
        dispatch
    }

    pub fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.line.advance(by.to_std().unwrap_or(Duration::ZERO));
    }

    /// The sender works, second by second, until nothing is left to do.
    pub async fn work(&self) {
        for _ in 0..600 {
            self.sender.step().await.unwrap();
            if self.open_envelopes().await == 0 {
                return;
            }
            self.later(TimeDelta::seconds(1));
        }
        panic!(
            "the sender does not come to an end: {:?}",
            self.envelopes().await
        );
    }

    pub async fn envelopes(&self) -> Vec<envelope::Model> {
        let all = envelope::Entity::find().order_by_asc(envelope::Column::Id);
        all.all(self.db.conn()).await.unwrap()
    }

    async fn open_envelopes(&self) -> usize {
        let open = |e: &envelope::Model| ["waiting", "lent"].contains(&e.state.as_str());
        self.envelopes().await.iter().filter(|e| open(e)).count()
    }

    /// The states of all envelopes, in the order they were cut.
    pub async fn states(&self) -> Vec<String> {
        self.envelopes()
            .await
            .into_iter()
            .map(|e| e.state)
            .collect()
    }

    pub async fn progress(&self, dispatch: DispatchId) -> Progress {
        let progress = delivery::progress(&self.db, self.clock.now(), dispatch).await;
        progress.unwrap().unwrap()
    }

    pub fn fault(&self, effect: Effect, times: u32) {
        self.line
            .inject(Fault::next(times, effect).on("POST", MULTICAST));
    }

    /// Calls that reached the multicast endpoint.
    pub fn calls(&self) -> Vec<ApiCall> {
        let calls = self.line.requests().into_iter();
        calls.filter(|call| call.path == MULTICAST).collect()
    }

    /// Each of them has been told exactly so often.
    #[track_caller]
    pub fn told(&self, people: &[(i64, String)], times: usize) {
        told(&self.line, people, times);
    }

    pub async fn books_agree(&self) {
        books_agree(self.calls(), &self.envelopes().await);
    }
}

/// Residents who are LINE's friends: their numbers, ascending, and their LINE user ids.
pub async fn people(db: &Db, line: &Simulator, count: usize) -> Vec<(i64, String)> {
    let users = line.add_crowd(count);
    for some in users.chunks(1_000) {
        let some: Vec<UserId> = some.iter().map(|u| UserId::parse(u).unwrap()).collect();
        residents::meet(db, tuesday(), &some).await.unwrap();
    }
    let rows: Vec<(i64, String)> = resident::Entity::find()
        .select_only()
        .columns([resident::Column::Id, resident::Column::LineUserId])
        .order_by_asc(resident::Column::Id)
        .into_tuple()
        .all(db.conn())
        .await
        .unwrap();
    let opened = |sealed: &str| residents::user_behind(db, sealed).unwrap();
    let rows = rows.into_iter();
    rows.map(|(id, sealed)| (id, opened(&sealed).as_str().to_owned()))
        .collect()
}

/// Each of them has been told exactly so often.
#[track_caller]
pub fn told(line: &Simulator, people: &[(i64, String)], times: usize) {
    let told: HashMap<String, usize> = line.inbox_sizes().into_iter().collect();
    for (id, user) in people {
        assert_eq!(told[user], times, "resident {id} of {}", people.len());
    }
}

/// What LINE took is what the database says it took, and no key was taken twice.
#[track_caller]
pub fn books_agree(calls: Vec<ApiCall>, envelopes: &[envelope::Model]) {
    let mut taken = HashMap::new();
    for call in calls.into_iter().filter(|call| call.status == 200) {
        let key = call.retry_key.clone().expect("every call has a key");
        let before = taken.insert(key, call.request_id);
        assert_eq!(before, None, "a key was accepted twice");
    }
    for envelope in envelopes {
        let request = taken.remove(&envelope.retry_key.to_string());
        match envelope.state.as_str() {
            "accepted" => assert_eq!(request, envelope.request_id, "{envelope:?}"),
            "unknown" => {}
            _ => assert_eq!(request, None, "{envelope:?}"),
        }
    }
    assert!(
        taken.is_empty(),
        "LINE took what no envelope knows: {taken:?}"
    );
}

/// Cuts while the program sends, and does not mind a database that comes and goes.
pub async fn cut_all(db: Db, residents: Vec<i64>, page: usize) {
    while let Ok(lent) = delivery::cutting(&db, Utc::now(), "test").await {
        let Some(mut lent) = lent else { return };
        loop {
            let rest = residents.iter().copied().filter(|id| *id > lent.after);
            let some: Vec<i64> = rest.take(page).collect();
            let last = some.len() < page;
            let cut = async {
                let tx = db.begin().await?;
                let cut = delivery::cut(&tx, Utc::now(), &lent, &some, last).await?;
                tx.commit().await?;
                Ok::<_, delivery::NotCut>(cut)
            };
            match cut.await {
                Ok(cut) => lent = cut,
                Err(error) => panic!("cutting: {error}"),
            }
            if last {
                break;
            }
        }
    }
}
