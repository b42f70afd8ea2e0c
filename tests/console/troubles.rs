//! When not all of it goes out, and when the chief does not answer: what is left to do, on pages.

use chrono::TimeDelta;
use kairan::emergency::moves::State;
use kairan::ids::PersonId;
use line_simulator::{Effect, Fault};

use super::emergencies::{Night, confirms, enrolled_in_person};
use crate::on_both;
use crate::support::console::{Staff, leads_to};
use crate::support::form_data::hidden;

const BROADCAST: &str = "/v2/bot/message/broadcast";

async fn page(staff: &Staff, path: &str) -> String {
    let answer = staff.get(path).await;
    assert_eq!(answer.status(), 200, "{path}");
    answer.text().await.unwrap()
}

impl Night {
    /// Sent, but LINE always answers so.
    async fn sent_into(&self, effect: Effect) -> String {
        let path = self.concurred().await;
        let fault = Fault::with_probability(1.0, effect).on("POST", BROADCAST);
        self.town.line.inject(fault);
        self.sends(&path).await.leads(&path);
        self.arrives().await;
        path
    }

    async fn state(&self, path: &str) -> State {
        self.find(path).await.head.state
    }

    /// Somebody who stands in for a chief, with a passkey that two administrators saw being enrolled.
    async fn deputy(&self, number: &str) -> Staff {
        let roster = self.hall.roster().await;
        let mut persons = roster.persons.values();
        let person = persons.find(|person| person.number.as_str() == number);
        let person: PersonId = person.unwrap().id;
        let staff = self.town.signs_in(person).await;
        enrolled_in_person(&self.town, person).await;
        staff
    }
}

on_both!(what_line_refused_is_sent_again, |night: Night| {
    let hanako = night.town.resident("花子").await;
    let path = night.sent_into(Effect::QuotaReached).await;
    assert_eq!(night.state(&path).await, State::Attention);
    assert_eq!(night.told(&hanako, "断水"), 0);
    let shown = page(&night.chief, &path).await;
    assert!(
        shown.contains("要対応") && shown.contains(&format!("{path}/retry")),
        "{shown}"
    );
    for staff in [&night.other, &night.drafter, &night.duty] {
        let shown = page(staff, &path).await;
        assert!(!shown.contains(&format!("{path}/retry")), "not theirs");
        let refused = staff.browser().post(&format!("{path}/retry"), &[]).await;
        refused.leads(&path);
        assert_eq!(night.state(&path).await, State::Attention);
    }
    // The month's messages were raised.
    night.town.line.clear_faults();
    let asked = page(&night.chief, &format!("{path}/retry")).await;
    assert!(
        asked.contains("これから送る人") && asked.contains("二度届きません"),
        "{asked}"
    );
    let again = night.chief.post(&format!("{path}/retry"), &[]).await;
    assert_eq!(leads_to(&again), path);
    night.arrives().await;
    assert_eq!(night.state(&path).await, State::Sent);
    assert_eq!(night.told(&hanako, "断水"), 1);
});

on_both!(
    what_did_not_go_out_is_left_at_that_for_a_reason,
    |night: Night| {
        let hanako = night.town.resident("花子").await;
        let path = night.sent_into(Effect::QuotaReached).await;
        night.town.line.clear_faults();
        let accept = format!("{path}/accept");
        let asked = page(&night.chief, &accept).await;
        assert!(asked.contains("別の手段で知らせてください"), "{asked}");
        let silent = night.chief.post(&accept, &[("reason", " ")]).await;
        assert_eq!(silent.status(), 422);
        assert_eq!(night.state(&path).await, State::Attention);
        let reason = [("reason", "防災行政無線と広報車で知らせた")];
        let foreign = night.other.browser();
        foreign.post(&accept, &reason).await.leads(&path);
        assert_eq!(night.state(&path).await, State::Attention, "not theirs");
        let accepted = night.chief.post(&accept, &reason).await;
        assert_eq!(leads_to(&accepted), path);
        assert_eq!(night.state(&path).await, State::Partial);
        night.arrives().await;
        assert_eq!(night.told(&hanako, "断水"), 0, "nothing more goes out");
        for at in [path.clone(), format!("{path}/report")] {
            let shown = page(&night.auditor, &at).await;
            assert!(
                shown.contains("一部配信") && shown.contains("防災行政無線と広報車"),
                "{at}: {shown}"
            );
        }
    }
);

on_both!(
    what_line_refused_for_good_is_not_offered_to_be_sent_again,
    |night: Night| {
        let hanako = night.town.resident("花子").await;
        let path = night.sent_into(Effect::Refused).await;
        assert_eq!(night.state(&path).await, State::Attention);
        night.town.line.clear_faults();
        let shown = page(&night.chief, &path).await;
        let (retry, stop) = (format!("{path}/retry"), format!("{path}/stop"));
        assert!(shown.contains(&format!("{path}/accept")), "{shown}");
        assert!(!shown.contains(&retry) && !shown.contains(&stop), "{shown}");
        assert!(!page(&night.duty, &path).await.contains(&stop));
        // Who kept the page of before is told why, and what to do.
        let again = night.chief.browser();
        again.post(&retry, &[]).await.leads(&path);
        assert_eq!(night.state(&path).await, State::Attention);
        let reason = [("reason", "防災行政無線で知らせた")];
        let accepted = night.chief.post(&format!("{path}/accept"), &reason).await;
        assert_eq!(leads_to(&accepted), path);
        assert_eq!(night.state(&path).await, State::Partial);
        night.arrives().await;
        assert_eq!(night.told(&hanako, "断水"), 0);
    }
);

on_both!(
    what_nobody_can_know_is_left_at_that_by_both,
    |night: Night| {
        night.town.resident("花子").await;
        let path = night.sent_into(Effect::LostAnswer).await;
        // Until it is too late to ask LINE whether it took it.
        for _ in 0..3 {
            night.town.later(TimeDelta::hours(9));
            night.arrives().await;
        }
        assert_eq!(night.state(&path).await, State::Attention);
        let night = signed_in_again(night).await;
        let reason = [("reason", "届いたかは町会長に聞く")];
        let alone = night.chief.browser();
        alone
            .post(&format!("{path}/accept"), &reason)
            .await
            .leads(&path);
        assert_eq!(
            night.state(&path).await,
            State::Attention,
            "the other chief decides first"
        );
        confirms(&night.other, &path, "accept_concur", &[])
            .await
            .leads(&path);
        assert_eq!(night.state(&path).await, State::Attention);
        confirms(&night.chief, &path, "accept", &reason)
            .await
            .leads(&path);
        assert_eq!(night.state(&path).await, State::Partial);
    }
);

/// Sessions do not last so long.
async fn signed_in_again(mut night: Night) -> Night {
    for staff in [&mut night.chief, &mut night.other] {
        super::emergencies::again(&night.town, staff).await;
    }
    night
}

on_both!(
    a_deputy_acts_for_a_chief_who_confirms_the_report,
    |night: Night| {
        night.town.resident("花子").await;
        let (own, pr) = (night.deputy("1003").await, night.deputy("2002").await);
        let path = night.conferring().await;
        // Not before the chief had the time to answer.
        let shown = page(&pr, &path).await;
        assert!(!shown.contains("代："), "{shown}");
        night.town.later(TimeDelta::minutes(3));
        let shown = page(&pr, &path).await;
        assert!(shown.contains("代：広報課"), "{shown}");
        confirms(&pr, &path, "concur", &[]).await.leads(&path);
        // Nor on the other side, whose chief is called only now.
        night.town.later(TimeDelta::minutes(3));
        let people = night.find(&path).await.issue.unwrap().people.to_string();
        let asked = page(&own, &format!("{path}/send")).await;
        assert!(asked.contains("の代理として"), "{asked}");
        confirms(&own, &path, "send", &[("people", &people)])
            .await
            .leads(&path);
        night.arrives().await;
        assert_eq!(night.state(&path).await, State::Sent);

        // Both stood in: the report says so, and the chiefs themselves file and confirm it (後閲).
        let report = format!("{path}/report");
        let shown = page(&night.auditor, &report).await;
        for says in ["代理が「同意する」を行いました", "代理が「配信"] {
            assert!(shown.contains(says), "{says}: {shown}");
        }
        let filed = [("words", "課長は出張中、代理が配信した。")];
        assert_eq!(leads_to(&night.chief.post(&report, &filed).await), report);
        let filed_at = hidden(&page(&night.other, &report).await, "filed_at");
        let confirm = format!("{report}/confirm");
        let fields = [("filed_at", filed_at.as_str())];
        let confirmed = night.other.post(&confirm, &fields).await;
        assert_eq!(leads_to(&confirmed), report);
        assert_eq!(night.state(&path).await, State::Closed);
        let shown = page(&night.auditor, &report).await;
        assert!(
            shown.contains("確認した人（後閲）") && shown.contains("代"),
            "{shown}"
        );
        let csv = night.auditor.get(&format!("{report}.csv")).await;
        let csv = csv.text().await.unwrap();
        assert_eq!(csv.matches("の代理）").count(), 2, "{csv}");
    }
);
