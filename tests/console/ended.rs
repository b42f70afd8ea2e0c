//! Emergencies that were never sent, month by month, for who has to know why.

use chrono::TimeDelta;

use super::emergencies::{Night, again};
use super::office::{page, text};
use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::database::Engine;

const ENDED: &str = "/emergencies/ended";

impl Night {
    /// One declined, one taken back, one too late; one sent.
    async fn ends_some(&self) {
        self.town.resident("花子").await;
        let path = self.conferring().await;
        let reason = [("reason", "=事実と違う")];
        self.other.post(&format!("{path}/decline"), &reason).await;
        let path = self.conferring().await;
        self.chief.post(&format!("{path}/withdraw"), &[]).await;
        self.sent().await;
    }
}

on_both!(
    what_was_never_sent_is_read_by_who_reviews_it,
    |night: Night| {
        night.ends_some().await;
        let path = night.conferring().await;
        night.town.later(TimeDelta::minutes(61));
        kairan::emergency::expire(&night.town.db, night.town.clock.now())
            .await
            .unwrap();
        assert_eq!(night.find(&path).await.head.state.code(), "expired");
        for staff in [
            &mut night.other,
            &mut night.auditor,
            &mut night.chief,
            &mut night.duty,
        ] {
            again(&night.town, staff).await;
        }

        for reader in [&night.other, &night.auditor] {
            let seen = page(reader, ENDED).await;
            for told in [
                "2026年11月に終わったもの",
                "不同意",
                "取下げ",
                "失効",
                "=事実と違う",
                "システム",
                &path,
            ] {
                assert!(seen.contains(told), "{told}: {seen}");
            }
            assert!(!seen.contains("配信済") && !seen.contains("配信中"));
            assert!(page(reader, "/emergencies").await.contains(ENDED));
        }
        for other in [&night.chief, &night.duty] {
            assert_eq!(other.get(ENDED).await.status(), 403);
            assert!(!page(other, "/emergencies").await.contains(ENDED));
        }

        let file = night
            .auditor
            .get("/emergencies/ended.csv?month=2026-11")
            .await;
        assert_eq!(
            file.headers()["content-disposition"],
            "attachment; filename=\"emergencies-ended-2026-11.csv\""
        );
        let file = text(file).await;
        assert_eq!(file.lines().count(), 4, "{file}");
        assert!(file.contains("'=事実と違う"), "nothing is computed: {file}");

        let before = page(&night.other, "/emergencies/ended?month=2026-10").await;
        assert!(before.contains("この月にはありません") && before.contains("2026年10月"));
        // What is to come, or no month, is this one.
        for odd in ["2026-12", "2026-13", "262142-12", "x", ""] {
            let seen = page(&night.other, &format!("{ENDED}?month={odd}")).await;
            assert!(seen.contains("2026年11月"), "{odd}");
        }
    }
);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_read_on_every_screen() {
    let night = Night::begin(Engine::Sqlite).await;
    night.ends_some().await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        night.other.opens(&window, ENDED).await;
        nothing_is_wrong(&window).await;
        picture(&window, &format!("ended-{width}")).await;
        window.quit().await.unwrap();
    }
}
