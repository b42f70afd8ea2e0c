#![allow(clippy::unwrap_used)]

use super::*;
use chrono::Weekday::{Fri, Mon, Sun, Thu, Tue, Wed};
use proptest::prelude::*;

const ALL: MonthSet = MonthSet::ALL;

fn months<const N: usize>(numbers: [u32; N]) -> MonthSet {
    MonthSet::of(numbers).unwrap()
}

fn day(text: &str) -> NaiveDate {
    NaiveDate::parse_from_str(text, "%Y%m%d").unwrap()
}

/// Reads a cell that must hold no fault.
fn read(text: &str) -> Cell {
    let (cell, faults) = Cell::read(text, None);
    assert_eq!(faults, [], "{text}");
    cell
}

/// The tokens at fault, and what could be read all the same.
fn faults(text: &str) -> (Vec<String>, Cell) {
    let (cell, faults) = Cell::read(text, None);
    (faults.into_iter().map(|fault| fault.token).collect(), cell)
}

fn weekly(weekday: Weekday) -> Recurrence {
    Recurrence::Weekly(weekday, ALL)
}

fn nth(nth: u8, weekday: Weekday) -> Recurrence {
    Recurrence::Monthly(nth, weekday, ALL)
}

#[test]
fn every_row_of_the_grammar() {
    assert_eq!(read(""), Cell::default());
    assert_eq!(read("　 "), Cell::default());
    assert_eq!(read("月 木").rules, [weekly(Mon), weekly(Thu)]);
    assert_eq!(read("水2").rules, [nth(2, Wed)]);
    assert_eq!(
        read("隔水20160406").rules,
        [Recurrence::Fortnightly(day("20160406"), ALL)]
    );
    assert_eq!(
        read("20160630 20160728").dates,
        [day("20160630"), day("20160728")].into()
    );
    assert_eq!(read("*1").remarks, ["1"]);
    assert_eq!(read("日").rules, [weekly(Sun)]);
}

#[test]
fn months_bind_to_every_day_before_them() {
    let even = months([4, 6, 8]);
    assert_eq!(
        read("火2 金4:4 6 8").rules,
        [
            Recurrence::Monthly(2, Tue, even),
            Recurrence::Monthly(4, Fri, even)
        ]
    );
    assert_eq!(read("月:4 6 8").rules, [Recurrence::Weekly(Mon, even)]);
}

#[test]
fn several_clauses_are_parted_by_a_semicolon_or_by_the_next_weekday() {
    let expected = [
        Recurrence::Monthly(2, Tue, months([4, 6])),
        Recurrence::Monthly(4, Fri, months([5, 7])),
    ];
    for text in [
        "火2:4 6; 金4:5 7",
        "火2:4 6;金4:5 7",
        "火2:4 6 金4:5 7",
        "火2: 4 6 金4 :5 7",
    ] {
        assert_eq!(read(text).rules, expected, "{text}");
    }
    assert_eq!(
        read("火2:4 金; 水").rules,
        [
            Recurrence::Monthly(2, Tue, months([4])),
            weekly(Fri),
            weekly(Wed)
        ]
    );
}

#[test]
fn kinds_mix_in_one_cell() {
    let cell = read("月1 月3 *1 20230102 水");
    assert_eq!(cell.rules, [nth(1, Mon), nth(3, Mon), weekly(Wed)]);
    assert_eq!(cell.dates, [day("20230102")].into());
    assert_eq!(cell.remarks, ["1"]);
    assert_eq!(
        read("水2:4 *1 6").rules,
        [Recurrence::Monthly(2, Wed, months([4, 6]))]
    );
}

#[test]
fn width_and_english_weekdays_make_no_difference() {
    assert_eq!(
        read("水２：４　６").rules,
        [Recurrence::Monthly(2, Wed, months([4, 6]))]
    );
    assert_eq!(
        read("＊１ ２０１６０６３０").dates,
        [day("20160630")].into()
    );
    assert_eq!(read("Mon Wed2").rules, [weekly(Mon), nth(2, Wed)]);
}

#[test]
fn weekdays_without_a_space_have_one_reading_unless_a_number_follows() {
    let cell = read("月木");
    assert_eq!(cell.rules, [weekly(Mon), weekly(Thu)]);
    assert!(cell.joined_weekdays);
    for text in ["月木1", "月1木", "月月"] {
        assert_eq!(
            faults(text),
            (vec![text.to_owned()], Cell::default()),
            "{text}"
        );
    }
}

#[test]
fn the_sentinel_is_no_collection() {
    assert_eq!(read("20160922 20991231").dates, [day("20160922")].into());
    assert_eq!(read(" 20991231"), Cell::default());
}

#[test]
fn dates_need_not_be_in_order() {
    assert_eq!(read("20170111 20170308 20160413 20160511").dates.len(), 4);
    assert_eq!(read("20160511 20160413 20160608").dates.len(), 3);
}

#[test]
fn whatever_has_no_single_reading_is_a_fault_and_the_rest_is_kept() {
    for bad in [
        "公社",
        "E",
        "大和①",
        "水6",
        "水0",
        "水12",
        "火2.",
        "火2、",
        "月曜日",
        "2016040",
        "201604060",
        "20160431",
        "20161301",
        "29990101",
        "隔水",
        "隔20160406",
        "隔木20160406",
        "隔水2016040",
        "*",
        "3",
        "13",
        "月・木",
        "月,木",
        "Mond",
        "第2水",
        "なし",
        "NULL",
    ] {
        let (tokens, cell) = faults(&format!("火 {bad} 金1"));
        assert_eq!(tokens.len(), 1, "{bad}");
        let expected: Vec<char> = bad.chars().filter(|c| *c != '①').collect();
        let expected: String = expected.into_iter().collect();
        assert!(tokens[0].contains(&expected), "{bad}: {tokens:?}");
        assert_eq!(cell.rules, [weekly(Tue), nth(1, Fri)], "{bad}");
    }
}

#[test]
fn months_that_are_none_are_faults() {
    assert_eq!(faults("水2:"), (vec!["水2:".to_owned()], Cell::default()));
    assert_eq!(faults("水2:13").0, ["13", "水2:"]);
    assert_eq!(faults(":4 水2").0, [":", "4"]);
    let (tokens, cell) = faults("水2:4 0 6");
    assert_eq!(tokens, ["0"]);
    assert_eq!(cell.rules, [Recurrence::Monthly(2, Wed, months([4, 6]))]);
}

#[test]
fn a_date_outside_the_months_behind_it_is_a_fault() {
    assert_eq!(read("20160406 水2:4").dates, [day("20160406")].into());
    let (tokens, cell) = faults("20160406 水2:5");
    assert_eq!(tokens, ["20160406:5"]);
    assert!(cell.dates.is_empty());
}

#[test]
fn a_date_that_stands_apart_by_a_year_is_a_fault() {
    for (text, odd) in [
        ("20160622 20150720 20160817 20160914", "20150720"),
        ("20160622 20160720 20170817 20160914", "20170817"),
        ("20170622 20160720 20160817", "20170622"),
        ("20160622 20160720 20150817", "20150817"),
        ("20160622 20160720 20170817", "20170817"),
        ("20150622 20160720 20160817 20991231", "20150622"),
    ] {
        let (tokens, cell) = faults(text);
        assert_eq!(tokens, [odd], "{text}");
        assert!(!cell.dates.contains(&day(odd)));
    }
}

#[test]
fn two_readings_wait_for_a_choice() {
    let august = months([8]);
    let text = "月 木 土5:8";
    assert_eq!(
        faults(text),
        (vec!["月 木 土5:8".to_owned()], Cell::default())
    );
    let as_chosen = |ambiguous| Cell::read(text, Some(ambiguous)).0.rules;
    assert_eq!(
        as_chosen(Ambiguous::Published),
        [
            Recurrence::Weekly(Mon, august),
            Recurrence::Weekly(Thu, august),
            Recurrence::Monthly(5, Weekday::Sat, august)
        ]
    );
    assert_eq!(
        as_chosen(Ambiguous::Intended),
        [
            weekly(Mon),
            weekly(Thu),
            Recurrence::Monthly(5, Weekday::Sat, august)
        ]
    );
}

fn kanji(weekday: Weekday) -> char {
    ['月', '火', '水', '木', '金', '土', '日'][weekday.num_days_from_monday() as usize]
}

/// Writes rules as a city would.
fn written(rules: &[Recurrence]) -> String {
    let day = |rule: &Recurrence| match rule {
        Recurrence::Weekly(weekday, _) => kanji(*weekday).to_string(),
        Recurrence::Monthly(nth, weekday, _) => format!("{}{nth}", kanji(*weekday)),
        Recurrence::Fortnightly(first, _) => {
            format!("隔{}{}", kanji(first.weekday()), first.format("%Y%m%d"))
        }
    };
    let clause = |rule: &Recurrence| {
        let (Recurrence::Weekly(_, months)
        | Recurrence::Monthly(_, _, months)
        | Recurrence::Fortnightly(_, months)) = rule;
        let numbers: Vec<String> = months.numbers().map(|m| m.to_string()).collect();
        if *months == ALL {
            day(rule)
        } else {
            format!("{}:{}", day(rule), numbers.join(" "))
        }
    };
    rules.iter().map(clause).collect::<Vec<_>>().join("; ")
}

proptest! {
    #[test]
    fn a_cell_written_is_read_back(
        rules in prop::collection::vec(super::super::recurrence::tests::any_recurrence(), 0..6)
    ) {
        prop_assert_eq!(read(&written(&rules)).rules, rules);
    }

    #[test]
    fn no_cell_is_too_odd_to_be_read(text in "[月火水木金土日隔0-9:;* A-Z公１２：]{0,40}") {
        let (cell, faults) = Cell::read(&text, None);
        let nothing = text.chars().all(|c| c == ';' || c == ' ') || text.contains("20991231");
        prop_assert!(nothing || cell.has_days() || !cell.remarks.is_empty() || !faults.is_empty());
    }
}
