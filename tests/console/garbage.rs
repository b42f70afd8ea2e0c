//! The garbage calendar in the console: looked at, and taken over only after a look at what changes.

use std::io::{Cursor, Write};

use kairan::audit::{self, Actor};
use kairan::console::MAX_UPLOAD;
use kairan::garbage;
use kairan::table::Source;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::on_both;
use crate::support::console::{Staff, leads_to};
use crate::support::form_data::hidden;
use crate::support::town::{Town, garbage_files, tuesday};

const OPTIONS: [(&str, &str); 2] = [("closures", "skip"), ("strictness", "strict")];

/// The sample town's files, with `old` written `new` in its days.
pub fn files(old: &str, new: &str) -> Vec<Source> {
    let mut files = garbage_files();
    for file in &mut files {
        if file.name == "area_days.csv" {
            let text = file.text().unwrap();
            assert!(text.contains(old), "{old}");
            file.bytes = text.replace(old, new).into_bytes();
        }
    }
    files
}

pub async fn hand_in(staff: &Staff, files: &[Source]) -> reqwest::Response {
    let parts: Vec<(&str, &str, &[u8])> = files
        .iter()
        .map(|file| ("files", file.name.as_str(), file.bytes.as_slice()))
        .collect();
    staff.send("/garbage/import", &OPTIONS, &parts).await
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

async fn text(answer: reqwest::Response) -> String {
    answer.text().await.unwrap()
}

/// 本町2丁目's Thursdays of burnable garbage become Fridays.
pub const OLD: &str = "本町2丁目,汐見クリーンセンター,月 木";
pub const NEW: &str = "本町2丁目,汐見クリーンセンター,月 金";

on_both!(areas_are_found_and_their_month_is_shown, |town: Town| {
    let staff = town.staff().await;
    let page = text(staff.get("/garbage").await).await;
    assert!(page.contains("53地区の収集日") && page.contains("本町2丁目"));
    let found = text(staff.get("/garbage?q=おおて").await).await;
    assert!(found.contains("大手町") && !found.contains("本町2丁目"));
    let nothing = text(staff.get("/garbage?q=%3Cscript%3E").await).await;
    assert!(nothing.contains("当てはまる地区がありません") && !nothing.contains("<script>"));
    let link = found.split("/garbage/areas/").nth(1).unwrap();
    let id = link.split('"').next().unwrap();
    let month = text(
        staff
            .get(&format!("/garbage/areas/{id}?month=2026-12"))
            .await,
    )
    .await;
    for words in [
        "2026年12月の収集日",
        "処理施設 休み",
        "毎週月・木曜日",
        "month=2027-01",
    ] {
        assert!(month.contains(words), "{words}");
    }
    let odd = text(staff.get(&format!("/garbage/areas/{id}?month=x")).await).await;
    assert!(odd.contains("2026年11月の収集日") && odd.contains("勤労感謝の日"));
    assert_eq!(staff.get("/garbage/areas/999999").await.status(), 404);
});

on_both!(
    what_changes_is_shown_before_it_is_taken_over,
    |town: Town| {
        let staff = town.staff().await;
        let answer = hand_in(&staff, &files(OLD, NEW)).await;
        assert_eq!(answer.status(), 303);
        let path = leads_to(&answer).to_owned();
        let page = text(staff.get(&path).await).await;
        for words in [
            "まだ取り込んでいません",
            "毎週月・木曜日",
            "毎週月・金曜日",
            "<strong>1地区</strong>",
            "本町地区/本町2丁目",
            "いままで",
            "1地区では、ごみの日のお知らせを受け取っている住民に、収集日が変わる最初の日から4週間",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let before = town.resident("花子").await;
        before.registers().await;
        before.says("今週のごみ").await.contains("11月26日(木)");
        assert_eq!(
            staff
                .post(&path, &[("seen", &hidden(&page, "seen"))])
                .await
                .status(),
            303
        );
        before.says("今週のごみ").await.contains("11月27日(金)");
        let record = audit::search(&town.db, &audit::Query::default())
            .await
            .unwrap();
        let entry = &record.entries[0];
        assert_eq!(
            (entry.act.as_str(), entry.actor),
            ("garbage.imported", Some(staff.person))
        );
        assert_eq!(entry.detail["changed"], 1);
        // Twice is once.
        let again = staff.post(&path, &[("seen", &hidden(&page, "seen"))]).await;
        assert_eq!(leads_to(&again), "/garbage/import");
        assert_eq!(staff.get(&path).await.status(), 404);
        let page = text(staff.get("/garbage").await).await;
        assert!(
            page.contains("最後の取り込みは 11月24日(火) 10:00（広報課 課長）"),
            "{page}"
        );
    }
);

on_both!(the_same_files_change_nothing, |town: Town| {
    let staff = town.staff().await;
    let answer = hand_in(&staff, &garbage_files()).await;
    let page = text(staff.get(leads_to(&answer)).await).await;
    assert!(page.contains("変わるところはありません") && !page.contains("4週間"));
    assert!(page.contains("確かめたいところが5か所"));
});

on_both!(a_calendar_published_meanwhile_is_noticed, |town: Town| {
    let staff = town.staff().await;
    let answer = hand_in(&staff, &files(OLD, NEW)).await;
    let path = leads_to(&answer).to_owned();
    let page = text(staff.get(&path).await).await;
    let seen = hidden(&page, "seen");
    let other = files(
        "大手町,汐見クリーンセンター,月 木",
        "大手町,汐見クリーンセンター,火 金",
    );
    garbage::import(
        &town.db,
        tuesday(),
        Actor::Operator,
        &other,
        Default::default(),
        Default::default(),
    )
    .await
    .unwrap();
    let refused = staff.post(&path, &[("seen", &seen)]).await;
    assert_eq!(leads_to(&refused), path);
    let page = text(staff.get(&path).await).await;
    assert!(
        page.contains("大手町"),
        "what the other did would be undone"
    );
    assert_ne!(hidden(&page, "seen"), seen);
    let done = staff.post(&path, &[("seen", &hidden(&page, "seen"))]).await;
    assert_eq!(leads_to(&done), "/garbage");
});

on_both!(what_cannot_be_read_is_named_in_japanese, |town: Town| {
    let staff = town.staff().await;
    let answer = hand_in(
        &staff,
        &files(OLD, "本町2丁目,汐見クリーンセンター,月 木9<b>"),
    )
    .await;
    assert_eq!(answer.status(), 200);
    let page = text(answer).await;
    assert!(
        page.contains("直すところが") && page.contains("3行目の4列目"),
        "{page}"
    );
    assert!(
        page.contains("まだ取り込んでいません")
            && !page.contains("<b>")
            && !page.contains("expected")
    );
    // The rest may be taken over when staff say so.
    let broken = files(OLD, "本町2丁目,汐見クリーンセンター,月 木9");
    let parts: Vec<(&str, &str, &[u8])> = broken
        .iter()
        .map(|f| ("files", f.name.as_str(), f.bytes.as_slice()))
        .collect();
    let answer = staff
        .send("/garbage/import", &[("strictness", "lenient")], &parts)
        .await;
    let page = text(staff.get(leads_to(&answer)).await).await;
    assert!(page.contains("除いて取り込みます"));
});

on_both!(a_folder_may_come_as_a_zip_file, |town: Town| {
    let staff = town.staff().await;
    let files = files(OLD, NEW);
    let inside: Vec<(String, &[u8])> = files
        .iter()
        .map(|f| (format!("ごみ/{}", f.name), f.bytes.as_slice()))
        .collect();
    let inside: Vec<(&str, &[u8])> = inside.iter().map(|(n, b)| (n.as_str(), *b)).collect();
    let zip = zipped(&inside);
    let answer = staff
        .send("/garbage/import", &OPTIONS, &[("files", "ごみ.zip", &zip)])
        .await;
    assert_eq!(answer.status(), 303);
    assert!(
        text(staff.get(leads_to(&answer)).await)
            .await
            .contains("毎週月・金曜日")
    );
});

on_both!(odd_files_are_refused_and_change_nothing, |town: Town| {
    let staff = town.staff().await;
    let bomb = vec![b'0'; 21 * 1024 * 1024];
    for (name, bytes, said) in [
        (
            "a.zip",
            b"no archive".to_vec(),
            "ZIPファイルとして開けません",
        ),
        (
            "a.zip",
            zipped(&[("../area_days.csv", b"x")]),
            "フォルダーの外を指す名前",
        ),
        (
            "a.zip",
            zipped(&[("area_days.csv", &bomb)]),
            "20MBを超えます",
        ),
        (
            "a.zip",
            zipped(&[("読んで.txt", b"x")]),
            "ファイルを選んでください",
        ),
        (
            "area_days.csv",
            b"\xFF\xFE\x00\xD8".to_vec(),
            "文字を読み取れません",
        ),
        ("area_days.csv", b"".to_vec(), "直すところが1か所"),
        ("<img src=x>.csv", b"x".to_vec(), "地区が見つかりません"),
    ] {
        let answer = staff
            .send("/garbage/import", &OPTIONS, &[("files", name, &bytes)])
            .await;
        assert_eq!(answer.status(), 200, "{name}");
        let page = text(answer).await;
        assert!(page.contains(said), "{name} {said}: {page}");
        assert!(!page.contains("<img"));
    }
    assert!(
        text(staff.send("/garbage/import", &OPTIONS, &[]).await)
            .await
            .contains("ファイルを選んでください")
    );
    let large = vec![b'0'; MAX_UPLOAD + 1];
    let answer = staff
        .send("/garbage/import", &OPTIONS, &[("files", "a.csv", &large)])
        .await;
    assert_eq!(answer.status(), 413);
    assert_eq!(staff.post("/garbage/import", &[]).await.status(), 400);
    assert!(text(staff.get("/garbage").await).await.contains("53地区"));
});
