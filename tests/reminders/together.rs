//! What comes for children of several months in the same words is said to a family once.

use chrono::{NaiveDate, TimeDelta};
use kairan::reminder::ahead;
use kairan::reminder::childcare::{Coming, coming, runs};
use kairan::reminder::{self, Became, Key, Published};
use kairan::resident::Child;
use sea_orm::{EntityTrait, Set};
use uuid::Uuid;

use super::{LAST, Room};
use crate::delivery::post::MULTICAST;
use crate::on_both;

/// The next thing of the sample town's timetable that comes for children of many months on one day, with the names under
/// which it is taken up.
async fn next_for_many(room: &Room) -> (NaiveDate, Key, Vec<(Child, String)>) {
    let timetable = kairan::childcare::timetable(&room.town.db).await.unwrap();
    let of = |day: NaiveDate| {
        let coming = coming(&timetable, day);
        let together = runs(&coming).into_iter().filter(|run| run.last.is_some());
        let mut keys = together.map(|run| run.occasion.key());
        keys.find_map(|key| {
            let same = coming.iter().filter(|c| c.occasion().key() == key);
            let named = |coming: &Coming<'_>| (coming.child, coming.occasion().to_string());
            let months: Vec<_> = same.map(named).collect();
            (months.len() > 3).then_some((day, key, months))
        })
    };
    room.today().iter_days().skip(1).find_map(of).unwrap()
}

on_both!(a_family_with_several_children_is_told_once, |room: Room| {
    let (day, key, months) = next_for_many(&room).await;
    let [first, second, .., last] = months.as_slice() else {
        panic!("{months:?}")
    };
    let several = [first.0, second.0, last.0];
    let family = room.resident("本町1丁目", "none", None, &several).await;
    let single = room.resident("大手町", "none", None, &[second.0]).await;
    room.in_force(&key, LAST).await;

    // The calendar and the notice's page count families, too.
    let planned = ahead::on(&room.town.db, day).await.unwrap().into_iter();
    let mut planned = planned.filter(|told| told.entry.notice == key.to_string());
    assert_eq!(planned.next().unwrap().people, [2]);
    let published = Published::read(&room.town.db).await.unwrap();
    let notice = room.notice(&key).await;
    let people = reminder::people(&room.town.db, &notice, &published, day);
    assert_eq!(people.await.unwrap(), 2);

    room.at(&format!("{day}T10:00:00"));
    room.turn().await;
    for _ in 0..4 {
        room.town.later(TimeDelta::hours(23));
        room.turn().await;
    }
    for person in [&family, &single] {
        assert_eq!(room.told(person).len(), 1, "once");
    }
    let calls = room.town.line.requests().into_iter();
    let calls = calls.filter(|call| call.path == MULTICAST);
    assert_eq!(calls.count(), 1, "one envelope for both");
    let fared = reminder::fared(&room.town.db, day).await.unwrap();
    assert_eq!(fared.len(), 1, "{fared:?}");
    assert_eq!(fared[0].run.last, Some(last.0.month));
    assert!(matches!(fared[0].became, Became::Ended(people) if people.accepted == 2));
});

on_both!(
    what_came_for_a_month_before_does_not_come_with_the_others,
    |room: Room| {
        let (day, key, months) = next_for_many(&room).await;
        let [first, second, third, .., last] = months.as_slice() else {
            panic!("{months:?}")
        };
        // An earlier version took each month up by itself, and did not get further than two.
        let rows = [first, second].map(|(_, occasion)| entity::reminder_run::ActiveModel {
            occasion: Set(occasion.clone()),
            day: Set(day),
            taken_up_at: Set(room.town.clock.now()),
            request: Set(Some(Uuid::nil())),
            last_month: Set(None),
        });
        entity::reminder_run::Entity::insert_many(rows)
            .exec_without_returning(room.town.db.conn())
            .await
            .unwrap();
        let told = room.resident("-", "none", None, &[second.0]).await;
        let both = [third.0, last.0];
        let others = room.resident("-", "none", None, &both).await;
        room.in_force(&key, LAST).await;
        room.at(&format!("{day}T10:00:00"));
        room.turn().await;
        room.turn().await;
        assert!(room.told(&told).is_empty(), "they were told");
        assert_eq!(room.told(&others).len(), 1);
    }
);
