//! What whoever is woken reads when an emergency did not arrive, was stopped, or nothing is sent at all.

use line_simulator::{Effect, Fault};
use sea_orm::ConnectionTrait;

use super::calls::{Bell, has_telephone};
use super::emergencies::Night;
use super::office::page;
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::database::Engine;

impl Night {
    /// Sent to everybody, and LINE refuses it.
    async fn refused_by_line(&self) -> String {
        self.town.resident("花子").await;
        let path = self.sent().await;
        let refuses = Fault::next(99, Effect::Refused);
        let refuses = refuses.on("POST", "/v2/bot/message/broadcast");
        self.town.line.inject(refuses);
        self.arrives().await;
        assert_eq!(self.find(&path).await.head.state.code(), "attention");
        path
    }

    async fn is_held(&self) {
        let hold = "UPDATE delivery_gate SET held_since = '2026-11-24 00:30:00+00:00', hold_reason = 'unauthorised'";
        self.town.db.conn().execute_unprepared(hold).await.unwrap();
    }
}

on_both!(who_is_woken_for_trouble_reads_what_for, |night: Night| {
    has_telephone(&night, &night.chief, "090-1234-5678").await;
    let bell = Bell::start();
    let path = night.refused_by_line().await;
    let link = bell.rings(&night).await;
    let seen = night.town.guest().get(&link).await;
    seen.says("緊急配信の要対応").says("受けました</button>");
    assert!(!seen.page.contains("協議の依頼"), "{}", seen.page);
    let shown = page(&night.chief, &path).await;
    for told in [
        "配信する側への呼び出し（要対応）",
        "受けました</button>",
        "どうするか決めてください",
    ] {
        assert!(shown.contains(told), "{told}: {shown}");
    }
    // Who is on duty telephones, as for a request.
    let duty = page(&night.duty, &path).await;
    assert!(duty.contains("090-1234-5678にかける"), "{duty}");
    let accepted = [("reason", "防災行政無線で知らせた")];
    night.chief.post(&format!("{path}/accept"), &accepted).await;
    night.town.guest().get(&link).await.says("受けました。");
    assert!(!page(&night.duty, &path).await.contains("にかける"));
    let report = page(&night.auditor, &format!("{path}/report")).await;
    assert!(
        report.contains("緊急配信の要対応 第1号（配信する側）"),
        "{report}"
    );
});

on_both!(
    who_is_told_of_a_stop_has_nothing_to_answer,
    |night: Night| {
        night.town.resident("花子").await;
        has_telephone(&night, &night.chief, "090-1234-5678").await;
        let bell = Bell::start();
        let path = night.sent().await;
        night.duty.post(&format!("{path}/stop"), &[]).await;
        let link = bell.rings(&night).await;
        let seen = night.town.guest().get(&link).await;
        seen.says("緊急配信が止められました").says(&path);
        assert!(!seen.page.contains("受けました</button>"));
    }
);

on_both!(
    who_is_woken_for_a_hold_sees_it_on_the_page,
    |night: Night| {
        night.town.resident("花子").await;
        has_telephone(&night, &night.chief, "090-1234-5678").await;
        let bell = Bell::start();
        let path = night.conferring().await;
        night.is_held().await;
        night.town.product.releasing.turn().await.unwrap();
        let link = bell.rings(&night).await;
        let seen = night.town.guest().get(&link).await;
        seen.says("全配信の停止による呼び出し")
            .says("受けました</button>");
        let shown = page(&night.chief, &path).await;
        for told in [
            "すべての配信が止まっています",
            "配信する側への呼び出し（全配信の停止）",
        ] {
            assert!(shown.contains(told), "{told}: {shown}");
        }
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_read_on_every_screen() {
    let night = Night::begin(Engine::Sqlite).await;
    let troubled = night.refused_by_line().await;
    night.town.line.clear_faults();
    let fallen = night.concurred().await;
    for name in ["次郎", "三郎"] {
        night.town.resident(name).await;
    }
    night.sends(&fallen).await.leads(&fallen);
    night.is_held().await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        for (path, name) in [(&troubled, "attention"), (&fallen, "fallen")] {
            night.chief.opens(&window, path).await;
            nothing_is_wrong(&window).await;
            picture(&window, &format!("{name}-{width}")).await;
        }
        night.other.opens(&window, "/").await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("held-home-{width}")).await;
        window.quit().await.unwrap();
    }
}
