//! What becomes of what came: stopped and resumed, of unknown end, or missed.

use kairan::broadcast::NotClosed;
use kairan::delivery::{StopReason, Tally};
use kairan::reminder::{self, Became, Key, ReminderError};
use line_simulator::{Effect, Fault, Quota};

use super::{LAST, Reader, Room, next_for_a_child};
use crate::delivery::post::MULTICAST;
use crate::on_both;

const EVENING: &str = "2026-11-24T19:00:00";

impl Room {
    /// What became of everything that came today.
    async fn became(&self) -> Vec<(String, Became)> {
        let fared = reminder::fared(&self.town.db, self.today()).await.unwrap();
        let fared = fared.into_iter();
        fared
            .map(|fared| (fared.run.occasion.to_string(), fared.became))
            .collect()
    }

    /// What went wrong in the last days.
    async fn amiss(&self) -> Vec<(String, Became)> {
        let now = self.town.clock.now();
        let amiss = reminder::amiss(&self.town.db, now).await.unwrap();
        let amiss = amiss.into_iter();
        amiss
            .map(|fared| (fared.run.occasion.to_string(), fared.became))
            .collect()
    }

    /// A chief writes what they make of the first thing that came today.
    async fn closes(&self, by: kairan::ids::PersonId) -> Result<(), ReminderError> {
        let (by, now) = (self.signed(by).await, self.town.clock.now());
        let fared = reminder::fared(&self.town.db, self.today()).await.unwrap();
        let occasion = &fared[0].run.occasion;
        self.does(async |tx| reminder::close(tx, now, &by, occasion, "広報車で知らせた").await)
            .await
    }

    async fn resumes(&self, by: kairan::ids::PersonId) -> Result<usize, ReminderError> {
        let now = self.town.clock.now();
        let profile = self.town.product.office.rules.at(now).await.unwrap();
        let fared = reminder::fared(&self.town.db, self.today()).await.unwrap();
        let (by, notice) = (self.signed(by).await, self.notice(&Key::Garbage).await);
        self.does(async |tx| reminder::resume(tx, now, &by, &profile, &notice, &fared[0]).await)
            .await
    }

    /// Two who hear of Wednesday's PET bottles on the evening before, in force.
    async fn two_readers(&self) -> [Reader; 2] {
        let one = self.resident("本町1丁目", "before-19:00", None, &[]).await;
        let two = self.resident("本町2丁目", "before-19:00", None, &[]).await;
        self.in_force(&Key::Garbage, LAST).await;
        [one, two]
    }
}

const OCCASION: &str = "garbage/2026-11-25/before-19:00";

on_both!(
    an_evening_beyond_the_months_quota_stands_still_until_it_is_resumed,
    |room: Room| {
        let readers = room.two_readers().await;
        room.town.line.set_quota(Quota::Limited(1));
        room.at(EVENING);
        room.turn().await;
        let waiting = Tally {
            waiting: 2,
            ..Tally::default()
        };
        let stopped = [(
            OCCASION.to_owned(),
            Became::Stopped(StopReason::Quota, waiting),
        )];
        assert_eq!(room.became().await, stopped);
        assert_eq!(room.amiss().await, stopped);

        room.town.line.set_quota(Quota::Unlimited);
        room.turn().await;
        assert!(readers.iter().all(|reader| room.told(reader).is_empty()));
        let refused = room.resumes(room.drafter).await;
        assert!(
            matches!(refused, Err(ReminderError::NotTheirs)),
            "{refused:?}"
        );
        assert_eq!(room.resumes(room.pr_staff).await.unwrap(), 1);
        room.turn().await;
        room.turn().await;
        for reader in &readers {
            assert_eq!(room.told(reader).len(), 1, "everybody, once");
        }
        let accepted = Tally {
            accepted: 2,
            ..Tally::default()
        };
        assert_eq!(
            room.became().await,
            [(OCCASION.to_owned(), Became::Ended(accepted))]
        );
        assert_eq!(room.amiss().await, []);
        let again = room.resumes(room.pr_staff).await;
        assert!(matches!(again, Err(ReminderError::NotStopped)), "{again:?}");
        assert_eq!(room.hall.record("reminder.resumed").await.len(), 1);
    }
);

on_both!(
    what_is_too_late_or_agreed_to_no_more_is_not_resumed,
    |room: Room| {
        let readers = room.two_readers().await;
        room.town.line.set_quota(Quota::Limited(1));
        room.at(EVENING);
        room.turn().await;
        room.town.line.set_quota(Quota::Unlimited);
        let by = room.signed(room.pr_staff).await;
        let (notice, now) = (room.notice(&Key::Garbage).await, room.town.clock.now());
        room.does(async |tx| reminder::withdraw(tx, now, &by, &notice).await)
            .await
            .unwrap();
        let withdrawn = room.resumes(room.pr_staff).await;
        assert!(
            matches!(withdrawn, Err(ReminderError::NotApproved(_))),
            "{withdrawn:?}"
        );
        room.in_force(&Key::Garbage, LAST).await;
        room.at("2026-11-24T21:00:00");
        let late = room.resumes(room.pr_staff).await;
        assert!(matches!(late, Err(ReminderError::TooLate)), "{late:?}");
        room.turn().await;
        assert!(readers.iter().all(|reader| room.told(reader).is_empty()));
        let late = Tally {
            late: 2,
            ..Tally::default()
        };
        let lost = [(OCCASION.to_owned(), Became::Ended(late))];
        assert_eq!(room.became().await, lost);
        // Nobody heard: that is told until a chief has seen to it.
        assert_eq!(room.amiss().await, lost);
        let refused = room.closes(room.pr_staff).await;
        assert!(
            matches!(refused, Err(ReminderError::NotClosed(NotClosed::NotTheirs))),
            "{refused:?}"
        );
        room.closes(room.pr_chief).await.unwrap();
        assert_eq!(room.amiss().await, []);
        assert_eq!(room.became().await, lost);
        let closed = room.hall.record("reminder.closed").await;
        assert_eq!(closed.len(), 1);
        assert_eq!(closed[0].detail["people"], 2);
    }
);

on_both!(who_may_not_have_heard_is_told_of, |room: Room| {
    let readers = room.two_readers().await;
    let lost = Fault::with_probability(1.0, Effect::LostAnswer);
    room.town.line.inject(lost.on("POST", MULTICAST));
    room.at(EVENING);
    room.town.product.releasing.turn().await.unwrap();
    room.town.product.sender.step().await.unwrap();
    room.at("2026-11-24T21:00:00");
    room.turn().await;
    let unknown = Tally {
        unknown: 2,
        ..Tally::default()
    };
    assert_eq!(
        room.amiss().await,
        [(OCCASION.to_owned(), Became::Ended(unknown))]
    );
    for reader in &readers {
        assert!(room.told(reader).len() <= 1, "never twice");
    }
    // It does not go away by itself: only with its records.
    room.at("2026-12-24T10:00:00");
    assert_eq!(room.amiss().await.len(), 1);
    let (db, now) = (&room.town.db, room.town.clock.now());
    reminder::forget(db, now, 10).await.unwrap();
    assert_eq!(room.amiss().await, []);
});

on_both!(
    what_nobody_took_up_in_time_is_recorded_once,
    |room: Room| {
        let (day, rule, child) = next_for_a_child(&room).await;
        let readers = room.two_readers().await;
        let parent = room.resident("-", "none", None, &[child]).await;
        let later = room.resident("本町3丁目", "before-20:00", None, &[]).await;
        room.in_force(&rule, LAST).await;
        // Somebody looked in the morning, and nobody until the next noon.
        room.turn().await;
        room.at("2026-11-25T12:00:00");
        let other = room.town.product.releasing.clone();
        let (one, two) = tokio::join!(room.town.product.releasing.turn(), other.turn());
        one.unwrap();
        two.unwrap();
        room.turn().await;
        let missed = [
            (OCCASION.to_owned(), Became::Missed),
            ("garbage/2026-11-25/before-20:00".to_owned(), Became::Missed),
        ];
        assert_eq!(room.amiss().await, missed);
        let recorded = room.hall.record("reminder.missed").await;
        let mut occasions: Vec<_> = recorded
            .iter()
            .map(|entry| entry.detail["occasion"].as_str().unwrap())
            .collect();
        occasions.sort_unstable();
        assert_eq!(occasions, [&missed[0].0, &missed[1].0]);

        // A rule goes out late for some days; then it is missed, too.
        room.at(&format!("{}T09:00:00", day));
        room.turn().await;
        room.at(&format!("{}T10:00:00", day + chrono::Days::new(3)));
        room.turn().await;
        let key = rule.to_string();
        let of_rule = room.amiss().await.into_iter();
        let of_rule: Vec<_> = of_rule.filter(|(of, _)| of.starts_with(&key)).collect();
        assert!(
            matches!(of_rule[..], [(_, Became::Missed)]),
            "{key}: {of_rule:?}"
        );
        for reader in readers.iter().chain([&parent, &later]) {
            assert!(room.told(reader).is_empty());
        }
    }
);

on_both!(what_nobody_waited_for_is_not_missed, |room: Room| {
    // Not agreed to in time.
    room.resident("本町1丁目", "before-19:00", None, &[]).await;
    room.turn().await;
    room.at("2026-11-24T22:00:00");
    room.in_force(&Key::Garbage, LAST).await;
    room.turn().await;
    // Agreed to, but nobody wished to hear at eight when it was eight.
    room.resident("本町1丁目", "before-20:00", None, &[]).await;
    room.turn().await;
    assert_eq!(room.amiss().await, []);
    assert_eq!(room.hall.record("reminder.missed").await, []);
});
