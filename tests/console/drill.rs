//! The night path as an exercise, in two real browsers; and what its pages weigh where the connection is bad.

use kairan::mode::Mode;
use thirtyfour::WebDriver;

use super::emergencies::{FALSE_ALARM, Night, confirms};
use super::live::{reads, until};
use super::night::{Phone, opened};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::Driver;
use crate::support::console::leads_to;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{Town, policy_but};

/// A night in an installation for drills.
pub struct Exercise(Night);

impl Begin for Exercise {
    async fn begin(engine: Engine) -> Self {
        let db = TestDb::begin(engine).await;
        let policy = policy_but("live = false", "live = true");
        Self(Night::of(Town::over_as(db, policy, Mode::Drill).await).await)
    }
}

/// Water is cut off in the whole town, written by whoever holds this telephone.
async fn writes(chief: &Phone) {
    chief.opens("/emergencies/new/WATER").await;
    chief.fills_in_water().await;
    chief.presses("保存して確かめる").await;
    chief.reads("協議に出す").await;
}

on_both!(a_drill_in_two_browsers, |exercise: Exercise| {
    let night = exercise.0;
    let hanako = night.town.resident("花子").await;
    let product = opened(&night, Mode::Drill).await;
    let driver = Driver::start();
    let person = night.chief.person;
    let chief = Phone::of(&night, &driver, &product, person, ("chief", 390, 844)).await;
    let person = night.other.person;
    let other = Phone::of(&night, &driver, &product, person, ("other", 1280, 900)).await;

    writes(&chief).await;
    until(&chief.window, &reads("body", "住民には届きません")).await;
    chief.looks(&night, "drill-draft").await;
    chief.presses("協議に出す").await;
    chief.reads("照合番号").await;
    other.opens("/").await;
    other.presses("開く").await;
    until(&other.window, &reads("body", "住民には届きません")).await;
    other.looks(&night, "drill-decide").await;
    other.presses("同意する").await;
    other.reads("同意しました").await;
    chief.reads("同意がそろいました").await;
    chief.presses("配信へ進む").await;
    chief.reads("訓練：1人に配信").await;
    chief.is_in_reach("訓練：1人に配信").await;
    chief.looks(&night, "drill-send").await;
    chief.types("people", "1").await;
    chief.presses("訓練：1人に配信").await;
    chief.reads("訓練の配信をしています").await;
    night.arrives().await;
    assert_eq!(night.told(&hanako, "【訓練】"), 3, "every bubble says so");
    for phone in [chief, other] {
        phone.window.quit().await.unwrap();
    }
});

on_both!(
    a_whole_drill_calls_nobody_at_the_live_account,
    |exercise: Exercise| {
        let drill = exercise.0;
        let engine = match drill.town.db.is_embedded() {
            true => Engine::Sqlite,
            false => Engine::Postgres,
        };
        // The town's own installation stands beside it, with an account and a resident of its own.
        let live = Night::begin(engine).await;
        let taro = live.town.resident("太郎").await;
        let (called, heard) = (
            live.town.line.requests().len(),
            live.town.line.inbox(&taro.id).len(),
        );
        let hanako = drill.town.resident("花子").await;
        let greeted = drill.town.line.inbox(&hanako.id).len();
        let path = drill.sent().await;
        let stop = format!("{path}/stop");
        drill.duty.browser().post(&stop, &[]).await.leads(&path);
        drill.arrives().await;
        assert_eq!(drill.told(&hanako, "断水"), 0);
        confirms(&drill.other, &path, "resume_concur", &[])
            .await
            .leads(&path);
        confirms(&drill.chief, &path, "resume", &[])
            .await
            .leads(&path);
        drill.arrives().await;
        let correct = format!("{path}/correct/FIX-FALSE");
        let fix = drill.chief.post(&correct, FALSE_ALARM).await;
        let fix = leads_to(&fix).to_owned();
        drill.hands_in(&fix).await.leads(&fix);
        drill.concurs(&fix).await.leads(&fix);
        drill.sends(&fix).await.leads(&fix);
        drill.arrives().await;
        let filed = [("words", "訓練のとおりでした。")];
        let filed = drill.chief.post(&format!("{path}/report"), &filed).await;
        assert_eq!(filed.status(), 303);
        // Whoever is in the drill heard both; the live account was not called once, nor is anything on its way there.
        let said = drill.town.line.inbox(&hanako.id).split_off(greeted);
        assert_eq!(said.len(), 6, "{said:?}");
        assert!(
            said.iter()
                .all(|bubble| bubble.to_string().contains("【訓練】"))
        );
        // Though it was for the whole town: a drill names whom it is for.
        let mut calls = drill.town.line.requests().into_iter();
        assert!(calls.all(|call| call.path != "/v2/bot/message/broadcast"));
        assert_eq!(live.town.line.requests().len(), called);
        live.arrives().await;
        let since = live.town.line.requests().split_off(called);
        let sent = since
            .iter()
            .filter(|call| call.path.starts_with("/v2/bot/message/"));
        assert_eq!(
            sent.filter(|call| call.method == "POST").count(),
            0,
            "{since:?}"
        );
        assert_eq!(live.town.line.inbox(&taro.id).len(), heard);
    }
);

/// Bytes of a page and all its files, before compression, and the milliseconds until they were all there.
async fn weighed(window: &WebDriver) -> (u64, u64) {
    until(window, "document.readyState === 'complete'").await;
    let script = "
        const all = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')];
        const bytes = all.reduce((sum, one) => sum + one.decodedBodySize, 0);
        return [bytes, Math.round(Math.max(...all.map((one) => one.responseEnd)))];";
    let weighed = window.execute(script, vec![]).await.unwrap();
    weighed.convert().unwrap()
}

on_both!(the_night_path_is_light_on_3g, |night: Night| {
    night.town.resident("花子").await;
    let product = opened(&night, Mode::Live).await;
    let driver = Driver::start();
    let person = night.chief.person;
    let chief = Phone::of(&night, &driver, &product, person, ("chief", 390, 844)).await;
    let cdp = chief.window.cdp();
    // As browsers' own tools call 3G: 1.6 Mbit/s down, 750 kbit/s up, 150 ms; and nothing kept from before.
    let slow = serde_json::json!({
        "offline": false, "latency": 150, "downloadThroughput": 200_000, "uploadThroughput": 93_750});
    cdp.send_raw("Network.enable", serde_json::json!({}))
        .await
        .unwrap();
    cdp.send_raw("Network.emulateNetworkConditions", slow)
        .await
        .unwrap();
    let nothing_kept = serde_json::json!({"cacheDisabled": true});
    cdp.send_raw("Network.setCacheDisabled", nothing_kept)
        .await
        .unwrap();
    let path = night.concurred().await;
    for page in [
        "/",
        "/emergencies/new",
        "/emergencies/new/WATER",
        &path,
        &format!("{path}/send"),
    ] {
        chief.opens(page).await;
        let (bytes, took) = weighed(&chief.window).await;
        let page = page.replace(&path, "/emergencies/…");
        println!("| {page} | {bytes} bytes | {took} ms |");
        assert!(bytes > 1_000, "{page}: {bytes}");
        assert!(bytes <= 200 * 1024, "{page}: {bytes}");
    }
    chief.window.quit().await.unwrap();
});
