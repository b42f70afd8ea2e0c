//! What bulletins say of one municipality.

use kairan::jma::{
    Change, Facts, InfoType, Intensity, NotABulletin, Outlook, Place, Status, TsunamiKind, read,
};
use kairan::policy::Profile;

use super::{EARTHQUAKE, LANDSLIDE, TSUNAMI, bulletin, place, policy_text};

#[test]
fn an_earthquake_is_as_strong_as_it_was_here() {
    let read = bulletin(EARTHQUAKE);
    assert_eq!((read.status, read.info), (Status::Actual, InfoType::Issued));
    assert_eq!(
        (read.event.as_str(), read.serial),
        ("20261124180012", Some(1))
    );
    assert_eq!(
        read.source(),
        "気象庁 震源・震度に関する情報（11月24日 18時04分 第1報 発表）"
    );
    assert_eq!(read.id.len(), 64);
    let Facts::Earthquake(quake) = read.facts else {
        panic!("{:?}", read.facts)
    };
    // Stronger next door.
    assert_eq!(quake.here, Some(Intensity::FiveLower));
    assert_eq!(
        quake.occurred.unwrap().to_rfc3339(),
        "2026-11-24T09:00:00+00:00"
    );
    assert_eq!(quake.magnitude.as_deref(), Some("5.8"));
    assert_eq!(quake.hypocentre.as_deref(), Some("架空沖"));
    assert_eq!(quake.tsunami, Outlook::None);
}

#[test]
fn what_is_said_of_a_tsunami_goes_by_the_code_of_its_sentence() {
    for (code, outlook) in [
        ("0211", Outlook::Issued),
        ("0212", Outlook::Slight),
        ("0215 0262", Outlook::None),
        ("0217", Outlook::Unknown),
        ("", Outlook::Unknown),
    ] {
        let telegram = EARTHQUAKE.replace("<Code>0215</Code>", &format!("<Code>{code}</Code>"));
        let Facts::Earthquake(quake) = bulletin(&telegram).facts else {
            panic!("{code}")
        };
        assert_eq!(quake.tsunami, outlook, "{code}");
    }
}

#[test]
fn a_value_that_has_not_come_in_is_no_value() {
    let telegram = EARTHQUAKE.replace(
        "<Code>9999900</Code><MaxInt>5-</MaxInt>",
        "<Code>9999900</Code><Condition>震度５弱以上未入電</Condition>",
    );
    let Facts::Earthquake(quake) = bulletin(&telegram).facts else {
        panic!("no earthquake")
    };
    assert_eq!(quake.here, None);
}

#[test]
fn a_large_city_is_its_parts_and_its_wards() {
    let parts = EARTHQUAKE
        .replace(
            "<Code>9999900</Code><MaxInt>5-",
            "<Code>9999911</Code><MaxInt>3",
        )
        .replace("<Code>9998800</Code>", "<Code>9999912</Code>");
    let Facts::Earthquake(quake) = bulletin(&parts).facts else {
        panic!("no earthquake")
    };
    assert_eq!(
        quake.here,
        Some(Intensity::SixUpper),
        "the worst of its parts"
    );

    let text = policy_text().replace("coast = ", "wards = [\"9998800\"]\ncoast = ");
    let profile = Profile::parse(&text).unwrap();
    let place = Place::of(profile.emergency.unwrap().jma.as_ref().unwrap());
    let read = read(EARTHQUAKE.as_bytes(), &place).unwrap();
    let Facts::Earthquake(quake) = read.facts else {
        panic!("no earthquake")
    };
    assert_eq!(quake.here, Some(Intensity::SixUpper));
}

#[test]
fn of_the_coast_only_the_own_stretch_counts() {
    let Facts::Tsunami(Some(tsunami)) = bulletin(TSUNAMI).facts else {
        panic!("no tsunami")
    };
    assert_eq!(
        (tsunami.region.as_str(), tsunami.kind),
        ("汐見の海岸", TsunamiKind::Warning)
    );
    assert_eq!(tsunami.height.as_deref(), Some("3m"));
    assert_eq!(
        tsunami.arrival.unwrap().to_rfc3339(),
        "2026-11-24T09:40:00+00:00"
    );

    let elsewhere = TSUNAMI.replace("<Code>999</Code>", "<Code>902</Code>");
    assert_eq!(bulletin(&elsewhere).facts, Facts::Tsunami(None));
    let own = "<Code>999</Code></Area>\n\t\t\t<Category><Kind><Name>津波警報</Name><Code>51</Code></Kind><LastKind><Name>津波なし</Name><Code>00</Code></LastKind>";
    assert!(TSUNAMI.contains(own));
    for (code, was, kind) in [
        ("53", "00", TsunamiKind::Great),
        ("62", "00", TsunamiKind::Advisory),
        ("50", "51", TsunamiKind::WarningLifted),
        ("60", "62", TsunamiKind::AdvisoryLifted),
        ("71", "51", TsunamiKind::WarningLifted),
        ("71", "00", TsunamiKind::Forecast),
    ] {
        let telegram = TSUNAMI.replace(
            own,
            &own.replace("<Code>51<", &format!("<Code>{code}<"))
                .replace("<Code>00<", &format!("<Code>{was}<")),
        );
        let Facts::Tsunami(Some(tsunami)) = bulletin(&telegram).facts else {
            panic!("{code}")
        };
        assert_eq!(tsunami.kind, kind, "{code} after {was}");
    }
}

#[test]
fn a_warning_is_the_citys_own_and_says_whether_it_is_new() {
    let Facts::Weather(warnings) = bulletin(LANDSLIDE).facts else {
        panic!("no warnings")
    };
    let found: Vec<_> = warnings
        .iter()
        .map(|w| (w.name.as_str(), w.change))
        .collect();
    assert_eq!(found, [("レベル4土砂災害危険警報", Change::Issued)]);
    for (status, was, change) in [
        ("継続", "レベル４土砂災害危険警報", Change::Continued),
        ("解除", "レベル４土砂災害危険警報", Change::Lifted),
        (
            "特別警報から危険警報",
            "レベル５土砂災害特別警報",
            Change::Lowered,
        ),
        (
            "注意報から危険警報",
            "レベル２土砂災害注意報",
            Change::Issued,
        ),
    ] {
        let telegram = LANDSLIDE.replace(
            "<Status>発表</Status><LastKind><Name>レベル２土砂災害注意報</Name>",
            &format!("<Status>{status}</Status><LastKind><Name>{was}</Name>"),
        );
        let Facts::Weather(warnings) = bulletin(&telegram).facts else {
            panic!("{status}")
        };
        assert_eq!(warnings[0].change, change, "{status}");
    }
}

#[test]
fn the_old_forms_say_the_same_once_more_and_are_passed_over() {
    let old = LANDSLIDE.replace(
        "気象警報・注意報（Ｒ０６）（土砂）",
        "気象警報・注意報（Ｈ２７）",
    );
    assert_eq!(bulletin(&old).facts, Facts::Other);
}

#[test]
fn what_is_no_bulletin_is_named() {
    let refused = |telegram: &str| read(telegram.as_bytes(), &place()).unwrap_err();
    assert!(matches!(
        refused("これは電文ではない"),
        NotABulletin::NotXml(_)
    ));
    assert!(matches!(refused("<feed/>"), NotABulletin::OtherXml(name) if name == "feed"));
    for (good, bad, what) in [
        (
            "<Status>通常</Status>",
            "<Status>本番</Status>",
            "Control/Status",
        ),
        ("<Status>通常</Status>", "", "Control/Status"),
        (
            "<InfoType>発表</InfoType>",
            "<InfoType>続報</InfoType>",
            "Head/InfoType",
        ),
        (
            "2026-11-24T18:04:00+09:00</Report",
            "きのう</Report",
            "Head/ReportDateTime",
        ),
    ] {
        let error = refused(&EARTHQUAKE.replacen(good, bad, 1));
        assert!(
            matches!(error, NotABulletin::Unreadable { what: found, .. } if found == what),
            "{error}"
        );
    }
    assert!(read(&[0xff, 0xfe], &place()).is_err());
}

#[test]
fn a_policy_names_the_municipality_by_codes_that_exist() {
    for (good, bad) in [
        ("\"999997\"", "\"999998\""),
        ("\"999997\"", "\"99999\""),
        ("coast = [\"999\"]", "coast = [\"9999\"]"),
        ("coast = [\"999\"]", "wards = [\"99999\"]"),
        ("intensity = \"4\"", "intensity = \"5\""),
    ] {
        let text = policy_text();
        let at = text.lines().position(|line| line.contains(good)).unwrap();
        let faults = Profile::parse(&text.replace(good, bad)).unwrap_err();
        assert_eq!(faults.len(), 1, "{bad}: {faults:?}");
        assert_eq!(faults[0].line, at + 1, "{bad}");
    }
    // 八戸市, 文京区, 釧路市.
    for code in ["022039", "131059", "012068"] {
        assert!(
            Profile::parse(&policy_text().replace("999997", code)).is_ok(),
            "{code}"
        );
    }
}
