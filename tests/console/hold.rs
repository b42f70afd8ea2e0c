//! Everything is held: the operator asks, the PR chief agrees, and only then anything goes on.

use kairan::audit;
use kairan::delivery;
use sea_orm::ConnectionTrait;

use super::broadcasts::text;
use crate::on_both;
use crate::support::console::leads_to;
use crate::support::town::Town;

async fn asks(town: &Town) -> bool {
    let tx = town.db.begin().await.unwrap();
    let asked = delivery::ask_to_lift(&tx, town.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    asked
}

async fn is_held(town: &Town) -> bool {
    delivery::hold(&town.db).await.unwrap().is_some()
}

on_both!(a_hold_is_lifted_by_an_operator_and_a_chief, |town: Town| {
    let [chief, admin, auditor] = town.readers().await;
    let nothing = text(chief.get("/hold").await).await;
    assert!(nothing.contains("止まっていません"), "{nothing}");
    assert!(!asks(&town).await, "there is nothing to lift");
    let hold = "UPDATE delivery_gate SET held_since = '2026-11-24 00:30:00+00:00', hold_reason = 'restored'";
    town.db.conn().execute_unprepared(hold).await.unwrap();

    let page = text(chief.get("/hold").await).await;
    assert!(page.contains("まだありません") && !page.contains("認めて再開する</button>"));
    let mut browser = chief.browser();
    let alone = chief.post("/hold/lift", &[]).await;
    assert_eq!(leads_to(&alone), "/hold");
    assert!(is_held(&town).await, "nobody has asked");

    // Who has to find out why is told where they can see it.
    let told = text(admin.get("/").await).await;
    assert!(told.contains("すべての配信が止まっています"), "{told}");
    assert!(told.contains("href=\"/settings/health\""), "{told}");
    let health = text(admin.get("/settings/health").await).await;
    assert!(health.contains("すべての配信が止まっています"), "{health}");

    assert!(asks(&town).await);
    let home = text(chief.get("/").await).await;
    assert!(
        home.contains("止まっている配信を再開するか決めてください"),
        "{home}"
    );
    let watching = text(auditor.get("/hold").await).await;
    assert!(!watching.contains("認めて再開する</button>"));
    assert_eq!(admin.post("/hold/lift", &[]).await.status(), 403);
    assert_eq!(auditor.post("/hold/lift", &[]).await.status(), 403);
    // The form alone is not enough.
    let unproven = chief.post("/hold/lift", &[]).await;
    assert_eq!(unproven.status(), 200);
    assert!(is_held(&town).await);
    browser.proves("/hold/lift", &[]).await.leads("/hold");
    assert!(!is_held(&town).await);

    let found = audit::search(&town.db, &audit::Query::default())
        .await
        .unwrap();
    let acts: Vec<&str> = found
        .entries
        .iter()
        .map(|entry| entry.act.as_str())
        .collect();
    assert_eq!(acts[0], "delivery.hold_lifted");
    assert!(acts.contains(&"delivery.lift_asked"), "{acts:?}");
    let again = chief.post("/hold/lift", &[]).await;
    assert_eq!(leads_to(&again), "/hold");
});
