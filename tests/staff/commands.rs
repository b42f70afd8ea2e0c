//! `kairan staff` and `kairan audit`, as an operator types them.

use clap::Parser;
use kairan::commands::{DONE, FAILED, WRONG_INPUT, audit, staff};
use sea_orm::ConnectionTrait;

use crate::on_both;
use crate::support::database::TestDb;

#[derive(Debug, Parser)]
enum Typed {
    #[command(subcommand)]
    Staff(staff::Staff),
    #[command(subcommand)]
    Audit(audit::Audit),
}

const URL: &str = "https://line.city.example.jp";

/// The exit code, and what was said on standard output and error.
async fn types(db: &TestDb, words: &str) -> (u8, String, String) {
    let now = "2026-11-24T00:00:00Z".parse().unwrap();
    let (mut out, mut err) = (Vec::new(), Vec::new());
    let typed = Typed::try_parse_from(format!("kairan {words}").split(' ')).unwrap();
    let code = match typed {
        Typed::Staff(asked) => staff::run(db, URL, &asked, now, &mut out, &mut err).await,
        Typed::Audit(asked) => audit::run(db, &asked, &mut out, &mut err).await,
    };
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (code.unwrap(), text(out), text(err))
}

on_both!(
    the_first_two_administrators_are_added_by_command,
    |db: TestDb| {
        for number in ["A-1", "A-2"] {
            let added = types(
                &db,
                &format!("staff add --admin --number {number} --name 青葉花子"),
            )
            .await;
            assert_eq!(added.0, DONE, "{added:?}");
            let link = added.1.lines().last().unwrap();
            let token = link.strip_prefix(&format!("{URL}/invite/"));
            assert_eq!(token.map(str::len), Some(43), "{added:?}");
        }
        let third = types(&db, "staff add --admin --number A-3 --name 青葉一郎").await;
        assert_eq!(third.0, FAILED);
        assert!(third.2.contains("another agrees"), "{third:?}");
        let listed = types(&db, "staff list").await.1;
        assert_eq!(
            listed,
            "A-1\t青葉花子\tシステム管理者\nA-2\t青葉花子\tシステム管理者\n"
        );
        let ended = types(&db, "staff end A-2").await;
        assert_eq!(ended.0, DONE);
        assert!(
            ended
                .1
                .contains("to be changed: LINEのチャネルシークレット"),
            "{ended:?}"
        );
        let again = types(
            &db,
            "staff add --admin --number A-3 --name 青葉一郎 --mail a@city.example.jp",
        )
        .await;
        assert_eq!(
            again.0, DONE,
            "one is left, so the second may be added: {again:?}"
        );
        let json = types(&db, "staff list --json").await.1;
        assert!(json.contains(r#""number":"A-2","name":"青葉花子","mail":null,"organisation":null,"posts":[],"last_day":"2026-11-23""#), "{json}");
        let later = types(&db, "staff end A-3 --on 2026-11-30").await;
        assert!(
            later
                .1
                .starts_with("A-3: everything ends with 2026-11-30\n"),
            "{later:?}"
        );
    }
);

on_both!(wrong_words_change_nothing, |db: TestDb| {
    types(&db, "staff add --admin --number A-1 --name 青葉花子").await;
    for words in [
        "staff add --admin --number A/1 --name 青葉花子",
        "staff add --admin --number A-1 --name 青葉花子",
        "staff add --admin --number A-9 --name 青葉花子 --mail nowhere",
        "staff end A-9",
        "audit export --from 2026-11-25 --to 2026-11-24",
    ] {
        let (code, out, err) = types(&db, words).await;
        assert_eq!(
            (code, out.as_str(), err.lines().count()),
            (WRONG_INPUT, "", 1),
            "{words}: {err}"
        );
    }
    assert_eq!(types(&db, "staff list").await.1.lines().count(), 1);
});

on_both!(the_record_is_verified_by_command, |db: TestDb| {
    types(&db, "staff add --admin --number A-1 --name 青葉花子").await;
    let (code, exported, head) =
        types(&db, "audit export --from 2026-11-24 --to 2026-11-24 --json").await;
    assert_eq!(code, DONE);
    let acts: Vec<String> = exported
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap()["act"].to_string())
        .collect();
    assert_eq!(
        acts,
        [
            "\"staff.person_added\"",
            "\"staff.post_added\"",
            "\"staff.post_granted\""
        ]
    );
    assert!(!exported.contains("青葉"), "no names on record");
    let kept = head.trim().strip_prefix("head ").unwrap();
    let (code, out, _) = types(&db, &format!("audit verify --head {kept}")).await;
    assert_eq!(
        (code, out),
        (DONE, format!("audit: 3 entries, whole\nhead {kept}\n"))
    );
    let lift = match db.is_embedded() {
        true => "DROP TRIGGER audit_entry_stays_update",
        false => "DROP TRIGGER audit_entry_stays ON audit_entry",
    };
    for statement in [
        lift,
        "UPDATE audit_entry SET act = 'staff.left' WHERE seq = 2",
    ] {
        db.conn().execute_unprepared(statement).await.unwrap();
    }
    let (code, _, err) = types(&db, "audit verify").await;
    assert_eq!(
        (code, err.as_str()),
        (
            FAILED,
            "audit: entry 2: it was changed after it was written\n"
        )
    );
});
