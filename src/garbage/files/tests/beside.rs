//! The files beside `area_days.csv`, and what staff should look at.

use super::*;

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
fn a_file_that_is_not_read_is_named() {
    let reading = set([
        ("area_days.csv", "地名,センター,燃\n本町,,月\n"),
        ("notice.csv", "x\n"),
    ]);
    assert!(places(&reading.warnings).contains(&"notice.csv:1".to_owned()));
}

#[test]
fn two_files_of_one_kind_are_a_finding() {
    let changes = "地名,label,収集日,代替日\n";
    let reading = set([
        ("area_days.csv", "地名,センター,燃\n本町,,月\n"),
        ("alternate_days.csv", changes),
        ("exceptions.csv", changes),
    ]);
    assert_eq!(places(&reading.findings), ["exceptions.csv:1"]);
}

#[test]
fn a_set_without_areas_is_a_finding() {
    for text in ["", "地名,センター,燃\n"] {
        assert_eq!(
            places(&set([("area_days.csv", text)]).findings),
            ["area_days.csv:1"]
        );
    }
}

#[test]
fn a_number_before_the_label_is_passed_over() {
    let reading = set([
        ("area_days.csv", "地名,センター,燃\n本町,,月\n"),
        (
            "target.csv",
            "mastercode,type,name,notice,furigana\n1,燃,紙,,か\n2,燃,紙,,か\n",
        ),
        (
            "description.csv",
            "mastercode,label,sublabel,description\n1,燃,,袋で\n",
        ),
    ]);
    let items: Vec<_> = reading
        .town
        .items
        .iter()
        .map(|i| (&*i.label, &*i.name))
        .collect();
    assert_eq!(items, [("燃", "紙")]);
    assert_eq!(
        reading.town.categories[0].description.as_deref(),
        Some("袋で")
    );
    assert!(places(&reading.warnings).contains(&"target.csv:3".to_owned()));
}

#[test]
fn a_finding_is_one_line_whatever_the_cell_holds() {
    let reading = set([
        ("area_days.csv", "地名,センター,燃\n\"本町\n一丁目\",,月\n"),
        (
            "target.csv",
            "label,name,notice,furigana\n,\"紙\n箱\",,か\n",
        ),
    ]);
    let told = [lines(&reading.findings), lines(&reading.warnings)].concat();
    assert!(
        told.len() >= 2 && told.iter().all(|line| !line.contains('\n')),
        "{told:?}"
    );
}
