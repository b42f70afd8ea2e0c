//! Everything the platform knows, and what happens in it: people act, the account speaks.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::api::narrowcast::Narrowcast;
use crate::clock::Timepiece;
use crate::fault::Faults;
use crate::ids;
use crate::ledger::{Counts, Log, ReplyTokens, RetryKeys};
use crate::menu::Menus;
use crate::options::{Options, Quota};
use crate::person::{Bubble, People, Person, Writer};
use crate::rate::Buckets;
use crate::webhook::{Courier, event};

/// The state of the platform; one lock guards it.
#[derive(Debug)]
pub(crate) struct World {
    pub(crate) options: Options,
    pub(crate) time: Timepiece,
    pub(crate) people: People,
    /// Groups and rooms the bot is in.
    pub(crate) groups: HashSet<String>,
    pub(crate) menus: Menus,
    pub(crate) faults: Faults,
    pub(crate) buckets: Buckets,
    pub(crate) reply_tokens: ReplyTokens,
    pub(crate) retry_keys: RetryKeys,
    pub(crate) counts: Counts,
    pub(crate) narrowcasts: BTreeMap<String, Narrowcast>,
    /// Stateless tokens and when they expire.
    pub(crate) issued: HashMap<String, DateTime<Utc>>,
    /// What people sent that is fetched from the api-data host, by message id.
    pub(crate) contents: HashMap<String, (String, Bytes)>,
    pub(crate) courier: Courier,
    pub(crate) log: Log,
    /// Events gathered for one body, while someone is gathering.
    gathered: Option<Vec<Value>>,
    messages: u64,
}

/// Messages on their way to people.
pub(crate) struct Post<'a> {
    pub(crate) messages: &'a [Arc<Value>],
    pub(crate) via: &'static str,
    pub(crate) silent: bool,
    pub(crate) request_id: &'a str,
}

impl World {
    pub(crate) fn new(options: Options) -> Self {
        Self {
            time: Timepiece::new(options.clock),
            people: People::default(),
            groups: HashSet::new(),
            menus: Menus::default(),
            faults: Faults::new(options.seed),
            buckets: Buckets::default(),
            reply_tokens: ReplyTokens::default(),
            retry_keys: RetryKeys::default(),
            counts: Counts::default(),
            narrowcasts: BTreeMap::new(),
            issued: HashMap::new(),
            contents: HashMap::new(),
            courier: Courier::to(options.webhook_url.clone()),
            log: Log::default(),
            gathered: None,
            messages: 0,
            options,
        }
    }

    pub(crate) fn next_message_id(&mut self) -> String {
        self.messages += 1;
        ids::message_id(self.messages)
    }

    /// Raises an event in a chat: a webhook goes out, or waits for its companions while gathering.
    pub(crate) fn happen(&mut self, chat: &str, kind: &str, own: Value, repliable: bool) {
        let now = self.time.now();
        let token = repliable.then(|| ids::hex(""));
        if let Some(token) = &token {
            self.reply_tokens.issue(token.clone(), chat.to_owned(), now);
        }
        let event = event::event(kind, own, chat, token.as_deref(), now);
        match &mut self.gathered {
            Some(events) => events.push(event),
            None => self.courier.send(chat, vec![event], &mut self.faults, self.options.memory),
        }
    }

    /// From here on events are gathered…
    pub(crate) fn gather(&mut self) {
        self.gathered.get_or_insert_default();
    }

    /// …and now sent in one body.
    pub(crate) fn send_gathered(&mut self) {
        let events = self.gathered.take().unwrap_or_default();
        self.courier.send("gathered", events, &mut self.faults, self.options.memory);
    }

    pub(crate) fn add_person(&mut self, name: &str) -> String {
        let id = ids::hex("U");
        self.people.add(Person::new(id.clone(), name.to_owned()));
        id
    }

    /// Adds people who are friends already, without a webhook: an audience for large sends.
    pub(crate) fn add_crowd(&mut self, count: usize) -> Vec<String> {
        (0..count)
            .map(|n| {
                let id = self.add_person(&format!("住民{}", n + 1));
                if let Some(person) = self.people.get_mut(&id) {
                    person.friend = true;
                }
                id
            })
            .collect()
    }

    pub(crate) fn follow(&mut self, user: &str) -> Result<(), String> {
        let person = self.person_mut(user)?;
        if person.is_reachable() {
            return Ok(());
        }
        let unblocked = person.blocked;
        person.friend = true;
        person.blocked = false;
        self.happen(user, "follow", json!({ "follow": { "isUnblocked": unblocked } }), true);
        Ok(())
    }

    pub(crate) fn block(&mut self, user: &str) -> Result<(), String> {
        let person = self.person_mut(user)?;
        if person.blocked {
            return Ok(());
        }
        person.blocked = true;
        person.quick_replies = None;
        self.happen(user, "unfollow", json!({}), false);
        Ok(())
    }

    pub(crate) fn person(&self, user: &str) -> Result<&Person, String> {
        self.people.get(user).ok_or_else(|| format!("there is nobody with the id {user}; add them first"))
    }

    pub(crate) fn person_mut(&mut self, user: &str) -> Result<&mut Person, String> {
        self.people.get_mut(user).ok_or_else(|| format!("there is nobody with the id {user}; add them first"))
    }

    /// A person writes: a bubble of theirs, and a message event. `shown` is the bubble's message.
    pub(crate) fn write(&mut self, user: &str, mut message: Value, shown: Value) -> Result<(), String> {
        let id = self.next_message_id();
        self.show_own(user, &id, shown)?;
        message["id"] = id.into();
        if matches!(message["type"].as_str(), Some("text" | "sticker" | "image")) {
            message["quoteToken"] = ids::hex("q").into();
        }
        message["markAsReadToken"] = ids::hex("m").into();
        self.happen(user, "message", json!({ "message": message }), true);
        Ok(())
    }

    /// A bubble of the person's own, without an event.
    pub(crate) fn show_own(&mut self, user: &str, id: &str, shown: Value) -> Result<(), String> {
        let now = self.time.now();
        let person = self.person_mut(user)?;
        if person.blocked {
            return Err(format!("{} has blocked the account and must unblock it first", person.name));
        }
        person.wrote_at = Some(now);
        person.quick_replies = None;
        person.chat.push(Bubble {
            id: id.to_owned(),
            at: now,
            writer: Writer::Me,
            message: Arc::new(shown),
            via: "",
            request_id: Arc::from(""),
            silent: false,
        });
        Ok(())
    }

    /// Puts messages into a person's chat and gives their ids.
    pub(crate) fn deliver(&mut self, user: &str, post: &Post<'_>) -> Vec<String> {
        let ids: Vec<String> = post.messages.iter().map(|_| self.next_message_id()).collect();
        let now = self.time.now();
        if let Some(person) = self.people.get_mut(user) {
            let request_id: Arc<str> = Arc::from(post.request_id);
            person.loading_until = None;
            person.quick_replies = post.messages.last().and_then(|message| message.get("quickReply").cloned());
            for (id, message) in ids.iter().zip(post.messages) {
                person.chat.push(Bubble {
                    id: id.clone(),
                    at: now,
                    writer: Writer::Bot,
                    message: Arc::clone(message),
                    via: post.via,
                    request_id: Arc::clone(&request_id),
                    silent: post.silent,
                });
            }
        }
        ids
    }

    /// Whether the month's quota has room for so many recipients.
    pub(crate) fn quota_allows(&self, recipients: u64, now: DateTime<Utc>) -> bool {
        match self.options.quota {
            Quota::Unlimited => true,
            Quota::Limited(limit) => self.counts.usage(now) + recipients <= limit,
        }
    }
}
