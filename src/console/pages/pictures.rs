//! Pictures and what shows that they may be used.

use actix_multipart::Multipart;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Form, Path, Query, block};
use actix_web::{Either, HttpResponse};
use askama::Template;
use chrono::NaiveDate;
use serde::Deserialize;

use crate::clock::date_in_japan;
use crate::console::form_data::FormData;
use crate::console::pages::broadcasts::Sent;
use crate::console::{Desk, Visitor};
use crate::ids::MediaId;
use crate::media::{self, Entitled, Media, NotKept, Picture, Rights, phrases};
use crate::policy::{ImageProof, Images, Profile};
use crate::staff::{Right, people};
use crate::web::{Errors, Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/pictures";
const TITLE: &str = "画像";
/// Pictures on a page.
const MOST: u64 = 30;

/// Which page.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Asked {
    before: Option<MediaId>,
}

#[derive(Template)]
#[template(path = "pictures/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    today: NaiveDate,
    pictures: Vec<Media>,
    older: Option<MediaId>,
}

/// `GET /pictures`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    asked: Query<Asked>,
) -> Result<Page<List>, Refusal> {
    let pictures = media::newest(&desk.db, asked.before, MOST).await?;
    let full = u64::try_from(pictures.len()).is_ok_and(|shown| shown == MOST);
    Ok(Page(List {
        frame: visitor.frame(TITLE),
        today: date_in_japan(visitor.now),
        older: pictures.last().filter(|_| full).map(|last| last.id),
        pictures,
    }))
}

/// What was said of a picture.
#[derive(Debug, Clone, Default)]
struct Said {
    name: String,
    relation: String,
    holder: String,
    evidence: String,
    checked_on: String,
    expires_on: String,
    open: bool,
}

/// The fields in which it is said.
struct Fields {
    errors: Errors,
    said: Said,
    images: Images,
    clause: Option<String>,
    open_data_tag: Option<String>,
}

#[derive(Template)]
#[template(path = "pictures/new.html")]
pub(in crate::console) struct New {
    frame: Frame,
    fields: Fields,
}

impl Fields {
    fn of(profile: &Profile, said: Said, errors: Errors) -> Self {
        let clause = profile.images.clause.as_ref();
        Self {
            errors,
            said,
            images: profile.images.clone(),
            clause: clause.map(|clause| profile.cite(clause)),
            open_data_tag: profile.open_data.as_ref().map(|open| open.tag.clone()),
        }
    }

    /// Whether the policy demands what is given in this field.
    fn asks(&self, name: &str) -> bool {
        let mut demanded = self.images.require.iter();
        demanded.any(|proof| field(*proof) == name)
    }
}

/// `GET /pictures/new`.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<New>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let said = Said {
        checked_on: date_in_japan(visitor.now).to_string(),
        ..Said::default()
    };
    Ok(Page(form(&visitor, &profile, said, Errors::default())))
}

fn form(visitor: &Visitor, profile: &Profile, said: Said, errors: Errors) -> New {
    New {
        frame: visitor.frame("画像を加える").under(PATH, TITLE),
        fields: Fields::of(profile, said, errors),
    }
}

/// `POST /pictures/new`.
pub(in crate::console) async fn add(
    visitor: Visitor,
    desk: Data<Desk>,
    parts: Multipart,
) -> Result<Either<Page<New>, HttpResponse>, Refusal> {
    let sent = FormData::read(parts).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let said = Said::of(|name| sent.field(name));
    let mut errors = Errors::default();
    let entitled = said.read(&visitor, &mut errors);
    let picture = match sent.file() {
        Some(file) => {
            let bytes = file.bytes.clone();
            let read = block(move || Picture::read(&bytes)).await?;
            read.map_err(|why| errors.add("file", phrases::not_a_picture(why)))
                .ok()
        }
        None => {
            errors.add("file", "画像のファイルを選んでください。");
            None
        }
    };
    if let (Some(picture), true) = (picture, errors.is_empty()) {
        let by = visitor.signed.actor();
        let tx = desk.db.begin().await?;
        let images = &profile.images;
        match media::keep(&tx, visitor.now, &by, images, &picture, &entitled).await {
            Ok(_) => {
                tx.commit().await?;
                let done = Flash::done("画像を加えました。配信の原稿で選べます。");
                return Ok(Either::Right(redirect(PATH, done)));
            }
            Err(why) => not_kept(why, &mut errors)?,
        }
    }
    Ok(Either::Left(Page(form(&visitor, &profile, said, errors))))
}

#[derive(Template)]
#[template(path = "pictures/show.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    today: NaiveDate,
    media: Media,
    checker: Option<String>,
    /// For whoever may say it anew.
    fields: Option<Fields>,
}

/// `GET /pictures/{id}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<MediaId>,
) -> Result<Page<Shown>, Refusal> {
    let media = media::find(&desk.db, *id).await?.ok_or(Refusal::NotFound)?;
    let said = Said {
        // Whoever says it anew has checked it anew.
        checked_on: date_in_japan(visitor.now).to_string(),
        ..Said::before(&media.entitled)
    };
    page(&visitor, &desk, media, said, Errors::default())
        .await
        .map(Page)
}

async fn page(
    visitor: &Visitor,
    desk: &Desk,
    media: Media,
    said: Said,
    errors: Errors,
) -> Result<Shown, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let roster = people::roster(&desk.db).await?;
    let checker = media.entitled.rights.checker;
    let checker = checker.and_then(|id| roster.persons.get(&id));
    let writes = visitor.may(Right::Draft);
    Ok(Shown {
        frame: visitor
            .frame(media.entitled.name.clone())
            .under(PATH, TITLE),
        today: date_in_japan(visitor.now),
        checker: checker.map(|person| person.name.as_str().to_owned()),
        fields: writes.then(|| Fields::of(&profile, said, errors)),
        media,
    })
}

/// `POST /pictures/{id}`: says anew what shows that it may be used.
pub(in crate::console) async fn entitle(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<MediaId>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let media = media::find(&desk.db, *id).await?.ok_or(Refusal::NotFound)?;
    let said = Said::of(|name| sent.one(name));
    let mut errors = Errors::default();
    let entitled = said.read(&visitor, &mut errors);
    if errors.is_empty() {
        let (now, by) = (visitor.now, visitor.signed.actor());
        let profile = desk.rules.at(now).await?;
        let tx = desk.db.begin().await?;
        match media::entitle(&tx, now, &by, &profile.images, *id, &entitled).await {
            Ok(()) => {
                tx.commit().await?;
                let done = Flash::done("使ってよいことの記録を書き改めました。");
                return Ok(redirect(&format!("{PATH}/{id}"), done));
            }
            Err(why) => not_kept(why, &mut errors)?,
        }
    }
    let page = page(&visitor, &desk, media, said, errors).await?;
    Ok(Page(page).with(HttpResponse::UnprocessableEntity()))
}

/// Notes what is wrong with what was said.
fn not_kept(why: NotKept, errors: &mut Errors) -> Result<(), Refusal> {
    match why {
        NotKept::Lacking { lacking, .. } => {
            errors.add(field(lacking.0), phrases::lacking(lacking));
        }
        NotKept::Invalid(why) => errors.add(about(why), phrases::invalid(why)),
        NotKept::Gone => return Err(Refusal::NotFound),
        NotKept::Database(error) => return Err(error.into()),
    }
    Ok(())
}

/// `GET /pictures/{id}/picture`.
pub(in crate::console) async fn picture(
    desk: Data<Desk>,
    id: Path<MediaId>,
) -> Result<HttpResponse, Refusal> {
    let found = media::bytes(&desk.db, *id).await?;
    let (format, bytes) = found.ok_or(Refusal::NotFound)?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, format.media_type()))
        // The bytes of an id never change.
        .insert_header((CACHE_CONTROL, "private, max-age=86400, immutable"))
        .body(bytes))
}

impl Said {
    /// What was sent, field by field.
    fn of<'a>(sent: impl Fn(&'static str) -> &'a str) -> Self {
        let field = |name| sent(name).trim().to_owned();
        Self {
            name: field("name"),
            relation: field("relation"),
            holder: field("holder"),
            evidence: field("evidence"),
            checked_on: field("checked_on"),
            expires_on: field("expires_on"),
            open: !field("open").is_empty(),
        }
    }

    /// What was said before.
    fn before(entitled: &Entitled) -> Self {
        let words = |said: &Option<String>| said.clone().unwrap_or_default();
        let day = |on: Option<NaiveDate>| on.map(|on| on.to_string()).unwrap_or_default();
        let rights = &entitled.rights;
        Self {
            name: entitled.name.clone(),
            relation: words(&rights.relation),
            holder: words(&rights.holder),
            evidence: words(&rights.evidence),
            checked_on: day(rights.checked_on),
            expires_on: day(rights.expires_on),
            open: rights.open,
        }
    }

    fn read(&self, visitor: &Visitor, errors: &mut Errors) -> Entitled {
        let words = |text: &String| (!text.is_empty()).then(|| text.clone());
        let mut day = |field, text: &str| -> Option<NaiveDate> {
            let read = text.parse();
            if !text.is_empty() && read.is_err() {
                errors.add(field, "日付を 2026-12-01 の形で入れてください。");
            }
            read.ok()
        };
        let checked_on = day("checked_on", &self.checked_on);
        Entitled {
            name: self.name.clone(),
            rights: Rights {
                relation: words(&self.relation),
                holder: words(&self.holder),
                evidence: words(&self.evidence),
                checker: checked_on.map(|_| visitor.signed.person()),
                checked_on,
                expires_on: day("expires_on", &self.expires_on),
                open: self.open,
            },
        }
    }
}

/// The field in which a proof is given.
fn field(proof: ImageProof) -> &'static str {
    match proof {
        ImageProof::Relation => "relation",
        ImageProof::Holder => "holder",
        ImageProof::Evidence => "evidence",
        ImageProof::Checker | ImageProof::Date => "checked_on",
        ImageProof::Expiry => "expires_on",
    }
}

fn about(why: media::InvalidRights) -> &'static str {
    match why {
        media::InvalidRights::Name => "name",
        media::InvalidRights::Long => "evidence",
        media::InvalidRights::CheckedLater(_) => "checked_on",
        media::InvalidRights::Over(_) => "expires_on",
    }
}
