//! The key file: made once, and never replaced by a key that would open nothing.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entity::{data_key, resident as row, webhook_event};
use kairan::audit::Actor;
use kairan::clock::Instant;
use kairan::db::{Db, Tx};
use kairan::ids::{PersonId, PushId};
use kairan::line::UserId;
use kairan::resident;
use kairan::seal::{COLUMNS, KeyFileError, NotUnsealed, unseal};
use kairan::staff::contact::{self, PushTarget, Telephone};
use kairan::staff::people::{self, Mail, Name, Particulars};
use sea_orm::{EntityTrait, Set};
use secrecy::ExposeSecret;

use crate::on_both;
use crate::support::database::{TestDb, everything, key_file};
use crate::support::office::{Office, PASSWORD};
use crate::support::town::{Town, tuesday};

/// As a database that has never been opened with a key.
async fn without_key(db: &Db) {
    data_key::Entity::delete_many()
        .exec(db.conn())
        .await
        .unwrap();
}

fn folder() -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("kairan.key");
    (folder, key)
}

#[cfg(unix)]
fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
}

on_both!(
    the_first_start_makes_a_key_and_the_next_reads_it,
    |db: TestDb| {
        let (_folder, key) = folder();
        without_key(&db).await;
        let first = unseal(&key, db.conn()).await.unwrap();
        #[cfg(unix)]
        assert_eq!(mode(&key), 0o600);
        let sealed = first.text("person.name", "花子").unwrap();
        let next = unseal(&key, db.conn()).await.unwrap();
        assert_eq!(next.open("person.name", &sealed).unwrap(), "花子");
    }
);

on_both!(a_lost_key_is_asked_for_and_not_replaced, |db: TestDb| {
    let (_folder, key) = folder();
    without_key(&db).await;
    unseal(&key, db.conn()).await.unwrap();
    std::fs::remove_file(&key).unwrap();
    let refused = unseal(&key, db.conn()).await.unwrap_err();
    assert!(matches!(refused, NotUnsealed::Missing(_)), "{refused}");
    assert!(!key.exists());
});

on_both!(the_key_of_another_database_is_refused, |db: TestDb| {
    let (_folder, key) = folder();
    without_key(&db).await;
    unseal(&key, db.conn()).await.unwrap();
    let (_folder, other) = folder();
    std::fs::copy(&key, &other).unwrap();
    let line = std::fs::read_to_string(&key).unwrap();
    let first = if line.starts_with('A') { "B" } else { "A" };
    std::fs::write(&other, format!("{first}{}", &line[1..])).unwrap();
    let refused = unseal(&other, db.conn()).await.unwrap_err();
    assert!(matches!(refused, NotUnsealed::Wrong(_)), "{refused}");
});

on_both!(
    replicas_that_start_together_agree_on_one_key,
    |db: TestDb| {
        let (_folder, key) = folder();
        without_key(&db).await;
        let starts = futures_util::future::join_all((0..8).map(|_| unseal(&key, db.conn()))).await;
        let seals: Vec<_> = starts.into_iter().map(Result::unwrap).collect();
        let sealed = seals[0].lookup("person.mail", "hanako");
        assert!(
            seals
                .iter()
                .all(|s| s.lookup("person.mail", "hanako") == sealed)
        );
    }
);

on_both!(while_rotating_the_file_has_two_lines, |db: TestDb| {
    let (_folder, key) = folder();
    without_key(&db).await;
    let before = unseal(&key, db.conn()).await.unwrap();
    let old = std::fs::read_to_string(&key).unwrap();
    let (_folder, new) = folder();
    let first = if old.starts_with('A') { "B" } else { "A" };
    std::fs::write(&new, format!("# new\n{first}{}# old\n{old}", &old[1..])).unwrap();
    #[cfg(unix)]
    set_mode(&new, 0o640);
    let rotating = unseal(&new, db.conn()).await.unwrap();
    let sealed = before.lookup("person.mail", "hanako");
    assert_eq!(rotating.open("person.mail", &sealed).unwrap(), "hanako");
    assert_ne!(rotating.lookup("person.mail", "hanako"), sealed);
});

on_both!(a_file_that_is_no_key_says_in_which_line, |db: TestDb| {
    let (_folder, key) = folder();
    without_key(&db).await;
    for (text, at) in [("", 1), ("# nothing\n", 1), ("# short\nAAAA\n", 2)] {
        std::fs::write(&key, text).unwrap();
        #[cfg(unix)]
        set_mode(&key, 0o600);
        match unseal(&key, db.conn()).await {
            Err(NotUnsealed::KeyFile(KeyFileError::Key { line, .. })) => assert_eq!(line, at),
            other => panic!("{text:?}: {other:?}"),
        }
    }
});

#[cfg(unix)]
on_both!(a_file_that_everybody_can_read_is_refused, |db: TestDb| {
    let (_folder, key) = folder();
    without_key(&db).await;
    unseal(&key, db.conn()).await.unwrap();
    set_mode(&key, 0o604);
    let refused = unseal(&key, db.conn()).await.unwrap_err();
    assert!(refused.to_string().contains("chmod 600"), "{refused}");
});

on_both!(
    who_reads_the_database_learns_neither_who_nor_what,
    |town: Town| {
        let hanako = town.resident("花子").await;
        hanako.registers().await;
        town.line.say(&hanako.id, "ペットボトルは？").unwrap();
        town.line.settle().await.unwrap();
        let conn = town.db.conn();
        let residents = row::Entity::find().all(conn).await.unwrap();
        assert_eq!(residents.len(), 1);
        let waiting = webhook_event::Entity::find().all(conn).await.unwrap();
        let waits = |event: &webhook_event::Model| event.body.is_some();
        assert_eq!(waiting.iter().filter(|event| waits(event)).count(), 1);
        let kept = format!("{residents:?} {waiting:?}");
        for said in [hanako.id.as_str(), "ペットボトル", "replyToken"] {
            assert!(!kept.contains(said), "{said} is readable in {kept}");
        }
        town.work().await;
        let answer = town.line.inbox(&hanako.id).pop().unwrap();
        assert!(format!("{answer:?}").contains("ペットボトル"));
    }
);

on_both!(a_new_data_key_finds_every_resident_again, |db: TestDb| {
    let user = UserId::parse(&format!("U{}", "a".repeat(32))).unwrap();
    let tx = db.begin().await.unwrap();
    resident::follow(&tx, tuesday(), &user, 1).await.unwrap();
    tx.commit().await.unwrap();
    // The operator puts a new key above the old one.
    let (_folder, key) = folder();
    put_new_key_above(&key);
    let rotated = db.db.clone().unsealed(&key).await.unwrap();
    assert_eq!(resident::find(&rotated, &user).await.unwrap(), None);
    // The resident, and the word by which the database knows its key.
    assert_eq!(rotated.seal_anew().await.unwrap(), 2);
    assert!(resident::find(&rotated, &user).await.unwrap().is_some());
    assert_eq!(rotated.seal_anew().await.unwrap(), 0);
});

on_both!(
    who_reads_the_database_learns_neither_names_nor_addresses_of_staff,
    |office: Office| {
        let roster = people::roster(&office.db).await.unwrap();
        let was = Particulars::from(&roster.persons[&office.newcomer]);
        let to = Particulars {
            name: Name::parse("潮見 花子").unwrap(),
            mail: Some(Mail::parse("hanako.s@city.example.jp").unwrap()),
            ..was.clone()
        };
        let (now, by) = (office.now, Actor::Operator);
        let tx = office.db.begin().await.unwrap();
        people::correct(&tx, now, &by, office.newcomer, &was, &to)
            .await
            .unwrap();
        reach(&tx, now, office.newcomer).await;
        tx.commit().await.unwrap();
        let kept = texts(&office.db).await;
        assert!(kept.iter().any(|(_, text)| text == "0001"), "{kept:?}");
        for (column, text) in kept {
            for said in [
                "汐見", "潮見", "太郎", "花子", "taro", "hanako", "12345678", "secret",
            ] {
                assert!(!text.contains(said), "{said} is readable in {column}");
            }
        }
        let roster = people::roster(&office.db).await.unwrap();
        let read = Particulars::from(&roster.persons[&office.newcomer]);
        assert_eq!((read.name, read.mail), (to.name, to.mail));
        assert!(
            office
                .password("TARO@city.example.jp", PASSWORD)
                .await
                .is_ok()
        );
        let gone = office.password("hanako@city.example.jp", PASSWORD).await;
        assert!(gone.is_err(), "nobody has this address any more");
    }
);

on_both!(
    after_a_rotation_everything_opens_without_the_old_key,
    |office: Office| {
        // Something sealed in every column.
        let (mut phone, _) = office.enrol(office.chief).await;
        let begun = office
            .accounts
            .begin_codes(office.now, office.chief, "0001")
            .await
            .unwrap();
        let code = office.code(begun.secret.expose_secret());
        office
            .accounts
            .finish_codes(office.now, office.chief, &begun.token, &code)
            .await
            .unwrap();
        let user = UserId::parse(&format!("U{}", "a".repeat(32))).unwrap();
        let tx = office.db.begin().await.unwrap();
        resident::follow(&tx, office.now, &user, 1).await.unwrap();
        reach(&tx, office.now, office.chief).await;
        tx.commit().await.unwrap();
        kairan::calling::push_key(&office.db, office.now)
            .await
            .unwrap();
        crate::delivery::open(&office.db, office.now, crate::delivery::notice("1")).await;
        let seal = office.db.seal().unwrap();
        let event = webhook_event::ActiveModel {
            event_id: Set("01J".into()),
            line_user_id: Set(Some(seal.lookup("webhook_event.line_user_id", "U1"))),
            kind: Set("message".into()),
            occurred_ms: Set(1),
            received_at: Set(office.now),
            body: Set(Some(seal.text("webhook_event.body", "ごみ").unwrap())),
            reply: Set(Some(seal.text("webhook_event.reply", "火曜").unwrap())),
            state: Set("received".into()),
            ..Default::default()
        };
        let event = webhook_event::Entity::insert(event);
        event
            .exec_without_returning(office.db.conn())
            .await
            .unwrap();
        let before = sealed(&office.db).await;
        let columns: BTreeSet<&str> = before.iter().map(|(column, _)| *column).collect();
        assert_eq!(columns, BTreeSet::from(COLUMNS));

        let (_folder, key) = folder();
        put_new_key_above(&key);
        office.starts_with_key(&key).await;
        let mail = "taro@city.example.jp";
        assert!(
            office.password(mail, PASSWORD).await.is_ok(),
            "both keys find"
        );
        let changed = office.db.seal_anew().await.unwrap();
        assert_eq!(changed, u64::try_from(before.len()).unwrap());

        let keys = std::fs::read_to_string(&key).unwrap();
        std::fs::write(&key, keys.lines().next().unwrap()).unwrap();
        office.starts_with_key(&key).await;
        let after = sealed(&office.db).await;
        assert_eq!(after.len(), before.len());
        for (column, text) in after {
            office.db.seal().unwrap().open(column, &text).unwrap();
        }
        assert!(office.password(mail, PASSWORD).await.is_ok());
        assert!(office.sign_in(&mut phone).await.is_ok());
        assert!(resident::find(&office.db, &user).await.unwrap().is_some());
        let old = unseal(key_file().as_ref(), office.db.conn()).await;
        assert!(matches!(old, Err(NotUnsealed::Wrong(_))), "{old:?}");
    }
);

/// A telephone and a device of `person`.
async fn reach(tx: &Tx, now: Instant, person: PersonId) {
    let number = Telephone::parse("090-1234-5678").unwrap();
    contact::set_telephone(tx, now, &Actor::Operator, person, Some(number))
        .await
        .unwrap();
    let word = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    let (id, key, auth) = (PushId::new(now), word(&[4; 65]), word(&[9; 16]));
    let at = "https://web.push.apple.com/secret-address";
    let device = PushTarget::parse(id, at, &key, &auth).unwrap();
    contact::subscribe(tx, now, person, &device, "iPhone")
        .await
        .unwrap();
}

/// Every text in the database, and its column.
async fn texts(db: &Db) -> Vec<(String, String)> {
    let mut texts = Vec::new();
    for (table, row) in everything(db).await {
        for (column, value) in row.as_object().unwrap() {
            let text = value.as_str().map(str::to_owned);
            texts.extend(text.map(|text| (format!("{table}.{column}"), text)));
        }
    }
    texts
}

/// What of it is sealed, whoever sealed it; each column is one that a rotation looks at.
async fn sealed(db: &Db) -> Vec<(&'static str, String)> {
    let texts = texts(db).await.into_iter();
    let sealed = texts.filter(|(_, text)| text.starts_with("r.") || text.starts_with("d."));
    let known = |column: &String| COLUMNS.into_iter().find(|known| known == column);
    sealed
        .map(|(column, text)| {
            let known = known(&column);
            (
                known.unwrap_or_else(|| panic!("{column} is forgotten")),
                text,
            )
        })
        .collect()
}

fn put_new_key_above(path: &Path) {
    let old = std::fs::read_to_string(key_file()).unwrap();
    let first = if old.starts_with('A') { "B" } else { "A" };
    std::fs::write(path, format!("{first}{}\n{old}", old[1..].trim_end())).unwrap();
    #[cfg(unix)]
    set_mode(path, 0o600);
}
