//! Dates as they stand in Japanese sentences: 12月3日(木), 令和8年12月3日（木曜日）, R8.12.3㈭, 12/5(土)・6(日).

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::Slip;

/// A date without a year is of the year in which it comes next, unless it was less than so many days ago.
const LOOKED_BACK: u64 = 60;
/// Letters from one date to the next that shares its month: 12月5日(土)・6日(日).
const SHARED: usize = 8;
/// After such words a day may well be over: 11月1日号, 4月1日現在, 平成30年4月2日生まれ.
const OF_THE_PAST: [&str; 13] = [
    "号", "付", "現在", "時点", "以前", "以降", "以後", "生", "から", "施行", "公布", "改正",
    "より",
];
/// A sentence with such a word tells of what was.
const TELLS: [&str; 4] = ["ました", "でした", "生まれ", "行った"];

/// A date as it was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Written<'a> {
    text: &'a str,
    year: Option<i32>,
    month: u32,
    day: u32,
    weekday: Option<Weekday>,
    /// Where it ends.
    end: usize,
}

/// Finds days of the week that are wrong, days that do not exist, and days that are over on `day`.
pub(super) fn check(words: &str, day: NaiveDate, slips: &mut Vec<Slip>) {
    for sentence in words.split_inclusive(['\n', '。', '！', '!']) {
        let written = dates(sentence);
        let resolved: Vec<Option<NaiveDate>> = written.iter().map(|w| w.on(day)).collect();
        for (written, date) in written.iter().zip(&resolved) {
            let text = || written.text.trim_end().to_owned();
            let Some(date) = date else {
                slips.push(Slip::NoSuchDate { written: text() });
                continue;
            };
            if written.weekday.is_some_and(|said| said != date.weekday()) {
                let is = date.weekday();
                slips.push(Slip::WrongWeekday {
                    written: text(),
                    is,
                });
            }
            let goes_on = resolved.iter().flatten().any(|other| *other >= day);
            let told = TELLS.iter().any(|word| sentence.contains(word));
            let after = &sentence[written.end..];
            let of_the_past = OF_THE_PAST.iter().any(|word| after.starts_with(word));
            // Years ago is no slip of the pen.
            let lately = *date + Days::new(400) > day;
            if *date < day && lately && !goes_on && !told && !of_the_past {
                slips.push(Slip::Past { written: text() });
            }
        }
    }
}

impl Written<'_> {
    /// The day that is meant, seen from `day`; none if there is no such day.
    fn on(&self, day: NaiveDate) -> Option<NaiveDate> {
        if let Some(year) = self.year {
            return NaiveDate::from_ymd_opt(year, self.month, self.day);
        }
        let earliest = day.checked_sub_days(Days::new(LOOKED_BACK))?;
        // Five years hold a 29 February.
        (earliest.year()..earliest.year() + 5)
            .filter_map(|year| NaiveDate::from_ymd_opt(year, self.month, self.day))
            .find(|date| *date >= earliest)
    }
}

fn dates(sentence: &str) -> Vec<Written<'_>> {
    let mut found: Vec<Written<'_>> = Vec::new();
    let mut at = 0;
    let mut before = ' ';
    while let Some(first) = sentence[at..].chars().next() {
        let cursor = Cursor(&sentence[at..]);
        let begins = !before.is_ascii_alphanumeric() && !matches!(before, '.' | '/' | '-' | '¥');
        let shared = found.last().filter(|last| {
            let between = &sentence[last.end..at];
            between.chars().count() <= SHARED
        });
        let date = begins
            .then(|| whole(cursor).or_else(|| day_of(cursor, shared?)))
            .flatten();
        match date {
            Some((mut date, rest)) => {
                date.end = sentence.len() - rest.len();
                date.text = &sentence[at..date.end];
                at = date.end;
                before = ' ';
                found.push(date);
            }
            None => {
                at += first.len_utf8();
                before = first;
            }
        }
    }
    found
}

/// A date with its month.
fn whole(cursor: Cursor<'_>) -> Option<(Written<'_>, &str)> {
    let (year, cursor) = match year(cursor) {
        Some((year, cursor)) => (Some(year), cursor.blanks()),
        None => (None, cursor),
    };
    let (month, cursor) = cursor.number(2)?;
    let (day, cursor, spelt) = match cursor.blanks().one_of("月") {
        Some(cursor) => {
            let (day, cursor) = cursor.blanks().number(2)?;
            (day, cursor.blanks().one_of("日")?, true)
        }
        None => {
            let (day, cursor) = cursor.one_of("/.-")?.number(2)?;
            let possible = (1..=12).contains(&month) && (1..=31).contains(&day);
            possible.then_some((day, cursor, false))?
        }
    };
    let (weekday, cursor) = weekday(cursor);
    // 1/2 may be a half, and 3.5 a number.
    if !spelt && year.is_none() && weekday.is_none() {
        return None;
    }
    Some((dated(year, month, day, weekday), cursor.0))
}

/// A day that shares the month of the date before it. Only its day of the week makes it a date: 3日間 is none.
fn day_of<'a>(cursor: Cursor<'a>, before: &Written<'_>) -> Option<(Written<'a>, &'a str)> {
    let (day, cursor) = cursor.number(2)?;
    let cursor = cursor.one_of("日").unwrap_or(cursor);
    let (weekday, cursor) = weekday(cursor);
    let date = dated(before.year, before.month, day, Some(weekday?));
    Some((date, cursor.0))
}

fn dated<'a>(year: Option<i32>, month: u32, day: u32, weekday: Option<Weekday>) -> Written<'a> {
    Written {
        text: "",
        year,
        month,
        day,
        weekday,
        end: 0,
    }
}

/// 2026年, 2026/, 令和8年, 令和元年, R8.
fn year(cursor: Cursor<'_>) -> Option<(i32, Cursor<'_>)> {
    let eras = [
        ("令和", 2018),
        ("平成", 1988),
        ("昭和", 1925),
        ("R", 2018),
        ("H", 1988),
        ("S", 1925),
    ];
    for (era, before) in eras {
        let Some(rest) = cursor.0.strip_prefix(era) else {
            continue;
        };
        let rest = Cursor(rest).blanks();
        let (number, rest) = match rest.one_of("元") {
            Some(rest) => (1, rest),
            None => rest.number(2)?,
        };
        let rest = rest.blanks().one_of("年./-")?;
        return Some((before + i32::try_from(number).ok()?, rest));
    }
    let (number, rest) = cursor.number(4)?;
    let year = i32::try_from(number)
        .ok()
        .filter(|y| (1900..2200).contains(y))?;
    Some((year, rest.blanks().one_of("年./-")?))
}

/// (木), (木曜日), (月・祝), 木曜.
fn weekday(cursor: Cursor<'_>) -> (Option<Weekday>, Cursor<'_>) {
    let found = cursor.blanks().one_of("(").and_then(|inside| {
        let (day, rest) = inside.blanks().letter_of_week()?;
        let close = rest.0.find(')').filter(|close| *close <= 30)?;
        let goes_on = rest
            .0
            .starts_with(['曜', '・', '祝', '休', ')', '、', ',', '/', '~', '〜']);
        goes_on.then(|| (day, Cursor(&rest.0[close + 1..])))
    });
    let bare = || {
        let (day, rest) = cursor.blanks().letter_of_week()?;
        let rest = rest.one_of("曜")?;
        Some((day, rest.one_of("日").unwrap_or(rest)))
    };
    match found.or_else(bare) {
        Some((day, rest)) => (Some(day), rest),
        None => (None, cursor),
    }
}

/// What is left to be read.
#[derive(Clone, Copy)]
struct Cursor<'a>(&'a str);

impl<'a> Cursor<'a> {
    fn blanks(self) -> Self {
        Self(self.0.trim_start_matches([' ', '\u{3000}']))
    }

    fn one_of(self, letters: &str) -> Option<Self> {
        self.0.strip_prefix(|c| letters.contains(c)).map(Self)
    }

    /// One to `most` digits, and no more.
    fn number(self, most: usize) -> Option<(u32, Self)> {
        let end = self.0.find(|c: char| !c.is_ascii_digit());
        let (digits, rest) = self.0.split_at(end.unwrap_or(self.0.len()));
        let number = digits.parse().ok()?;
        (digits.len() <= most).then_some((number, Self(rest)))
    }

    fn letter_of_week(self) -> Option<(Weekday, Self)> {
        const WEEK: [(char, Weekday); 7] = [
            ('月', Weekday::Mon),
            ('火', Weekday::Tue),
            ('水', Weekday::Wed),
            ('木', Weekday::Thu),
            ('金', Weekday::Fri),
            ('土', Weekday::Sat),
            ('日', Weekday::Sun),
        ];
        let found = WEEK
            .iter()
            .find(|(letter, _)| self.0.starts_with(*letter))?;
        Some((found.1, Self(&self.0[found.0.len_utf8()..])))
    }
}
