//! A report that nobody has confirmed in time is told each working day, quietly, until somebody does.

use std::collections::BTreeSet;

use kairan::calling::{self, Calling, Cause, Kind};
use kairan::clock::Instant;
use kairan::emergency::moves::Act;
use kairan::emergency::report;
use kairan::ids::EmergencyId;
use kairan::policy::Channel::Voice;

use super::{Ring, Who};
use crate::on_both;

impl Ring {
    /// The clock goes on until then, by Japan's time.
    fn until(&mut self, japan: &str) {
        let then: Instant = format!("{japan}:00+09:00").parse().unwrap();
        self.later((then - self.now()).num_seconds());
    }

    async fn reminds(&self) -> u64 {
        let (db, profile) = (&self.night.hall.db, &self.night.profile);
        report::remind(db, self.now(), profile).await.unwrap()
    }

    async fn reminders(&self, id: EmergencyId) -> Vec<Calling> {
        let mut all = calling::history(&self.night.hall.db, id.0).await.unwrap();
        all.retain(|calling| calling.cause == Some(Cause::Overdue));
        all
    }
}

on_both!(an_overdue_report_is_told_each_working_day, |ring: Ring| {
    let id = ring.night.ended("accepted").await;
    let written = ring.night.ended("accepted").await;
    ring.steps().await;
    ring.called();
    // Due on Wednesday when work ends.
    ring.until("2026-11-25T08:30");
    assert_eq!(ring.reminds().await, 0);
    for act in [(Who::OwnChief, Act::File), (Who::PrChief, Act::Confirm)] {
        ring.night.done(act.0, written, act.1).await;
    }
    ring.until("2026-11-26T08:30");
    assert_eq!(ring.reminds().await, 1);
    let [told] = &ring.reminders(id).await[..] else {
        panic!("once")
    };
    assert_eq!(told.kind, Kind::Notice);
    let people: BTreeSet<_> = told.calls.iter().map(|call| call.person).collect();
    let of_both = [
        Who::OwnChief,
        Who::OwnDeputy,
        Who::PrChief,
        Who::PrDeputy,
        Who::PrStaff,
        Who::Auditor,
    ];
    assert_eq!(people, of_both.map(|who| ring.person(who)).into());
    assert!(told.calls.iter().all(|call| call.channel != Some(Voice)));
    ring.steps().await;
    let letters = ring.mail.letters();
    assert_eq!(letters.len(), 5, "the auditor has no mailbox");
    for letter in letters {
        assert!(
            letter.subject.ends_with("の事後報告書が期限を過ぎています"),
            "{}",
            letter.subject
        );
    }
    assert_eq!(ring.reminders(written).await, []);

    // At night, made up for, and on a Saturday: nobody.
    for quiet in ["2026-11-26T23:00", "2026-11-28T08:30"] {
        ring.until(quiet);
        assert_eq!(ring.reminds().await, 0, "{quiet}");
    }
    ring.until("2026-11-30T08:30");
    assert_eq!(ring.reminds().await, 1);
    ring.night.done(Who::OwnChief, id, Act::File).await;
    ring.night.done(Who::PrChief, id, Act::Confirm).await;
    ring.until("2026-12-01T08:30");
    assert_eq!(ring.reminds().await, 0);
    assert_eq!(ring.reminders(id).await.len(), 2);
});
