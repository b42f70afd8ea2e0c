//! A code from the desk, sent from the phone: test sends find their way.

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::ids::PersonId;
use kairan::staff::own_line;
use kairan::staff::people::End;

use super::Hall;
use crate::on_both;
use crate::support::town::Town;

async fn code(town: &Town, person: PersonId) -> String {
    let tx = town.db.begin().await.unwrap();
    let code = own_line::invite(&tx, town.clock.now(), person)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    code.reveal().to_owned()
}

async fn drafter(town: &Town) -> (Hall, PersonId) {
    let hall = Hall::over(town.db.again(), town.clock.now()).await;
    let drafter = hall.holder("1001", hall.childcare_staff).await;
    (hall, drafter)
}

on_both!(a_code_sent_from_ones_phone_links_it_once, |town: Town| {
    let (_hall, person) = drafter(&town).await;
    let code = code(&town, person).await;
    assert_eq!(own_line::of(&town.db, person).await.unwrap(), None);

    let hanako = town.resident("花子").await;
    hanako
        .says(&code)
        .await
        .contains("試し送りの届け先にしました");
    let first = own_line::of(&town.db, person).await.unwrap();
    assert!(first.is_some());

    let taro = town.resident("太郎").await;
    taro.says(&code).await.contains("この番号は使えません");
    assert_eq!(
        own_line::of(&town.db, person).await.unwrap(),
        first,
        "used up"
    );
});

on_both!(a_code_is_over_after_ten_minutes, |town: Town| {
    let (_hall, person) = drafter(&town).await;
    let code = code(&town, person).await;
    let hanako = town.resident("花子").await;
    town.clock.advance(TimeDelta::minutes(10));
    hanako.says(&code).await.contains("この番号は使えません");
    hanako
        .says("職員 0000-0000-0000")
        .await
        .contains("この番号は使えません");
    assert_eq!(own_line::of(&town.db, person).await.unwrap(), None);
});

on_both!(who_leaves_gets_no_more_test_sends, |town: Town| {
    let (hall, person) = drafter(&town).await;
    let code = code(&town, person).await;
    town.resident("花子")
        .await
        .says(&code)
        .await
        .contains("試し送り");
    let tx = town.db.begin().await.unwrap();
    let now = town.clock.now();
    kairan::staff::leaving::leave(&tx, now, &Actor::Operator, person, End::AtOnce)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(own_line::of(&town.db, person).await.unwrap(), None);
    assert_eq!(hall.record("staff.own_line_unlinked").await.len(), 1);
});
