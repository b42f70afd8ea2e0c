//! How staff are reached: telephones and devices, sealed, on record without a number.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::ids::{PersonId, PushId};
use kairan::staff::contact::{self, DEVICES, NoDevice, PushTarget, Telephone, Ways};
use kairan::staff::leaving;
use kairan::staff::people::{End, Mail, NewPerson};
use sea_orm::ConnectionTrait;

use super::{Hall, named};
use crate::on_both;

/// What a browser of Chrome would hand over, its endpoint ending in `device`.
pub fn target(hall: &Hall, device: &str) -> PushTarget {
    let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let endpoint = format!("https://fcm.googleapis.com/fcm/send/{device}");
    let id = PushId::new(hall.now);
    PushTarget::parse(id, &endpoint, &word(&[4; 65]), &word(&[9; 16])).unwrap()
}

async fn set(hall: &Hall, by: &Actor, person: PersonId, number: Option<&str>) {
    let tx = hall.db.db.begin().await.unwrap();
    let number = number.map(|number| Telephone::parse(number).unwrap());
    contact::set_telephone(&tx, hall.now, by, person, number)
        .await
        .unwrap();
    tx.commit().await.unwrap();
}

async fn subscribe(hall: &Hall, person: PersonId, device: &str) -> Result<PushId, NoDevice> {
    let target = target(hall, device);
    let tx = hall.db.db.begin().await.unwrap();
    contact::subscribe(&tx, hall.now, person, &target, device).await?;
    tx.commit().await.unwrap();
    Ok(target.id)
}

async fn ways(hall: &Hall, person: PersonId) -> Ways {
    let mut ways = contact::ways(&hall.db, &[person]).await.unwrap();
    ways.remove(&person).unwrap()
}

on_both!(whoever_is_known_has_ways_or_none, |hall: Hall| {
    let chief = hall.holder("1001", hall.pr_chief).await;
    assert_eq!(ways(&hall, chief).await, Ways::default());
    assert!(!ways(&hall, chief).await.is_reachable());

    let mail = Mail::parse("hanako@city.example.jp").unwrap();
    let reached = NewPerson {
        mail: Some(mail.clone()),
        ..named("1002")
    };
    let other = hall.add(&reached).await;
    set(&hall, &Actor::Operator, chief, Some("090-1234-5678")).await;
    subscribe(&hall, chief, "phone").await.unwrap();
    subscribe(&hall, other, "desk").await.unwrap();

    let nobody = PersonId::new(hall.now);
    let all = contact::ways(&hall.db, &[chief, other, nobody])
        .await
        .unwrap();
    assert_eq!(all.len(), 2, "{nobody} is nobody");
    assert_eq!(all[&other].mail, Some(mail));
    assert_eq!(all[&other].telephone, None);
    assert_eq!(all[&other].push[0].endpoint.path(), "/fcm/send/desk");
    assert_eq!(all[&chief].mail, None);
    assert_eq!(all[&chief].push.len(), 1);
    let number = all[&chief].telephone.as_ref().unwrap();
    assert_eq!(number.as_str(), "+819012345678");
    let tx = hall.db.db.begin().await.unwrap();
    let seen = contact::ways_in(&tx, &[chief, other]).await.unwrap();
    assert_eq!(seen, all);
    let printed = format!("{all:?}");
    for word in ["12345678", "hanako", "googleapis", "desk"] {
        assert!(!printed.contains(word), "{word}: {printed}");
    }
});

on_both!(
    what_changes_is_on_record_without_the_number,
    |hall: Hall| {
        let chief = hall.holder("1001", hall.pr_chief).await;
        let oneself = Actor::Person(chief, None);
        set(&hall, &oneself, chief, Some("090-1234-5678")).await;
        set(&hall, &oneself, chief, Some("03-5803-1111")).await;
        let number = ways(&hall, chief).await.telephone.unwrap();
        assert_eq!(number.in_japan(), "03-5803-1111");
        set(&hall, &oneself, chief, None).await;
        set(&hall, &oneself, chief, None).await;
        assert_eq!(ways(&hall, chief).await.telephone, None);
        let id = subscribe(&hall, chief, "phone").await.unwrap();
        let tx = hall.db.db.begin().await.unwrap();
        let other = hall.first;
        let theirs = contact::unsubscribe(&tx, hall.now, other, id);
        assert!(!theirs.await.unwrap(), "it is not theirs");
        assert!(
            contact::unsubscribe(&tx, hall.now, chief, id)
                .await
                .unwrap()
        );
        assert!(
            !contact::unsubscribe(&tx, hall.now, chief, id)
                .await
                .unwrap()
        );
        tx.commit().await.unwrap();
        for (act, times) in [
            ("contact.telephone_set", 2),
            ("contact.telephone_removed", 1),
            ("contact.device_added", 1),
            ("contact.device_removed", 1),
        ] {
            let record = hall.record(act).await;
            assert_eq!(record.len(), times, "{act}");
            let written = format!("{record:?}");
            assert!(
                !written.contains("1234-5678")
                    && !written.contains("12345678")
                    && !written.contains("fcm")
            );
        }
    }
);

on_both!(a_device_is_one_persons_and_kept_once, |hall: Hall| {
    let chief = hall.holder("1001", hall.pr_chief).await;
    let first = subscribe(&hall, chief, "phone").await.unwrap();
    let again = subscribe(&hall, chief, "phone").await.unwrap();
    assert_ne!(first, again);
    let push = ways(&hall, chief).await.push;
    assert_eq!(push.iter().map(|t| t.id).collect::<Vec<_>>(), [again]);

    subscribe(&hall, hall.first, "phone").await.unwrap();
    assert!(ways(&hall, chief).await.push.is_empty(), "lent to another");
    for n in 0..DEVICES {
        subscribe(&hall, chief, &n.to_string()).await.unwrap();
    }
    let more = subscribe(&hall, chief, "one more").await;
    assert!(matches!(more, Err(NoDevice::Many)), "{more:?}");
    let known = subscribe(&hall, chief, "0").await;
    assert!(known.is_ok(), "it is one of them");
});

on_both!(a_device_that_is_gone_is_no_way_any_more, |hall: Hall| {
    let mut hall = hall;
    let chief = hall.holder("1001", hall.pr_chief).await;
    let id = subscribe(&hall, chief, "phone").await.unwrap();
    let gone_at = hall.now;
    for _ in 0..2 {
        let tx = hall.db.db.begin().await.unwrap();
        contact::is_gone(&tx, hall.now, id).await.unwrap();
        tx.commit().await.unwrap();
        hall.now += TimeDelta::minutes(1);
    }
    assert!(!ways(&hall, chief).await.is_reachable());
    let devices = contact::devices(&hall.db, chief).await.unwrap();
    assert_eq!(devices.len(), 1);
    assert_eq!(devices[0].failed_at, Some(gone_at));

    subscribe(&hall, chief, "phone").await.unwrap();
    let devices = contact::devices(&hall.db, chief).await.unwrap();
    assert_eq!(devices.len(), 1);
    assert_eq!(devices[0].failed_at, None, "its owner allowed it again");
});

on_both!(nobody_who_left_can_be_called, |hall: Hall| {
    let chief = hall.holder("1001", hall.pr_chief).await;
    let soon = hall.holder("1002", hall.pr_staff).await;
    for person in [chief, soon] {
        set(&hall, &Actor::Operator, person, Some("090-1234-5678")).await;
        subscribe(&hall, person, &person.to_string()).await.unwrap();
    }
    let tx = hall.db.db.begin().await.unwrap();
    let by = Actor::Person(hall.first, None);
    leaving::leave(&tx, hall.now, &by, chief, End::AtOnce)
        .await
        .unwrap();
    let last = End::After(hall.today());
    leaving::leave(&tx, hall.now, &by, soon, last)
        .await
        .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(ways(&hall, chief).await, Ways::default());
    assert!(
        ways(&hall, soon).await.is_reachable(),
        "they are here today"
    );

    let forgotten = |today| contact::forget_departed(&hall.db, today);
    assert_eq!(forgotten(hall.today()).await.unwrap(), 0);
    let tomorrow = hall.today() + TimeDelta::days(1);
    assert_eq!(forgotten(tomorrow).await.unwrap(), 2);
    assert_eq!(ways(&hall, soon).await, Ways::default());
});

on_both!(
    a_way_that_cannot_be_read_costs_nobody_else_theirs,
    |hall: Hall| {
        let chief = hall.holder("1001", hall.pr_chief).await;
        let other = hall.person("1002").await;
        for person in [chief, other] {
            set(&hall, &Actor::Operator, person, Some("090-1234-5678")).await;
        }
        subscribe(&hall, chief, "phone").await.unwrap();
        let broken = "UPDATE telephone SET number = 'x' WHERE person_id = (SELECT id FROM person WHERE number = '1001')";
        let done = hall.db.conn().execute_unprepared(broken).await.unwrap();
        assert_eq!(done.rows_affected(), 1);
        let all = contact::ways(&hall.db, &[chief, other]).await.unwrap();
        assert_eq!(all[&chief].telephone, None);
        assert_eq!(all[&chief].push.len(), 1);
        assert!(all[&other].telephone.is_some());
    }
);
