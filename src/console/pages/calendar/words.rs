//! What is planned, in words.

use chrono::NaiveDate;

use crate::childcare::Timetable;
use crate::reminder::ahead::Of;
use crate::reminder::{Occasion, Run};
use crate::resident::{ChildKind, GarbageReminder, Month, ReminderDay};
use crate::web::times;

/// In a calendar's place: 「あすのごみ」, 「1歳6か月児健診」.
pub(super) fn in_short(of: &Of) -> String {
    match of {
        Of::Garbage { when, .. } => garbage(*when).to_owned(),
        Of::Childcare { title, .. } => title.clone(),
    }
}

/// 「あすのごみ」 or 「きょうのごみ」, as seen from the day on which it is said.
pub(super) fn garbage(when: ReminderDay) -> &'static str {
    match when {
        ReminderDay::Before => "あすのごみ",
        ReminderDay::Same => "きょうのごみ",
    }
}

/// 「あすのごみ（11月25日(水)の収集）」, 「1歳6か月児健診（2025年5月生まれ）」.
pub(super) fn run(timetable: &Timetable, of: &Run, today: NaiveDate) -> String {
    match &of.occasion {
        Occasion::Garbage { day, hour } => {
            let when = match hour {
                GarbageReminder::At(when, _) => garbage(*when),
                GarbageReminder::Never => "ごみ",
            };
            collection(when, *day, today)
        }
        Occasion::Childcare { rule, child, .. } => {
            let versions = timetable.versions(rule);
            let title = versions.last().map_or(rule, |version| &version.title);
            let last = of.last.unwrap_or(child.month);
            let children = children(child.kind, child.month, last);
            format!("{title}（{children}）")
        }
    }
}

/// 「あすのごみ（11月25日(水)の収集）」.
pub(super) fn collection(when: &str, day: NaiveDate, today: NaiveDate) -> String {
    format!("{when}（{}の収集）", times::day(day, today))
}

/// What most hear of, and in how many areas: 「燃やすごみなど3種類・54地区」; for which children.
pub(super) fn about(of: &Of) -> String {
    match of {
        Of::Garbage {
            collected,
            areas,
            unusual,
            ..
        } => {
            let kinds = match collected.as_slice() {
                [] => "収集なし".to_owned(),
                [(label, _)] => label.clone(),
                [(label, _), ..] => format!("{label}など{}種類", collected.len()),
            };
            let unusual = match unusual {
                0 => String::new(),
                areas => format!("、ふだんと違う{areas}地区"),
            };
            format!("{kinds}・{areas}地区{unusual}")
        }
        Of::Childcare {
            kind, first, last, ..
        } => children(*kind, *first, *last),
    }
}

/// 「2026年9月生まれ」, 「2020年4月から2021年3月までの生まれ」, 「2027年1月に生まれる予定」.
pub(super) fn children(kind: ChildKind, first: Month, last: Month) -> String {
    let month = |month: Month| format!("{}年{}月", month.year(), month.month());
    let ends = match kind {
        ChildKind::Born => "生まれ",
        ChildKind::Due => "出産予定",
    };
    match first == last {
        true => format!("{}{ends}", month(first)),
        false => format!("{}から{}までの{ends}", month(first), month(last)),
    }
}
