//! One entry: written, changed, moved, removed.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path, Query};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;
use serde::Deserialize;

use crate::clock::Instant;
use crate::console::findings::InJapanese;
use crate::console::{Desk, Visitor};
use crate::conversation;
use crate::faq::{self, Draft, EditError, Entry, Field, Held, Way};
use crate::ids::FaqId;
use crate::line::message::Message;
use crate::web::{Confirm, Errors, Flash, Frame, Page, Preview, Refusal, redirect, times};

/// What the form sends.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::console) struct Written {
    #[serde(default)]
    question: String,
    #[serde(default)]
    answer: String,
    #[serde(default)]
    synonyms: String,
    #[serde(default)]
    link: String,
    #[serde(default)]
    category: String,
    /// What was read before writing.
    #[serde(default)]
    revision: i64,
    /// The words without an answer that this answers.
    #[serde(default)]
    word: String,
}

#[derive(Template)]
#[template(path = "answers/edit.html")]
pub(in crate::console) struct Edit {
    frame: Frame,
    id: Option<FaqId>,
    written: Written,
    errors: Errors,
    /// What somebody else has written meanwhile.
    theirs: Option<Entry>,
    categories: Vec<String>,
    preview: Option<Preview>,
}

/// Where to move, and back to which list.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Move {
    way: String,
    #[serde(default)]
    back: String,
}

/// What was read before it is removed.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Read {
    revision: i64,
}

/// `GET /answers/new`, with what is known already: a word to answer, or all that has been written so far,
/// to see how it will look.
pub(in crate::console) async fn new(
    visitor: Visitor,
    desk: Data<Desk>,
    written: Query<Written>,
) -> Result<HttpResponse, Refusal> {
    let mut written = written.into_inner();
    if written.question.is_empty() {
        written.question.clone_from(&written.word);
    }
    form(&visitor, &desk, None, written, Errors::default(), None).await
}

/// `GET /answers/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
) -> Result<HttpResponse, Refusal> {
    let held = held(&desk, &id).await?;
    let id = held.entry.id;
    form(
        &visitor,
        &desk,
        Some(id),
        held.into(),
        Errors::default(),
        None,
    )
    .await
}

/// `POST /answers`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    written: Form<Written>,
) -> Result<HttpResponse, Refusal> {
    let written = written.into_inner();
    let added = faq::add(
        &desk.db,
        visitor.now,
        visitor.signed.actor(),
        written.draft(),
    )
    .await;
    if let Err(error) = added {
        return wrong(&visitor, &desk, None, written, error).await;
    }
    if written.word.is_empty() {
        return Ok(redirect("/answers", Flash::done(PUBLISHED)));
    }
    let (db, who) = (&desk.db, visitor.signed.actor());
    conversation::dismiss_word(db, visitor.now, who, &written.word).await?;
    Ok(redirect("/answers/words", Flash::done(PUBLISHED)))
}

const PUBLISHED: &str = "答えを保存しました。住民への自動応答に、いまから使われます。";

/// `POST /answers/{id}`.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
    written: Form<Written>,
) -> Result<HttpResponse, Refusal> {
    let (id, written) = (FaqId(*id), written.into_inner());
    let read = (id, written.revision);
    let (db, who) = (&desk.db, visitor.signed.actor());
    match faq::change(db, visitor.now, who, read, written.draft()).await {
        Ok(()) => Ok(redirect("/answers", Flash::done(PUBLISHED))),
        Err(error) => wrong(&visitor, &desk, Some(id), written, error).await,
    }
}

/// `POST /answers/{id}/move`.
pub(in crate::console) async fn shift(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
    wish: Form<Move>,
) -> Result<HttpResponse, Refusal> {
    let way = match wish.way.as_str() {
        "up" => Way::Up,
        _ => Way::Down,
    };
    match faq::shift(
        &desk.db,
        visitor.now,
        visitor.signed.actor(),
        FaqId(*id),
        way,
    )
    .await
    {
        Ok(()) => {}
        Err(EditError::Gone) => return Err(Refusal::NotFound),
        Err(error) => return Err(error.into()),
    }
    // Back to the same part of the list, and nowhere else.
    let back = match wish.back.starts_with("/answers?") {
        true => wish.back.as_str(),
        false => "/answers",
    };
    Ok(redirect(&format!("{back}#entry-{id}"), None))
}

/// `GET /answers/{id}/remove`.
pub(in crate::console) async fn ask_to_remove(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
) -> Result<Page<Confirm>, Refusal> {
    let Held { entry, revision } = held(&desk, &id).await?;
    Ok(Page(Confirm {
        frame: visitor
            .frame("質問の削除")
            .under("/answers", "よくある質問"),
        question: "この質問と答えを削除しますか。".to_owned(),
        facts: vec![
            ("質問".to_owned(), entry.question),
            ("答え".to_owned(), entry.answer),
        ],
        outcome: vec![
            "住民がこのことを尋ねても、この答えは返らなくなります。".to_owned(),
            "これまでに届いた、この質問のボタンも使えなくなります。".to_owned(),
        ],
        danger: true,
        deed: "削除する".to_owned(),
        action: format!("/answers/{id}/remove"),
        fields: vec![("revision".to_owned(), revision.to_string())],
        back: format!("/answers/{id}"),
    }))
}

/// `POST /answers/{id}/remove`.
pub(in crate::console) async fn remove(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<i64>,
    read: Form<Read>,
) -> Result<HttpResponse, Refusal> {
    let entry = (FaqId(*id), read.revision);
    match faq::remove(&desk.db, visitor.now, visitor.signed.actor(), entry).await {
        Ok(()) => Ok(redirect("/answers", Flash::done("質問を削除しました。"))),
        Err(EditError::Gone) => Err(Refusal::NotFound),
        Err(EditError::Changed) => Ok(redirect(
            &format!("/answers/{id}"),
            Flash::failed(
                "削除しませんでした。ほかの職員がこの質問を書き換えています。内容を確かめてください。",
            ),
        )),
        Err(error) => Err(error.into()),
    }
}

async fn held(desk: &Desk, id: &Path<i64>) -> Result<Held, Refusal> {
    let held = faq::find(&desk.db, FaqId(**id)).await?;
    held.ok_or(Refusal::NotFound)
}

/// The form again, with what was written and what is wrong with it.
async fn wrong(
    visitor: &Visitor,
    desk: &Desk,
    id: Option<FaqId>,
    mut written: Written,
    error: EditError,
) -> Result<HttpResponse, Refusal> {
    let mut errors = Errors::default();
    let mut theirs = None;
    match error {
        EditError::Faults(faults) => {
            for (field, fault) in faults {
                errors.add(name(field), fault.in_japanese());
            }
        }
        EditError::Taken(other) => {
            let what = match faq::find(&desk.db, other).await? {
                Some(held) => format!("同じ質問がもうあります（答え：{}）。", held.entry.answer),
                None => "同じ質問がもうあります。".to_owned(),
            };
            errors.add(
                "question",
                what + "その質問を直すか、別の言い方にしてください。",
            );
        }
        EditError::Changed => {
            let now = id.map(|id| faq::find(&desk.db, id));
            if let Some(held) = match now {
                Some(held) => held.await?,
                None => None,
            } {
                // Whoever saves again has seen this.
                written.revision = held.revision;
                theirs = Some(held.entry);
            }
        }
        EditError::Gone => return Err(Refusal::NotFound),
        EditError::Database(error) => return Err(error.into()),
    }
    form(visitor, desk, id, written, errors, theirs).await
}

async fn form(
    visitor: &Visitor,
    desk: &Desk,
    id: Option<FaqId>,
    written: Written,
    errors: Errors,
    theirs: Option<Entry>,
) -> Result<HttpResponse, Refusal> {
    let status = match (errors.is_empty(), &theirs) {
        (true, None) => StatusCode::OK,
        (_, Some(_)) => StatusCode::CONFLICT,
        (false, None) => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let shelves = faq::by_category(faq::all(&desk.db).await?);
    let title = match id {
        Some(_) => "質問と答えの編集",
        None => "質問と答えの追加",
    };
    let page = Page(Edit {
        frame: visitor.frame(title).under("/answers", "よくある質問"),
        id,
        preview: preview(desk, visitor.now, &written).await?,
        written,
        errors,
        theirs,
        categories: shelves.into_iter().filter_map(|(name, _)| name).collect(),
    });
    Ok(page.with(HttpResponseBuilder::new(status)))
}

/// The answer as a resident sees it, if there is one.
async fn preview(desk: &Desk, now: Instant, written: &Written) -> Result<Option<Preview>, Refusal> {
    let draft = written.draft();
    if draft.answer.is_empty() {
        return Ok(None);
    }
    let entry = Entry {
        id: FaqId(0),
        question: draft.question,
        answer: draft.answer,
        synonyms: draft.synonyms,
        link: draft.link,
        category: draft.category,
    };
    let said = faq::phrases::answer(&entry, crate::language::Language::japanese());
    let Ok(message) = Message::text(said) else {
        return Ok(None);
    };
    let profile = desk.rules.at(now).await?;
    let account = &profile.operator.account_name;
    Ok(Some(Preview::new(account, &[message], &times::hour(now))))
}

impl Written {
    fn draft(&self) -> Draft {
        Draft::new(
            &self.question,
            &self.answer,
            &self.synonyms,
            &self.link,
            &self.category,
        )
    }
}

impl From<Held> for Written {
    fn from(held: Held) -> Self {
        let entry = held.entry;
        Self {
            question: entry.question,
            answer: entry.answer,
            synonyms: entry.synonyms.join("\n"),
            link: entry.link.unwrap_or_default(),
            category: entry.category.unwrap_or_default(),
            revision: held.revision,
            word: String::new(),
        }
    }
}

fn name(field: Field) -> &'static str {
    match field {
        Field::Question => "question",
        Field::Answer => "answer",
        Field::Synonyms => "synonyms",
        Field::Link => "link",
        Field::Category => "category",
    }
}
