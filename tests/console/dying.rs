//! What is told to a chief who presses while the database or LINE does not answer: within three seconds, plainly,
//! what failed, that nothing was done, and how residents are told without us.

use std::time::{Duration, Instant};

use kairan::audit::{self, Head};
use kairan::db::Db;
use kairan::emergency::moves::State;
use line_simulator::{Effect, Fault};

use super::emergencies::Night;
use super::night::Phone;
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, axe, picture};
use crate::support::database::{Engine, TestDb};
use crate::support::guest::{Guest, Seen, pairs};
use crate::support::postgres;
use crate::support::town::{Person, Town, policy_but};

/// The promise of docs/SECURITY.md.
const SOON: Duration = Duration::from_secs(3);
const BY_HAND: [&str; 4] = [
    "相手の課長に電話し",
    "防災行政無線、緊急速報メール、Lアラート、公式サイト",
    "システムの担当者に電話し",
    "記録番号",
];

/// A chief who has given everything that sending takes, and whose finger is on the button.
struct Pressing {
    path: String,
    browser: Guest,
    fields: Vec<(String, String)>,
}

impl Pressing {
    async fn of(night: &Night) -> Self {
        let path = night.concurred().await;
        let mut browser = night.chief.browser();
        let page = browser.get(&format!("{path}/send")).await;
        let (digest, people) = (page.field("digest"), "1".to_owned());
        let mut fields = vec![("digest", digest), ("people", people)];
        let send = format!("{path}/send");
        let asked: Vec<_> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let answer = browser.post(&send, &asked).await;
        let answer = browser.answer(&answer);
        let proof = pairs(&answer).map(|(name, value)| (name, value.to_owned()));
        fields.extend(proof);
        let fields = fields.into_iter().map(|(n, v)| (n.to_owned(), v));
        Self {
            path,
            browser,
            fields: fields.collect(),
        }
    }

    async fn presses(&self) -> Seen {
        let fields = self.fields.iter().map(|(n, v)| (n.as_str(), v.as_str()));
        let fields: Vec<_> = fields.collect();
        let (send, begun) = (format!("{}/send", self.path), Instant::now());
        let seen = self.browser.post(&send, &fields).await;
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        seen
    }

    /// The page for what was not done.
    async fn is_told(&self) {
        let seen = self.presses().await;
        assert_eq!(seen.status, 503, "{}", seen.page);
        seen.says("データベースを使えません。")
            .says("何も変更していません。何も送信していません。");
        for words in BY_HAND {
            seen.says(words);
        }
    }

    /// Once the database is back, all is as before the press, and pressing again sends once.
    async fn is_as_before(&self, night: &Night, hanako: &Person<'_>, head: &Head) {
        assert_eq!(night.find(&self.path).await.head.state, State::Concurred);
        assert_eq!(&audit::head(&night.town.db).await.unwrap(), head);
        night.arrives().await;
        assert_eq!(night.told(hanako, "断水"), 0);
        night.sends(&self.path).await.leads(&self.path);
        night.arrives().await;
        assert_eq!(night.told(hanako, "断水"), 1);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_locked_database_is_told_and_nothing_is_sent() {
    let night = Night::begin(Engine::Sqlite).await;
    let hanako = night.town.resident("花子").await;
    let chief = Pressing::of(&night).await;
    let head = audit::head(&night.town.db).await.unwrap();
    // Another program writes: the lock lies in the file, not in our process.
    let other = Db::connect(&night.town.db.url).await.unwrap();
    let lock = other.begin().await.unwrap();
    chief.is_told().await;
    // What only reads goes on.
    assert_eq!(night.duty.get(&chief.path).await.status(), 200);
    drop(lock);
    chief.is_as_before(&night, &hanako, &head).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dead_database_is_told_and_nothing_is_sent() {
    let (cluster, night) = on_its_own_cluster().await;
    let hanako = night.town.resident("花子").await;
    let chief = Pressing::of(&night).await;
    let head = audit::head(&night.town.db).await.unwrap();
    cluster.stop();
    chief.is_told().await;
    // Nor is anything shown, and the way back is the same page.
    let begun = Instant::now();
    let seen = chief.browser.get(&format!("{}?a=b", chief.path)).await;
    assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
    assert_eq!(seen.status, 503);
    seen.says("画面を開けません")
        .says(&format!("href=\"{}?a=b\"", chief.path));
    // Residents are told of no phone calls between chiefs.
    let public = night.town.guest().get("/policy").await;
    assert_eq!(public.status, 503);
    assert!(!public.page.contains("防災行政無線"), "{}", public.page);
    cluster.start();
    chief.is_as_before(&night, &hanako, &head).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_then_is_read_on_a_phone_and_at_a_desk() {
    let (cluster, night) = on_its_own_cluster().await;
    night.town.resident("花子").await;
    let path = night.drafts().await;
    let driver = Driver::start();
    for (name, width, height) in [("phone", 390, 844), ("desk", 1280, 900)] {
        let origin = night.chief.origin.clone();
        let phone = Phone::at(origin, &driver, (name, width, height)).await;
        night.chief.opens(&phone.window, &path).await;
        cluster.stop();
        phone.presses("協議に出す").await;
        phone.reads("データベースを使えません。").await;
        phone.reads("防災行政無線").await;
        let found = axe(&phone.window).await;
        assert_eq!(found, [""; 0], "{name}");
        picture(&phone.window, &format!("{name}-dying")).await;
        cluster.start();
        // Back on the very page it was pressed on.
        phone.presses("画面を開きなおす").await;
        phone.reads("協議に出す").await;
        phone.window.quit().await.unwrap();
    }
    assert_eq!(night.find(&path).await.head.state, State::Draft);
}

on_both!(
    when_line_does_not_answer_they_confer_and_are_told,
    |night: Night| {
        night.town.resident("花子").await;
        let path = night.drafts().await;
        let slow = Fault::with_probability(1.0, Effect::LatencyMs(9_000));
        night
            .town
            .line
            .inject(slow.on("POST", "/v2/bot/message/validate/broadcast"));
        let chief = night.chief.browser();
        let begun = Instant::now();
        let fields = [("version", "1")];
        chief
            .post(&format!("{path}/submit"), &fields)
            .await
            .leads(&path);
        assert!(begun.elapsed() < SOON, "{:?}", begun.elapsed());
        chief
            .get(&path)
            .await
            .says("LINEが応答していません")
            .says("防災行政無線");
        assert_eq!(night.find(&path).await.head.state, State::Conferring);
    }
);

async fn on_its_own_cluster() -> (postgres::Cluster, Night) {
    let cluster = tokio::task::spawn_blocking(postgres::start).await.unwrap();
    let db = TestDb::at(cluster.url("postgres")).await;
    let policy = policy_but("live = false", "live = true");
    (cluster, Night::of(Town::on(db, policy).await).await)
}
