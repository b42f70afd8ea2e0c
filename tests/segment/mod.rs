//! Segments: who is in them, counted and paged alike.

mod million;

use std::collections::BTreeSet;

use futures_util::future::join_all;
use kairan::audit::{self, Actor, Query};
use kairan::clock::date_in_japan;
use kairan::ids::ResidentId;
use kairan::resident::{self, Child, ChildKind, GarbageReminder, Month, Residence};
use kairan::segment::{self, Draft, KeepError, Selection};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::on_both;
use crate::support::program::run;
use crate::support::town::{SAMPLE, Town, policy, tuesday};

/// What residents told, in the words of the file that brings residents: each an area, a language, topics, children, an
/// hour; `-` where they told nothing.
const PEOPLE: [(&str, &str, &str, &str, &str); 9] = [
    (
        "本町地区/本町1丁目",
        "ja",
        "event",
        "birth 2025-11",
        "before-19:00",
    ),
    (
        "本町地区/本町1丁目",
        "en",
        "event|safety",
        "-",
        "same-07:00",
    ),
    (
        "本町地区/本町2丁目",
        "-",
        "-",
        "birth 2023-11|birth 2024-06|birth 2026-10",
        "none",
    ),
    ("本町地区/本町2丁目", "ja-Hira", "", "due 2027-02", "-"),
    (
        "-",
        "ja",
        "safety",
        "birth 2020-04|birth 2026-11",
        "before-19:00",
    ),
    ("-", "-", "-", "-", "-"),
    (
        "outside",
        "en",
        "childcare",
        "birth 2023-10|due 2026-12|due 2027-04",
        "-",
    ),
    (
        "本町地区/本町1丁目",
        "ja",
        "event",
        "birth 2025-11",
        "before-19:00",
    ),
    (
        "-",
        "ja",
        "event",
        "birth 2018-01|birth 2020-01|birth 2026-01",
        "-",
    ),
];
/// Who blocked the account: of everything, the first again.
const BLOCKED: usize = 7;

fn split(list: &str) -> impl Iterator<Item = &str> {
    list.split('|').filter(|item| !item.is_empty())
}

fn told(given: &str) -> Option<&str> {
    Some(given).filter(|given| *given != "-")
}

/// Lets them register as the bot does; gives their numbers.
async fn people(town: &Town) -> Vec<ResidentId> {
    let directory = kairan::area::directory(&town.db).await.unwrap();
    let mut ids = Vec::new();
    for (number, (area, language, topics, children, hour)) in PEOPLE.into_iter().enumerate() {
        let user = kairan::line::UserId::parse(&format!("U{number:032x}")).unwrap();
        let tx = town.db.begin().await.unwrap();
        let stranger = resident::follow(&tx, tuesday(), &user, 1).await.unwrap();
        let child = |text: &str| {
            let (kind, month) = text.split_once(' ').unwrap();
            Child {
                kind: ChildKind::parse(kind).unwrap(),
                month: Month::parse(month).unwrap(),
            }
        };
        let mut known = stranger.clone();
        known.residence = match area {
            "-" => Residence::Unanswered,
            "outside" => Residence::Outside,
            area => match directory.by_label(area) {
                kairan::area::Lookup::Found(area) => Residence::Area(area.id),
                other => panic!("{area}: {other:?}"),
            },
        };
        known.language =
            told(language).map(|code| kairan::language::Language::parse(code).unwrap());
        known.topics = told(topics).map(|list| split(list).map(str::to_owned).collect());
        known.children = told(children).map(|list| split(list).map(child).collect());
        known.reminder = told(hour).map(|hour| GarbageReminder::parse(hour).unwrap());
        let known = resident::save(&tx, tuesday(), Some(&stranger), known, 1)
            .await
            .unwrap();
        if number == BLOCKED {
            resident::unfollow(&tx, tuesday(), &user, 2).await.unwrap();
        }
        tx.commit().await.unwrap();
        ids.push(known.id);
    }
    ids
}

async fn selected(town: &Town, text: &str) -> Selection {
    let directory = kairan::area::directory(&town.db).await.unwrap();
    let segment = segment::parse(text).unwrap_or_else(|fault| panic!("{text}: {fault}"));
    let today = date_in_japan(town.clock.now());
    let selection = segment::select(&directory, &policy().profile, today, &segment);
    selection.unwrap_or_else(|unknown| panic!("{text}: {unknown}"))
}

/// The places in PEOPLE of those in a segment, read in pages of two; their number agrees with the count.
async fn members(town: &Town, ids: &[ResidentId], text: &str) -> Vec<usize> {
    let selection = selected(town, text).await;
    let (mut all, mut after) = (Vec::new(), 0);
    loop {
        let page = segment::page(&town.db, &selection, after, 2).await.unwrap();
        all.extend(page.iter().copied());
        match page.last() {
            Some(last) if page.len() == 2 => after = *last,
            _ => break,
        }
    }
    assert!(all.is_sorted_by(|a, b| a < b), "{text}: {all:?}");
    let count = segment::count(&town.db, &selection).await.unwrap();
    assert_eq!(count, all.len() as u64, "{text}");
    let place = |id: &i64| ids.iter().position(|known| known.0 == *id).unwrap();
    all.iter().map(place).collect()
}

/// Segments, and the places in PEOPLE of those in them.
const MEMBERS: &[(&str, &[usize])] = &[
    ("everyone", &[0, 1, 2, 3, 4, 5, 6, 8]),
    ("not everyone", &[]),
    ("not everyone or topic:childcare", &[6]),
    ("everyone and not everyone", &[]),
    ("district:本町地区", &[0, 1, 2, 3]),
    ("not district:本町地区", &[4, 5, 6, 8]),
    ("area:本町1丁目 or area:本町地区/本町２丁目", &[0, 1, 2, 3]),
    ("topic:event", &[0, 1, 8]),
    ("not topic:event", &[2, 3, 4, 5, 6]),
    ("language:ja", &[0, 2, 4, 5, 8]),
    ("not language:ja", &[1, 3, 6]),
    // November 2026: the month of birth is what is known.
    ("child:0..36", &[0, 2, 4, 8]),
    ("child:0", &[4]),
    ("child:1..11", &[2, 8]),
    ("child:12", &[0]),
    ("child:37..", &[4, 6, 8]),
    ("not child:0..36", &[1, 3, 5, 6]),
    // Only the second of three, and none of three.
    ("born:2024-01..2024-12", &[2]),
    ("born:2019-01..2020-12", &[4, 8]),
    ("born:2021-01..2022-12", &[]),
    ("due:2027-01..2027-03", &[3]),
    ("due:2026-11..", &[3, 6]),
    ("not due:..2027-12", &[0, 1, 2, 4, 5, 8]),
    ("reminder:before-19:00", &[0, 4]),
    ("not reminder:none", &[0, 1, 3, 4, 5, 6, 8]),
    ("registered:2026-11-24", &[0, 1, 2, 3, 4, 5, 6, 8]),
    ("registered:2026-11-25..", &[]),
    ("registered:..2026-11-23 or topic:childcare", &[6]),
    (
        "district:本町地区 and (topic:event or child:0..36) and not language:en",
        &[0, 2],
    ),
    ("not (district:本町地区 or not topic:safety)", &[4]),
];

on_both!(a_segment_is_whom_it_says, |town: Town| {
    let ids = people(&town).await;
    for (text, places) in MEMBERS {
        assert_eq!(members(&town, &ids, text).await, *places, "{text}");
    }
});

on_both!(
    tags_for_which_no_number_is_left_are_looked_up,
    |town: Town| {
        let conn = town.db.conn();
        let others = (1..62).map(|n| format!("('topic:other{n}', {})", 1_i64 << n));
        let others = others.collect::<Vec<_>>().join(", ");
        let full = format!("INSERT INTO facet_tag (name, bit) VALUES {others}");
        conn.execute_unprepared(&full).await.unwrap();
        let ids = people(&town).await;
        let tags = entity::facet_tag::Entity::find();
        let named = |name: &str| {
            tags.clone()
                .filter(entity::facet_tag::Column::Name.eq(name))
        };
        for name in ["topic:event", "topic:safety", "language:en"] {
            assert_eq!(named(name).one(conn).await.unwrap(), None, "{name}");
        }
        for (text, places) in MEMBERS {
            assert_eq!(members(&town, &ids, text).await, *places, "{text}");
        }
    }
);

on_both!(tags_chosen_at_once_have_their_own_numbers, |town: Town| {
    let ids = people(&town).await;
    let new = |id: &ResidentId| format!("new{}", id.0);
    let choices = ids.iter().map(|id| async {
        let tx = town.db.begin().await.unwrap();
        let (topic, id) = (new(id), id.0);
        let choose = format!("INSERT INTO resident_topic VALUES ('{topic}', {id})");
        tx.conn().execute_unprepared(&choose).await.unwrap();
        tx.commit().await.unwrap();
    });
    join_all(choices).await;
    for (place, id) in ids.iter().enumerate() {
        let chose = Selection::everyone().interested_in(&new(id));
        let page = segment::page(&town.db, &chose, 0, 9).await.unwrap();
        let only = (place != BLOCKED).then_some(id.0);
        assert_eq!(page, Vec::from_iter(only));
    }
});

on_both!(an_upgrade_finds_everybody_again, |town: Town| {
    let ids = people(&town).await;
    let before = facets(&town).await;
    let steps = town.db.migration_status().await.unwrap();
    let steps = steps
        .iter()
        .rev()
        .map_while(|m| (!m.name.ends_with("_relink_once_menus_are_there")).then_some(()));
    let steps = u32::try_from(steps.count()).unwrap();
    town.db.migrate_down(steps).await.unwrap();
    town.db.migrate_up().await.unwrap();
    for (text, places) in MEMBERS {
        assert_eq!(members(&town, &ids, text).await, *places, "{text}");
    }
    let untagged = |rows: Vec<entity::resident_facet::Model>| {
        let rows = rows.into_iter();
        rows.map(|row| entity::resident_facet::Model { tags: 0, ..row })
            .collect::<Vec<_>>()
    };
    assert_eq!(
        untagged(facets(&town).await),
        untagged(before),
        "tags may have other numbers"
    );
});

on_both!(who_changes_is_counted_anew_at_once, |town: Town| {
    let ids = people(&town).await;
    let here = "district:本町地区 and topic:event and child:0..36";
    assert_eq!(members(&town, &ids, here).await, [0]);
    let user = |number: usize| kairan::line::UserId::parse(&format!("U{number:032x}")).unwrap();
    // Who comes back brings what they had told.
    let tx = town.db.begin().await.unwrap();
    resident::follow(&tx, tuesday(), &user(BLOCKED), 3)
        .await
        .unwrap();
    resident::unfollow(&tx, tuesday(), &user(0), 3)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(members(&town, &ids, here).await, [BLOCKED]);
    // One tap stops all that is about children.
    let tx = town.db.begin().await.unwrap();
    let before = resident::find(&town.db, &user(BLOCKED))
        .await
        .unwrap()
        .unwrap();
    let mut after = before.clone();
    after.children = Some(BTreeSet::new());
    after.topics = Some(["safety".to_owned()].into());
    let after = resident::save(&tx, tuesday(), Some(&before), after, 4)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(members(&town, &ids, here).await, [0; 0]);
    assert_eq!(members(&town, &ids, "topic:event").await, [1, 8]);
    let tx = town.db.begin().await.unwrap();
    resident::erase(&tx, &after).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(members(&town, &ids, "topic:safety").await, [1, 4]);
    assert_eq!(facets(&town).await, anew(&town).await);
});

/// What the triggers wrote.
async fn facets(town: &Town) -> Vec<entity::resident_facet::Model> {
    let rows = entity::resident_facet::Entity::find();
    let rows = rows.order_by_asc(entity::resident_facet::Column::ResidentId);
    rows.all(town.db.conn()).await.unwrap()
}

/// What they would write if everybody went and came again.
async fn anew(town: &Town) -> Vec<entity::resident_facet::Model> {
    let conn = town.db.conn();
    for (reachable, since) in [(false, "'2026-11-24'"), (true, "NULL")] {
        let stays = "SELECT resident_id FROM resident_facet";
        let turn = match reachable {
            false => format!(
                "CREATE TABLE known AS {stays};
                 UPDATE resident SET reachable = false, unreachable_since = {since} WHERE id IN ({stays})"
            ),
            true => "UPDATE resident SET reachable = true, unreachable_since = NULL
                     WHERE id IN (SELECT resident_id FROM known)"
                .to_owned(),
        };
        conn.execute_unprepared(&turn).await.unwrap();
        if !reachable {
            assert_eq!(facets(town).await, []);
        }
    }
    facets(town).await
}

on_both!(a_segment_is_kept_under_a_name, |town: Town| {
    let (db, now) = (&town.db, tuesday());
    let draft = |name: &str| Draft {
        name: name.to_owned(),
        segment: segment::parse("topic:event and not language:en").unwrap(),
        section: None,
    };
    let keep = |name: &'static str| segment::keep(db, now, Actor::Operator, draft(name));
    let first = keep(" 催しの好きな方 ").await.unwrap();
    assert!(matches!(keep("催しの好きな方").await, Err(KeepError::Taken(id)) if id == first));
    for odd in ["", "　", "二\n行"] {
        assert!(matches!(keep(odd).await, Err(KeepError::Name)), "{odd:?}");
    }
    let second = keep("もうひとつ").await.unwrap();
    let rename = |id, name| segment::rename(db, now, Actor::Operator, id, name);
    assert!(matches!(
        rename(second, "催しの好きな方").await,
        Err(KeepError::Taken(_))
    ));
    rename(second, "さらにひとつ").await.unwrap();
    let listed = segment::list(db).await.unwrap();
    let names: Vec<&str> = listed.iter().map(|kept| kept.name.as_str()).collect();
    assert_eq!(names, ["さらにひとつ", "催しの好きな方"]);
    assert_eq!(listed[0].segment, draft("").segment);

    segment::retire(db, now, Actor::Operator, first)
        .await
        .unwrap();
    let again = segment::retire(db, now, Actor::Operator, first).await;
    assert!(matches!(again, Err(KeepError::Gone)));
    assert!(matches!(rename(first, "だめ").await, Err(KeepError::Gone)));
    assert_eq!(segment::list(db).await.unwrap().len(), 1);
    let retired = segment::find(db, first).await.unwrap().unwrap();
    assert_eq!(retired.retired_at, Some(now));
    keep("催しの好きな方").await.unwrap();

    let query = Query {
        act: Some("segment.".to_owned()),
        ..Query::default()
    };
    let page = audit::search(db, &query).await.unwrap();
    let acts: Vec<&str> = page.entries.iter().rev().map(|e| e.act.as_str()).collect();
    assert_eq!(
        acts,
        [
            "segment.kept",
            "segment.kept",
            "segment.renamed",
            "segment.retired",
            "segment.kept"
        ]
    );
    // The database itself keeps a name for one.
    let twice = "UPDATE segment SET name = '催しの好きな方' WHERE retired_at IS NULL";
    assert!(db.conn().execute_unprepared(twice).await.is_err());
});

on_both!(the_command_counts_or_says_what_is_wrong, |town: Town| {
    people(&town).await;
    let policy = format!("{SAMPLE}/policy.toml");
    let place = [
        ("DATABASE_URL", town.db.url.as_str()),
        ("KAIRAN_POLICY", &policy),
    ];
    let told = run(
        &place,
        &["segment", "count", "district:本町地区 and topic:event"],
    );
    assert_eq!((told.code, told.out.as_str()), (0, "2\n"), "{told:?}");
    assert!(
        told.err
            .contains("本町地区で、「催し・講座」を選んでいる方"),
        "{told:?}"
    );
    for (text, fault) in [
        (
            "district:本町地区 nad topic:event",
            "column 15: found `nad`, expected `and`, `or` or the end",
        ),
        (
            "district:西町地区",
            "there is no district `西町地区`; there are 本町地区",
        ),
        (
            "area:本町",
            "`area:本町` means none or several areas; near it are 本町地区/本町1丁目",
        ),
        (
            "topic:garbage",
            "there is no topic `garbage`; there are event, childcare",
        ),
    ] {
        let told = run(&place, &["segment", "count", text]);
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{text}: {told:?}");
        assert!(told.err.contains(fault), "{text}: {}", told.err);
    }
});
