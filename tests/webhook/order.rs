//! One resident's events in their order, and residents side by side.

use chrono::TimeDelta;
use entity::webhook_event;
use kairan::inbox;
use kairan::jobs::{self, JOBS};
use kairan::scheduler;
use line_simulator::{ApiCall, Effect, Fault};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{REPLY, body_of, event, held_of, post_signed, replies, says, text, user};
use crate::on_both;
use crate::support::database::sealed;
use crate::support::town::Town;

on_both!(neighbours_in_one_body_are_all_answered, |town: Town| {
    let people = [
        town.person("花子"),
        town.person("太郎"),
        town.person("次郎"),
    ];
    for person in &people {
        town.line.follow(&person.id).unwrap();
    }
    town.settle().await;
    town.line.in_one_body(|line| {
        for person in &people {
            line.say(&person.id, "防災").unwrap();
        }
    });
    town.settle().await;
    for person in &people {
        let last = town.line.inbox(&person.id).pop().unwrap();
        assert!(last.to_string().contains("【防災】"), "{last}");
    }
});

on_both!(what_was_said_earlier_is_answered_earlier, |town: Town| {
    let hanako = town.resident("花子").await;
    town.line.inject(Fault::next(3, Effect::WebhookReorder));
    let before = town.line.inbox(&hanako.id).len();
    for words in ["ヘルプ", "防災", "問い合わせ"] {
        says(&town, &hanako, words);
    }
    town.settle().await;
    let answers = town.line.inbox(&hanako.id).split_off(before);
    let heads = ["汐見市公式でできること", "【防災】", "汐見市役所"];
    assert_eq!(answers.len(), heads.len());
    for (answer, head) in answers.iter().zip(heads) {
        assert!(answer.to_string().contains(head), "{answer} for {head}");
    }
});

on_both!(one_resident_is_in_one_hand_at_a_time, |town: Town| {
    let hana = user('a');
    let later = body_of(&[text("02", &hana, 2, "あと")]);
    assert_eq!(post_signed(&town, later).await, 200);
    let now = town.clock.now();
    let in_hand = inbox::claim(&town.db, now, 9).await.unwrap();
    assert_eq!(in_hand.len(), 1);
    // An earlier event comes while the later one is being handled: it waits until that is over.
    let earlier = body_of(&[text("01", &hana, 1, "さき")]);
    assert_eq!(post_signed(&town, earlier).await, 200);
    assert_eq!(inbox::claim(&town.db, now, 9).await.unwrap().len(), 0);
    inbox::done(&town.db, &in_hand[0]).await.unwrap();
    assert_eq!(inbox::claim(&town.db, now, 9).await.unwrap().len(), 1);
});

on_both!(nobody_waits_for_another, |town: Town| {
    let people = [town.resident("花子").await, town.resident("太郎").await];
    let before = replies(&town).len();
    // Longer than anything below waits.
    let hang = Fault::next(1, Effect::LatencyMs(60_000)).on("POST", REPLY);
    town.line.inject(hang);
    town.product.work();
    for person in &people {
        says(&town, person, "ヘルプ");
    }
    let answered =
        |calls: &[ApiCall]| calls.iter().filter(|call| call.path == REPLY).count() > before;
    town.line.wait_requests(answered).await.unwrap();
    let sizes = people.each_ref().map(|p| town.line.inbox(&p.id).len());
    assert_eq!(sizes.iter().sum::<usize>(), 2 * 2 + 1, "{sizes:?}");
});
on_both!(the_latest_of_follow_and_block_holds, |town: Town| {
    for (who, kinds) in [
        ('a', [("unfollow", 20), ("follow", 10)]),
        ('b', [("follow", 10), ("unfollow", 20)]),
    ] {
        for (kind, at) in kinds {
            let event = event(&format!("{who}{at}"), &user(who), kind, at);
            assert_eq!(post_signed(&town, body_of(&[event])).await, 200);
            town.work().await;
        }
        let held = held_of(&town, &user(who)).await;
        let held = held.unwrap_or_else(|| panic!("{who}: the block is not known"));
        assert!(!held.reachable, "{who}");
        assert_eq!(held.unreachable_since, Some(town.clock.now()), "{who}");
        let back = event(&format!("{who}30"), &user(who), "follow", 30);
        assert_eq!(post_signed(&town, body_of(&[back])).await, 200);
        town.work().await;
        assert!(held_of(&town, &user(who)).await.unwrap().reachable, "{who}");
    }
});

on_both!(a_block_starts_the_clock_of_erasure, |town: Town| {
    let people = [town.resident("花子").await, town.resident("太郎").await];
    for person in &people {
        person.registers().await;
        town.line.block(&person.id).unwrap();
    }
    town.settle().await;
    let [hanako, taro] = &people;
    assert!(!held_of(&town, &hanako.id).await.unwrap().reachable);

    town.later(TimeDelta::days(29));
    run_jobs(&town).await;
    assert!(held_of(&town, &hanako.id).await.is_some());
    let back = taro.answered(|line| line.unblock(&taro.id).unwrap()).await;
    back.contains("おかえりなさい")
        .contains("本町地区/本町2丁目");

    town.later(TimeDelta::days(2));
    run_jobs(&town).await;
    assert!(held_of(&town, &hanako.id).await.is_none());
    let taro = held_of(&town, &taro.id).await.unwrap();
    assert!(taro.reachable && taro.area_id.is_some());
    // Nor does the record of her events name her.
    let hanako = sealed(&town.db, "webhook_event.line_user_id", &hanako.id);
    let named = webhook_event::Column::LineUserId.eq(hanako);
    let rows = webhook_event::Entity::find().filter(named);
    assert_eq!(rows.all(town.db.conn()).await.unwrap(), []);
});

async fn run_jobs(town: &Town) {
    for job in JOBS {
        scheduler::run_if_due(&town.product.office, job).await;
    }
    let runs = jobs::last_runs(&town.db).await.unwrap();
    assert!(
        runs.iter().all(|run| run.finished && run.error.is_none()),
        "{runs:?}"
    );
}
