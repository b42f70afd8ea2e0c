//! Callings in words: what somebody is called for, how each call went, how long an answer took.

use chrono::TimeDelta;

use crate::calling::{Answer, Calling, Cause, Ended, Failure, Kind, Side, Spared, Standing};
use crate::policy::Channel;

/// What a calling is about, without what it is about: 「緊急配信の協議依頼 第3号」.
pub(in crate::console) fn about(calling: &Calling) -> String {
    let what = match (calling.kind, calling.cause) {
        (Kind::Emergency, Some(Cause::Attention)) => "緊急配信の要対応",
        (Kind::Emergency, Some(Cause::Hold)) => "全配信の停止による呼び出し",
        (Kind::Emergency, _) if calling.side == Some(Side::Sends) => "緊急配信の判断依頼",
        (Kind::Emergency, _) => "緊急配信の協議依頼",
        (Kind::Notice, _) if calling.is_of_changed_way() => "連絡先の変更のお知らせ",
        (Kind::Notice, Some(Cause::Hold)) => "全配信の停止のお知らせ",
        (Kind::Notice, Some(Cause::Attention)) => "緊急配信の要対応のお知らせ",
        (Kind::Notice, Some(Cause::Stopped)) => "緊急配信の停止のお知らせ",
        (Kind::Notice, Some(Cause::Overdue)) => "事後報告書の期限のお知らせ",
        (Kind::Notice, None) => "緊急配信のお知らせ",
        (Kind::Drill, _) => "呼出訓練",
        (Kind::Test, _) => "呼出の試験",
    };
    format!("{what} 第{}号", calling.number)
}

/// What a link says to who has nothing to answer.
pub(super) fn told(cause: Option<Cause>) -> &'static str {
    match cause {
        None => "動きがありました。応答は要りません。",
        Some(Cause::Attention) => {
            "緊急配信に、届かなかった分があります。所管の課を呼び出しています。応答は要りません。"
        }
        Some(Cause::Stopped) => {
            "緊急配信が止められました。まだ送っていない分は送られません。応答は要りません。"
        }
        Some(Cause::Hold) => {
            "すべての配信が止まりました。緊急配信も出ません。応答は要りませんが、早めに確かめてください。"
        }
        Some(Cause::Overdue) => {
            "緊急配信の事後報告書が、期限を過ぎても確認されていません。応答は要りません。"
        }
    }
}

/// Why a side is woken, after who is: nothing, where it is asked to agree or to send.
pub(in crate::console) fn because(cause: Option<Cause>) -> &'static str {
    match cause {
        Some(Cause::Attention) => "（要対応）",
        Some(Cause::Hold) => "（全配信の停止）",
        Some(Cause::Stopped | Cause::Overdue) | None => "",
    }
}

/// How somebody is called.
pub(in crate::console) fn channel(channel: Option<Channel>) -> &'static str {
    match channel {
        Some(Channel::Mail) => "メール",
        Some(Channel::Push) => "通知",
        Some(Channel::Sms) => "SMS",
        Some(Channel::Voice) => "自動音声の電話",
        None => "手でかけた電話",
    }
}

/// How a call went, and the colour of it. Whether the person noticed nobody knows before they answer.
pub(in crate::console) fn standing(state: Standing, by_hand: bool) -> (&'static str, &'static str) {
    match state {
        Standing::Due => ("これから", "plain"),
        Standing::Lent => ("呼び出しています", "info"),
        Standing::Made(_) if by_hand => ("つながりました", "success"),
        Standing::Made(_) => ("送りました", "success"),
        Standing::Failed(why) => (failure(why), "error"),
        Standing::Spared(Spared::Ended) => ("要らなくなりました", "plain"),
        Standing::Spared(Spared::Late) => ("遅すぎて送りませんでした", "warning"),
    }
}

fn failure(why: Failure) -> &'static str {
    match why {
        Failure::NoChannel => "送る手段がありません",
        Failure::NoAddress => "宛先がありません",
        Failure::Refused => "断られました",
        Failure::Unreachable => "送れませんでした",
        Failure::Gone => "端末が受け取りません",
        Failure::NoAnswer => "出ませんでした",
        Failure::Unknown => "送れたかわかりません",
    }
}

/// How somebody answered.
pub(in crate::console) fn answered_by(how: Answer) -> &'static str {
    match how {
        Answer::Link => "届いたリンクで",
        Answer::Page => "画面で",
        Answer::Act => "緊急配信の操作で",
        Answer::Telephone => "手でかけた電話で",
    }
}

/// How a calling that nobody answered ended.
pub(in crate::console) fn ended(how: Ended) -> &'static str {
    match how {
        Ended::Answered(..) => "応答がありました",
        Ended::Over => "応答を待つ必要がなくなりました",
        Ended::Unanswered => "だれも応答しませんでした",
    }
}

/// How long something took: 「1分12秒」.
pub(in crate::console) fn took(time: TimeDelta) -> String {
    let seconds = time.num_seconds().max(0);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds}秒"),
        (minutes, 0) => format!("{minutes}分"),
        (minutes, seconds) => format!("{minutes}分{seconds}秒"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_told_as_people_say_it() {
        for (seconds, said) in [(0, "0秒"), (59, "59秒"), (60, "1分"), (3_672, "61分12秒")] {
            assert_eq!(took(TimeDelta::seconds(seconds)), said);
        }
    }
}
