//! A segment in Japanese, for staff: 「本町地区で、0〜36か月のお子さんがいる方」.

use chrono::{Datelike, NaiveDate};

use super::model::{Fact, Segment, Span};
use super::parse::{Expected, Found, NotASegment};
use super::selection::Unknown;
use crate::policy::Profile;
use crate::resident::{GarbageReminder, Month, ReminderDay};

/// A condition before a comma (本町地区で) and before a noun (本町地区に住んでいる).
struct Phrase {
    leading: String,
    closing: String,
}

/// Whom a segment means. Topics are called as the policy calls them.
pub fn explain(profile: &Profile, segment: &Segment) -> String {
    match segment {
        Segment::Everyone => "お知らせの届くすべての方".to_owned(),
        Segment::Any(parts) => {
            let parts: Vec<String> = parts.iter().map(|part| explain(profile, part)).collect();
            parts.join("、または")
        }
        Segment::All(parts) => {
            let mut phrases: Vec<Phrase> = parts.iter().map(|p| phrase(profile, p, true)).collect();
            let last = phrases.pop().map(|phrase| phrase.closing);
            let mut words: Vec<String> = phrases.into_iter().map(|p| p.leading).collect();
            words.extend(last);
            format!("{}方", words.join("、"))
        }
        one => format!("{}方", phrase(profile, one, true).closing),
    }
}

fn phrase(profile: &Profile, segment: &Segment, true_of: bool) -> Phrase {
    match segment {
        Segment::Not(inner) => phrase(profile, inner, !true_of),
        Segment::Is(fact) => fact_phrase(profile, fact, true_of),
        group => {
            let group = explain(profile, group);
            both(
                true_of,
                [
                    (format!("（{group}）で"), format!("（{group}）に当てはまる")),
                    (
                        format!("（{group}）ではなく"),
                        format!("（{group}）に当てはまらない"),
                    ),
                ],
            )
        }
    }
}

fn both(true_of: bool, [yes, no]: [(String, String); 2]) -> Phrase {
    let (leading, closing) = if true_of { yes } else { no };
    Phrase { leading, closing }
}

fn fact_phrase(profile: &Profile, fact: &Fact, true_of: bool) -> Phrase {
    // What is said, and its ends: 「…で」「…に住んでいる」「…以外で」「…以外の」.
    let (what, ends): (String, [&str; 4]) = match fact {
        Fact::District(name) | Fact::Area(name) => {
            (name.clone(), ["で", "に住んでいる", "以外で", "以外の"])
        }
        Fact::Topic(id) => {
            let japanese = crate::language::Language::japanese();
            let name = profile
                .topic(id)
                .map_or(id.as_str(), |t| t.name_in(japanese));
            (
                format!("「{name}」"),
                [
                    "を選んでいて",
                    "を選んでいる",
                    "を選んでいなくて",
                    "を選んでいない",
                ],
            )
        }
        Fact::Child(ages) => (format!("{}のお子さん", ages_of(*ages)), HAS),
        Fact::Born(of) => (format!("{}生まれのお子さん", months(*of)), HAS),
        Fact::Due(of) => (
            months(*of),
            [
                "に出産予定があり",
                "に出産予定がある",
                "に出産予定がなく",
                "に出産予定がない",
            ],
        ),
        Fact::Language(language) => (
            language.name(),
            [
                "で読んでいて",
                "で読む",
                "以外のことばで読んでいて",
                "以外のことばで読む",
            ],
        ),
        Fact::Registered(of) => (
            days(*of),
            [
                "に登録していて",
                "に登録した",
                "ではない日に登録していて",
                "ではない日に登録した",
            ],
        ),
        Fact::Reminder(hour) => (
            format!("ごみの日のお知らせを{}", reminder(*hour)),
            ["選んでいて", "選んでいる", "選んでいなくて", "選んでいない"],
        ),
    };
    let [leading, closing, not_leading, not_closing] = ends.map(|end| format!("{what}{end}"));
    both(true_of, [(leading, closing), (not_leading, not_closing)])
}

const HAS: [&str; 4] = ["がいて", "がいる", "がいなくて", "がいない"];

fn ages_of(ages: Span<u32>) -> String {
    match (ages.from(), ages.to()) {
        (Some(from), Some(to)) if from == to => format!("{from}か月"),
        (Some(from), Some(to)) => format!("{from}〜{to}か月"),
        (Some(from), None) => format!("{from}か月以上"),
        (None, to) => format!("{}か月まで", to.unwrap_or_default()),
    }
}

fn months(of: Span<Month>) -> String {
    let month = |month: Month| format!("{}年{}月", month.year(), month.month());
    match (of.from(), of.to()) {
        (Some(from), Some(to)) if from == to => month(from),
        (Some(from), Some(to)) if from.year() == to.year() => {
            format!("{}〜{}月", month(from), to.month())
        }
        (from, to) => ends(from.map(month), to.map(month)),
    }
}

fn days(of: Span<NaiveDate>) -> String {
    let day = |day: NaiveDate| format!("{}年{}月{}日", day.year(), day.month(), day.day());
    match (of.from(), of.to()) {
        (Some(from), Some(to)) if from == to => day(from),
        (from, to) => ends(from.map(day), to.map(day)),
    }
}

fn ends(from: Option<String>, to: Option<String>) -> String {
    match (from, to) {
        (Some(from), Some(to)) => format!("{from}〜{to}"),
        (Some(from), None) => format!("{from}以降"),
        (None, to) => format!("{}まで", to.unwrap_or_default()),
    }
}

fn reminder(hour: GarbageReminder) -> String {
    match hour {
        GarbageReminder::Never => "「いらない」と".to_owned(),
        GarbageReminder::At(ReminderDay::Before, time) => {
            format!("前の日の{}に", time.format("%-H:%M"))
        }
        GarbageReminder::At(ReminderDay::Same, time) => {
            format!("その日の{}に", time.format("%-H:%M"))
        }
    }
}

/// Why a text is no segment, for whoever typed it.
pub fn fault(fault: &NotASegment) -> String {
    let found = match &fault.found {
        Found::Text(text) => format!("「{text}」"),
        Found::End => "終わり".to_owned(),
    };
    let expected = match &fault.expected {
        Expected::Condition => "「district:本町地区」のような条件".to_owned(),
        Expected::Joint => "「and」「or」か、終わり".to_owned(),
        Expected::Closing => "「and」「or」か、閉じるかっこ".to_owned(),
        Expected::Colon(field) => format!("「{field}」のあとの「:」"),
        Expected::Value(field) => value(field).to_owned(),
        Expected::Order => "早いほう（小さいほう）を先に書いた範囲".to_owned(),
        Expected::Quote => "名前の終わりの「\"」".to_owned(),
        Expected::Shallower => "もっと少ない重ねのかっこ".to_owned(),
    };
    format!(
        "{}文字めが{found}です。ここには、{expected}を書いてください。",
        fault.column
    )
}

fn value(field: &str) -> &'static str {
    match field {
        "district" => "地域の名前",
        "area" => "地区の名前",
        "topic" => "受け取る分野の記号",
        "child" => "月齢（0..36 など）",
        "born" | "due" => "年と月（2027-01..2027-03 など）",
        "language" => "ことばの記号（en など）",
        "registered" => "日付（2026-04-01.. など）",
        _ => "時刻（before-19:00 など）",
    }
}

/// A name that means nothing in this town, for whoever typed it.
pub fn unknown(unknown: &Unknown) -> String {
    let (name, what, known) = match unknown {
        Unknown::District { name, known } => (name, "地域", known),
        Unknown::Area { name, near } => (name, "地区", near),
        Unknown::Topic { name, known } => (name, "受け取る分野", known),
    };
    match known.is_empty() {
        true => format!("「{name}」という{what}は、ひとつに決まりません。"),
        false => format!(
            "「{name}」という{what}は、ひとつに決まりません。この中から選んでください：{}",
            known.join("、")
        ),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::policy::Document;
    use crate::segment::parse;

    fn explained(text: &str) -> String {
        let policy = include_str!("../../sample-town/policy.toml");
        let profile = Document::parse(policy.to_owned()).unwrap().profile;
        explain(&profile, &parse(text).unwrap())
    }

    #[test]
    fn a_segment_is_said_as_staff_would_say_it() {
        for (text, words) in [
            ("everyone", "お知らせの届くすべての方"),
            (
                "district:本町地区 and child:0..36",
                "本町地区で、0〜36か月のお子さんがいる方",
            ),
            (
                "district:本町地区 and (topic:event or child:0..36) and not language:en",
                "本町地区で、（「催し・講座」を選んでいる方、または0〜36か月のお子さんがいる方）で、\
                 English以外のことばで読む方",
            ),
            ("due:2027-01..2027-03", "2027年1月〜3月に出産予定がある方"),
            (
                "born:2025-12..2026-01",
                "2025年12月〜2026年1月生まれのお子さんがいる方",
            ),
            ("registered:2026-04-01..", "2026年4月1日以降に登録した方"),
            ("not area:本町", "本町以外の方"),
            (
                "not (area:本町 and reminder:before-19:00)",
                "（本町で、ごみの日のお知らせを前の日の19:00に選んでいる方）に当てはまらない方",
            ),
        ] {
            assert_eq!(explained(text), words, "{text}");
        }
    }

    #[test]
    fn a_fault_names_its_place() {
        let told = fault(&parse("district:本町地区 nad topic:event").unwrap_err());
        assert_eq!(
            told,
            "15文字めが「nad」です。ここには、「and」「or」か、終わりを書いてください。"
        );
    }
}
