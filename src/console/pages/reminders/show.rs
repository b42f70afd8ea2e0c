//! One notice: what it says, when it comes, to how many, and who agreed to it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;
use chrono::NaiveDate;

use super::{PATH, Shelf, TITLE, path, refused, words};
use crate::approval::Request;
use crate::console::pages::broadcasts;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::reminder::{self, Notice, Published};
use crate::resident::counts::Told;
use crate::web::{Confirm, Flash, Frame, Page, Preview, Refusal, redirect};

/// Something that was asked, in words.
pub(super) struct Asked {
    outcome: &'static str,
    submitted: String,
    until: Option<NaiveDate>,
    reason: Option<String>,
    out_of_hours: Option<String>,
    agreed: Vec<String>,
    digest: String,
}

#[derive(Template)]
#[template(path = "reminders/show.html")]
pub(in crate::console) struct Shown {
    frame: Frame,
    key: String,
    standing: String,
    chip: &'static str,
    when: String,
    whom: String,
    hours: Vec<String>,
    sounds: bool,
    category: String,
    next: Vec<NaiveDate>,
    people: Option<Told>,
    pictures: Vec<(String, Preview)>,
    asked: Vec<Asked>,
    hands_in: bool,
    decides: bool,
    withdraws: bool,
    rule: Option<String>,
}

/// `GET /reminders/of/{key}`.
pub(in crate::console) async fn show(
    visitor: Visitor,
    desk: Data<Desk>,
    key: Path<String>,
) -> Result<Page<Shown>, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let notice = shelf.find(&key).ok_or(Refusal::NotFound)?;
    let frame = visitor.frame(words::title(notice)).under(PATH, TITLE);
    let published = Published::read(&desk.db).await?;
    let next = shelf.next(notice, 3);
    let people = match next.first() {
        Some(day) => Some(Told::of(
            reminder::people(&desk.db, notice, &published, *day).await?,
        )),
        None => None,
    };
    let standing = notice.standing(shelf.today);
    let category = shelf.profile.category(&notice.content.category);
    let account = &shelf.profile.operator.account_name;
    let theirs = reminder::house(&visitor.signed, &notice.key).is_some();
    Ok(Page(Shown {
        key: notice.key.to_string(),
        standing: words::standing(&frame, standing),
        chip: words::chip(standing),
        when: words::when(&shelf.timetable, notice),
        whom: words::whom(&notice.content),
        hours: words::hours(&notice.content),
        sounds: category.is_none_or(|category| category.sound),
        category: broadcasts::category(&shelf.profile, &notice.content.category),
        next: match notice.key {
            reminder::Key::Garbage => Vec::new(),
            reminder::Key::Childcare(_) => next,
        },
        people,
        pictures: words::pictures(account, &frame, &notice.content),
        asked: asked(&frame, &shelf, notice),
        hands_in: shelf.may_hand_in(&visitor, notice),
        decides: shelf
            .to_decide(&visitor)
            .any(|other| other.key == notice.key),
        withdraws: theirs && notice.asked.iter().any(|asked| asked.is_live()),
        rule: match &notice.key {
            reminder::Key::Garbage => None,
            reminder::Key::Childcare(code) => Some(code.clone()),
        },
        frame,
    }))
}

pub(super) fn asked(frame: &Frame, shelf: &Shelf, notice: &Notice) -> Vec<Asked> {
    let asked = notice.asked.iter().map(|asked| {
        let request = &asked.request;
        let by = people_words::person(&shelf.roster, request.submitted_by);
        let ended = request.ended.as_ref();
        Asked {
            outcome: ended.map_or("決裁待ち", |ended| broadcasts::outcome(ended.outcome)),
            submitted: format!("{} {by}", frame.time(&request.submitted_at)),
            until: request.until,
            reason: ended.and_then(|ended| ended.reason.clone()),
            out_of_hours: asked.handed_in.content.out_of_hours.clone(),
            agreed: agreed(frame, shelf, request),
            digest: short(request.frozen.digest.as_str()),
        }
    });
    asked.collect()
}

/// Who has agreed, and who is to.
pub(super) fn agreed(frame: &Frame, shelf: &Shelf, request: &Request) -> Vec<String> {
    let steps = request.steps.iter().map(|step| {
        let decider = broadcasts::decider(&shelf.profile, step.demand.decider);
        match &step.taken {
            Some(taken) => {
                let by = people_words::person(&shelf.roster, taken.by);
                let standing_in = taken.standing_in_for.map_or("", |_| "（代）");
                let at = frame.time(&taken.at);
                let note = taken.note.as_ref();
                let note = note.map_or_else(String::new, |note| format!("認めた記録：{note}"));
                format!("{decider}：{by}{standing_in}が認めました（{at}）{note}")
            }
            None => format!("{decider}：まだ認めていません"),
        }
    });
    steps.collect()
}

/// The number by which two people check on the telephone that they read the same.
pub(super) fn short(digest: &str) -> String {
    digest.chars().take(12).collect()
}

/// `GET /reminders/withdraw/{key}`: asks once more.
pub(in crate::console) async fn ask_to_withdraw(
    visitor: Visitor,
    desk: Data<Desk>,
    key: Path<String>,
) -> Result<Page<Confirm>, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let notice = shelf.find(&key).ok_or(Refusal::NotFound)?;
    let title = words::title(notice);
    let back = path(&notice.key);
    Ok(Page(Confirm {
        frame: visitor
            .frame("決裁を取り下げる")
            .under(PATH, TITLE)
            .under(back.clone(), title.clone()),
        question: "この定期お知らせの決裁を取り下げますか。".to_owned(),
        facts: vec![("定期お知らせ".to_owned(), title)],
        outcome: vec![
            "これからの分は、だれにも送られません。いま送っている分は止まりません。もう一度送るには、あらためて決裁を受けます。"
                .to_owned(),
        ],
        danger: true,
        deed: "取り下げる".to_owned(),
        action: format!("{PATH}/withdraw/{}", notice.key),
        fields: Vec::new(),
        back,
    }))
}

/// `POST /reminders/withdraw/{key}`.
pub(in crate::console) async fn withdraw(
    visitor: Visitor,
    desk: Data<Desk>,
    key: Path<String>,
) -> Result<HttpResponse, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let notice = shelf.find(&key).ok_or(Refusal::NotFound)?;
    let here = path(&notice.key);
    let tx = desk.db.begin().await?;
    match reminder::withdraw(&tx, visitor.now, &visitor.signed, notice).await {
        Ok(()) => {
            tx.commit().await?;
            Ok(redirect(&here, Flash::done("決裁を取り下げました。")))
        }
        Err(error) => refused(error, &here),
    }
}
