//! Posts, rights, and who acts for whom.

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::staff::Right;
use kairan::staff::countersign::CountersignError;
use kairan::staff::people::{
    self, End, Mail, NewPerson, PeopleError, Person, Place, PostKind, Term, Unfit,
};
use kairan::staff::{countersign, countersign::Ask};

use super::{Hall, day, deputy, named, term};
use crate::on_both;

fn unfit(result: Result<(), CountersignError>) -> Option<Unfit> {
    match result {
        Err(CountersignError::People(PeopleError::Unfit(unfit))) => Some(unfit),
        _ => None,
    }
}

fn ids(persons: &[&Person]) -> Vec<kairan::ids::PersonId> {
    persons.iter().map(|person| person.id).collect()
}

on_both!(rights_come_with_a_post_and_go_with_it, |hall: Hall| {
    let person = hall.person("1001").await;
    assert!(hall.signed(person).await.is_none(), "no post, no rights");
    let days = term("2026-11-25", "2026-11-30");
    hall.granted(hall.pr_chief, person, days).await;
    for (date, holds) in [
        ("2026-11-24", false),
        ("2026-11-25", true),
        ("2026-11-30", true),
        ("2026-12-01", false),
    ] {
        let signed = people::signed(&hall.db, person, day(date)).await.unwrap();
        assert_eq!(
            signed.is_some_and(|s| s.may(Right::AdoptPolicy)),
            holds,
            "{date}"
        );
    }
});

on_both!(
    a_section_changes_what_it_looks_after_and_pr_all_of_it,
    |hall: Hall| {
        let nurse = hall.holder("1001", hall.childcare_staff).await;
        let press = hall.holder("1002", hall.pr_staff).await;
        let nurse = hall.signed(nurse).await.unwrap();
        assert!(nurse.may(Right::EditChildcare) && !nurse.may(Right::EditGarbage));
        assert!(!nurse.may(Right::SeePeople));
        let press = hall.signed(press).await.unwrap();
        assert!(press.may(Right::EditChildcare) && press.may(Right::EditGarbage));
        let admin = hall.signed(hall.first).await.unwrap();
        assert!(!admin.may(Right::EditAnswers) && !admin.may(Right::ReadAudit));
        assert!(
            matches!(admin.actor(), Actor::Person(id, Some(post)) if id == hall.first && post == "システム管理者")
        );
    }
);

on_both!(a_chief_post_has_one_holder_at_a_time, |hall: Hall| {
    let (old, new) = (hall.person("1001").await, hall.person("1002").await);
    hall.granted(hall.pr_chief, old, term("2026-11-24", "2027-03-31"))
        .await;
    let post = hall.pr_chief;
    let ask = |from| Ask::GrantPost {
        post,
        person: new,
        term: Term::since(day(from)),
    };
    assert_eq!(
        unfit(hall.agreed(ask("2027-03-31")).await),
        Some(Unfit::Occupied)
    );
    hall.agreed(ask("2027-04-01")).await.unwrap();
    let roster = hall.roster().await;
    assert_eq!(
        roster.acting(post, day("2027-03-31")).chief.map(|p| p.id),
        Some(old)
    );
    assert_eq!(
        roster.acting(post, day("2027-04-01")).chief.map(|p| p.id),
        Some(new)
    );
});

on_both!(
    nobody_administers_the_system_and_decides_in_it,
    |hall: Hall| {
        let term = Term::since(hall.today());
        let refused = Some(Unfit::AdministratorAndChief);
        let ask = Ask::GrantPost {
            post: hall.pr_chief,
            person: hall.first,
            term,
        };
        assert_eq!(unfit(hall.agreed(ask).await), refused);
        assert_eq!(
            unfit(
                hall.agreed(deputy(hall.pr_chief, hall.first, 1, term))
                    .await
            ),
            refused
        );
        let chief = hall.holder("1001", hall.pr_chief).await;
        let admins = hall.signed(hall.first).await.unwrap().posts()[0].id;
        let ask = Ask::GrantPost {
            post: admins,
            person: chief,
            term,
        };
        assert_eq!(unfit(hall.agreed(ask).await), refused);
    }
);

on_both!(
    contractors_hold_their_own_posts_until_their_contract_ends,
    |hall: Hall| {
        let contract = term("2026-04-01", "2026-12-31");
        let firm = hall.contractor("株式会社みどり広報", contract).await;
        let other = hall.contractor("別の会社", contract).await;
        let person = hall
            .add(&NewPerson {
                organisation: Some(firm),
                ..named("K-1")
            })
            .await;
        let hall = &hall;
        let place = |id| async move {
            let all = people::organisations(&hall.db).await.unwrap();
            Place::Organisation(all.into_iter().find(|o| o.id == id).unwrap())
        };
        let own = hall
            .post(PostKind::ContractPoster, "投稿担当", place(firm).await)
            .await;
        let theirs = hall
            .post(PostKind::ContractPoster, "投稿担当", place(other).await)
            .await;
        let open = Term::since(hall.today());
        for post in [hall.pr_chief, hall.pr_staff, theirs] {
            let ask = Ask::GrantPost {
                post,
                person,
                term: open,
            };
            assert_eq!(
                unfit(hall.agreed(ask).await),
                Some(Unfit::OtherOrganisation)
            );
        }
        let ask = deputy(hall.pr_chief, person, 1, open);
        assert_eq!(
            unfit(hall.agreed(ask).await),
            Some(Unfit::OtherOrganisation)
        );
        let member = hall.person("1001").await;
        let ask = Ask::GrantPost {
            post: own,
            person: member,
            term: open,
        };
        assert_eq!(
            unfit(hall.agreed(ask).await),
            Some(Unfit::OtherOrganisation)
        );
        hall.granted(own, person, open).await;
        let signed = |date| people::signed(&hall.db, person, day(date));
        let last = signed("2026-12-31").await.unwrap().unwrap();
        let theirs = [Right::SignedIn, Right::SeeBroadcasts, Right::Draft];
        assert!(last.rights().iter().eq(&theirs));
        assert!(
            signed("2027-01-01").await.unwrap().is_none(),
            "the contract is over"
        );
    }
);

on_both!(
    deputies_act_in_their_order_within_their_days,
    |hall: Hall| {
        let chief = hall.holder("1001", hall.childcare_chief).await;
        let (a, b) = (
            hall.holder("1002", hall.childcare_staff).await,
            hall.person("1003").await,
        );
        let post = hall.childcare_chief;
        hall.agreed(deputy(post, a, 2, Term::since(hall.today())))
            .await
            .unwrap();
        hall.agreed(deputy(post, b, 1, term("2026-11-24", "2026-12-24")))
            .await
            .unwrap();
        let long = deputy(post, b, 3, term("2027-01-01", "2027-02-01"));
        assert_eq!(
            unfit(hall.agreed(long).await),
            Some(Unfit::TooLong),
            "32 days"
        );
        let roster = hall.roster().await;
        let acting = roster.acting(post, day("2026-12-24"));
        assert_eq!(acting.chief.map(|p| p.id), Some(chief));
        assert_eq!(ids(&acting.deputies), [b, a]);
        assert_eq!(ids(&roster.acting(post, day("2026-12-25")).deputies), [a]);
        let first = roster.deputies[0].id;
        let tx = hall.db.db.begin().await.unwrap();
        people::end_deputy(&tx, hall.now, &Actor::Operator, first, End::AtOnce)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert_eq!(
            ids(&hall.roster().await.acting(post, hall.today()).deputies),
            [a]
        );
        assert_eq!(hall.record("staff.deputy_ended").await.len(), 1);
    }
);

on_both!(nobody_stands_on_both_sides, |hall: Hall| {
    let open = Term::since(hall.today());
    let person = hall.holder("1001", hall.childcare_chief).await;
    let both = Some(Unfit::BothSides);
    assert_eq!(
        unfit(hall.agreed(deputy(hall.pr_chief, person, 1, open)).await),
        both
    );
    let other = hall.person("1002").await;
    hall.agreed(deputy(hall.pr_chief, other, 1, open))
        .await
        .unwrap();
    assert_eq!(
        unfit(
            hall.agreed(deputy(hall.childcare_chief, other, 1, open))
                .await
        ),
        both
    );
    // One person may lead both sections (兼務); the other side then acts by deputy.
    hall.granted(hall.pr_chief, person, open).await;
    let helper = hall.person("1003").await;
    hall.agreed(deputy(hall.childcare_chief, helper, 1, open))
        .await
        .unwrap();
    let roster = hall.roster().await;
    assert_eq!(
        roster
            .acting(hall.pr_chief, hall.today())
            .chief
            .map(|p| p.id),
        Some(person)
    );
    let childcare = roster.acting(hall.childcare_chief, hall.today());
    assert_eq!(
        (childcare.chief, ids(&childcare.deputies)),
        (None, vec![helper])
    );
});

on_both!(
    one_person_ends_a_right_at_once_but_cannot_lengthen_it,
    |hall: Hall| {
        let person = hall.person("1001").await;
        hall.granted(hall.pr_staff, person, term("2026-11-24", "2026-11-30"))
            .await;
        let id = hall.roster().await.holdings.last().unwrap().id;
        let by = Actor::Operator;
        let tx = hall.db.db.begin().await.unwrap();
        let longer =
            people::end_holding(&tx, hall.now, &by, id, End::After(day("2026-12-01"))).await;
        assert!(matches!(longer, Err(PeopleError::Longer)));
        people::end_holding(&tx, hall.now, &by, id, End::AtOnce)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        assert!(hall.signed(person).await.is_none());
        let tx = hall.db.db.begin().await.unwrap();
        let again = people::end_holding(&tx, hall.now, &by, id, End::AtOnce).await;
        assert!(matches!(again, Err(PeopleError::Missing(_))));
    }
);

on_both!(numbers_addresses_and_the_owner_are_unique, |hall: Hall| {
    let mail = Some(Mail::parse("hanako@city.example.jp").unwrap());
    hall.add(&NewPerson {
        mail: mail.clone(),
        ..named("1001")
    })
    .await;
    let tx = hall.db.db.begin().await.unwrap();
    let by = Actor::Operator;
    for person in [
        named("1001"),
        NewPerson {
            mail,
            ..named("1002")
        },
    ] {
        let again = people::add_person(&tx, hall.now, &by, &person).await;
        assert!(matches!(again, Err(PeopleError::Taken(_))));
    }
    let owner = people::add_section(&tx, hall.now, &by, "秘書課", true, &[]).await;
    assert!(matches!(owner, Err(PeopleError::Taken(_))));
    tx.commit().await.unwrap();
    let press = hall.holder("1004", hall.pr_staff).await;
    let tx = hall.db.db.begin().await.unwrap();
    people::close_section(&tx, hall.now, &by, hall.pr)
        .await
        .unwrap();
    people::add_section(&tx, hall.now, &by, "広報課", true, &[])
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(hall.signed(press).await.is_none(), "the section is no more");
    let person = hall.person("1003").await;
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term: Term::since(hall.today()),
    };
    assert_eq!(unfit(hall.agreed(ask).await), Some(Unfit::Closed));
});

on_both!(
    a_right_given_after_the_request_does_not_count_for_it,
    |hall: Hall| {
        let late = hall.person("1001").await;
        let person = hall.person("1002").await;
        let ask = Ask::GrantPost {
            post: hall.pr_staff,
            person,
            term: Term::since(hall.today()),
        };
        let asked = countersign::ask(&hall.db, hall.now, hall.first, ask, "異動")
            .await
            .unwrap();
        let admins = hall.signed(hall.first).await.unwrap().posts()[0].id;
        hall.now += TimeDelta::seconds(1);
        hall.granted(admins, late, Term::since(hall.today())).await;
        let agreed = countersign::agree(&hall.db, hall.now, late, asked).await;
        assert!(matches!(agreed, Err(CountersignError::NotEntitled)));
        countersign::agree(&hall.db, hall.now, hall.second, asked)
            .await
            .unwrap();
    }
);
