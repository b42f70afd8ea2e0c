//! The personnel change.

use kairan::audit::Actor;
use kairan::staff::countersign::{self, Ask, CountersignError, Outcome};
use kairan::staff::leaving::{self, Secret};
use kairan::staff::people::{End, PeopleError, Term, Unfit};

use super::{Hall, day, deputy};
use crate::on_both;

on_both!(whoever_leaves_at_once_may_do_nothing_more, |hall: Hall| {
    let person = hall.person("1001").await;
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term: Term::since(hall.today()),
    };
    let asked = countersign::ask(&hall.db, hall.now, hall.first, ask, "異動")
        .await
        .unwrap();
    let shown = leaving::preview(&hall.db, hall.now, hall.first)
        .await
        .unwrap();
    assert_eq!((shown.holdings.len(), shown.asked.len()), (1, 1));
    assert!(
        shown.secrets.contains(&Secret::ChannelSecret) && shown.secrets.contains(&Secret::DataKey)
    );
    let tx = hall.db.db.begin().await.unwrap();
    let by = Actor::Person(hall.second, None);
    leaving::leave(&tx, hall.now, &by, hall.first, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert!(hall.signed(hall.first).await.is_none());
    let request = countersign::find(&hall.db, hall.now, asked)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(request.outcome, Some(Outcome::Withdrawn));
    let open = leaving::open_tasks(&hall.db).await.unwrap();
    assert_eq!(open.len(), shown.secrets.len());
    assert_eq!(hall.record("staff.person_left").await.len(), 1);

    let tx = hall.db.db.begin().await.unwrap();
    let about_themselves = Actor::Person(hall.first, None);
    let own = leaving::finish_task(&tx, hall.now, &about_themselves, open[0].id).await;
    assert!(
        matches!(own, Err(PeopleError::Missing(_))),
        "nobody says so of themselves"
    );
    leaving::finish_task(&tx, hall.now, &by, open[0].id)
        .await
        .unwrap();
    let twice = leaving::finish_task(&tx, hall.now, &by, open[0].id).await;
    assert!(matches!(twice, Err(PeopleError::Missing(_))));
    tx.commit().await.unwrap();
    assert_eq!(
        leaving::open_tasks(&hall.db).await.unwrap().len(),
        open.len() - 1
    );
});

on_both!(whoever_leaves_on_a_day_works_until_its_end, |hall: Hall| {
    let person = hall.holder("1001", hall.childcare_chief).await;
    let other = hall.person("1002").await;
    hall.agreed(deputy(
        hall.childcare_chief,
        other,
        1,
        Term::since(hall.today()),
    ))
    .await
    .unwrap();
    let last = day("2026-11-30");
    for leaver in [person, other] {
        let tx = hall.db.db.begin().await.unwrap();
        leaving::leave(&tx, hall.now, &Actor::Operator, leaver, End::After(last))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }
    let roster = hall.roster().await;
    assert!(roster.signed(person, last).is_some());
    assert!(roster.signed(person, day("2026-12-01")).is_none());
    let post = hall.childcare_chief;
    assert_eq!(roster.acting(post, last).deputies.len(), 1);
    assert!(roster.acting(post, day("2026-12-01")).deputies.is_empty());
    assert!(roster.acting(post, day("2026-12-01")).chief.is_none());
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person,
        term: Term::since(day("2026-12-01")),
    };
    let beyond = hall.agreed(ask).await;
    assert!(matches!(
        beyond,
        Err(CountersignError::People(PeopleError::Unfit(
            Unfit::NotInService
        )))
    ));
    let tx = hall.db.db.begin().await.unwrap();
    let later = End::After(day("2026-12-24"));
    let stays = leaving::leave(&tx, hall.now, &Actor::Operator, person, later).await;
    assert!(
        matches!(stays, Err(PeopleError::Longer)),
        "staying longer is a new right"
    );
});
