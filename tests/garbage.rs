//! The town publishes its collection calendar, and publishes it again.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use entity::resident;
use kairan::area::{self, Lookup};
use kairan::audit::{self, Actor};
use kairan::clock::Instant;
use kairan::commands;
use kairan::db::Db;
use kairan::garbage::{self, Options, Report, Strictness};
use kairan::ids::AreaId;
use kairan::table::Source;
use sea_orm::{ActiveModelTrait, Set};

use crate::on_both;
use crate::support::database::TestDb;

const DAYS: &str = "地区,地名,センター,燃えるごみ,びん,紙\n\
    北,本町,東工場,月 木,水2:4 12,20261201 20270302\n\
    南,本町,東工場,火 金,水4 *1,隔土20261107\n\
    南,みどり台,東工場,火 金,水4 *1,隔土20261107\n";
const CENTER: &str = "名称,休止開始日,休止終了日\n東工場,2026/12/29,2027/1/3\n";
const REMARKS: &str = "ID,注意事項\n1,ふたを取る。\n";
const TARGET: &str = "label,name,notice,furigana\nびん,ジャムのびん,洗う,し\n粗大ごみ,布団,,ふ\n";

fn sunday() -> Instant {
    "2026-11-22T01:00:00Z".parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn sources(days: &str) -> Vec<Source> {
    vec![
        Source::new("area_days.csv", days),
        Source::new("center.csv", CENTER),
        Source::new("remarks.csv", REMARKS),
        Source::new("target.csv", TARGET),
    ]
}

async fn import(db: &Db, sources: &[Source], strictness: Strictness) -> Report {
    let by = Actor::Operator;
    garbage::import(db, sunday(), by, sources, Options::default(), strictness)
        .await
        .unwrap()
}

async fn area_id(db: &Db, label: &str) -> Option<AreaId> {
    match area::directory(db).await.unwrap().by_label(label) {
        Lookup::Found(area) => Some(area.id),
        _ => None,
    }
}

/// Dates and categories of an area, as `garbage next` prints them.
async fn collections(db: &Db, label: &str, from: &str, days: u32) -> Vec<String> {
    let id = area_id(db, label).await.unwrap();
    let calendar = garbage::calendar(db, id).await.unwrap();
    let found = calendar.collections(day(from), days);
    found
        .iter()
        .map(|c| format!("{} {}", c.date, c.category.label))
        .collect()
}

on_both!(what_was_published_is_what_is_asked, |db: TestDb| {
    let report = import(&db, &sources(DAYS), Strictness::Strict).await;
    assert_eq!(report.findings, []);
    assert_eq!(
        collections(&db, "北/本町", "2026-12-01", 9).await,
        [
            "2026-12-01 紙",
            "2026-12-03 燃えるごみ",
            "2026-12-07 燃えるごみ",
            "2026-12-09 びん",
        ]
    );
    assert_eq!(
        collections(&db, "みどり台", "2026-12-26", 12).await,
        ["2027-01-05 燃えるごみ"],
        "closed until January 3, and the fortnight falls on January 2"
    );
    let past = collections(&db, "みどり台", "2026-11-01", 8).await;
    assert_eq!(
        past,
        [
            "2026-11-03 燃えるごみ",
            "2026-11-06 燃えるごみ",
            "2026-11-07 紙"
        ]
    );

    let listed = garbage::areas(&db).await.unwrap();
    let labels: Vec<String> = listed.iter().map(|l| l.area.label()).collect();
    assert_eq!(labels, ["北/本町", "南/本町", "南/みどり台"]);
    assert_eq!(listed[0].categories, ["燃えるごみ", "びん", "紙"]);
    let calendars = garbage::calendars(&db).await.unwrap();
    let sharing: Vec<usize> = calendars.iter().map(|(areas, _)| areas.len()).collect();
    assert_eq!(sharing, [1, 2], "areas with the same days share a calendar");
    let (_, shared) = &calendars[1];
    assert_eq!(shared.collected[1].1.remarks, ["ふたを取る。"]);

    let sorting = garbage::dictionary(&db)
        .await
        .unwrap()
        .look_up("古い布団の捨て方");
    assert_eq!(sorting.found[0].label, "粗大ごみ");
});

on_both!(a_finding_stands_against_the_whole_import, |db: TestDb| {
    import(&db, &sources(DAYS), Strictness::Strict).await;
    let broken = DAYS.replace("月 木", "月 木x");
    let report = import(&db, &sources(&broken), Strictness::Strict).await;
    assert_eq!(
        report.findings[0].to_string().split(' ').next(),
        Some("area_days.csv:2:4:")
    );
    assert_eq!(report.changes, None);
    let burnable = collections(&db, "北/本町", "2026-12-10", 1).await;
    assert_eq!(burnable, ["2026-12-10 燃えるごみ"], "nothing has changed");

    let report = import(&db, &sources(&broken), Strictness::Lenient).await;
    assert_eq!(report.findings.len(), 1);
    assert_eq!(report.changes.unwrap().areas_changed, ["北/本町"]);
    assert!(
        collections(&db, "北/本町", "2026-12-10", 1)
            .await
            .is_empty()
    );
    assert_eq!(collections(&db, "北/本町", "2026-12-07", 1).await.len(), 1);
});

on_both!(
    publishing_again_changes_what_has_changed_only,
    |db: TestDb| {
        import(&db, &sources(DAYS), Strictness::Strict).await;
        let id = area_id(&db, "南/本町").await;

        let again = import(&db, &sources(DAYS), Strictness::Strict)
            .await
            .changes
            .unwrap();
        assert_eq!(again.areas, 3);
        assert_eq!(again.items, (2, 0, 0));
        let nothing: [&str; 0] = [];
        for labels in [
            &again.areas_added,
            &again.areas_removed,
            &again.areas_retired,
            &again.areas_changed,
            &again.categories_added,
            &again.categories_removed,
        ] {
            assert_eq!(*labels, nothing);
        }

        let moved = "地区,地名,センター,燃えるごみ,缶\n\
        南,新町,東工場,月,水1\n南,本町,東工場,火 土,水4 *1\n";
        let changes = import(&db, &sources(moved), Strictness::Strict)
            .await
            .changes
            .unwrap();
        assert_eq!(changes.areas_added, ["南/新町"]);
        assert_eq!(changes.areas_removed, ["北/本町", "南/みどり台"]);
        assert_eq!(changes.areas_changed, ["南/本町"]);
        assert_eq!(changes.categories_added, ["缶"]);
        assert_eq!(changes.categories_removed, ["びん", "紙"]);
        assert_eq!(area_id(&db, "本町").await, id, "an area keeps its number");
        assert_eq!(area_id(&db, "北/本町").await, None);
    }
);

on_both!(
    an_area_somebody_lives_in_is_kept_out_of_use,
    |db: TestDb| {
        import(&db, &sources(DAYS), Strictness::Strict).await;
        let id = area_id(&db, "北/本町").await.unwrap();
        let now = kairan::clock::Clock::system().now();
        resident::ActiveModel {
            line_user_id: Set("U1".into()),
            residence: Set("area".into()),
            area_id: Set(Some(id.0)),
            topics_answered: Set(false),
            children_answered: Set(false),
            reachable: Set(true),
            relation_ms: Set(0),
            created_at: Set(now),
            updated_at: Set(now),
            ..Default::default()
        }
        .insert(db.conn())
        .await
        .unwrap();

        let without = DAYS.replace("北,本町,東工場,月 木,水2:4 12,20261201 20270302\n", "");
        let changes = import(&db, &sources(&without), Strictness::Strict)
            .await
            .changes
            .unwrap();
        assert_eq!(changes.areas_retired, ["北/本町"]);
        assert_eq!(changes.areas_removed, [""; 0]);
        assert_eq!(
            area_id(&db, "北/本町").await,
            None,
            "nobody can choose it any more"
        );
        assert!(
            garbage::calendar(&db, id)
                .await
                .unwrap()
                .collected
                .is_empty()
        );

        let changes = import(&db, &sources(DAYS), Strictness::Strict)
            .await
            .changes
            .unwrap();
        assert_eq!(changes.areas_added, ["北/本町"]);
        assert_eq!(
            area_id(&db, "北/本町").await,
            Some(id),
            "back under its number"
        );
    }
);

on_both!(a_large_city_is_imported_and_answered, |db: TestDb| {
    // 1,100 areas, no two alike, each with 364 dates in five columns: some 400,000 dates.
    let mut days = String::from("地名,センター,燃えるごみ,燃えないごみ,びん,缶,紙\n");
    let first = day("2026-04-01");
    let of = |area: u64, column: u64| {
        let own = move |n: &u64| (n + area) % 5 == column && *n != area % 364;
        (0..365).filter(own).map(move |n| first + Days::new(n))
    };
    for area in 0..1100 {
        write!(days, "{area}番町,").unwrap();
        for column in 0..5 {
            let dates: Vec<String> = of(area, column)
                .map(|d| d.format("%Y%m%d").to_string())
                .collect();
            write!(days, ",{}", dates.join(" ")).unwrap();
        }
        days.push('\n');
    }
    let report = import(
        &db,
        &[Source::new("area_days.csv", days)],
        Strictness::Strict,
    )
    .await;
    assert_eq!(report.findings, []);
    assert_eq!(report.changes.unwrap().areas, 1100);
    let labels = ["燃えるごみ", "燃えないごみ", "びん", "缶", "紙"];
    for area in [0, 7, 1099] {
        let found = collections(&db, &format!("{area}番町"), "2026-04-01", 400).await;
        let mut expected: Vec<(NaiveDate, usize)> = (0..5)
            .flat_map(|column| of(area, column as u64).map(move |date| (date, column)))
            .collect();
        expected.sort();
        let expected: Vec<String> = expected
            .into_iter()
            .map(|(date, column)| format!("{date} {}", labels[column]))
            .collect();
        assert_eq!(found, expected);
    }
    assert_eq!(
        garbage::calendars(&db).await.unwrap().len(),
        1100,
        "none is shared"
    );
});

/// The words of a command, understood as `kairan` understands them.
#[derive(clap::Parser)]
struct Words<A: clap::Args> {
    #[command(flatten)]
    args: A,
}

fn words<A: clap::Args>(given: &[&str]) -> A {
    let given = std::iter::once("kairan").chain(given.iter().copied());
    <Words<A> as clap::Parser>::parse_from(given).args
}

/// What a command printed: exit code, standard output, standard error.
type Printed = (u8, String, String);

async fn import_folder(db: &Db, days: &str, more: &[&str]) -> Printed {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("area_days.csv"), days).unwrap();
    let given = [&[folder.path().to_str().unwrap()], more].concat();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = commands::garbage::import(db, &words(&given), sunday(), &mut out, &mut err)
        .await
        .unwrap();
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

async fn next(db: &Db, given: &[&str]) -> Printed {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let today = day("2026-11-22");
    let code = commands::garbage::next(db, &words(given), today, &mut out, &mut err)
        .await
        .unwrap();
    (
        code,
        String::from_utf8(out).unwrap(),
        String::from_utf8(err).unwrap(),
    )
}

on_both!(the_command_line_keeps_its_contract, |db: TestDb| {
    let days = "地区,地名,センター,燃,紙\n北,本町,,月 木x,火1\n南,本町,,月 土5:11,火2\n";
    let (code, out, err) = import_folder(&db, days, &[]).await;
    assert_eq!((code, out.as_str()), (2, ""));
    let findings: Vec<&str> = err
        .lines()
        .filter(|line| !line.starts_with("warning: "))
        .collect();
    assert!(
        findings[0].starts_with("area_days.csv:2:4: found “木x”, expected "),
        "{err}"
    );
    assert!(
        findings[1].starts_with("area_days.csv:3:4: found “月 土5:11”, expected "),
        "{err}"
    );
    assert!(
        findings[2].starts_with("nothing imported: 2 findings"),
        "{err}"
    );
    assert_eq!(next(&db, &["--area", "北/本町"]).await.0, 2);

    let (code, out, _) = import_folder(&db, days, &["--lenient", "--ambiguous", "intended"]).await;
    assert_eq!(code, 0);
    assert!(out.starts_with("areas: 2 in all, 2 added, "), "{out}");
    let record = audit::search(&db, &audit::Query::default()).await.unwrap();
    let [entry] = record.entries.as_slice() else {
        panic!("one import of two took place, on record are {record:?}");
    };
    assert_eq!(
        (entry.act.as_str(), entry.actor_kind.as_str()),
        ("garbage.imported", "operator")
    );
    assert_eq!(
        (&entry.detail["areas"], &entry.detail["findings_left_out"]),
        (&2.into(), &1.into())
    );

    let mut listed = Vec::new();
    let json = words(&["--json"]);
    let code = commands::garbage::areas(&db, &json, &mut listed, &mut Vec::new())
        .await
        .unwrap();
    assert_eq!(
        (code, String::from_utf8(listed).unwrap().as_str()),
        (
            0,
            "{\"area\":\"本町\",\"district\":\"北\",\"categories\":[\"燃\",\"紙\"]}\n\
             {\"area\":\"本町\",\"district\":\"南\",\"categories\":[\"燃\",\"紙\"]}\n"
        )
    );

    let of_south = [
        "--area",
        "南/本町",
        "--from",
        "2026-11-09",
        "--days",
        "2",
        "--json",
    ];
    assert_eq!(
        next(&db, &of_south).await,
        (
            0,
            "{\"date\":\"2026-11-09\",\"area\":\"本町\",\"category\":\"燃\"}\n\
             {\"date\":\"2026-11-10\",\"area\":\"本町\",\"category\":\"紙\"}\n"
                .to_owned(),
            String::new()
        )
    );
    let (code, out, err) = next(&db, &["--area", "本町"]).await;
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("write 北/本町 | 南/本町"), "{err}");
    let (code, _, err) = next(&db, &["--area", "西/本町"]).await;
    assert_eq!(code, 2);
    assert!(err.contains("did you mean 北/本町 | 南/本町?"), "{err}");
});

on_both!(a_folder_that_is_none_is_refused, |db: TestDb| {
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let given = words(&["no such folder"]);
    let code = commands::garbage::import(&db, &given, sunday(), &mut out, &mut err)
        .await
        .unwrap();
    assert_eq!(code, 2);
    assert!(
        String::from_utf8(err)
            .unwrap()
            .starts_with("no such folder: ")
    );
});
