//! Official bulletins (気象庁の情報): what came in, what a draft would say, and what somebody decided.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path};
use askama::Template;
use chrono::NaiveDateTime;

use super::new::chosen;
use super::{
    PATH as ABOVE, TITLE as ABOVE_TITLE, choices, houses, refused, terms, writes_for_none,
};
use crate::clock::instant_in_japan;
use crate::console::pages::broadcasts::Sent;
use crate::console::pages::home::Alarm;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::emergency::Head;
use crate::emergency::bulletin::{self, Notice, Origin, Outcome};
use crate::emergency::template::{Draft, Kind, Library, Template as Wording};
use crate::jma::{InfoType, Status};
use crate::staff::Right;
use crate::staff::people::{self, Roster};
use crate::web::{Choice, Flash, Frame, Page, Refusal, redirect, times};

const PATH: &str = "/emergencies/bulletins";
/// Most of those of which nothing is told that are listed.
const OTHERS: usize = 50;

/// A bulletin, as it is listed.
struct Row {
    id: String,
    title: String,
    office: String,
    at: String,
    headline: String,
    /// 通常・訓練・試験, 訂正・取消, what overtook it.
    chips: Vec<(&'static str, &'static str)>,
    /// What a draft would be called and say.
    draft: Option<(String, Vec<(String, String)>)>,
    decided: Option<String>,
    /// The draft that was made of it, or of an earlier one about the same.
    made: Option<String>,
    before: Option<String>,
    open: bool,
    waits: bool,
    passes: bool,
}

#[derive(Template)]
#[template(path = "emergencies/bulletins.html")]
pub(in crate::console) struct List {
    frame: Frame,
    /// The policy says which areas are the municipality.
    reads: bool,
    town: String,
    /// Those of which something is told or was decided.
    rows: Vec<Row>,
    /// The newest of the others.
    others: Vec<Row>,
    writes: bool,
    houses: Vec<Choice>,
}

/// `GET /emergencies/bulletins`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let notices = bulletin::notices(&desk.db, visitor.now, terms(&library, &profile)).await?;
    let roster = people::roster(&desk.db).await?;
    let frame = visitor.frame("気象庁の情報").under(ABOVE, ABOVE_TITLE);
    let houses = houses(&visitor);
    let row = |notice: &Notice| row(&visitor, &frame, &roster, &library, notice);
    let rules = profile.emergency.as_ref();
    let (told, others): (Vec<Row>, Vec<Row>) = notices
        .iter()
        .map(row)
        .partition(|row| row.draft.is_some() || row.decided.is_some());
    Ok(Page(List {
        reads: rules.is_some_and(|rules| rules.jma.is_some()),
        town: profile.operator.municipality.clone(),
        rows: told,
        others: others.into_iter().take(OTHERS).collect(),
        writes: !houses.is_empty(),
        houses: match houses.len() {
            2.. => choices(&houses),
            _ => Vec::new(),
        },
        frame,
    }))
}

fn row(
    visitor: &Visitor,
    frame: &Frame,
    roster: &Roster,
    library: &Library,
    notice: &Notice,
) -> Row {
    let known = &notice.known;
    let bulletin = &known.bulletin;
    let mut chips = vec![match bulletin.status {
        Status::Actual => ("通常", "plain"),
        Status::Exercise => ("訓練の電文", "warning"),
        Status::Test => ("試験の電文", "warning"),
    }];
    match bulletin.info {
        InfoType::Issued => {}
        InfoType::Corrected => chips.push(("訂正", "info")),
        InfoType::Cancelled => chips.push(("取消", "error")),
    }
    if known.is_withdrawn {
        chips.push(("あとで取り消されました", "error"));
    } else if known.is_corrected {
        chips.push(("あとで訂正されました", "warning"));
    } else if known.is_followed {
        chips.push(("続報があります", "info"));
    }
    let draft = notice.draft.as_ref();
    let draft = draft.and_then(|draft| {
        let wording = library.find(&draft.code)?;
        Some((wording.name.clone(), says(frame, wording, draft)))
    });
    let mut made = None;
    let decided = notice.decided.as_ref().map(|decision| {
        let by = people_words::person(roster, decision.did.by);
        let at = frame.time(&decision.did.at);
        match &decision.outcome {
            Outcome::Drafted(id) => {
                made = Some(super::path(*id));
                format!("{by}さんが下書きにしました（{at}）。")
            }
            Outcome::PassedOver(reason) => {
                format!("{by}さんが見送りました（{at}）：{reason}")
            }
        }
    });
    Row {
        id: bulletin.id.clone(),
        title: bulletin.title.clone(),
        office: bulletin.office.clone(),
        at: frame.time(&bulletin.reported_at),
        headline: bulletin.headline.clone(),
        chips,
        draft,
        made,
        before: notice.before.map(super::path),
        open: notice.is_open(),
        waits: notice.waits(visitor.now),
        passes: notice.is_open() && decided.is_none(),
        decided,
    }
}

/// What a draft says, field by field.
fn says(frame: &Frame, wording: &Wording, draft: &Draft) -> Vec<(String, String)> {
    let moment = |typed: &str| {
        let read = NaiveDateTime::parse_from_str(typed, "%Y-%m-%d %H:%M").ok();
        read.map_or(typed.to_owned(), |at| frame.time(&instant_in_japan(at)))
    };
    let said = wording.fields.iter().filter_map(|field| {
        let typed = draft.filled.get(&field.key);
        let said = match (&field.kind, typed) {
            (_, None) if field.required => "（下書きで埋めます）".to_owned(),
            (_, None) => return None,
            (Kind::Choice(choices), Some(typed)) => {
                let mut chosen = choices.iter();
                let chosen = chosen.find(|choice| choice.key == typed);
                chosen.map_or(typed, |choice| &choice.name.ja).to_owned()
            }
            (Kind::Time, Some(typed)) => moment(typed),
            (_, Some(typed)) => typed.to_owned(),
        };
        Some((field.label.clone(), said))
    });
    said.collect()
}

/// `POST /emergencies/bulletins/{id}/draft`.
pub(in crate::console) async fn draft(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<String>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let Some(house) = chosen(&visitor, sent.one("house")) else {
        return Ok(for_no_section(&visitor));
    };
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let terms = terms(&library, &profile);
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    match bulletin::draft(&tx, now, terms, by, house, &id).await {
        Ok(id) => {
            tx.commit().await?;
            let done = "気象庁の情報から下書きを作りました。まだ配信していません。足りない欄を埋め、届ける相手を確かめてください。";
            Ok(redirect(
                &format!("{}/edit", super::path(id)),
                Flash::done(done),
            ))
        }
        Err(error) => refused(error, PATH),
    }
}

/// `POST /emergencies/bulletins/{id}/pass`.
pub(in crate::console) async fn pass_over(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<String>,
    Form(sent): Form<Sent>,
) -> Result<HttpResponse, Refusal> {
    let Some(house) = chosen(&visitor, sent.one("house")) else {
        return Ok(for_no_section(&visitor));
    };
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let terms = terms(&library, &profile);
    let tx = desk.db.begin().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let about = (id.as_str(), sent.one("reason"));
    match bulletin::pass_over(&tx, now, terms, by, house, about).await {
        Ok(()) => {
            tx.commit().await?;
            let done = "見送りました。あとから下書きにすることもできます。";
            Ok(redirect(PATH, Flash::done(done)))
        }
        Err(error) => refused(error, PATH),
    }
}

/// Back, for whoever said for no section that it is decided.
fn for_no_section(visitor: &Visitor) -> HttpResponse {
    let which = "どの課として決めるか、選んでください。";
    match houses(visitor).is_empty() {
        true => writes_for_none(),
        false => redirect(PATH, Flash::failed(which)),
    }
}

/// Bulletins that nobody has decided on, and emergencies whose bulletin does not stand any more.
pub(in crate::console) async fn alarms(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Alarm>, Refusal> {
    if !visitor.may(Right::Emergency) {
        return Ok(Vec::new());
    }
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let terms = terms(&library, &profile);
    let outlived = bulletin::outlived(&desk.db, visitor.now, terms).await?;
    let outlived = outlived.into_iter().map(|(head, origin)| {
        let name = library.find(&head.template);
        let name = name.map_or(head.template.as_str(), |wording| wording.name.as_str());
        outlived_one(name, &head, &origin)
    });
    let mut alarms: Vec<Alarm> = outlived.collect();
    let waiting = bulletin::waiting(&desk.db, visitor.now, terms).await?;
    let Some(newest) = waiting.first().map(|notice| &notice.known.bulletin) else {
        return Ok(alarms);
    };
    let what = format!(
        "気象庁の情報が届いています（{} {}{}）。下書きにするか、まだだれも決めていません。",
        times::moment(newest.reported_at, visitor.now),
        newest.title,
        match waiting.len() {
            1 => String::new(),
            more => format!("など{more}件"),
        }
    );
    let next = "住民に知らせるなら「下書きにする」、知らせないなら「見送る」を押してください。送るかどうかは、下書きのあとで決めます。";
    alarms.push(Alarm::new(what, next).at(PATH));
    Ok(alarms)
}

/// That what an emergency was made of does not stand any more.
fn outlived_one(name: &str, head: &Head, origin: &Origin) -> Alarm {
    let (what, next) = match (origin.is_withdrawn, head.state.went_out()) {
        (true, true) => (
            "取り消されました",
            "住民にはもう届いています。訂正を送るか、すぐに決めてください。",
        ),
        (true, false) => (
            "取り消されました",
            "この内容のまま配信しないでください。取り下げるか、書きなおしてください。",
        ),
        (false, _) => (
            "訂正か続報で変わりました",
            "内容を見くらべて、書きなおすか取り下げてください。",
        ),
    };
    let what = format!(
        "緊急配信「{name}」のもとの情報が{what}（{}）。",
        origin.source
    );
    Alarm::new(what, next).at(super::path(head.id))
}
