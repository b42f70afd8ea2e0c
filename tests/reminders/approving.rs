//! Standing approvals: whose word it takes, for how long, and what ends it.

use kairan::approval::{ApprovalError, Verdict};
use kairan::audit::Actor;
use kairan::childcare;
use kairan::edition::{self, Published};
use kairan::policy::Document;
use kairan::reminder::{self, Key, ReminderError, Standing, Wish};
use sea_orm::ConnectionTrait;

use super::{LAST, Room, next_for_a_child, until_day};
use crate::on_both;
use crate::support::Begin;
use crate::support::database::Engine;
use crate::support::town::policy_but;

async fn rewritten(room: &Room, key: &Key, text: &str) {
    let (db, now) = (&room.town.db, room.town.clock.now());
    let Key::Childcare(code) = key else {
        panic!("a rule")
    };
    let timetable = childcare::timetable(db).await.unwrap();
    let mut rule = timetable.versions(code).pop().unwrap().clone();
    rule.text = text.into();
    let seen = edition::number(db, Published::Childcare).await.unwrap();
    let done = childcare::change(db, now, Actor::Operator, seen, rule, room.today());
    assert_eq!(done.await.unwrap(), childcare::Changed::Done);
}

on_both!(a_rule_that_changed_waits_for_another_yes, |room: Room| {
    let (day, key, child) = next_for_a_child(&room).await;
    let person = room.resident("本町1丁目", "none", None, &[child]).await;
    room.in_force(&key, LAST).await;
    let until = LAST.parse().unwrap();
    assert_eq!(room.standing(&key).await, Standing::InForce(until));
    rewritten(&room, &key, "こっそり書きかえた文").await;
    assert_eq!(room.standing(&key).await, Standing::Changed);
    room.at(&format!("{day}T10:00:00"));
    room.turn().await;
    assert!(room.told(&person).is_empty());
    let voided = room.hall.record("approval.voided").await;
    assert_eq!(voided.len(), 1, "once, and on record");
    let ended = room.notice(&key).await.asked[0]
        .request
        .ended
        .clone()
        .unwrap();
    assert_eq!(ended.by, None);
    assert_eq!(
        ended.reason.as_deref(),
        Some("決裁のあとで内容が変わったため")
    );

    room.in_force(&key, LAST).await;
    room.turn().await;
    let told = room.told(&person);
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("こっそり書きかえた文"), "{told:?}");
});

on_both!(
    what_changes_while_it_waits_is_not_agreed_to,
    |room: Room| {
        let (_, key, _) = next_for_a_child(&room).await;
        room.submits(room.drafter, &key, until_day(LAST))
            .await
            .unwrap();
        let read = room.notice(&key).await;
        let seen = read.waiting().unwrap().request.frozen.digest.clone();
        rewritten(&room, &key, "別の文").await;
        let refused = room.agrees(room.pr_staff, &key).await;
        assert!(
            matches!(refused, Err(ReminderError::Changed)),
            "{refused:?}"
        );
        assert_eq!(room.standing(&key).await, Standing::Changed);
        // What was agreed to from an old page is not what goes out.
        room.decides(room.pr_staff, &read, &seen, Verdict::Agree(None))
            .await
            .unwrap();
        assert_eq!(room.standing(&key).await, Standing::Changed);
    }
);

on_both!(nobody_agrees_to_their_own, |room: Room| {
    let (_, key, _) = next_for_a_child(&room).await;
    let refused = room
        .submits(room.drafter, &Key::Garbage, until_day(LAST))
        .await;
    assert!(
        matches!(refused, Err(ReminderError::NotTheirs)),
        "{refused:?}"
    );
    room.submits(room.pr_staff, &key, until_day(LAST))
        .await
        .unwrap();
    let own = room.agrees(room.pr_staff, &key).await;
    assert!(
        matches!(own, Err(ReminderError::Approval(ApprovalError::Own))),
        "{own:?}"
    );
    let stranger = room.agrees(room.drafter, &key).await;
    assert!(
        matches!(
            stranger,
            Err(ReminderError::Approval(ApprovalError::NotEntitled))
        ),
        "{stranger:?}"
    );
    let again = room.submits(room.drafter, &key, until_day(LAST)).await;
    assert!(
        matches!(again, Err(ReminderError::Approval(ApprovalError::Already))),
        "{again:?}"
    );
    let notice = room.notice(&key).await;
    let seen = notice.waiting().unwrap().request.frozen.digest.clone();
    let back = Verdict::Return("リンク先を確かめてください".into());
    room.decides(room.pr_chief, &notice, &seen, back)
        .await
        .unwrap();
    assert_eq!(room.standing(&key).await, Standing::Returned);
    let missed = room
        .decides(room.pr_chief, &notice, &seen, Verdict::Agree(None))
        .await;
    assert!(missed.is_err());
});

on_both!(
    it_holds_to_its_last_day_and_is_renewed_before,
    |room: Room| {
        let key = Key::Garbage;
        let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        for odd in ["2026-11-23", "2027-11-25"] {
            let refused = room.submits(room.pr_chief, &key, until_day(odd)).await;
            assert!(
                matches!(refused, Err(ReminderError::Approval(ApprovalError::Until))),
                "{refused:?}"
            );
        }
        room.in_force(&key, "2026-11-24").await;
        room.at("2026-11-24T19:00:00");
        room.turn().await;
        assert_eq!(room.told(&person).len(), 1, "its last day counts");
        // Thursday's are burnable's.
        room.at("2026-11-25T19:00:00");
        room.turn().await;
        assert_eq!(room.told(&person).len(), 1);
        let lapsed = Standing::Lapsed("2026-11-24".parse().unwrap());
        assert_eq!(room.standing(&key).await, lapsed);

        room.in_force(&key, "2026-11-26").await;
        room.turn().await;
        let before = room.told(&person).len();
        // What is in force goes on while its renewal waits, and both hold then.
        room.submits(room.pr_chief, &key, until_day(LAST))
            .await
            .unwrap();
        let notice = room.notice(&key).await;
        assert!(notice.waiting().is_some());
        assert!(matches!(
            notice.standing(room.today()),
            Standing::InForce(_)
        ));
        room.agrees(room.pr_staff, &key).await.unwrap();
        let until = LAST.parse().unwrap();
        assert_eq!(room.standing(&key).await, Standing::InForce(until));
        assert!(before >= 1);

        let by = room.signed(room.pr_staff).await;
        let (notice, now) = (room.notice(&key).await, room.town.clock.now());
        room.does(async |tx| reminder::withdraw(tx, now, &by, &notice).await)
            .await
            .unwrap();
        assert_eq!(room.standing(&key).await, Standing::NotAsked);
    }
);

on_both!(what_was_handed_in_stays_as_it_was, |room: Room| {
    room.in_force(&Key::Garbage, LAST).await;
    let conn = room.town.db.conn();
    for deed in ["UPDATE notice SET revision = 9", "DELETE FROM notice"] {
        assert!(conn.execute_unprepared(deed).await.is_err(), "{deed}");
    }
});

/// The sample town, if its policy sent only in working hours.
struct Daytime(Room);

impl Begin for Daytime {
    async fn begin(engine: Engine) -> Self {
        let policy: Document = policy_but(
            "only_in_working_hours = false",
            "only_in_working_hours = true\nexception_by = \"owner_chief\"",
        );
        Self(Room::under(engine, policy).await)
    }
}

on_both!(
    outside_working_hours_it_takes_the_chief_and_a_reason,
    |daytime: Daytime| {
        let room = daytime.0;
        let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        let refused = room
            .submits(room.pr_staff, &Key::Garbage, until_day(LAST))
            .await;
        assert!(
            matches!(refused, Err(ReminderError::NoReason)),
            "{refused:?}"
        );
        let wish = Wish {
            out_of_hours: Some("前日の夜に知らせるため".into()),
            ..until_day(LAST)
        };
        let request = room
            .submits(room.pr_staff, &Key::Garbage, wish)
            .await
            .unwrap();
        let deciders: Vec<&str> = request
            .steps
            .iter()
            .map(|s| s.demand.decider.key())
            .collect();
        assert!(deciders.contains(&"owner_chief"), "{deciders:?}");
        let colleague = room.hall.holder("2003", room.hall.pr_staff).await;
        room.agrees(colleague, &Key::Garbage).await.unwrap();
        let silent = room.agrees(room.pr_chief, &Key::Garbage).await;
        assert!(
            matches!(silent, Err(ReminderError::Approval(ApprovalError::NoNote))),
            "{silent:?}"
        );
        let notice = room.notice(&Key::Garbage).await;
        let seen = notice.waiting().unwrap().request.frozen.digest.clone();
        let note = Verdict::Agree(Some("夜の通知は住民が選んだため".into()));
        room.decides(room.pr_chief, &notice, &seen, note)
            .await
            .unwrap();
        room.at("2026-11-24T19:00:00");
        room.turn().await;
        assert_eq!(room.told(&person).len(), 1);
    }
);

on_both!(
    what_keeps_to_working_hours_waits_for_them,
    |daytime: Daytime| {
        let room = daytime.0;
        let (day, key, child) = next_for_a_child(&room).await;
        let person = room.resident("本町1丁目", "none", None, &[child]).await;
        room.in_force(&key, LAST).await;
        let rules = room.town.product.office.rules.at(room.town.clock.now());
        let hours = rules.await.unwrap().working_hours.clone();
        let ten = |day: chrono::NaiveDate| {
            kairan::clock::instant_in_japan(
                day.and_time(chrono::NaiveTime::from_hms_opt(10, 0, 0).unwrap()),
            )
        };
        for after in 0..4 {
            let day = day + chrono::Days::new(after);
            room.at(&format!("{day}T10:00:00"));
            room.turn().await;
            let open = hours.is_open(ten(day));
            assert_eq!(!room.told(&person).is_empty(), open, "{day}");
            if open {
                return;
            }
        }
    }
);
