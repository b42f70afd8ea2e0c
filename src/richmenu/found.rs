//! What is there: LINE's menus, and what the town remembers of them.

use std::collections::BTreeMap;

use super::allowance::Allowance;
use super::model::Name;
use super::store;
use crate::clock::Instant;
use crate::db::{Db, DbError};
use crate::line::client::{Client, Failure, ListedMenu};
use crate::line::rich_menu::RichMenuId;

/// What there is.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// All menus at LINE.
    pub menus: Vec<FoundMenu>,
    /// The menu behind each alias. LINE points an alias only at a menu that has its picture.
    pub aliases: BTreeMap<String, RichMenuId>,
    /// What people see who have no menu of their own.
    pub default: Option<RichMenuId>,
    /// Whether the disaster menu is in front, as the town decided.
    pub disaster: bool,
    /// Whether everybody is to be given their menu, or was being given it when that was cut off.
    pub(super) is_relinking: bool,
    /// How many scarce calls may still be made.
    pub(super) allowance: Allowance,
}

/// A menu at LINE.
#[derive(Debug, Clone)]
pub struct FoundMenu {
    /// LINE's id.
    pub id: RichMenuId,
    /// Its name there.
    pub name: String,
    /// The aliases its tabs switch to.
    pub leads_to: Vec<String>,
}

/// Why it cannot be said what there is.
#[derive(Debug, thiserror::Error)]
pub enum NotFound {
    /// LINE did not take a call.
    #[error(transparent)]
    Line(#[from] Failure),
    /// The database did not answer.
    #[error("the database: {0}")]
    Db(#[from] DbError),
}

impl Found {
    /// Whether LINE has any menu of ours.
    pub fn has_ours(&self) -> bool {
        self.ours().next().is_some()
    }

    /// Our menus, with what their names say.
    pub(super) fn ours(&self) -> impl Iterator<Item = (&FoundMenu, Name)> {
        self.menus
            .iter()
            .filter_map(|menu| Some((menu, Name::read(&menu.name)?)))
    }

    /// Menus that something else made.
    pub(super) fn foreign(&self) -> impl Iterator<Item = &FoundMenu> {
        self.menus
            .iter()
            .filter(|menu| Name::read(&menu.name).is_none())
    }

    /// The name of the menu behind an alias, if something else made that menu.
    pub(super) fn taken(&self, alias: &str) -> Option<&str> {
        let id = self.aliases.get(alias)?;
        let mut foreign = self.foreign();
        foreign
            .find(|menu| menu.id == *id)
            .map(|menu| menu.name.as_str())
    }

    /// Whether `id` has an alias: only then is it sure to have its picture.
    pub(super) fn is_complete(&self, id: &RichMenuId) -> bool {
        self.aliases.values().any(|pointed| pointed == id)
    }
}

/// Asks LINE and the database what there is.
///
/// # Errors
/// One of them does not answer.
pub async fn look(db: &Db, line: &Client, now: Instant) -> Result<Found, NotFound> {
    let state = store::state(db.conn()).await?;
    Ok(Found {
        disaster: state.disaster,
        is_relinking: state.reached.is_some() || state.is_due,
        allowance: Allowance::at(db, now).await?,
        ..at_line(line, list(line).await?).await?
    })
}

/// The menus LINE has.
pub(super) async fn list(line: &Client) -> Result<Vec<FoundMenu>, Failure> {
    let menus = line.list_rich_menus().await?.body;
    Ok(menus.into_iter().map(FoundMenu::from).collect())
}

/// What else LINE has, once the menus are known.
pub(super) async fn at_line(line: &Client, menus: Vec<FoundMenu>) -> Result<Found, Failure> {
    let aliases = line.list_rich_menu_aliases().await?.body;
    let default = match line.default_rich_menu().await {
        Ok(default) => Some(default.body),
        // None, or one made in LINE's manager.
        Err(Failure::Refused(refusal)) if matches!(refusal.status, 403 | 404) => None,
        Err(failure) => return Err(failure),
    };
    Ok(Found {
        menus,
        aliases: aliases.into_iter().collect(),
        default,
        ..Found::default()
    })
}

impl From<ListedMenu> for FoundMenu {
    fn from(menu: ListedMenu) -> Self {
        let areas = menu.areas.as_array().map(Vec::as_slice).unwrap_or_default();
        let alias = |area: &serde_json::Value| {
            let alias = area["action"]["richMenuAliasId"].as_str()?;
            Some(alias.to_owned())
        };
        Self {
            id: menu.rich_menu_id,
            name: menu.name,
            leads_to: areas.iter().filter_map(alias).collect(),
        }
    }
}
