//! When something is collected, as staff say it.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate, Weekday};

use crate::garbage::{MonthSet, Recurrence, Schedule};

/// Dates named one by one.
const NAMED: usize = 6;

/// 「毎週月・木曜日」「第1・第3水曜日」「隔週土曜日」, with dates added and taken away.
pub(super) fn schedule(schedule: &Schedule, today: NaiveDate) -> String {
    let mut weekly: BTreeMap<String, Vec<Weekday>> = BTreeMap::new();
    let mut monthly: BTreeMap<(u32, String), Vec<u8>> = BTreeMap::new();
    let mut parts = Vec::new();
    for rule in &schedule.rules {
        match rule {
            Recurrence::Weekly(day, months) => {
                weekly.entry(only_in(*months)).or_default().push(*day);
            }
            Recurrence::Monthly(nth, day, months) => {
                let key = (day.num_days_from_sunday(), only_in(*months));
                monthly.entry(key).or_default().push(*nth);
            }
            Recurrence::Fortnightly(first, months) => {
                let day = letter(first.weekday());
                parts.push(format!("隔週{day}曜日{}", only_in(*months)));
            }
        }
    }
    for ((day, months), nths) in monthly {
        let nths: Vec<String> = nths.iter().map(|nth| format!("第{nth}")).collect();
        let day = LETTERS[day as usize % 7];
        parts.insert(0, format!("{}{day}曜日{months}", nths.join("・")));
    }
    for (months, days) in weekly {
        let days: Vec<&str> = days.iter().map(|day| letter(*day)).collect();
        parts.insert(0, format!("毎週{}曜日{months}", days.join("・")));
    }
    let coming = |dates: &std::collections::BTreeSet<NaiveDate>| -> Vec<NaiveDate> {
        dates.range(today..).copied().collect()
    };
    let added = coming(&schedule.added);
    if !added.is_empty() {
        let only = if parts.is_empty() { "" } else { "ほかに" };
        parts.push(format!("{only}{}", dates(&added)));
    } else if parts.is_empty() {
        parts.push("これからの収集日はありません".to_owned());
    }
    let mut text = parts.join("、");
    let cancelled = coming(&schedule.cancelled);
    if !cancelled.is_empty() {
        text.push_str(&format!("（{}を除く）", dates(&cancelled)));
    }
    text
}

/// 「4月8日、6月10日ほか2日」
pub(super) fn dates(dates: &[NaiveDate]) -> String {
    let named: Vec<String> = dates
        .iter()
        .take(NAMED)
        .map(|date| {
            format!(
                "{}月{}日({})",
                date.month(),
                date.day(),
                letter(date.weekday())
            )
        })
        .collect();
    let named = named.join("、");
    match dates.len().checked_sub(NAMED) {
        None | Some(0) => named,
        Some(more) => format!("{named}ほか{more}日"),
    }
}

fn only_in(months: MonthSet) -> String {
    if months == MonthSet::ALL {
        return String::new();
    }
    let months: Vec<String> = months.numbers().map(|month| format!("{month}月")).collect();
    format!("（{}だけ）", months.join("・"))
}

const LETTERS: [&str; 7] = ["日", "月", "火", "水", "木", "金", "土"];

fn letter(day: Weekday) -> &'static str {
    LETTERS[day.num_days_from_sunday() as usize]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_is_said_as_people_say_it() {
        let today = "2026-11-24".parse().unwrap();
        for (text, said) in [
            (
                "RRULE:FREQ=WEEKLY;BYDAY=MO\nRRULE:FREQ=WEEKLY;BYDAY=TH",
                "毎週月・木曜日",
            ),
            (
                "RRULE:FREQ=MONTHLY;BYDAY=1WE\nRRULE:FREQ=MONTHLY;BYDAY=3WE;BYMONTH=4,6",
                "第3水曜日（4月・6月だけ）、第1水曜日",
            ),
            (
                "DTSTART;VALUE=DATE:20261107\nRRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=SA\nEXDATE;VALUE=DATE:20270102",
                "隔週土曜日（1月2日(土)を除く）",
            ),
            ("RDATE;VALUE=DATE:20260408,20261209", "12月9日(水)"),
        ] {
            let schedule_: Schedule = text.parse().unwrap();
            assert_eq!(schedule(&schedule_, today), said);
        }
    }
}
