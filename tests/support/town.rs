//! The sample town with the product open and a simulated LINE, at ten o'clock on a Tuesday in November.
//!
//! Nothing runs behind a story's back: whatever a person does is delivered, and the worker is stepped
//! until nothing is left to do.

use std::net::SocketAddr;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kairan::audit::Actor;
use kairan::childcare;
use kairan::clock::Clock;
use kairan::config::Settings;
use kairan::garbage::{self, Options as GarbageOptions, Strictness};
use kairan::inbox;
use kairan::mode::Mode;
use kairan::policy::Document;
use kairan::startup::{self, Running};
use kairan::table::Source;
use line_simulator::{Clock as LineClock, Options, Simulator};
use serde_json::Value;

use super::Begin;
use super::database::{Engine, TestDb, key_file};

pub const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/sample-town");

pub struct Town {
    pub line: Simulator,
    pub product: Running,
    pub clock: Clock,
    pub db: TestDb,
}

/// Tuesday, 24 November 2026, 10:00 in Japan.
pub fn tuesday() -> DateTime<Utc> {
    "2026-11-24T01:00:00Z".parse().unwrap()
}

pub fn policy() -> Document {
    Document::parse(std::fs::read_to_string(format!("{SAMPLE}/policy.toml")).unwrap()).unwrap()
}

/// The sample town's policy, but with other words in the place of `from`.
pub fn policy_but(from: &str, to: &str) -> Document {
    let text = policy().text;
    assert!(text.contains(from), "`{from}` is not in the policy");
    Document::parse(text.replacen(from, to, 1)).unwrap()
}

impl Begin for Town {
    async fn begin(engine: Engine) -> Self {
        Self::with(engine, policy()).await
    }
}

impl Town {
    pub async fn with(engine: Engine, policy: Document) -> Self {
        Self::on(TestDb::begin(engine).await, policy).await
    }

    /// On a database of one's own.
    pub async fn on(db: TestDb, policy: Document) -> Self {
        load(&db).await;
        Self::over(db, policy).await
    }

    /// Opens the product over a database that is already there.
    pub async fn over(db: TestDb, policy: Document) -> Self {
        Self::over_as(db, policy, Mode::Live).await
    }

    /// The same as an installation for drills, or for real.
    pub async fn over_as(db: TestDb, policy: Document, mode: Mode) -> Self {
        let line = Simulator::start(Options {
            display_name: policy.profile.operator.account_name.clone(),
            clock: LineClock::Fixed(tuesday()),
            ..Options::default()
        })
        .unwrap();
        let clock = Clock::fixed(tuesday());
        let settings = Settings {
            mode,
            ..settings(&line, &db.url)
        };
        let product = startup::open(&settings, policy, clock.clone(), None)
            .await
            .unwrap();
        line.set_webhook(&format!("http://{}/line/webhook", product.address));
        Self {
            line,
            product,
            clock,
            db,
        }
    }

    /// Somebody who has added the account and was greeted.
    pub async fn resident(&self, name: &str) -> Person<'_> {
        let person = self.person(name);
        self.line.follow(&person.id).unwrap();
        self.settle().await;
        person
    }

    /// Somebody with a phone who has not added the account.
    pub fn person(&self, name: &str) -> Person<'_> {
        Person {
            town: self,
            id: self.line.add_person(name),
        }
    }

    /// Everything sent is delivered, and everything delivered is answered.
    pub async fn settle(&self) {
        self.line.settle().await.unwrap();
        self.work().await;
    }

    /// The worker works until nothing is due.
    pub async fn work(&self) {
        while self.product.worker.step().await.unwrap() > 0 {}
    }

    /// Both clocks move on.
    pub fn later(&self, by: TimeDelta) {
        self.clock.advance(by);
        self.line.advance(by.to_std().unwrap_or(Duration::ZERO));
    }

    /// Nothing was set aside.
    pub async fn nothing_went_wrong(&self) {
        assert_eq!(inbox::set_aside(&self.db).await.unwrap(), []);
    }
}

pub struct Person<'a> {
    town: &'a Town,
    pub id: String,
}

impl Person<'_> {
    /// Types, and reads what comes back.
    pub async fn says(&self, words: &str) -> Answer {
        self.answered(|line| line.say(&self.id, words).unwrap())
            .await
    }

    /// Taps the button that reads so.
    pub async fn taps(&self, label: &str) -> Answer {
        self.answered(|line| drop(line.tap(&self.id, label).unwrap()))
            .await
    }

    /// Taps a date picker and picks.
    pub async fn picks(&self, label: &str, date: NaiveDate) -> Answer {
        self.answered(|line| line.pick_date(&self.id, label, &date.to_string()).unwrap())
            .await
    }

    /// Sends where they are.
    pub async fn stands_at(&self, latitude: f64, longitude: f64) -> Answer {
        self.answered(|line| line.send_location(&self.id, latitude, longitude).unwrap())
            .await
    }

    pub async fn answered(&self, deed: impl FnOnce(&Simulator)) -> Answer {
        let before = self.town.line.inbox(&self.id).len();
        deed(&self.town.line);
        self.town.settle().await;
        let mut messages = self.town.line.inbox(&self.id);
        Answer(messages.split_off(before))
    }

    /// Goes through the whole registration: 本町2丁目, 19:00 the evening before, events, no children.
    pub async fn registers(&self) {
        for label in [
            "同意して登録する",
            "本町地区",
            "本町2丁目",
            "前の日の 19:00",
            "催し・講座",
            "これで決める",
            "いない",
        ] {
            self.taps(label).await;
        }
    }
}

/// The bubbles that came back.
pub struct Answer(pub Vec<Value>);

impl Answer {
    /// All words on the screen, in order: texts, and every text and button of cards.
    pub fn words(&self) -> String {
        let mut words = Vec::new();
        for bubble in &self.0 {
            gather(&bubble["message"], &mut words);
        }
        words.join("\n")
    }

    /// The buttons under the last bubble.
    pub fn buttons(&self) -> Vec<String> {
        let Some(last) = self.0.last() else {
            return Vec::new();
        };
        let items = last["message"]["quickReply"]["items"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        items
            .iter()
            .map(|i| i["action"]["label"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    #[track_caller]
    pub fn contains(&self, words: &str) -> &Self {
        assert!(
            self.words().contains(words),
            "`{words}` is not in:\n{}\n{:?}",
            self.words(),
            self.buttons()
        );
        self
    }

    #[track_caller]
    pub fn lacks(&self, words: &str) -> &Self {
        assert!(
            !self.words().contains(words),
            "`{words}` is in:\n{}",
            self.words()
        );
        self
    }

    #[track_caller]
    pub fn offers(&self, label: &str) -> &Self {
        assert!(
            self.buttons().iter().any(|b| b == label),
            "`{label}` is not among {:?}",
            self.buttons()
        );
        self
    }
}

fn gather(json: &Value, words: &mut Vec<String>) {
    match json {
        Value::Object(fields) => {
            for (key, value) in fields {
                match (key.as_str(), value) {
                    ("text" | "label" | "title" | "address", Value::String(text)) => {
                        words.push(text.clone())
                    }
                    ("quickReply", _) => {}
                    _ => gather(value, words),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| gather(item, words)),
        _ => {}
    }
}

/// The settings an operator would write, with the simulator in LINE's place.
pub fn settings(line: &Simulator, database: &str) -> Settings {
    let options = Options::default();
    let pairs = [
        ("DATABASE_URL", database.to_owned()),
        ("KAIRAN_DATA_KEY_FILE", key_file().to_owned()),
        ("LINE_CHANNEL_SECRET", options.channel_secret),
        ("LINE_CHANNEL_ID", options.channel_id),
        ("LINE_API_BASE", line.api_base()),
        ("LINE_API_DATA_BASE", line.data_base()),
        (
            "KAIRAN_LISTEN",
            SocketAddr::from(([127, 0, 0, 1], 0)).to_string(),
        ),
    ];
    Settings::from_lookup(|name| {
        pairs
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, v)| v.clone())
    })
    .unwrap()
}

pub fn garbage_files() -> Vec<Source> {
    let mut files: Vec<Source> = std::fs::read_dir(format!("{SAMPLE}/garbage"))
        .unwrap()
        .map(|file| {
            let file = file.unwrap();
            let name = file.file_name().into_string().unwrap();
            Source::new(name, std::fs::read(file.path()).unwrap())
        })
        .collect();
    files.sort_by(|a, b| a.name.cmp(&b.name));
    files
}

async fn load(db: &TestDb) {
    let (now, by) = (tuesday(), Actor::Operator);
    let report = garbage::import(
        db,
        now,
        by.clone(),
        &garbage_files(),
        GarbageOptions::default(),
        Strictness::Strict,
    )
    .await;
    assert!(report.unwrap().changes.is_some());
    let file = |name: &str| Source::new(name, std::fs::read(format!("{SAMPLE}/{name}")).unwrap());
    let timetable = file("childcare.csv");
    let read = childcare::import(db, now, by.clone(), &timetable, Strictness::Strict).await;
    assert_eq!(read.unwrap().findings, []);
    kairan::faq::import(db, now, by, &file("faq.csv"))
        .await
        .unwrap();
    kairan::shelter::import(db, &file("shelters.csv"))
        .await
        .unwrap();
}
