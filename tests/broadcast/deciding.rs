//! Deciding: what is frozen, who agrees, and what makes an agreement worth nothing.

use kairan::approval::{self, Ground, House, Verdict};
use kairan::broadcast::content::{Manuscript, Timing};
use kairan::broadcast::moves::State;
use kairan::broadcast::{self, BroadcastError};
use kairan::policy::{Answer, Decider, Profile};
use kairan::staff::people::{NewPerson, Place, PostKind};
use serde_json::json;

use super::{Desk, manuscript, own_work, saying, tomorrow, unsaid};
use crate::on_both;
use crate::staff::{named, term};

on_both!(a_draft_is_frozen_handed_in_and_agreed_to, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    let refused = desk.submits(id).await;
    assert!(
        matches!(refused, Err(BroadcastError::Findings(_))),
        "{refused:?}"
    );
    assert_eq!(desk.state(id).await, State::Draft);
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    let way: Vec<_> = request
        .steps
        .iter()
        .map(|step| step.demand.decider)
        .collect();
    assert_eq!(way, [Decider::OwnerOffice]);
    assert_eq!(request.policy, "2026-04-01");
    let found = desk.find(id).await;
    assert_eq!(found.head.state, State::Submitted);
    let issue = found.issue.unwrap();
    assert_eq!(issue.digest().unwrap(), request.frozen.digest);
    assert_eq!(
        issue.messages,
        json!([{ "type": "text", "text":
        "4か月児健診を12月3日(木)に行います。\n問い合わせ: 健康課 0000-00-2222" }])
    );
    assert!(desk.agrees(desk.drafter, &request).await.is_err());
    assert!(desk.agrees(desk.section_chief, &request).await.is_err());
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    assert_eq!(desk.state(id).await, State::Approved);
});

on_both!(who_wrote_on_it_does_not_decide_on_it, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    desk.edits(
        desk.pr_staff,
        id,
        &saying("健診は12月3日(木)です。電話 0000-00-2222"),
    )
    .await
    .unwrap();
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    assert!(own_work(&desk.agrees(desk.pr_staff, &request).await));
    desk.agrees(desk.pr_chief, &request).await.unwrap();
    assert_eq!(desk.state(id).await, State::Approved);
});

on_both!(what_is_sent_back_is_a_draft_again, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    let seen = &request.frozen.digest;
    let returned = Verdict::Return("持ち物を書いてください".into());
    desk.decides(desk.pr_staff, &request, seen, returned)
        .await
        .unwrap();
    let found = desk.find(id).await;
    assert_eq!((found.head.state, found.issue), (State::Draft, None));
    let history = approval::history(&desk.hall.db, found.head.subject())
        .await
        .unwrap();
    let why = history[0].ended.as_ref().unwrap().reason.as_deref();
    assert_eq!(why, Some("持ち物を書いてください"));
    // Nothing was changed: the answers still hold, and it may be handed in once more.
    let again = desk.submits(id).await.unwrap();
    desk.agrees(desk.pr_staff, &again).await.unwrap();
});

on_both!(any_edit_makes_an_agreement_void, |desk: Desk| {
    for decided in [false, true] {
        let id = desk.drafts(&manuscript()).await;
        desk.vouches(id).await;
        let request = desk.submits(id).await.unwrap();
        if decided {
            desk.agrees(desk.pr_staff, &request).await.unwrap();
        }
        let later = Manuscript {
            timing: Timing {
                send_at: Some(tomorrow(11)),
                ..manuscript().timing
            },
            ..manuscript()
        };
        assert_eq!(desk.edits(desk.drafter, id, &later).await.unwrap(), 2);
        let found = desk.find(id).await;
        assert_eq!((found.head.state, found.issue), (State::Draft, None));
        assert!(desk.agrees(desk.pr_chief, &request).await.is_err());
        assert!(desk.releases(id).await.is_err());
        let refused = desk.submits(id).await;
        assert!(
            matches!(refused, Err(BroadcastError::Findings(_))),
            "the answers were about other words"
        );
    }
});

on_both!(an_agreement_taken_along_is_void_too, |desk: Desk| {
    let id = desk.approved(&manuscript()).await;
    let now = desk.hall.now;
    let tx = desk.hall.db.begin().await.unwrap();
    let approved = broadcast::approved(&tx, now, id).await.unwrap();
    drop(tx);
    desk.edits(
        desk.drafter,
        id,
        &saying("健診は12月4日(金)です。電話 0000-00-2222"),
    )
    .await
    .unwrap();
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    // The same broadcast, approved anew: but not with these words.
    let terms = desk.terms();
    let released = desk
        .does(async |tx| broadcast::release(tx, tomorrow(10), terms, approved).await)
        .await;
    assert!(
        matches!(released, Err(BroadcastError::NotApproved(_))),
        "{released:?}"
    );
});

on_both!(the_chief_decides_where_the_policy_says_so, |desk: Desk| {
    let other = Manuscript {
        category: "other".into(),
        ..manuscript()
    };
    let id = desk.drafts(&other).await;
    desk.vouches(id).await;
    let request = desk.submits(id).await.unwrap();
    let step = &request.steps[0].demand;
    assert_eq!(
        (request.steps.len(), step.decider),
        (1, Decider::OwnerChief)
    );
    assert_eq!(step.grounds, [Ground::Route, Ground::Category].into());
    assert!(desk.agrees(desk.pr_staff, &request).await.is_err());
    assert!(unsaid(&desk.agrees(desk.pr_chief, &request).await));
    desk.agrees_saying(desk.pr_chief, &request, "広く知らせる必要がある")
        .await
        .unwrap();
    assert_eq!(desk.state(id).await, State::Approved);

    let unsure = desk.drafts(&manuscript()).await;
    desk.vouches(unsure).await;
    desk.answers(unsure, "undecided", Answer::Unsure)
        .await
        .unwrap();
    let request = desk.submits(unsure).await.unwrap();
    let way: Vec<_> = request
        .steps
        .iter()
        .map(|step| step.demand.decider)
        .collect();
    assert_eq!(way, [Decider::OwnerOffice, Decider::OwnerChief]);
    assert_eq!(request.steps[1].demand.grounds, [Ground::Answer].into());
    let request = desk.agrees(desk.pr_staff, &request).await.unwrap();
    assert_eq!(desk.state(unsure).await, State::Submitted);
    desk.agrees(desk.pr_chief, &request).await.unwrap();
    assert_eq!(desk.state(unsure).await, State::Approved);

    let blocked = desk.drafts(&manuscript()).await;
    desk.vouches(blocked).await;
    desk.answers(blocked, "undecided", Answer::Yes)
        .await
        .unwrap();
    assert!(matches!(
        desk.submits(blocked).await,
        Err(BroadcastError::Findings(_))
    ));
});

on_both!(of_two_who_submit_at_once_one_does, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    desk.vouches(id).await;
    let (one, other) = tokio::join!(desk.submits(id), desk.submits(id));
    assert_eq!(
        one.is_ok() as u8 + other.is_ok() as u8,
        1,
        "{one:?} {other:?}"
    );
});

on_both!(
    an_exception_to_the_hours_is_the_chiefs_and_then_it_goes_out,
    |desk: Desk| {
        desk.profile.sending.only_in_working_hours = true;
        let night = Manuscript {
            timing: Timing {
                send_at: Some(tomorrow(19)),
                valid_until: Some(tomorrow(21)),
            },
            ..manuscript()
        };
        let id = desk.drafts(&night).await;
        desk.vouches(id).await;
        // Nobody may make an exception.
        assert!(matches!(
            desk.submits(id).await,
            Err(BroadcastError::Findings(_))
        ));
        desk.profile.sending.exception_by = Some(Decider::OwnerChief);
        let request = desk.submits(id).await.unwrap();
        assert_eq!(request.steps[1].demand.decider, Decider::OwnerChief);
        assert_eq!(request.steps[1].demand.grounds, [Ground::OutOfHours].into());
        let request = desk.agrees(desk.pr_staff, &request).await.unwrap();
        assert!(unsaid(&desk.agrees(desk.pr_chief, &request).await));
        desk.agrees_saying(desk.pr_chief, &request, "夜のうちに知らせる必要がある")
            .await
            .unwrap();
        desk.hall.now = tomorrow(19);
        desk.releases(id).await.unwrap();
    }
);

on_both!(
    where_sections_need_a_grant_the_owners_chief_grants_each_draft,
    |desk: Desk| {
        for route in &mut desk.profile.routes {
            route.needs_grant = true;
        }
        let id = desk.drafts(&manuscript()).await;
        desk.vouches(id).await;
        let request = desk.submits(id).await.unwrap();
        let way: Vec<_> = request
            .steps
            .iter()
            .map(|step| step.demand.decider)
            .collect();
        assert_eq!(way, [Decider::OwnerOffice, Decider::OwnerChief]);
    }
);

on_both!(a_contractors_draft_goes_to_its_own_manager, |desk: Desk| {
    let contract = term("2026-04-01", "2027-03-31");
    let firm = desk.hall.contractor("株式会社みどり広報", contract).await;
    let organisations = kairan::staff::people::organisations(&desk.hall.db)
        .await
        .unwrap();
    let place = Place::Organisation(organisations.into_iter().find(|o| o.id == firm).unwrap());
    let mut people = Vec::new();
    for (number, kind) in [
        ("K-1", PostKind::ContractPoster),
        ("K-2", PostKind::ContractManager),
    ] {
        let post = desk.hall.post(kind, "担当", place.clone()).await;
        let worker = NewPerson {
            organisation: Some(firm),
            ..named(number)
        };
        let worker = desk.hall.add(&worker).await;
        desk.hall.granted(post, worker, contract).await;
        people.push(worker);
    }
    let (poster, manager) = (people[0], people[1]);
    let text = include_str!("../../policies/hokkaido-cafe.toml");
    desk.profile = Profile::parse(text).unwrap();
    let moving = Manuscript {
        category: "moving".into(),
        ..manuscript()
    };
    let id = desk
        .drafts_as(poster, House::Organisation(firm), &moving)
        .await
        .unwrap();
    desk.drafter = poster;
    desk.answers(id, "public", Answer::Yes).await.unwrap();
    desk.answers(id, "competition", Answer::No).await.unwrap();
    let request = desk.submits(id).await.unwrap();
    assert_eq!(request.steps[0].demand.decider, Decider::ContractManager);
    assert!(desk.agrees(desk.pr_chief, &request).await.is_err());
    assert!(desk.agrees(poster, &request).await.is_err());
    desk.agrees(manager, &request).await.unwrap();
    assert_eq!(desk.state(id).await, State::Approved);
});
