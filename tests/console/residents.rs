//! The page of counts: numbers that name nobody, the same on the page and in the file.

use chrono::TimeDelta;
use kairan::ids::AreaId;
use kairan::jobs::JOBS;
use kairan::resident::counts::{self, Told};
use kairan::scheduler;
use sea_orm::ConnectionTrait;

use crate::on_both;
use crate::support::Begin;
use crate::support::browser::{Driver, nothing_is_wrong, picture};
use crate::support::database::Engine;
use crate::support::town::Town;

/// Residents of one kind: how many, and the columns that make them.
struct Crowd {
    people: u32,
    area: Option<i64>,
    language: &'static str,
    reachable: bool,
    met: &'static str,
}

const HERE: Crowd = Crowd {
    people: 0,
    area: None,
    language: "ja",
    reachable: true,
    met: "2026-11-20T01:00:00Z",
};

/// Puts crowds in the town; each resident wishes to hear of events, and has a child of two.
async fn fill(town: &Town, crowds: &[Crowd]) {
    let conn = town.db.conn();
    let mut id = 0;
    for crowd in crowds {
        for _ in 0..crowd.people {
            id += 1;
            let (residence, area) = match crowd.area {
                Some(area) => ("area", area.to_string()),
                None => ("unanswered", "NULL".to_owned()),
            };
            let since = match crowd.reachable {
                true => "NULL".to_owned(),
                false => format!("'{}'", crowd.met),
            };
            let (language, reachable, met) = (crowd.language, crowd.reachable, crowd.met);
            for statement in [
                format!(
                    "INSERT INTO resident (id, line_user_id, residence, area_id, language, topics_answered,
                     children_answered, reachable, relation_ms, unreachable_since, created_at, updated_at)
                     VALUES ({id}, 'U{id:032x}', '{residence}', {area}, '{language}', true, true, {reachable},
                     0, {since}, '{met}', '{met}')"
                ),
                format!("INSERT INTO resident_topic (topic, resident_id) VALUES ('event', {id})"),
                format!(
                    "INSERT INTO child (resident_id, kind, month) VALUES ({id}, 'birth', '{}')",
                    if id % 2 == 0 { "2024-05-01" } else { "2018-05-01" }
                ),
            ] {
                conn.execute_unprepared(&statement).await.unwrap();
            }
        }
    }
}

/// The numbers of the file, by what they are of: `地区/本町地区` → `120`.
fn numbers(csv: &str) -> Vec<(String, String)> {
    let rows = csv.trim_start_matches('\u{feff}').lines().skip(1);
    rows.map(|row| {
        let cells: Vec<&str> = row.split(',').collect();
        (format!("{}:{}", cells[1], cells[2]), cells[3].to_owned())
    })
    .collect()
}

fn of<'a>(numbers: &'a [(String, String)], what: &str) -> &'a str {
    let found = numbers.iter().find(|(name, _)| name == what);
    &found
        .unwrap_or_else(|| panic!("{what} is not in {numbers:?}"))
        .1
}

/// The areas of the sample town, by district.
async fn areas(town: &Town) -> Vec<(String, Vec<(String, AreaId)>)> {
    let directory = kairan::area::directory(&town.db).await.unwrap();
    let districts = directory.districts();
    let of = |district: &&str| {
        let areas = directory.in_district(district);
        let areas = areas.iter().map(|area| (area.name.clone(), area.id));
        ((*district).to_owned(), areas.collect())
    };
    districts.iter().map(of).collect()
}

async fn filled(town: &Town) {
    let areas = areas(town).await;
    let (first, second) = (areas[0].1[0].1.0, areas[1].1[0].1.0);
    let crowds = [
        Crowd {
            people: 60,
            area: Some(first),
            ..HERE
        },
        Crowd {
            people: 3,
            area: Some(second),
            ..HERE
        },
        Crowd {
            people: 25,
            language: "en",
            met: "2026-10-28T01:00:00Z",
            ..HERE
        },
        Crowd {
            people: 14,
            language: "ja-Hira",
            met: "2025-10-28T01:00:00Z",
            ..HERE
        },
        Crowd {
            people: 12,
            reachable: false,
            ..HERE
        },
    ];
    fill(town, &crowds).await;
}

on_both!(
    the_page_and_its_file_tell_the_same_and_no_small_number,
    |town: Town| {
        filled(&town).await;
        let staff = town.staff().await;
        let answer = staff.get("/residents/counts.csv").await;
        let kind = answer.headers()["content-disposition"].to_str().unwrap();
        assert!(kind.starts_with("attachment"), "{kind}");
        let file = answer.text_with_charset("utf-8").await.unwrap();
        let file = numbers(&file);
        let areas = areas(&town).await;
        assert_eq!(of(&file, "全体:届く人"), "102");
        assert_eq!(of(&file, "全体:届かない人"), "12");
        let district = |at: usize| format!("住んでいる地区:{}", areas[at].0);
        assert_eq!(of(&file, &district(1)), "10人未満", "3 people");
        // Nobody there, and 39 who have not said: the rest of the whole does not say which is which.
        assert_eq!(of(&file, &district(2)), "10人未満");
        assert_eq!(of(&file, "住んでいる地区:地区を答えていない人"), "非公開");
        assert_eq!(of(&file, "ことば:English"), "25");
        assert_eq!(of(&file, "お子さんの年齢:2歳"), "非公開");
        assert_eq!(of(&file, "お子さんの年齢:6〜11歳"), "51");
        assert_eq!(of(&file, "新しく登録した人:11/16〜"), "63");
        assert_eq!(of(&file, "新しく登録した人:それより前"), "非公開");
        let topic = file.iter().find(|(name, _)| name.contains("催し")).unwrap();
        assert_eq!(
            topic.1, "非公開",
            "nobody is without it: that is told of nobody either"
        );
        for (what, number) in &file {
            let small = number.parse::<u64>().is_ok_and(|number| number < 10);
            assert!(!small, "{what} is {number}");
        }
        let page = staff.get("/residents").await.text().await.unwrap();
        assert!(
            page.contains("11月24日(火) 10:00 現在"),
            "when it was counted"
        );
        for (what, number) in file.iter().filter(|(what, _)| !what.starts_with("新しく")) {
            let name = what.split([':', '/']).next_back().unwrap();
            assert!(
                page.contains(name) && page.contains(number),
                "{what} is not on the page"
            );
        }
        assert!(page.contains("<svg") && page.contains("週ごとの新しく登録した人"));
    }
);

on_both!(
    what_is_told_is_as_old_as_it_says_and_renewed_every_hour,
    |town: Town| {
        filled(&town).await;
        let staff = town.staff().await;
        let before = staff.get("/residents").await.text().await.unwrap();
        assert!(before.contains("102"));
        town.db
            .conn()
            .execute_unprepared("DELETE FROM resident WHERE language = 'en'")
            .await
            .unwrap();
        town.later(TimeDelta::minutes(59));
        let staff = town.signs_in(staff.person).await;
        let soon = staff.get("/residents").await.text().await.unwrap();
        assert!(soon.contains("102") && soon.contains("10:00 現在"));
        town.later(TimeDelta::minutes(2));
        let job = JOBS.into_iter().find(|job| job.name == "count-residents");
        scheduler::run_if_due(&town.product.office, job.unwrap()).await;
        let after = staff.get("/residents").await.text().await.unwrap();
        assert!(
            after.contains("77") && after.contains("11:01 現在"),
            "{after}"
        );
    }
);

on_both!(of_very_few_nothing_is_told, |town: Town| {
    let staff = town.staff().await;
    let page = staff.get("/residents").await.text().await.unwrap();
    assert!(page.contains("まだ内訳を出せません"));
    fill(&town, &[Crowd { people: 9, ..HERE }]).await;
    counts::count(&town.db, town.clock.now()).await.unwrap();
    let counted = counts::latest(&town.db, town.clock.now()).await.unwrap();
    assert_eq!((counted.reachable(), counted.ages()), (Told::Few, None));
    assert_eq!(counted.newcomers(), None);
    let page = staff.get("/residents").await.text().await.unwrap();
    assert!(page.contains("10人未満") && page.contains("まだ内訳を出せません"));
});

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn it_is_sound_to_look_at() {
    let town = Town::begin(Engine::Sqlite).await;
    filled(&town).await;
    let staff = town.staff().await;
    let driver = Driver::start();
    for (width, height) in [(390, 844), (1280, 900)] {
        let window = driver.window(width, height).await;
        staff.opens(&window, "/residents").await;
        picture(&window, &format!("residents-{width}")).await;
        nothing_is_wrong(&window).await;
        window.quit().await.unwrap();
    }
}

/// How long a million take: `cargo test --release --test stories a_million -- --ignored --nocapture`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "measures"]
async fn a_million_residents_are_counted_in_seconds_and_told_at_once() {
    let town = Town::begin(Engine::Sqlite).await;
    let areas = areas(&town).await;
    let ids: Vec<i64> = areas
        .iter()
        .flat_map(|(_, a)| a.iter().map(|(_, id)| id.0))
        .collect();
    let ids: Vec<String> = ids.iter().map(|id| format!("({id})")).collect();
    let count = ids.len();
    for statement in [
        format!("CREATE TABLE a AS SELECT column1 AS id FROM (VALUES {})", ids.join(",")),
        format!(
            "INSERT INTO resident (id, line_user_id, residence, area_id, language, topics_answered,
             children_answered, reachable, relation_ms, unreachable_since, created_at, updated_at)
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000)
             SELECT i, printf('U%032x', i), 'area', (SELECT id FROM a WHERE a.rowid = i % {count} + 1),
             CASE WHEN i % 30 = 0 THEN 'en' ELSE 'ja' END, 1, 1, 1, 0, NULL,
             strftime('%Y-%m-%dT%H:%M:%f000+00:00', '2026-11-20', '-' || (i % 400) || ' days'),
             '2026-11-20T00:00:00.000000+00:00' FROM n"
        ),
        "INSERT INTO resident_topic SELECT 'event', id FROM resident WHERE id % 3 = 0".to_owned(),
        "INSERT INTO resident_topic SELECT 'safety', id FROM resident WHERE id % 2 = 0".to_owned(),
        "INSERT INTO child (resident_id, kind, month) SELECT id, 'birth', '2020-05-01' FROM resident WHERE id % 4 = 0".to_owned(),
    ] {
        town.db.conn().execute_unprepared(&statement).await.unwrap();
    }
    let staff = town.staff().await;
    let begun = std::time::Instant::now();
    counts::count(&town.db, town.clock.now()).await.unwrap();
    let counting = begun.elapsed();
    staff.get("/residents").await;
    let begun = std::time::Instant::now();
    let answer = staff.get("/residents").await;
    let first_byte = begun.elapsed();
    let size = answer.text().await.unwrap().len();
    println!("counting {counting:?}, first byte {first_byte:?}, {size} bytes");
    assert!(first_byte.as_millis() <= 50);
}
