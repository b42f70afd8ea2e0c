//! Beginning an emergency: the few fields of its template, to whom. Writing on it again is the same form.

use actix_web::http::StatusCode;
use actix_web::web::{Data, Form, Path};
use actix_web::{HttpResponse, HttpResponseBuilder};

use super::fields::{self, Blank, District, Takes};
use super::{
    PATH, TITLE, by_day, choices, find, houses, path, refused, terms, words, writes_for_none,
};
use crate::area::{self, Directory};
use crate::console::pages::broadcasts::Sent;
use crate::console::{Desk, Visitor};
use crate::emergency::moves::Act;
use crate::emergency::template::{Filled, Finding, Library, Template};
use crate::emergency::{self, Audience, Besides, Emergency, EmergencyError, Terms, Written};
use crate::ids::{EmergencyId, SectionId};
use crate::resident::counts::Told;
use crate::segment::{self, Selection};
use crate::shelter;
use crate::web::{Choice, Flash, Frame, Page, Preview, Refusal, redirect, times};

#[derive(askama::Template)]
#[template(path = "emergencies/edit.html")]
pub(in crate::console) struct Edit {
    frame: Frame,
    action: String,
    back: String,
    code: String,
    of: String,
    version: i32,
    blanks: Vec<Blank>,
    /// The town's shelters, where a place is asked for.
    places: Vec<String>,
    /// Sections to choose from, where there are several.
    houses: Vec<Choice>,
    house: String,
    /// A correction goes to whom the mistake reached.
    same: Option<String>,
    chosen: &'static str,
    town: String,
    districts: Vec<District>,
    besides: Besides,
    /// What the ticks say; nothing, where there is nothing to tick.
    menu: Option<&'static str>,
    orders: Option<&'static str>,
    heads: Option<(String, Told)>,
    preview: Option<Preview>,
    /// What is wrong.
    faults: Vec<(String, String)>,
    /// Somebody else has written meanwhile.
    theirs: bool,
    /// In working hours the same words go the ordinary way, where PR checks and sends.
    by_day: bool,
}

/// `GET /emergencies/new/{code}`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    code: Path<String>,
) -> Result<HttpResponse, Refusal> {
    if houses(&visitor).is_empty() {
        return Ok(writes_for_none());
    }
    let library = desk.templates.in_force().await?;
    let sheet = Sheet::new(&library, &code)?;
    sheet.page(&visitor, &desk, None).await
}

/// `POST /emergencies/new/{code}`: keeps a draft.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    code: Path<String>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    if houses(&visitor).is_empty() {
        return Ok(writes_for_none());
    }
    let library = desk.templates.in_force().await?;
    let mut sheet = Sheet::new(&library, &code)?;
    let directory = area::directory(&desk.db).await?;
    sheet.read(&sent, &directory);
    let house = chosen(&visitor, &sheet.house);
    if house.is_none() {
        sheet.fault("house", "どの課の緊急配信か、選んでください。");
    }
    let audience = sheet.audience.clone().filter(|_| sheet.faults.is_empty());
    let (Some(house), Some(audience)) = (house, audience) else {
        return sheet.page(&visitor, &desk, Some(directory)).await;
    };
    let written = sheet.written(audience);
    let profile = desk.rules.at(visitor.now).await?;
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    match emergency::draft(&tx, now, terms(&library, &profile), by, house, &written).await {
        Ok(id) => {
            tx.commit().await?;
            Ok(redirect(
                &path(id),
                Flash::done("下書きを保存しました。まだ配信していません。"),
            ))
        }
        Err(error) => refused(error, &format!("{PATH}/new")),
    }
}

/// `GET /emergencies/{id}/edit`.
pub(in crate::console) async fn again(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
) -> Result<HttpResponse, Refusal> {
    let emergency = find(&visitor, &desk, *id).await?;
    let state = emergency.head.state_at(visitor.now);
    if state.after(Act::Edit).is_none() {
        let act = Act::Edit;
        return refused(EmergencyError::Refused { state, act }, &path(*id));
    }
    let library = desk.templates.in_force().await?;
    Sheet::of(&library, emergency)?
        .page(&visitor, &desk, None)
        .await
}

/// `POST /emergencies/{id}/edit`.
pub(in crate::console) async fn change(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let emergency = find(&visitor, &desk, *id).await?;
    let newest = emergency.head.version;
    let library = desk.templates.in_force().await?;
    let mut sheet = Sheet::of(&library, emergency)?;
    let directory = area::directory(&desk.db).await?;
    sheet.read(&sent, &directory);
    let audience = sheet.audience.clone().filter(|_| sheet.faults.is_empty());
    let Some(audience) = audience else {
        return sheet.page(&visitor, &desk, Some(directory)).await;
    };
    let written = sheet.written(audience);
    let profile = desk.rules.at(visitor.now).await?;
    let terms = terms(&library, &profile);
    let tx = desk.db.begin().await?;
    let (now, by, read) = (visitor.now, &visitor.signed, sheet.version);
    match emergency::edit(&tx, now, terms, by, *id, read, &written).await {
        Ok(_) => {
            tx.commit().await?;
            let done = "書きなおしました。前の協議と同意は無効です。";
            Ok(redirect(&path(*id), Flash::done(done)))
        }
        Err(EmergencyError::Changed) => {
            // Drawing the page takes a connection of its own.
            drop(tx);
            // Whoever saves again has been told.
            sheet.version = newest;
            sheet.theirs = true;
            sheet.page(&visitor, &desk, Some(directory)).await
        }
        Err(error) => refused(error, &path(*id)),
    }
}

/// `POST /emergencies/preview`: how it would look, and whom it would reach.
pub(in crate::console) async fn preview(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let library = desk.templates.in_force().await?;
    let mut sheet = Sheet::sent(&visitor, &desk, &library, &sent).await?;
    let directory = area::directory(&desk.db).await?;
    sheet.read(&sent, &directory);
    sheet.faults.clear();
    sheet.page(&visitor, &desk, Some(directory)).await
}

/// The section that was chosen, or the only one there is.
pub(super) fn chosen(visitor: &Visitor, house: &str) -> Option<SectionId> {
    match houses(visitor).as_slice() {
        [(only, _)] => Some(*only),
        several => {
            let found = several.iter().find(|(id, _)| id.to_string() == house);
            found.map(|(id, _)| *id)
        }
    }
}

/// The form with what is on it.
pub(super) struct Sheet {
    pub(super) template: Template,
    /// What is being written on; none while it is new.
    emergency: Option<Emergency>,
    filled: Filled,
    pub(super) audience: Option<Audience>,
    /// Areas were chosen, even if none was ticked.
    areas: bool,
    besides: Besides,
    version: i32,
    pub(super) house: String,
    pub(super) faults: Vec<(String, String)>,
    theirs: bool,
}

impl Sheet {
    fn new(library: &Library, code: &str) -> Result<Self, Refusal> {
        let template = library.find(code).ok_or(Refusal::NotFound)?;
        Ok(Self {
            besides: Besides::usual(template),
            template: template.clone(),
            emergency: None,
            filled: Filled::default(),
            audience: None,
            areas: false,
            version: 0,
            house: String::new(),
            faults: Vec::new(),
            theirs: false,
        })
    }

    /// The one that a form was sent from.
    pub(super) async fn sent(
        visitor: &Visitor,
        desk: &Desk,
        library: &Library,
        sent: &Sent,
    ) -> Result<Self, Refusal> {
        match sent.one("of").parse() {
            Ok(id) => Self::of(library, find(visitor, desk, id).await?),
            Err(_) => Self::new(library, sent.one("code")),
        }
    }

    fn of(library: &Library, emergency: Emergency) -> Result<Self, Refusal> {
        let written = emergency.written.clone();
        Ok(Self {
            filled: written.filled,
            areas: !matches!(written.audience, Audience::WholeTown),
            audience: Some(written.audience),
            besides: written.besides,
            version: emergency.head.version,
            house: emergency.head.section.to_string(),
            emergency: Some(emergency),
            ..Self::new(library, &written.template)?
        })
    }

    pub(super) fn fault(&mut self, field: &str, text: &str) {
        self.faults.push((field.to_owned(), text.to_owned()));
    }

    /// Takes what the form sent.
    pub(super) fn read(&mut self, sent: &Sent, directory: &Directory) {
        self.filled = fields::filled(&self.template, sent);
        self.besides = fields::besides(sent);
        self.house = sent.one("house").to_owned();
        self.version = sent.one("version").parse().unwrap_or(self.version);
        if self.corrected().is_some() {
            return;
        }
        self.areas = sent.one("reach") == "areas";
        self.audience = match fields::audience(sent, directory) {
            Some(Ok(audience)) => Some(audience),
            Some(Err(_)) => {
                self.fault("areas", "地区か町を、1つ以上選んでください。");
                None
            }
            None => {
                self.fault("audience", "だれに届けるかを選んでください。");
                None
            }
        };
    }

    /// To whom a correction goes.
    pub(super) fn corrected(&self) -> Option<&Audience> {
        let emergency = self.emergency.as_ref()?;
        emergency.head.corrects?;
        Some(&emergency.written.audience)
    }

    pub(super) fn written(&self, audience: Audience) -> Written {
        Written {
            template: self.template.code.clone(),
            filled: self.filled.clone(),
            audience,
            besides: self.besides,
        }
    }

    pub(super) async fn page(
        self,
        visitor: &Visitor,
        desk: &Desk,
        directory: Option<Directory>,
    ) -> Result<HttpResponse, Refusal> {
        let status = match (self.theirs, self.faults.is_empty()) {
            (true, _) => StatusCode::CONFLICT,
            (false, false) => StatusCode::UNPROCESSABLE_ENTITY,
            (false, true) => StatusCode::OK,
        };
        let directory = match directory {
            Some(directory) => directory,
            None => area::directory(&desk.db).await?,
        };
        let profile = desk.rules.at(visitor.now).await?;
        let library = desk.templates.in_force().await?;
        let terms = terms(&library, &profile);
        let page = self.draw(visitor, desk, terms, &directory).await?;
        Ok(Page(page).with(HttpResponseBuilder::new(status)))
    }

    async fn draw(
        self,
        visitor: &Visitor,
        desk: &Desk,
        terms: Terms<'_>,
        directory: &Directory,
    ) -> Result<Edit, Refusal> {
        let profile = terms.profile;
        let (preview, found) = self.composed(visitor, desk, terms);
        // An empty form need not be told that it is empty.
        let begun = self.emergency.is_some() || !self.filled.0.is_empty();
        let found = if begun { found } else { Vec::new() };
        let heads = match &self.audience {
            Some(audience) => {
                let people = people(desk, audience).await?;
                people.map(|people| (words::audience(profile, audience), people))
            }
            None => None,
        };
        let name = self.template.name.clone();
        let (frame, action, back) = match &self.emergency {
            Some(emergency) => {
                let back = path(emergency.head.id);
                let frame = visitor.frame(name).under(PATH, TITLE);
                (
                    frame.under(back.clone(), "この緊急配信"),
                    format!("{back}/edit"),
                    back,
                )
            }
            None => {
                let back = format!("{PATH}/new");
                let frame = visitor.frame(name).under(PATH, TITLE);
                let frame = frame.under(back.clone(), "何を知らせますか");
                (frame, format!("{back}/{}", self.template.code), back)
            }
        };
        let ends = self.template.ends_danger();
        let by_day = self.corrected().is_none() && by_day::is_open(visitor, profile);
        let shelters = match fields::asks_for_place(&self.template) {
            true => shelter::all(&desk.db).await?,
            false => Vec::new(),
        };
        let places = shelters.into_iter().map(|shelter| shelter.name).collect();
        let houses = houses(visitor);
        Ok(Edit {
            blanks: fields::blanks(&self.template, &self.filled, &found),
            places,
            houses: match (&self.emergency, houses.len()) {
                (None, 2..) => choices(&houses),
                _ => Vec::new(),
            },
            same: self
                .corrected()
                .map(|audience| words::corrected(profile, audience)),
            chosen: match &self.audience {
                _ if self.areas => "areas",
                Some(_) => "town",
                None => "",
            },
            town: profile.operator.municipality.clone(),
            districts: fields::districts(directory, self.audience.as_ref()),
            menu: Some(match ends {
                true => "リッチメニューを平常に戻す",
                false => "リッチメニューを災害用に替える",
            }),
            orders: self.template.changes_orders().then_some(match ends {
                true => "避難情報の記録を解除にする",
                false => "避難情報の記録に、発令中と残す",
            }),
            of: self
                .emergency
                .as_ref()
                .map(|emergency| emergency.head.id.to_string())
                .unwrap_or_default(),
            code: self.template.code,
            version: self.version,
            house: self.house,
            besides: self.besides,
            faults: self.faults,
            theirs: self.theirs,
            heads,
            preview,
            by_day,
            frame,
            action,
            back,
        })
    }

    /// How it would look now, or what is to be put right first.
    fn composed(
        &self,
        visitor: &Visitor,
        desk: &Desk,
        terms: Terms<'_>,
    ) -> (Option<Preview>, Vec<Finding>) {
        // The words come first; whom they are for may be chosen later.
        let audience = self.audience.clone().unwrap_or(Audience::WholeTown);
        let written = self.written(audience);
        let now = visitor.now;
        match emergency::composed(now, terms, desk.mode, &written) {
            Ok(messages) => {
                let account = &terms.profile.operator.account_name;
                let preview = Preview::new(account, messages.as_slice(), &times::hour(now));
                (Some(preview), Vec::new())
            }
            Err(EmergencyError::Findings(found)) => (None, found),
            Err(_) => (None, Vec::new()),
        }
    }
}

/// How many they are now; nobody counts whom a mistake has reached.
async fn people(desk: &Desk, audience: &Audience) -> Result<Option<Told>, Refusal> {
    let selection = match audience {
        Audience::WholeTown => Selection::everyone(),
        Audience::Areas(places) => Selection::everyone().living_in(&places.ids()),
        Audience::SameAs { .. } => return Ok(None),
    };
    let people = segment::count(&desk.db, &selection).await?;
    Ok(Some(Told::of(people)))
}
