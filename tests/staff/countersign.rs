//! Acts that take two.

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::ids::{CountersignId, PersonId};
use kairan::staff::countersign::{self, Ask, CountersignError, Outcome};
use kairan::staff::people::{self, End, PeopleError, Term, Unfit};

use super::Hall;
use crate::on_both;

async fn asked(hall: &Hall, person: PersonId) -> CountersignId {
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term: Term::since(hall.today()),
    };
    countersign::ask(&hall.db, hall.now, hall.first, ask, "異動のため")
        .await
        .unwrap()
}

async fn end_first(hall: &Hall, person: PersonId) {
    let roster = hall.roster().await;
    let held = roster.holdings.iter().find(|h| h.person == person).unwrap();
    let tx = hall.db.db.begin().await.unwrap();
    people::end_holding(&tx, hall.now, &Actor::Operator, held.id, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

on_both!(
    what_one_asks_another_agrees_to_and_the_server_does,
    |hall: Hall| {
        let person = hall.person("1001").await;
        let id = asked(&hall, person).await;
        assert!(hall.signed(person).await.is_none(), "asking gives nothing");
        let waiting = countersign::waiting(&hall.db, hall.now).await.unwrap();
        assert_eq!(waiting.iter().map(|c| c.id).collect::<Vec<_>>(), [id]);
        countersign::agree(&hall.db, hall.now, hall.second, id)
            .await
            .unwrap();
        assert!(hall.signed(person).await.is_some());
        let done = countersign::find(&hall.db, hall.now, id)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (done.outcome, done.decided_by),
            (Some(Outcome::Agreed), Some(hall.second))
        );
        let again = countersign::agree(&hall.db, hall.now, hall.second, id).await;
        assert!(matches!(
            again,
            Err(CountersignError::Decided(Outcome::Agreed))
        ));
        for act in ["countersign.asked", "countersign.agreed"] {
            assert_eq!(hall.record(act).await.len(), 1, "{act}");
        }
        // The record names the deed, too, with the request it came from.
        let granted = &hall.record("staff.post_granted").await[0];
        assert_eq!(granted.detail["countersign"], id.to_string());
        assert_eq!(granted.actor, Some(hall.second));
    }
);

on_both!(only_another_entitled_person_agrees, |hall: Hall| {
    let person = hall.person("1001").await;
    let id = asked(&hall, person).await;
    let agree = |by| countersign::agree(&hall.db, hall.now, by, id);
    assert!(matches!(
        agree(hall.first).await,
        Err(CountersignError::SamePerson)
    ));
    assert!(matches!(
        agree(person).await,
        Err(CountersignError::NotEntitled)
    ));
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term: Term::since(hall.today()),
    };
    let by_nobody = countersign::ask(&hall.db, hall.now, person, ask.clone(), "私に").await;
    assert!(matches!(by_nobody, Err(CountersignError::NotEntitled)));
    let silent = countersign::ask(&hall.db, hall.now, hall.first, ask, " ").await;
    assert!(matches!(silent, Err(CountersignError::NoReason)));
});

on_both!(
    who_lost_the_right_meanwhile_neither_agrees_nor_is_agreed_with,
    |hall: Hall| {
        let person = hall.person("1001").await;
        let id = asked(&hall, person).await;
        end_first(&hall, hall.first).await;
        let agreed = countersign::agree(&hall.db, hall.now, hall.second, id).await;
        assert!(
            matches!(agreed, Err(CountersignError::NotEntitled)),
            "the asker's right is gone"
        );
        end_first(&hall, hall.second).await;
        let declined =
            countersign::decline(&hall.db, hall.now, hall.second, id, "異動の予定がないため").await;
        assert!(matches!(declined, Err(CountersignError::NotEntitled)));
        countersign::withdraw(&hall.db, hall.now, hall.first, id)
            .await
            .unwrap();
    }
);

on_both!(
    a_request_that_cannot_be_done_any_more_changes_nothing,
    |hall: Hall| {
        let (a, b) = (hall.person("1001").await, hall.person("1002").await);
        let ask = |person| Ask::GrantPost {
            post: hall.pr_chief,
            person,
            term: Term::since(hall.today()),
        };
        let first = countersign::ask(&hall.db, hall.now, hall.first, ask(a), "異動")
            .await
            .unwrap();
        let second = countersign::ask(&hall.db, hall.now, hall.first, ask(b), "異動")
            .await
            .unwrap();
        countersign::agree(&hall.db, hall.now, hall.second, first)
            .await
            .unwrap();
        let late = countersign::agree(&hall.db, hall.now, hall.second, second).await;
        assert!(matches!(
            late,
            Err(CountersignError::People(PeopleError::Unfit(
                Unfit::Occupied
            )))
        ));
        let waits = countersign::find(&hall.db, hall.now, second)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(waits.outcome, None);
        assert!(hall.signed(b).await.is_none());
    }
);

on_both!(after_an_hour_it_is_too_late, |hall: Hall| {
    let person = hall.person("1001").await;
    let id = asked(&hall, person).await;
    hall.now += TimeDelta::hours(1);
    let late = countersign::agree(&hall.db, hall.now, hall.second, id).await;
    assert!(matches!(
        late,
        Err(CountersignError::Decided(Outcome::Expired))
    ));
    assert!(
        countersign::waiting(&hall.db, hall.now)
            .await
            .unwrap()
            .is_empty()
    );
    assert_eq!(hall.record("countersign.expired").await.len(), 1);
    let by_reading = asked(&hall, person).await;
    hall.now += TimeDelta::hours(1);
    let read = countersign::find(&hall.db, hall.now, by_reading)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(read.outcome, Some(Outcome::Expired));
});

on_both!(
    it_is_declined_by_another_and_taken_back_by_oneself,
    |hall: Hall| {
        let person = hall.person("1001").await;
        let id = asked(&hall, person).await;
        let theirs = countersign::withdraw(&hall.db, hall.now, hall.second, id).await;
        assert!(matches!(theirs, Err(CountersignError::NotTheirs)));
        countersign::decline(&hall.db, hall.now, hall.second, id, "異動の予定がないため")
            .await
            .unwrap();
        let id = asked(&hall, person).await;
        countersign::withdraw(&hall.db, hall.now, hall.first, id)
            .await
            .unwrap();
        let taken_back = countersign::agree(&hall.db, hall.now, hall.second, id).await;
        assert!(matches!(
            taken_back,
            Err(CountersignError::Decided(Outcome::Withdrawn))
        ));
        assert!(hall.signed(person).await.is_none());
    }
);

on_both!(of_many_who_agree_at_once_one_does_it, |hall: Hall| {
    let person = hall.person("1001").await;
    let id = asked(&hall, person).await;
    let agree = || countersign::agree(&hall.db, hall.now, hall.second, id);
    let (a, b, c, d) = tokio::join!(agree(), agree(), agree(), agree());
    let done = [a, b, c, d].into_iter().filter(Result::is_ok).count();
    assert_eq!(
        (done, hall.record("countersign.agreed").await.len()),
        (1, 1)
    );
    let held = hall.roster().await;
    assert_eq!(
        held.holdings.iter().filter(|h| h.person == person).count(),
        1
    );
});

on_both!(
    two_administrators_invite_reset_and_give_a_link_once,
    |hall: Hall| {
        let chief = hall.holder("20417", hall.pr_chief).await;
        for ask in [
            Ask::Invite { person: chief },
            Ask::AddPasskeyForChief { person: chief },
            Ask::ResetCredentials { person: chief },
        ] {
            let id = countersign::ask(&hall.db, hall.now, hall.first, ask, "着任のため");
            let id = id.await.unwrap();
            let link = countersign::agree(&hall.db, hall.now, hall.second, id).await;
            assert!(link.unwrap().is_some());
            let twice = countersign::agree(&hall.db, hall.now, hall.second, id).await;
            assert!(matches!(twice, Err(CountersignError::Decided(_))));
        }
        let nobody = Ask::Invite {
            person: kairan::ids::PersonId(uuid::Uuid::nil()),
        };
        let asked = countersign::ask(&hall.db, hall.now, hall.first, nobody, "着任のため").await;
        assert!(matches!(asked, Err(CountersignError::People(_))));
    }
);
