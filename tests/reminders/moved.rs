//! A new edition of the calendar moves collections: who is reminded is told, for four weeks.

use kairan::audit::Actor;
use kairan::garbage::{self, Changes};
use kairan::reminder::Key;
use kairan::table::Source;

use super::{LAST, Reader, Room};
use crate::console::garbage::{NEW, OLD, files};
use crate::on_both;
use crate::support::town::garbage_files;

/// 大手町's Thursdays of burnable garbage become Fridays, too.
const TOO: (&str, &str) = (
    "大手町,汐見クリーンセンター,月 木",
    "大手町,汐見クリーンセンター,月 金",
);

/// The sample town's files with both changes.
fn both() -> Vec<Source> {
    let mut files = files(OLD, NEW);
    for file in &mut files {
        let text = file.text().unwrap().replace(TOO.0, TOO.1);
        file.bytes = text.into_bytes();
    }
    files
}

impl Room {
    /// The town publishes another edition.
    async fn publishes(&self, files: &[Source]) -> Changes {
        let (db, now, by) = (&self.town.db, self.town.clock.now(), Actor::Operator);
        let (options, strictness) = Default::default();
        let report = garbage::import(db, now, by, files, options, strictness).await;
        report.unwrap().changes.unwrap()
    }

    /// What these are told on the evening of `day`.
    async fn evening<const N: usize>(&self, day: &str, readers: [&Reader; N]) -> [String; N] {
        let before = readers.map(|reader| self.told(reader).len());
        self.at(&format!("{day}T19:00:00"));
        self.turn().await;
        let mut before = before.into_iter();
        readers.map(|reader| self.told(reader)[before.next().unwrap()..].join(" / "))
    }
}

on_both!(
    a_collection_that_moves_is_told_until_residents_are_used_to_it,
    |room: Room| {
        let moved = room.resident("本町2丁目", "before-19:00", None, &[]).await;
        let beside = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        let readers = [&moved, &beside];
        room.in_force(&Key::Garbage, LAST).await;
        let changes = room.publishes(&files(OLD, NEW)).await;
        assert_eq!(changes.areas_changed, ["本町地区/本町2丁目"]);

        assert_eq!(
            room.evening("2026-11-25", readers).await,
            [
                "11月26日(木)は、燃やすごみの収集がありません。\n燃やすごみの次の収集日は、11月27日(金)です。",
                "明日11月26日(木)は、燃やすごみの収集日です。"
            ]
        );
        assert_eq!(
            room.evening("2026-11-26", readers).await,
            [
                "明日11月27日(金)は、燃やすごみ、古紙・古布の収集日です。\n燃やすごみは、いつもと違う日の収集です。",
                "明日11月27日(金)は、古紙・古布の収集日です。"
            ]
        );

        // A correction elsewhere in the week after does not make it forgotten, nor the same files again.
        room.at("2026-11-27T10:00:00");
        let changes = room.publishes(&both()).await;
        assert_eq!(changes.areas_changed, ["本町地区/大手町"]);
        assert_eq!(
            room.evening("2026-12-02", [&moved]).await,
            [
                "12月3日(木)は、燃やすごみの収集がありません。\n燃やすごみの次の収集日は、12月4日(金)です。"
            ]
        );
        room.at("2026-12-03T10:00:00");
        let changes = room.publishes(&both()).await;
        assert!(changes.areas_changed.is_empty(), "{changes:?}");
        assert_eq!(
            room.evening("2026-12-03", [&moved]).await,
            [
                "明日12月4日(金)は、燃やすごみ、びん・缶の収集日です。\n燃やすごみは、いつもと違う日の収集です。"
            ]
        );

        let last = room.evening("2026-12-16", [&moved]).await;
        assert!(
            last[0].contains("12月17日(木)は、燃やすごみの収集がありません。"),
            "{last:?}"
        );
        room.evening("2026-12-17", [&moved]).await;
        assert_eq!(room.evening("2026-12-23", [&moved]).await, [""]);
        assert_eq!(
            room.evening("2026-12-24", [&moved]).await,
            ["明日12月25日(金)は、燃やすごみ、古紙・古布の収集日です。"]
        );
    }
);

on_both!(an_edition_taken_back_is_not_told_of, |room: Room| {
    let person = room.resident("本町2丁目", "before-19:00", None, &[]).await;
    room.in_force(&Key::Garbage, LAST).await;
    room.publishes(&files(OLD, NEW)).await;
    room.publishes(&garbage_files()).await;
    assert_eq!(
        room.evening("2026-11-25", [&person]).await,
        ["明日11月26日(木)は、燃やすごみの収集日です。"]
    );
    assert_eq!(
        room.evening("2026-11-26", [&person]).await,
        ["明日11月27日(金)は、古紙・古布の収集日です。"]
    );
});

on_both!(
    a_list_of_dates_goes_on_untold_and_a_date_that_moves_is_told,
    |room: Room| {
        let person = room.resident("本町1丁目", "before-19:00", None, &[]).await;
        room.in_force(&Key::Garbage, LAST).await;
        let (this_year, goes_on) = ("20261209 20270210", "20261209 20270210 20270414");
        room.publishes(&files(this_year, goes_on)).await;
        assert_eq!(
            room.evening("2026-12-08", [&person]).await,
            ["明日12月9日(水)は、ペットボトル、有害ごみの収集日です。"]
        );
        room.publishes(&files(this_year, "20261209 20270211 20270414"))
            .await;
        assert_eq!(
            room.evening("2027-02-09", [&person]).await,
            [
                "明日2月10日(水)は、ペットボトルの収集日です。\n2月10日(水)は、有害ごみの収集がありません。\n\
                 有害ごみの次の収集日は、2月11日(木)です。"
            ]
        );
        assert_eq!(
            room.evening("2027-02-10", [&person]).await,
            [
                "明日2月11日(木)は、燃やすごみ、有害ごみの収集日です。\n有害ごみは、いつもと違う日の収集です。"
            ]
        );
    }
);

on_both!(
    areas_may_come_to_the_same_calendar_at_different_times,
    |room: Room| {
        let first = room.resident("大手町", "before-19:00", None, &[]).await;
        let second = room.resident("本町2丁目", "before-19:00", None, &[]).await;
        let readers = [&first, &second];
        room.in_force(&Key::Garbage, LAST).await;
        room.publishes(&files(TOO.0, TOO.1)).await;
        room.at("2027-01-12T10:00:00");
        room.publishes(&both()).await;
        assert_eq!(
            room.evening("2027-01-13", readers).await,
            [
                "",
                "1月14日(木)は、燃やすごみの収集がありません。\n燃やすごみの次の収集日は、1月15日(金)です。"
            ]
        );
        let friday = "明日1月15日(金)は、燃やすごみ、びん・缶の収集日です。";
        assert_eq!(
            room.evening("2027-01-14", readers).await,
            [
                friday.to_owned(),
                format!("{friday}\n燃やすごみは、いつもと違う日の収集です。")
            ]
        );
    }
);
