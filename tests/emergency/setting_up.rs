//! Before anything is agreed to: modes, hours, readiness, and what is handed in.

use kairan::emergency::moves::{Act, Side, State};
use kairan::emergency::template::Library;
use kairan::emergency::{self, Audience, EmergencyError, NoPlaces, Places, Written};
use kairan::mode::Mode;
use kairan::startup::{self, NotStarted};
use line_simulator::{Options, Simulator};

use super::{FIRST, Night, Who, filled, water};
use crate::emergency_templates::files_but;
use crate::on_both;
use crate::support::Begin;
use crate::support::database::{Engine, TestDb};
use crate::support::town::{policy, settings, tuesday};

on_both!(
    a_database_for_drills_never_becomes_one_for_residents,
    |db: TestDb| {
        assert_eq!(
            db.settle_mode(tuesday(), Mode::Drill).await.unwrap(),
            Mode::Drill
        );
        assert_eq!(
            db.settle_mode(tuesday(), Mode::Live).await.unwrap(),
            Mode::Drill
        );
        let line = Simulator::start(Options::default()).unwrap();
        let clock = kairan::clock::Clock::fixed(tuesday());
        let started = startup::open(&settings(&line, &db.url), policy(), clock, None).await;
        match started.err() {
            Some(NotStarted::Mode { settled, asked }) => {
                assert_eq!((settled, asked), (Mode::Drill, Mode::Live));
            }
            other => panic!("{other:?}"),
        }
    }
);

async fn drill(engine: Engine) -> Night {
    Night::over(TestDb::begin(engine).await, Mode::Drill).await
}

#[tokio::test]
async fn a_drill_is_possible_at_any_hour_and_says_so() {
    let mut night = drill(Engine::Sqlite).await;
    night.profile.emergency.as_mut().unwrap().live = false;
    // Nine in the morning.
    night.later(11 * 60);
    let id = night.sent().await;
    let found = night.find(id).await;
    assert_eq!(found.head.mode, Mode::Drill);
    let words = found.issue.unwrap().messages.to_string();
    assert!(words.contains("【訓練】"), "{words}");
}

on_both!(
    live_ones_go_out_after_hours_and_only_where_both_sides_are_ready,
    |night: Night| {
        let id = night.drafted().await;
        night.later(10 * 60 + 30);
        let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
        assert!(
            matches!(refused, Err(EmergencyError::InHours)),
            "{refused:?}"
        );
        night.later(-2);
        night
            .tries(Who::OwnChief, id, Act::Submit, false)
            .await
            .unwrap();
        // Handed in a minute before work begins, it is sent after that.
        night.done(Who::OwnChief, id, Act::Submit).await;
        night.later(2);
        night.done(Who::PrChief, id, Act::Concur).await;
        night.done(Who::OwnChief, id, Act::Send).await;

        night.later(12 * 60);
        let id = night.drafted().await;
        let (now, section) = (night.hall.now, night.hall.childcare);
        let ready = emergency::readiness(&night.hall.db, now, night.terms(), section)
            .await
            .unwrap();
        assert!(ready.is_ready(), "{ready}");
        let alone = emergency::Readiness {
            administrators: 1,
            ..ready
        };
        assert!(!alone.is_ready(), "{alone}");
        let tx = night.hall.db.db.begin().await.unwrap();
        kairan::staff::account::lock(&tx, now, night.people[&Who::PrDeputy])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
        match refused {
            Err(EmergencyError::NotReady(ready)) => assert_eq!(ready.short(), [Side::Concurs]),
            other => panic!("{other:?}"),
        }
        let tx = night.hall.db.db.begin().await.unwrap();
        kairan::staff::account::unlock(&tx, now, night.people[&Who::PrDeputy])
            .await
            .unwrap();
        tx.commit().await.unwrap();
        night.profile.emergency.as_mut().unwrap().live = false;
        let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
        assert!(
            matches!(refused, Err(EmergencyError::NotReady(_))),
            "{refused:?}"
        );
    }
);

on_both!(
    what_is_handed_in_says_whom_and_how_many_it_is_for,
    |night: Night| {
        let id = night.drafted().await;
        night.done(Who::OwnChief, id, Act::Submit).await;
        let issue = night.find(id).await.issue.unwrap();
        assert_eq!(
            (issue.people, issue.mode, issue.version),
            (FIRST, Mode::Live, 1)
        );
        assert_eq!(issue.channel, "@000town");
        assert!(
            issue.messages.to_string().contains("本町"),
            "{}",
            issue.messages
        );
        let head = night.find(id).await.head;
        assert_eq!(head.digest.as_ref(), Some(&issue.digest().unwrap()));
        assert_eq!(head.number().unwrap().len(), 6);
        assert_eq!(
            head.expires_at,
            Some(night.hall.now + chrono::TimeDelta::minutes(60))
        );

        let everybody = night.drafts_as(Who::OwnChief, &water()).await.unwrap();
        night.done(Who::OwnChief, everybody, Act::Submit).await;
        assert_eq!(night.find(everybody).await.issue.unwrap().people, 15);
    }
);

on_both!(nobody_is_never_everybody, |night: Night| {
    let none = Places::of(&night.directory, &[]);
    assert_eq!(none, Err(NoPlaces::None));
    let odd = serde_json::from_str::<Audience>(r#"{"areas":[]}"#);
    assert!(odd.is_err(), "{odd:?}");
    assert!(serde_json::from_str::<Audience>(r#""everybody""#).is_err());
    // Areas in which nobody can be reached.
    let second = Places::of(&night.directory, &night.areas[1..]).unwrap();
    let written = Written {
        audience: Audience::Areas(second),
        ..water()
    };
    let id = night.drafts_as(Who::Drafter, &written).await.unwrap();
    let tx = night.hall.db.db.begin().await.unwrap();
    for number in 10..13 {
        let user = crate::emergency::user(number);
        kairan::resident::unfollow(&tx, night.hall.now, &user, 2)
            .await
            .unwrap();
    }
    tx.commit().await.unwrap();
    let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
    assert!(
        matches!(refused, Err(EmergencyError::Nobody)),
        "{refused:?}"
    );
});

on_both!(only_what_says_what_it_must_is_handed_in, |night: Night| {
    let half = Written {
        filled: filled(&[("since", "20:30")]),
        ..night.written()
    };
    let id = night.drafts_as(Who::Drafter, &half).await.unwrap();
    let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
    assert!(
        matches!(refused, Err(EmergencyError::Findings(_))),
        "{refused:?}"
    );
    let unknown = Written {
        template: "NONE".into(),
        ..night.written()
    };
    let refused = night.drafts_as(Who::Drafter, &unknown).await;
    assert!(
        matches!(refused, Err(EmergencyError::Template)),
        "{refused:?}"
    );
    let id = night.drafted().await;
    night.library = Library::default();
    let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
    assert!(
        matches!(refused, Err(EmergencyError::Template)),
        "{refused:?}"
    );
});

/// The templates that ship, with a line more in one of them.
fn library_where(code: &str, says: &str) -> Library {
    Library::of(&files_but(code, |text| format!("{says}\n{text}"))).unwrap()
}

on_both!(
    a_template_is_begun_by_the_sections_it_names,
    |night: Night| {
        night.library = library_where("WATER", r#"sections = ["危機管理課"]"#);
        let refused = night.drafts_as(Who::Drafter, &night.written()).await;
        match refused {
            Err(EmergencyError::OtherSections(of)) => assert_eq!(of, ["危機管理課"]),
            other => panic!("{other:?}"),
        }
        let road = Written {
            template: "ROAD".into(),
            ..night.written()
        };
        let id = night.drafts_as(Who::Drafter, &road).await.unwrap();
        // Nor does a draft become one of it.
        let (now, by, terms) = (
            night.hall.now,
            night.signed(Who::Drafter).await,
            night.terms(),
        );
        let water = night.written();
        let edited = night
            .does(async |tx| emergency::edit(tx, now, terms, &by, id, 1, &water).await)
            .await;
        assert!(
            matches!(edited, Err(EmergencyError::OtherSections(_))),
            "{edited:?}"
        );
        let roster = night.hall.roster().await;
        let own = &roster.sections[&night.hall.childcare].name;
        night.library = library_where("WATER", &format!("sections = [\"{own}\"]"));
        night
            .drafts_as(Who::Drafter, &night.written())
            .await
            .unwrap();
    }
);

on_both!(
    drafts_are_written_by_their_section_and_by_no_other,
    |night: Night| {
        for who in Who::ALL {
            let may = [Who::Drafter, Who::OwnChief, Who::OwnDeputy].contains(&who);
            let drafted = night.drafts_as(who, &night.written()).await;
            assert_eq!(drafted.is_ok(), may, "{who:?}: {drafted:?}");
        }
        // Two tabs: the second is told.
        let id = night.drafted().await;
        let (now, by) = (night.hall.now, night.signed(Who::Drafter).await);
        let terms = night.terms();
        let other = crate::emergency::differently(&night.written());
        let edit = async |version| {
            let other = &other;
            night
                .does(async |tx| emergency::edit(tx, now, terms, &by, id, version, other).await)
                .await
        };
        assert_eq!(edit(1).await.unwrap(), 2);
        let late = edit(1).await;
        assert!(matches!(late, Err(EmergencyError::Changed)), "{late:?}");
        // Saying the same again changes nothing.
        assert_eq!(edit(2).await.unwrap(), 2);
        assert_eq!(night.state(id).await, State::Draft);
    }
);

on_both!(
    a_drill_that_residents_receive_is_announced_the_day_before,
    |night: Night| {
        let of = |template: &str, pairs: &[(&str, &str)]| Written {
            template: template.into(),
            filled: filled(pairs),
            ..night.written()
        };
        let drill = of("DRILL-PUBLIC", &[("kind", "quake")]);
        let notice = of(
            "DRILL-PRE",
            &[("at", "2026-11-25 22:00"), ("what", "quake")],
        );
        let id = night.drafts_as(Who::Drafter, &drill).await.unwrap();
        let refused = async |night: &Night, id| {
            let refused = night.tries(Who::OwnChief, id, Act::Submit, false).await;
            match refused {
                Err(EmergencyError::NotAnnounced(name)) => assert_eq!(name, "訓練の予告"),
                other => panic!("{other:?}"),
            }
        };
        refused(&night, id).await;
        let announces = night.drafts_as(Who::Drafter, &notice).await.unwrap();
        night.done(Who::OwnChief, announces, Act::Submit).await;
        night.done(Who::PrChief, announces, Act::Concur).await;
        night.done(Who::OwnChief, announces, Act::Send).await;
        // Who went to bed has not read it.
        refused(&night, id).await;
        night.later(24 * 60);
        night
            .tries(Who::OwnChief, id, Act::Submit, false)
            .await
            .unwrap();
        // Once announced is not for ever.
        night.later(24 * 60);
        refused(&night, id).await;
    }
);
