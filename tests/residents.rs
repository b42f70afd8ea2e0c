//! Residents from a file that another system wrote.

use std::fmt::Write as _;

use encoding_rs::SHIFT_JIS;
use entity::{child, resident, resident_topic};
use kairan::commands::residents::import;
use sea_orm::{EntityTrait, PaginatorTrait, QueryOrder};

use crate::on_both;
use crate::support::program::{file, run};
use crate::support::town::{SAMPLE, Town, tuesday};

const HEADER: &str = "line_user_id,area,language,topics,child_birth_months,garbage_hour\n";

fn user(number: usize) -> String {
    format!("U{number:032x}")
}

/// What an import ended with and said.
struct Told {
    code: u8,
    out: String,
    err: String,
}

async fn imported(town: &Town, content: impl AsRef<[u8]>) -> Told {
    let folder = tempfile::tempdir().unwrap();
    file(folder.path(), "residents.csv", content);
    let path = folder.path().join("residents.csv");
    let policy = format!("{SAMPLE}/policy.toml");
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let code = import(
        &town.db,
        &path,
        Some(policy.as_ref()),
        tuesday(),
        &mut out,
        &mut err,
    )
    .await
    .unwrap();
    let folder = format!("{}/", folder.path().display());
    Told {
        code,
        out: String::from_utf8(out).unwrap(),
        err: String::from_utf8(err).unwrap().replace(&folder, ""),
    }
}

/// Everything held, one line a resident.
async fn held(town: &Town) -> Vec<String> {
    let conn = town.db.conn();
    let topics = resident_topic::Entity::find().all(conn).await.unwrap();
    let children = child::Entity::find().all(conn).await.unwrap();
    let residents = resident::Entity::find().order_by_asc(resident::Column::Id);
    let directory = kairan::area::directory(&town.db).await.unwrap();
    let line = |row: resident::Model| {
        let area = row.area_id.map(kairan::ids::AreaId);
        let area = area.and_then(|id| directory.get(id)).map(|a| a.label());
        let user = town.db.seal().unwrap();
        let user = user.open("resident.line_user_id", &row.line_user_id);
        let user = user.unwrap();
        let mut topics: Vec<_> = topics
            .iter()
            .filter(|t| t.resident_id == row.id)
            .map(|t| t.topic.as_str())
            .collect();
        topics.sort_unstable();
        let mut born: Vec<_> = children
            .iter()
            .filter(|c| c.resident_id == row.id)
            .map(|c| format!("{} {}", c.kind, c.month.format("%Y-%m")))
            .collect();
        born.sort_unstable();
        format!(
            "{} {} {} [{}] [{}] {}",
            &user[31..],
            area.unwrap_or(row.residence),
            row.language.unwrap_or_default(),
            topics.join(" "),
            born.join(", "),
            row.garbage_reminder.unwrap_or_default()
        )
    };
    let residents = residents.all(conn).await.unwrap();
    let mut lines: Vec<String> = residents.into_iter().map(line).collect();
    lines.sort_unstable();
    lines
}

on_both!(what_is_given_is_taken_and_the_rest_is_kept, |town: Town| {
    let first = format!(
        "{HEADER}{},本町地区/本町2丁目,en,event|health,2025-05|2023-01,19\n\
         {},市外,,,,none\n{},,,,,\n",
        user(1),
        user(2),
        user(3)
    );
    let told = imported(&town, &first).await;
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(
        told.out,
        "residents: 3 read, 3 added, 0 updated, 0 refused\n"
    );
    let all = "01 本町地区/本町2丁目 en [event health] [birth 2023-01, birth 2025-05] before-19:00";
    assert_eq!(
        held(&town).await,
        [all, "02 outside  [] [] none", "03 unanswered  [] [] "]
    );

    // Once more, with less, with a mark in front, and as Windows writes lines.
    let less = format!(
        "\u{feff}{HEADER}{},,,,,\n{},本町2丁目,ja-hira,welfare,2026-01,same-6:00\n",
        user(1),
        user(2)
    );
    let told = imported(&town, less.replace('\n', "\r\n")).await;
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(
        told.out,
        "residents: 2 read, 0 added, 2 updated, 0 refused\n"
    );
    assert_eq!(
        held(&town).await[..2],
        [
            all,
            "02 本町地区/本町2丁目 ja-Hira [welfare] [birth 2026-01] same-06:00"
        ]
    );

    // A person who stands twice is one person.
    let twice = format!("{HEADER}{0},市外,,,,\n{0},,ja,,,\n", user(9));
    let told = imported(&town, twice).await;
    assert_eq!(
        told.out,
        "residents: 2 read, 1 added, 1 updated, 0 refused\n"
    );
    assert_eq!(held(&town).await[3], "09 outside ja [] [] ");
});

on_both!(what_somebody_told_the_town_stays_theirs, |town: Town| {
    let hanako = town.resident("花子").await;
    hanako.registers().await;
    let before = hanako.says("わたしの登録").await.words();
    imported(&town, format!("{HEADER}{},,,,,\n", hanako.id)).await;
    assert_eq!(hanako.says("わたしの登録").await.words(), before);
    imported(&town, format!("{HEADER}{},,,,2024-02,7\n", hanako.id)).await;
    hanako
        .says("わたしの登録")
        .await
        .contains("2024年2月生まれ")
        .contains("その日の 7:00")
        .contains("催し・講座")
        .contains("同意：2026-11-24");
});

on_both!(
    a_row_that_cannot_be_read_is_refused_with_its_place,
    |town: Town| {
        let months = ["2025-01"; 11].join("|");
        let good = user(1);
        let rows = [
            ("Unobody,,,,,".to_owned(), "2:1: "),
            (
                format!("{good},新町,,,,"),
                "3:2: `新町` stands in several districts; write one of ",
            ),
            (
                format!("{good},本町9丁目,,,,"),
                "4:2: there is no area `本町9丁目`; ",
            ),
            (
                format!("{good},,tlh,,,"),
                "5:3: language \"tlh\" is not known; write one of ja, ja-Hira, en",
            ),
            (
                format!("{good},,,event|tea,,"),
                "6:4: `tea` is no topic of the policy",
            ),
            (
                format!("{good},,,,2025-13,"),
                "7:5: `2025-13` is not a month; write it like 2024-05",
            ),
            (
                format!("{good},,,,2026-12,"),
                "8:5: `2026-12` has not come yet",
            ),
            (
                format!("{good},,,,{months},"),
                "9:5: 11 children, expected 10 at most",
            ),
            (
                format!("{good},,,,,noon"),
                "10:6: `noon` is not a reminder hour; write ",
            ),
            (format!("{good},,,"), "11:4: 4 columns, expected 6"),
            (format!("{good},,,,,,"), "12:7: 7 columns, expected 6"),
            (format!("{good},市外,,,,"), ""),
        ];
        let mut csv = HEADER.to_owned();
        for (row, _) in &rows {
            writeln!(csv, "{row}").unwrap();
        }
        let told = imported(&town, csv).await;
        assert_eq!(told.code, 0);
        assert_eq!(
            told.out,
            "residents: 12 read, 1 added, 0 updated, 11 refused\n"
        );
        let expected = rows
            .iter()
            .map(|(_, reason)| *reason)
            .filter(|r| !r.is_empty());
        assert_eq!(told.err.lines().count(), 11, "{}", told.err);
        for (line, reason) in told.err.lines().zip(expected) {
            let reason = format!("residents.csv:{reason}");
            assert!(line.starts_with(&reason), "{line}\nis not\n{reason}");
        }
        assert_eq!(held(&town).await, ["01 outside  [] [] "]);
    }
);

on_both!(shift_jis_is_read, |town: Town| {
    let csv = format!(
        "{HEADER}{},本町地区/本町2丁目,,,,\n{},市外,,,,\n",
        user(1),
        user(2)
    );
    let (bytes, _, lost) = SHIFT_JIS.encode(&csv);
    assert!(!lost);
    let told = imported(&town, bytes).await;
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_eq!(
        held(&town).await,
        ["01 本町地区/本町2丁目  [] [] ", "02 outside  [] [] "]
    );
});

on_both!(a_wrong_file_imports_nothing, |town: Town| {
    let row = format!("{},,,,,\n", user(1));
    let broken = [HEADER.as_bytes(), row.as_bytes(), b"\xFF\xFE,,,,,\n"].concat();
    for (content, says) in [
        (row.clone().into_bytes(), "residents.csv:1: the header is "),
        (Vec::new(), "residents.csv:1: the header is "),
        (
            format!("user,area,language,topics,months,hour\n{row}").into_bytes(),
            "expected `line_user_id,area,",
        ),
        (broken, "residents.csv:3: neither UTF-8 nor Shift_JIS"),
    ] {
        let told = imported(&town, content).await;
        assert_eq!((told.code, told.out.as_str()), (2, ""), "{}", told.err);
        assert!(told.err.contains(says), "{says} is not in {}", told.err);
        assert_eq!(told.err.lines().count(), 1, "{}", told.err);
        assert_eq!(held(&town).await, [""; 0]);
    }
});

on_both!(a_town_moves_in, |town: Town| {
    let mut csv = HEADER.to_owned();
    for number in 0..50_000 {
        let (user, month) = (user(number), 1 + number % 12);
        writeln!(
            csv,
            "{user},本町地区/本町2丁目,,event|health,2024-{month:02},19"
        )
        .unwrap();
    }
    let folder = tempfile::tempdir().unwrap();
    let path = file(folder.path(), "residents.csv", csv);
    let policy = format!("{SAMPLE}/policy.toml");
    let place = [
        ("DATABASE_URL", town.db.url.as_str()),
        ("KAIRAN_POLICY", policy.as_str()),
    ];
    for sums in ["50000 added, 0 updated", "0 added, 50000 updated"] {
        let told = run(&place, &["import", "residents", &path]);
        assert_eq!(told.code, 0, "{told:?}");
        assert_eq!(
            told.out,
            format!("residents: 50000 read, {sums}, 0 refused\n")
        );
        let conn = town.db.conn();
        assert_eq!(resident::Entity::find().count(conn).await.unwrap(), 50_000);
        assert_eq!(
            resident_topic::Entity::find().count(conn).await.unwrap(),
            100_000
        );
        assert_eq!(child::Entity::find().count(conn).await.unwrap(), 50_000);
    }
    let told = run(&place, &["import", "residents", "/no/such/file"]);
    assert_eq!(told.code, 2, "{told:?}");
    assert!(told.err.starts_with("/no/such/file:1: "), "{}", told.err);
});
