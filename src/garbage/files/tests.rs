//! Every trouble seen in real files, on small sets of our own.

use super::*;

use chrono::Weekday::{Mon, Thu, Tue, Wed};

use crate::garbage::recurrence::{MonthSet, Recurrence};

fn today() -> NaiveDate {
    day("2026-11-22")
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// Reads files given as name and content; `、` stands for no comma, content is as published.
fn set<const N: usize>(files: [(&str, &str); N]) -> Reading {
    set_with(files, Options::default())
}

fn set_with<const N: usize>(files: [(&str, &str); N], options: Options) -> Reading {
    let sources = files.map(|(name, text)| Source::new(name, text));
    read(&sources, options, today())
}

fn lines(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(Finding::to_string).collect()
}

/// The findings' places: `area_days.csv:2:3`.
fn places(findings: &[Finding]) -> Vec<String> {
    let place = |f: &Finding| {
        let column = f.column.map(|c| format!(":{c}")).unwrap_or_default();
        format!("{}:{}{column}", f.file, f.line)
    };
    findings.iter().map(place).collect()
}

/// Labels and schedules of the area called `name`.
fn area(reading: &Reading, name: &str) -> Vec<(String, Schedule)> {
    let area = reading
        .town
        .areas
        .iter()
        .find(|area| area.name == name)
        .unwrap();
    let calendar = reading.town.calendar(area);
    let plain =
        |(category, schedule): (Arc<Category>, Schedule)| (category.label.clone(), schedule);
    calendar.collected.into_iter().map(plain).collect()
}

fn labels(reading: &Reading) -> Vec<String> {
    reading.town.areas.iter().map(label).collect()
}

fn label(area: &TownArea) -> String {
    match &area.district {
        Some(district) => format!("{district}/{}", area.name),
        None => area.name.clone(),
    }
}

fn weekly<const N: usize>(weekdays: [chrono::Weekday; N]) -> Schedule {
    Schedule {
        rules: weekdays
            .map(|w| Recurrence::Weekly(w, MonthSet::ALL))
            .into(),
        ..Schedule::default()
    }
}

fn dated<const N: usize>(dates: [&str; N]) -> Schedule {
    Schedule {
        added: dates.map(day).into(),
        ..Schedule::default()
    }
}

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
    assert!(reading.findings[0].message.contains("2 cells"));
    let reading = set([("area_days.csv", "地名,センター,燃\nみどり台,,月,B\n")]);
    assert_eq!(places(&reading.findings), ["area_days.csv:1:4"]);
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
            "area_days.csv:2:3: found “木x”, expected weekdays parted by spaces (月1 木)",
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
fn remarks_are_words_and_an_unknown_one_is_a_finding() {
    let days = "地名,センター,燃\nみどり台,,月 *1\n本町,,火 *7\n";
    let remarks = "ID,注意事項\n1,雨の日も集めます。\n2,収集がない日 2027/1/1\n";
    let reading = set([("area_days.csv", days), ("remarks.csv", remarks)]);
    assert_eq!(places(&reading.findings), ["area_days.csv:3:3"]);
    assert_eq!(
        area(&reading, "みどり台")[0].1.remarks,
        ["雨の日も集めます。"]
    );
    assert!(places(&reading.warnings).contains(&"remarks.csv:3".to_owned()));
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

fn reading_of(header: &str, rows: &str) -> Reading {
    set([("area_days.csv", &format!("{header}{rows}"))])
}

#[test]
fn an_area_without_a_name_is_a_finding() {
    let reading = reading_of("地名,センター,燃\n", "　,,月\n本町,,火\n");
    assert_eq!(places(&reading.findings), ["area_days.csv:2:1"]);
    assert_eq!(labels(&reading), ["本町"]);
}

#[test]
fn closures_are_periods_of_a_centre() {
    let days = "地名,センター,燃\n本町,ひがし　工場,月\n";
    let center = "名称,休止開始日,休止終了日\n\
        ひがし 工場,2025/12/29,2026/1/3\nひがし　工場,２０２６／１２／２９,20270103\n\
        古い工場,,\nひがし 工場,2026/8/15,\nひがし 工場,2026/2/30,2026/3/1\nひがし 工場,2026/5/5,2026/5/3\n";
    let reading = set([("area_days.csv", days), ("center.csv", center)]);
    assert_eq!(
        places(&reading.findings),
        ["center.csv:5", "center.csv:6:2", "center.csv:7"]
    );
    assert_eq!(places(&reading.warnings), ["center.csv:4"]);
    let calendar = reading.town.calendar(&reading.town.areas[0]);
    assert_eq!(calendar.closures.len(), 2);
    assert_eq!(calendar.closures[0].effect, Effect::Skip);
}

#[test]
fn a_centre_that_nobody_knows_is_a_warning_and_closes_nothing() {
    let days = "地名,センター,燃\n本町,西工場,月\nみどり台,,火\n";
    let center = "名称,休止開始日,休止終了日\n東工場,2026/12/29,2027/1/3\n";
    let reading = set([("area_days.csv", days), ("center.csv", center)]);
    assert_eq!(reading.findings, []);
    assert!(
        reading
            .town
            .areas
            .iter()
            .all(|a| reading.town.calendar(a).closures.is_empty())
    );
    let told = lines(&reading.warnings).join("\n");
    assert!(
        told.contains("center.csv does not know the centre “西工場”"),
        "{told}"
    );
    assert!(
        told.contains("center.csv:2: no area names the centre “東工場”"),
        "{told}"
    );
    assert!(
        told.contains("no closure of areas that name no centre covers 2026-12-29"),
        "{told}"
    );
}

#[test]
fn a_date_on_a_closed_day_is_a_conflict() {
    let days = "地名,センター,資源\n本町,東,20261228 20261229 20270104\n";
    let center = "名称,休止開始日,休止終了日\n東,2026/12/29,2027/1/3\n";
    let reading = set([("area_days.csv", days), ("center.csv", center)]);
    assert_eq!(places(&reading.findings), ["area_days.csv:2:3"]);
    assert!(reading.findings[0].message.contains("20261229"));
    assert_eq!(
        area(&reading, "本町")[0].1,
        dated(["2026-12-28", "2027-01-04"])
    );
}

#[test]
fn single_days_are_cancelled_and_moved() {
    let days = "地区,地名,センター,燃,資源\n北,本町,,月,20270105\n南,本町,,月,\n";
    let alternate = "地区,地名,label,収集日,代替日\n北,本町,燃,20261123,20261121\n\
        北,本町,資源,2027/1/5,20270112\n,,燃,20261228,\n";
    let reading = set([("area_days.csv", days), ("alternate_days.csv", alternate)]);
    assert_eq!(reading.findings, []);
    let schedules: Vec<Vec<String>> = reading
        .town
        .areas
        .iter()
        .map(|area| {
            area.entries
                .iter()
                .map(|e| e.schedule.to_string())
                .collect()
        })
        .collect();
    assert_eq!(
        schedules,
        [
            vec![
                "RRULE:FREQ=WEEKLY;BYDAY=MO\nRDATE;VALUE=DATE:20261121\nEXDATE;VALUE=DATE:20261123,20261228",
                "RDATE;VALUE=DATE:20270112\nEXDATE;VALUE=DATE:20270105",
            ],
            vec!["RRULE:FREQ=WEEKLY;BYDAY=MO\nEXDATE;VALUE=DATE:20261228"],
        ]
    );
}

#[test]
fn a_day_that_one_collection_leaves_and_another_takes_stays() {
    let days = "地名,センター,燃\n本町,,月\n";
    let alternate =
        "地名,label,収集日,代替日\n本町,燃,20261123,20261130\n本町,燃,20261130,20261207\n";
    let reading = set([("area_days.csv", days), ("alternate_days.csv", alternate)]);
    let calendar = reading.town.calendar(&reading.town.areas[0]);
    let found = calendar.between(day("2026-11-20"), day("2026-12-08"));
    let dates: Vec<NaiveDate> = found.iter().map(|c| c.date).collect();
    assert_eq!(dates, [day("2026-11-30"), day("2026-12-07")]);
}

#[test]
fn a_change_that_fits_nothing_is_a_finding() {
    let days = "地名,センター,燃\n本町,東,月\n";
    let center = "名称,休止開始日,休止終了日\n東,2026/12/29,2027/1/3\n";
    let alternate = "地名,label,収集日,代替日\n\
        大町,燃,20261123,\n本町,缶,20261123,\n本町,燃,20261124,\n本町,燃,2026112,\n\
        本町,燃,20261123,20261301\n本町,燃,20261130,20270102\n本町,燃,20261207,20261208\n\
        本町,燃,20261207,20261209\n本町,燃,20261214,\n本町,燃,20261214,\n";
    let reading = set([
        ("area_days.csv", days),
        ("center.csv", center),
        ("alternate_days.csv", alternate),
    ]);
    let columns = ["2:1", "3:2", "4:3", "5:3", "6:4", "7:4", "9:4"];
    let expected: Vec<String> = columns
        .iter()
        .map(|c| format!("alternate_days.csv:{c}"))
        .collect();
    assert_eq!(places(&reading.findings), expected);
    assert_eq!(places(&reading.warnings), ["alternate_days.csv:11"]);
    let schedule = area(&reading, "本町")[0].1.clone();
    assert_eq!(schedule.added, [].into());
    assert_eq!(
        schedule.cancelled,
        ["2026-12-07", "2026-12-14"].map(day).into()
    );
}

#[test]
fn the_dictionary_needs_no_header_and_its_labels_no_category() {
    let days = ("area_days.csv", "地名,センター,燃\n本町,,月\n");
    for header in [
        "label,name,notice,furigana\n",
        "type,name,notice,furigana\n",
        "",
    ] {
        let target =
            format!("{header}燃,紙,{{}},か\n大型ごみ,布団,,ふ\n燃,紙,{{}},か\n,いす,,い\n");
        let reading = set([days, ("target.csv", &target)]);
        assert_eq!(reading.findings, []);
        let items: Vec<_> = reading
            .town
            .items
            .iter()
            .map(|i| (i.name.as_str(), &i.notice))
            .collect();
        assert_eq!(items, [("紙", &None), ("布団", &None)]);
        let first = if header.is_empty() { 1 } else { 2 };
        let expected: Vec<String> = (1..4)
            .map(|n| format!("target.csv:{}", first + n))
            .collect();
        let mut told = places(&reading.warnings);
        told.retain(|place| place.starts_with("target"));
        assert_eq!(
            told, expected,
            "a stranger's label, the same line twice, no label"
        );
    }
}

#[test]
fn categories_have_names_in_other_languages() {
    let days = ("area_days.csv", "地名,センター,燃\n本町,,月\n");
    let names = "label,language,name\n燃,en,Burnable\n燃,tlh,x\n缶,en,Cans\n";
    let reading = set([days, ("category_names.csv", names)]);
    assert_eq!(reading.town.categories[0].names["en"], "Burnable");
    assert_eq!(places(&reading.findings), ["category_names.csv:3"]);
    assert!(places(&reading.warnings).contains(&"category_names.csv:4".to_owned()));
}

#[test]
fn readings_come_from_brackets_or_a_file_of_their_own() {
    let days = "地区,地名,センター,燃\n北,本町,,月\n南,本町,,月\n,合川（あいかわ）,,月\n";
    let readings =
        "地区名,地名,よみ\n北,本町,ほんちょう\n南,本町,ほんまち\n西,本町,ほんまち\n南,本町,本\n";
    let reading = set([("area_days.csv", days), ("area_readings.csv", readings)]);
    let kana: Vec<_> = reading
        .town
        .areas
        .iter()
        .filter_map(|a| a.reading.clone())
        .collect();
    assert_eq!(kana, ["ほんちょう", "ほんまち", "あいかわ"]);
    assert_eq!(places(&reading.findings), ["area_readings.csv:5:3"]);
    assert!(places(&reading.warnings).contains(&"area_readings.csv:4".to_owned()));
}

#[test]
fn dates_that_run_out_and_areas_without_collections_are_warnings() {
    let days = "地名,センター,資源\n本町,東,20261105 20261222 20991231\n\
        みどり台,東,20261201 20270301\n大町,東,20261101\n";
    let center = "名称,休止開始日,休止終了日\n東,2026/12/31,2027/1/2\n";
    let reading = set([("area_days.csv", days), ("center.csv", center)]);
    assert_eq!(reading.findings, []);
    assert_eq!(
        lines(&reading.warnings),
        [
            "area_days.csv:4: nothing is collected in the 60 days from 2026-11-22: 大町",
            "area_days.csv:4: the dates of “資源” end within 30 days, the first on 2026-11-01: 大町",
        ]
    );
}

#[test]
fn the_year_end_that_counts_is_the_coming_one_or_the_present_one() {
    let files = [
        Source::new("area_days.csv", "地名,センター,燃\n本町,東,月\n"),
        Source::new(
            "center.csv",
            "名称,休止開始日,休止終了日\n東,2026/12/29,2027/1/3\n",
        ),
    ];
    let warned = |today: &str| read(&files, Options::default(), day(today)).warnings.len();
    assert_eq!(
        ["2026-01-04", "2026-12-31", "2027-01-03", "2027-01-04"].map(warned),
        [0, 0, 0, 1]
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
fn a_file_that_is_not_read_is_named() {
    let reading = set([
        ("area_days.csv", "地名,センター,燃\n本町,,月\n"),
        ("notice.csv", "x\n"),
    ]);
    assert!(places(&reading.warnings).contains(&"notice.csv:1".to_owned()));
}
