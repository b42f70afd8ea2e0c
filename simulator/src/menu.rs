//! Rich menus, their images and aliases
//! (<https://developers.line.biz/en/docs/messaging-api/rich-menus-overview/>).

use std::collections::BTreeMap;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::ids;

/// The most menus, and the most aliases, an account may have.
pub(crate) const MAX: usize = 1_000;

/// One rich menu; its object never changes, its image is set once.
#[derive(Debug)]
pub(crate) struct Menu {
    pub(crate) id: String,
    pub(crate) object: Value,
    pub(crate) image: Option<(String, Bytes)>,
}

impl Menu {
    /// The menu as `GET /v2/bot/richmenu/{id}` shows it.
    pub(crate) fn view(&self) -> Value {
        let mut view = json!({ "richMenuId": self.id });
        for name in ["name", "size", "chatBarText", "selected", "areas"] {
            view[name] = self.object[name].clone();
        }
        view
    }

    /// Width and height in pixels.
    pub(crate) fn size(&self) -> (u64, u64) {
        let side = |name: &str| self.object["size"][name].as_u64().unwrap_or_default();
        (side("width"), side("height"))
    }
}

/// A batch of links and unlinks, done behind its 202.
#[derive(Debug)]
pub(crate) struct Batch {
    pub(crate) accepted_at: DateTime<Utc>,
    pub(crate) succeeded: bool,
    /// How often it is still said to be under way.
    pub(crate) ongoing: u32,
}

/// All menus of the account.
#[derive(Debug, Default)]
pub(crate) struct Menus {
    list: Vec<Menu>,
    pub(crate) aliases: BTreeMap<String, String>,
    pub(crate) default: Option<String>,
    pub(crate) batches: BTreeMap<String, Batch>,
    pub(crate) resumed: BTreeMap<String, String>,
    /// How often batches from now on are said to be under way before they have ended.
    pub(crate) slow_batches: u32,
    /// How many batches from now on fail, and change nothing.
    pub(crate) failing_batches: u32,
}

impl Menus {
    /// Keeps a menu and gives its id; `None` when the account has no room for another.
    pub(crate) fn add(&mut self, object: Value) -> Option<String> {
        (self.list.len() < MAX).then(|| {
            let id = ids::hex("richmenu-");
            self.list.push(Menu {
                id: id.clone(),
                object,
                image: None,
            });
            id
        })
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Menu> {
        self.list.iter().find(|menu| menu.id == id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Menu> {
        self.list.iter_mut().find(|menu| menu.id == id)
    }

    pub(crate) fn has_image(&self, id: &str) -> bool {
        self.get(id).is_some_and(|menu| menu.image.is_some())
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Menu> {
        self.list.iter()
    }

    /// Forgets a menu and what pointed at it; says whether there was one.
    pub(crate) fn remove(&mut self, id: &str) -> bool {
        let before = self.list.len();
        self.list.retain(|menu| menu.id != id);
        self.aliases.retain(|_, menu| menu != id);
        if self.default.as_deref() == Some(id) {
            self.default = None;
        }
        self.list.len() < before
    }

    /// The menu a person sees: their own first, then the default.
    pub(crate) fn shown(&self, own: Option<&str>) -> Option<&Menu> {
        let linked = own.and_then(|id| self.get(id));
        linked.or_else(|| self.default.as_deref().and_then(|id| self.get(id)))
    }
}
