//! Words that found no answer.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use askama::Template;
use chrono::Days;
use serde::Deserialize;

use crate::clock::date_in_japan;
use crate::console::pages::home::Waiting;
use crate::console::{Desk, Visitor};
use crate::conversation::{self, UnansweredWord};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

/// How often words were asked that are shown: asked once, they may be one person's own.
const TWICE: i64 = 2;
/// Words read at most.
const MOST: u64 = 200;
/// How many words of a week are worth a line on the home page.
const MANY: usize = 5;

#[derive(Template)]
#[template(path = "answers/words.html")]
pub(in crate::console) struct Words {
    frame: Frame,
    tab: &'static str,
    words: Vec<UnansweredWord>,
    days: u32,
}

/// A word to take off the list.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Dismissed {
    word: String,
}

/// `GET /answers/words`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<Words>, Refusal> {
    Ok(Page(Words {
        frame: visitor
            .frame("答えられなかった言葉")
            .under("/answers", "よくある質問"),
        tab: "words",
        words: asked(&desk).await?,
        days: desk.rules.at(visitor.now).await?.retention.word_days,
    }))
}

/// `POST /answers/words/dismiss`.
pub(in crate::console) async fn dismiss(
    visitor: Visitor,
    desk: Data<Desk>,
    dismissed: Form<Dismissed>,
) -> Result<HttpResponse, Refusal> {
    let (db, who) = (&desk.db, visitor.signed.actor());
    let was_there = conversation::dismiss_word(db, visitor.now, who, &dismissed.word).await?;
    let said = match was_there {
        true => "一覧から外しました。また尋ねられると、もう一度ここに出ます。",
        false => "この言葉は、もう一覧にありません。",
    };
    Ok(redirect("/answers/words", Flash::done(said)))
}

/// For the home page: many words found no answer this week.
pub(in crate::console) async fn waiting(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Option<Waiting>, Refusal> {
    let week = date_in_japan(visitor.now) - Days::new(7);
    let mut words = asked(desk).await?;
    words.retain(|word| word.last_on >= week);
    let first: Vec<String> = words
        .iter()
        .take(2)
        .map(|w| format!("「{}」", w.word))
        .collect();
    Ok((words.len() >= MANY).then(|| Waiting {
        ask: format!("答えられなかった言葉が{}件あります", words.len()),
        about: format!("{}など、この1週間に尋ねられた言葉です。", first.concat()),
        path: "/answers/words".to_owned(),
        until: None,
    }))
}

async fn asked(desk: &Desk) -> Result<Vec<UnansweredWord>, Refusal> {
    let mut words = conversation::unanswered_words(&desk.db, MOST).await?;
    words.retain(|word| word.times >= TWICE);
    Ok(words)
}
