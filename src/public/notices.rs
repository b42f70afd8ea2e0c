//! The archive of what was sent: what it said, when, and what corrects it.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use chrono::TimeDelta;
use serde::Deserialize;

use super::{Window, frame, open};
use crate::broadcast::content::Target;
use crate::broadcast::{self, Broadcast};
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
    let heads = broadcast::sent(&window.db, before, MOST).await?;
    let full = u64::try_from(heads.len()).is_ok_and(|n| n == MOST);
    let older = heads
        .last()
        .filter(|_| full)
        .and_then(|last| last.released_at);
    let mut notices = Vec::new();
    for head in heads {
        if let Some(broadcast) = broadcast::find(&window.db, head.id).await? {
            notices.extend(notice(&window, now, &profile, broadcast).await?);
        }
    }
    Ok(open(Notices {
        frame: frame("お知らせの記録", &profile, now),
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
    let found = broadcast::find(&window.db, *id)
        .await?
        .ok_or(Refusal::NotFound)?;
    let notice = notice(&window, now, &profile, found).await?;
    Ok(open(Notices {
        frame: frame("お知らせ", &profile, now).under("/notices", "お知らせの記録"),
        site: profile.operator.site.clone(),
        notices: vec![notice.ok_or(Refusal::NotFound)?],
        older: None,
        alone: true,
    }))
}

/// What the archive shows of a broadcast; nothing before it went out, and after its days are over.
async fn notice(
    window: &Window,
    now: Instant,
    profile: &Profile,
    broadcast: Broadcast,
) -> Result<Option<Notice>, Refusal> {
    let Some(at) = broadcast.head.released_at else {
        return Ok(None);
    };
    let category = profile.category(&broadcast.head.category);
    if category.is_some_and(|c| at + TimeDelta::days(c.keep_days.into()) < now) {
        return Ok(None);
    }
    let sent = async |id| -> Result<Option<(BroadcastId, Instant)>, Refusal> {
        let found = broadcast::find(&window.db, id).await?;
        Ok(found.and_then(|found| Some((found.head.id, found.head.released_at?))))
    };
    let corrects = match broadcast.head.corrects {
        Some(wrong) => sent(wrong).await?,
        None => None,
    };
    let corrections = broadcast::corrections(&window.db, broadcast.head.id).await?;
    let went = corrections.into_iter();
    let corrected_by = went.filter_map(|head| Some((head.id, head.released_at?)));
    Ok(Some(Notice {
        id: broadcast.head.id,
        at,
        category: category.map(|c| c.name.clone()).unwrap_or_default(),
        corrects,
        corrected_by: corrected_by.collect(),
        passages: passages(&broadcast),
    }))
}

fn passages(broadcast: &Broadcast) -> Vec<Passage> {
    let blocks = broadcast.manuscript.blocks.iter();
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
