//! Why something about an emergency was not done: what was given, what is expected, what to do next.

use super::words::{button, side, state};
use crate::emergency::moves::{Side, State};
use crate::emergency::{EmergencyError, LEAST, Readiness, Void};
use crate::evacuation::NotOrdered;
use crate::web::thousands;

/// Why something was not done: what was given, what is expected, what to do next. `None` for what is nobody's
/// fault.
pub(super) fn refused(error: &EmergencyError) -> Option<String> {
    Some(match error {
        EmergencyError::Gone
        | EmergencyError::Message(_)
        | EmergencyError::NotCut(_)
        | EmergencyError::NotOrdered(NotOrdered::Db(_))
        | EmergencyError::Db(_) => return None,
        EmergencyError::NotOrdered(NotOrdered::Nowhere) => {
            "地区が1つも登録されていないため、避難情報の記録を変えられません。何もしていません。記録の印を外して書きなおしてください。".to_owned()
        }
        EmergencyError::Changed => {
            "開いているあいだに内容か状態が変わりました。何もしていません。いまの内容を読みなおしてから、もう一度押してください。".to_owned()
        }
        EmergencyError::NoWay => {
            "運用ポリシーに緊急配信の決まりがないため、ここからは配信できません。防災行政無線など、ほかの手段を使ってください。".to_owned()
        }
        EmergencyError::Refused { state: State::Expired, .. } => {
            "期限（協議に出してから一定時間）が過ぎました。何もしていません。まだ要るときは、新しく始めてください。".to_owned()
        }
        EmergencyError::Refused { state: stands, act } => format!(
            "いまは「{}」なので、「{}」はできません。ほかの人が先に進めたのかもしれません。この画面の状態を確かめてください。",
            state(*stands),
            button(*act)
        ),
        EmergencyError::NotTheirs(act) => format!(
            "いまのあなたの役職では「{}」はできません。課長と、登録された代理（課長が一定時間応じないとき）の操作です。協議に出した後に就いた役職も数えません。課長か代理に電話してください。",
            button(*act)
        ),
        EmergencyError::Own => {
            "2人の目で確かめるため、書いた人・協議に出した人・相手側で決めた人とは、別の人が行います。課長か、ほかの代理に電話してください。".to_owned()
        }
        EmergencyError::InHours => {
            "いまは勤務時間の中です。「書きなおす」を開き、「広報の確認で配信する」を押すと、同じ内容でふつうの配信の下書きができます。広報課がすぐに確かめて配信します。".to_owned()
        }
        EmergencyError::NotReady(readiness) => not_ready(readiness),
        EmergencyError::Template => {
            "使った定型文が、その後に変わったか、取り下げられました。何もしていません。新しい定型文で書きなおしてください。".to_owned()
        }
        EmergencyError::OtherSections(sections) => format!(
            "この定型文から始められるのは、{}だけです。何もしていません。その課に電話するか、別の定型文を選んでください。",
            sections.join("・")
        ),
        EmergencyError::NotAnnounced(announces) => format!(
            "前日に「{announces}」を送っていないので、出せません。先に「{announces}」を送り、訓練は翌日に送ってください。"
        ),
        EmergencyError::NoDraft => {
            "この情報からは、いまは下書きを作れません。訓練・試験の電文か、取消・続報が出たか、ほかの人が先に決めました。一覧を見なおしてください。".to_owned()
        }
        EmergencyError::Findings(found) => {
            let found: Vec<String> = found.iter().map(ToString::to_string).collect();
            format!("まだ協議に出せません。直すところ：{}", found.join(" "))
        }
        EmergencyError::Undigestible(_) => {
            "目に見えない文字が混じっています。その欄を消して、打ちなおしてください。".to_owned()
        }
        EmergencyError::NoPlaces(_) => {
            "届ける地区が選ばれていないか、町域の登録から消えています。だれに届けるかを選びなおしてください。".to_owned()
        }
        EmergencyError::Nobody => {
            "選んだ地区には、LINEで届く人が1人もいません。地区を広げるか、市全域を選んでください。LINEで届かない人には、ほかの手段で知らせてください。".to_owned()
        }
        EmergencyError::Drifted { agreed, now } => format!(
            "協議では{}人でしたが、いまは{}人で、差が大きすぎます。何も配信していません。同意は無効です。「書きなおす」で内容と人数を確かめ、もう一度協議に出してください。",
            thousands(*agreed),
            thousands(*now)
        ),
        EmergencyError::Void(void) => format!(
            "同意の前提が変わったため、配信していません。{}もう一度、同意を受けてください。",
            why_void(*void)
        ),
        EmergencyError::Unconfirmed => {
            "パスキーでの本人確認が、この内容・この操作のものではないか、2分を過ぎたか、登録から24時間たっていないパスキーです。もう一度ボタンを押し、いつものパスキーで確かめてください。".to_owned()
        }
        EmergencyError::Unproven => {
            "相手の課の同意が、本人のパスキーによるものだと確かめられません。何も配信していません。相手の課長に電話し、同意を撤回して、同意しなおしてもらってください。年度の事前同意による訂正なら、両課長が署名しなおしてください。あわせて、システム管理者に知らせてください。".to_owned()
        }
        EmergencyError::Unsaid => {
            "理由や説明が空か、長すぎます。1文字から1000文字で入れてください。".to_owned()
        }
        EmergencyError::NothingLeft => {
            "これから送る分は残っていません。LINEが断った分、時間切れの分、届いたかわからない分は、送りなおしません。防災行政無線など、ほかの手段で知らせてください。内容が誤りなら、「誤りを訂正する」を使ってください。".to_owned()
        }
        EmergencyError::Unknown(people) => format!(
            "{}人は、届いたかわかりません。このまま終えるには、先に相手の課長の同意が要ります。電話してください。",
            thousands(*people)
        ),
        EmergencyError::Held => {
            "すべての配信が止められています（保留）。緊急配信も出ません。「配信の保留」の画面で理由を確かめ、再開してから、もう一度押してください。".to_owned()
        }
        EmergencyError::OtherAccount { expected, found } => format!(
            "LINEの接続先が、運用ポリシーのアカウント（{expected}）ではなく「{found}」になっています。別の相手に届くため、何もしていません。システム管理者に知らせ、防災行政無線など、ほかの手段を使ってください。直ると、3分ほどで出せるようになります。"
        ),
        EmergencyError::Quota { left, people } => format!(
            "LINEの今月の残りは{}通で、届ける{}人に足りません。協議に出していません。地区を絞るか、システム管理者にLINEの追加を頼み、防災行政無線など、ほかの手段を使ってください。",
            thousands(*left),
            thousands(*people)
        ),
        EmergencyError::NoAgreement => {
            "1人で送れるのは、用意した文面の訂正で、両課長が年度の事前同意に署名しているときだけです。相手の課長に電話して、同意を受けてください。".to_owned()
        }
        EmergencyError::Days => {
            "事前同意は、きょうから1年以内で、一度に1つです。日付を確かめてください。".to_owned()
        }
        EmergencyError::NotSent => {
            "訂正できるのは、配信が終わったか、止めたものだけです。配信中なら、先に止めてください。".to_owned()
        }
        EmergencyError::Forgotten => {
            "だれに届いたかの控えが消えているため、同じ人だけには送れません。同じ地区を選んで、新しい緊急配信で知らせてください。".to_owned()
        }
        EmergencyError::OtherCorrection => {
            "訂正は、誤りが届いた人だけに送ります。届ける相手は変えられません。".to_owned()
        }
        EmergencyError::Corrected => {
            "訂正を配信したので、もとの配信は再開できません。".to_owned()
        }
        EmergencyError::NotFiled => {
            "報告書がまだ出ていないか、読んでいるあいだに出しなおされました。もう一度読んでから確認してください。".to_owned()
        }
        EmergencyError::NoCallOut => {
            "呼出訓練を始められるのは、当直、広報の課、その課の職員と、システム管理者です。".to_owned()
        }
        EmergencyError::WrittenTooOften => {
            "書きなおせる回数を超えました。新しい緊急配信を始めてください。".to_owned()
        }
        EmergencyError::NotOpened(_) => {
            "この緊急配信は、もう配信されています。二重には送られません。".to_owned()
        }
    })
}

fn not_ready(readiness: &Readiness) -> String {
    let mut lacks = Vec::new();
    if !readiness.allowed {
        lacks.push("運用ポリシーで本番の緊急配信がまだ許されていません。".to_owned());
    }
    for short in readiness.short() {
        let has = match short {
            Side::Concurs => readiness.concurring.len(),
            Side::Sends => readiness.sending.len(),
        };
        lacks.push(format!(
            "{}で、いまパスキーを使える課長・代理は{has}人です（{LEAST}人以上が要ります）。",
            side(short)
        ));
    }
    if readiness.administrators < LEAST {
        let has = readiness.administrators;
        lacks.push(format!(
            "システム管理者は{has}人です（{LEAST}人以上が要ります）。"
        ));
    }
    format!(
        "本番の緊急配信の準備ができていないため、出せません。{}防災行政無線など、ほかの手段を使い、「緊急配信の備え」の画面で足りないものを確かめてください。",
        lacks.concat()
    )
}

/// Why an agreement holds no more.
pub(super) fn why_void(void: Void) -> String {
    let why = match void {
        Void::Person => {
            "同意した人の役職・代理・パスキー・アカウントが、その後に一度止められました。"
        }
        Void::Submitter => {
            "協議に出した人の役職・代理・パスキー・アカウントが、その後に一度止められました。書きなおして、出しなおしてください。"
        }
        Void::Template => "定型文が、その後に変わりました。書きなおしが要ります。",
        Void::Channel => "LINEアカウントが、協議のときと違います。",
        Void::Restored => {
            "協議の後で、バックアップから戻されました。書きなおして、出しなおしてください。"
        }
        Void::Audience { agreed, now } => {
            return format!(
                "届く人が、協議のときの{}人から{}人に変わり、差が大きすぎます。書きなおして、出しなおしてください。",
                thousands(agreed),
                thousands(now)
            );
        }
    };
    why.to_owned()
}
