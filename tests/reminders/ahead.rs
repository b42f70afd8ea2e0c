//! What the calendar says will be said is what is said when its day comes.

use std::collections::BTreeSet;

use chrono::{Days, TimeDelta};
use kairan::clock::{date_in_japan, instant_in_japan};
use kairan::language::Language;
use kairan::reminder::ahead::{self, Entry, Of};
use kairan::reminder::{self, Group, Occasion, Published};

use crate::on_both;
use crate::support::town::Town;

fn messages(groups: &[Group]) -> BTreeSet<(&str, String)> {
    let said = groups.iter();
    said.map(|group| (group.language.code(), group.message.clone()))
        .collect()
}

fn is_garbage(entry: &Entry) -> bool {
    matches!(entry.of, Of::Garbage { .. })
}

on_both!(what_is_planned_ahead_is_what_comes, |town: Town| {
    let hanako = town.resident("花子").await;
    hanako.registers().await;
    let today = date_in_japan(town.clock.now());
    let last = today + Days::new(20);
    let planned = ahead::between(&town.db, today, last).await.unwrap();
    assert!(planned.is_sorted_by_key(|entry| entry.day));
    let published = Published::read(&town.db).await.unwrap();
    let mut seen = 0;
    for day in today.iter_days().take_while(|day| *day <= last) {
        // At seven in the evening, when Hanako hears of tomorrow's collections.
        let evening = instant_in_japan(day.and_hms_opt(19, 0, 0).unwrap());
        town.later(evening - town.clock.now());
        let of_day: Vec<&Entry> = planned.iter().filter(|entry| entry.day == day).collect();
        let told = ahead::on(&town.db, day).await.unwrap();
        let entries: Vec<&Entry> = told.iter().map(|told| &told.entry).collect();
        assert_eq!(entries, of_day, "a day alone is as in its month");

        let due = reminder::due(&town.db, evening).await.unwrap();
        for told in &told {
            assert_eq!(told.people.len(), told.entry.hours.len());
            for run in &due {
                let comes = match &run.occasion {
                    Occasion::Garbage { .. } => is_garbage(&told.entry),
                    Occasion::Childcare { rule, .. } => {
                        run.day == day && told.entry.notice == format!("childcare/{rule}")
                    }
                };
                if !comes {
                    continue;
                }
                assert!(told.entry.hours.contains(&run.begins), "{run:?}");
                let groups = published.plan(run);
                let (said, planned) = (messages(&groups), messages(&told.groups));
                assert!(said.is_subset(&planned), "{said:?} {planned:?}");
                seen += usize::from(!said.is_empty());
            }
        }
        let coming: BTreeSet<String> = due
            .iter()
            .filter(|run| run.day == day)
            .filter_map(|run| match &run.occasion {
                Occasion::Childcare { rule, .. } => Some(format!("childcare/{rule}")),
                Occasion::Garbage { .. } => None,
            })
            .collect();
        let planned = of_day.iter().filter(|entry| !is_garbage(entry));
        let planned: BTreeSet<String> = planned.map(|entry| entry.notice.clone()).collect();
        assert_eq!(planned, coming, "{day}");
    }
    assert!(seen > 20, "something was compared: {seen}");
});

on_both!(
    a_day_ahead_says_to_how_many_people_what_is_said,
    |town: Town| {
        for name in ["花子", "太郎"] {
            town.resident(name).await.registers().await;
        }
        let today = date_in_japan(town.clock.now());
        let told = ahead::on(&town.db, today).await.unwrap();
        let garbage: Vec<_> = told.iter().filter(|told| is_garbage(&told.entry)).collect();
        assert_eq!(garbage.len(), 1, "nobody asked to hear in the morning");
        assert_eq!(garbage[0].people, [2]);
        let japanese = Language::parse("ja").unwrap();
        let said = garbage[0]
            .groups
            .iter()
            .find(|group| group.language == japanese && group.message.contains("ペットボトル"));
        assert_eq!(
            said.map(|group| group.message.as_str()),
            Some("明日11月25日(水)は、ペットボトルの収集日です。")
        );
        let Of::Garbage {
            collected, areas, ..
        } = &garbage[0].entry.of
        else {
            panic!("{garbage:?}")
        };
        assert!(collected.iter().all(|(_, of)| of <= areas));
        // A year ahead there is a plan, too; and for nobody's hour there is none.
        let later = today + TimeDelta::days(360);
        let year = ahead::between(&town.db, later, later + TimeDelta::days(14))
            .await
            .unwrap();
        assert!(year.iter().any(|entry| !is_garbage(entry)));
    }
);
