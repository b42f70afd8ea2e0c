//! The people with a phone, and their chats with the account.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

use crate::ids;

/// Who wrote a bubble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    Me,
    Bot,
}

/// One message in a chat.
#[derive(Clone, Debug)]
pub(crate) struct Bubble {
    /// The count its message id is made from; a million chats need no million texts.
    pub(crate) number: u64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) writer: Writer,
    pub(crate) message: Arc<Value>,
    /// The call that brought it (`reply`, `push`, …); empty for what the person wrote.
    pub(crate) via: &'static str,
    pub(crate) request_id: Arc<str>,
    /// Whether it came without a notification.
    pub(crate) silent: bool,
}

impl Bubble {
    /// The message id.
    pub(crate) fn id(&self) -> String {
        ids::message_id(self.number)
    }

    /// The bubble as JSON, for tests and for the page.
    pub(crate) fn view(&self) -> Value {
        json!({
            "id": self.id(),
            "from": if self.writer == Writer::Bot { "bot" } else { "me" },
            "timestamp": self.at.timestamp_millis(),
            "via": self.via,
            "requestId": &*self.request_id,
            "notificationDisabled": self.silent,
            "message": &*self.message,
        })
    }
}

/// One person.
#[derive(Debug)]
pub(crate) struct Person {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) friend: bool,
    pub(crate) blocked: bool,
    pub(crate) chat: Vec<Bubble>,
    /// The message whose quick replies are on the screen; any further message takes them away. Not a copy of them
    /// for each of a million people.
    pub(crate) quick_replies: Option<Arc<Value>>,
    /// The rich menu linked to this person by the API.
    pub(crate) menu: Option<String>,
    pub(crate) wrote_at: Option<DateTime<Utc>>,
    pub(crate) loading_until: Option<DateTime<Utc>>,
}

impl Person {
    pub(crate) fn new(id: String, name: String) -> Self {
        Self {
            id,
            name,
            friend: false,
            blocked: false,
            chat: Vec::new(),
            quick_replies: None,
            menu: None,
            wrote_at: None,
            loading_until: None,
        }
    }

    /// Whether a broadcast or multicast arrives.
    pub(crate) fn is_reachable(&self) -> bool {
        self.friend && !self.blocked
    }

    /// Whether a push arrives: also for seven days after a stranger wrote to the account.
    pub(crate) fn takes_push(&self, now: DateTime<Utc>) -> bool {
        let wrote_lately = self
            .wrote_at
            .is_some_and(|at| now - at < TimeDelta::days(7));
        !self.blocked && (self.friend || wrote_lately)
    }

    pub(crate) fn received(&self) -> impl Iterator<Item = &Bubble> {
        self.chat
            .iter()
            .filter(|bubble| bubble.writer == Writer::Bot)
    }
}

/// Everyone, in the order of their arrival.
#[derive(Debug, Default)]
pub(crate) struct People {
    by_id: HashMap<String, Person>,
    order: Vec<String>,
}

impl People {
    pub(crate) fn add(&mut self, person: Person) {
        self.order.push(person.id.clone());
        self.by_id.insert(person.id.clone(), person);
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Person> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Person> {
        self.by_id.get_mut(id)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Person> {
        self.order.iter().filter_map(|id| self.by_id.get(id))
    }

    pub(crate) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Person> {
        self.by_id.values_mut()
    }
}
