//! The policy as people read it, and what a version changes.

use kairan::policy::{Audience, Document, Profile, diff, history, page, record, rulebook};

use crate::on_both;
use crate::support::database::TestDb;
use crate::support::town::{policy, tuesday};

const DEFAULT: &str = include_str!("../../policies/default.toml");

/// The line with another value, if it has one that can be another.
fn mutated(line: &str) -> Option<String> {
    let (key, value) = line.split_once(" = ")?;
    if line.trim_start().starts_with('#') {
        return None;
    }
    if let Ok(number) = value.parse::<u32>() {
        return Some(format!("{key} = {}", number + 1));
    }
    let hosts = value
        .replace("line.me", "line.example")
        .replace("bit.ly", "bit.example")
        .replace("google", "gaggle");
    let turned = match value {
        "true" => "false".to_owned(),
        "false" => "true".to_owned(),
        _ if hosts != value => hosts,
        _ if value.contains("21:00") => value.replace("21:00", "22:00"),
        _ if value.contains("06:00") => value.replace("06:00", "05:00"),
        _ if value.contains("17:15") => value.replace("17:15", "17:00"),
        _ if value.contains("\"year_end\"") => value.replace(", \"year_end\"", ""),
        _ if value.contains("[\"no\"") => value.replace("[\"no\"", "[\"yes\""),
        _ if value.contains("\"holder\"") => value.replace("\"holder\", ", ""),
        _ if value.contains("\"opened\"") => "[]".to_owned(),
        _ if value.contains("2026-03-31") => value.replace("2026-03-31", "2026-03-30"),
        _ if value.ends_with("/\"") => value.replace("/\"", "/new\""),
        _ if value.ends_with('"') => format!("{}改\"", value.trim_end_matches('"')),
        _ => return None,
    };
    Some(format!("{key} = {turned}"))
}

#[test]
fn no_change_of_a_profile_goes_unseen() {
    let before = Profile::parse(DEFAULT).unwrap();
    let mut tried = 0;
    // The head, name and date, stands beside every change anyway.
    for (at, line) in DEFAULT
        .lines()
        .enumerate()
        .skip_while(|(_, l)| *l != "[source]")
    {
        let Some(changed) = mutated(line) else {
            continue;
        };
        let lines = DEFAULT.lines().enumerate();
        let text: Vec<&str> = lines
            .map(|(n, l)| if n == at { changed.as_str() } else { l })
            .collect();
        let Ok(after) = Profile::parse(&text.join("\n")) else {
            continue;
        };
        // An id is data: people read names.
        if after != before && !line.starts_with("id = ") {
            tried += 1;
            assert!(!diff(&before, &after).is_empty(), "{line} → {changed}");
        }
    }
    assert!(tried > 150, "only {tried} changes were tried");
    assert_eq!(diff(&before, &before), []);
}

#[test]
fn a_change_reads_as_what_went_and_what_came() {
    let before = Profile::parse(DEFAULT).unwrap();
    let after = DEFAULT
        .replace("mode = \"auto\"", "mode = \"selective\"")
        .replace("word_days = 90", "word_days = 60");
    let changes = diff(&before, &Profile::parse(&after).unwrap());
    let read: Vec<String> = changes
        .iter()
        .map(|c| {
            let texts = |lines: &[kairan::policy::Line]| {
                lines
                    .iter()
                    .map(|l| l.text.clone())
                    .collect::<Vec<_>>()
                    .join("|")
            };
            format!(
                "{}\n- {}\n+ {}",
                c.heading,
                texts(&c.removed),
                texts(&c.added)
            )
        })
        .collect();
    insta::assert_snapshot!(read.join("\n"), @r"
    お問い合わせとお返事
    - 送られたメッセージには自動でお答えします。個別の返信はしません。
    + 送られたメッセージには自動でお答えします。必要なときは、承認を得て職員が返信しますが、すべてには返信しません。
    個人情報
    - 答えられなかった言葉は、だれのものかを残さず、90日間だけ数えます。
    + 答えられなかった言葉は、だれのものかを残さず、60日間だけ数えます。
    ");
}

#[test]
fn an_order_that_changes_is_a_change() {
    let before = Profile::parse(DEFAULT).unwrap();
    let mut after = before.clone();
    after.topics.reverse();
    let changes = diff(&before, &after);
    assert_eq!(changes.len(), 1);
    assert!(changes[0].removed.is_empty() && changes[0].added.is_empty());
}

#[test]
fn the_public_reads_what_concerns_it() {
    let page = page(&Profile::parse(DEFAULT).unwrap());
    let headings = |audience| {
        let of = page.sections.iter().filter(move |s| s.audience == audience);
        of.map(|s| s.heading.as_str()).collect::<Vec<_>>()
    };
    insta::assert_snapshot!(headings(Audience::Public).join("・"), @"目的・アカウント・もとになる決まり・配信する内容・配信の決め方・緊急の配信・お問い合わせとお返事・投稿の削除・個人情報・選べるお知らせ・運用の停止・なりすましへの対応・変更のお知らせ・著作権・免責・停止と終了");
    insta::assert_snapshot!(headings(Audience::Staff).join("・"), @"勤務時間・起案のときの問い・リンクと画像・職員のアカウントと受託者");
    let routes = page
        .sections
        .iter()
        .find(|s| s.heading == "配信の決め方")
        .unwrap();
    let read: Vec<String> = routes
        .lines
        .iter()
        .map(|l| format!("{} {}", l.text, l.clause.as_deref().unwrap_or("-")))
        .collect();
    insta::assert_snapshot!(read.join("\n"), @r"
    ほかの課の原稿は、広報課が決めます。 5(4)ア・イ
    運営する課の原稿は、広報課が決めます。 5(4)イ
    ほかの課の原稿（分類が「その他、広く知らせる必要があるもの」のもの）は、広報課長が決めます。 5(2)キ
    運営する課の原稿（分類が「その他、広く知らせる必要があるもの」のもの）は、広報課長が決めます。 5(2)キ
    決裁する役職と課：広報課長、広報課、所管課長 -
    配信の時間は限りません。 -
    ");
    assert_eq!(page.title, "○○市LINE公式アカウント運用ポリシー");
    assert_eq!(page.effective_from.to_string(), "2026-04-01");
}

on_both!(
    all_versions_that_ruled_stay_readable_with_what_they_changed,
    |db: TestDb| {
        let first = policy();
        let text = first
            .text
            .replace("version = \"2026-04-01\"", "version = \"2027\"")
            .replace("effective_from = 2026-04-01", "effective_from = 2027-04-01")
            .replace("word_days = 90", "word_days = 60");
        let second = Document::parse(text).unwrap();
        for document in [&first, &second] {
            record(&db, document, tuesday()).await.unwrap();
        }
        // What waits is not in the history.
        assert_eq!(history(&rulebook(&db).await.unwrap()).len(), 1);
        let tx = db.begin().await.unwrap();
        let by = kairan::ids::PersonId(uuid::Uuid::from_u128(1));
        kairan::policy::adopt(&tx, "2027", &second.digest(), by, tuesday())
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let book = rulebook(&db).await.unwrap();
        let history = history(&book);
        let names: Vec<&str> = history.iter().map(|p| p.version.name()).collect();
        assert_eq!(names, ["2027", "2026-04-01"]);
        assert_eq!(history[0].changes.len(), 1);
        assert!(history[1].changes.is_empty());
        assert_eq!(history[1].version.document.text, first.text);
    }
);
