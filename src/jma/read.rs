//! XML → bulletin (気象庁防災情報XMLフォーマット, <https://xml.kishou.go.jp/>). Areas are told apart by their codes, never by
//! their names, which differ between kinds of bulletins.

use chrono::DateTime;
use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use super::bulletin::{
    Bulletin, Change, Earthquake, Facts, InfoType, Intensity, Outlook, Status, Tsunami,
    TsunamiKind, Warning,
};
use super::place::Place;
use super::xml::Element;
use crate::clock::Instant;

/// Why a text is no bulletin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotABulletin {
    /// It is no XML.
    #[error("it is no XML: {0}; save the telegram as it was published")]
    NotXml(String),
    /// It is XML, but none of these.
    #[error("it is a <{0}>; a bulletin is a <Report>")]
    OtherXml(String),
    /// Something every bulletin has is not there, or is not what it should be.
    #[error("{what} is {given:?}; expected {expected}")]
    Unreadable {
        /// Where.
        what: &'static str,
        /// What stands there.
        given: String,
        /// What should.
        expected: &'static str,
    },
}

/// Reads a telegram and what it says of `place`.
///
/// # Errors
/// It is none, or its envelope cannot be read. What is inside is read as far as it is known.
pub fn read(bytes: &[u8], place: &Place) -> Result<Bulletin, NotABulletin> {
    let text =
        str::from_utf8(bytes).map_err(|_| NotABulletin::NotXml("not in UTF-8".to_owned()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let report = Element::parse(text).map_err(NotABulletin::NotXml)?;
    if report.name != "Report" {
        return Err(NotABulletin::OtherXml(report.name));
    }
    let words = |what: &'static str| {
        report.words(what).ok_or(NotABulletin::Unreadable {
            what,
            given: String::new(),
            expected: "words",
        })
    };
    let unreadable = |what, given: &str, expected| NotABulletin::Unreadable {
        what,
        given: given.to_owned(),
        expected,
    };
    let title = words("Control/Title")?;
    let status = words("Control/Status")?;
    let info = words("Head/InfoType")?;
    let reported = words("Head/ReportDateTime")?;
    let facts = match title {
        "震度速報" | "震源・震度に関する情報" => {
            Facts::Earthquake(earthquake(&report, place))
        }
        title if title.starts_with("津波警報・注意報・予報") => {
            Facts::Tsunami(tsunami(&report, place))
        }
        // The forms of before 2026-05-29 say the same once more, without levels.
        title if title.contains("（Ｒ０６）") => Facts::Weather(weather(&report, place)),
        _ => Facts::Other,
    };
    Ok(Bulletin {
        id: Sha256::digest(bytes)
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
        title: title.to_owned(),
        status: Status::of_code(status)
            .ok_or_else(|| unreadable("Control/Status", status, "通常, 訓練 or 試験"))?,
        info: InfoType::of_code(info)
            .ok_or_else(|| unreadable("Head/InfoType", info, "発表, 訂正 or 取消"))?,
        office: words("Control/PublishingOffice")?.to_owned(),
        event: report.words("Head/EventID").unwrap_or_default().to_owned(),
        serial: report
            .words("Head/Serial")
            .and_then(|serial| serial.parse().ok()),
        reported_at: instant(reported)
            .ok_or_else(|| unreadable("Head/ReportDateTime", reported, "a time with its offset"))?,
        headline: report
            .words("Head/Headline/Text")
            .unwrap_or_default()
            .to_owned(),
        facts,
    })
}

fn earthquake(report: &Element, place: &Place) -> Earthquake {
    let quake = report.at("Body/Earthquake");
    let words = |path: &str| quake.and_then(|quake| quake.words(path));
    let prefectures = report
        .at("Body/Intensity/Observation")
        .into_iter()
        .flat_map(|seen| seen.all("Pref"));
    let cities = prefectures
        .flat_map(|pref| pref.all("Area"))
        .flat_map(|area| area.all("City"));
    let here = cities
        .filter(|city| city.words("Code").is_some_and(|code| place.is_city(code)))
        .filter_map(|city| Intensity::of_code(city.words("MaxInt")?));
    Earthquake {
        occurred: words("OriginTime")
            .or(report.words("Head/TargetDateTime"))
            .and_then(instant),
        hypocentre: words("Hypocenter/Area/Name").map(str::to_owned),
        magnitude: words("Magnitude").map(str::to_owned),
        here: here.max(),
        tsunami: outlook(report),
    }
}

/// By the code of the fixed sentence (固定付加文).
fn outlook(report: &Element) -> Outlook {
    let codes = report
        .words("Body/Comments/ForecastComment/Code")
        .unwrap_or_default();
    let says = |code: &str| codes.split_whitespace().any(|other| other == code);
    let known = [
        ("0211", Outlook::Issued),
        ("0212", Outlook::Slight),
        ("0215", Outlook::None),
    ];
    let said = known.into_iter().find(|(code, _)| says(code));
    said.map_or(Outlook::Unknown, |(_, outlook)| outlook)
}

fn tsunami(report: &Element, place: &Place) -> Option<Tsunami> {
    let forecast = report.at("Body/Tsunami/Forecast")?;
    let items = forecast.all("Item").filter_map(|item| {
        let region = item
            .words("Area/Code")
            .filter(|code| place.is_coast(code))?;
        let was = item.words("Category/LastKind/Code");
        let height = item.at("MaxHeight/TsunamiHeight");
        Some(Tsunami {
            region: item.words("Area/Name").unwrap_or(region).to_owned(),
            kind: kind(item.words("Category/Kind/Code")?, was),
            height: height
                .and_then(|height| height.attribute("description"))
                .map(|height| height.nfkc().collect()),
            arrival: item.words("FirstHeight/ArrivalTime").and_then(instant),
        })
    });
    items.max_by_key(|item| item.kind)
}

/// 警報等情報要素／津波警報・注意報・予報.
fn kind(code: &str, was: Option<&str>) -> TsunamiKind {
    let warned = matches!(was, Some("51" | "52" | "53"));
    let advised = was == Some("62");
    match code {
        "52" | "53" => TsunamiKind::Great,
        "51" => TsunamiKind::Warning,
        "62" => TsunamiKind::Advisory,
        "50" => TsunamiKind::WarningLifted,
        "60" => TsunamiKind::AdvisoryLifted,
        // A forecast may follow: then what was before is over, too.
        _ if warned => TsunamiKind::WarningLifted,
        _ if advised => TsunamiKind::AdvisoryLifted,
        _ => TsunamiKind::Forecast,
    }
}

fn weather(report: &Element, place: &Place) -> Vec<Warning> {
    let of_cities = |warning: &&Element| {
        warning
            .attribute("type")
            .is_some_and(|of| of.ends_with("（市町村等）"))
    };
    let warnings = report
        .at("Body")
        .into_iter()
        .flat_map(|body| body.all("Warning"));
    let items = warnings
        .filter(of_cities)
        .flat_map(|warning| warning.all("Item"));
    let here = items.filter(|item| {
        item.words("Area/Code")
            .is_some_and(|code| place.is_city(code))
    });
    let mut found: Vec<Warning> = here
        .flat_map(|item| item.all("Kind"))
        .filter_map(|kind| {
            let name: String = kind.words("Name")?.nfkc().collect();
            let was: String = kind
                .words("LastKind/Name")
                .unwrap_or_default()
                .nfkc()
                .collect();
            let change = match kind.words("Status").unwrap_or_default() {
                "継続" => Change::Continued,
                "解除" => Change::Lifted,
                _ if gravity(&was) > gravity(&name) => Change::Lowered,
                _ => Change::Issued,
            };
            Some(Warning { name, change })
        })
        .collect();
    found.sort_by_key(|warning| std::cmp::Reverse(gravity(&warning.name)));
    found.dedup();
    found
}

/// How grave a warning is, by its name: 5, 4, 3, 2, or nothing.
pub(super) fn gravity(name: &str) -> u32 {
    let names = [("特別警報", 5), ("危険警報", 4), ("注意報", 2), ("警報", 3)];
    let found = names.iter().find(|(kind, _)| name.contains(kind));
    found.map_or(0, |(_, gravity)| *gravity)
}

pub(super) fn instant(text: &str) -> Option<Instant> {
    DateTime::parse_from_rfc3339(text)
        .ok()
        .map(|at| at.to_utc())
}

/// The addresses that an Atom feed names, with when each was last changed, newest first as they stand.
pub(super) fn entries(atom: &str) -> Result<Vec<String>, String> {
    let feed = Element::parse(atom)?;
    if feed.name != "feed" {
        return Err(format!("it is a <{}>, no <feed>", feed.name));
    }
    let link = |entry: &Element| entry.at("link")?.attribute("href").map(str::to_owned);
    Ok(feed.all("entry").filter_map(link).collect())
}
