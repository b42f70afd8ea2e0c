//! Notices in words for staff.

use crate::childcare::Timetable;
use crate::console::pages::broadcasts;
use crate::console::pages::childcare;
use crate::line::message::{Action, Message, MessageError, QuickReplies};
use crate::reminder::{Case, Content, Key, Notice, ReminderError, Sample, Standing};
use crate::web::{Frame, Preview};

/// What a notice is called.
pub(super) fn title(notice: &Notice) -> String {
    match notice.title() {
        Some(title) => title.to_owned(),
        None => "ごみの収集日のお知らせ".to_owned(),
    }
}

pub(super) fn standing(frame: &Frame, standing: Standing) -> String {
    match standing {
        Standing::InForce(until) => format!("決裁済（{}まで）", frame.date(&until)),
        Standing::Waiting => "決裁待ち".to_owned(),
        Standing::Returned => "差戻し".to_owned(),
        Standing::Changed => "決裁のあとで変更あり".to_owned(),
        Standing::Lapsed(until) => format!("期限切れ（{}まで）", frame.date(&until)),
        Standing::NotAsked => "未決裁".to_owned(),
    }
}

/// Why nothing goes out, in a word; nothing if it does.
pub(super) fn missing(standing: Standing) -> Option<&'static str> {
    match standing {
        Standing::InForce(_) => None,
        Standing::Waiting => Some("決裁待ち"),
        Standing::Returned => Some("差戻し"),
        Standing::Changed | Standing::NotAsked => Some("未決裁"),
        Standing::Lapsed(_) => Some("期限切れ"),
    }
}

pub(super) fn chip(standing: Standing) -> &'static str {
    match standing {
        Standing::InForce(_) => "success",
        Standing::Waiting => "info",
        Standing::Returned | Standing::Changed | Standing::Lapsed(_) => "warning",
        Standing::NotAsked => "plain",
    }
}

/// When it comes.
pub(super) fn when(timetable: &Timetable, notice: &Notice) -> String {
    match &notice.key {
        Key::Garbage => "前日の夜か当日の朝、住民が選んだ時刻".to_owned(),
        Key::Childcare(code) => {
            let versions = timetable.versions(code);
            versions
                .last()
                .map_or_else(String::new, |rule| childcare::when(rule))
        }
    }
}

/// Whom it is for.
pub(super) fn whom(content: &Content) -> String {
    let Some(version) = content.versions.last() else {
        return "お住まいの地区と、ごみの日のお知らせの時刻を登録した方".to_owned();
    };
    let told = match version.topic {
        Some(_) => "お子さんの月を登録し、受け取る分野を選んだ方",
        None => "お子さんの月を登録した方",
    };
    let areas = match version.areas.is_empty() {
        true => String::new(),
        false => format!("（{}にお住まいの方だけ）", version.areas.join("、")),
    };
    format!("{told}{areas}")
}

/// What a group of examples is of.
pub(super) fn case(content: &Content, frame: &Frame, case: Case) -> String {
    match case {
        Case::EveningBefore => "前日の夜".to_owned(),
        Case::ThatMorning => "当日の朝".to_owned(),
        Case::MovedHere => "収集日がその日に動いたとき".to_owned(),
        Case::Missing => "いつもの収集がないとき".to_owned(),
        Case::Version(at) => {
            let version = content.versions.get(at);
            let from = version.and_then(|version| version.effective_from);
            let to = version.and_then(|version| version.effective_to);
            match (from, to) {
                (None, None) => "届く文面".to_owned(),
                (Some(from), None) => format!("{}からの文面", frame.full_date(&from)),
                (None, Some(to)) => format!("{}までの文面", frame.full_date(&to)),
                (Some(from), Some(to)) => {
                    let (from, to) = (frame.full_date(&from), frame.full_date(&to));
                    format!("{from}から{to}までの文面")
                }
            }
        }
    }
}

/// What residents read, a picture for each case, with every language in it.
pub(super) fn pictures(account: &str, frame: &Frame, content: &Content) -> Vec<(String, Preview)> {
    let of_case = content.samples.chunk_by(|a, b| a.case == b.case);
    of_case
        .map(|samples| {
            let messages = bubbles(samples).unwrap_or_default();
            let hour = match samples[0].case {
                Case::ThatMorning => "6:00",
                Case::Version(_) => "10:00",
                _ => "19:00",
            };
            let case = case(content, frame, samples[0].case);
            (case, Preview::new(account, &messages, hour))
        })
        .collect()
}

/// Each in its language; what is offered under them, under the last.
fn bubbles(samples: &[Sample]) -> Result<Vec<Message>, MessageError> {
    let texts = samples.iter().map(|sample| Message::text(&sample.text));
    let mut bubbles: Vec<Message> = texts.collect::<Result<_, _>>()?;
    let offers = samples
        .iter()
        .map(|sample| Action::message(&sample.offers, &sample.offers));
    let offers = QuickReplies::new(offers.collect::<Result<_, _>>()?)?;
    let last = bubbles.pop().map(|last| last.quick_replies(offers));
    bubbles.extend(last);
    Ok(bubbles)
}

/// Why something was not done, where somebody can do something about it.
pub(super) fn refused(error: &ReminderError) -> Option<String> {
    let said = match error {
        ReminderError::Gone => "この定期お知らせは、もうありません。",
        ReminderError::Changed => {
            "読んでいるあいだに内容が変わりました。もう一度読んでから決めてください。"
        }
        ReminderError::NotTheirs => "この定期お知らせを担当しているのは、ほかの課です。",
        ReminderError::NoRoute => {
            "運用ポリシーに、この定期お知らせを決裁する人が書かれていません。広報課に相談してください。"
        }
        ReminderError::NoReason => {
            "勤務時間の外に送ることになります。その理由を500文字までで入力してください。"
        }
        ReminderError::Approval(error) => return broadcasts::not_taken(error).map(str::to_owned),
        _ => return None,
    };
    Some(said.to_owned())
}

/// The hours at which it goes out: 「前日の18:00」「10:00」.
pub(super) fn hours(content: &Content) -> Vec<String> {
    let said = content.hours.iter().map(|hour| match hour.split_once('-') {
        Some(("before", time)) => format!("前日の{time}"),
        Some((_, time)) => format!("当日の{time}"),
        None => hour.clone(),
    });
    said.collect()
}
