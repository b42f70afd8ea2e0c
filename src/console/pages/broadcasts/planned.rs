//! Broadcasts of the calendar: what goes or went out in a span of time, in short and in full.

use super::audience::{People, whom};
use super::show::preview;
use super::standing::Standings;
use super::{sees, terms, words};
use crate::area;
use crate::broadcast::{self, Head};
use crate::clock::Instant;
use crate::console::{Desk, Visitor};
use crate::delivery;
use crate::staff::people;
use crate::web::{Preview, Refusal};

/// A broadcast that has its hour.
#[derive(Debug, Clone)]
pub(in crate::console) struct Planned {
    /// When it goes or went out.
    pub at: Instant,
    pub title: String,
    pub path: String,
    /// Where it stands, in a word and a colour.
    pub state: &'static str,
    pub chip: &'static str,
    pub house: String,
    pub category: String,
    head: Head,
}

/// The same with what residents read.
pub(in crate::console) struct InFull {
    pub planned: Planned,
    /// For whom.
    pub whom: String,
    /// How many that are.
    pub people: People,
    pub preview: Option<Preview>,
}

/// What goes or went out from `from` until before `until`, in that order, as far as who reads may see it.
pub(in crate::console) async fn between(
    visitor: &Visitor,
    desk: &Desk,
    from: Instant,
    until: Instant,
) -> Result<Vec<Planned>, Refusal> {
    let roster = people::roster(&desk.db).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let heads = broadcast::between(&desk.db, from, until).await?;
    let standings = Standings::of(desk, &heads).await?;
    let seen = heads.into_iter().filter(|head| sees(visitor, head));
    let planned = seen.filter_map(|head| {
        let (state, chip) = standings.tell(&head);
        Some(Planned {
            at: head.released_at.or(head.send_at)?,
            title: head.title.clone(),
            path: format!("{}/{}", super::PATH, head.id),
            state,
            chip,
            house: words::house(&roster, head.house),
            category: words::category(&profile, &head.category),
            head,
        })
    });
    Ok(planned.collect())
}

/// A planned broadcast with what residents read, and how many they are.
pub(in crate::console) async fn in_full(
    visitor: &Visitor,
    desk: &Desk,
    planned: Planned,
) -> Result<InFull, Refusal> {
    let found = super::find(visitor, desk, planned.head.id).await?;
    let profile = desk.rules.at(visitor.now).await?;
    let directory = area::directory(&desk.db).await?;
    let terms = terms(desk, &profile, &directory);
    let sent = match found.head.dispatch {
        Some(dispatch) => delivery::progress(&desk.db, visitor.now, dispatch).await?,
        None => None,
    };
    let (whom, people) = whom(visitor, desk, terms, &found, sent.as_ref()).await?;
    Ok(InFull {
        planned,
        whom,
        people,
        preview: preview(visitor, desk, terms, &found).await?,
    })
}
