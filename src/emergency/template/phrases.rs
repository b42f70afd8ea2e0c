//! Words around a template's own, and what is said of what is wrong, to who fills it in at night.

use std::fmt;

use super::model::Tongue;
use super::wording::{Finding, NOTICE, Slip};

/// What every message of a drill begins with, and its last line too.
pub(super) const DRILL: &str = "【訓練】";

/// The first and last line of every message of a drill.
pub(super) fn drill(tongue: Tongue) -> String {
    let says = match tongue {
        Tongue::Japanese => "これは訓練です。実際の災害ではありません。",
        Tongue::Easy => "これは 訓練（くんれん）です。本当の 災害（さいがい）では ありません。",
        Tongue::English => "This is a drill (訓練). It is not a real disaster.",
    };
    format!("{DRILL}{says}")
}

/// Everywhere in the town.
pub(super) fn whole_town(tongue: Tongue, town: &str) -> String {
    match tongue {
        Tongue::Japanese => format!("{town}全域"),
        Tongue::Easy => format!("{town}の ぜんぶ"),
        Tongue::English => format!("all of {town}"),
    }
}

/// Between the names of places.
pub(super) fn between(tongue: Tongue) -> &'static str {
    match tongue {
        Tongue::Japanese => "・",
        Tongue::Easy => "、",
        Tongue::English => ", ",
    }
}

/// Some places of more.
pub(super) fn and_more(tongue: Tongue, named: &str, others: usize) -> String {
    match tongue {
        Tongue::Japanese => format!("{named}ほか{others}地区"),
        Tongue::Easy => format!("{named}と、ほかの {others}の ところ"),
        Tongue::English => format!("{named} and {others} more areas"),
    }
}

/// So many places.
pub(super) fn so_many(tongue: Tongue, places: usize) -> String {
    match tongue {
        Tongue::Japanese => format!("{places}地区"),
        Tongue::Easy => format!("{places}の ところ"),
        Tongue::English => format!("{places} areas"),
    }
}

/// Where news is.
pub(super) fn news(tongue: Tongue, site: &str) -> String {
    match tongue {
        Tongue::Japanese => format!("新しい情報は市のサイトで確かめてください。\n{site}"),
        Tongue::Easy => format!("新しい お知らせは、市の サイトに あります。\n{site}"),
        Tongue::English => format!("For the latest information:\n{site}"),
    }
}

/// A button to the site.
pub(super) const OPEN_SITE: &str = "市のサイトを開く";

/// A button to a page of its own.
pub(super) const OPEN_PAGE: &str = "詳しいページを開く";

/// A button that calls.
pub(super) fn call(number: &str) -> String {
    format!("電話 {number}")
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((_, label)) = &self.field {
            write!(f, "「{label}」：")?;
        }
        self.slip.fmt(f)
    }
}

impl fmt::Display for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown { written } => write!(
                f,
                "「{written}」という欄はありません。この文面の欄だけを使ってください。"
            ),
            Self::Missing => write!(f, "書かれていません。必ず書く欄です。記入してください。"),
            Self::Unfit { written, expected } => {
                write!(f, "「{written}」は使えません。{expected}を書いてください。")
            }
            Self::TooLong { given, most } => {
                write!(f, "{given}文字あります。{most}文字までに縮めてください。")
            }
            Self::Consent { consent } => write!(
                f,
                "書けるのは「{consent}」ときだけです。同意の記録があればその印を付け、なければ空けてください。"
            ),
            Self::Hidden { sign } => write!(
                f,
                "目に見えない文字（{sign}）が入っています。打ち直すか、文字だけを貼り付け直してください。改行も使えません。"
            ),
            Self::Bracket { written } => write!(
                f,
                "「{written}」が入っています。【】は知らせの種類を示すために文面が使います。「」に替えてください。"
            ),
            Self::Retired { written, instead } => write!(
                f,
                "「{written}」はいまは使われていません。「{instead}」に替えてください。"
            ),
            Self::WrongLevel { written, right } => write!(
                f,
                "「{written}」は、レベルと名前が合っていません。この名前はレベル{right}です。どちらかを直してください。"
            ),
            Self::Mixed { written } => write!(
                f,
                "「{written}」は、市の避難情報と気象庁の情報が混ざっています。市の避難情報は「警戒レベル」、気象庁の情報は「レベル」と書き分けてください。"
            ),
            Self::OtherLevel { written, own } => write!(
                f,
                "「{written}」とありますが、この文面は警戒レベル{own}です。ほかのレベルには触れないでください。"
            ),
            Self::NoLevelHere { written } => write!(
                f,
                "「{written}」とありますが、津波と地震に警戒レベルはありません。レベルを消してください。"
            ),
            Self::Waits { written } => write!(
                f,
                "「{written}」は、警戒レベル5を待つように読めます。レベル4までに全員が避難します。待たせる言い方を消してください。"
            ),
            Self::NoArea => write!(
                f,
                "どこの話かが、はじめの{NOTICE}文字と本文にありません。対象の地区を選び、本文で言ってください。"
            ),
            Self::NoTime => write!(
                f,
                "いつの話かが本文にありません。「16時30分」のように時刻を入れてください。"
            ),
            Self::NoAction => write!(
                f,
                "何をすればよいかが、はじめの{NOTICE}文字と本文にありません。してほしいことを入れてください。"
            ),
            Self::Link { written, why } => write!(
                f,
                "「{written}」は載せられません。{why}。市のサイトのアドレスに替えてください。"
            ),
            Self::LinkInWords { written } => write!(
                f,
                "「{written}」は開けるアドレスに見えます。文の中には書けません。アドレスの欄に移すか、消してください。"
            ),
            Self::HouseNumber { written } => write!(
                f,
                "「{written}」は番地に見えます。町名や目印までにしてください。"
            ),
            Self::DrillWord { written } => write!(
                f,
                "本番の配信に「{written}」とあります。訓練なら、訓練の装置か訓練用の文面を使ってください。そうでなければ消してください。"
            ),
            Self::DeniesDrill { written } => write!(
                f,
                "訓練の配信に「{written}」とあります。本物と受け取られるので、消してください。"
            ),
            Self::Unmarked { begins } => write!(
                f,
                "「{begins}」で始まる訓練の文が、{DRILL}で始まり{DRILL}の行で終わっていません。文面を直してください。"
            ),
            Self::NoMessage { why } => write!(
                f,
                "LINEで送れる形になりません（{why}）。記入した言葉を短くしてください。"
            ),
        }
    }
}
