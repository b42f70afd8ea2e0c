//! What a template's file can have wrong, in words for staff.

use crate::console::findings::InJapanese;
use crate::emergency::template::{Fault, NotPublished, Tongue};
use crate::web::Refusal;

impl InJapanese for Fault {
    fn in_japanese(&self) -> String {
        match self {
            Self::Table(_) => "文字を読み取れません。UTF-8で保存しなおしてください。".to_owned(),
            Self::Toml(message) => format!(
                "TOMLとして読めないか、定型文にない項目です（{message}）。つづり、引用符、かっこを確かめてください。"
            ),
            Self::Code(code) => format!(
                "code「{code}」は使えません。英字の大文字、数字、ハイフンで20文字までにしてください（例：EV4）。"
            ),
            Self::Name(_) => "name（職員が選ぶときの名前）を、1文字から40文字で書いてください。".to_owned(),
            Self::CodeTwice(code) => format!("code「{code}」は、ほかの文面が使っています。別の記号にしてください。"),
            Self::NoAnswer => "これを解除・訂正する文面が決まっていません。answers にその code を書いてください。これ自体がほかの文面を解除・訂正するものなら、is_answer = true と書いてください。".to_owned(),
            Self::AnswersItself => "ほかの文面を解除・訂正するものなので、answers は要りません。answers か is_answer のどちらかを消してください。".to_owned(),
            Self::NotAnAnswer(code) => format!("answers の「{code}」は、解除・訂正の文面ではありません。is_answer = true の文面を選んでください。"),
            Self::AnnouncementMissing(code) => format!("announced_by の「{code}」という文面がありません。先にその文面を公開してください。"),
            Self::AnswerMissing(code) => format!("answers の「{code}」という文面がありません。先にその文面を公開してください。"),
            Self::Key(key) => format!("欄の key「{key}」は使えません。英字の小文字にしてください。"),
            Self::KeyKnown(key) => format!("「{key}」は、欄がなくても使える言葉です。欄の key を別の名前にしてください。"),
            Self::KeyTwice(key) => format!("欄「{key}」が2つあります。key を変えるか、片方を消してください。"),
            Self::NoHint(key) => format!("欄「{key}」に label と hint が要ります。夜に埋める人が読みます。"),
            Self::NoBound(key) => format!("欄「{key}」に上限がありません。most を書いてください。"),
            Self::Choices(key) => format!("欄「{key}」：選ぶ欄（choice）だけに、[[field.choice]] を書いてください。"),
            Self::ChoiceTwice { key, choice } => format!("欄「{key}」の選択肢「{choice}」が2つあります。"),
            Self::Coarse(key) => format!("欄「{key}」：coarse を付けられるのは、文字の欄（text）だけです。"),
            Self::NoConsent { key, needs } => format!("欄「{key}」の needs「{needs}」は、同意の欄ではありません。consent の欄の key を書いてください。"),
            Self::Unsaid(key) => format!("欄「{key}」は、どの文にも出てきません。文に入れるか、欄を消してください。"),
            Self::Empty => "空です。住民が読む文を書いてください。".to_owned(),
            Self::NoPlace => "どこの話かがありません。body に {place} を入れてください。".to_owned(),
            Self::NoTime => "いつの話かがありません。body に {issued} を入れてください。".to_owned(),
            Self::Open(rest) => format!("「{{{rest}」で、かっこが閉じていません。"),
            Self::Closed(text) => format!("「{text}」に、開いていないかっこの閉じがあります。"),
            Self::NoField(name) => format!("「{{{name}}}」を埋める欄がありません。欄を加えるか、つづりを直してください。"),
            Self::ConsentSaid(name) => format!("「{{{name}}}」は同意の欄です。住民の読む文には出せません。"),
            Self::Untranslated { key, tongue } => {
                let tongue = match tongue {
                    Tongue::Japanese => "日本語",
                    Tongue::Easy => "やさしい日本語",
                    Tongue::English => "英語",
                };
                format!("「{{{key}}}」は夜に日本語で書く欄なので、訳されません。選ぶ欄にするか、{tongue}の文から外してください。")
            }
            Self::WordMissing { key, word } => format!("「{{{key}.{word}}}」：「{word}」のない選択肢があります。すべての選択肢に書いてください。"),
            Self::NoWords { key, word } => format!("「{{{key}.{word}}}」：「.」のあとに言葉を書けるのは、選ぶ欄だけです。"),
            Self::LongHead { found, most } => format!("signal と call があわせて{found}文字あります。スマートフォンの通知に地区名まで出るように、{most}文字までにしてください。"),
            Self::Slip(slip) => slip.to_string(),
        }
    }
}

/// Why it was not done, for whoever tried.
///
/// # Errors
/// It is nothing they could mend.
pub(super) fn refused(error: NotPublished) -> Result<String, Refusal> {
    Ok(match error {
        NotPublished::NotEntitled => "定型文の公開は、申請したときもいまもシステム管理者である2人で行います。あなたか、申請した人が、それに当たりません。申請しなおしてください。".to_owned(),
        NotPublished::SamePerson => "自分の申請は、自分では決められません。ほかのシステム管理者に頼んでください。".to_owned(),
        NotPublished::NotWaiting => "この版は、もう使用中か、なくなっています。一覧を見なおしてください。".to_owned(),
        NotPublished::NotAsked => "この版の申請は、1時間の期限が切れたか、取り下げられたか、同意されませんでした。公開するには、もう一度申請してください。".to_owned(),
        NotPublished::NotTheirs => "申請を取り下げられるのは、申請した人だけです。".to_owned(),
        NotPublished::InForce => "いま使用中の文面と同じです。変わるところがありません。".to_owned(),
        NotPublished::NoReason => "同意しない理由を、1文字から500文字で書いてください。".to_owned(),
        NotPublished::TooLong(bytes) => format!("定型文にしては長すぎます（{bytes}バイト）。1つの文面だけのファイルにしてください。"),
        NotPublished::Faults(faults) => {
            let first = faults.first().map(|found| found.fault.in_japanese());
            format!("いまのほかの定型文と合わなくなっています。{}", first.unwrap_or_default())
        }
        NotPublished::Db(error) => return Err(error.into()),
    })
}
