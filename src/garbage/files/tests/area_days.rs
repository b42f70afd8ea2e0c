//! `area_days.csv`: encodings, columns, areas, cells.

use super::*;

#[test]
fn a_plain_set_has_no_findings() {
    let reading = set([
        (
            "area_days.csv",
            "地名,センター,燃えるごみ,びん\nみどり台,東工場,月 木,水2\n",
        ),
        (
            "center.csv",
            "名称,休止開始日,休止終了日\n東工場,2026/12/29,2027/1/3\n",
        ),
        (
            "description.csv",
            "label,sublabel,description,styles,bgcolor\nびん,袋なし,洗って<br>出す,,#fff\n",
        ),
        (
            "target.csv",
            "label,name,notice,furigana\nびん,ジャムのびん,洗う,し\n",
        ),
    ]);
    assert_eq!((reading.findings, reading.warnings), (vec![], vec![]));
    assert_eq!(
        reading.town.categories[1].description.as_deref(),
        Some("洗って\n出す")
    );
    let closures = &reading.town.closures[&Some("東工場".to_owned())];
    assert_eq!(
        (closures[0].first, closures[0].last),
        (day("2026-12-29"), day("2027-01-03"))
    );
    assert_eq!(reading.town.items[0].name, "ジャムのびん");
}

#[test]
fn one_set_in_every_encoding_is_one_town() {
    let text = "地名,センター,燃えるごみ\r\nみどり台,\"\",月　木\r\n\r\n髙田①,NULL,公社\r\n";
    let (shift_jis, _, lost) = encoding_rs::SHIFT_JIS.encode(text);
    assert!(!lost);
    let utf16 = |unit: fn(u16) -> [u8; 2]| -> Vec<u8> {
        "\u{FEFF}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(unit)
            .collect()
    };
    let expected = set([("area_days.csv", text)]);
    assert_eq!(places(&expected.findings), ["area_days.csv:4:3"]);
    assert_eq!(
        area(&expected, "みどり台"),
        [("燃えるごみ".into(), weekly([Mon, Thu]))]
    );
    for bytes in [
        format!("\u{FEFF}{text}").into_bytes(),
        text.replace("\r\n", "\n").into_bytes(),
        text.replace("\r\n", "\r").into_bytes(),
        shift_jis.into_owned(),
        utf16(u16::to_le_bytes),
        utf16(u16::to_be_bytes),
    ] {
        let reading = read(
            &[Source::new("area_days.csv", bytes)],
            Options::default(),
            today(),
        );
        assert_eq!(reading.town.areas, expected.town.areas);
        assert_eq!(reading.findings, expected.findings);
    }
}

#[test]
fn bytes_that_are_no_text_are_a_finding() {
    let broken = Source::new("area_days.csv", b"\x82\xA0\n\xFF\xFF".to_vec());
    let reading = read(&[broken], Options::default(), today());
    assert_eq!(places(&reading.findings), ["area_days.csv:2"]);
    assert_eq!(places(&set([]).findings), ["area_days.csv:1"]);
}

#[test]
fn columns_before_the_centre_may_be_districts_numbers_and_readings() {
    let of = |header: &str, row: &str| {
        let text = format!("{header}\n{row}\n");
        let master = "マスター,区名\n1,北地区\n";
        let reading = set([("area_days.csv", &text), ("area_master.csv", master)]);
        assert_eq!(reading.findings, []);
        assert_eq!(
            area(&reading, "みどり台"),
            [("燃".to_owned(), weekly([Mon]))],
            "{header}"
        );
        let area = &reading.town.areas[0];
        (label(area), area.reading.clone())
    };
    let kana = Some("みどりだい".to_owned());
    assert_eq!(of("地区,センター,燃", "みどり台,,月").0, "みどり台");
    assert_eq!(
        of("地区,地名,センター,燃", "北,みどり台,,月").0,
        "北/みどり台"
    );
    assert_eq!(
        of("区,校区,地名,センター,燃", "北,東,みどり台,,月").0,
        "北 東/みどり台"
    );
    assert_eq!(
        of("マスター,地名,センター,燃", "１,みどり台,,月").0,
        "北地区/みどり台"
    );
    assert_eq!(
        of(
            "マスター,地名,地名ふりがな,センター（任意）,燃",
            "1,みどり台,みどりだい,,月"
        ),
        ("北地区/みどり台".to_owned(), kana)
    );
    assert_eq!(of("地名,処理場,燃", "みどり台,東工場,月").0, "みどり台");
    assert_eq!(of("地名,燃", "みどり台,月").0, "みどり台");
}

#[test]
fn a_number_that_no_district_has_is_a_finding() {
    let days = "マスター,地名,センター,燃\n2,みどり台,,月\n1,本町,,月\n";
    let reading = set([
        ("area_days.csv", days),
        ("area_master.csv", "マスター,区名\n1,北\n"),
    ]);
    assert_eq!(places(&reading.findings), ["area_days.csv:2:1"]);
    assert_eq!(labels(&reading), ["北/本町"]);
    let reading = set([("area_days.csv", days)]);
    assert_eq!(labels(&reading), ["2/みどり台", "1/本町"]);
}

#[test]
fn without_a_header_nobody_knows_what_is_collected() {
    let reading = set([(
        "area_days.csv",
        "みどり台,東工場,月 木,水2\n本町,東工場,火,水1\n",
    )]);
    assert_eq!(places(&reading.findings), ["area_days.csv:1"]);
    assert!(reading.town.areas.is_empty());
}

#[test]
fn a_column_without_a_category_is_a_finding_unless_it_is_empty() {
    let reading = set([(
        "area_days.csv",
        "地名,センター,燃,,\nみどり台,,月,A,\n本町,,火,B,\n",
    )]);
    assert_eq!(places(&reading.findings), ["area_days.csv:1:4"]);
    assert!(reading.findings[0].to_string().contains("2 cells"));
}

#[test]
fn a_category_that_stands_twice_has_the_days_of_both_columns() {
    let reading = set([(
        "area_days.csv",
        "地名,センター,資源,燃,資源\nみどり台,,月,火,木\n",
    )]);
    assert_eq!(reading.findings, []);
    assert!(places(&reading.warnings).contains(&"area_days.csv:1:5".to_owned()));
    let expected = [
        ("資源".to_owned(), weekly([Mon, Thu])),
        ("燃".to_owned(), weekly([Tue])),
    ];
    assert_eq!(area(&reading, "みどり台"), expected);
}

#[test]
fn commas_and_quotes_in_names_are_read_as_csv_has_them() {
    let text = "地名,センター,\"びん, 缶\"\n\"本町（1, 2丁目）\",\"\",\"月 木\"\n";
    let reading = set([("area_days.csv", text)]);
    assert_eq!(
        area(&reading, "本町（1, 2丁目）"),
        [("びん, 缶".into(), weekly([Mon, Thu]))]
    );
}

#[test]
fn a_bad_token_is_named_with_its_place_and_the_rest_is_kept() {
    let text = "地名,センター,燃,資源\nみどり台,,月 木x,20260431 20261201\n本町,,火,水\n";
    let reading = set([("area_days.csv", text)]);
    assert_eq!(
        lines(&reading.findings),
        [
            "area_days.csv:2:3: found “木x”, expected nothing after a weekday but a number from 1 to 5 (月1)",
            "area_days.csv:2:4: found “20260431”, expected a date that exists, YYYYMMDD",
        ]
    );
    let kept = [
        ("燃".to_owned(), weekly([Mon])),
        ("資源".to_owned(), dated(["2026-12-01"])),
    ];
    assert_eq!(area(&reading, "みどり台"), kept);
    assert_eq!(area(&reading, "本町").len(), 2);
}

#[test]
fn the_choice_for_two_readings_reaches_the_cells() {
    let files = [("area_days.csv", "地名,センター,燃\nみどり台,,月 土5:8\n")];
    assert_eq!(places(&set(files).findings), ["area_days.csv:2:3"]);
    let options = Options {
        ambiguous: Some(Ambiguous::Intended),
        ..Options::default()
    };
    let reading = set_with(files, options);
    assert_eq!(reading.findings, []);
    assert_eq!(
        area(&reading, "みどり台")[0].1.rules[0],
        Recurrence::Weekly(Mon, MonthSet::ALL)
    );
}

#[test]
fn weekdays_without_a_space_are_read_with_a_warning() {
    let reading = set([("area_days.csv", "地名,センター,燃\nみどり台,,月木\n")]);
    assert_eq!(reading.findings, []);
    assert!(places(&reading.warnings).contains(&"area_days.csv:2:3".to_owned()));
    assert_eq!(
        area(&reading, "みどり台"),
        [("燃".into(), weekly([Mon, Thu]))]
    );
}

#[test]
fn an_area_twice_in_a_district_agrees_or_is_a_finding() {
    let header = "地区,地名,センター,燃,資源\n";
    let rows = "北,本町,,月,水2\n南,本町,,火,水3\n";
    let reading = set([("area_days.csv", &format!("{header}{rows}"))]);
    assert_eq!(
        (reading.findings, labels(&reading_of(header, rows))),
        (vec![], vec!["北/本町".into(), "南/本町".into()])
    );

    let same = reading_of(header, &format!("{rows}北,本町,,月,水2\n"));
    assert_eq!(same.findings, []);
    assert!(places(&same.warnings).contains(&"area_days.csv:4".to_owned()));

    let other = reading_of(header, &format!("{rows}北,本町,,月,水4\n"));
    assert_eq!(
        lines(&other.findings),
        ["area_days.csv:4:5: found “水4”, expected “水2” as in line 2, the same area"]
    );
    assert_eq!(other.town.areas.len(), 2);
    let kept = &other.town.areas[0].entries;
    assert_eq!(
        kept.len(),
        1,
        "what both rows say stays, what they dispute goes"
    );
    assert_eq!(kept[0].schedule, weekly([Mon]));

    let elsewhere = reading_of(header, &format!("{rows}北,本町,西,月,水2\n"));
    assert_eq!(places(&elsewhere.findings), ["area_days.csv:4"]);
}

#[test]
fn an_area_without_a_name_is_a_finding() {
    let reading = reading_of("地名,センター,燃\n", "　,,月\n本町,,火\n");
    assert_eq!(places(&reading.findings), ["area_days.csv:2:1"]);
    assert_eq!(labels(&reading), ["本町"]);
}

#[test]
fn a_date_on_a_closed_day_is_a_conflict() {
    let days = "地名,センター,資源\n本町,東,20261228 20261229 20270104\n";
    let center = "名称,休止開始日,休止終了日\n東,2026/12/29,2027/1/3\n";
    let reading = set([("area_days.csv", days), ("center.csv", center)]);
    assert_eq!(places(&reading.findings), ["area_days.csv:2:3"]);
    assert!(reading.findings[0].to_string().contains("20261229"));
    assert_eq!(
        area(&reading, "本町")[0].1,
        dated(["2026-12-28", "2027-01-04"])
    );
}

#[test]
fn rules_may_fall_in_february_and_fortnights_stay() {
    let text = "地名,センター,びん,紙\n本町,,水2:2,隔水20260401\nみどり台,,水2:2,隔火20260401\n";
    let reading = set([("area_days.csv", text)]);
    assert_eq!(places(&reading.findings), ["area_days.csv:3:4"]);
    let february = MonthSet::of([2]).unwrap();
    let rules: Vec<_> = area(&reading, "本町")
        .into_iter()
        .flat_map(|(_, s)| s.rules)
        .collect();
    let fortnight = Recurrence::Fortnightly(day("2026-04-01"), MonthSet::ALL);
    assert_eq!(rules, [Recurrence::Monthly(2, Wed, february), fortnight]);
}

#[test]
fn a_row_whose_cells_have_moved_is_a_finding_as_a_whole() {
    let rows = "みどり台,月,火1\n本町,,,月,火1\n大町,,月,火1,,\n新町,,月,\n";
    let reading = reading_of("地名,センター,燃,びん\n", rows);
    assert_eq!(
        places(&reading.findings),
        ["area_days.csv:2", "area_days.csv:3"]
    );
    assert_eq!(labels(&reading), ["大町", "新町"]);
}
