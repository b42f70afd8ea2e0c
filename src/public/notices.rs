//! The archive of what was sent: what it said, when, and what corrects it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::{Window, open};
use crate::broadcast::content::{Manuscript, Target};
use crate::broadcast::{self, Sent};
use crate::clock::Instant;
use crate::ids::{BroadcastId, MediaId};
use crate::policy::Profile;
use crate::web::{Frame, Refusal};

/// Notices on a page.
const MOST: u64 = 20;
/// The year 2200, in microseconds since 1970.
const LATEST: i64 = 7_258_118_400_000_000;

/// Something that was sent.
struct Notice {
    id: BroadcastId,
    at: Instant,
    category: String,
    passages: Vec<Passage>,
    corrects: Option<(BroadcastId, Instant)>,
    corrected_by: Vec<(BroadcastId, Instant)>,
}

/// A message of it.
struct Passage {
    title: String,
    picture: Option<(MediaId, String)>,
    text: String,
    /// What buttons said, and where they led.
    links: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "notices.html")]
struct Notices {
    frame: Frame,
    site: String,
    notices: Vec<Notice>,
    older: Option<i64>,
    /// Only one, by its own address.
    alone: bool,
}

/// Which page: notices before this moment, in microseconds since 1970.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    before: Option<i64>,
}

/// `GET /notices`.
pub(super) async fn list(
    window: Data<Window>,
    asked: Query<Asked>,
) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let before = asked.before.filter(|at| (0..LATEST).contains(at));
    let before = before.and_then(Instant::from_timestamp_micros);
    let sent = broadcast::sent(&window.db, before, MOST).await?;
    let full = u64::try_from(sent.len()).is_ok_and(|n| n == MOST);
    let older = sent.last().filter(|_| full).map(|last| last.at);
    let notices = sent.into_iter();
    let notices = notices.filter_map(|sent| notice(now, &profile, sent));
    let notices = notices.collect();
    Ok(open(Notices {
        frame: window.frame("お知らせの記録", &profile, now),
        site: profile.operator.site.clone(),
        notices,
        older: older.map(|at| at.timestamp_micros()),
        alone: false,
    }))
}

/// `GET /notices/{id}`.
pub(super) async fn show(
    window: Data<Window>,
    id: Path<BroadcastId>,
) -> Result<HttpResponse, Refusal> {
    let (now, profile) = window.now().await?;
    let sent = broadcast::sent_one(&window.db, *id).await?;
    let notice = sent.and_then(|sent| notice(now, &profile, sent));
    Ok(open(Notices {
        frame: window
            .frame("お知らせ", &profile, now)
            .under("/notices", "お知らせの記録"),
        site: profile.operator.site.clone(),
        notices: vec![notice.ok_or(Refusal::NotFound)?],
        older: None,
        alone: true,
    }))
}

/// What the archive shows of a broadcast; nothing after its days are over.
fn notice(now: Instant, profile: &Profile, sent: Sent) -> Option<Notice> {
    let category = profile.category(&sent.manuscript.category);
    if category.is_some_and(|c| sent.at + TimeDelta::days(c.keep_days.into()) < now) {
        return None;
    }
    Some(Notice {
        id: sent.id,
        at: sent.at,
        category: category.map(|c| c.name.clone()).unwrap_or_default(),
        passages: passages(&sent.manuscript),
        corrects: sent.corrects,
        corrected_by: sent.corrected_by,
    })
}

fn passages(manuscript: &Manuscript) -> Vec<Passage> {
    let blocks = manuscript.blocks.iter();
    blocks
        .map(|block| {
            let buttons = block.buttons().iter();
            let links = buttons.map(|button| {
                let to = match &button.target {
                    Target::Link(url) => url.clone(),
                    Target::Phone(number) => format!("tel:{number}"),
                };
                (button.label.clone(), to)
            });
            Passage {
                title: block.title().to_owned(),
                picture: block.picture().map(|id| (id, block.shows().to_owned())),
                text: block.text().to_owned(),
                links: links.collect(),
            }
        })
        .collect()
}
