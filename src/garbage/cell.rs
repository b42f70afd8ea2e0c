//! One cell of `area_days.csv`: when one category is collected in one area, in the grammar of 5374.jp.
//!
//! ```text
//! cell   = "" | clause { (" " | ";") clause }      "" = not collected here
//! clause = day { " " day } [ ":" month { " " month } ]
//! day    = W | W n | "隔" W DATE | DATE | "*" id
//! ```
//! A weekday after a list of months opens a new clause. Whatever has not exactly one reading is a
//! [`Unread`]: a wrong day told to a whole town is worse than none.

use std::collections::{BTreeSet, HashSet};

use chrono::{Datelike, NaiveDate, Weekday};
use unicode_normalization::UnicodeNormalization;

use super::fault::Expected;
use super::recurrence::{MonthSet, Recurrence};

/// The date that files end a list with to say "no more dates".
const NO_MORE_DATES: &str = "20991231";

/// How to read months behind weekdays of two kinds, as in 「月 木 土5:8」.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ambiguous {
    /// As the format is published: the months hold for every day before them.
    Published,
    /// As the writer meant it, most likely: the months hold for the last kind of day only.
    Intended,
}

/// What a cell says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cell {
    /// The rules, in the order written.
    pub rules: Vec<Recurrence>,
    /// The dates named one by one.
    pub dates: BTreeSet<NaiveDate>,
    /// The ids of the remarks that apply, in the order written.
    pub remarks: Vec<String>,
    /// Whether weekdays stood together without a space, as in 「月木」.
    pub joined_weekdays: bool,
}

/// A part of a cell that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// What stands there.
    pub token: String,
    /// What should stand there.
    pub expected: Expected,
}

impl Cell {
    /// Whether the cell names any day at all.
    pub fn has_days(&self) -> bool {
        !self.rules.is_empty() || !self.dates.is_empty()
    }

    /// Reads `text`; what cannot be read is left out and reported.
    pub fn read(text: &str, ambiguous: Option<Ambiguous>) -> (Self, Vec<Unread>) {
        let mut reader = Reader {
            ambiguous,
            ..Reader::default()
        };
        let text: String = text.nfkc().collect::<String>().replace(':', " : ");
        for part in text.split(';') {
            for token in part.split_whitespace() {
                reader.take(token);
            }
            reader.close_clause();
        }
        reader.doubt_years();
        reader.cell.dates = reader.listed.iter().map(|(date, _)| *date).collect();
        reader
            .cell
            .dates
            .retain(|date| !reader.outside_months.contains(date));
        (reader.cell, reader.faults)
    }
}

/// Why a word is no date.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum NotADate {
    /// It is not made like one.
    #[error("a date of 8 digits, YYYYMMDD")]
    Form,
    /// No calendar has it.
    #[error("a date that exists, YYYYMMDD")]
    Calendar,
    /// No collection was or will be then.
    #[error("a date in the years 2000 to 2098")]
    Years,
}

/// A date as these files write it: `20260401`, `2026/4/1` or `2026-04-01`, from 2000 to 2098.
///
/// # Errors
/// See [`NotADate`], which prints what was expected.
pub fn read_date(token: &str) -> Result<NaiveDate, NotADate> {
    let numbers: Vec<&str> = token.split(['/', '-']).collect();
    let [year, month, day] = match numbers[..] {
        [digits] if digits.len() == 8 && digits.is_ascii() => {
            [&digits[..4], &digits[4..6], &digits[6..]]
        }
        [year, month, day] if year.len() == 4 && month.len() <= 2 && day.len() <= 2 => {
            [year, month, day]
        }
        _ => return Err(NotADate::Form),
    };
    let number = |digits: &str| {
        let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
        digits.parse::<u32>().ok().filter(|_| all_digits)
    };
    let date = || {
        let year = i32::try_from(number(year)?).ok()?;
        NaiveDate::from_ymd_opt(year, number(month)?, number(day)?)
    };
    match date() {
        None => Err(NotADate::Calendar),
        Some(date) if !(2000..=2098).contains(&date.year()) => Err(NotADate::Years),
        Some(date) => Ok(date),
    }
}

#[derive(Debug, Default)]
struct Reader {
    ambiguous: Option<Ambiguous>,
    /// Rules of the clause being read, each with its token.
    clause: Vec<(Recurrence, String)>,
    /// Dates of the clause being read.
    clause_dates: Vec<NaiveDate>,
    /// Dates that the months of their own clause rule out.
    outside_months: Vec<NaiveDate>,
    /// The months of the clause, once its colon has come.
    months: Option<Vec<u32>>,
    /// Every date with its token, in the order written.
    listed: Vec<(NaiveDate, String)>,
    cell: Cell,
    faults: Vec<Unread>,
}

impl Reader {
    fn take(&mut self, token: &str) {
        if token == ":" {
            if self.months.is_some() || (self.clause.is_empty() && self.clause_dates.is_empty()) {
                self.fault(token, Expected::WeekdayBeforeMonths);
            } else {
                self.months = Some(Vec::new());
            }
            return;
        }
        if let Some(id) = token.strip_prefix('*') {
            if id.is_empty() {
                self.fault(token, Expected::RemarkAfterAsterisk);
            } else if !self.cell.remarks.iter().any(|known| known == id) {
                self.cell.remarks.push(id.to_owned());
            }
            return;
        }
        if token.len() < 6 && token.bytes().all(|b| b.is_ascii_digit()) {
            return self.take_month(token);
        }
        if self.months.is_some() {
            self.close_clause();
        }
        match read_day(token) {
            Ok(Day::Rules(rules)) => {
                self.cell.joined_weekdays |= rules.len() > 1;
                self.clause
                    .extend(rules.into_iter().map(|rule| (rule, token.to_owned())));
            }
            Ok(Day::Date(date)) => {
                self.clause_dates.push(date);
                self.listed.push((date, token.to_owned()));
            }
            Ok(Day::NoMore) => {}
            Err(expected) => self.fault(token, expected),
        }
    }

    fn take_month(&mut self, token: &str) {
        match (&mut self.months, token.parse()) {
            (Some(months), Ok(month @ 1..=12)) => months.push(month),
            (Some(_), _) => self.fault(token, Expected::Month),
            (None, _) => self.fault(token, Expected::WeekdayBeforeNumber),
        }
    }

    fn close_clause(&mut self) {
        let rules = std::mem::take(&mut self.clause);
        let dates = std::mem::take(&mut self.clause_dates);
        let Some(months) = self.months.take() else {
            self.cell
                .rules
                .extend(rules.into_iter().map(|(rule, _)| rule));
            return;
        };
        let tokens = || {
            let tokens: Vec<&str> = rules.iter().map(|(_, token)| token.as_str()).collect();
            tokens.join(" ")
        };
        let numbers: Vec<String> = months.iter().map(u32::to_string).collect();
        let Some(set) = MonthSet::of(months.iter().copied()) else {
            let token = format!("{}:", tokens());
            return self.fault(&token, Expected::Months);
        };
        for date in dates.into_iter().filter(|date| !set.contains(*date)) {
            self.outside_months.push(date);
            self.fault(
                &format!("{}:{}", date.format("%Y%m%d"), numbers.join(" ")),
                Expected::DateInMonths,
            );
        }
        let of_last_kind = |rule: &Recurrence| {
            rules.last().is_some_and(|(last, _)| {
                std::mem::discriminant(last) == std::mem::discriminant(rule)
            })
        };
        let mixed = !rules.iter().all(|(rule, _)| of_last_kind(rule));
        if mixed && self.ambiguous.is_none() {
            let token = format!("{}:{}", tokens(), numbers.join(" "));
            return self.fault(&token, Expected::OneReading);
        }
        let last_run = rules.len()
            - rules
                .iter()
                .rev()
                .take_while(|(rule, _)| of_last_kind(rule))
                .count();
        for (place, (rule, _)) in rules.iter().enumerate() {
            let bound = place >= last_run || self.ambiguous != Some(Ambiguous::Intended);
            self.cell
                .rules
                .push(if bound { in_months(*rule, set) } else { *rule });
        }
    }

    /// A date that alone breaks the order of its list, or stands at an end of it more than a year
    /// away, has most likely the wrong year. Lists that are just not in order are left alone.
    fn doubt_years(&mut self) {
        if let Some(odd) = odd_one_out(&self.listed) {
            let (_, token) = self.listed.remove(odd);
            self.fault(&token, Expected::DateNearOthers);
        }
    }

    fn fault(&mut self, token: &str, expected: Expected) {
        self.faults.push(Unread {
            token: token.to_owned(),
            expected,
        });
    }
}

fn odd_one_out(listed: &[(NaiveDate, String)]) -> Option<usize> {
    if listed.len() < 3 {
        return None;
    }
    let dates: Vec<NaiveDate> = listed.iter().map(|(date, _)| *date).collect();
    if let Some(descent) = dates.windows(2).position(|pair| pair[0] > pair[1]) {
        let without = |odd: usize| {
            let mut rest = dates.clone();
            rest.remove(odd);
            rest
        };
        let span = |odd: &usize| {
            let rest = without(*odd);
            rest[rest.len() - 1] - rest[0]
        };
        return [descent, descent + 1]
            .into_iter()
            .filter(|_| dates[descent].year() != dates[descent + 1].year())
            .filter(|odd| without(*odd).is_sorted())
            .min_by_key(span);
    }
    let last = dates.len() - 1;
    let gap = |at: usize| (dates[at] - dates[at - 1]).num_days();
    [(0, 1), (last, last)]
        .into_iter()
        .find(|(_, at)| gap(*at) > 366)
        .map(|(odd, _)| odd)
}

enum Day {
    Rules(Vec<Recurrence>),
    Date(NaiveDate),
    NoMore,
}

fn read_day(token: &str) -> Result<Day, Expected> {
    if token == NO_MORE_DATES {
        return Ok(Day::NoMore);
    }
    if token.starts_with(|c: char| c.is_ascii_digit()) {
        return read_date(token).map(Day::Date).map_err(Expected::Date);
    }
    if let Some(fortnight) = token.strip_prefix('隔') {
        return read_fortnight(fortnight).map(|rule| Day::Rules(vec![rule]));
    }
    if let Some((weekday, rest)) = split_weekday(token) {
        if rest.is_empty() {
            return Ok(Day::Rules(vec![Recurrence::Weekly(weekday, MonthSet::ALL)]));
        }
        if rest.bytes().all(|b| b.is_ascii_digit()) {
            return match rest.parse() {
                Ok(nth @ 1..=5) => Ok(Day::Rules(vec![Recurrence::Monthly(
                    nth,
                    weekday,
                    MonthSet::ALL,
                )])),
                _ => Err(Expected::Nth),
            };
        }
        // 「月木」 can only be Monday and Thursday; 「月木1」 already has two readings.
        return match joined_weekdays(token) {
            Some(day) => Ok(day),
            None if split_weekday(rest).is_some() => Err(Expected::PartedWeekdays),
            None => Err(Expected::NothingButNth),
        };
    }
    Err(Expected::Day)
}

fn read_fortnight(text: &str) -> Result<Recurrence, Expected> {
    let (weekday, first) = split_weekday(text).ok_or(Expected::Fortnight)?;
    let first = read_date(first).map_err(Expected::Date)?;
    if first.weekday() == weekday {
        Ok(Recurrence::Fortnightly(first, MonthSet::ALL))
    } else {
        Err(Expected::FortnightFromItsWeekday)
    }
}

fn joined_weekdays(token: &str) -> Option<Day> {
    let mut seen = HashSet::new();
    let weekdays = token
        .chars()
        .map(|c| japanese_weekday(c).filter(|w| seen.insert(*w)));
    let rules = weekdays.map(|weekday| Some(Recurrence::Weekly(weekday?, MonthSet::ALL)));
    rules.collect::<Option<Vec<_>>>().map(Day::Rules)
}

/// The weekday at the start of `token`, in Japanese or as Mon … Sun, and what follows it.
fn split_weekday(token: &str) -> Option<(Weekday, &str)> {
    if let Some(weekday) = token.chars().next().and_then(japanese_weekday) {
        return Some((weekday, &token['月'.len_utf8()..]));
    }
    let (name, rest) = token.split_at_checked(3)?;
    let weekday: Weekday = name.parse().ok()?;
    Some((weekday, rest))
}

fn japanese_weekday(c: char) -> Option<Weekday> {
    Some(match c {
        '月' => Weekday::Mon,
        '火' => Weekday::Tue,
        '水' => Weekday::Wed,
        '木' => Weekday::Thu,
        '金' => Weekday::Fri,
        '土' => Weekday::Sat,
        '日' => Weekday::Sun,
        _ => return None,
    })
}

fn in_months(rule: Recurrence, months: MonthSet) -> Recurrence {
    match rule {
        Recurrence::Weekly(weekday, _) => Recurrence::Weekly(weekday, months),
        Recurrence::Monthly(nth, weekday, _) => Recurrence::Monthly(nth, weekday, months),
        Recurrence::Fortnightly(first, _) => Recurrence::Fortnightly(first, months),
    }
}

#[cfg(test)]
#[path = "cell_tests.rs"]
mod tests;
