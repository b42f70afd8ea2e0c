//! A manuscript: written, looked at, and kept as a draft.

use std::collections::BTreeMap;

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path, Query};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::audience::{Heads, heads};
use super::form::{Sent, Written};
use super::pick::{Picks, picked};
use super::{PATH, TITLE, find, refused, segments, templates, words};
use crate::approval::House;
use crate::area::{self, Directory};
use crate::broadcast::content::{Audience, Manuscript};
use crate::broadcast::messages::Setting;
use crate::broadcast::room::{Field, Room, rooms};
use crate::broadcast::{self, Broadcast, BroadcastError};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::ids::{BroadcastId, MediaId, TemplateId};
use crate::media::{self, Expired, Media};
use crate::policy::Profile;
use crate::segment::{self, Segment};
use crate::staff::people;
use crate::web::{Choice, Errors, Flash, Frame, Page, Preview, Refusal, redirect, times};

/// Pictures offered beside those that are chosen: the newest.
const PICTURES: u64 = 100;

#[derive(Template)]
#[template(path = "broadcasts/edit.html")]
pub(in crate::console) struct Edit {
    frame: Frame,
    action: String,
    /// Where the preview comes from.
    shows: String,
    back: String,
    written: Written,
    errors: Errors,
    /// Somebody else has written meanwhile.
    theirs: bool,
    houses: Vec<Choice>,
    categories: Vec<Choice>,
    pictures: Vec<Choice>,
    open_data_tag: Option<String>,
    corrects: Option<String>,
    picks: Picks,
    /// Segments kept under a name.
    named: Vec<Choice>,
    heads: Option<Heads>,
    preview: Option<Preview>,
    sounds: bool,
    rooms: BTreeMap<String, Room>,
}

impl Edit {
    /// How much of a field is used: 「12／5000文字」.
    fn room(&self, name: &str) -> String {
        let room = self.rooms.get(name);
        room.map_or_else(String::new, |room| match room.used > room.limit {
            true => format!(
                "{}文字多すぎます（{}文字まで）",
                room.used - room.limit,
                room.limit
            ),
            false => format!("{}／{}文字", room.used, room.limit),
        })
    }

    /// What is ticked when the form opens.
    fn nobody(&self) -> Vec<String> {
        Vec::new()
    }

    fn name(&self, block: &usize, field: &str) -> String {
        format!("block-{block}-{field}")
    }

    fn of_button(&self, block: &usize, nth: &usize, field: &str) -> String {
        format!("block-{block}-button-{nth}-{field}")
    }

    /// What a new preview brings with it.
    fn swapped(&self) -> String {
        let rooms = self.rooms.keys().map(|name| format!(",#room-{name}"));
        format!("#heads{}", rooms.collect::<String>())
    }
}

/// With which template to begin; with an empty form, when none.
#[derive(Debug, serde::Deserialize)]
pub(in crate::console) struct Begun {
    from: Option<TemplateId>,
}

/// `GET /broadcasts/new`.
pub(in crate::console) async fn new(
    visitor: Visitor,
    desk: Data<Desk>,
    begun: Query<Begun>,
) -> Result<HttpResponse, Refusal> {
    if let Some(id) = begun.from {
        let kept = templates::find(&visitor, &desk, id).await?;
        let written = Written {
            house: value(kept.house),
            ..Written::of(&kept.manuscript, 0)
        };
        return Sheet::new(None, written).page(&visitor, &desk).await;
    }
    let mut written = Written {
        audience: Segment::Everyone.to_string(),
        ..Written::default()
    };
    written.arrange("add-text");
    Sheet::new(None, written).page(&visitor, &desk).await
}

/// `POST /broadcasts/new`: arranges the form, or keeps a draft.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let deed = sent.deed();
    let mut sheet = Sheet::new(None, Written::read(&sent));
    if !keeps(deed) {
        sheet.arrange(&desk, &sent).await?;
        return sheet.page(&visitor, &desk).await;
    }
    let directory = area::directory(&desk.db).await?;
    let (manuscript, _) = sheet.read(&visitor, &desk, &directory).await?;
    let house = chosen(&visitor, &sheet.written.house);
    if house.is_none() {
        sheet.errors.add("house", "起案する課を選んでください。");
    }
    let (Some(house), true) = (house, sheet.errors.is_empty()) else {
        return sheet.page(&visitor, &desk).await;
    };
    let profile = desk.rules.at(visitor.now).await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    match broadcast::draft(&tx, now, by, &profile, house, &manuscript).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(kept(id, deed))
        }
        Err(BroadcastError::NoRoute) => {
            // Drawing the page takes a connection of its own.
            drop(tx);
            let none = "この分類の配信は、この課からは起案できません（運用ポリシーに決裁の道がありません）。";
            sheet.errors.add("category", none);
            sheet.page(&visitor, &desk).await
        }
        Err(error) => refused(error, PATH),
    }
}

/// `GET /broadcasts/{id}/edit`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find(&visitor, &desk, *id).await?;
    if !broadcast::may_write(&visitor.signed, broadcast.head.house) {
        return Ok(redirect(&format!("{PATH}/{id}"), None));
    }
    let written = Written::of(&broadcast.manuscript, broadcast.head.revision);
    Sheet::new(Some(broadcast), written)
        .page(&visitor, &desk)
        .await
}

/// `POST /broadcasts/{id}/edit`.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<BroadcastId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = find(&visitor, &desk, *id).await?;
    let deed = sent.deed();
    let newest = broadcast.head.revision;
    let mut sheet = Sheet::new(Some(broadcast), Written::read(&sent));
    if !keeps(deed) {
        sheet.arrange(&desk, &sent).await?;
        return sheet.page(&visitor, &desk).await;
    }
    let directory = area::directory(&desk.db).await?;
    let (manuscript, _) = sheet.read(&visitor, &desk, &directory).await?;
    if !sheet.errors.is_empty() {
        return sheet.page(&visitor, &desk).await;
    }
    let tx = desk.db.begin().await?;
    let (now, read) = (visitor.now, sheet.written.revision);
    match broadcast::edit(&tx, now, &visitor.signed, *id, read, &manuscript).await {
        Ok(_) => {
            tx.commit().await?;
            Ok(kept(*id, deed))
        }
        Err(BroadcastError::Changed) => {
            drop(tx);
            // Whoever saves again has been told.
            sheet.written.revision = newest;
            sheet.theirs = true;
            sheet.page(&visitor, &desk).await
        }
        Err(error) => refused(error, &format!("{PATH}/{id}")),
    }
}

/// Which broadcast is being written on; none while it is new.
#[derive(Debug, serde::Deserialize)]
pub(in crate::console) struct Of {
    of: Option<BroadcastId>,
}

/// `POST /broadcasts/preview`: how it would look, and whom it would reach.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    of: Query<Of>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let broadcast = match of.of {
        Some(id) => Some(find(&visitor, &desk, id).await?),
        None => None,
    };
    Sheet::new(broadcast, Written::read(&sent))
        .page(&visitor, &desk)
        .await
}

fn keeps(deed: &str) -> bool {
    matches!(deed, "save" | "check")
}

fn kept(id: BroadcastId, deed: &str) -> HttpResponse {
    match deed {
        "check" => redirect(&format!("{PATH}/{id}/check"), None),
        _ => redirect(
            &format!("{PATH}/{id}"),
            Flash::done("下書きを保存しました。"),
        ),
    }
}

/// The house that was chosen, or the only one there is.
fn chosen(visitor: &Visitor, written: &str) -> Option<House> {
    let houses = broadcast::houses(&visitor.signed);
    match houses.as_slice() {
        [(only, _)] => Some(*only),
        several => {
            let found = several.iter().find(|(house, _)| value(*house) == written);
            found.map(|(house, _)| *house)
        }
    }
}

/// What stands for a house in a form.
pub(super) fn value(house: House) -> String {
    match house {
        House::Section(id) => id.to_string(),
        House::Organisation(id) => id.to_string(),
    }
}

/// The form with what is on it.
struct Sheet {
    broadcast: Option<Broadcast>,
    written: Written,
    errors: Errors,
    theirs: bool,
}

impl Sheet {
    fn new(broadcast: Option<Broadcast>, written: Written) -> Self {
        Self {
            broadcast,
            written,
            errors: Errors::default(),
            theirs: false,
        }
    }

    /// Does what a button between the fields asks for.
    async fn arrange(&mut self, desk: &Desk, sent: &Sent) -> Result<(), Refusal> {
        match sent.deed() {
            "pick" => self.written.audience = picked(sent).to_string(),
            "named" => {
                let kept = segments::in_use(desk, sent.one("pick-named")).await?;
                match kept {
                    Some(kept) => self.written.audience = kept.segment.to_string(),
                    None => self
                        .errors
                        .add("audience", "配信対象の名前を選んでください。"),
                }
            }
            deed => self.written.arrange(deed),
        }
        Ok(())
    }

    /// Reads what is written, and whom it reaches; notes what cannot be read.
    async fn read(
        &mut self,
        visitor: &Visitor,
        desk: &Desk,
        directory: &Directory,
    ) -> Result<(Manuscript, Option<Heads>), Refusal> {
        let corrects = self.broadcast.as_ref().and_then(|b| b.head.corrects);
        let (audience, heads) = match corrects {
            Some(wrong) => (Audience::Corrected(wrong), None),
            None => {
                let profile = desk.rules.at(visitor.now).await?;
                let (category, text) = (&self.written.category, &self.written.audience);
                let category = Some(category.as_str());
                let read = heads(desk, visitor.now, &profile, directory, category, text).await?;
                let heads = read
                    .map_err(|fault| self.errors.add("audience", fault))
                    .ok();
                let parsed = segment::parse(&self.written.audience);
                (
                    Audience::Segment(parsed.unwrap_or(Segment::Everyone)),
                    heads,
                )
            }
        };
        Ok((self.written.manuscript(audience, &mut self.errors), heads))
    }

    async fn page(self, visitor: &Visitor, desk: &Desk) -> Result<HttpResponse, Refusal> {
        let status = match (self.theirs, self.errors.is_empty()) {
            (true, _) => StatusCode::CONFLICT,
            (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (false, true) => StatusCode::OK,
        };
        let page = self.draw(visitor, desk).await?;
        Ok(Page(page).with(HttpResponseBuilder::new(status)))
    }

    async fn draw(mut self, visitor: &Visitor, desk: &Desk) -> Result<Edit, Refusal> {
        let profile = desk.rules.at(visitor.now).await?;
        let head = self.broadcast.as_ref().map(|broadcast| &broadcast.head);
        let back = head.map_or_else(|| PATH.to_owned(), |head| format!("{PATH}/{}", head.id));
        let (action, shows) = match head {
            Some(head) => (
                format!("{back}/edit"),
                format!("{PATH}/preview?of={}", head.id),
            ),
            None => (format!("{PATH}/new"), format!("{PATH}/preview")),
        };
        let frame = match head {
            Some(head) => visitor
                .frame("原稿を書く")
                .under(PATH, TITLE)
                .under(back.clone(), head.title.clone()),
            None => visitor.frame("新しい配信").under(PATH, TITLE),
        };
        let errors = std::mem::take(&mut self.errors);
        let directory = area::directory(&desk.db).await?;
        let (manuscript, heads) = self.read(visitor, desk, &directory).await?;
        let wrong = match manuscript.corrects() {
            Some(wrong) => Some(find(visitor, desk, wrong).await?.head),
            None => None,
        };
        let pictures = pictures(desk, &manuscript).await?;
        let setting = Setting {
            profile: &profile,
            pictures: &pictures,
            public_url: &desk.public_url,
            corrected: wrong.as_ref().and_then(|wrong| wrong.released_at),
            test: None,
        };
        let at = manuscript.timing.send_at.unwrap_or(visitor.now);
        let day = date_in_japan(at);
        let messages = manuscript.messages(setting).ok();
        let account = &profile.operator.account_name;
        let preview = messages.map(|sent| Preview::new(account, sent.as_slice(), &times::hour(at)));
        let rooms = rooms(&manuscript, setting).into_iter();
        let rooms = rooms.map(|room| (name(room.field), room));
        let roster = people::roster(&desk.db).await?;
        let houses = match &self.broadcast {
            Some(_) => Vec::new(),
            None => broadcast::houses(&visitor.signed),
        };
        let house =
            |(house, _): &(House, _)| Choice::new(value(*house), words::house(&roster, *house));
        let picture = |media: &Media| {
            let name = &media.entitled.name;
            let label = match media.usable_on(day) {
                Ok(()) => name.clone(),
                Err(Expired(last)) => format!("{name}（期限切れ：{}まで）", frame.date(&last)),
            };
            Choice::new(media.id.to_string(), label)
        };
        Ok(Edit {
            action,
            shows,
            back,
            errors,
            theirs: self.theirs,
            houses: match houses.len() {
                0 | 1 => Vec::new(),
                _ => houses.iter().map(house).collect(),
            },
            categories: categories(&profile, &manuscript.category),
            pictures: pictures.values().rev().map(picture).collect(),
            open_data_tag: profile.open_data.as_ref().map(|open| open.tag.clone()),
            corrects: wrong.map(|wrong| wrong.title),
            picks: Picks::of(&profile, &directory),
            named: segments::named(desk).await?,
            heads,
            sounds: profile.sounds_at(&manuscript.category, at),
            preview,
            rooms: rooms.collect(),
            written: self.written,
            frame,
        })
    }
}

/// The pictures that can be chosen: the newest, and those of the manuscript, however old.
async fn pictures(
    desk: &Desk,
    manuscript: &Manuscript,
) -> Result<BTreeMap<MediaId, Media>, Refusal> {
    let mut found = media::newest(&desk.db, None, PICTURES).await?;
    let own: Vec<MediaId> = manuscript.pictures().into_iter().collect();
    found.extend(media::find_all(&desk.db, &own).await?);
    Ok(found.into_iter().map(|media| (media.id, media)).collect())
}

/// What is sent in an emergency begins with its template: only what did stays in that category.
fn categories(profile: &Profile, chosen: &str) -> Vec<Choice> {
    let offered = profile
        .categories
        .iter()
        .filter(|c| c.enabled && (!c.emergency || c.id == chosen));
    offered
        .map(|category| Choice::new(category.id.clone(), category.name.clone()))
        .collect()
}

/// The form's name of a field.
fn name(field: Field) -> String {
    match field {
        Field::Title => "title".to_owned(),
        Field::Text(at) => format!("block-{at}-text"),
        Field::Shows(at) => format!("block-{at}-shows"),
        Field::CardTitle(at) => format!("block-{at}-title"),
        Field::Label(at, nth) => format!("block-{at}-button-{nth}-label"),
        Field::Target(at, nth) => format!("block-{at}-button-{nth}-target"),
    }
}
