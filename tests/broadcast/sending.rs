//! Sending: only what was agreed to, only in its hour, only once.

use chrono::TimeDelta;
use kairan::broadcast::content::{Audience, Block, Manuscript, Timing};
use kairan::broadcast::moves::State;
use kairan::broadcast::{self, BroadcastError};
use kairan::delivery;
use kairan::policy::Profile;
use kairan::segment::parse;

use super::pictures::{entitled, kept, picture};
use super::{Desk, manuscript, saying, tomorrow};
use crate::on_both;

on_both!(
    what_was_agreed_to_goes_out_in_its_hour_and_once,
    |desk: Desk| {
        let id = desk.approved(&manuscript()).await;
        assert_eq!(
            broadcast::due(&desk.hall.db, desk.hall.now).await.unwrap(),
            []
        );
        assert!(matches!(
            desk.releases(id).await,
            Err(BroadcastError::NotYet)
        ));
        desk.hall.now = tomorrow(10);
        let due = broadcast::due(&desk.hall.db, desk.hall.now).await.unwrap();
        assert_eq!(due.iter().map(|head| head.id).collect::<Vec<_>>(), [id]);
        desk.releases(id).await.unwrap();
        let head = desk.find(id).await.head;
        assert_eq!(
            (head.state, head.released_at),
            (State::Sending, Some(tomorrow(10)))
        );
        let dispatch = delivery::find(&desk.hall.db, broadcast::SOURCE, &id.to_string())
            .await
            .unwrap();
        assert_eq!(head.dispatch, dispatch);
        assert!(dispatch.is_some());
        assert!(matches!(
            desk.releases(id).await,
            Err(BroadcastError::Refused { .. })
        ));
        assert_eq!(
            broadcast::due(&desk.hall.db, desk.hall.now).await.unwrap(),
            []
        );
    }
);

on_both!(nothing_goes_out_that_was_not_agreed_to, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    desk.hall.now = tomorrow(10);
    assert!(matches!(
        desk.releases(id).await,
        Err(BroadcastError::NoDraft(State::Draft))
    ));
    desk.hall.now = tomorrow(0);
    desk.vouches(id).await;
    desk.submits(id).await.unwrap();
    desk.hall.now = tomorrow(10);
    assert!(matches!(
        desk.releases(id).await,
        Err(BroadcastError::NotApproved(_))
    ));
});

on_both!(what_comes_too_late_is_not_sent, |desk: Desk| {
    let id = desk.approved(&manuscript()).await;
    let waits = desk.drafts(&manuscript()).await;
    desk.vouches(waits).await;
    desk.submits(waits).await.unwrap();
    desk.hall.now = tomorrow(18);
    assert!(matches!(
        desk.releases(id).await,
        Err(BroadcastError::TooLate)
    ));
    let now = desk.hall.now;
    let lapsed = desk
        .does(async |tx| broadcast::lapse_overdue(tx, now).await)
        .await
        .unwrap();
    assert_eq!(lapsed, 2);
    assert_eq!(
        (desk.state(id).await, desk.state(waits).await),
        (State::Late, State::Late)
    );
    assert_eq!(
        desk.does(async |tx| broadcast::lapse_overdue(tx, now).await)
            .await
            .unwrap(),
        0
    );
    // It may be written anew from where it stands.
    let next_day = Timing {
        send_at: Some(tomorrow(34)),
        valid_until: Some(tomorrow(40)),
    };
    let anew = Manuscript {
        timing: next_day,
        ..manuscript()
    };
    desk.edits(desk.drafter, id, &anew).await.unwrap();
    assert_eq!(desk.state(id).await, State::Draft);
});

on_both!(links_are_looked_at_again_when_it_is_sent, |desk: Desk| {
    use kairan::broadcast::statement::Shows;
    let url = "https://kosodate.example/";
    let text = format!("子育てのつどい {url}");
    let id = desk.drafts(&saying(&text)).await;
    desk.vouches(id).await;
    let opened = Shows::Opened {
        arrived: url.into(),
        title: "つどい".into(),
    };
    desk.shows(id, url, opened).await.unwrap();
    let request = desk.submits(id).await.unwrap();
    let denied = |desk: &Desk| Profile {
        links: kairan::policy::Links {
            denied: vec!["kosodate.example".into()],
            ..desk.profile.links.clone()
        },
        ..desk.profile.clone()
    };
    let before = desk.profile.clone();
    desk.profile = denied(&desk);
    assert!(matches!(
        desk.agrees(desk.pr_staff, &request).await,
        Err(BroadcastError::Findings(_))
    ));
    desk.profile = before.clone();
    desk.agrees(desk.pr_staff, &request).await.unwrap();
    desk.profile = denied(&desk);
    desk.hall.now = tomorrow(10);
    assert!(matches!(
        desk.releases(id).await,
        Err(BroadcastError::Findings(_))
    ));
    desk.profile = before;
    desk.releases(id).await.unwrap();
});

on_both!(
    outside_its_hours_nothing_goes_out_that_has_no_exception,
    |desk: Desk| {
        let at_once = Manuscript {
            timing: Timing {
                send_at: None,
                valid_until: Some(tomorrow(18)),
            },
            ..manuscript()
        };
        let id = desk.approved(&at_once).await;
        desk.profile.sending.only_in_working_hours = true;
        desk.hall.now = tomorrow(7);
        assert!(matches!(
            desk.releases(id).await,
            Err(BroadcastError::NotYet)
        ));
        desk.hall.now = tomorrow(9);
        desk.releases(id).await.unwrap();
    }
);

on_both!(it_is_stopped_resumed_and_done, |desk: Desk| {
    let id = desk.sent(&manuscript()).await;
    let by = desk.signed(desk.drafter).await;
    let now = desk.hall.now;
    desk.does(async |tx| broadcast::stop(tx, now, &by, id).await)
        .await
        .unwrap();
    assert_eq!(desk.state(id).await, State::Stopped);
    let again = desk
        .does(async |tx| broadcast::stop(tx, now, &by, id).await)
        .await;
    assert!(
        matches!(again, Err(BroadcastError::Refused { .. })),
        "{again:?}"
    );
    let alone = desk
        .does(async |tx| broadcast::resume(tx, now, &by, desk.terms(), id).await)
        .await;
    assert!(matches!(alone, Err(BroadcastError::NotTheirs)), "{alone:?}");
    let office = desk.signed(desk.pr_staff).await;
    desk.does(async |tx| broadcast::resume(tx, now, &office, desk.terms(), id).await)
        .await
        .unwrap();
    assert_eq!(desk.state(id).await, State::Sending);
    let stranger = desk.signed(desk.hall.first).await;
    let refused = desk
        .does(async |tx| broadcast::stop(tx, now, &stranger, id).await)
        .await;
    assert!(
        matches!(refused, Err(BroadcastError::NotTheirs)),
        "{refused:?}"
    );
    let refused = desk.edits(desk.drafter, id, &saying("別の文")).await;
    assert!(
        matches!(refused, Err(BroadcastError::Refused { .. })),
        "{refused:?}"
    );
    assert_eq!(broadcast::settle(&desk.hall.db, now).await.unwrap(), 0);
});

on_both!(
    a_correction_is_for_those_who_got_the_wrong_one,
    |desk: Desk| {
        let draft = desk.drafts(&manuscript()).await;
        let by = desk.signed(desk.drafter).await;
        let house = desk.house();
        let correct = async |desk: &Desk, wrong| {
            let (now, profile) = (desk.hall.now, &desk.profile);
            desk.does(async |tx| broadcast::correct(tx, now, &by, profile, house, wrong).await)
                .await
        };
        assert!(matches!(
            correct(&desk, draft).await,
            Err(BroadcastError::NotSent)
        ));
        let wrong = desk.sent(&manuscript()).await;
        desk.hall.now += TimeDelta::minutes(5);
        let id = correct(&desk, wrong).await.unwrap();
        let correction = desk.find(id).await;
        assert_eq!(correction.head.corrects, Some(wrong));
        assert_eq!(correction.manuscript.audience, Audience::Corrected(wrong));
        let everyone = Manuscript {
            audience: Audience::Segment(parse("everyone").unwrap()),
            ..correction.manuscript.clone()
        };
        let refused = desk.edits(desk.drafter, id, &everyone).await;
        assert!(
            matches!(refused, Err(BroadcastError::OtherCorrection)),
            "{refused:?}"
        );
        let elsewhere = Manuscript {
            category: "city".into(),
            ..correction.manuscript.clone()
        };
        let refused = desk.edits(desk.drafter, id, &elsewhere).await;
        assert!(
            matches!(refused, Err(BroadcastError::OtherCorrection)),
            "whom it reaches was chosen for another purpose: {refused:?}"
        );
        let timed = Manuscript {
            timing: Timing {
                send_at: None,
                valid_until: Some(tomorrow(20)),
            },
            ..correction.manuscript
        };
        desk.edits(desk.drafter, id, &timed).await.unwrap();
        desk.vouches(id).await;
        desk.submits(id).await.unwrap();
        let issue = desk.find(id).await.issue.unwrap();
        let text = issue.messages[0]["text"].as_str().unwrap();
        assert!(text.starts_with("【訂正】11月25日(水) 10:00に配信したお知らせを、つぎのとおり訂正します。\n\n4か月児健診"), "{text}");
        let linked = broadcast::corrections(&desk.hall.db, wrong).await.unwrap();
        assert_eq!(linked.iter().map(|head| head.id).collect::<Vec<_>>(), [id]);
    }
);

on_both!(what_is_given_up_stays_so, |desk: Desk| {
    let by = desk.signed(desk.drafter).await;
    let now = desk.hall.now;
    let id = desk.approved(&manuscript()).await;
    desk.does(async |tx| broadcast::withdraw(tx, now, &by, id).await)
        .await
        .unwrap();
    assert_eq!(desk.state(id).await, State::Withdrawn);
    desk.hall.now = tomorrow(10);
    assert!(desk.releases(id).await.is_err());
    let refused = desk.edits(desk.drafter, id, &saying("別の文")).await;
    assert!(
        matches!(refused, Err(BroadcastError::Refused { .. })),
        "{refused:?}"
    );
    let refused = desk
        .does(async |tx| broadcast::withdraw(tx, now, &by, id).await)
        .await;
    assert!(
        matches!(refused, Err(BroadcastError::Refused { .. })),
        "{refused:?}"
    );
});

on_both!(
    a_picture_is_public_while_something_approved_shows_it,
    |desk: Desk| {
        let now = desk.hall.now;
        let id = kept(&desk.hall.db, now, &picture(10), &entitled("会場"))
            .await
            .unwrap();
        let shown = Manuscript {
            blocks: vec![Block::Picture {
                picture: id,
                shows: "会場".into(),
                text: "会場はここです。電話 0000-00-2222".into(),
            }],
            ..manuscript()
        };
        let shows = async || broadcast::shows(&desk.hall.db, id).await.unwrap();
        let broadcast = desk.drafts(&shown).await;
        desk.vouches(broadcast).await;
        let request = desk.submits(broadcast).await.unwrap();
        assert!(!shows().await, "it waits");
        desk.agrees(desk.pr_staff, &request).await.unwrap();
        assert!(shows().await);
        desk.edits(desk.drafter, broadcast, &manuscript())
            .await
            .unwrap();
        assert!(!shows().await, "it is written on");
        let other = desk.approved(&shown).await;
        let due = broadcast::release_due(&desk.hall.db, tomorrow(10), desk.terms())
            .await
            .unwrap();
        assert!(
            matches!(&due[..], [(released, Ok(_))] if *released == other),
            "{due:?}"
        );
        assert!(shows().await);
        assert!(
            broadcast::release_due(&desk.hall.db, tomorrow(10), desk.terms())
                .await
                .unwrap()
                .is_empty()
        );
    }
);

on_both!(
    what_was_stopped_goes_on_only_if_it_could_be_released_now,
    |desk: Desk| {
        use kairan::broadcast::statement::Shows;
        let url = "https://kosodate.example/";
        let id = desk.drafts(&saying(&format!("子育てのつどい {url}"))).await;
        desk.vouches(id).await;
        let opened = Shows::Opened {
            arrived: url.into(),
            title: "つどい".into(),
        };
        desk.shows(id, url, opened).await.unwrap();
        let request = desk.submits(id).await.unwrap();
        desk.agrees(desk.pr_staff, &request).await.unwrap();
        desk.hall.now = tomorrow(10);
        desk.releases(id).await.unwrap();
        let office = desk.signed(desk.pr_staff).await;
        let now = desk.hall.now;
        desk.does(async |tx| broadcast::stop(tx, now, &office, id).await)
            .await
            .unwrap();
        let resumes = async |desk: &Desk| {
            let (now, terms) = (desk.hall.now, desk.terms());
            desk.does(async |tx| broadcast::resume(tx, now, &office, terms, id).await)
                .await
        };
        let before = desk.profile.clone();
        desk.profile.links.denied = vec!["kosodate.example".into()];
        assert!(matches!(
            resumes(&desk).await,
            Err(BroadcastError::Findings(_))
        ));
        desk.profile = before.clone();
        desk.profile.sending.only_in_working_hours = true;
        desk.hall.now = tomorrow(7);
        assert!(matches!(resumes(&desk).await, Err(BroadcastError::NotYet)));
        desk.profile = before;
        desk.hall.now = tomorrow(18);
        assert!(matches!(resumes(&desk).await, Err(BroadcastError::TooLate)));
        desk.hall.now = tomorrow(11);
        resumes(&desk).await.unwrap();
        assert_eq!(desk.state(id).await, State::Sending);
    }
);
