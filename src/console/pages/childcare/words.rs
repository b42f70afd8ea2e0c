//! When a notice comes, as staff say and write it.

use chrono::{Datelike, Days, NaiveDate};

use crate::childcare::{Anchor, Offset, Rule};

/// When a notice of `rule` comes: 「1歳6か月のころ」「予定月の32週前（妊娠8週ごろ）」.
pub(in crate::console) fn when(rule: &Rule) -> String {
    match &rule.session {
        Some(session) => format!("{}の{}", day(session.held_on), written(rule.notify_at)),
        None => at(rule.anchor, rule.notify_at),
    }
}

/// From when to when what it is about can be had; empty when the rule does not say.
pub(super) fn window(rule: &Rule) -> String {
    if let Some(session) = &rule.session {
        let (first, last) = (day(session.born_from), day(session.born_to));
        return format!("{}（{first}〜{last}生まれ）", day(session.held_on));
    }
    let said = |offset: Option<Offset>| offset.map(|offset| at(rule.anchor, offset));
    match (said(rule.window_start), said(rule.window_end)) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{from}から"),
        (None, Some(until)) => format!("{until}の前まで"),
        (Some(from), Some(until)) => format!("{from}から{until}の前まで"),
    }
}

fn at(anchor: Anchor, offset: Offset) -> String {
    let zero = offset.parts() == [0; 4];
    match anchor {
        Anchor::Birth if zero => "生まれた月".to_owned(),
        Anchor::Birth if offset.is_backward() => format!("生まれた月の{}", written(offset)),
        Anchor::Birth => age(offset),
        Anchor::Due if zero => "予定月".to_owned(),
        Anchor::Due => {
            let week = match (offset.is_backward(), offset.parts()) {
                (true, [0, 0, weeks @ 1..=40, 0]) => format!("（妊娠{}週ごろ）", 40 - weeks),
                _ => String::new(),
            };
            format!("予定月の{}{week}", written(offset))
        }
        Anchor::AprilEntry if zero => "毎年4月".to_owned(),
        Anchor::AprilEntry => format!("毎年4月の{}", written(offset)),
        Anchor::SchoolEntry if zero => "小学校に入る4月".to_owned(),
        Anchor::SchoolEntry => format!("小学校に入る4月の{}", written(offset)),
    }
}

/// 「生後50日」「生後3か月」「1歳6か月」
fn age(offset: Offset) -> String {
    let [years, months, weeks, days] = offset.parts();
    let months = years * 12 + months;
    match (months, weeks, days) {
        (12.., 0, 0) if months % 12 == 0 => format!("{}歳", months / 12),
        (12.., 0, 0) => format!("{}歳{}か月", months / 12, months % 12),
        _ => format!("生後{}", length(offset)),
    }
}

/// 「3か月後」「32週前」「当日」, as the form shows and takes it.
pub(super) fn written(offset: Offset) -> String {
    if offset.parts() == [0; 4] {
        return "当日".to_owned();
    }
    let way = if offset.is_backward() { "前" } else { "後" };
    format!("{}{way}", length(offset))
}

fn length(offset: Offset) -> String {
    let parts = offset.parts().into_iter().zip(["年", "か月", "週", "日"]);
    let named = parts.filter(|(number, _)| *number > 0);
    named
        .map(|(number, unit)| format!("{number}{unit}"))
        .collect()
}

/// What somebody wrote in the form, as files have it: 「32週前」 is `-P32W`. What cannot be read stays as
/// it is, and is found wrong where all is checked.
pub(super) fn read(text: &str) -> String {
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(narrow)
        .collect();
    if text == "当日" {
        return "P0D".to_owned();
    }
    let (rest, sign) = match text.strip_suffix('前') {
        Some(rest) => (rest, "-"),
        None => (text.strip_suffix('後').unwrap_or(&text), ""),
    };
    let mut iso = rest.to_owned();
    for (japanese, unit) in [
        ("か月", "M"),
        ("カ月", "M"),
        ("ヶ月", "M"),
        ("ヵ月", "M"),
        ("箇月", "M"),
        ("年", "Y"),
        ("歳", "Y"),
        ("週間", "W"),
        ("週", "W"),
        ("日間", "D"),
        ("日", "D"),
    ] {
        iso = iso.replace(japanese, unit);
    }
    if iso == rest || iso.starts_with(['P', '-']) {
        return text;
    }
    format!("{sign}P{iso}")
}

/// A full-width digit or letter as an ASCII one.
fn narrow(c: char) -> char {
    match c {
        '！'..='～' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

/// 「2027年4月1日から」「2027年3月31日まで」, empty when it always holds.
pub(super) fn held(rule: &Rule) -> String {
    match (rule.effective_from.map(day), rule.effective_to.map(day)) {
        (None, None) => String::new(),
        (Some(first), None) => format!("{first}から"),
        (None, Some(last)) => format!("{last}まで"),
        (Some(first), Some(last)) => format!("{first}から{last}まで"),
    }
}

fn day(date: NaiveDate) -> String {
    format!("{}年{}月{}日", date.year(), date.month(), date.day())
}

/// 「2027年2月」
pub(super) fn month(date: NaiveDate) -> String {
    format!("{}年{}月", date.year(), date.month())
}

/// 「2027年2月から7月まで」 of a window that ends before `until`.
pub(super) fn months(from: Option<NaiveDate>, until: Option<NaiveDate>) -> String {
    let last = until.map(|until| until - Days::new(1));
    match (from, last) {
        (None, None) => String::new(),
        (Some(from), None) => format!("{}から", month(from)),
        (None, Some(last)) => format!("{}まで", month(last)),
        (Some(from), Some(last)) if month(from) == month(last) => month(from),
        (Some(from), Some(last)) => format!("{}から{}まで", month(from), month(last)),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn rule(anchor: Anchor, notify_at: &str) -> Rule {
        Rule {
            anchor,
            notify_at: notify_at.parse().unwrap(),
            ..Rule::default()
        }
    }

    #[test]
    fn a_time_is_said_as_people_say_it() {
        for (anchor, offset, said) in [
            (Anchor::Birth, "P0D", "生まれた月"),
            (Anchor::Birth, "P50D", "生後50日"),
            (Anchor::Birth, "P18M", "1歳6か月"),
            (Anchor::Birth, "P9Y", "9歳"),
            (Anchor::Due, "-P32W", "予定月の32週前（妊娠8週ごろ）"),
            (Anchor::SchoolEntry, "-P12M", "小学校に入る4月の12か月前"),
            (Anchor::AprilEntry, "-P6M", "毎年4月の6か月前"),
        ] {
            assert_eq!(when(&rule(anchor, offset)), said);
        }
    }

    #[test]
    fn what_is_shown_in_the_form_is_read_again() {
        for offset in ["-P32W", "P50D", "P18M", "P1Y6M", "P0D", "-P1M10D"] {
            let offset: Offset = offset.parse().unwrap();
            assert_eq!(read(&written(offset)).parse(), Ok(offset));
        }
        for (text, iso) in [
            ("３か月", "P3M"),
            ("1 歳 6 ヶ月", "P1Y6M"),
            ("P3M", "P3M"),
            ("-P3W", "-P3W"),
            ("来月", "来月"),
        ] {
            assert_eq!(read(text), iso);
        }
    }
}
