//! Who sees which menu. What is at LINE tells it all: the names of the menus say whom they are for, and
//! the default menu whether a disaster is on.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::Mutex;

use super::apply::look_beyond;
use super::file::Audience;
use super::model::Name;
use super::plan::Found;
use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::language::Language;
use crate::line::UserId;
use crate::line::client::{Client, Failure, InvalidRecipients, MAX_RECIPIENTS, Recipients};
use crate::line::rich_menu::RichMenuId;
use crate::resident::Resident;

/// How long what LINE has is remembered, in minutes.
const REMEMBERED: i64 = 5;

/// What of a resident decides on their menu.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Viewer {
    /// Agreed, and said where they live.
    pub registered: bool,
    /// Told of a child, born or to come.
    pub parent: bool,
    /// What they read.
    pub language: Language,
}

/// The menus LINE shows, by whom and in which language.
#[derive(Debug, Clone)]
pub struct Showing {
    menus: HashMap<(Audience, String), RichMenuId>,
    default: Option<RichMenuId>,
    disaster: bool,
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
}

impl From<&Resident> for Viewer {
    fn from(resident: &Resident) -> Self {
        Self {
            registered: resident.is_registered(),
            parent: resident.children.as_ref().is_some_and(|c| !c.is_empty()),
            language: resident.language(),
        }
    }
}

impl Showing {
    /// Reads who is to see what from the names of our finished menus.
    pub fn of(found: &Found) -> Self {
        let menus = found
            .ours()
            .filter(|(id, _)| found.aliases.values().any(|pointed| pointed == *id))
            .filter_map(|(id, name)| Some(((name.shown_to?, name.language), id.clone())))
            .collect();
        Self {
            menus,
            default: found.default.clone(),
            disaster: found.shows_disaster(),
        }
    }

    /// Asks LINE. Where none of our menus is, nothing more is asked, and nobody's menu is touched.
    async fn read(line: &Client) -> Result<Self, Failure> {
        let menus = line.list_rich_menus().await?.body;
        if menus.iter().all(|menu| Name::read(&menu.name).is_none()) {
            return Ok(Self::of(&Found::default()));
        }
        Ok(Self::of(&look_beyond(line, menus).await?))
    }

    /// The menu of one's own that somebody needs; `None` when the default is theirs.
    pub fn menu_for(&self, viewer: Viewer) -> Option<&RichMenuId> {
        let audiences: &[Audience] = match (self.disaster, viewer.registered, viewer.parent) {
            (true, ..) => &[Audience::Disaster],
            (_, true, true) => &[Audience::Parents, Audience::Registered, Audience::Default],
            (_, true, false) => &[Audience::Registered, Audience::Default],
            (_, false, _) => &[Audience::Default],
        };
        let menu = audiences
            .iter()
            .find_map(|audience| self.in_language(*audience, viewer.language));
        menu.filter(|menu| self.default.as_ref() != Some(*menu))
    }

    fn in_language(&self, audience: Audience, language: Language) -> Option<&RichMenuId> {
        [language, Language::japanese()]
            .iter()
            .find_map(|language| self.menus.get(&(audience, language.code().to_owned())))
    }
}

/// Shows residents their menus as they register and change what is held of them.
#[derive(Debug, Clone)]
pub struct Board {
    line: Arc<Client>,
    showing: Arc<Mutex<Option<(Instant, Showing)>>>,
}

impl Board {
    /// A board that has not asked LINE yet.
    pub fn new(line: Arc<Client>) -> Self {
        Self {
            line,
            showing: Arc::default(),
        }
    }

    /// Shows `user` the menu for `viewer`, at once.
    ///
    /// # Errors
    /// LINE does not take it; the nightly repair will.
    pub async fn show(&self, now: Instant, user: &UserId, viewer: Viewer) -> Result<(), NotShown> {
        let remembered = self.showing(now, false).await?;
        match link(&self.line, &remembered, user, viewer).await {
            // The menu may have been replaced since.
            Err(Failure::Refused(_)) => {
                let fresh = self.showing(now, true).await?;
                Ok(link(&self.line, &fresh, user, viewer).await?)
            }
            other => Ok(other?),
        }
    }

    async fn showing(&self, now: Instant, afresh: bool) -> Result<Showing, Failure> {
        let mut remembered = self.showing.lock().await;
        if let Some((at, showing)) = &*remembered
            && !afresh
            && now - *at < TimeDelta::minutes(REMEMBERED)
        {
            return Ok(showing.clone());
        }
        let showing = Showing::read(&self.line).await?;
        *remembered = Some((now, showing.clone()));
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
        None if showing.menus.is_empty() => Ok(()),
        Some(menu) => line.link_rich_menu(user, menu).await.map(drop),
        None => line.unlink_rich_menu(user).await.map(drop),
    }
}

/// Gives every reachable resident the menu meant for them, 500 a call, and says how many after each page
/// of residents. Whoever has it already keeps it, so this repairs what drifted and continues what was cut off.
///
/// # Errors
/// See [`NotShown`]; those before keep their menus.
pub async fn link_everybody(
    db: &Db,
    line: &Client,
    mut told: impl FnMut(u64),
) -> Result<u64, NotShown> {
    let showing = Showing::read(line).await?;
    let (mut after, mut linked) = (0, 0);
    if showing.menus.is_empty() {
        return Ok(linked);
    }
    loop {
        let page = store::viewers_after(db.conn(), after).await?;
        let Some(last) = page.last else {
            return Ok(linked);
        };
        after = last;
        let mut groups: HashMap<Option<&RichMenuId>, Vec<UserId>> = HashMap::new();
        for (user, viewer) in page.viewers {
            groups
                .entry(showing.menu_for(viewer))
                .or_default()
                .push(user);
        }
        for (menu, users) in groups {
            for users in users.chunks(MAX_RECIPIENTS) {
                let users = Recipients::new(users.to_vec())?;
                match menu {
                    Some(menu) => line.bulk_link_rich_menu(&users, menu).await?,
                    None => line.bulk_unlink_rich_menu(&users).await?,
                };
                linked += u64::try_from(users.as_slice().len()).unwrap_or_default();
            }
        }
        told(linked);
    }
}

/// Puts the disaster menu in front of everybody, or takes it away again. Who has no menu of their own
/// sees it with the first call; the links of all others follow. Cut off, it is continued by saying it again.
///
/// # Errors
/// See [`NotShown`].
pub async fn switch(
    db: &Db,
    line: &Client,
    disaster: bool,
    told: impl FnMut(u64),
) -> Result<u64, NotShown> {
    let audience = if disaster {
        Audience::Disaster
    } else {
        Audience::Default
    };
    let showing = Showing::read(line).await?;
    let menu = showing
        .in_language(audience, Language::japanese())
        .ok_or(NotShown::NoMenu(audience.as_str()))?;
    line.set_default_rich_menu(menu).await?;
    link_everybody(db, line, told).await
}
