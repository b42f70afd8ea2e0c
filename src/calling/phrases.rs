//! The words of a call. They carry no content and no names; an exercise says so before anything else.

use super::model::{Calling, Cause, Kind, Side};

/// What somebody is told, without the link.
pub(super) fn words(calling: &Calling) -> String {
    let number = calling.number;
    let before = match (calling.kind, calling.drill) {
        (Kind::Test, false) => "【呼出の試験】",
        (Kind::Test, true) => "【訓練】【呼出の試験】",
        (_, true) => "【訓練】",
        (_, false) => "",
    };
    let words = match (calling.kind, calling.side) {
        (Kind::Emergency, side) => format!("{} 第{number}号", asked(calling.cause, side)),
        (Kind::Notice, _) if calling.is_of_changed_way() => {
            "あなたの夜間の連絡先が変わりました。覚えがないときは、すぐシステム管理者へ".to_owned()
        }
        (Kind::Notice, _) => news(calling.cause, &format!("緊急配信 第{number}号")),
        (Kind::Drill, _) => format!("呼出訓練 第{number}号 リンクを開いて応答してください"),
        (Kind::Test, _) => format!("第{number}号 届いたらリンクを開いて応答してください"),
    };
    format!("{before}{words}")
}

/// For what a side is woken.
fn asked(cause: Option<Cause>, side: Option<Side>) -> &'static str {
    match (cause, side) {
        (Some(Cause::Attention), _) => "緊急配信が要対応です",
        (Some(Cause::Hold), _) => "すべての配信が止まり、緊急配信も出ません",
        (_, Some(Side::Sends)) => "緊急配信の判断依頼",
        (_, _) => "緊急配信の協議依頼",
    }
}

/// What somebody need not answer.
fn news(cause: Option<Cause>, which: &str) -> String {
    match cause {
        None => format!("{which}に動きがありました"),
        Some(Cause::Attention) => format!("{which}が要対応になりました"),
        Some(Cause::Stopped) => format!("{which}の配信が止められました"),
        Some(Cause::Hold) => "すべての配信が止まりました".to_owned(),
        Some(Cause::Overdue) => format!("{which}の事後報告書が期限を過ぎています"),
    }
}

/// What a voice says: nobody hears a link.
pub(super) fn spoken(calling: &Calling) -> String {
    let before = match (calling.kind, calling.drill) {
        (Kind::Test, false) => "呼出の試験です。",
        (Kind::Test, true) => "訓練です。呼出の試験です。",
        (_, true) => "訓練です。これは訓練です。",
        (_, false) => "",
    };
    let number = calling.number;
    let words = match (calling.kind, calling.side) {
        (Kind::Emergency, side) => format!("{}、第{number}号です。", asked(calling.cause, side)),
        (Kind::Notice, _) if calling.is_of_changed_way() => {
            "あなたの夜間の連絡先が変わりました。".to_owned()
        }
        (Kind::Notice, _) => {
            let told = news(calling.cause, &format!("緊急配信、第{number}号"));
            format!("{told}。")
        }
        (Kind::Drill, _) => format!("呼出訓練、第{number}号です。"),
        (Kind::Test, _) => format!("第{number}号です。"),
    };
    format!("{before}{words}届いているメールまたはメッセージのリンクを開いて、応答してください。")
}

/// The body of a mail.
pub(super) fn mail(words: &str, link: &str) -> String {
    format!(
        "{words}\n\n{link}\n\nこのリンクはあなた専用です。ほかの人に転送しないでください。\n内容は、サインインすると読めます。\n"
    )
}
