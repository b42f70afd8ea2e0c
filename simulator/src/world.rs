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
use crate::reading::Readings;
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
    /// What people did with messages whose calls named an aggregation unit.
    pub(crate) readings: Readings,
    pub(crate) narrowcasts: BTreeMap<String, Narrowcast>,
    /// Stateless tokens and when they expire.
    pub(crate) issued: HashMap<String, DateTime<Utc>>,
    /// What people sent that is fetched from the api-data host, by message id.
    pub(crate) contents: HashMap<String, Sent>,
    pub(crate) courier: Courier,
    pub(crate) log: Log,
    /// Events gathered for one body, while someone is gathering.
    gathered: Option<Vec<Value>>,
    messages: u64,
}

/// A picture or file somebody sent.
#[derive(Debug)]
pub(crate) enum Sent {
    Content {
        content_type: String,
        bytes: Bytes,
    },
    /// The person took it back.
    Unsent,
}

/// Messages on their way to people.
pub(crate) struct Post<'a> {
    pub(crate) messages: &'a [Arc<Value>],
    pub(crate) via: &'static str,
    pub(crate) silent: bool,
    pub(crate) request_id: Arc<str>,
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
            readings: Readings::default(),
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

    /// Numbers for so many new messages, the first of them.
    fn number(&mut self, messages: usize) -> u64 {
        let first = self.messages + 1;
        self.messages += u64::try_from(messages).unwrap_or_default();
        first
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
            None => self
                .courier
                .send(chat, vec![event], &mut self.faults, self.options.memory),
        }
    }

    /// From here on events are gathered…
    pub(crate) fn gather(&mut self) {
        self.gathered.get_or_insert_default();
    }

    /// …and now sent in one body.
    pub(crate) fn send_gathered(&mut self) {
        let events = self.gathered.take().unwrap_or_default();
        self.courier
            .send("gathered", events, &mut self.faults, self.options.memory);
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
        self.happen(
            user,
            "follow",
            json!({ "follow": { "isUnblocked": unblocked } }),
            true,
        );
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
        self.people
            .get(user)
            .ok_or_else(|| format!("there is nobody with the id {user}; add them first"))
    }

    pub(crate) fn person_mut(&mut self, user: &str) -> Result<&mut Person, String> {
        self.people
            .get_mut(user)
            .ok_or_else(|| format!("there is nobody with the id {user}; add them first"))
    }

    /// A person writes: a bubble of theirs, and a message event. Gives the message id.
    pub(crate) fn write(&mut self, user: &str, mut message: Value) -> Result<String, String> {
        let id = self.show_own(user, message.clone())?;
        message["id"] = id.as_str().into();
        if matches!(message["type"].as_str(), Some("text" | "sticker" | "image")) {
            message["quoteToken"] = ids::hex("q").into();
        }
        message["markAsReadToken"] = ids::hex("m").into();
        self.happen(user, "message", json!({ "message": message }), true);
        Ok(id)
    }

    /// The person takes back a message: it can no longer be fetched, and an `unsend` event says so.
    pub(crate) fn unsend(&mut self, user: &str, message_id: &str) -> Result<(), String> {
        let person = self.person_mut(user)?;
        let before = person.chat.len();
        person
            .chat
            .retain(|bubble| bubble.writer != Writer::Me || bubble.id() != message_id);
        if person.chat.len() == before {
            return Err(format!("{} sent no message {message_id}", person.name));
        }
        self.contents.insert(message_id.to_owned(), Sent::Unsent);
        self.happen(
            user,
            "unsend",
            json!({ "unsend": { "messageId": message_id } }),
            false,
        );
        Ok(())
    }

    /// A bubble of the person's own, without an event.
    pub(crate) fn show_own(&mut self, user: &str, shown: Value) -> Result<String, String> {
        let now = self.time.now();
        let number = self.number(1);
        let person = self.person_mut(user)?;
        if person.blocked {
            return Err(format!(
                "{} has blocked the account and must unblock it first",
                person.name
            ));
        }
        person.wrote_at = Some(now);
        person.quick_replies = None;
        person.chat.push(Bubble {
            number,
            at: now,
            writer: Writer::Me,
            message: Arc::new(shown),
            via: "",
            request_id: Arc::from(""),
            silent: false,
        });
        Ok(ids::message_id(number))
    }

    /// Puts messages into a person's chat, if there is such a person, and gives the first one's number.
    pub(crate) fn deliver(&mut self, user: &str, post: &Post<'_>) -> u64 {
        let first = self.number(post.messages.len());
        let now = self.time.now();
        if let Some(person) = self.people.get_mut(user) {
            person.loading_until = None;
            let last = post.messages.last();
            let offers = last.filter(|message| message.get("quickReply").is_some());
            person.quick_replies = offers.cloned();
            for (number, message) in (first..).zip(post.messages) {
                person.chat.push(Bubble {
                    number,
                    at: now,
                    writer: Writer::Bot,
                    message: Arc::clone(message),
                    via: post.via,
                    request_id: Arc::clone(&post.request_id),
                    silent: post.silent,
                });
            }
        }
        first
    }

    /// Whether the month's quota has room for so many recipients.
    pub(crate) fn quota_allows(&self, recipients: u64, now: DateTime<Utc>) -> bool {
        match self.options.quota {
            Quota::Unlimited => true,
            Quota::Limited(limit) => self.counts.usage(now) + recipients <= limit,
        }
    }
}
