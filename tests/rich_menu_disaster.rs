//! The disaster menu comes in front of everybody, whatever goes wrong on the way, and goes again.

use chrono::TimeDelta;
use entity::{child, resident};
use kairan::line::UserId;
use kairan::line::client::Client;
use kairan::resident::meet;
use kairan::richmenu::{
    Foreign, NotShown, Progress, apply, follow, look, plan, repair, set_disaster_in, switch,
};
use line_simulator::{Effect, Fault};
use sea_orm::{EntityTrait, Set};

use crate::on_both;
use crate::rich_menu::small;
use crate::rich_menu_showing::{registered, sees, tabs, with};
use crate::support::town::{Person, Town};

/// Every kind of call that a switch makes, in order.
const CALLS: [(&str, &str); 5] = [
    ("GET", "/v2/bot/richmenu/list"),
    ("GET", "/v2/bot/richmenu/alias/list"),
    ("GET", "/v2/bot/user/all/richmenu"),
    ("POST", "/v2/bot/user/all/richmenu/"),
    ("POST", "/v2/bot/richmenu/bulk/"),
];

async fn switched(town: &Town, line: &Client, disaster: bool) -> Result<u64, NotShown> {
    // LINE lists menus ten times a second.
    town.later(TimeDelta::seconds(1));
    switch(&town.db, line, disaster, |_| {}).await
}

fn both_see(town: &Town, [hanako, taro]: [&Person<'_>; 2], disaster: bool) {
    let (hers, his) = match disaster {
        true => ("さいがい", "さいがい"),
        false => ("くらし", "はじめ"),
    };
    assert!(sees(town, hanako, hers), "disaster: {disaster}");
    assert!(sees(town, taro, his), "disaster: {disaster}");
}

on_both!(
    any_call_of_a_switch_may_fail_and_saying_it_again_goes_on,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let hanako = registered(&town, "花子").await;
        let taro = town.resident("太郎").await;
        for (method, path) in CALLS {
            for effect in [
                Effect::ServerError,
                Effect::RateLimited,
                Effect::Reset,
                Effect::LostAnswer,
            ] {
                for disaster in [true, false] {
                    town.line.inject(Fault::next(1, effect).on(method, path));
                    let failed = switched(&town, &line, disaster).await;
                    assert!(failed.is_err(), "{method} {path} is not called");
                    // A connection that broke may take the next call with it.
                    town.line.clear_faults();
                    for _ in 0..3 {
                        if switched(&town, &line, disaster).await.is_ok() {
                            break;
                        }
                    }
                    both_see(&town, [&hanako, &taro], disaster);
                }
            }
        }
    }
);

on_both!(
    a_switch_goes_on_with_the_resident_at_whom_it_stopped,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let crowd: Vec<UserId> = (0..12_000)
            .map(|n| UserId::parse(&format!("U{n:032x}")).unwrap())
            .collect();
        for users in crowd.chunks(1_000) {
            meet(&town.db, town.clock.now(), users).await.unwrap();
        }
        let mut told = Vec::new();
        let failed = switch(&town.db, &line, true, |progress| {
            told.push(progress);
            let fault = Fault::next(1, Effect::ServerError);
            town.line.inject(fault.on("POST", "/v2/bot/richmenu/bulk/"));
        });
        assert!(matches!(failed.await, Err(NotShown::Line(_))));
        let first = Progress {
            done: 5_000,
            all: 12_000,
        };
        assert_eq!(told, [first]);

        // Whoever registers now sees what holds, though the switch is not through.
        let hanako = registered(&town, "花子").await;
        assert!(sees(&town, &hanako, "さいがい"));

        town.line.clear_faults();
        let before = town.line.requests().len();
        let rest = switched(&town, &line, true).await.unwrap();
        assert_eq!(rest, 7_001, "and her");
        let calls = town.line.requests().split_off(before);
        let bulk = calls.iter().filter(|call| call.path.contains("/bulk/"));
        assert_eq!(bulk.count(), 15, "500 a call");
    }
);

on_both!(
    a_switch_by_another_process_holds_from_its_first_moment,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        // The server has just asked LINE what there is, and remembers it.
        let hanako = registered(&town, "花子").await;
        assert!(sees(&town, &hanako, "くらし"));
        switch(&town.db, &line, true, |_| {}).await.unwrap();
        let taro = registered(&town, "太郎").await;
        both_see(&town, [&hanako, &hanako], true);
        assert!(sees(&town, &taro, "さいがい"));
        switch(&town.db, &line, false, |_| {}).await.unwrap();
        let jiro = registered(&town, "次郎").await;
        for person in [&hanako, &taro, &jiro] {
            assert!(sees(&town, person, "くらし"));
        }
        // What came first does not undo what came after it.
        let contrary = switch(&town.db, &line, true, |_| {});
        contrary.await.unwrap();
        both_see(&town, [&hanako, &taro], true);
        town.nothing_went_wrong().await;
    }
);

on_both!(menus_follow_a_decision_made_with_others, |town: Town| {
    let line = with(&town, &tabs()).await;
    let hanako = registered(&town, "花子").await;
    let taro = town.resident("太郎").await;
    let decides = async |disaster, commits| {
        town.later(TimeDelta::seconds(1));
        let tx = town.db.begin().await.unwrap();
        set_disaster_in(&tx, disaster).await.unwrap();
        if commits {
            tx.commit().await.unwrap();
        }
    };
    // What was rolled back was never decided.
    decides(true, false).await;
    assert_eq!(follow(&town.db, &line).await.unwrap(), 0);
    both_see(&town, [&hanako, &taro], false);
    for disaster in [true, false] {
        decides(disaster, true).await;
        let fault = Fault::next(1, Effect::ServerError);
        town.line.inject(fault.on("POST", "/v2/bot/richmenu/bulk/"));
        assert!(follow(&town.db, &line).await.is_err());
        town.later(TimeDelta::seconds(1));
        assert!(follow(&town.db, &line).await.unwrap() > 0);
        both_see(&town, [&hanako, &taro], disaster);
        let before = town.line.requests().len();
        assert_eq!(follow(&town.db, &line).await.unwrap(), 0);
        assert_eq!(
            town.line.requests().len(),
            before,
            "nothing to do is nothing asked"
        );
    }
});

on_both!(
    files_are_applied_to_a_town_that_a_disaster_has_struck_meanwhile,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let hanako = registered(&town, "花子").await;
        let taro = town.resident("太郎").await;
        let now = town.clock.now();
        let renamed = tabs().map(|[folder, shown_to, label, action]| match folder {
            "newcomer" => [folder, shown_to, "はじめまして", action],
            _ => [folder, shown_to, label, action],
        });
        let menus = small(&renamed);
        let found = look(&town.db, &line, now).await.unwrap();
        let planned = plan(&menus, &found, Foreign::Leave);
        switched(&town, &line, true).await.unwrap();
        apply(&town.db, &line, now, planned).await.unwrap();
        both_see(&town, [&hanako, &taro], true);
        switched(&town, &line, false).await.unwrap();
        assert!(sees(&town, &taro, "はじめまして"));

        // Nor are files without a menu for disasters applied while one lasts: nobody would see a menu.
        switched(&town, &line, true).await.unwrap();
        town.later(TimeDelta::seconds(1));
        let without = small(&renamed[..3]);
        let found = look(&town.db, &line, now).await.unwrap();
        let planned = plan(&without, &found, Foreign::Leave);
        let refused = apply(&town.db, &line, now, planned).await.unwrap_err();
        assert!(refused.to_string().contains("disaster"), "{refused}");
        both_see(&town, [&hanako, &taro], true);
    }
);

on_both!(
    a_decision_is_not_lost_in_a_run_that_begins_before_it_is_committed,
    |town: Town| {
        let line = with(&town, &tabs()).await;
        let hanako = registered(&town, "花子").await;
        let taro = town.resident("太郎").await;
        let fewer = small(
            &tabs().map(|[folder, shown_to, label, action]| match folder {
                "living" => ["life", shown_to, label, "switch: safety"],
                "safety" => [folder, shown_to, label, "switch: life"],
                _ => [folder, shown_to, label, action],
            }),
        );
        let now = town.clock.now();
        let found = look(&town.db, &line, now).await.unwrap();
        let planned = plan(&fewer, &found, Foreign::Leave);
        let tx = town.db.begin().await.unwrap();
        set_disaster_in(&tx, true).await.unwrap();
        // It comes to where it writes, too, and waits there; or only now begins.
        let applies = apply(&town.db, &line, now, planned);
        let decides = async {
            for _ in 0..50 {
                tokio::task::yield_now().await;
            }
            tx.commit().await.unwrap();
        };
        let (applied, ()) = tokio::join!(applies, decides);
        applied.unwrap();
        town.later(TimeDelta::seconds(1));
        follow(&town.db, &line).await.unwrap();
        both_see(&town, [&hanako, &taro], true);
    }
);

on_both!(everybody_gets_their_own_menu_back, |town: Town| {
    let mut menus = tabs().to_vec();
    menus.push(["parents", "parents", "こども", "postback: 1/disaster"]);
    let line = with(&town, &menus).await;
    let hanako = registered(&town, "花子").await;
    let hers = resident::Entity::find().one(town.db.conn()).await;
    let child = child::ActiveModel {
        resident_id: Set(hers.unwrap().unwrap().id),
        kind: Set("birth".to_owned()),
        month: Set("2026-04-01".parse().unwrap()),
        ..Default::default()
    };
    child::Entity::insert(child)
        .exec_without_returning(town.db.conn())
        .await
        .unwrap();
    repair(&town.db, &line, |_| {}).await.unwrap();
    assert!(sees(&town, &hanako, "こども"));
    switched(&town, &line, true).await.unwrap();
    assert!(sees(&town, &hanako, "さいがい"));
    switched(&town, &line, false).await.unwrap();
    assert!(sees(&town, &hanako, "こども"));
});
