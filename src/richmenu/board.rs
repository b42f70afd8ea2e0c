//! Shows residents their menus as they register and change what is held of them.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::Mutex;

use super::linking::NotShown;
use super::showing::{Showing, Viewer};
use super::state::State;
use super::store;
use crate::clock::Instant;
use crate::db::Db;
use crate::line::UserId;
use crate::line::client::{Client, Failure};

/// How long what LINE has is remembered, in minutes, unless it is known to have changed.
const REMEMBERED: i64 = 5;

/// Shows residents their menus.
#[derive(Debug, Clone)]
pub struct Board {
    db: Db,
    line: Arc<Client>,
    remembered: Arc<Mutex<Option<Remembered>>>,
}

#[derive(Debug, Clone)]
struct Remembered {
    at: Instant,
    revision: i64,
    showing: Showing,
}

impl Board {
    /// A board that has not asked LINE yet.
    pub fn new(db: Db, line: Arc<Client>) -> Self {
        Self {
            db,
            line,
            remembered: Arc::default(),
        }
    }

    /// Shows `user` the menu for `viewer`, at once. Whether a disaster is on is asked of the database, so
    /// that a switch by another process holds from its first moment.
    ///
    /// # Errors
    /// LINE does not take it, or the database does not answer; the nightly repair will.
    pub async fn show(&self, now: Instant, user: &UserId, viewer: Viewer) -> Result<(), NotShown> {
        let mut state = store::state(self.db.conn()).await?;
        loop {
            let remembered = self.showing(now, state, false).await?;
            match link(&self.line, &remembered, user, viewer).await {
                // The menu may have been replaced since.
                Err(Failure::Refused(_)) => {
                    let fresh = self.showing(now, state, true).await?;
                    link(&self.line, &fresh, user, viewer).await?;
                }
                other => other?,
            }
            let after = store::state(self.db.conn()).await?;
            if after.revision == state.revision {
                return Ok(());
            }
            // Something else is to be shown since we looked: it may have come before our call.
            state = after;
        }
    }

    async fn showing(&self, now: Instant, state: State, afresh: bool) -> Result<Showing, Failure> {
        let mut remembered = self.remembered.lock().await;
        if let Some(known) = &*remembered
            && !afresh
            && known.revision == state.revision
            && now - known.at < TimeDelta::minutes(REMEMBERED)
        {
            return Ok(known.showing.clone());
        }
        let showing = Showing::read(&self.line, state.disaster).await?;
        *remembered = Some(Remembered {
            at: now,
            revision: state.revision,
            showing: showing.clone(),
        });
        Ok(showing)
    }
}

async fn link(
    line: &Client,
    showing: &Showing,
    user: &UserId,
    viewer: Viewer,
) -> Result<(), Failure> {
    match showing.menu_for(viewer) {
        None if showing.is_empty() => Ok(()),
        Some(menu) => line.link_rich_menu(user, menu).await.map(drop),
        None => line.unlink_rich_menu(user).await.map(drop),
    }
}
