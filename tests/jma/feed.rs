//! Taking bulletins in: from files, and from a feed that is asked politely.

use std::collections::BTreeMap;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use actix_web::{App, HttpRequest, HttpResponse, HttpServer, web};
use chrono::TimeDelta;
use kairan::clock::Instant;
use kairan::jma::{self, Feed, FeedBase, NotFetched, NotTaken, Place};
use sea_orm::ConnectionTrait;

use super::{EARTHQUAKE, LANDSLIDE, TSUNAMI, place, policy_text};
use crate::on_both;
use crate::support::database::TestDb;
use crate::support::program::{file, run};

fn now() -> Instant {
    "2026-11-24T11:30:00Z".parse().unwrap()
}

/// The agency's server on this machine: files with their versions, and what was asked of it.
#[derive(Clone, Default)]
struct Agency {
    files: Arc<Mutex<BTreeMap<String, String>>>,
    asked: Arc<Mutex<Vec<(String, u16)>>>,
}

impl Agency {
    fn start() -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let agency = Self::default();
        let shared = agency.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(web::Data::new(shared.clone()))
                .default_service(web::to(answer))
        });
        let server = server
            .workers(1)
            .disable_signals()
            .listen(listener)
            .unwrap()
            .run();
        tokio::spawn(server);
        (agency, address)
    }

    fn has(&self, path: &str, content: impl Into<String>) {
        self.files
            .lock()
            .unwrap()
            .insert(path.to_owned(), content.into());
    }

    /// A feed of these telegrams, the newest first.
    fn feeds(&self, name: &str, addresses: &[String]) {
        let entries: String = addresses
            .iter()
            .map(|address| format!("<entry><id>{address}</id><link type=\"application/xml\" href=\"{address}\"/></entry>"))
            .collect();
        self.has(
            &format!("/feed/{name}"),
            format!("<feed xmlns=\"http://www.w3.org/2005/Atom\">{entries}</feed>"),
        );
    }

    /// What was asked since, with the answers.
    fn asked(&self) -> Vec<(String, u16)> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }
}

async fn answer(request: HttpRequest, agency: web::Data<Agency>) -> HttpResponse {
    let path = request.path().to_owned();
    let content = agency.files.lock().unwrap().get(&path).cloned();
    let tag = content
        .as_ref()
        .map(|content| format!("\"{}\"", content.len()));
    let known = request
        .headers()
        .get("if-none-match")
        .map(|v| v.to_str().unwrap().to_owned());
    let (status, body) = match content {
        None => (404, String::new()),
        Some(_) if known.is_some() && known == tag => (304, String::new()),
        Some(content) => (200, content),
    };
    agency.asked.lock().unwrap().push((path, status));
    let mut answer = HttpResponse::build(status.try_into().unwrap());
    if let Some(tag) = tag {
        answer.insert_header(("etag", tag));
    }
    answer.body(body)
}

on_both!(
    nothing_is_fetched_twice_and_only_what_concerns_the_town,
    |db: TestDb| {
        let (agency, address) = Agency::start();
        let at = |name: &str| format!("{address}/data/{name}");
        let (quake, warning) = (
            at("20261124090411_0_VXSE53_270000.xml"),
            at("20261124111346_0_VPWW56_990000.xml"),
        );
        agency.has("/data/20261124090411_0_VXSE53_270000.xml", EARTHQUAKE);
        agency.has("/data/20261124111346_0_VPWW56_990000.xml", LANDSLIDE);
        agency.feeds(
            "eqvol.xml",
            &[
                "https://evil.example/20261124090000_0_VXSE53_270000.xml".to_owned(),
                quake.clone(),
                at("20261124080000_0_VFVO50_270000.xml"),
            ],
        );
        agency.feeds(
            "extra.xml",
            &[at("20261124111300_0_VPWW56_130000.xml"), warning.clone()],
        );
        let feed = Feed::new(FeedBase::parse(&format!("{address}/feed")).unwrap()).unwrap();

        let news = jma::fetch(&db, now(), &place(), &feed).await.unwrap();
        assert_eq!(news.len(), 2);
        assert_eq!(
            agency.asked(),
            [
                ("/feed/eqvol.xml".to_owned(), 200),
                ("/feed/extra.xml".to_owned(), 200),
                ("/data/20261124090411_0_VXSE53_270000.xml".to_owned(), 200),
                ("/data/20261124111346_0_VPWW56_990000.xml".to_owned(), 200),
            ]
        );
        // Nothing has changed: it is not even told again.
        assert_eq!(jma::fetch(&db, now(), &place(), &feed).await.unwrap(), []);
        assert_eq!(
            agency.asked(),
            [
                ("/feed/eqvol.xml".to_owned(), 304),
                ("/feed/extra.xml".to_owned(), 304)
            ]
        );
        // One more, and after a restart: what is here is known by its address.
        agency.has("/data/20261124090311_0_VTSE41_270000.xml", TSUNAMI);
        agency.feeds(
            "eqvol.xml",
            &[at("20261124090311_0_VTSE41_270000.xml"), quake],
        );
        let feed = Feed::new(FeedBase::parse(&format!("{address}/feed/")).unwrap()).unwrap();
        let news = jma::fetch(&db, now(), &place(), &feed).await.unwrap();
        assert_eq!(
            news.iter().map(|b| b.title.as_str()).collect::<Vec<_>>(),
            ["津波警報・注意報・予報a"]
        );
        assert_eq!(agency.asked().len(), 3);
        // The same telegram from a file.
        let taken = jma::take(&db, now(), &place(), TSUNAMI.as_bytes())
            .await
            .unwrap();
        assert!(!taken.is_new);
    }
);

on_both!(
    a_feed_that_fails_is_asked_again_and_a_bad_telegram_holds_nothing_up,
    |db: TestDb| {
        let (agency, address) = Agency::start();
        let at = |name: &str| format!("{address}/data/{name}");
        let feed = Feed::new(FeedBase::parse(&format!("{address}/feed")).unwrap()).unwrap();
        let failed = jma::fetch(&db, now(), &place(), &feed).await;
        assert!(matches!(
            failed,
            Err(NotTaken::NotFetched(NotFetched::Status { status: 404, .. }))
        ));
        agency.feeds("extra.xml", &[]);
        agency.has("/feed/eqvol.xml", "<html>");
        let failed = jma::fetch(&db, now(), &place(), &feed).await;
        assert!(matches!(
            failed,
            Err(NotTaken::NotFetched(NotFetched::NotAFeed { .. }))
        ));

        agency.feeds(
            "eqvol.xml",
            &[at("2_0_VXSE53_270000.xml"), at("1_0_VXSE53_270000.xml")],
        );
        agency.has("/data/1_0_VXSE53_270000.xml", "no bulletin");
        // The second is not there yet: the feed is not settled, and asked for in full once more.
        assert!(jma::fetch(&db, now(), &place(), &feed).await.is_err());
        agency.has("/data/2_0_VXSE53_270000.xml", EARTHQUAKE);
        assert_eq!(
            jma::fetch(&db, now(), &place(), &feed).await.unwrap().len(),
            1
        );
    }
);

on_both!(what_was_withdrawn_does_not_stand, |db: TestDb| {
    for telegram in [EARTHQUAKE, LANDSLIDE, &EARTHQUAKE.replace("通常", "訓練")] {
        assert!(
            jma::take(&db, now(), &place(), telegram.as_bytes())
                .await
                .unwrap()
                .is_new
        );
    }
    let since = now() - TimeDelta::hours(24);
    let titles = async || {
        let standing = jma::since(&db, &place(), since).await.unwrap();
        standing.into_iter().map(|b| b.title).collect::<Vec<_>>()
    };
    assert_eq!(
        titles().await,
        [
            "気象警報・注意報（Ｒ０６）（土砂）",
            "震源・震度に関する情報"
        ]
    );
    let withdrawn = EARTHQUAKE
        .replace("<InfoType>発表", "<InfoType>取消")
        .replace("18:04:00", "18:09:00");
    jma::take(&db, now(), &place(), withdrawn.as_bytes())
        .await
        .unwrap();
    assert_eq!(titles().await, ["気象警報・注意報（Ｒ０６）（土砂）"]);
});

on_both!(what_was_read_once_is_not_read_again, |db: TestDb| {
    for telegram in [EARTHQUAKE, TSUNAMI, LANDSLIDE] {
        jma::take(&db, now(), &place(), telegram.as_bytes())
            .await
            .unwrap();
    }
    let since = now() - TimeDelta::hours(24);
    let newest = async |place: &Place| jma::newest(&db, place, since).await.unwrap();
    let here = newest(&place()).await;
    assert_eq!(here.len(), 3);
    // Somebody else's municipality: read anew, for it.
    let there = newest(&Place::default()).await;
    assert_eq!(there.len(), 3);
    assert_ne!(there, here);
    let spoilt = "UPDATE jma_bulletin SET telegram = 'no XML'";
    db.conn().execute_unprepared(spoilt).await.unwrap();
    assert_eq!(newest(&Place::default()).await, there, "and kept");
    // What cannot be read any more is left out, and costs the others nothing.
    assert_eq!(newest(&place()).await, []);
});

on_both!(a_command_says_what_a_draft_would_say, |db: TestDb| {
    let folder = tempfile::tempdir().unwrap();
    let policy = file(folder.path(), "policy.toml", policy_text());
    let place = [
        ("DATABASE_URL", db.url.as_str()),
        ("KAIRAN_POLICY", policy.as_str()),
    ];
    let quake = file(folder.path(), "quake.xml", EARTHQUAKE);
    let told = run(&place, &["import", "jma", &quake]);
    assert_eq!(told.code, 0, "{told:?}");
    assert!(told.out.contains("第1報 発表）: kept"), "{}", told.out);
    assert!(told.out.contains("draft EQ1"), "{}", told.out);
    assert!(
        told.out.contains("| 【地震 震度5弱】汐見市全域"),
        "{}",
        told.out
    );
    let again = run(&place, &["import", "jma", &quake]);
    assert!(again.out.contains("known already"), "{}", again.out);

    let exercise = file(
        folder.path(),
        "exercise.xml",
        EARTHQUAKE.replace("通常", "訓練"),
    );
    let told = run(&place, &["import", "jma", &exercise]);
    assert!(
        told.code == 0 && told.out.contains("訓練: no draft"),
        "{told:?}"
    );
    let slide = file(folder.path(), "slide.xml", LANDSLIDE);
    let told = run(&place, &["import", "jma", &slide]);
    assert!(told.out.contains("? 「市の避難情報」："), "{}", told.out);

    let bad = file(folder.path(), "bad.xml", "<feed/>");
    let told = run(&place, &["import", "jma", &bad]);
    assert_eq!((told.code, told.out.as_str()), (2, ""), "{told:?}");
    assert!(told.err.starts_with(&format!("{bad}:1: ")), "{}", told.err);
    assert_eq!(run(&place, &["import", "jma", "no-such.xml"]).code, 2);
    let told = run(&place, &["import", "jma", "feed"]);
    assert!(
        told.code == 2 && told.err.contains("KAIRAN_JMA_FEED"),
        "{told:?}"
    );
    let elsewhere = [
        place[0],
        place[1],
        ("KAIRAN_JMA_FEED", "https://evil.example/"),
    ];
    assert_eq!(run(&elsewhere, &["import", "jma", "feed"]).code, 2);
});
