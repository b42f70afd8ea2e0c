//! Stories of decisions: who may agree to what, and what an agreement is worth.

use std::collections::BTreeSet;

use chrono::{NaiveDate, TimeDelta};
use kairan::approval::{
    self, ApprovalError, Approved, Demand, Digest, Frozen, Ground, House, NotApproved, Outcome,
    Request, Subject, SubjectKind, Submission, Verdict,
};
use kairan::audit::Actor;
use kairan::ids::PersonId;
use kairan::policy::Decider;
use kairan::staff::people::{self, End, Place, PostKind, Term};
use uuid::Uuid;

use crate::on_both;
use crate::staff::{Hall, deputy, term};
use crate::support::Begin;
use crate::support::database::Engine;

/// A town hall with a draft of the childcare section, waiting to be handed in.
struct Desk {
    hall: Hall,
    drafter: PersonId,
    section_chief: PersonId,
    pr_staff: PersonId,
    pr_chief: PersonId,
    subject: Subject,
}

impl Begin for Desk {
    async fn begin(engine: Engine) -> Self {
        let mut hall = Hall::begin(engine).await;
        let drafter = hall.holder("1001", hall.childcare_staff).await;
        let section_chief = hall.holder("1002", hall.childcare_chief).await;
        let pr_staff = hall.holder("2001", hall.pr_staff).await;
        let pr_chief = hall.holder("2002", hall.pr_chief).await;
        hall.now += TimeDelta::minutes(1);
        Self {
            hall,
            drafter,
            section_chief,
            pr_staff,
            pr_chief,
            subject: Subject {
                kind: SubjectKind::Broadcast,
                id: Uuid::from_u128(7),
            },
        }
    }
}

fn digest(text: &str) -> Digest {
    Digest::of(&text).unwrap()
}

impl Desk {
    fn frozen(&self, text: &str) -> Frozen {
        Frozen {
            subject: self.subject,
            revision: 1,
            digest: digest(text),
        }
    }

    fn submission(&self, way: &[Decider]) -> Submission {
        let way = way
            .iter()
            .map(|decider| Demand::of(*decider, Ground::Route));
        Submission {
            frozen: self.frozen("断水"),
            house: House::Section(self.hall.childcare),
            editors: BTreeSet::new(),
            way: way.collect(),
            policy: "2026-04-01".into(),
            until: None,
        }
    }

    async fn submits(&self, submission: Submission) -> Result<Request, ApprovalError> {
        let tx = self.hall.db.begin().await.unwrap();
        let request = approval::submit(&tx, self.hall.now, self.drafter, submission).await?;
        tx.commit().await.unwrap();
        Ok(request)
    }

    async fn says(
        &self,
        person: PersonId,
        request: &Request,
        verdict: Verdict,
    ) -> Result<Request, ApprovalError> {
        let seen = &request.frozen.digest;
        let tx = self.hall.db.begin().await.unwrap();
        let request =
            approval::decide(&tx, self.hall.now, person, request.id, seen, verdict).await?;
        tx.commit().await.unwrap();
        Ok(request)
    }

    async fn agrees(&self, person: PersonId, request: &Request) -> Result<Request, ApprovalError> {
        self.says(person, request, Verdict::Agree(None)).await
    }

    async fn approved(&self, text: &str) -> Result<Approved, NotApproved> {
        self.approved_on(self.hall.today(), text).await
    }

    async fn approved_on(&self, day: NaiveDate, text: &str) -> Result<Approved, NotApproved> {
        let tx = self.hall.db.begin().await.unwrap();
        approval::approved(&tx, day, &self.frozen(text)).await
    }

    async fn outcome(&self, request: &Request) -> Option<Outcome> {
        let found = approval::find(&self.hall.db, request.id).await.unwrap();
        found.unwrap().ended.map(|ended| ended.outcome)
    }
}

on_both!(
    everybody_on_the_way_agrees_in_turn_and_then_it_may_go_out,
    |desk: Desk| {
        let way = [Decider::SectionChief, Decider::OwnerChief];
        let not_asked = desk.approved("断水").await;
        assert!(matches!(not_asked, Err(NotApproved::NotAsked)));
        let request = desk.submits(desk.submission(&way)).await.unwrap();

        let too_early = desk.agrees(desk.pr_chief, &request).await;
        assert!(matches!(too_early, Err(ApprovalError::NotEntitled)));
        let request = desk.agrees(desk.section_chief, &request).await.unwrap();
        assert_eq!(request.current(), Some(1));
        assert!(matches!(
            desk.approved("断水").await,
            Err(NotApproved::Waiting)
        ));
        let request = desk.agrees(desk.pr_chief, &request).await.unwrap();

        assert_eq!(desk.outcome(&request).await, Some(Outcome::Approved));
        let approved = desk.approved("断水").await.unwrap();
        assert_eq!(approved.request(), request.id);
        assert_eq!(approved.frozen(), &desk.frozen("断水"));
        for act in ["submitted", "agreed", "approved"] {
            let wanted = if act == "agreed" { 2 } else { 1 };
            let found = desk.hall.record(&format!("approval.{act}")).await;
            assert_eq!(found.len(), wanted, "{act}");
        }
    }
);

on_both!(
    nobody_decides_on_what_they_wrote_on_nor_twice,
    |desk: Desk| {
        // The PR section's own staff helped with the text.
        let mut submission = desk.submission(&[Decider::OwnerOffice, Decider::OwnerOffice]);
        submission.editors.insert(desk.pr_staff);
        let request = desk.submits(submission).await.unwrap();
        let own = desk.agrees(desk.pr_staff, &request).await;
        assert!(matches!(own, Err(ApprovalError::Own)));
        let request = desk.agrees(desk.pr_chief, &request).await.unwrap();
        let twice = desk.agrees(desk.pr_chief, &request).await;
        assert!(matches!(twice, Err(ApprovalError::Own)));
        let stranger = desk.agrees(desk.section_chief, &request).await;
        assert!(matches!(stranger, Err(ApprovalError::NotEntitled)));
    }
);

on_both!(what_was_not_read_is_not_agreed_to, |desk: Desk| {
    let request = desk
        .submits(desk.submission(&[Decider::OwnerOffice]))
        .await
        .unwrap();
    let tx = desk.hall.db.begin().await.unwrap();
    let other = digest("別の文");
    let now = desk.hall.now;
    let decided = approval::decide(
        &tx,
        now,
        desk.pr_staff,
        request.id,
        &other,
        Verdict::Agree(None),
    )
    .await;
    assert!(matches!(decided, Err(ApprovalError::Changed)));
});

on_both!(a_return_says_why_and_ends_it, |desk: Desk| {
    let mut desk = desk;
    let request = desk
        .submits(desk.submission(&[Decider::OwnerOffice]))
        .await
        .unwrap();
    let silent = desk
        .says(desk.pr_staff, &request, Verdict::Return(" ".into()))
        .await;
    assert!(matches!(silent, Err(ApprovalError::NoReason)));
    let why = Verdict::Return("日付と曜日が合いません".into());
    let request = desk.says(desk.pr_staff, &request, why).await.unwrap();
    let ended = request.ended.clone().unwrap();
    assert_eq!(ended.reason.as_deref(), Some("日付と曜日が合いません"));
    let late = desk.agrees(desk.pr_chief, &request).await;
    assert!(matches!(late, Err(ApprovalError::Over(Outcome::Returned))));
    assert!(matches!(
        desk.approved("断水").await,
        Err(NotApproved::Over(Outcome::Returned))
    ));
    // Mended, it is handed in anew.
    desk.hall.now += TimeDelta::minutes(5);
    desk.submits(desk.submission(&[Decider::OwnerOffice]))
        .await
        .unwrap();
    let all = approval::history(&desk.hall.db, desk.subject)
        .await
        .unwrap();
    assert_eq!(all.len(), 2);
    assert!(all[0].ended.is_none(), "the newest comes first");
});

on_both!(
    what_is_to_be_on_record_is_agreed_to_in_words,
    |desk: Desk| {
        let mut desk = desk;
        let take = "UPDATE approval_step SET decided_by = ?, decided_at = ? WHERE request_id = ?";
        let most = "認".repeat(500);
        for (number, ground) in [(1, Ground::Category), (2, Ground::OutOfHours)] {
            desk.subject.id = Uuid::from_u128(number);
            let mut submission = desk.submission(&[Decider::OwnerChief]);
            submission.way[0].grounds.insert(ground);
            let request = desk.submits(submission).await.unwrap();
            assert!(request.needs_note());
            for silent in [None, Some(" 　\n".to_owned()), Some(format!("{most}長"))] {
                let verdict = Verdict::Agree(silent);
                let refused = desk.says(desk.pr_chief, &request, verdict).await;
                assert!(matches!(refused, Err(ApprovalError::NoNote)), "{refused:?}");
            }
            let takes = [
                desk.pr_chief.0.into(),
                desk.hall.now.into(),
                request.id.0.into(),
            ];
            let silent = desk.hall.sql(take, takes).await;
            assert!(silent.is_err(), "whoever writes");
            let early = "UPDATE approval_step SET note = 'x' WHERE request_id = ?";
            let early = desk.hall.sql(early, [request.id.0.into()]).await;
            assert!(early.is_err(), "words without an agreement");

            let verdict = Verdict::Agree(Some(format!("\n {most} ")));
            desk.says(desk.pr_chief, &request, verdict).await.unwrap();
            let found = approval::find(&desk.hall.db, request.id).await.unwrap();
            let taken = found.unwrap().steps[0].taken.clone().unwrap();
            assert_eq!(taken.note.as_deref(), Some(most.as_str()));
            let record = desk.hall.record("approval.agreed").await;
            let detail = &record[0].detail;
            assert!(
                detail["has_note"] == true && !detail.to_string().contains('認'),
                "the record says that there are words, and not which: {detail}"
            );
        }
    }
);

on_both!(elsewhere_words_are_welcome, |desk: Desk| {
    let way = [Decider::SectionChief, Decider::OwnerChief];
    let request = desk.submits(desk.submission(&way)).await.unwrap();
    assert!(!request.needs_note());
    let request = desk.agrees(desk.section_chief, &request).await.unwrap();
    let long = Verdict::Agree(Some("長".repeat(501)));
    let refused = desk.says(desk.pr_chief, &request, long).await;
    assert!(matches!(refused, Err(ApprovalError::NoNote)), "{refused:?}");
    let words = Verdict::Agree(Some("日付を確かめた".into()));
    let request = desk.says(desk.pr_chief, &request, words).await.unwrap();
    let notes = request.steps.iter().map(|step| {
        let taken = step.taken.as_ref().unwrap();
        taken.note.as_deref()
    });
    assert_eq!(notes.collect::<Vec<_>>(), [None, Some("日付を確かめた")]);
});

on_both!(
    an_agreement_is_to_these_contents_and_no_others,
    |desk: Desk| {
        let request = desk
            .submits(desk.submission(&[Decider::OwnerOffice]))
            .await
            .unwrap();
        let again = desk.submits(desk.submission(&[Decider::OwnerOffice])).await;
        assert!(matches!(again, Err(ApprovalError::Already)));
        desk.agrees(desk.pr_staff, &request).await.unwrap();
        desk.approved("断水").await.unwrap();
        assert!(matches!(
            desk.approved("断水。").await,
            Err(NotApproved::OtherContents)
        ));
        let mut later = desk.frozen("断水");
        later.revision = 2;
        let tx = desk.hall.db.begin().await.unwrap();
        let later = approval::approved(&tx, desk.hall.today(), &later).await;
        assert!(matches!(later, Err(NotApproved::NotAsked)));
        drop(tx);

        let tx = desk.hall.db.begin().await.unwrap();
        let by = Actor::Person(desk.drafter, None);
        approval::void(&tx, desk.hall.now, &by, desk.subject, "起案が変わったため")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(desk.outcome(&request).await, Some(Outcome::Void));
        assert!(matches!(
            desk.approved("断水").await,
            Err(NotApproved::Over(Outcome::Void))
        ));
    }
);

on_both!(what_is_taken_back_does_not_go_out, |desk: Desk| {
    let request = desk
        .submits(desk.submission(&[Decider::OwnerOffice]))
        .await
        .unwrap();
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    let tx = desk.hall.db.begin().await.unwrap();
    approval::withdraw(&tx, desk.hall.now, desk.drafter, desk.subject)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(matches!(
        desk.approved("断水").await,
        Err(NotApproved::Over(Outcome::Withdrawn))
    ));
    let tx = desk.hall.db.begin().await.unwrap();
    let nothing = approval::withdraw(&tx, desk.hall.now, desk.drafter, desk.subject).await;
    assert!(matches!(nothing, Err(ApprovalError::Missing)));
});

on_both!(
    a_deputy_decides_for_the_chief_and_it_is_marked,
    |desk: Desk| {
        let deputy_chief = desk.hall.holder("2003", desk.hall.pr_staff).await;
        let request = desk
            .submits(desk.submission(&[Decider::OwnerChief]))
            .await
            .unwrap();
        let nobody = desk.agrees(deputy_chief, &request).await;
        assert!(matches!(nobody, Err(ApprovalError::NotEntitled)));
        let post = desk.hall.pr_chief;
        let days = Term::since(desk.hall.today());
        desk.hall
            .agreed(deputy(post, deputy_chief, 1, days))
            .await
            .unwrap();
        let request = desk.agrees(deputy_chief, &request).await.unwrap();
        let taken = request.steps[0].taken.clone().unwrap();
        assert_eq!(
            (taken.by, taken.standing_in_for),
            (deputy_chief, Some(post))
        );
        assert_eq!(desk.outcome(&request).await, Some(Outcome::Approved));
    }
);

on_both!(who_left_the_post_decides_no_more, |desk: Desk| {
    let request = desk
        .submits(desk.submission(&[Decider::OwnerChief]))
        .await
        .unwrap();
    let roster = desk.hall.roster().await;
    let held = roster
        .holdings
        .iter()
        .find(|h| h.person == desk.pr_chief)
        .unwrap();
    let tx = desk.hall.db.begin().await.unwrap();
    people::end_holding(&tx, desk.hall.now, &Actor::Operator, held.id, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    let left = desk.agrees(desk.pr_chief, &request).await;
    assert!(matches!(left, Err(ApprovalError::NotEntitled)));
});

on_both!(
    a_contractors_manager_decides_for_their_own_only,
    |desk: Desk| {
        let hall = &desk.hall;
        let days = term("2026-04-01", "2027-03-31");
        let (ours, theirs) = (
            hall.contractor("カフェ企画", days).await,
            hall.contractor("別の会社", days).await,
        );
        let organisations = people::organisations(&hall.db).await.unwrap();
        let mut managers = Vec::new();
        for (number, organisation) in [("C-1", ours), ("C-2", theirs)] {
            let whole = organisations.iter().find(|o| o.id == organisation).unwrap();
            let place = Place::Organisation(whole.clone());
            let post = hall
                .post(PostKind::ContractManager, "業務処理責任者", place)
                .await;
            let mut person = crate::staff::named(number);
            person.organisation = Some(organisation);
            let person = hall.add(&person).await;
            hall.granted(post, person, term("2026-11-24", "2027-03-31"))
                .await;
            managers.push(person);
        }
        let mut submission = desk.submission(&[Decider::ContractManager]);
        submission.house = House::Organisation(ours);
        let request = desk.submits(submission).await.unwrap();
        let other = desk.agrees(managers[1], &request).await;
        assert!(matches!(other, Err(ApprovalError::NotEntitled)));
        let request = desk.agrees(managers[0], &request).await.unwrap();
        assert_eq!(desk.outcome(&request).await, Some(Outcome::Approved));
    }
);

on_both!(
    nobody_waits_for_a_decision_that_nobody_can_make,
    |desk: Desk| {
        let nowhere = desk.submits(desk.submission(&[])).await;
        assert!(matches!(nowhere, Err(ApprovalError::NoWay)));
        let nobody = desk
            .submits(desk.submission(&[Decider::ContractManager]))
            .await;
        assert!(matches!(
            nobody,
            Err(ApprovalError::NobodyDecides(Decider::ContractManager))
        ));
        let mut own = desk.submission(&[Decider::SectionChief]);
        own.editors.insert(desk.section_chief);
        assert!(matches!(
            desk.submits(own).await,
            Err(ApprovalError::NobodyDecides(Decider::SectionChief))
        ));
    }
);

on_both!(a_standing_approval_holds_to_its_last_day, |desk: Desk| {
    let mut desk = desk;
    desk.subject.kind = SubjectKind::Notice;
    let today = desk.hall.today();
    let standing = |until| Submission {
        until,
        ..desk.submission(&[Decider::OwnerOffice])
    };
    for wrong in [
        None,
        Some(today - TimeDelta::days(1)),
        Some(today + TimeDelta::days(366)),
    ] {
        let refused = desk.submits(standing(wrong)).await;
        assert!(matches!(refused, Err(ApprovalError::Until)), "{wrong:?}");
    }
    let until = "2027-03-31".parse().unwrap();
    let request = desk.submits(standing(Some(until))).await.unwrap();
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    desk.approved_on(until, "断水").await.unwrap();
    let after = desk.approved_on(until + TimeDelta::days(1), "断水").await;
    assert!(matches!(after, Err(NotApproved::Lapsed(day)) if day == until));
});

on_both!(the_database_keeps_the_rules_whoever_writes, |desk: Desk| {
    let hall = &desk.hall;
    let request = desk
        .submits(desk.submission(&[Decider::OwnerOffice]))
        .await
        .unwrap();
    let id = || sea_orm::Value::from(request.id.0);
    let approve =
        "UPDATE approval_request SET outcome = 'approved', ended_by = ?, ended_at = ? WHERE id = ?";
    let approves = || [desk.pr_chief.0.into(), hall.now.into(), id()];
    let take = "UPDATE approval_step SET decided_by = ?, decided_at = ? WHERE request_id = ?";
    let takes = |person: PersonId| [person.0.into(), hall.now.into(), id()];

    assert!(
        hall.sql(approve, approves()).await.is_err(),
        "before anybody agreed"
    );
    assert!(
        hall.sql(take, takes(desk.drafter)).await.is_err(),
        "by who wrote it"
    );
    for change in [
        "UPDATE approval_request SET digest = reason WHERE id = ?",
        "UPDATE approval_request SET revision = 2 WHERE id = ?",
        "UPDATE approval_request SET submitted_by = ended_by WHERE id = ?",
        "DELETE FROM approval_editor WHERE request_id = ?",
        "DELETE FROM approval_step WHERE request_id = ?",
        "DELETE FROM approval_request WHERE id = ?",
    ] {
        assert!(hall.sql(change, [id()]).await.is_err(), "{change}");
    }
    hall.sql(take, takes(desk.pr_chief)).await.unwrap();
    assert!(
        hall.sql(take, takes(desk.pr_staff)).await.is_err(),
        "taken once"
    );
    hall.sql(approve, approves()).await.unwrap();
    let back =
        "UPDATE approval_request SET outcome = NULL, ended_by = NULL, ended_at = NULL WHERE id = ?";
    assert!(
        hall.sql(back, [id()]).await.is_err(),
        "what is approved does not wait again"
    );
});
