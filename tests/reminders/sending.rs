//! What goes out, to whom, and how often.

use chrono::{Days, TimeDelta};
use kairan::reminder::{self, Key, Published, Standing};
use kairan::resident::{Child, ChildKind, Month};
use kairan::scheduler;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};

use super::{LAST, Room, next_for_a_child};
use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::policy_but;

on_both!(
    the_evening_before_each_hears_once_what_is_theirs,
    |room: Room| {
        // Wednesday is PET bottles' day in 本町地区, and nothing's in some other district.
        let first = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        let english = room
            .resident("本町1丁目", "before-19:00", Some("en"), &[])
            .await;
        let later = room
            .resident("本町2丁目", "before-20:00", Some("ja"), &[])
            .await;
        let never = room.resident("本町1丁目", "none", None, &[]).await;
        let outside = room.resident("市外", "before-19:00", None, &[]).await;
        let gone = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        room.town.line.block(&gone.user).unwrap();
        room.town.settle().await;
        room.in_force(&Key::Garbage, LAST).await;

        room.at("2026-11-24T18:59:00");
        room.turn().await;
        assert!(room.told(&first).is_empty(), "18:59");
        room.at("2026-11-24T19:00:00");
        let other = room.town.product.releasing.clone();
        let (one, two) = tokio::join!(room.town.product.releasing.turn(), other.turn());
        one.unwrap();
        two.unwrap();
        room.arrives().await;
        room.turn().await;
        let japanese = "明日11月25日(水)は、ペットボトルの収集日です。";
        assert_eq!(room.told(&first), [japanese]);
        assert_eq!(room.told(&english), ["Tomorrow, Wed, 25 Nov: PET bottles."]);
        assert_eq!(
            room.town.line.quick_replies(&first.user),
            ["時刻を変える・止める"]
        );
        assert!(room.told(&later).is_empty());
        room.at("2026-11-24T20:00:00");
        room.turn().await;
        room.at("2026-11-25T12:00:00");
        room.turn().await;
        assert_eq!(room.told(&later), [japanese]);
        for person in [&first, &english] {
            assert_eq!(room.told(person).len(), 1, "once");
        }
        for person in [&never, &outside, &gone] {
            assert!(room.told(person).is_empty());
        }
        // Under which approval each went out is on record.
        let released = room.hall.record("reminder.released").await;
        assert_eq!(released.len(), 2, "an occasion, an entry");
    }
);

on_both!(at_noon_it_is_too_late_for_the_evening, |room: Room| {
    let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
    room.in_force(&Key::Garbage, LAST).await;
    // Nobody was up at seven, nor until nine.
    room.at("2026-11-24T21:00:00");
    room.turn().await;
    room.at("2026-11-25T12:00:00");
    room.turn().await;
    assert!(room.told(&person).is_empty());
});

on_both!(a_rule_comes_once_for_each_child_of_a_month, |room: Room| {
    let (day, key, child) = next_for_a_child(&room).await;
    let other = Child {
        month: Month::of(child.month.first_day() - Days::new(1)),
        ..child
    };
    let unborn = Child {
        kind: ChildKind::Due,
        ..child
    };
    let both = room
        .resident("本町1丁目", "none", None, &[child, other])
        .await;
    let neither = room
        .resident("本町1丁目", "none", None, &[other, unborn])
        .await;
    let abroad = room.resident("-", "none", Some("en"), &[child]).await;
    room.in_force(&key, LAST).await;
    room.at(&format!("{day}T09:59:00"));
    room.turn().await;
    assert!(room.told(&both).is_empty(), "a minute before ten");
    for _ in 0..5 {
        room.town.later(TimeDelta::minutes(1));
        room.turn().await;
        room.town.later(TimeDelta::hours(23));
    }
    assert_eq!(room.told(&both).len(), 1);
    assert_eq!(room.told(&abroad).len(), 1);
    assert!(room.told(&neither).is_empty());
    assert!(room.told(&abroad)[0].starts_with('['), "in English");

    // One tap ends it all.
    assert_eq!(
        room.town.line.quick_replies(&both.user),
        ["お子さんの知らせを全て止める"]
    );
    room.town
        .line
        .tap(&both.user, "お子さんの知らせを全て止める")
        .unwrap();
    room.town.settle().await;
    let last = room.told(&both).pop().unwrap();
    assert!(last.contains("すべて止め"), "{last}");
});

on_both!(what_is_not_agreed_to_goes_to_nobody, |room: Room| {
    let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
    room.at("2026-11-24T19:00:00");
    room.turn().await;
    assert!(room.told(&person).is_empty());
    assert_eq!(room.standing(&Key::Garbage).await, Standing::NotAsked);
    // Agreed to while it still helps, it goes out.
    room.in_force(&Key::Garbage, LAST).await;
    room.turn().await;
    assert_eq!(room.told(&person).len(), 1);
});

on_both!(who_dies_at_it_leaves_it_to_the_next, |room: Room| {
    let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
    room.in_force(&Key::Garbage, LAST).await;
    room.at("2026-11-24T19:00:00");
    let (db, now) = (&room.town.db, room.town.clock.now());
    let profile = room.town.product.office.rules.at(now).await.unwrap();
    let published = Published::read(db).await.unwrap();
    let mut due = reminder::due(db, now).await.unwrap();
    due.retain(|run| run.occasion.key() == Key::Garbage);
    let run = due.remove(0);
    let notice = room.notice(&Key::Garbage).await;

    // Before the commit: it is as if nobody had begun.
    let tx = db.db.begin().await.unwrap();
    let approved = reminder::approved(&tx, now, &notice).await.unwrap();
    reminder::release(&tx, now, &profile, &published, &run, approved)
        .await
        .unwrap();
    drop(tx);
    assert!(reminder::due(db, now).await.unwrap().contains(&run));
    // After it, before anybody is cut.
    let mut tried = reminder::release_due(db, now, &profile).await.unwrap();
    tried.retain(|(tried, _)| *tried == run);
    assert!(matches!(tried[..], [(_, Ok(1..))]), "{tried:?}");
    assert!(room.told(&person).is_empty());
    // Another goes on where they ended.
    room.turn().await;
    room.turn().await;
    assert_eq!(room.told(&person).len(), 1);
});

on_both!(what_was_said_is_forgotten_in_time, |room: Room| {
    let child = next_for_a_child(&room).await;
    room.resident("本町1丁目", "before-19:00", None, &[child.2])
        .await;
    room.in_force(&Key::Garbage, LAST).await;
    room.in_force(&child.1, LAST).await;
    room.at("2026-11-24T19:00:00");
    room.turn().await;
    room.at(&format!("{}T10:00:00", child.0));
    room.turn().await;
    let rows = async || {
        let conn = room.town.db.conn();
        let groups = entity::reminder_group::Entity::find().count(conn).await;
        let runs = entity::reminder_run::Entity::find()
            .all(conn)
            .await
            .unwrap();
        let said = runs.into_iter().filter(|run| run.request.is_some());
        let mut runs: Vec<String> = said.map(|run| run.occasion).collect();
        runs.retain(|run| run.starts_with("garbage"));
        (groups.unwrap() > 0, runs.len())
    };
    assert_eq!(rows().await, (true, 1));
    let job = kairan::jobs::JOBS
        .iter()
        .find(|job| job.name == "forget-reminders");
    room.town
        .later(TimeDelta::days(91) - TimeDelta::days((child.0 - room.today()).num_days().abs()));
    scheduler::run_if_due(&room.town.product.office, *job.unwrap()).await;
    assert!(rows().await.0, "for three months");
    room.town.later(TimeDelta::days(40));
    scheduler::run_if_due(&room.town.product.office, *job.unwrap()).await;
    assert_eq!(rows().await, (false, 0));
    // That it came for children of a month stays.
    let runs = entity::reminder_run::Entity::find()
        .count(room.town.db.conn())
        .await;
    assert!(runs.unwrap() > 0);
});

/// The sample town, if its policy forgot recipients after ten days.
struct Forgetful(Room);

impl Begin for Forgetful {
    async fn begin(engine: Engine) -> Self {
        let policy = policy_but("recipient_days = 92", "recipient_days = 10");
        Self(Room::under(engine, policy).await)
    }
}

on_both!(
    whom_it_was_for_is_forgotten_when_the_policy_says,
    |forgetful: Forgetful| {
        let room = forgetful.0;
        room.resident("本町1丁目", "before-19:00", None, &[]).await;
        room.in_force(&Key::Garbage, LAST).await;
        room.at("2026-11-24T19:00:00");
        room.turn().await;
        for (day, known) in [("2026-12-03", 1), ("2026-12-05", 0)] {
            room.at(&format!("{day}T19:00:00"));
            for job in kairan::jobs::JOBS {
                if ["forget-recipients", "forget-reminders"].contains(&job.name) {
                    scheduler::run_if_due(&room.town.product.office, job).await;
                }
            }
            let envelopes = entity::envelope::Entity::find()
                .filter(entity::envelope::Column::Recipients.is_not_null())
                .count(room.town.db.conn());
            let groups = entity::reminder_group::Entity::find().count(room.town.db.conn());
            assert_eq!(envelopes.await.unwrap(), known, "{day}");
            assert_eq!(groups.await.unwrap() > 0, known > 0, "{day}");
        }
    }
);
