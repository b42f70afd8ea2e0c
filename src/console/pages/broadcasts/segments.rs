//! Segments kept under a name: whom broadcasts often go to, for everybody who drafts.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use super::audience::{Heads, heads};
use super::form::Sent;
use super::pick::{Picks, picked};
use super::words;
use crate::approval::House;
use crate::area;
use crate::broadcast;
use crate::console::words::held_by;
use crate::console::{Desk, Visitor};
use crate::ids::{SectionId, SegmentId};
use crate::policy::Profile;
use crate::segment::{self, Draft, KeepError, Kept, NAME_MAX, Segment, Use};
use crate::staff::Right;
use crate::staff::people;
use crate::web::{Choice, Confirm, Errors, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/segments";
const TITLE: &str = "配信対象";

/// A segment in the list.
struct Row {
    id: SegmentId,
    name: String,
    says: String,
    limit: &'static str,
    whose: String,
    /// Whoever reads may change it.
    mine: bool,
}

#[derive(Template)]
#[template(path = "segments/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    rows: Vec<Row>,
    makes: bool,
}

/// `GET /segments`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let kept = segment::list(&desk.db).await?;
    let row = |kept: Kept| Row {
        mine: may_change(&visitor, &kept),
        says: segment::words::explain(&profile, &kept.segment),
        limit: limit(&profile, &kept.segment),
        whose: kept.section.map_or_else(
            || "システム管理者".to_owned(),
            |section| words::house(&roster, House::Section(section)),
        ),
        id: kept.id,
        name: kept.name,
    };
    Ok(Page(List {
        frame: visitor.frame(TITLE).under(super::PATH, super::TITLE),
        rows: kept.into_iter().map(row).collect(),
        makes: own_section(&visitor).is_some(),
    }))
}

#[derive(Template)]
#[template(path = "segments/edit.html")]
pub(in crate::console) struct Edit {
    frame: Frame,
    action: String,
    errors: Errors,
    called: String,
    audience: String,
    picks: Picks,
    heads: Option<Heads>,
    limit: &'static str,
    /// Which, unless it is new.
    id: Option<SegmentId>,
}

impl Edit {
    /// What is ticked when the form opens.
    fn nobody(&self) -> Vec<String> {
        Vec::new()
    }
}

/// What the form says, and what is wrong with it.
#[derive(Default)]
struct Sheet {
    id: Option<SegmentId>,
    name: String,
    audience: String,
    errors: Errors,
}

impl Sheet {
    fn read(id: Option<SegmentId>, sent: &Sent) -> Self {
        Self {
            id,
            name: sent.one("name").to_owned(),
            audience: match sent.deed() {
                "pick" => picked(sent).to_string(),
                _ => sent.one("audience").to_owned(),
            },
            errors: Errors::default(),
        }
    }

    async fn page(mut self, visitor: &Visitor, desk: &Desk) -> Result<HttpResponse, Refusal> {
        let status = match self.errors.is_empty() {
            true => StatusCode::OK,
            false => StatusCode::UNPROCESSABLE_ENTITY,
        };
        let profile = desk.rules.at(visitor.now).await?;
        let directory = area::directory(&desk.db).await?;
        let text = self.audience.as_str();
        let read = heads(desk, visitor.now, &profile, &directory, None, text).await?;
        let heads = match read {
            Ok(heads) => Some(heads),
            Err(fault) => {
                if !text.is_empty() && self.errors.of("audience").is_empty() {
                    self.errors.add("audience", fault);
                }
                None
            }
        };
        let parsed = segment::parse(&self.audience).ok();
        let (title, action) = match self.id {
            Some(id) => ("配信対象を直す", format!("{PATH}/{id}")),
            None => ("配信対象に名前をつける", format!("{PATH}/new")),
        };
        let page = Edit {
            frame: visitor
                .frame(title)
                .under(super::PATH, super::TITLE)
                .under(PATH, TITLE),
            action,
            errors: self.errors,
            called: self.name,
            audience: self.audience,
            picks: Picks::of(&profile, &directory),
            heads,
            limit: parsed.map_or("", |segment| limit(&profile, &segment)),
            id: self.id,
        };
        Ok(Page(page).with(HttpResponseBuilder::new(status)))
    }

    /// What is to be kept; notes what cannot be.
    async fn segment(
        &mut self,
        visitor: &Visitor,
        desk: &Desk,
    ) -> Result<Option<Segment>, Refusal> {
        let profile = desk.rules.at(visitor.now).await?;
        let directory = area::directory(&desk.db).await?;
        let text = self.audience.as_str();
        let read = heads(desk, visitor.now, &profile, &directory, None, text).await?;
        if let Err(fault) = read {
            self.errors.add("audience", fault);
            return Ok(None);
        }
        Ok(segment::parse(&self.audience).ok())
    }

    fn note(&mut self, error: KeepError) -> Result<(), Refusal> {
        match error {
            KeepError::Name => {
                let name = format!("名前を1文字から{NAME_MAX}文字までで入力してください。");
                self.errors.add("name", name);
            }
            KeepError::Taken(_) => {
                let taken = "同じ名前の配信対象があります。別の名前にしてください。";
                self.errors.add("name", taken);
            }
            KeepError::Gone => return Err(Refusal::NotFound),
            KeepError::Database(error) => return Err(error.into()),
        }
        Ok(())
    }
}

/// `GET /segments/new`.
pub(in crate::console) async fn new(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<HttpResponse, Refusal> {
    makes(&visitor)?;
    let sheet = Sheet {
        audience: Segment::Everyone.to_string(),
        ..Sheet::default()
    };
    sheet.page(&visitor, &desk).await
}

/// `POST /segments/new`: shows what was picked, or keeps it.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let section = makes(&visitor)?;
    let mut sheet = Sheet::read(None, &sent);
    if sent.deed() != "save" {
        return sheet.page(&visitor, &desk).await;
    }
    let Some(segment) = sheet.segment(&visitor, &desk).await? else {
        return sheet.page(&visitor, &desk).await;
    };
    let draft = Draft {
        name: sheet.name.clone(),
        segment,
        section: Some(section),
    };
    match segment::keep(&desk.db, visitor.now, visitor.signed.actor(), draft).await {
        Ok(_) => Ok(redirect(PATH, Flash::done("配信対象に名前をつけました。"))),
        Err(error) => {
            sheet.note(error)?;
            sheet.page(&visitor, &desk).await
        }
    }
}

/// `POST /segments/preview`: whom it would reach.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let mut page = Sheet::read(None, &sent).page(&visitor, &desk).await?;
    // What cannot be read yet is told beside it, not by the browser.
    *page.status_mut() = StatusCode::OK;
    Ok(page)
}

/// `GET /segments/{id}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SegmentId>,
) -> Result<HttpResponse, Refusal> {
    let kept = find(&visitor, &desk, *id).await?;
    let sheet = Sheet {
        id: Some(*id),
        name: kept.name,
        audience: kept.segment.to_string(),
        errors: Errors::default(),
    };
    sheet.page(&visitor, &desk).await
}

/// `POST /segments/{id}`: shows what was picked, or keeps it.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SegmentId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    find(&visitor, &desk, *id).await?;
    let mut sheet = Sheet::read(Some(*id), &sent);
    if sent.deed() != "save" {
        return sheet.page(&visitor, &desk).await;
    }
    let Some(segment) = sheet.segment(&visitor, &desk).await? else {
        return sheet.page(&visitor, &desk).await;
    };
    let (now, by) = (visitor.now, visitor.signed.actor());
    match segment::change(&desk.db, now, by, *id, &sheet.name, &segment).await {
        Ok(_) => Ok(redirect(PATH, Flash::done("配信対象を直しました。"))),
        Err(error) => {
            sheet.note(error)?;
            sheet.page(&visitor, &desk).await
        }
    }
}

/// `GET /segments/{id}/retire`: asks once more.
pub(in crate::console) async fn ask_to_retire(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SegmentId>,
) -> Result<Page<Confirm>, Refusal> {
    let kept = find(&visitor, &desk, *id).await?;
    let profile = desk.rules.at(visitor.now).await?;
    Ok(Page(Confirm {
        frame: visitor.frame("配信対象を外す").under(PATH, TITLE),
        question: "この配信対象を一覧から外しますか。".to_owned(),
        facts: vec![
            ("名前".to_owned(), kept.name),
            (
                "だれに".to_owned(),
                segment::words::explain(&profile, &kept.segment),
            ),
        ],
        outcome: vec![
            "これを使って書いた配信は、そのまま変わりません。新しい配信では選べなくなります。"
                .to_owned(),
        ],
        danger: true,
        deed: "外す".to_owned(),
        action: format!("{PATH}/{id}/retire"),
        fields: Vec::new(),
        back: format!("{PATH}/{id}"),
    }))
}

/// `POST /segments/{id}/retire`.
pub(in crate::console) async fn retire(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<SegmentId>,
) -> Result<HttpResponse, Refusal> {
    find(&visitor, &desk, *id).await?;
    match segment::retire(&desk.db, visitor.now, visitor.signed.actor(), *id).await {
        Ok(()) => Ok(redirect(PATH, Flash::done("一覧から外しました。"))),
        Err(KeepError::Database(error)) => Err(error.into()),
        Err(_) => Err(Refusal::NotFound),
    }
}

/// Those in use, to be chosen by name.
pub(super) async fn named(desk: &Desk) -> Result<Vec<Choice>, Refusal> {
    let kept = segment::list(&desk.db).await?.into_iter();
    Ok(kept
        .map(|kept| Choice::new(kept.id.to_string(), kept.name))
        .collect())
}

/// The one that was chosen, if it is in use.
pub(super) async fn in_use(desk: &Desk, chosen: &str) -> Result<Option<Kept>, Refusal> {
    let Ok(id) = chosen.parse() else {
        return Ok(None);
    };
    let kept = segment::find(&desk.db, id).await?;
    Ok(kept.filter(|kept| kept.retired_at.is_none()))
}

/// One in use that whoever reads may change.
async fn find(visitor: &Visitor, desk: &Desk, id: SegmentId) -> Result<Kept, Refusal> {
    let kept = segment::find(&desk.db, id).await?;
    let kept = kept.filter(|kept| kept.retired_at.is_none());
    let kept = kept.ok_or(Refusal::NotFound)?;
    match may_change(visitor, &kept) {
        true => Ok(kept),
        false => {
            visitor.was_refused("change a segment");
            Err(forbidden())
        }
    }
}

/// Everybody may use it; its section changes it, and the section that owns the account.
fn may_change(visitor: &Visitor, kept: &Kept) -> bool {
    match kept.section {
        Some(section) => broadcast::may_write(&visitor.signed, House::Section(section)),
        None => broadcast::may_resume(&visitor.signed),
    }
}

/// The section for which whoever reads keeps segments; a contractor's people use what there is.
fn own_section(visitor: &Visitor) -> Option<SectionId> {
    let houses = broadcast::houses(&visitor.signed).into_iter();
    houses.into_iter().find_map(|(house, _)| match house {
        House::Section(section) => Some(section),
        House::Organisation(_) => None,
    })
}

fn makes(visitor: &Visitor) -> Result<SectionId, Refusal> {
    own_section(visitor).ok_or_else(forbidden)
}

fn forbidden() -> Refusal {
    Refusal::Forbidden {
        needs: held_by(Right::NameSegments).to_owned(),
    }
}

/// For which broadcasts it can be used: residents told some things for one purpose only.
fn limit(profile: &Profile, segment: &Segment) -> &'static str {
    let serves = |purpose| segment::check(profile, segment, purpose).is_ok();
    match (
        serves(Use::News),
        serves(Use::Childcare),
        serves(Use::Garbage),
    ) {
        (true, ..) => "どの分類の配信でも使えます。",
        (false, true, _) => "妊娠・子育ての配信だけで使えます。",
        (false, false, true) => "ごみの配信だけで使えます。",
        (false, false, false) => "使える配信がありません。条件を減らしてください。",
    }
}
