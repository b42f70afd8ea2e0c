//! What sends by itself: which notices there are, where their approvals stand, and what waits.

pub(in crate::console) mod decide;
pub(in crate::console) mod hand_in;
pub(in crate::console) mod show;
mod words;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use chrono::{NaiveDate, TimeDelta};

use super::home::{Alarm, Waiting};
use crate::approval;
use crate::childcare::{self, Timetable};
use crate::clock::date_in_japan;
use crate::console::{Desk, Visitor};
use crate::policy::Profile;
use crate::reminder::{self, Key, Notice, ReminderError, Standing};
use crate::staff::people::{self, Roster};
use crate::web::{Flash, Frame, Page, Refusal, redirect};

const PATH: &str = "/reminders";
const TITLE: &str = "定期お知らせ";

/// Everything the pages are made of.
struct Shelf {
    profile: std::sync::Arc<Profile>,
    timetable: Timetable,
    notices: Vec<Notice>,
    roster: Roster,
    today: NaiveDate,
}

/// A notice in the list.
struct Row {
    path: String,
    title: String,
    standing: String,
    chip: &'static str,
    when: String,
    next: String,
    waits: bool,
}

#[derive(Template)]
#[template(path = "reminders/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    shelves: Vec<(&'static str, Vec<Row>)>,
    to_hand_in: usize,
    to_decide: usize,
    silent: usize,
}

/// Where the approval of a notice stands on a day.
pub(in crate::console) struct Agreement {
    pub(in crate::console) path: String,
    pub(in crate::console) standing: String,
    pub(in crate::console) chip: &'static str,
    /// Who agreed to what is in force.
    pub(in crate::console) by: Vec<String>,
}

/// The approvals of all notices, for the calendar.
pub(in crate::console) struct Agreements(Shelf);

impl Agreements {
    pub(in crate::console) async fn read(visitor: &Visitor, desk: &Desk) -> Result<Self, Refusal> {
        Shelf::read(visitor, desk).await.map(Self)
    }

    /// Where it stands on `day`; `None` if there is no such notice.
    pub(in crate::console) fn of(
        &self,
        frame: &Frame,
        key: &str,
        day: NaiveDate,
    ) -> Option<Agreement> {
        let notice = self.0.find(key)?;
        let standing = notice.standing(day);
        let in_force = notice.in_force(day);
        Some(Agreement {
            path: path(&notice.key),
            standing: words::standing(frame, standing),
            chip: words::chip(standing),
            by: in_force.map_or_else(Vec::new, |asked| {
                show::agreed(frame, &self.0, &asked.request)
            }),
        })
    }

    /// Why what comes of it on `day` would not go out, in a word; nothing if it would.
    pub(in crate::console) fn missing(&self, key: &str, day: NaiveDate) -> Option<&'static str> {
        let notice = self.0.find(key)?;
        words::missing(notice.standing(day))
    }
}

impl Shelf {
    async fn read(visitor: &Visitor, desk: &Desk) -> Result<Self, Refusal> {
        let profile = desk.rules.at(visitor.now).await?;
        let notices = reminder::notices(&desk.db, &profile).await;
        Ok(Self {
            notices: notices?,
            timetable: childcare::timetable(&desk.db).await?,
            roster: people::roster(&desk.db).await?,
            today: date_in_japan(visitor.now),
            profile,
        })
    }

    fn find(&self, key: &str) -> Option<&Notice> {
        let key: Key = key.parse().ok()?;
        self.notices.iter().find(|notice| notice.key == key)
    }

    /// What this person may decide on.
    fn to_decide<'a>(&'a self, visitor: &'a Visitor) -> impl Iterator<Item = &'a Notice> {
        let person = visitor.signed.person();
        self.notices.iter().filter(move |notice| {
            let waiting = notice.waiting().filter(|asked| asked.holds);
            waiting.is_some_and(|asked| {
                approval::may_decide(&self.roster, self.today, &asked.request, person)
            })
        })
    }

    /// What this person should hand in: what does not go out, or soon will not.
    fn to_hand_in<'a>(&'a self, visitor: &'a Visitor) -> impl Iterator<Item = &'a Notice> {
        self.notices.iter().filter(move |notice| {
            let ends = match notice.standing(self.today) {
                Standing::InForce(until) => until - self.today < TimeDelta::days(reminder::SOON),
                _ => true,
            };
            ends && self.comes_again(notice) && self.may_hand_in(visitor, notice)
        })
    }

    fn may_hand_in(&self, visitor: &Visitor, notice: &Notice) -> bool {
        // What changed while it waited is no longer waiting once the clock-bound work has seen it.
        notice.waiting().is_none() && reminder::house(&visitor.signed, &notice.key).is_some()
    }

    /// What should go out, and goes to nobody.
    fn silent(&self) -> impl Iterator<Item = &Notice> {
        let silent =
            |notice: &&Notice| notice.in_force(self.today).is_none() && self.comes_again(notice);
        self.notices.iter().filter(silent)
    }

    fn row(&self, frame: &Frame, notice: &Notice) -> Row {
        let standing = notice.standing(self.today);
        Row {
            path: path(&notice.key),
            title: words::title(notice),
            standing: words::standing(frame, standing),
            chip: words::chip(standing),
            when: words::when(&self.timetable, notice),
            next: self.next(notice, 1).first().map_or_else(
                || "−".to_owned(),
                |day| match notice.key {
                    Key::Garbage => "収集日のたび".to_owned(),
                    Key::Childcare(_) => frame.date(day),
                },
            ),
            waits: notice.waiting().is_some(),
        }
    }

    /// Whether there is anything left to send: a rule may have ended, a group check-up's day be over.
    fn comes_again(&self, notice: &Notice) -> bool {
        !self.next(notice, 1).is_empty()
    }

    /// The next days on which it comes for somebody.
    fn next(&self, notice: &Notice, most: usize) -> Vec<NaiveDate> {
        match &notice.key {
            Key::Garbage => vec![self.today],
            Key::Childcare(code) => {
                reminder::childcare::next(&self.timetable, code, self.today, most)
            }
        }
    }
}

/// `GET /reminders`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
) -> Result<Page<List>, Refusal> {
    let shelf = Shelf::read(&visitor, &desk).await?;
    let frame = visitor.frame(TITLE);
    let of = |garbage: bool| -> Vec<Row> {
        let notices = shelf.notices.iter();
        let notices = notices.filter(|notice| (notice.key == Key::Garbage) == garbage);
        notices.map(|notice| shelf.row(&frame, notice)).collect()
    };
    let mut shelves = vec![("ごみの収集日", of(true)), ("妊娠・子育て", of(false))];
    shelves.retain(|(_, rows)| !rows.is_empty());
    Ok(Page(List {
        to_hand_in: shelf.to_hand_in(&visitor).count(),
        to_decide: shelf.to_decide(&visitor).count(),
        silent: shelf.silent().count(),
        shelves,
        frame,
    }))
}

/// What does not go out although it should, and what waits for who reads.
pub(in crate::console) async fn at_home(
    visitor: &Visitor,
    desk: &Desk,
) -> Result<(Vec<Alarm>, Vec<Waiting>), Refusal> {
    let shelf = Shelf::read(visitor, desk).await?;
    Ok((shelf.alarms(visitor), shelf.waiting(visitor)))
}

impl Shelf {
    /// For whoever can hand it in.
    fn alarms(&self, visitor: &Visitor) -> Vec<Alarm> {
        let theirs = |notice: &&Notice| reminder::house(&visitor.signed, &notice.key).is_some();
        let silent: Vec<&Notice> = self.silent().filter(theirs).collect();
        let Some(first) = silent.first() else {
            return Vec::new();
        };
        let title = words::title(first);
        let what = match silent.len() {
            1 => format!("定期お知らせ「{title}」は、決裁されていないため送られません。"),
            many => {
                format!(
                    "「{title}」など{many}件の定期お知らせは、決裁されていないため送られません。"
                )
            }
        };
        let next = "決裁に出すと、決裁が済んだときから送られます。過ぎた分はあとから送られません。";
        vec![Alarm::new(what, next).at(PATH)]
    }

    /// What they may decide on, and what they should have renewed.
    fn waiting(&self, visitor: &Visitor) -> Vec<Waiting> {
        let mut waiting = Vec::new();
        let named = |notices: &[&Notice]| {
            let titles: Vec<String> = notices.iter().take(3).map(|n| words::title(n)).collect();
            let more = if notices.len() > 3 { "など" } else { "" };
            format!("{}{more}", titles.join("、"))
        };
        let decide: Vec<&Notice> = self.to_decide(visitor).collect();
        if !decide.is_empty() {
            waiting.push(Waiting {
                ask: format!("定期お知らせ{}件の決裁", decide.len()),
                about: named(&decide),
                path: format!("{PATH}/decide"),
                until: None,
            });
        }
        let in_force = |notice: &&Notice| notice.in_force(self.today).is_some();
        let renew: Vec<&Notice> = self.to_hand_in(visitor).filter(in_force).collect();
        if !renew.is_empty() {
            waiting.push(Waiting {
                ask: format!("定期お知らせ{}件の決裁の期限が近づいています", renew.len()),
                about: named(&renew),
                path: format!("{PATH}/hand-in"),
                until: None,
            });
        }
        waiting
    }
}

fn path(key: &Key) -> String {
    format!("{PATH}/of/{key}")
}

/// Back to `path` with why it was not done.
fn refused(error: ReminderError, path: &str) -> Result<HttpResponse, Refusal> {
    match words::refused(&error) {
        Some(why) => Ok(redirect(path, Flash::failed(why))),
        None => Err(error.into()),
    }
}

/// The notices that were ticked, each with the digest of what was read of it; `None` if one is not there.
fn ticked<'a>(
    shelf: &'a Shelf,
    sent: &[(String, String)],
) -> Option<Vec<(&'a Notice, approval::Digest)>> {
    let ticks = sent.iter().filter(|(name, _)| name == "notice");
    let found = ticks.map(|(_, value)| {
        let (key, digest) = value.rsplit_once(' ')?;
        Some((shelf.find(key)?, approval::Digest::read(digest)?))
    });
    found.collect()
}

/// What a field of the form says; empty when it was not sent.
fn field<'a>(sent: &'a [(String, String)], name: &str) -> &'a str {
    let mut sent = sent.iter();
    let found = sent.find(|(known, _)| known == name);
    found.map_or("", |(_, value)| value.as_str())
}
