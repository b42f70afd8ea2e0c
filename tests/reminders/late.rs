//! Who registers a child late is answered with what can still be had.

use chrono::{NaiveDate, TimeDelta};
use kairan::childcare::{self, Timetable};
use kairan::clock::instant_in_japan;
use kairan::reminder::childcare::{coming, open_for};
use kairan::reminder::{Key, still_useful};
use kairan::resident::{Child, ChildKind, Month};

use super::{LAST, Room};
use crate::on_both;
use crate::support::town::Town;

on_both!(
    a_child_registered_late_still_has_what_it_can_have,
    |town: Town| {
        let hanako = town.resident("花子").await;
        for label in ["同意して登録する", "答えない", "どれも受け取らない"] {
            hanako.taps(label).await;
        }
        let born = "2026-05-10".parse().unwrap();
        let answer = hanako.picks("生まれた月を追加", born).await;
        let child = Child {
            kind: ChildKind::Born,
            month: Month::of(born),
        };
        let timetable = childcare::timetable(&town.db).await.unwrap();
        let useful = still_useful(&town.db, &timetable, child, town.clock.now());
        let mut useful = useful.await.unwrap();
        assert!(useful.len() > 5, "{}", useful.len());
        useful.sort_by_key(|(_, due)| due.until);
        answer.contains("いまからでも間に合うもの");
        for (rule, _) in &useful[..5] {
            answer.contains(&format!("・{}（", rule.title));
        }
        assert_eq!(answer.words().matches('・').count(), 5);
        // The question goes on below.
        answer
            .contains("ほかにもいらっしゃいますか")
            .offers("これで全部");

        // Said once: not of a child that is there, nor of one that is too old.
        let again = hanako.picks("生まれた月を追加", born).await;
        again.lacks("間に合うもの");
        let old = "2010-01-10".parse().unwrap();
        let old = hanako.picks("生まれた月を追加", old).await;
        old.contains("登録しました").lacks("間に合うもの");
        town.nothing_went_wrong().await;
    }
);

/// The next thing that comes for a born child and is among what ends first of all it can have by then.
fn next_of_use(timetable: &Timetable, today: NaiveDate) -> (NaiveDate, String, Child) {
    let of = |day: NaiveDate| {
        let born = coming(timetable, day).into_iter();
        let mut born = born.filter(|coming| coming.child.kind == ChildKind::Born);
        let found = born.find(|coming| {
            let ten = instant_in_japan(day.and_hms_opt(10, 0, 0).unwrap());
            let mut open = open_for(timetable, coming.child, ten);
            open.sort_by_key(|coming| coming.due.until);
            open.iter().take(5).any(|open| open == coming) && coming.rule.areas.is_empty()
        })?;
        Some((day, found.rule.code.clone(), found.child))
    };
    today.iter_days().skip(1).find_map(of).unwrap()
}

on_both!(
    who_registers_a_child_on_the_very_day_hears_of_it_once,
    |room: Room| {
        let (db, clock) = (&room.town.db, &room.town.clock);
        let timetable = childcare::timetable(db).await.unwrap();
        let (day, code, child) = next_of_use(&timetable, room.today());
        let can_still_be_had = async || {
            let useful = still_useful(db, &timetable, child, clock.now());
            let useful = useful.await.unwrap();
            useful.iter().any(|(rule, _)| rule.code == code)
        };
        room.in_force(&Key::Childcare(code.clone()), LAST).await;
        room.at(&format!("{day}T09:59:00"));
        assert!(!can_still_be_had().await, "it comes");
        // It is ten, and nobody has taken it up yet: it comes by itself.
        room.at(&format!("{day}T10:00:00"));
        assert!(!can_still_be_had().await);
        let early = room.resident("-", "none", None, &[child]).await;
        room.turn().await;
        assert_eq!(room.told(&early).len(), 1);
        assert!(can_still_be_had().await);

        let late = room.town.resident("花子").await;
        for label in ["同意して登録する", "答えない", "どれも受け取らない"] {
            late.taps(label).await;
        }
        let born = child.month.first_day();
        let answer = late.picks("生まれた月を追加", born).await;
        let version = timetable.in_force(day).find(|rule| rule.code == code);
        answer.contains(&format!("・{}（", version.unwrap().title));
        let heard = room.town.line.inbox(&late.id).len();
        for _ in 0..4 {
            room.turn().await;
            room.town.later(TimeDelta::hours(23));
        }
        assert_eq!(room.town.line.inbox(&late.id).len(), heard);
        assert_eq!(room.told(&early).len(), 1, "once");
        room.town.nothing_went_wrong().await;
    }
);
