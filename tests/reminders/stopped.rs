//! Who stops a reminder hears no more of it, however far it has come.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use kairan::line::UserId;
use kairan::reminder::Key;
use kairan::resident::{self, Child, GarbageReminder, Month, Resident};
use line_simulator::{Effect, Fault};

use super::{LAST, Reader, Room, next_for_a_child};
use crate::delivery::post::MULTICAST;
use crate::on_both;

const EVENING: &str = "2026-11-24T19:00:00";

impl Room {
    /// They change what they told.
    async fn changes(&self, reader: &Reader, change: impl FnOnce(&mut Resident)) {
        let (db, now) = (&self.town.db, self.town.clock.now());
        let user = UserId::parse(&reader.user).unwrap();
        let before = resident::find(db, &user).await.unwrap().unwrap();
        let mut after = before.clone();
        change(&mut after);
        let tx = db.begin().await.unwrap();
        resident::save(&tx, now, Some(&before), after, 1)
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// What is due is cut into envelopes, and nobody is called yet.
    async fn cuts(&self) {
        self.town.product.releasing.turn().await.unwrap();
    }
}

on_both!(
    who_has_lost_a_child_hears_nothing_of_what_was_cut_before,
    |room: Room| {
        let (day, key, child) = next_for_a_child(&room).await;
        let parent = async || room.resident("本町1丁目", "none", None, &[child]).await;
        let (stays, lost) = (parent().await, parent().await);
        let (another, bored) = (parent().await, parent().await);
        room.in_force(&key, LAST).await;
        room.at(&format!("{day}T10:00:00"));
        room.cuts().await;
        let none = |person: &mut Resident| person.children = Some(BTreeSet::new());
        room.changes(&lost, none).await;
        // Of another child of theirs they go on hearing, of this one not.
        let older = Child {
            month: Month::parse("2010-04").unwrap(),
            ..child
        };
        let only_older = |person: &mut Resident| person.children = Some([older].into());
        room.changes(&another, only_older).await;
        let no_topic = |person: &mut Resident| person.topics = Some(BTreeSet::new());
        room.changes(&bored, no_topic).await;
        room.arrives().await;
        assert_eq!(room.told(&stays).len(), 1);
        for person in [&lost, &another, &bored] {
            assert!(room.told(person).is_empty());
        }
    }
);

on_both!(
    who_stops_or_moves_their_hour_hears_nothing_at_the_old_one,
    |room: Room| {
        let neighbour = async || room.resident("本町1丁目", "before-19:00", None, &[]).await;
        let (stays, stops, later) = (neighbour().await, neighbour().await, neighbour().await);
        room.in_force(&Key::Garbage, LAST).await;
        room.at(EVENING);
        room.cuts().await;
        let hour = |hour: &str| {
            let hour = GarbageReminder::parse(hour).unwrap();
            move |person: &mut Resident| person.reminder = Some(hour)
        };
        room.changes(&stops, hour("none")).await;
        room.changes(&later, hour("before-20:00")).await;
        room.arrives().await;
        assert_eq!(room.told(&stays).len(), 1);
        assert!(room.told(&later).is_empty(), "not yet");
        room.at("2026-11-24T20:00:00");
        room.turn().await;
        assert_eq!(room.told(&later).len(), 1);
        assert!(room.told(&stops).is_empty());
        assert_eq!(room.told(&stays).len(), 1, "once");
    }
);

on_both!(
    who_stops_after_a_call_that_line_did_not_take_is_left_out_of_the_next,
    |room: Room| {
        let neighbour = async || room.resident("本町1丁目", "before-19:00", None, &[]).await;
        let (stays, stops) = (neighbour().await, neighbour().await);
        room.in_force(&Key::Garbage, LAST).await;
        let full = Fault::next(1, Effect::RateLimited);
        room.town.line.inject(full.on("POST", MULTICAST));
        room.at(EVENING);
        room.cuts().await;
        room.town.product.sender.step().await.unwrap();
        let never = |person: &mut Resident| person.reminder = Some(GarbageReminder::Never);
        room.changes(&stops, never).await;
        room.town.later(TimeDelta::minutes(1));
        room.arrives().await;
        assert_eq!(room.told(&stays).len(), 1);
        assert!(room.told(&stops).is_empty());
        let calls = room.town.line.requests().into_iter();
        let calls: Vec<_> = calls.filter(|call| call.path == MULTICAST).collect();
        assert_eq!(calls.len(), 2, "one refused, one taken");
        assert_ne!(calls[0].retry_key, calls[1].retry_key, "another call");
    }
);
