//! In working hours the same words go the ordinary way: a draft of the category for emergencies, which PR checks and
//! sends, and which goes ahead of everything else.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form};
use chrono::TimeDelta;

use super::new::{Sheet, chosen};
use super::{PATH, houses, terms, writes_for_none};
use crate::approval::House;
use crate::area::{self, Directory};
use crate::broadcast;
use crate::broadcast::content::{Audience as Whom, Block, Manuscript, Timing};
use crate::console::pages::broadcasts::{self, Sent};
use crate::console::{Desk, Visitor};
use crate::emergency::{self, Audience, EmergencyError, Places};
use crate::policy::Profile;
use crate::segment::{Fact, Segment};
use crate::staff::Right;
use crate::web::{Flash, Refusal, redirect};

/// For how long it is news at least: somebody has to check it first.
const LEAST: TimeDelta = TimeDelta::hours(3);

/// Whether the ordinary way is open, and the visitor drafts on it.
pub(super) fn is_open(visitor: &Visitor, profile: &Profile) -> bool {
    let in_hours = profile.working_hours.is_open(visitor.now);
    in_hours && !visitor.is_drill() && visitor.may(Right::Draft) && category(profile).is_some()
}

/// The category that goes ahead of others.
fn category(profile: &Profile) -> Option<&str> {
    let mut categories = profile.categories.iter();
    let found = categories.find(|category| category.emergency && category.enabled);
    found.map(|category| category.id.as_str())
}

/// `POST /emergencies/by-day`: the form of a template becomes the draft of a broadcast.
pub(in crate::console) async fn draft(
    visitor: Visitor,
    desk: Data<Desk>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    if houses(&visitor).is_empty() {
        return Ok(writes_for_none());
    }
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let mut sheet = Sheet::sent(&visitor, &desk, &library, &sent).await?;
    let open = is_open(&visitor, &profile) && sheet.corrected().is_none();
    let Some(category) = category(&profile).filter(|_| open) else {
        let shut = "いまは勤務時間の外か、訂正なので、ふつうの配信にはできません。緊急配信で知らせてください。";
        return Ok(redirect(PATH, Flash::failed(shut)));
    };
    let directory = area::directory(&desk.db).await?;
    sheet.read(&sent, &directory);
    let house = chosen(&visitor, &sheet.house);
    if house.is_none() {
        sheet.fault("house", "どの課の配信か、選んでください。");
    }
    let audience = sheet.audience.clone().filter(|_| sheet.faults.is_empty());
    let (Some(house), Some(audience)) = (house, audience) else {
        return sheet.page(&visitor, &desk, Some(directory)).await;
    };
    let terms = terms(&library, &profile);
    let written = sheet.written(audience);
    let tx = desk.db.begin().await?;
    if let Err(error) = emergency::announced(&tx, visitor.now, terms, &sheet.template).await {
        return super::refused(error, PATH);
    }
    drop(tx);
    let texts = match emergency::texts(visitor.now, terms, desk.mode, &written) {
        Ok(texts) => texts,
        Err(EmergencyError::Findings(found)) => {
            for finding in found {
                let field = finding.field.as_ref();
                let field = field.map_or("written".to_owned(), |(key, _)| format!("field-{key}"));
                sheet.faults.push((field, finding.to_string()));
            }
            return sheet.page(&visitor, &desk, Some(directory)).await;
        }
        Err(error) => return super::refused(error, PATH),
    };
    let minutes = TimeDelta::minutes(sheet.template.minutes.unwrap_or_default().into());
    let manuscript = Manuscript {
        title: sheet.template.name.clone(),
        category: category.to_owned(),
        blocks: texts.into_iter().map(|text| Block::Text { text }).collect(),
        open_data: false,
        audience: Whom::Segment(whom(&written.audience, &directory)),
        timing: Timing {
            send_at: None,
            valid_until: Some(visitor.now + minutes.max(LEAST)),
        },
    };
    let tx = desk.db.begin().await?;
    let (now, by, house) = (visitor.now, &visitor.signed, House::Section(house));
    let from = (sheet.template.code.as_str(), &manuscript);
    match broadcast::draft_from_template(&tx, now, by, &profile, house, from).await {
        Ok(id) => {
            tx.commit().await?;
            let done = "ふつうの配信の下書きを作りました。確認の問いに答えて、すぐ決裁に出し、広報課に電話してください。決裁が済むと、ほかの配信より先に送ります。";
            Ok(redirect(&format!("/broadcasts/{id}"), Flash::done(done)))
        }
        Err(error) => broadcasts::refused(error, PATH),
    }
}

/// The same people as a segment: whole districts by their name, other areas by theirs.
fn whom(audience: &Audience, directory: &Directory) -> Segment {
    match audience {
        Audience::WholeTown => Segment::Everyone,
        Audience::Areas(places) | Audience::SameAs { places, .. } => named(places, directory),
    }
}

fn named(places: &Places, directory: &Directory) -> Segment {
    let chosen = places.ids();
    let mut facts = Vec::new();
    for area in directory.areas().filter(|area| chosen.contains(&area.id)) {
        let district = area.district.as_deref();
        let whole = district.filter(|district| {
            let mut areas = directory.in_district(district).into_iter();
            areas.all(|area| chosen.contains(&area.id))
        });
        let fact = match whole {
            Some(district) => Fact::District(district.to_owned()),
            None => Fact::Area(area.label()),
        };
        if !facts.contains(&fact) {
            facts.push(fact);
        }
    }
    let any = facts.into_iter().map(Segment::Is).reduce(Segment::or);
    // An audience of areas is never empty; were it, nobody is called so.
    any.unwrap_or_else(|| Segment::Is(Fact::Area(String::new())))
}
