//! Which wordings are in force.

use chrono::TimeDelta;
use kairan::emergency::template::{self, Library, NotPublished, Templates, Version};
use kairan::table::Source;
use sea_orm::ConnectionTrait;

use super::{CODES, files_but, library, now};
use crate::on_both;
use crate::staff::Hall;
use crate::support::database::TestDb;

/// The road's template in other words.
fn changed() -> Vec<Source> {
    files_but("ROAD", |text| {
        text.replace("通らず回り道を", "回り道をお願い")
    })
}

on_both!(
    what_comes_with_the_program_is_in_force_at_once,
    |db: TestDb| {
        let templates = Templates::new(db.db.clone());
        assert_eq!(templates.in_force().await.unwrap().all().count(), 0);
        template::record(&db, now()).await.unwrap();
        assert_eq!(*templates.in_force().await.unwrap(), library());
        // A second start changes nothing.
        template::record(&db, now() + TimeDelta::days(1))
            .await
            .unwrap();
        let versions = template::versions(&db).await.unwrap();
        assert_eq!(versions.len(), CODES.len());
        assert!(
            versions
                .iter()
                .all(|v| v.is_in_force() && v.asked.is_none())
        );
    }
);

on_both!(a_changed_wording_waits_for_two_people, |hall: Hall| {
    let templates = Templates::new(hall.db.db.clone());
    template::record(&hall.db, hall.now).await.unwrap();
    let before = templates
        .in_force()
        .await
        .unwrap()
        .find("ROAD")
        .unwrap()
        .version
        .clone();
    template::record_these(&hall.db, hall.now, &changed())
        .await
        .unwrap();
    let after = Library::of(&changed())
        .unwrap()
        .find("ROAD")
        .unwrap()
        .version
        .clone();
    let in_force = async || {
        templates
            .in_force()
            .await
            .unwrap()
            .find("ROAD")
            .unwrap()
            .version
            .clone()
    };
    assert_eq!(in_force().await, before, "it waits");

    let (first, second) = (
        hall.signed(hall.first).await.unwrap(),
        hall.signed(hall.second).await.unwrap(),
    );
    let asks = async |now, by, version: &str| {
        let tx = hall.db.begin().await.unwrap();
        let done = template::ask(&tx, now, by, "ROAD", version).await;
        tx.commit().await.unwrap();
        done
    };
    let seconds = async |now, by, version: &str| {
        let tx = hall.db.begin().await.unwrap();
        let done = template::second(&tx, now, by, "ROAD", version).await;
        tx.commit().await.unwrap();
        done
    };
    assert!(matches!(
        seconds(hall.now, &second, &after).await,
        Err(NotPublished::NotAsked)
    ));
    assert!(
        matches!(
            asks(hall.now, &first, &before).await,
            Err(NotPublished::NotWaiting)
        ),
        "it is in force"
    );
    assert!(matches!(
        asks(hall.now, &first, "000000000000").await,
        Err(NotPublished::NotWaiting)
    ));
    asks(hall.now, &first, &after).await.unwrap();
    assert!(matches!(
        seconds(hall.now, &first, &after).await,
        Err(NotPublished::SamePerson)
    ));
    let late = hall.now + TimeDelta::hours(1);
    assert!(matches!(
        seconds(late, &second, &after).await,
        Err(NotPublished::NotAsked)
    ));
    let staff = hall.holder("2001", hall.pr_staff).await;
    let staff = hall.signed(staff).await.unwrap();
    assert!(matches!(
        asks(hall.now, &staff, &after).await,
        Err(NotPublished::NotEntitled)
    ));
    assert!(matches!(
        seconds(hall.now, &staff, &after).await,
        Err(NotPublished::NotEntitled)
    ));
    assert_eq!(in_force().await, before);

    seconds(hall.now, &second, &after).await.unwrap();
    assert_eq!(in_force().await, after);
    for act in ["emergency.template_asked", "emergency.template_published"] {
        assert_eq!(hall.record(act).await.len(), 1, "{act}");
    }
    // The old one retired, and may be asked for again.
    asks(late, &second, &before).await.unwrap();
    assert_eq!(in_force().await, after);
    seconds(late, &first, &before).await.unwrap();
    assert_eq!(in_force().await, before);
});

on_both!(
    a_former_wording_keeps_its_dates_while_it_is_asked_for_anew,
    |hall: Hall| {
        template::record(&hall.db, hall.now).await.unwrap();
        template::record_these(&hall.db, hall.now, &changed())
            .await
            .unwrap();
        let (first, second) = (
            hall.signed(hall.first).await.unwrap(),
            hall.signed(hall.second).await.unwrap(),
        );
        let road = async |wanted: fn(&Version) -> bool| {
            let versions = template::versions(&hall.db).await.unwrap();
            let mut of_road = versions.into_iter().filter(|v| v.code == "ROAD");
            of_road.find(wanted).unwrap()
        };
        let former = road(Version::is_in_force).await.version;
        let new = road(|v| !v.is_in_force()).await.version;
        let tx = hall.db.begin().await.unwrap();
        template::ask(&tx, hall.now, &first, "ROAD", &new)
            .await
            .unwrap();
        template::second(&tx, hall.now, &second, "ROAD", &new)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let before = road(|v| v.retired_at.is_some()).await;
        assert_eq!(before.version, former);

        // Asked for anew, and declined.
        let later = hall.now + TimeDelta::minutes(5);
        let tx = hall.db.begin().await.unwrap();
        template::ask(&tx, later, &second, "ROAD", &former)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let asked = road(|v| v.wanted.is_some()).await;
        assert_eq!(
            (&asked.version, asked.published_at, asked.retired_at),
            (&former, before.published_at, before.retired_at)
        );
        assert!(asked.waits(later));
        let tx = hall.db.begin().await.unwrap();
        template::decline(&tx, later, &first, ("ROAD", &former), "新しい文面のままに")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        // The next program does not bring it: it was sent once, and stays.
        template::record_these(&hall.db, later, &changed())
            .await
            .unwrap();
        let kept = road(|v| v.retired_at.is_some()).await;
        assert_eq!(
            (&kept.version, kept.published_at),
            (&former, before.published_at)
        );
        assert!(kept.declined.is_some() && !kept.waits(later));
    }
);

on_both!(the_database_itself_demands_two, |hall: Hall| {
    template::record(&hall.db, hall.now).await.unwrap();
    template::record_these(&hall.db, hall.now, &changed())
        .await
        .unwrap();
    let versions = template::versions(&hall.db).await.unwrap();
    let waits = versions.iter().find(|v| v.published_at.is_none()).unwrap();
    let of = format!("WHERE code = 'ROAD' AND version = '{}'", waits.version);
    let (first, second) = (hall.first.0, hall.second.0);
    let literal = |id: uuid::Uuid| match hall.db.url.starts_with("sqlite") {
        true => format!("x'{}'", id.simple()),
        false => format!("'{id}'"),
    };
    let (first, second) = (literal(first), literal(second));
    let time = "'2026-11-24T00:00:00+00:00'";
    let refused = async |statement: String| {
        let done = hall.db.conn().execute_unprepared(&statement).await;
        assert!(done.is_err(), "{statement}");
    };
    refused(format!(
        "UPDATE emergency_template SET published_at = {time} {of}"
    ))
    .await;
    refused(format!("UPDATE emergency_template SET published_at = {time}, published_by = {first}, asked_at = {time}, seconded_by = {second} {of}")).await;
    refused(format!(
        "UPDATE emergency_template SET published_by = {first}, asked_at = {time} {of}"
    ))
    .await;
    let asked =
        format!("UPDATE emergency_template SET wanted_by = {first}, wanted_at = {time} {of}");
    hall.db.conn().execute_unprepared(&asked).await.unwrap();
    let published = |by: &str, at: &str, seconded: &str| {
        format!(
            "UPDATE emergency_template SET published_at = {time}, published_by = {by}, asked_at = {at}, seconded_by = {seconded} {of}"
        )
    };
    refused(published(&first, time, &first)).await;
    // Asked for by somebody else, or at another time.
    refused(published(&second, time, &first)).await;
    refused(published(&first, "'2026-11-24T00:01:00+00:00'", &second)).await;
    refused(format!("UPDATE emergency_template SET text = 'x' {of}")).await;
    refused(format!(
        "UPDATE emergency_template SET written_by = {first} {of}"
    ))
    .await;
    // Declined by who asked, or without a reason.
    for by in [
        format!("{first}, declined_at = {time}, answer = 'x'"),
        format!("{second}, declined_at = {time}"),
    ] {
        refused(format!(
            "UPDATE emergency_template SET declined_by = {by} {of}"
        ))
        .await;
    }
    // Two in force at once.
    refused(published(&first, time, &second)).await;
    refused("DELETE FROM emergency_template WHERE code = 'EV4'".to_owned()).await;
    refused("UPDATE emergency_template SET text = 'x' WHERE code = 'EV4'".to_owned()).await;
    refused(format!("INSERT INTO emergency_template (code, version, text, recorded_at, published_at) VALUES ('EV4', '000000000000', 'x', {time}, {time})")).await;
});
