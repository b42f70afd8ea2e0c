//! What residents read around a broadcast's own words, and what staff are told about drafts.

use chrono::{Datelike, NaiveDate, Timelike, Weekday};

use super::BroadcastError;
use super::closing::{MAX_NOTE, NotClosed};
use super::content::{MAX_BLOCKS, MAX_BUTTONS};
use super::gates::{Finding, Gate, Severity};
use super::lint::Slip;
use super::messages::NotAMessage;
use super::moves::State;
use super::room::{Field, Room};
use super::test_send::MOST_A_DAY;
use crate::clock::{Instant, datetime_in_japan};
use crate::line::message::MessageError;
use crate::media;
use crate::policy::{Answer, LinkProof, OpenData, Profile, Refused};
use crate::segment;

/// Why an agreement is void: the words it was about have changed, or may.
pub const WRITTEN_ON: &str = "原稿を書きなおすため";
/// Why an agreement is void: its time is over.
pub const TOO_LATE: &str = "届ける期限を過ぎたため";

/// Over a test send.
pub const TEST_SEND: &str = "【試し送り】職員だけに届いています。";

/// Over a correction: of what.
pub fn correction(sent_at: Instant) -> String {
    format!(
        "【訂正】{}に配信したお知らせを、つぎのとおり訂正します。",
        moment(sent_at)
    )
}

/// Under what anybody may pass on.
pub fn open_data(open: &OpenData) -> String {
    format!("{}\n利用のきまり {}", open.tag, open.terms)
}

/// Under a button: where it leads.
pub fn leads_to(host: &str) -> String {
    format!("開くサイト: {host}")
}

/// Under a button: whom it calls.
pub fn calls(number: &str) -> String {
    format!("電話: {number}")
}

/// What a state is called.
pub fn state(state: State) -> &'static str {
    match state {
        State::Draft => "起案中",
        State::Submitted => "決裁待ち",
        State::Approved => "決裁済（配信待ち）",
        State::Sending => "配信中",
        State::Stopped => "停止中",
        State::Done => "配信済",
        State::Withdrawn => "取下げ",
        State::Late => "時機を逸した",
    }
}

/// Why what went amiss was not closed.
pub fn not_closed(error: NotClosed) -> String {
    let words = match error {
        NotClosed::NotTheirs => "整理は、アカウントを所管する課の課長が行います。",
        NotClosed::Unsaid => return format!("1文字から{MAX_NOTE}文字までで入力してください。"),
        NotClosed::NothingAmiss => {
            "送信が終わっていないか、全員に届いているか、もう整理が済んでいます。"
        }
    };
    words.to_owned()
}

/// Why something was not done, and what to do; `None` where staff can do nothing about it.
pub fn not_done(error: &BroadcastError) -> Option<String> {
    let words = match error {
        BroadcastError::Gone => "この配信は見つかりません。",
        BroadcastError::Changed => {
            "開いているあいだに、ほかの人が書きなおしました。読みなおしてください。"
        }
        BroadcastError::NotTheirs => "この配信を書く役職に就いていません。",
        BroadcastError::NoRoute => {
            "運用ポリシーに、この原稿を決裁する道がありません。広報課に相談してください。"
        }
        BroadcastError::NoDraft(_) => "起案中のものだけを書けます。起案中に戻してください。",
        BroadcastError::Refused { state: at, .. } => {
            return Some(format!("この配信は「{}」なので、できません。", state(*at)));
        }
        BroadcastError::NotSent => "まだ配信していないものは、訂正でなく書きなおしてください。",
        BroadcastError::OtherCorrection => "訂正の届け先と分類は、変えられません。",
        BroadcastError::NotAsked => "運用ポリシーにない問いです。読みなおしてください。",
        BroadcastError::NoSuchLink => "原稿にないリンクです。読みなおしてください。",
        BroadcastError::NoSuchSlip => "原稿にない指摘です。読みなおしてください。",
        BroadcastError::Unsaid => "1文字から1000文字で入力してください。",
        BroadcastError::Findings(_) => "先に直すところがあります。",
        BroadcastError::NotYet => {
            "配信の時刻になっていないか、勤務時間の外か、訂正するもとの配信が続いています。"
        }
        BroadcastError::TooLate => "届ける期限を過ぎています。",
        BroadcastError::TestedOften => {
            return Some(format!(
                "試し送りは、1つの配信につき1日{MOST_A_DAY}回までです。"
            ));
        }
        BroadcastError::NoReader => {
            "試し送りの届け先を選んでください。選べるのは、自分のLINEをつないだ同じ課の人だけです。"
        }
        BroadcastError::SaidTooMuch => {
            "この配信には、これ以上の稿や記録を残せません。写して新しく書いてください。"
        }
        BroadcastError::Forgotten => {
            "保存期間を過ぎ、だれに届いたかの記録を消したため、訂正を届けられません。新しいお知らせとして起案してください。"
        }
        BroadcastError::Corrected => "訂正を配信したので、再開できません。",
        BroadcastError::NotClosed(error) => return Some(not_closed(*error)),
        BroadcastError::Unknown(unknown) => return Some(segment::words::unknown(unknown)),
        BroadcastError::NotAMessage(refused) => return Some(unsendable(refused)),
        BroadcastError::Approval(_)
        | BroadcastError::NotApproved(_)
        | BroadcastError::Message(_)
        | BroadcastError::Undigestible(_)
        | BroadcastError::NotOpened(_)
        | BroadcastError::NotCut(_)
        | BroadcastError::Db(_) => return None,
    };
    Some(words.to_owned())
}

/// What follows from a finding.
pub fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Stops => "直すまで提出できません",
        Severity::Overridable => "直すか、このままでよい理由を記録してください",
        Severity::AsksChief => "課長が判断します",
    }
}

/// What a proof of a link is called.
pub fn link_proof(proof: LinkProof) -> &'static str {
    match proof {
        LinkProof::Relation => "内容との関係",
        LinkProof::Opened => "開いて確かめた記録",
        LinkProof::Consent => "相手の了解",
    }
}

/// What an answer is called.
pub fn answer(answer: Answer) -> &'static str {
    match answer {
        Answer::Yes => "はい",
        Answer::No => "いいえ",
        Answer::Unsure => "わからない",
    }
}

/// What was found, and what to do; its clause stands behind.
pub fn finding(finding: &Finding, profile: &Profile) -> String {
    let words = gate(&finding.gate, profile);
    match &finding.clause {
        Some(clause) => format!("{words}（{}）", profile.cite(clause)),
        None => words,
    }
}

fn gate(gate: &Gate, profile: &Profile) -> String {
    let ask = |id: &str| {
        let question = profile.questions.iter().find(|question| question.id == id);
        question.map_or_else(|| id.to_owned(), |question| question.ask.clone())
    };
    match gate {
        Gate::Category => "使える分類を選んでください。".to_owned(),
        Gate::ChiefNote => format!("この分類は、{}の認めた記録がいります。", profile.deciders.owner_chief),
        Gate::Blocks => format!("本文を1つから{MAX_BLOCKS}つまでにしてください。"),
        Gate::Buttons(at) => format!("{}つめの本文のボタンを{MAX_BUTTONS}つまでにしてください。", at + 1),
        Gate::Room(room) => full(room),
        Gate::Unsendable(refused) => unsendable(refused),
        Gate::NoEnd => "届ける期限を入力してください。期限を過ぎたものは届けません。".to_owned(),
        Gate::Over => "届ける期限が、配信の時刻より前です。".to_owned(),
        Gate::SendsInThePast => "配信の時刻が過ぎています。".to_owned(),
        Gate::OutOfHours => "配信の時刻が、勤務時間の外です。".to_owned(),
        Gate::BeyondPurpose(beyond) => format!(
            "「{}」は「{}」に聞いたもので、この分類の配信対象には使えません。",
            beyond.name, beyond.purpose
        ),
        Gate::Unknown(unknown) => segment::words::unknown(unknown),
        Gate::Unanswered(id) => format!("「{}」に答えてください。", ask(id)),
        Gate::Answered(id, given) => format!("「{}」の答えが「{}」です。", ask(id), answer(*given)),
        Gate::Link(refused) => link(refused),
        Gate::Unshown { url, proof } => {
            format!("リンク {url} の「{}」を入力してください。", link_proof(*proof))
        }
        Gate::Elsewhere { url, arrived } => format!(
            "リンク {url} を開くと、別のサイト（{arrived}）に着きます。着いた先のアドレスを書いてください。"
        ),
        Gate::NoPicture(_) => "画像が見つかりません。選びなおしてください。".to_owned(),
        Gate::Expired(_, last) => format!("画像の使用期限（{}）が過ぎています。", date(*last)),
        Gate::Lacking(_, lacking) => media::phrases::lacking(*lacking),
        Gate::NotOpen => "この市の運用ポリシーには、オープンデータの決まりがありません。".to_owned(),
        Gate::NotOpenPicture(_) => {
            "オープンデータにできない画像を使っています。画像を外すか、オープンデータの印を外してください。"
                .to_owned()
        }
        Gate::Slip(found) => slip(found),
    }
}

fn full(room: &Room) -> String {
    let Room { used, limit, .. } = room;
    let name = field(room.field);
    match used {
        0 => format!("{name}を入力してください。"),
        _ => format!("{name}が{used}文字あります。{limit}文字までに縮めてください。"),
    }
}

/// What a field is called.
pub fn field(field: Field) -> String {
    let of = |block: usize| format!("{}つめの本文の", block + 1);
    match field {
        Field::Title => "件名".to_owned(),
        Field::Text(block) => format!("{}文", of(block)),
        Field::Shows(block) => format!("{}画像の説明", of(block)),
        Field::CardTitle(block) => format!("{}見出し", of(block)),
        Field::Label(block, button) => format!("{}ボタン{}の文字", of(block), button + 1),
        Field::Target(block, button) => format!("{}ボタン{}の行き先", of(block), button + 1),
    }
}

fn unsendable(refused: &NotAMessage) -> String {
    let (block, error) = match refused {
        NotAMessage::Blocks => return format!("本文を1つから{MAX_BLOCKS}つまでにしてください。"),
        NotAMessage::NoPicture { block } => {
            return format!("{}つめの本文の画像が見つかりません。", block + 1);
        }
        NotAMessage::Block { block, error } => (block + 1, error),
    };
    match error {
        MessageError::Invalid {
            field: "uri",
            given,
            ..
        } => format!(
            "{block}つめの本文のリンク {given} は、LINEで開けません。日本語の部分を「%E3…」の形に直したアドレスを、ブラウザーから写してください。"
        ),
        _ => format!("{block}つめの本文は、LINEで送れません。短くしてください。"),
    }
}

fn link(refused: &Refused) -> String {
    match refused {
        Refused::NotHttps(url) => {
            format!("{url} はリンクにできません。https:// で始まるアドレスを書いてください。")
        }
        Refused::UserName(url) => format!("{url} は、行き先のまぎらわしいアドレスです。"),
        Refused::NotPublic(url) => format!("{url} は、だれでも開けるサイトではありません。"),
        Refused::Denied(url) => format!("{url} は、使えないサイトです。"),
        Refused::Shortened(url) => {
            format!("{url} は短縮URLです。行き先が見えるよう、もとのアドレスを書いてください。")
        }
        Refused::Redirector(url) => {
            format!("{url} は、別のサイトへ送るアドレスです。行き先のアドレスを書いてください。")
        }
        Refused::NotListed(url) => format!("{url} は、使えるサイトの一覧にありません。"),
    }
}

/// What is worth a second look.
pub fn slip(slip: &Slip) -> String {
    match slip {
        Slip::WrongWeekday { written, is } => {
            format!(
                "「{written}」の曜日が暦と違います。暦では{}曜日です。",
                weekday(*is)
            )
        }
        Slip::NoSuchDate { written } => format!("「{written}」という日は、暦にありません。"),
        Slip::Past { written } => format!("「{written}」は、配信の日には過ぎています。"),
        Slip::NoContact => "問い合わせ先（電話番号かリンク）がありません。".to_owned(),
        Slip::Mobile { written } => {
            format!("「{written}」は携帯電話の番号です。個人の番号ではありませんか。")
        }
        Slip::OtherPhone { written } => {
            format!("「{written}」は、市外の電話番号です。まちがいではありませんか。")
        }
        Slip::Mail { written } => {
            format!(
                "「{written}」は、市のメールアドレスではありません。個人のものではありませんか。"
            )
        }
        Slip::PersonalNumber => {
            "個人番号（マイナンバー）かもしれない12桁の数字があります。".to_owned()
        }
        Slip::Amount { written } => format!("「{written}」のカンマの位置を確かめてください。"),
        Slip::HalfWidthKana { written } => {
            format!("「{written}」は半角カナです。全角に直してください。")
        }
        Slip::Capitals { written } => {
            format!("「{written}」は大文字ばかりで、読み上げると1文字ずつ読まれます。")
        }
        Slip::LongSentence { begins } => {
            format!("「{begins}…」で始まる文が長すぎます。2つ以上に分けてください。")
        }
        Slip::NoScheme { written } => {
            format!("「{written}」は、押して開けません。https:// から書いてください。")
        }
        Slip::Shortened { written } => {
            format!(
                "「{written}」は短縮URLです。行き先が見えるよう、もとのアドレスを https:// から書いてください。"
            )
        }
        Slip::Hearsay { written } => {
            format!("「{written}」は、伝え聞きの言い方です。もとの資料で確かめてください。")
        }
        Slip::Word { written } => format!("「{written}」は、人を傷つけることのある言葉です。"),
        Slip::Inside { written } => {
            format!(
                "「{written}」は、市の内部の情報かもしれません。外へ出してよいか確かめてください。"
            )
        }
    }
}

fn weekday(day: Weekday) -> char {
    let letters = ['月', '火', '水', '木', '金', '土', '日'];
    letters[day.num_days_from_monday() as usize % 7]
}

/// 11月24日(火).
fn date(date: NaiveDate) -> String {
    format!(
        "{}月{}日({})",
        date.month(),
        date.day(),
        weekday(date.weekday())
    )
}

/// 11月24日(火) 8:30.
fn moment(at: Instant) -> String {
    let civil = datetime_in_japan(at);
    format!(
        "{} {}:{:02}",
        date(civil.date()),
        civil.hour(),
        civil.minute()
    )
}
