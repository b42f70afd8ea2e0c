//! Templates: manuscripts to begin others with, each house's own.

use actix_web::web::{Data, Form, Path};
use actix_web::{Either, HttpResponse};
use askama::Template as Askama;
use serde::Deserialize;

use super::{TITLE as BROADCASTS, find as find_broadcast, refused, words};
use crate::broadcast::messages::Setting;
use crate::broadcast::template::{self, Template};
use crate::broadcast::{self, BroadcastError};
use crate::console::{Desk, Visitor};
use crate::ids::{BroadcastId, MediaId, TemplateId};
use crate::media;
use crate::staff::people;
use crate::web::{Confirm, Errors, Flash, Frame, Page, Preview, Refusal, redirect, times};

const PATH: &str = "/templates";
const TITLE: &str = "ひな形";
/// Letters of its words that a list shows.
const BEGINNING: usize = 60;

/// A template in the list.
struct Row {
    id: TemplateId,
    name: String,
    category: String,
    begins: String,
}

/// The templates of a house.
struct Shelf {
    house: String,
    rows: Vec<Row>,
}

#[derive(Askama)]
#[template(path = "templates/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    shelves: Vec<Shelf>,
    any: bool,
}

/// `GET /templates`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let mut shelves = Vec::new();
    for (house, _) in broadcast::houses(&visitor.signed) {
        let kept = template::of(&desk.db, house).await?.into_iter();
        let row = |kept: Template| Row {
            id: kept.id,
            category: words::category(&profile, &kept.manuscript.category),
            begins: begins(&kept),
            name: kept.name,
        };
        shelves.push(Shelf {
            house: words::house(&roster, house),
            rows: kept.map(row).collect(),
        });
    }
    Ok(Page(List {
        frame: visitor.frame(TITLE).under(super::PATH, BROADCASTS),
        any: shelves.iter().any(|shelf| !shelf.rows.is_empty()),
        shelves,
    }))
}

fn begins(kept: &Template) -> String {
    let words: Vec<&str> = kept.manuscript.words().collect();
    let words = words.join(" ").replace('\n', " ");
    match words.char_indices().nth(BEGINNING) {
        Some((end, _)) => format!("{}…", &words[..end]),
        None => words,
    }
}

/// What a template is called.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Named {
    name: String,
}

#[derive(Askama)]
#[template(path = "templates/show.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    errors: Errors,
    id: TemplateId,
    called: String,
    house: String,
    category: String,
    preview: Option<Preview>,
}

/// `GET /templates/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<TemplateId>,
) -> Result<Page<Shown>, Refusal> {
    let kept = find(&visitor, &desk, *id).await?;
    let name = kept.name.clone();
    Ok(Page(
        shown(&visitor, &desk, kept, name, Errors::default()).await?,
    ))
}

async fn shown(
    visitor: &Visitor,
    desk: &Desk,
    kept: Template,
    name: String,
    errors: Errors,
) -> Result<Shown, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let ids: Vec<MediaId> = kept.manuscript.pictures().into_iter().collect();
    let pictures = media::find_all(&desk.db, &ids).await?.into_iter();
    let pictures = pictures.map(|media| (media.id, media)).collect();
    let setting = Setting {
        profile: &profile,
        pictures: &pictures,
        public_url: &desk.public_url,
        corrected: None,
        test: None,
    };
    let (account, hour) = (&profile.operator.account_name, times::hour(visitor.now));
    let messages = kept.manuscript.messages(setting).ok();
    Ok(Shown {
        frame: visitor
            .frame(kept.name)
            .under(super::PATH, BROADCASTS)
            .under(PATH, TITLE),
        errors,
        id: kept.id,
        called: name,
        house: words::house(&roster, kept.house),
        category: words::category(&profile, &kept.manuscript.category),
        preview: messages.map(|sent| Preview::new(account, sent.as_slice(), &hour)),
    })
}

/// `POST /templates/{id}`: another name.
pub(in crate::console) async fn rename(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<TemplateId>,
    Form(named): Form<Named>,
) -> Result<Either<HttpResponse, HttpResponse>, Refusal> {
    let kept = find(&visitor, &desk, *id).await?;
    let tx = desk.db.begin().await?;
    match template::rename(&tx, visitor.now, &visitor.signed, *id, &named.name).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(Either::Left(redirect(
                PATH,
                Flash::done("名前を変えました。"),
            )))
        }
        Err(BroadcastError::Unsaid) => {
            drop(tx);
            let page = shown(&visitor, &desk, kept, named.name, unnamed()).await?;
            let page = Page(page).with(HttpResponse::UnprocessableEntity());
            Ok(Either::Right(page))
        }
        Err(error) => refused(error, PATH).map(Either::Left),
    }
}

/// `GET /templates/{id}/retire`: asks once more.
pub(in crate::console) async fn ask_to_retire(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<TemplateId>,
) -> Result<Page<Confirm>, Refusal> {
    let kept = find(&visitor, &desk, *id).await?;
    Ok(Page(Confirm {
        frame: visitor.frame("ひな形を外す").under(PATH, TITLE),
        question: "このひな形を一覧から外しますか。".to_owned(),
        facts: vec![("名前".to_owned(), kept.name)],
        outcome: vec!["これで書きはじめた配信は、そのまま変わりません。".to_owned()],
        danger: true,
        deed: "外す".to_owned(),
        action: format!("{PATH}/{id}/retire"),
        fields: Vec::new(),
        back: format!("{PATH}/{id}"),
    }))
}

/// `POST /templates/{id}/retire`.
pub(in crate::console) async fn retire(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<TemplateId>,
) -> Result<HttpResponse, Refusal> {
    let tx = desk.db.begin().await?;
    match template::retire(&tx, visitor.now, &visitor.signed, *id).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect(PATH, Flash::done("一覧から外しました。")))
        }
        Err(error) => refused(error, PATH),
    }
}

#[derive(Askama)]
#[template(path = "templates/new.html")]
pub(in crate::console) struct New {
    frame: Frame,
    errors: Errors,
    id: BroadcastId,
    called: String,
}

/// `GET /broadcasts/{id}/template`: asks for a name.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
) -> Result<Page<New>, Refusal> {
    let broadcast = find_broadcast(&visitor, &desk, *id).await?;
    let title = broadcast.head.title;
    let page = new(&visitor, *id, title.clone(), title, Errors::default());
    Ok(Page(page))
}

fn new(visitor: &Visitor, id: BroadcastId, title: String, name: String, errors: Errors) -> New {
    New {
        frame: visitor
            .frame("ひな形に残す")
            .under(super::PATH, BROADCASTS)
            .under(format!("{}/{id}", super::PATH), title),
        errors,
        id,
        called: name,
    }
}

/// `POST /broadcasts/{id}/template`: keeps what it says, for the own house.
pub(in crate::console) async fn keep(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(named): Form<Named>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find_broadcast(&visitor, &desk, *id).await?;
    let own = broadcast::houses(&visitor.signed);
    let same = own.iter().find(|(house, _)| *house == broadcast.head.house);
    let Some((house, _)) = same.or(own.first()) else {
        return Err(Refusal::NotFound);
    };
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    match template::keep(&tx, now, by, *house, &named.name, &broadcast.manuscript).await {
        Ok(_) => {
            tx.commit().await?;
            let done = Flash::done("ひな形に残しました。次からは、ここから書きはじめられます。");
            Ok(redirect(PATH, done))
        }
        Err(BroadcastError::Unsaid) => {
            drop(tx);
            let page = new(&visitor, *id, broadcast.head.title, named.name, unnamed());
            Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
        }
        Err(BroadcastError::OtherCorrection) => {
            let told = "訂正は、その配信の届け先だけのものなので、ひな形にできません。";
            Ok(redirect(
                &format!("{}/{id}", super::PATH),
                Flash::failed(told),
            ))
        }
        Err(error) => refused(error, &format!("{}/{id}", super::PATH)),
    }
}

fn unnamed() -> Errors {
    let mut errors = Errors::default();
    errors.add(
        "name",
        format!(
            "名前を1文字から{}文字までで入力してください。",
            template::NAME_MAX
        ),
    );
    errors
}

/// One on the list that whoever reads may use.
pub(super) async fn find(
    visitor: &Visitor,
    desk: &Desk,
    id: TemplateId,
) -> Result<Template, Refusal> {
    let kept = template::find(&desk.db, id).await?;
    let kept = kept.filter(|kept| broadcast::may_write(&visitor.signed, kept.house));
    kept.ok_or(Refusal::NotFound)
}
