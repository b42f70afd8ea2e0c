//! Emergencies in words for staff, woken at night: short, and each says what to do next.

use crate::clock::Instant;
use crate::emergency::moves::{Act, Side, State};
use crate::emergency::report::Deviation;
use crate::emergency::template::{Severity, Topic};
use crate::emergency::{Audience, Caution, Open};
use crate::mode::Mode;
use crate::policy::Profile;
use crate::web::{thousands, times};

/// Where it stands.
pub(super) fn state(state: State) -> &'static str {
    match state {
        State::Draft => "起案",
        State::Conferring => "協議中",
        State::Concurred => "協議済",
        State::Dispatching => "配信中",
        State::Halted => "停止",
        State::Attention => "要対応",
        State::Sent => "配信済",
        State::Partial => "一部配信",
        State::Closed => "報告済",
        State::Declined => "不同意",
        State::Withdrawn => "取下げ",
        State::Expired => "失効",
    }
}

/// The colour of its chip.
pub(super) fn chip(state: State) -> &'static str {
    match state {
        State::Draft | State::Declined | State::Withdrawn | State::Expired => "plain",
        State::Conferring | State::Concurred | State::Dispatching => "info",
        State::Halted | State::Attention | State::Partial => "warning",
        State::Sent | State::Closed => "success",
    }
}

/// What a mode is called before what is done in it.
pub(super) fn mode(mode: Mode) -> &'static str {
    match mode {
        Mode::Live => "本番",
        Mode::Drill => "訓練",
    }
}

/// What the button that does it says.
pub(super) fn button(act: Act) -> &'static str {
    match act {
        Act::Edit => "書きなおす",
        Act::Submit => "協議に出す",
        Act::Concur => "同意する",
        Act::Return => "修正を依頼",
        Act::Decline => "同意しない",
        Act::Withdraw => "取り下げる",
        Act::Revoke => "同意を撤回する",
        Act::Send => "配信へ進む",
        Act::SendCorrection => "訂正の配信へ進む",
        Act::Stop => "配信を止める",
        Act::ConcurResume => "再開に同意する",
        Act::Resume => "再開する",
        Act::Retry => "断られた分を送りなおす",
        Act::ConcurAccept => "このまま終えることに同意する",
        Act::Accept => "このまま終える",
        Act::Correct => "誤りを訂正する",
        Act::File => "報告書を出す",
        Act::Confirm => "報告書を確認する",
        Act::Void | Act::Expire | Act::Finish | Act::Trouble => "",
    }
}

/// What happened, in the history.
pub(super) fn happened(act: Option<Act>) -> &'static str {
    let Some(act) = act else {
        return "起案しました";
    };
    match act {
        Act::Edit => "書きなおしました",
        Act::Submit => "協議に出しました",
        Act::Concur => "同意しました",
        Act::Return => "修正を依頼しました",
        Act::Decline => "同意しませんでした",
        Act::Withdraw => "取り下げました",
        Act::Revoke => "同意を撤回しました",
        Act::Void => "同意が無効になりました",
        Act::Expire => "期限が切れました",
        Act::Send => "配信を始めました",
        Act::SendCorrection => "事前同意により、訂正の配信を始めました",
        Act::Stop => "配信を止めました",
        Act::ConcurResume => "再開に同意しました",
        Act::Resume => "配信を再開しました",
        Act::Finish => "LINEがすべて受け付けました",
        Act::Trouble => "届かなかった分があります",
        Act::Retry => "断られた分を送りなおしました",
        Act::ConcurAccept => "このまま終えることに同意しました",
        Act::Accept => "一部の配信で終えました",
        Act::Correct => "訂正を起案しました",
        Act::File => "報告書を出しました",
        Act::Confirm => "報告書を確認しました（後閲）",
    }
}

/// Handed in, but LINE could not be asked whether it takes the messages.
pub(super) const LINE_IS_SILENT: &str = "協議に出しましたが、LINEが応答していません。文面をLINEに確かめられず、配信も届かないおそれがあります。相手の課長に電話し、防災行政無線、緊急速報メール、Lアラート、公式サイトでも知らせてください。";

/// What to know of LINE before it is handed in, agreed to or sent.
pub(super) fn caution(caution: &Caution, now: Instant) -> String {
    const BESIDES: &str = "防災行政無線など、ほかの手段でも知らせてください。";
    match caution {
        Caution::Silent(None) => {
            format!("LINEに、まだ一度もつながっていません。届かないおそれがあります。{BESIDES}")
        }
        Caution::Silent(Some(last)) => format!(
            "LINEが応答していません（最後は{}）。応答があればすぐ送りますが、届かないおそれがあります。{BESIDES}",
            times::moment(*last, now)
        ),
        Caution::OtherAccount(found) => format!(
            "LINEの接続先が、運用ポリシーと違うアカウント（{found}）です。システム管理者に知らせてください。"
        ),
        Caution::FewLeft { left, people } if left < people => format!(
            "LINEの今月の残りは{}通で、{}人には足りません。地区を絞るか、{BESIDES}",
            thousands(*left),
            thousands(*people)
        ),
        Caution::FewLeft { left, people } => format!(
            "LINEの今月の残りは{}通です。{}人に送ると、緊急配信のために取り置いた分を使います。",
            thousands(*left),
            thousands(*people)
        ),
    }
}

/// What was just done, said once.
pub(super) fn done(act: Act) -> &'static str {
    match act {
        Act::Submit => "協議に出しました。相手の課長に電話をかけ、照合番号を読み合わせてください。",
        Act::Concur => "同意しました。相手の課長に電話で伝えてください。相手が配信します。",
        Act::Return => "修正を依頼しました。相手の課に電話で伝えてください。",
        Act::Decline => {
            "同意しませんでした。この緊急配信は終わりました。相手の課に電話で伝えてください。"
        }
        Act::Withdraw => "取り下げました。相手の課長に電話で伝えてください。",
        Act::Revoke => {
            "同意を撤回しました。いまは配信できません。相手の課長に電話で伝えてください。"
        }
        Act::Send | Act::SendCorrection => "配信を始めました。この画面で進み具合を見られます。",
        Act::Stop => "配信を止めました。まだ送っていない分は送られません。",
        Act::ConcurResume => "再開に同意しました。所管の課長が再開します。電話で伝えてください。",
        Act::Resume => "配信を再開しました。まだ送っていない分だけを送ります。",
        Act::Retry => "断られた分を送りなおしています。",
        Act::ConcurAccept => "同意しました。所管の課長がこのまま終えます。電話で伝えてください。",
        Act::Accept => "一部の配信で終えました。届いていない人への別の知らせ方を考えてください。",
        Act::File => "報告書を出しました。相手の課長の確認（後閲）を待っています。",
        Act::Confirm => "報告書を確認しました。この緊急配信は報告済です。",
        _ => "保存しました。",
    }
}

/// What somebody who may do `open` is to do now, where it stands.
pub(super) fn ask(state: State, open: &Open, profile: &Profile, drill: bool) -> String {
    let can = |act: Act| open.contains_key(&act);
    let (concurs, sends) = (
        decider(profile, Side::Concurs),
        decider(profile, Side::Sends),
    );
    match state {
        State::Draft if can(Act::Submit) => "内容を確かめて、協議に出してください。".to_owned(),
        State::Draft => format!("起案中です。{sends}が確かめて、協議に出します。"),
        State::Conferring if can(Act::SendCorrection) => {
            "年度の事前同意があるので、この訂正は1人で配信できます。".to_owned()
        }
        State::Conferring if can(Act::Concur) => {
            "内容を読み、電話で番号を読み合わせて、決めてください。".to_owned()
        }
        State::Conferring if can(Act::Withdraw) => {
            format!("{concurs}に電話をかけ、番号を読み合わせてください。同意を待っています。")
        }
        State::Conferring => format!("{concurs}の同意を待っています。"),
        State::Concurred if can(Act::Send) => "同意がそろいました。配信してください。".to_owned(),
        State::Concurred => format!("同意されました。{sends}の配信を待っています。"),
        State::Dispatching if drill => "訓練の配信をしています。".to_owned(),
        State::Dispatching => "配信しています。".to_owned(),
        State::Halted if can(Act::Resume) => {
            "止まっています。再開に同意されたので、再開できます。".to_owned()
        }
        State::Halted if can(Act::ConcurResume) => {
            "止まっています。再開するなら、先にあなたの同意が要ります。".to_owned()
        }
        State::Halted => format!("止まっています。再開するには、{concurs}の同意が先に要ります。"),
        State::Attention if can(Act::Retry) => {
            "届かなかった分があります。どうするか決めてください。".to_owned()
        }
        State::Attention => format!("届かなかった分があります。{sends}が決めます。"),
        State::Sent | State::Partial if can(Act::Confirm) => {
            "報告書が出ています。読んで確認してください。".to_owned()
        }
        State::Sent | State::Partial if can(Act::File) => {
            "配信が終わりました。報告書を出してください。".to_owned()
        }
        State::Sent | State::Partial => "配信が終わりました。報告書を待っています。".to_owned(),
        State::Closed => "報告まで済みました。".to_owned(),
        State::Declined => {
            "同意されませんでした。配信していません。直して送るときは、新しく始めてください。"
                .to_owned()
        }
        State::Withdrawn => "取り下げられました。配信していません。".to_owned(),
        State::Expired => {
            "期限が切れました。配信していません。まだ要るときは、新しく始めてください。".to_owned()
        }
    }
}

/// What somebody is to do now that nobody can agree to it as it stands.
pub(super) fn ask_anew(open: &Open) -> String {
    match open.contains_key(&Act::Edit) {
        true => "いまのままでは配信できません。「書きなおす」で内容と人数を確かめ、協議に出しなおしてください。",
        false => "いまのままでは配信できません。所管の課が、協議に出しなおします。",
    }
    .to_owned()
}

/// Who speaks for a side, as the policy calls them.
pub(super) fn decider(profile: &Profile, side: Side) -> String {
    let rules = profile.emergency.as_ref();
    let decider = rules.map(|rules| match side {
        Side::Concurs => rules.concur,
        Side::Sends => rules.send,
    });
    decider.map_or_else(
        || "課長".to_owned(),
        |decider| crate::console::pages::broadcasts::decider(profile, decider),
    )
}

/// To whom: 「汐見市全域」, 「本町地区・港町」.
pub(super) fn audience(profile: &Profile, audience: &Audience) -> String {
    /// Places named in full.
    const NAMED: usize = 4;
    match audience {
        Audience::WholeTown => format!("{}全域", profile.operator.municipality),
        Audience::Areas(places) | Audience::SameAs { places, .. } => {
            let places = places.as_slice();
            let named: Vec<&str> = places
                .iter()
                .take(NAMED)
                .map(|place| place.label.rsplit('/').next().unwrap_or(&place.label))
                .collect();
            let named = named.join("・");
            match places.len() {
                0..=NAMED => named,
                all => format!("{named} ほか{}町（あわせて{all}町）", all - NAMED),
            }
        }
    }
}

/// To whom a correction goes: where LINE was told once for everybody, nobody knows who they were.
pub(super) fn corrected(profile: &Profile, whom: &Audience) -> String {
    match whom {
        Audience::WholeTown => format!("もとの配信と同じ、{}に届きます。", audience(profile, whom)),
        Audience::Areas(_) | Audience::SameAs { .. } => {
            format!(
                "誤りが届いた人（{}）だけに届きます。",
                audience(profile, whom)
            )
        }
    }
}

/// How grave a template is, as a chip.
pub(super) fn grade(severity: Severity) -> (&'static str, &'static str) {
    match severity {
        Severity::Danger => ("命にかかわる", "error"),
        Severity::Warning => ("注意・警戒", "warning"),
        Severity::Info => ("お知らせ", "plain"),
    }
}

/// What happens, as whoever was woken looks for it.
pub(super) fn topic(topic: Topic) -> &'static str {
    match topic {
        Topic::Evacuation => "避難",
        Topic::Earthquake => "地震・津波",
        Topic::Weather => "気象",
        Topic::Living => "暮らし",
        Topic::Safety => "安全",
        Topic::Drill => "訓練",
        Topic::Over => "訂正・解除",
    }
}

/// A side, as readiness names it.
pub(super) fn side(side: Side) -> &'static str {
    match side {
        Side::Concurs => "同意する側",
        Side::Sends => "配信する側",
    }
}

/// How long is left: 「残り42分」.
pub(super) fn left(until: Instant, now: Instant) -> String {
    let minutes = (until - now).num_minutes();
    match minutes {
        ..=0 => "残り1分未満".to_owned(),
        minutes => format!("残り{minutes}分"),
    }
}

/// The number as it is read aloud: 「123 456」.
pub(super) fn apart(number: &str) -> String {
    let (first, second) = number.split_at_checked(3).unwrap_or((number, ""));
    format!("{first} {second}")
}

/// What went otherwise than planned.
pub(super) fn deviation(deviation: &Deviation) -> String {
    match deviation {
        Deviation::Deputy(act) => format!("代理が「{}」を行いました。", button(*act)),
        Deviation::HandedInAgain(times) => {
            format!("協議に出しなおしました（{times}回）。")
        }
        Deviation::AgreementLost => "いったん同意が撤回されたか、無効になりました。".to_owned(),
        Deviation::Alone => "年度の事前同意により、1人で配信しました。".to_owned(),
        Deviation::OtherPeople { agreed, sent } => format!(
            "協議のときは{}人、配信のときは{}人でした。",
            thousands(*agreed),
            thousands(*sent)
        ),
        Deviation::Stopped => "途中で止めました。".to_owned(),
        Deviation::NotReceived(people) => {
            format!(
                "{}人には届いていません（LINEが断ったか、期限切れ）。",
                thousands(*people)
            )
        }
        Deviation::Unknown(people) => {
            format!("{}人は、届いたかわかりません。", thousands(*people))
        }
        Deviation::Corrected => "誤りがあり、訂正を配信しました。".to_owned(),
        Deviation::Unanswered { side, reached } => {
            let side = match side {
                Side::Concurs => "同意する側",
                Side::Sends => "配信する側",
            };
            match reached {
                true => format!("{side}を呼び出しましたが、応答がありませんでした。"),
                false => format!("{side}のだれにも、呼出が届きませんでした。"),
            }
        }
        Deviation::Late => "報告が期限に遅れました。".to_owned(),
    }
}
