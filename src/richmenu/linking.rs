//! Everybody gets the menu meant for them, 500 residents a call: LINE takes 2,000 such calls a second, but
//! only three batches an hour, and a batch cannot tell parents from others when a disaster ends.

use std::collections::HashMap;

use futures_util::future::try_join_all;
use futures_util::stream::{self, StreamExt};

use super::file::Audience;
use super::showing::{Showing, Viewer};
use super::state::State;
use super::store;
use crate::db::{Db, DbError, Tx};
use crate::line::UserId;
use crate::line::client::{Client, Failure, InvalidRecipients, MAX_RECIPIENTS, Recipients};
use crate::line::rich_menu::RichMenuId;

/// Residents asked about side by side.
const SIDE_BY_SIDE: usize = 32;
/// Residents of whom LINE may not say what they have, before it is LINE that is at fault.
const SKIPPED: u64 = 100;

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
    /// Everybody else has the menu meant for them.
    #[error(
        "of {skipped} residents LINE does not say which menu they have; they are asked for again next time: {last}"
    )]
    Skipped {
        /// How many.
        skipped: u64,
        /// What it said of the last.
        last: Failure,
    },
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
    let showing = Showing::read(line, disaster).await?;
    if showing.in_front(disaster).is_none() {
        return Err(NotShown::NoMenu(Audience::in_front(disaster).as_str()));
    }
    let tx = db.begin().await?;
    set_disaster_in(&tx, disaster).await?;
    tx.commit().await?;
    if put_in_front(db, line, |disaster| showing.in_front(disaster)).await? != disaster {
        return Err(NotShown::Overtaken);
    }
    relink(db, line, told).await
}

/// Says that the disaster menu is to be in front of everybody, or no longer, with whatever else `tx` decides.
/// After the commit [`follow`] makes it so.
///
/// # Errors
/// The database does not answer.
pub async fn set_disaster_in(tx: &Tx, disaster: bool) -> Result<(), DbError> {
    store::set_disaster(tx.conn(), disaster).await
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
    let showing = Showing::read(line, state.disaster).await?;
    let disaster = put_in_front(db, line, |disaster| showing.in_front(disaster)).await?;
    if disaster && !showing.is_empty() && showing.in_front(disaster).is_none() {
        return Err(NotShown::NoMenu(Audience::Disaster.as_str()));
    }
    relink(db, line, |_| {}).await
}

/// Shows by default what `menu` names for the way things stand, with a disaster or without, and looks once more
/// afterwards: whoever decided the contrary meanwhile may have asked LINE before us. Gives how things stand.
pub(super) async fn put_in_front<'a>(
    db: &Db,
    line: &Client,
    menu: impl Fn(bool) -> Option<&'a RichMenuId>,
) -> Result<bool, NotShown> {
    let mut disaster = store::state(db.conn()).await?.disaster;
    loop {
        if let Some(menu) = menu(disaster) {
            line.set_default_rich_menu(menu).await?;
        }
        let after = store::state(db.conn()).await?.disaster;
        if after == disaster {
            return Ok(disaster);
        }
        disaster = after;
    }
}

/// Gives everybody the menu meant for them, beginning with the first, whatever was being done about that.
pub(super) async fn link_everybody(db: &Db, line: &Client) -> Result<(), NotShown> {
    store::begin(db.conn()).await?;
    relink(db, line, |_| {}).await.map(drop)
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
/// off is finished first, and what is shown by default is mended. Whom LINE does not answer about is passed over.
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
    let mut showing = Showing::read(line, state.disaster).await?;
    if showing.is_empty() {
        return Ok(linked);
    }
    if !showing.is_in_front(state.disaster) {
        put_in_front(db, line, |disaster| showing.in_front(disaster)).await?;
        showing = Showing::read(line, state.disaster).await?;
    }
    let all = store::viewers_left(db.conn(), 0).await?;
    let (mut after, mut done, mut skipped) = (0, 0, None);
    loop {
        let page = store::viewers_after(db, after).await?;
        let Some(last) = page.last else {
            return match skipped {
                None => Ok(linked),
                Some((skipped, last)) => Err(NotShown::Skipped { skipped, last }),
            };
        };
        after = last;
        done += u64::try_from(page.viewers.len()).unwrap_or_default();
        let mut astray = Vec::new();
        let mut asked = stream::iter(page.viewers)
            .map(|(user, viewer)| if_astray(line, &showing, user, viewer))
            .buffer_unordered(SIDE_BY_SIDE);
        while let Some(asked) = asked.next().await {
            match asked {
                Ok(found) => astray.extend(found),
                Err(failure) => {
                    let so_many = skipped.map_or(1, |(before, _)| before + 1);
                    if so_many > SKIPPED {
                        return Err(failure.into());
                    }
                    skipped = Some((so_many, failure));
                }
            }
        }
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
