//! A rule as staff write it in the form, and what is wrong with it in their words.

use chrono::NaiveDate;
use serde::Deserialize;

use super::words;
use crate::area;
use crate::childcare::{Offset, Rule, Written};
use crate::console::Desk;
use crate::console::findings::InJapanese;
use crate::web::{Errors, Refusal};

/// What the form sends; times as staff write them.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Fields {
    pub(super) seen: i64,
    pub(super) first: String,
    pub(super) id: String,
    pub(super) stage: String,
    pub(super) title: String,
    pub(super) anchor: String,
    pub(super) notify_at: String,
    pub(super) window_start: String,
    pub(super) window_end: String,
    pub(super) level: String,
    pub(super) default_on: String,
    pub(super) topic: String,
    pub(super) text: String,
    pub(super) link: String,
    pub(super) areas: String,
    pub(super) note: String,
    pub(super) held_on: String,
    pub(super) held_at: String,
    pub(super) born_from: String,
    pub(super) born_to: String,
}

impl Fields {
    pub(super) fn of(rule: &Rule, first: NaiveDate) -> Self {
        let said = |offset: Option<Offset>| offset.map(words::written).unwrap_or_default();
        let w = Written::from(rule);
        Self {
            seen: 0,
            first: first.to_string(),
            id: w.code,
            stage: w.stage,
            title: w.title,
            anchor: w.anchor,
            notify_at: words::written(rule.notify_at),
            window_start: said(rule.window_start),
            window_end: said(rule.window_end),
            level: w.level,
            default_on: if rule.default_on { "1" } else { "" }.to_owned(),
            topic: w.topic,
            text: w.text,
            link: w.link,
            areas: w.areas,
            note: w.note,
            held_on: w.held_on,
            held_at: w.held_at,
            born_from: w.born_from,
            born_to: w.born_to,
        }
    }

    /// Whether something of a day to which children are called is written.
    pub(super) fn is_session(&self) -> bool {
        let fields = [&self.held_on, &self.held_at, &self.born_from, &self.born_to];
        fields.iter().any(|text| !text.is_empty())
    }

    fn written(&self) -> Written {
        let trimmed = |text: &str| text.trim().to_owned();
        Written {
            code: trimmed(&self.id),
            stage: trimmed(&self.stage),
            title: trimmed(&self.title),
            anchor: self.anchor.clone(),
            notify_at: words::read(&self.notify_at),
            window_start: words::read(&self.window_start),
            window_end: words::read(&self.window_end),
            level: self.level.clone(),
            default_on: !self.default_on.is_empty(),
            topic: self.topic.clone(),
            text: self.text.trim().replace("\r\n", "\n"),
            link: self.link.clone(),
            areas: self.areas.replace(['、', '，', '｜'], "|"),
            note: trimmed(&self.note),
            held_on: trimmed(&self.held_on),
            held_at: trimmed(&self.held_at),
            born_from: trimmed(&self.born_from),
            born_to: trimmed(&self.born_to),
            ..Written::default()
        }
    }

    /// The rule, and the day from which it is to hold; whatever is wrong goes to `errors`.
    pub(super) async fn read(
        &self,
        desk: &Desk,
        today: NaiveDate,
        errors: &mut Errors,
    ) -> Result<Option<(Rule, NaiveDate)>, Refusal> {
        let directory = area::directory(&desk.db).await?;
        let rule = self.written().read(&directory).map_err(|faults| {
            for (field, fault) in faults {
                errors.add(field, format!("{}：{}", label(field), fault.in_japanese()));
            }
        });
        let first = day(&self.first, "first", today, errors);
        Ok(rule.ok().zip(first))
    }
}

/// A day that is not past.
pub(super) fn day(
    text: &str,
    field: &'static str,
    today: NaiveDate,
    errors: &mut Errors,
) -> Option<NaiveDate> {
    let day = text.parse().ok().filter(|day| *day >= today);
    if day.is_none() {
        errors.add(
            field,
            format!("{}：今日以後の日を選んでください。", label(field)),
        );
    }
    day
}

fn label(field: &str) -> &'static str {
    match field {
        "id" => "記号",
        "stage" => "区分",
        "title" => "題名",
        "anchor" => "数えはじめ",
        "notify_at" => "届ける時期",
        "window_start" => "受けられる期間のはじめ",
        "window_end" => "受けられる期間の終わり",
        "level" => "位置づけ",
        "text" => "本文",
        "link" => "くわしいページ",
        "areas" => "対象の地区",
        "held_on" => "集まる日",
        "held_at" => "ところと時間",
        "born_from" => "生まれた日（はじめ）",
        "born_to" => "生まれた日（終わり）",
        "first" => "いつから",
        "last" => "いつまで",
        _ => "入力",
    }
}
