//! The key file: made once, and never replaced by a key that would open nothing.

use std::path::{Path, PathBuf};

use entity::{data_key, resident as row, webhook_event};
use kairan::db::Db;
use kairan::line::UserId;
use kairan::resident;
use kairan::seal::{KeyFileError, NotUnsealed, unseal};
use sea_orm::EntityTrait;

use crate::on_both;
use crate::support::database::{TestDb, key_file};
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
    assert_eq!(resident::seal_anew(&rotated).await.unwrap(), 1);
    assert!(resident::find(&rotated, &user).await.unwrap().is_some());
    assert_eq!(resident::seal_anew(&rotated).await.unwrap(), 0);
});

fn put_new_key_above(path: &Path) {
    let old = std::fs::read_to_string(key_file()).unwrap();
    let first = if old.starts_with('A') { "B" } else { "A" };
    std::fs::write(path, format!("{first}{}\n{old}", old[1..].trim_end())).unwrap();
    #[cfg(unix)]
    set_mode(path, 0o600);
}
