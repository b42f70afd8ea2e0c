//! Everybody gets the menu meant for them, 500 residents a call: LINE takes 2,000 such calls a second, but
//! only three batches an hour, and a batch cannot tell parents from others when a disaster ends.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::file::Audience;
use super::showing::{Showing, Viewer};
use super::state::State;
use super::store;
use super::variant::Variant;
use crate::db::{Db, DbError, Tx};
use crate::language::Language;
use crate::line::UserId;
use crate::line::client::{Client, Failure, InvalidRecipients, MAX_RECIPIENTS, Recipients};
use crate::line::rich_menu::RichMenuId;

/// Residents asked about side by side.
const SIDE_BY_SIDE: usize = 32;

/// How far everybody's menu has followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Residents dealt with in this run.
    pub done: u64,
    /// Residents there were to deal with when it began.
    pub all: u64,
}

/// Why somebody may not see the menu meant for them. Linking again is always safe.
#[derive(Debug, thiserror::Error)]
pub enum NotShown {
    /// LINE did not take a call.
    #[error(transparent)]
    Line(#[from] Failure),
    /// The database did not answer.
    #[error(transparent)]
    Db(#[from] DbError),
    /// No menu at LINE is for this.
    #[error("LINE has no menu `shown_to: {0}`; run `kairan rich-menu apply` first")]
    NoMenu(&'static str),
    /// One user stands in two rows.
    #[error(transparent)]
    Recipients(#[from] InvalidRecipients),
    /// Somebody has switched to the contrary meanwhile, and goes on from here.
    #[error("the menus were switched the other way meanwhile; that switch holds")]
    Overtaken,
}

/// Puts the disaster menu in front of everybody, or takes it away again.
///
/// That it is so is written down first, and every replica shows newly registered residents what holds
/// from then on. Who has no menu of their own sees it with the first call to LINE; the links of all others
/// follow, and `told` hears how far they are. Cut off, saying it again goes on where it stopped.
///
/// # Errors
/// See [`NotShown`].
pub async fn switch(
    db: &Db,
    line: &Client,
    disaster: bool,
    told: impl FnMut(Progress),
) -> Result<u64, NotShown> {
    let audience = if disaster {
        Audience::Disaster
    } else {
        Audience::Default
    };
    let showing = Showing::read(line, disaster).await?;
    let menu = showing
        .nearest(audience, Variant::usual(Language::japanese()))
        .ok_or(NotShown::NoMenu(audience.as_str()))?;
    let tx = db.begin().await?;
    set_disaster_in(&tx, disaster).await?;
    tx.commit().await?;
    line.set_default_rich_menu(menu).await?;
    relink(db, line, told).await
}

/// Says that the disaster menu is to be in front of everybody, or no longer, with whatever else `tx` decides.
/// After the commit [`follow`] makes it so.
///
/// # Errors
/// The database does not answer.
pub async fn set_disaster_in(tx: &Tx, disaster: bool) -> Result<(), DbError> {
    let state = store::state(tx.conn()).await?;
    if state.disaster != disaster || state.reached.is_none() {
        store::set_state(tx.conn(), disaster, Some(0)).await?;
    }
    Ok(())
}

/// Makes LINE show what was said with [`set_disaster_in`], or in a switch that was cut off; says how many
/// residents' menus that changed. Nothing to do is nothing done: safe to call at any time.
///
/// # Errors
/// See [`NotShown`]; the next call goes on.
pub async fn follow(db: &Db, line: &Client) -> Result<u64, NotShown> {
    let state = store::state(db.conn()).await?;
    if state.reached.is_none() {
        return Ok(0);
    }
    let audience = match state.disaster {
        true => Audience::Disaster,
        false => Audience::Default,
    };
    let showing = Showing::read(line, state.disaster).await?;
    let usual = Variant::usual(Language::japanese());
    if let Some(menu) = showing.nearest(audience, usual) {
        line.set_default_rich_menu(menu).await?;
    } else if state.disaster && !showing.is_empty() {
        return Err(NotShown::NoMenu(audience.as_str()));
    }
    relink(db, line, |_| {}).await
}

/// Says that who sees which has changed, so that [`relink`] begins with the first resident.
pub(super) async fn begin(db: &Db) -> Result<(), DbError> {
    let tx = db.begin().await?;
    let state = store::state(tx.conn()).await?;
    store::set_state(tx.conn(), state.disaster, Some(0)).await?;
    tx.commit().await
}

/// Says that LINE has other menus than before.
pub(super) async fn renew(db: &Db) -> Result<(), DbError> {
    let tx = db.begin().await?;
    let state = store::state(tx.conn()).await?;
    store::set_state(tx.conn(), state.disaster, state.reached).await?;
    tx.commit().await
}

/// Links every resident who was not reached yet, without asking what they have; says how many.
pub(super) async fn relink(
    db: &Db,
    line: &Client,
    mut told: impl FnMut(Progress),
) -> Result<u64, NotShown> {
    let begun = store::state(db.conn()).await?;
    let all = match begun.reached {
        Some(reached) => store::viewers_left(db.conn(), reached).await?,
        None => return Ok(0),
    };
    let mut done = 0;
    let mut state = begun;
    let mut showing = Showing::read(line, state.disaster).await?;
    while let Some(reached) = state.reached {
        let page = store::viewers_after(db, reached).await?;
        done += link(line, &showing, page.viewers).await?;
        if page.last.is_some() {
            told(Progress { done, all });
        }
        if store::reach(db.conn(), state.revision, page.last).await? {
            state.reached = page.last;
        } else {
            state = continued(db, state).await?;
            showing = Showing::read(line, state.disaster).await?;
        }
    }
    Ok(done)
}

/// The state somebody else has written meanwhile, if it is one to go on with.
async fn continued(db: &Db, before: State) -> Result<State, NotShown> {
    let state = store::state(db.conn()).await?;
    match state.disaster == before.disaster {
        true => Ok(state),
        false => Err(NotShown::Overtaken),
    }
}

/// Gives every reachable resident the menu meant for them who has another, and says how many had. A tab
/// of what is meant for them is no other: nobody is moved off the tab they are on. A switch that was cut
/// off is finished first.
///
/// # Errors
/// See [`NotShown`]; those before keep their menus.
pub async fn repair(
    db: &Db,
    line: &Client,
    mut told: impl FnMut(Progress),
) -> Result<u64, NotShown> {
    let mut linked = relink(db, line, &mut told).await?;
    let state = store::state(db.conn()).await?;
    let showing = Showing::read(line, state.disaster).await?;
    if showing.is_empty() {
        return Ok(linked);
    }
    let all = store::viewers_left(db.conn(), 0).await?;
    let (mut after, mut done) = (0, 0);
    loop {
        let page = store::viewers_after(db, after).await?;
        let Some(last) = page.last else {
            return Ok(linked);
        };
        after = last;
        done += u64::try_from(page.viewers.len()).unwrap_or_default();
        let astray = stream::iter(page.viewers)
            .map(|(user, viewer)| if_astray(line, &showing, user, viewer))
            .buffer_unordered(SIDE_BY_SIDE)
            .try_filter_map(async |astray| Ok(astray))
            .try_collect()
            .await?;
        linked += link(line, &showing, astray).await?;
        told(Progress { done, all });
    }
}

/// The resident, if LINE shows them another menu than the one meant for them.
async fn if_astray(
    line: &Client,
    showing: &Showing,
    user: UserId,
    viewer: Viewer,
) -> Result<Option<(UserId, Viewer)>, Failure> {
    let has = line.rich_menu_of(&user).await?.body;
    let suits = showing.suits(has.as_ref(), viewer);
    Ok((!suits).then_some((user, viewer)))
}

/// Links these residents, in as few calls as can be; says how many they were.
async fn link(
    line: &Client,
    showing: &Showing,
    viewers: Vec<(UserId, Viewer)>,
) -> Result<u64, NotShown> {
    if showing.is_empty() {
        return Ok(0);
    }
    let linked = viewers.len();
    let mut groups: HashMap<Option<&RichMenuId>, Vec<UserId>> = HashMap::new();
    for (user, viewer) in viewers {
        groups
            .entry(showing.menu_for(viewer))
            .or_default()
            .push(user);
    }
    let mut calls = Vec::new();
    for (menu, users) in groups {
        for users in users.chunks(MAX_RECIPIENTS) {
            calls.push((menu, Recipients::new(users.to_vec())?));
        }
    }
    try_join_all(calls.iter().map(|(menu, users)| async move {
        match menu {
            Some(menu) => line.bulk_link_rich_menu(users, menu).await,
            None => line.bulk_unlink_rich_menu(users).await,
        }
    }))
    .await?;
    Ok(u64::try_from(linked).unwrap_or_default())
}
