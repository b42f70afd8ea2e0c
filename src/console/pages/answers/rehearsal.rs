//! What residents would be answered, and why.

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::area;
use crate::console::{Desk, Visitor};
use crate::conversation::{self, Asking, Basis, Considered, Function};
use crate::faq::MIN_CONFIDENCE;
use crate::ids::AreaId;
use crate::language::Language;
use crate::policy::ReplyMode;
use crate::web::{Choice, Frame, Page, Preview, Refusal, times};

/// Longest words tried: longer ones are no question.
const LONGEST: usize = 500;

/// What is tried.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Tried {
    #[serde(default)]
    q: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    area: String,
}

#[derive(Template)]
#[template(path = "answers/try.html")]
pub(in crate::console) struct Try {
    frame: Frame,
    tab: &'static str,
    tried: Tried,
    languages: Vec<Choice>,
    areas: Vec<Choice>,
    told: Option<Told>,
    mode: &'static str,
    clause: Option<String>,
    bar: u32,
}

/// What came of it.
struct Told {
    preview: Option<Preview>,
    title: &'static str,
    why: String,
    questions: Vec<Close>,
    counted: Option<String>,
}

struct Close {
    id: i64,
    question: String,
    shared: String,
    percent: u32,
    enough: bool,
    answered: bool,
}

/// `GET /answers/try`. It changes nothing, so it is asked by GET and can be sent to a colleague.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    tried: Query<Tried>,
) -> Result<Page<Try>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let mut tried = tried.into_inner();
    let words: String = tried.q.trim().chars().take(LONGEST).collect();
    let language = Language::parse(&tried.language).unwrap_or_else(|_| Language::japanese());
    tried.language = language.code().to_owned();
    let directory = area::directory(&desk.db).await?;
    let area = tried.area.parse().ok().map(AreaId);
    let area = area.filter(|id| directory.get(*id).is_some());
    let asking = Asking {
        words: &words,
        language,
        area,
    };
    let told = match words.is_empty() {
        true => None,
        false => {
            let rehearsal =
                conversation::rehearse(&desk.db, &desk.town, visitor.now, asking).await?;
            let account = &profile.operator.account_name;
            let hour = times::hour(visitor.now);
            let (title, why) = reason(rehearsal.basis);
            Some(Told {
                preview: (!rehearsal.messages.is_empty())
                    .then(|| Preview::new(account, &rehearsal.messages, &hour)),
                title,
                why,
                questions: rehearsal
                    .questions
                    .into_iter()
                    .map(|question| close(question, rehearsal.basis))
                    .collect(),
                counted: rehearsal.counted,
            })
        }
    };
    let areas = directory.areas();
    Ok(Page(Try {
        frame: visitor
            .frame("答えを試す")
            .under("/answers", "よくある質問"),
        tab: "try",
        tried,
        languages: Language::all()
            .map(|language| Choice::new(language.code(), language.name()))
            .collect(),
        areas: areas
            .map(|area| Choice::new(area.id.to_string(), area.label()))
            .collect(),
        told,
        mode: match profile.replies.mode {
            ReplyMode::None => "決まった機能のほかには返信しません。",
            ReplyMode::Auto => {
                "自動の返信だけをします。答えがないときは、問い合わせ窓口を案内します。"
            }
            ReplyMode::Selective => "自動の返信のほか、承認を得た職員が返信することがあります。",
        },
        clause: profile.replies.clause.as_ref().map(ToString::to_string),
        bar: percent(MIN_CONFIDENCE),
    }))
}

fn reason(basis: Basis) -> (&'static str, String) {
    let (title, why) = match basis {
        Basis::Function(function) => (
            "決まった機能が答えました",
            match function {
                Function::Help => "使い方の案内を求める言葉です。",
                Function::Registration => "登録や受け取りの設定についての言葉です。",
                Function::Collections => "ごみの日を尋ねる言葉です。地区の収集日から答えます。",
                Function::SortingHelp => "ごみの分け方の調べ方を尋ねる言葉です。",
                Function::Disaster => "防災と避難についての言葉です。",
                Function::Inquiry => "問い合わせ窓口を尋ねる言葉です。",
                Function::Loss => {
                    "亡くなったことを伝える言葉です。子どもに関するお知らせを止める案内を返します。"
                }
                Function::Thanks => "お礼の言葉です。質問としては扱いません。",
            },
        ),
        Basis::NextDay => (
            "ごみの収集日から答えました",
            "ごみの種類と「いつ」を尋ねる言葉があります。",
        ),
        Basis::Sorting => (
            "分別の辞書から答えました",
            "辞書にある品目の名前があります。よくある質問より先に使われます。",
        ),
        Basis::Question(_) => (
            "よくある質問から答えました",
            "下の表のとおり、この質問がほかよりはっきり近いと判断しました。",
        ),
        Basis::TapsOnly => (
            "言葉には答えない決まりです",
            "ごみの日や質問には、ボタンやメニューから尋ねられたときだけ答えます。",
        ),
        Basis::Near => (
            "どれのことか、聞き返しました",
            "近いものがいくつかあり、一つに決められません。住民はボタンで選びます。",
        ),
        Basis::Nothing => (
            "答えが見つかりませんでした",
            "どの機能にも、どの質問にも当てはまりません。",
        ),
    };
    (title, why.to_owned())
}

fn close(question: Considered, basis: Basis) -> Close {
    Close {
        id: question.id.0,
        question: question.question,
        shared: question.shared.join("・"),
        percent: percent(question.confidence),
        enough: question.confidence >= MIN_CONFIDENCE,
        answered: basis == Basis::Question(question.id),
    }
}

/// A share of one, in hundredths.
fn percent(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * 100.0).round() as u32
}
