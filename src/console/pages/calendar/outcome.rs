//! What became of the reminders of a day, what went wrong with those of late, and going on with what stands still.

use actix_web::HttpResponse;
use actix_web::web::{Data, Form, Path, Query};
use chrono::NaiveDate;
use serde::Deserialize;

use super::{PATH, TITLE, words};
use crate::broadcast;
use crate::childcare::{self, Timetable};
use crate::clock::{Instant, date_in_japan};
use crate::console::pages::broadcasts;
use crate::console::pages::home::Alarm;
use crate::console::pages::people::words as people_words;
use crate::console::{Desk, Visitor};
use crate::delivery::report::Arrival;
use crate::delivery::{StopReason, Tally};
use crate::reminder::{self, Became, Fared, ReminderError};
use crate::resident::counts::Told;
use crate::staff::people::{self, Roster};
use crate::web::{Confirm, Flash, Page, Refusal, redirect, thousands, times};

/// How a reminder fared, in words.
pub(super) struct Outcome {
    pub(super) hour: String,
    pub(super) title: String,
    /// Where it stands, in a word and a colour.
    pub(super) state: &'static str,
    pub(super) chip: &'static str,
    /// Everybody it is for, as far as that is known.
    pub(super) people: Told,
    /// How many fared how.
    pub(super) sums: Vec<(&'static str, Told)>,
    /// What is wrong, and what to do.
    pub(super) why: Option<&'static str>,
    /// Where it is resumed, by whoever may.
    pub(super) resume: Option<String>,
    /// Where what went amiss is closed, by whoever may.
    pub(super) close: Option<String>,
    /// What somebody made of what went amiss.
    pub(super) closed: Option<Closed>,
}

/// What a chief wrote of what went amiss.
pub(super) struct Closed {
    pub(super) note: String,
    pub(super) by: String,
    pub(super) at: Instant,
}

/// Which occasion.
#[derive(Debug, Deserialize)]
pub(in crate::console) struct Asked {
    pub(super) occasion: String,
}

/// How what came on `day` fared.
pub(super) async fn of_day(
    visitor: &Visitor,
    desk: &Desk,
    day: NaiveDate,
) -> Result<Vec<Outcome>, Refusal> {
    let fared = reminder::fared(&desk.db, day).await?;
    if fared.is_empty() {
        return Ok(Vec::new());
    }
    let timetable = childcare::timetable(&desk.db).await?;
    let roster = people::roster(&desk.db).await?;
    let outcomes = fared.iter();
    Ok(outcomes
        .map(|fared| outcome(visitor, &timetable, &roster, fared))
        .collect())
}

/// Whether something of it went amiss and waits to be closed.
pub(super) fn is_open(fared: &Fared) -> bool {
    let amiss = matches!(fared.became, Became::Ended(people) if people.amiss() > 0);
    amiss && fared.closed.is_none()
}

/// Why people were not told, or may not have been.
pub(super) fn amiss(people: &Tally) -> &'static str {
    match (people.refused + people.late, people.unknown) {
        (0, _) => {
            "LINEの返事がないまま、送る期限か、確かめられる時間（23時間）を過ぎました。届いているかもしれないので、送りなおしていません。"
        }
        (_, 0) => "LINEが断ったか、送る期限を過ぎました。送りなおしていません。",
        _ => {
            "LINEが断ったか、送る期限を過ぎたか、LINEの返事がありませんでした。届いているかもしれない方もいるので、送りなおしていません。"
        }
    }
}

fn outcome(visitor: &Visitor, timetable: &Timetable, roster: &Roster, fared: &Fared) -> Outcome {
    let Fared { run, became, .. } = fared;
    let people = became.people();
    let sums = [
        ("LINEが受け付けた", people.accepted),
        ("LINEに断られた", people.refused),
        ("届いたかわからない", people.unknown),
        ("時機を過ぎて送らなかった", people.late),
        ("まだ送っていない", people.waiting),
        ("返事を待っている", people.in_doubt),
    ];
    let all: u64 = sums.iter().map(|(_, people)| people).sum();
    let (state, chip, why) = match became {
        Became::Missed => (
            "送らずじまい",
            "error",
            Some("送った記録がないまま、時刻を過ぎました。あとからは送りません。"),
        ),
        Became::Going(_) => ("送信中", "info", None),
        Became::Stopped(reason, _) => ("停止中", "error", Some(stopped(*reason))),
        Became::Ended(people) => match Arrival::of(people) {
            Arrival::Whole => ("送信済", "success", None),
            other => {
                let (state, chip) = broadcasts::arrival(other);
                (state, chip, Some(amiss(people)))
            }
        },
    };
    let resumes = matches!(became, Became::Stopped(..))
        && visitor.now < run.until
        && broadcast::may_resume(&visitor.signed);
    let closes = is_open(fared) && broadcast::may_close(&visitor.signed);
    let path = |deed: &str| format!("{PATH}/{}/{deed}?occasion={}", run.day, run.occasion);
    let closed = fared.closed.as_ref().map(|closing| Closed {
        note: closing.note.clone(),
        by: people_words::person(roster, closing.by),
        at: closing.at,
    });
    Outcome {
        hour: times::hour(run.begins),
        title: words::run(timetable, run, date_in_japan(visitor.now)),
        state,
        chip,
        people: Told::of(all),
        sums: sums
            .into_iter()
            .filter(|(_, people)| *people > 0)
            .map(|(how, people)| (how, Told::of(people)))
            .collect(),
        why,
        resume: resumes.then(|| path("resume")),
        close: closes.then(|| path("close")),
        closed,
    }
}

/// Why it stands still. What to write anew is a rule's, not a broadcast's.
fn stopped(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Refused => "LINEがこの文面を受け付けないため、自動で止まりました。",
        reason => broadcasts::stopped(reason),
    }
}

/// What went wrong of late: what was missed, stands still, did not arrive, or may not have.
pub(in crate::console) async fn alarms(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<Vec<Alarm>, Refusal> {
    let today = date_in_japan(visitor.now);
    let amiss = reminder::amiss(&desk.db, visitor.now).await?;
    if amiss.is_empty() {
        return Ok(Vec::new());
    }
    let timetable = childcare::timetable(&desk.db).await?;
    let wrong = |fared: &Fared| match &fared.became {
        Became::Missed => ("が、", "送られないまま時刻を過ぎました"),
        Became::Stopped(..) => ("の送信が、", "途中で止まりました"),
        Became::Going(people) | Became::Ended(people) => ("が、", broadcasts::amiss(people)),
    };
    // One for each day and trouble: an evening's stop is of all its hours.
    let mut told: Vec<(NaiveDate, (&str, &str), Vec<&Fared>)> = Vec::new();
    for fared in &amiss {
        let (day, what) = (fared.run.day, wrong(fared));
        let same = |told: &&mut (NaiveDate, (&str, &str), _)| (told.0, told.1) == (day, what);
        match told.iter_mut().find(same) {
            Some((.., others)) => others.push(fared),
            None => told.push((day, what, vec![fared])),
        }
    }
    let alarms = told.into_iter().filter_map(|(day, (of, what), fared)| {
        let first = fared.first()?;
        let title = words::run(&timetable, &first.run, today);
        let at = times::moment(first.run.begins, visitor.now);
        let more = match fared.len() {
            1 => String::new(),
            many => format!("など{many}件"),
        };
        let next = match first.became {
            Became::Missed => {
                "その時刻に動いていなかったか、送れない状態でした。必要なら、別の配信で知らせてください。"
            }
            Became::Stopped(reason, _) => stopped(reason),
            Became::Going(_) | Became::Ended(_) => {
                "配信カレンダーのその日に、人数と理由があります。自動では送りなおしません。必要なら、ほかの手段で知らせてください。アカウントを所管する課の課長が、そこで対応を記録して整理すると、この表示は消えます。"
            }
        };
        let people = match first.became {
            Became::Missed | Became::Stopped(..) => String::new(),
            Became::Going(_) | Became::Ended(_) => {
                let people = fared.iter().map(|fared| fared.became.people().amiss());
                match Told::of(people.sum()).number() {
                    Some(number) => format!("（{}人）", thousands(number)),
                    None => "（10人未満）".to_owned(),
                }
            }
        };
        let what = format!("{at}の定期お知らせ「{title}」{more}{of}{what}{people}。");
        Some(Alarm::new(what, next).at(format!("{PATH}/{day}")))
    });
    Ok(alarms.collect())
}

/// `GET /calendar/{day}/resume`: asks once more.
pub(in crate::console) async fn ask(
    visitor: Visitor,
    desk: Data<Desk>,
    day: Path<NaiveDate>,
    asked: Query<Asked>,
) -> Result<Page<Confirm>, Refusal> {
    let fared = find(&desk, *day, &asked.occasion).await?;
    let today = date_in_japan(visitor.now);
    let timetable = childcare::timetable(&desk.db).await?;
    let back = format!("{PATH}/{day}");
    Ok(Page(Confirm {
        frame: visitor
            .frame("定期お知らせを再開する")
            .under(PATH, TITLE)
            .under(back.clone(), times::day(*day, today)),
        question: "この定期お知らせを再開しますか。".to_owned(),
        facts: vec![
            (
                "定期お知らせ".to_owned(),
                words::run(&timetable, &fared.run, today),
            ),
            (
                "送る期限".to_owned(),
                times::moment(fared.run.until, visitor.now),
            ),
        ],
        outcome: vec![
            "まだ送っていない分だけを、期限まで送ります。もう届いた人には、二度届きません。"
                .to_owned(),
        ],
        danger: false,
        deed: "再開する".to_owned(),
        action: format!("{back}/resume"),
        fields: vec![("occasion".to_owned(), asked.occasion.clone())],
        back,
    }))
}

/// `POST /calendar/{day}/resume`.
pub(in crate::console) async fn resume(
    visitor: Visitor,
    desk: Data<Desk>,
    day: Path<NaiveDate>,
    asked: Form<Asked>,
) -> Result<HttpResponse, Refusal> {
    let fared = find(&desk, *day, &asked.occasion).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let notices = reminder::notices(&desk.db, &profile).await;
    let notices = notices.map_err(Refusal::unexpected)?;
    let key = fared.run.occasion.key();
    let notice = notices.iter().find(|notice| notice.key == key);
    let here = format!("{PATH}/{day}");
    let tx = desk.db.begin().await?;
    let resumed = match notice {
        Some(notice) => {
            let (now, by) = (visitor.now, &visitor.signed);
            reminder::resume(&tx, now, by, &profile, notice, &fared).await
        }
        None => Err(ReminderError::Gone),
    };
    let told = match resumed {
        Ok(_) => {
            tx.commit().await?;
            Flash::done("定期お知らせを再開しました。")
        }
        Err(error) => match refused(&error) {
            Some(why) => Flash::failed(why),
            None => return Err(Refusal::unexpected(error)),
        },
    };
    Ok(redirect(&here, told))
}

/// What came on `day`, of this occasion.
pub(super) async fn find(desk: &Desk, day: NaiveDate, occasion: &str) -> Result<Fared, Refusal> {
    let fared = reminder::fared(&desk.db, day).await?.into_iter();
    let mut found = fared.filter(|fared| fared.run.occasion.to_string() == occasion);
    found.next().ok_or(Refusal::NotFound)
}

/// Why it does not go on, where somebody can do something about it.
fn refused(error: &ReminderError) -> Option<&'static str> {
    Some(match error {
        ReminderError::NotStopped => "この定期お知らせは、いまは止まっていません。",
        ReminderError::NotTheirs => "再開は、アカウントを所管する課の職員が行います。",
        ReminderError::TooLate => "送る期限を過ぎたため、再開できません。",
        ReminderError::NotYet => "勤務時間の外なので、再開できません。",
        ReminderError::NotApproved(_) | ReminderError::Gone => {
            "この定期お知らせは、いまは決裁されていません。決裁を受けてから再開してください。"
        }
        _ => return None,
    })
}
