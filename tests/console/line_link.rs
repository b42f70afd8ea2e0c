//! Whether LINE can be reached is asked every few minutes, and shown before somebody has to send.

use chrono::TimeDelta;
use kairan::delivery::link;
use kairan::jobs::{JOBS, Task};
use kairan::scheduler;
use line_simulator::{Effect, Fault, Quota};

use super::emergencies::Night;
use super::office::page;
use crate::on_both;

async fn tests_the_link(night: &Night) {
    let job = JOBS.into_iter().find(|job| job.task == Task::Link).unwrap();
    scheduler::run_if_due(&night.town.product.office, job).await;
    night.town.clock.advance(TimeDelta::minutes(3));
}

on_both!(chiefs_see_when_line_is_silent, |night: Night| {
    assert_eq!(link::last(&night.town.db).await.unwrap(), None);
    tests_the_link(&night).await;
    let known = link::last(&night.town.db).await.unwrap().unwrap();
    let said = known.said.clone().unwrap();
    assert_eq!(
        (known.fault.as_deref(), said.quota),
        (None, kairan::line::client::Quota::Unlimited)
    );
    assert_eq!(said.ids, ["@000town"]);
    for chief in [&night.chief, &night.other] {
        assert!(!page(chief, "/").await.contains("LINEにつながるか"));
    }
    let health = page(&night.auditor, "/settings/health").await;
    assert!(health.contains("LINEとの疎通") && health.contains("今月の上限はありません"));

    let down = Fault::next(99, Effect::ServerError).on("GET", "/v2/bot/info");
    night.town.line.inject(down);
    tests_the_link(&night).await;
    let silent = link::last(&night.town.db).await.unwrap().unwrap();
    assert!(silent.fault.is_some());
    assert_eq!(silent.said, Some(said), "what it last said is kept");
    for told in [&night.chief, &night.other, &night.duty, &night.auditor] {
        let home = page(told, "/").await;
        assert!(
            home.contains("LINEにつながるか、確かめられません"),
            "{home}"
        );
    }
    assert!(!page(&night.drafter, "/").await.contains("LINEにつながるか"));
    let health = page(&night.auditor, "/settings/health").await;
    assert!(health.contains("LINEが応答しませんでした"), "{health}");
    // Nobody is kept from trying.
    night.town.resident("花子").await;
    let path = night.drafts().await;
    let draft = page(&night.chief, &path).await;
    assert!(draft.contains("LINEが応答していません"), "{draft}");
    night.hands_in(&path).await.leads(&path);
    assert_eq!(night.find(&path).await.head.state.code(), "conferring");
});

on_both!(too_few_messages_are_told_of_at_once, |night: Night| {
    night.town.resident("花子").await;
    night.town.resident("太郎").await;
    night.town.line.set_quota(Quota::Limited(1));
    let path = night.drafts().await;
    // Nobody has asked LINE yet: handing in does.
    let told = night.refusal(&path).await;
    assert!(
        told.contains("LINEの今月の残りは1通で、届ける2人に足りません"),
        "{told}"
    );
    assert_eq!(night.find(&path).await.head.state.code(), "draft");
    let draft = page(&night.chief, &path).await;
    assert!(
        draft.contains("LINEの今月の残りは1通で、2人には足りません"),
        "{draft}"
    );
    night.town.line.set_quota(Quota::Limited(100));
    night.hands_in(&path).await.leads(&path);
    assert_eq!(night.find(&path).await.head.state.code(), "conferring");
});
