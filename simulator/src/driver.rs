//! The hands: what people do, and what the operator does to the platform.

use std::time::Duration;

use actix_web::web::Bytes;
use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use crate::fault::Fault;
use crate::options::Quota;
use crate::world::Sent;
use crate::{Impossible, Simulator, ids, phone, reading};

impl Simulator {
    /// Sets the address webhooks go to.
    pub fn set_webhook(&self, url: &str) {
        self.platform
            .change(|world| world.courier.url = Some(url.to_owned()));
    }

    /// A person with a phone, who has not added the account yet; gives their user id.
    pub fn add_person(&self, name: &str) -> String {
        self.platform.change(|world| world.add_person(name))
    }

    /// People who are friends already, added without a webhook: an audience for large sends.
    pub fn add_crowd(&self, count: usize) -> Vec<String> {
        self.platform.change(|world| world.add_crowd(count))
    }

    /// The person adds the account as a friend (a `follow` event).
    ///
    /// # Errors
    /// If there is nobody with this id; so for everything a person does.
    pub fn follow(&self, user: &str) -> Result<(), Impossible> {
        Ok(self.platform.change(|world| world.follow(user))?)
    }

    /// The person blocks the account (an `unfollow` event).
    ///
    /// # Errors
    /// If there is nobody with this id.
    pub fn block(&self, user: &str) -> Result<(), Impossible> {
        Ok(self.platform.change(|world| world.block(user))?)
    }

    /// The person unblocks the account (a `follow` event with `isUnblocked`).
    ///
    /// # Errors
    /// If there is nobody with this id.
    pub fn unblock(&self, user: &str) -> Result<(), Impossible> {
        self.follow(user)
    }

    /// The person writes a text.
    ///
    /// # Errors
    /// If there is nobody with this id, or they have blocked the account.
    pub fn say(&self, user: &str, text: &str) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| phone::say(world, user, text))?)
    }

    /// The person sends a place, in degrees.
    ///
    /// # Errors
    /// If there is nobody with this id, or they have blocked the account.
    pub fn send_location(
        &self,
        user: &str,
        latitude: f64,
        longitude: f64,
    ) -> Result<(), Impossible> {
        let place = json!({ "latitude": latitude, "longitude": longitude });
        Ok(self
            .platform
            .change(|world| phone::send_location(world, user, &place))?)
    }

    /// The person sends a sticker.
    ///
    /// # Errors
    /// If there is nobody with this id, or they have blocked the account.
    pub fn send_sticker(
        &self,
        user: &str,
        package_id: &str,
        sticker_id: &str,
    ) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| phone::send_sticker(world, user, package_id, sticker_id))?)
    }

    /// The person sends a picture, which the account can fetch from the api-data host; gives its message id.
    ///
    /// # Errors
    /// If there is nobody with this id, or they have blocked the account.
    pub fn send_image(
        &self,
        user: &str,
        content_type: &str,
        bytes: Vec<u8>,
    ) -> Result<String, Impossible> {
        let message = json!({ "type": "image", "contentProvider": { "type": "line" } });
        Ok(self.platform.change(|world| {
            let id = world.write(user, message)?;
            let content = Sent::Content {
                content_type: content_type.to_owned(),
                bytes: Bytes::from(bytes),
            };
            world.contents.insert(id.clone(), content);
            Ok::<_, String>(id)
        })?)
    }

    /// The person takes back a message of theirs (an `unsend` event); `bubbles` tells its id.
    ///
    /// # Errors
    /// If they sent no such message.
    pub fn unsend(&self, user: &str, message_id: &str) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| world.unsend(user, message_id))?)
    }

    /// A postback event as any button could raise it, whether or not there is such a button.
    ///
    /// # Errors
    /// If there is nobody with this id, or they have blocked the account.
    pub fn postback(
        &self,
        user: &str,
        data: &str,
        params: Option<Value>,
    ) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| phone::postback(world, user, data, params))?)
    }

    /// The person taps what carries this label: a quick reply, a button in a bubble (the newest
    /// first), an area of the rich menu. Gives what the phone is to do beyond LINE: `{"open": uri}`,
    /// `{"copy": text}`, `{"inputOption": …}`.
    ///
    /// # Errors
    /// If nothing carries this label; the message lists what is to be seen.
    pub fn tap(&self, user: &str, label: &str) -> Result<Value, Impossible> {
        Ok(self.platform.change(|world| {
            let action = phone::find(world, user, label)?;
            phone::perform(world, user, &action)
        })?)
    }

    /// The person picks a date (`2026-11-22`), time (`07:30`) or both (`2026-11-22T07:30`) in the picker with this label.
    ///
    /// # Errors
    /// If there is no such picker, or it does not offer this value.
    pub fn pick_date(&self, user: &str, label: &str, value: &str) -> Result<(), Impossible> {
        Ok(self.platform.change(|world| {
            let action = phone::find(world, user, label)?;
            phone::pick(world, user, &action, value)
        })?)
    }

    /// The person opens the chat: every message in it has been displayed.
    ///
    /// # Errors
    /// If there is nobody with this id.
    pub fn open_chat(&self, user: &str) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| reading::open_chat(world, user))?)
    }

    /// The person opens an address that stands in a message. Tapping a button that opens one does the same.
    ///
    /// # Errors
    /// If no message they have shows it.
    pub fn open_address(&self, user: &str, url: &str) -> Result<(), Impossible> {
        Ok(self
            .platform
            .change(|world| reading::open_address(world, user, url))?)
    }

    /// The bot is invited to a group (a `join` event); gives the group's id.
    pub fn invite_to_group(&self) -> String {
        self.platform.change(|world| {
            let id = ids::hex("C");
            world.groups.insert(id.clone());
            world.happen(&id, "join", json!({}), true);
            id
        })
    }

    /// Raises any event in a chat (a user's, group's or room's id): `own` holds the properties of its kind.
    pub fn raise(&self, chat: &str, kind: &str, own: Value, repliable: bool) {
        self.platform
            .change(|world| world.happen(chat, kind, own, repliable));
    }

    /// Everything people do within `deeds` reaches the webhook in one body.
    pub fn in_one_body(&self, deeds: impl FnOnce(&Self)) {
        self.platform.change(|world| world.gather());
        deeds(self);
        self.platform.change(|world| world.send_gathered());
    }

    /// Delivers these bytes to the webhook as they are, signed rightly unless a signature is given.
    pub fn send_raw(&self, body: impl Into<Vec<u8>>, signature: Option<&str>) {
        let body = Bytes::from(body.into());
        let signature = signature.map(str::to_owned);
        self.platform.change(|world| {
            world
                .courier
                .send_raw(body, signature, world.options.memory)
        });
    }

    /// Delivers again the webhook that carried this event, once, marked as a redelivery.
    ///
    /// # Errors
    /// If no webhook carried it, or it is still on its way.
    pub fn redeliver(&self, webhook_event_id: &str) -> Result<(), Impossible> {
        if self
            .platform
            .change(|world| world.courier.redeliver(webhook_event_id))
        {
            return Ok(());
        }
        Err(Impossible(format!(
            "no settled webhook carried {webhook_event_id}; webhook_log() lists them"
        )))
    }

    /// Puts a fault in the way.
    pub fn inject(&self, fault: Fault) {
        self.platform.change(|world| world.faults.inject(fault));
    }

    /// Takes all faults away and lets go of webhooks held back for reordering.
    pub fn clear_faults(&self) {
        self.platform.change(|world| {
            world.faults.clear();
            world.courier.release();
        });
    }

    /// Switches redelivery of failed webhooks on or off.
    pub fn set_redelivery(&self, on: bool) {
        self.platform.change(|world| world.options.redelivery = on);
    }

    /// Batches of menus are from now on said to be under way so often before they have ended.
    pub fn slow_menu_batches(&self, polls: u32) {
        self.platform
            .change(|world| world.menus.slow_batches = polls);
    }

    /// So many batches of menus from now on fail, and change nothing.
    pub fn fail_menu_batches(&self, count: u32) {
        self.platform
            .change(|world| world.menus.failing_batches = count);
    }

    /// Sets the monthly quota.
    pub fn set_quota(&self, quota: Quota) {
        self.platform.change(|world| world.options.quota = quota);
    }

    /// The simulator's time.
    pub fn now(&self) -> DateTime<Utc> {
        self.platform.look(|world| world.time.now())
    }

    /// Sets the clock. Rate limits are not affected.
    pub fn set_time(&self, now: DateTime<Utc>) {
        self.platform.change(|world| world.time.set(now));
    }

    /// Moves the clock on; the allowances of rate limits grow as if the time had passed.
    pub fn advance(&self, by: Duration) {
        self.platform.change(|world| world.time.advance(by));
    }
}
