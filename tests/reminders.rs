//! Reminders: each occasion once, each resident in one group, and only those it is for.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use kairan::area::Lookup;
use kairan::clock::date_in_japan;
use kairan::ids::{ReminderGroupId, ResidentId};
use kairan::language::Language;
use kairan::line::UserId;
use kairan::reminder::{self, Group, Occasion, Run};
use kairan::resident::{self, Child, ChildKind, GarbageReminder, Residence};
use kairan::segment;

use crate::on_both;
use crate::support::town::{Town, tuesday};

/// Somebody who told where they live, when they wish to hear of garbage, what they read, and of children.
async fn registers(
    town: &Town,
    number: usize,
    area: &str,
    hour: &str,
    language: Option<&str>,
    children: &[Child],
) -> ResidentId {
    let directory = kairan::area::directory(&town.db).await.unwrap();
    let user = UserId::parse(&format!("U{number:032x}")).unwrap();
    let tx = town.db.begin().await.unwrap();
    let stranger = resident::follow(&tx, tuesday(), &user, 1).await.unwrap();
    let mut known = stranger.clone();
    if let Lookup::Found(area) = directory.by_label(area) {
        known.residence = Residence::Area(area.id);
    }
    known.reminder = Some(GarbageReminder::parse(hour).unwrap());
    known.language = language.map(|code| Language::parse(code).unwrap());
    known.children = Some(children.iter().copied().collect());
    known.topics = Some(["childcare".to_owned()].into());
    let saved = resident::save(&tx, tuesday(), Some(&stranger), known, 1);
    let saved = saved.await.unwrap();
    tx.commit().await.unwrap();
    saved.id
}

/// The runs due now, of garbage or of childcare.
async fn due(town: &Town, garbage: bool) -> Vec<Run> {
    let mut runs = reminder::due(&town.db, town.clock.now()).await.unwrap();
    runs.retain(|run| matches!(run.occasion, Occasion::Garbage { .. }) == garbage);
    runs
}

/// Who is in a group, as whoever sends it will ask.
async fn audience(town: &Town, id: ReminderGroupId, planned: &Group) -> Vec<i64> {
    let (group, selection) = reminder::audience(&town.db, id).await.unwrap().unwrap();
    assert_eq!(&group, planned, "it is kept as it was planned");
    let page = segment::page(&town.db, &selection, 0, 100).await.unwrap();
    let count = segment::count(&town.db, &selection).await.unwrap();
    assert_eq!(count, page.len() as u64);
    page
}

on_both!(
    the_evening_before_each_hears_once_what_is_theirs,
    |town: Town| {
        // Wednesday is PET bottles' day in 本町地区, and nothing's in some other district.
        let first = registers(&town, 1, "本町1丁目", "before-19:00", None, &[]).await;
        let second = registers(&town, 2, "本町2丁目", "before-19:00", Some("ja"), &[]).await;
        let english = registers(&town, 3, "本町1丁目", "before-19:00", Some("en"), &[]).await;
        registers(&town, 4, "本町1丁目", "before-20:00", None, &[]).await;
        registers(&town, 5, "本町1丁目", "none", None, &[]).await;
        registers(&town, 6, "市外", "before-19:00", None, &[]).await;
        registers(&town, 7, "本町1丁目", "before-19:00", None, &[]).await;
        let tx = town.db.begin().await.unwrap();
        let gone = UserId::parse(&format!("U{:032x}", 7)).unwrap();
        resident::unfollow(&tx, tuesday(), &gone, 2).await.unwrap();
        tx.commit().await.unwrap();

        town.later(TimeDelta::minutes(8 * 60 + 59));
        assert_eq!(due(&town, true).await, [], "18:59");
        town.later(TimeDelta::minutes(1));
        let runs = due(&town, true).await;
        assert_eq!(runs.len(), 1, "{runs:?}");
        assert_eq!(
            runs[0].occasion.to_string(),
            "garbage/2026-11-25/before-19:00"
        );

        // Two replicas, one run.
        let now = town.clock.now();
        let (one, other) = tokio::join!(
            reminder::take_up(&town.db, now, &runs[0]),
            reminder::take_up(&town.db, now, &runs[0])
        );
        let taken: Vec<_> = [one.unwrap(), other.unwrap()]
            .into_iter()
            .flatten()
            .collect();
        assert_eq!(taken.len(), 1);
        let mut reached = BTreeSet::new();
        let mut told = Vec::new();
        for (id, group) in &taken[0] {
            let people = audience(&town, *id, group).await;
            for person in &people {
                assert!(reached.insert(*person), "{person} is in two groups");
            }
            if !people.is_empty() {
                told.push((group.message.clone(), people));
            }
        }
        told.sort();
        assert_eq!(
            told,
            [
                (
                    "Tomorrow, Wed, 25 Nov: PET bottles.".to_owned(),
                    vec![english.0]
                ),
                (
                    "明日11月25日(水)は、ペットボトルの収集日です。".to_owned(),
                    vec![first.0, second.0]
                ),
            ]
        );
        assert_eq!(due(&town, true).await, []);
        // At eight the next; nobody took it up in time, and then it is left.
        town.later(TimeDelta::minutes(60));
        assert_eq!(due(&town, true).await.len(), 1);
        town.later(TimeDelta::minutes(120));
        assert_eq!(due(&town, true).await, []);
    }
);

on_both!(a_rule_comes_once_for_each_child_of_a_month, |town: Town| {
    // The next day on which something comes for a child that is born, in the sample town's own timetable.
    let timetable = kairan::childcare::timetable(&town.db).await.unwrap();
    let today = date_in_japan(town.clock.now());
    let (day, code, child) = (1..400)
        .map(|after| today + Days::new(after))
        .find_map(|day| {
            let coming = reminder::childcare::coming(&timetable, day);
            let born = coming.iter().find(|coming| {
                coming.child.kind == ChildKind::Born && coming.rule.areas.is_empty()
            });
            born.map(|coming| (day, coming.rule.code.clone(), coming.child))
        })
        .unwrap();
    let other = Child {
        month: kairan::resident::Month::of(child.month.first_day() - Days::new(1)),
        ..child
    };
    let unborn = Child {
        kind: ChildKind::Due,
        ..child
    };
    let both = registers(&town, 1, "本町1丁目", "none", None, &[child, other]).await;
    registers(&town, 2, "本町1丁目", "none", None, &[other, unborn]).await;
    let abroad = registers(&town, 3, "-", "none", Some("en"), &[child]).await;

    town.later(TimeDelta::days((day - today).num_days()) - TimeDelta::minutes(1));
    let of_rule = |runs: Vec<Run>| -> Vec<Run> {
        let fits = |run: &Run| {
            matches!(&run.occasion, Occasion::Childcare { rule, child: of, .. }
                if *rule == code && *of == child)
        };
        runs.into_iter().filter(fits).collect()
    };
    assert_eq!(of_rule(due(&town, false).await), [], "a minute before ten");
    town.later(TimeDelta::minutes(1));
    let runs = of_rule(due(&town, false).await);
    assert_eq!(runs.len(), 1);
    let now = town.clock.now();
    let groups = reminder::take_up(&town.db, now, &runs[0])
        .await
        .unwrap()
        .unwrap();
    let mut reached = Vec::new();
    for (id, group) in &groups {
        let people = audience(&town, *id, group).await;
        reached.extend(
            people
                .into_iter()
                .map(|person| (group.language.code(), person)),
        );
    }
    assert_eq!(reached, [("ja", both.0), ("en", abroad.0)]);
    for _ in 0..5 {
        assert_eq!(of_rule(due(&town, false).await), []);
        assert_eq!(
            reminder::take_up(&town.db, now, &runs[0]).await.unwrap(),
            None
        );
        town.later(TimeDelta::days(1));
    }
});
