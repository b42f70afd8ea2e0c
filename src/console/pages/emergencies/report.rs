//! The report afterwards (事後報告書): to read, to file, to confirm, and as a file.

use actix_web::HttpResponse;
use actix_web::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use actix_web::web::{Data, Form, Path};
use askama::Template;
use serde::Deserialize;

use super::calls::{self, Record};
use super::show::{self, Done, done, people_of, seen};
use super::{PATH, TITLE, name, path, refused, section, terms, words};
use crate::clock::Instant;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::delivery::Progress;
use crate::emergency::moves::Act;
use crate::emergency::report::Report;
use crate::emergency::{self, Did, EmergencyError};
use crate::ids::EmergencyId;
use crate::staff::people::{self, Roster};
use crate::table;
use crate::web::{Flash, Frame, Page, Preview, Refusal, redirect, times};

#[derive(Template)]
#[template(path = "emergencies/report.html")]
pub(in crate::console) struct Reported {
    frame: Frame,
    path: String,
    mode: &'static str,
    state: &'static str,
    chip: &'static str,
    section: String,
    number: String,
    whom: String,
    people: u64,
    concurred: String,
    sent: String,
    deviations: Vec<String>,
    progress: Option<Progress>,
    preview: Option<Preview>,
    timeline: Vec<Done>,
    callings: Vec<Record>,
    corrections: Vec<(String, String)>,
    due: Option<Instant>,
    late: bool,
    words: String,
    filed: Option<String>,
    filed_at: String,
    confirmed: Option<String>,
    files: bool,
    confirms: bool,
}

/// `GET /emergencies/{id}/report`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
) -> Result<Page<Reported>, Refusal> {
    let report = of(&visitor, &desk, *id).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let roster = people::roster(&desk.db).await?;
    let person = visitor.signed.person();
    let terms = terms(&library, &profile);
    let emergency = &report.emergency;
    let open = emergency::open_to(&desk.db, visitor.now, terms, emergency, person).await;
    let open = open.unwrap_or_default();
    let head = &emergency.head;
    let frame = visitor.frame("事後報告書").under(PATH, TITLE);
    let frame = frame.under(path(head.id), name(&library, head));
    let state = head.state_at(visitor.now);
    let filing = emergency.report.as_ref();
    let filed = filing.and_then(|filing| filing.filed);
    let confirmed = filing.and_then(|filing| filing.confirmed);
    let told = |did: Did| told(&frame, &roster, did);
    let timeline = done(&frame, &roster, &emergency.history);
    let due = filing.map(|filing| filing.due_at);
    Ok(Page(Reported {
        path: path(head.id),
        mode: words::mode(head.mode),
        state: words::state(state),
        chip: words::chip(state),
        section: section(&roster, head.section),
        number: head
            .number()
            .as_deref()
            .map(words::apart)
            .unwrap_or_default(),
        whom: words::audience(&profile, &emergency.written.audience),
        people: people_of(emergency).unwrap_or_default(),
        concurred: match (head.concurred, head.agreement) {
            (Some(did), _) => told(did),
            (None, Some(_)) => "年度の事前同意による".to_owned(),
            (None, None) => "−".to_owned(),
        },
        sent: head.sent.map(told).unwrap_or_default(),
        deviations: report.deviations.iter().map(words::deviation).collect(),
        progress: report.progress.clone(),
        preview: seen(&visitor, terms, emergency).0,
        timeline: timeline.into_iter().rev().collect(),
        callings: calls::records(&roster, &report.callings, visitor.now),
        corrections: report
            .corrections
            .iter()
            .map(|child| (path(child.id), name(&library, child)))
            .collect(),
        late: due.is_some_and(|due| confirmed.map_or(visitor.now, |did| did.at) > due),
        due,
        words: filing
            .and_then(|filing| filing.words.clone())
            .unwrap_or_default(),
        filed: filed.map(told),
        filed_at: filed
            .map(|did| did.at.timestamp_micros().to_string())
            .unwrap_or_default(),
        confirmed: confirmed.map(told),
        files: open.contains_key(&Act::File),
        confirms: open.contains_key(&Act::Confirm),
        frame,
    }))
}

/// Who did it, and when.
fn told(frame: &Frame, roster: &Roster, did: Did) -> String {
    let who = people_words::person(roster, did.by);
    format!("{who}（{}）", frame.time(&did.at))
}

async fn of(visitor: &Visitor, desk: &Desk, id: EmergencyId) -> Result<Report, Refusal> {
    let report = emergency::report::report(&desk.db, visitor.now, id).await?;
    // What never went out has none.
    let report = report.filter(|report| report.emergency.report.is_some());
    report.ok_or(Refusal::NotFound)
}

/// What the chief writes, or which report is confirmed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(in crate::console) struct Filed {
    words: String,
    filed_at: String,
}

/// `POST /emergencies/{id}/report`.
pub(in crate::console) async fn file(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    Form(filed): Form<Filed>,
) -> Result<HttpResponse, Refusal> {
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    let terms = terms(&library, &profile);
    let done = emergency::report::file(&tx, now, terms, by, *id, &filed.words).await;
    if done.is_ok() {
        tx.commit().await?;
    }
    settled(done, *id, Act::File)
}

/// `POST /emergencies/{id}/report/confirm`.
pub(in crate::console) async fn confirm(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
    Form(filed): Form<Filed>,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{}/report", path(*id));
    let at = filed.filed_at.parse().ok();
    let Some(at) = at.and_then(Instant::from_timestamp_micros) else {
        return refused(EmergencyError::NotFiled, &here);
    };
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let (now, by) = (visitor.now, &visitor.signed);
    let tx = desk.db.begin().await?;
    let done = emergency::report::confirm(&tx, now, terms(&library, &profile), by, *id, at).await;
    if done.is_ok() {
        tx.commit().await?;
    }
    settled(done, *id, Act::Confirm)
}

fn settled(
    done: Result<(), EmergencyError>,
    id: EmergencyId,
    act: Act,
) -> Result<HttpResponse, Refusal> {
    let here = format!("{}/report", path(id));
    match done {
        Ok(()) => Ok(redirect(&here, Flash::done(words::done(act)))),
        Err(error) => refused(error, &here),
    }
}

/// `GET /emergencies/{id}/report.csv`: what happened, line by line, and the sums.
pub(in crate::console) async fn download(
    visitor: Visitor,
    desk: Data<Desk>,
    id: Path<EmergencyId>,
) -> Result<HttpResponse, Refusal> {
    let report = of(&visitor, &desk, *id).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let library = desk.templates.in_force().await?;
    let head = &report.emergency.head;
    let line = |kind: &str, at: String, what: String, who: String, detail: String| {
        [kind.to_owned(), at, what, who, detail]
    };
    let fact = |what: &str, detail: String| {
        line(
            "概要",
            String::new(),
            what.to_owned(),
            String::new(),
            detail,
        )
    };
    let mut rows = vec![["区分", "日時", "内容", "人", "詳しく"].map(str::to_owned)];
    rows.push(fact("件名", name(&library, head)));
    rows.push(fact("本番・訓練", words::mode(head.mode).to_owned()));
    rows.push(fact("照合番号", head.number().unwrap_or_default()));
    rows.push(fact(
        "だれに",
        words::audience(&profile, &report.emergency.written.audience),
    ));
    rows.push(fact(
        "人数",
        people_of(&report.emergency).unwrap_or_default().to_string(),
    ));
    if let Some(issue) = &report.emergency.issue {
        rows.push(fact("送った内容（JSON）", issue.messages.to_string()));
    }
    for entry in &report.timeline {
        let person = entry.person.as_ref();
        let person =
            person.map(|person| format!("{} {}", person.number.as_str(), person.name.as_str()));
        let standing_in = entry.standing_in_for.as_ref();
        let who = match (person, standing_in) {
            (Some(person), Some(post)) => format!("{person}（{post}の代理）"),
            (Some(person), None) => person,
            (None, _) => "システム".to_owned(),
        };
        let reason = show::reason(&entry.event);
        let at = times::machine(entry.event.at);
        let what = words::happened(entry.event.act).to_owned();
        rows.push(line("経過", at, what, who, reason));
    }
    let roster = people::roster(&desk.db).await?;
    for calling in calls::records(&roster, &report.callings, visitor.now) {
        for call in calling.calls {
            let (at, what) = (times::machine(call.at), format!("{}で呼び出し", call.how));
            rows.push(line(
                "呼び出し",
                at,
                what,
                call.name,
                call.outcome.to_owned(),
            ));
        }
        if !calling.outcome.is_empty() {
            rows.push(line(
                "呼び出し",
                String::new(),
                calling.title,
                String::new(),
                calling.outcome,
            ));
        }
    }
    if let Some(progress) = &report.progress {
        let people = &progress.people;
        for (what, count) in [
            ("LINEが受け付けた人", people.accepted),
            ("LINEが断った人", people.refused),
            ("届いたかわからない人", people.unknown),
            ("期限を過ぎて送らなかった人", people.late),
            ("これから送る人", people.waiting + people.in_doubt),
        ] {
            let none = String::new;
            rows.push(line(
                "送達",
                none(),
                what.to_owned(),
                none(),
                count.to_string(),
            ));
        }
    }
    for deviation in &report.deviations {
        let none = String::new;
        rows.push(line(
            "想定と違ったこと",
            none(),
            words::deviation(deviation),
            none(),
            none(),
        ));
    }
    if let Some(written) = report
        .emergency
        .report
        .as_ref()
        .and_then(|filing| filing.words.clone())
    {
        rows.push(fact("所管の報告", written));
    }
    for child in &report.corrections {
        let sent = child.sent.map(|did| times::machine(did.at));
        rows.push(line(
            "訂正",
            sent.unwrap_or_default(),
            name(&library, child),
            String::new(),
            words::state(child.state_at(visitor.now)).to_owned(),
        ));
    }
    let attachment = format!("attachment; filename=\"emergency-{id}.csv\"");
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "text/csv; charset=utf-8"))
        .insert_header((CONTENT_DISPOSITION, attachment))
        .body(table::csv(rows)))
}
