//! Writing: whose it is, who may write on it, and what is kept of it.

use chrono::TimeDelta;
use kairan::approval::House;
use kairan::broadcast::content::{Audience, Block, Manuscript, Timing};
use kairan::broadcast::moves::State;
use kairan::broadcast::statement::{Shows, Statement};
use kairan::broadcast::{self, BroadcastError, Query, template};
use kairan::ids::BroadcastId;
use kairan::policy::Answer;
use kairan::staff::people::{NewPerson, Place, PostKind};
use sea_orm::ConnectionTrait;

use super::{Desk, manuscript, saying, tomorrow};
use crate::on_both;
use crate::staff::{named, term};

on_both!(every_revision_is_kept_with_who_wrote_it, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    let second = saying("12月3日(木)の健診は中止です。電話 0000-00-2222");
    assert_eq!(desk.edits(desk.drafter, id, &second).await.unwrap(), 2);
    assert_eq!(
        desk.edits(desk.drafter, id, &second).await.unwrap(),
        2,
        "nothing has changed"
    );
    let third = saying("12月4日(金)に変わりました。電話 0000-00-2222");
    assert_eq!(desk.edits(desk.pr_staff, id, &third).await.unwrap(), 3);
    let kept = broadcast::revisions(&desk.hall.db, id).await.unwrap();
    let by: Vec<_> = kept
        .iter()
        .map(|revision| (revision.number, revision.by))
        .collect();
    assert_eq!(
        by,
        [(1, desk.drafter), (2, desk.drafter), (3, desk.pr_staff)]
    );
    assert_eq!(kept[1].manuscript, second);
    let found = desk.find(id).await;
    assert_eq!(found.manuscript, third);
    assert_eq!(found.editors.len(), 2);
});

on_both!(
    who_writes_over_what_they_have_not_read_is_told,
    |desk: Desk| {
        let id = desk.drafts(&manuscript()).await;
        desk.edits(desk.pr_staff, id, &saying("電話 0000-00-2222"))
            .await
            .unwrap();
        let by = desk.signed(desk.drafter).await;
        let other = saying("電話 0000-00-3333");
        let now = desk.hall.now;
        let refused = desk
            .does(async |tx| broadcast::edit(tx, now, &by, id, 1, &other).await)
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::Changed)),
            "{refused:?}"
        );
        let profile = &desk.profile;
        let refused = desk
            .does(async |tx| {
                broadcast::answer(tx, now, &by, profile, (id, 1), "source", Answer::Yes).await
            })
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::Changed)),
            "{refused:?}"
        );
    }
);

on_both!(
    each_house_writes_its_own_and_the_owner_writes_on_all,
    |desk: Desk| {
        let pr = House::Section(desk.hall.pr);
        let id = desk.drafts(&manuscript()).await;
        let of_pr = desk
            .drafts_as(desk.pr_staff, pr, &manuscript())
            .await
            .unwrap();
        for (person, house) in [
            (desk.drafter, pr),
            (desk.pr_staff, desk.house()),
            (desk.hall.first, pr),
        ] {
            let refused = desk.drafts_as(person, house, &manuscript()).await;
            assert!(
                matches!(refused, Err(BroadcastError::NotTheirs)),
                "{refused:?}"
            );
        }
        let refused = desk
            .edits(desk.drafter, of_pr, &saying("電話 0000-00-2222"))
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::NotTheirs)),
            "{refused:?}"
        );
        desk.edits(desk.section_chief, id, &saying("電話 0000-00-2222"))
            .await
            .unwrap();
        desk.edits(desk.pr_chief, id, &saying("電話 0000-00-3333"))
            .await
            .unwrap();
    }
);

on_both!(
    where_the_policy_has_no_way_for_contractors_they_draft_nothing,
    |desk: Desk| {
        let contract = term("2026-04-01", "2027-03-31");
        let firm = desk.hall.contractor("株式会社みどり広報", contract).await;
        let organisations = kairan::staff::people::organisations(&desk.hall.db)
            .await
            .unwrap();
        let place = Place::Organisation(organisations.into_iter().find(|o| o.id == firm).unwrap());
        let post = desk
            .hall
            .post(PostKind::ContractPoster, "投稿担当", place)
            .await;
        let worker = NewPerson {
            organisation: Some(firm),
            ..named("K-1")
        };
        let worker = desk.hall.add(&worker).await;
        desk.hall.granted(post, worker, contract).await;
        let house = House::Organisation(firm);
        let refused = desk.drafts_as(worker, house, &manuscript()).await;
        assert!(
            matches!(refused, Err(BroadcastError::NoRoute)),
            "{refused:?}"
        );
    }
);

on_both!(
    what_people_vouch_for_is_kept_and_new_words_need_new_answers,
    |desk: Desk| {
        let url = "https://www.city.shiomi.example/kenshin";
        let id = desk.drafts(&saying(&format!("健診のお知らせ {url}"))).await;
        assert_eq!(
            desk.findings(id).await,
            [
                "「出どころの確かな資料で、内容を確かめましたか。」に答えてください。（汐見市運用ポリシー 5(3)イ）",
                "「まだ決まっていない重要な施策の、検討中の内容が入っていますか。」に答えてください。（汐見市運用ポリシー 5(3)イ）",
                "「はじめて読む人にも、いつ・どこで・何をすればよいかが伝わりますか。」に答えてください。（汐見市運用ポリシー 5(3)ア）",
                &format!("リンク {url} の「開いて確かめた記録」を入力してください。"),
            ]
        );
        desk.vouches(id).await;
        let opened = Shows::Opened {
            arrived: url.into(),
            title: "健診のご案内".into(),
        };
        desk.shows(id, url, opened.clone()).await.unwrap();
        assert_eq!(desk.findings(id).await, [""; 0]);
        let said = desk.find(id).await.statements.0;
        assert_eq!(said.len(), 4);
        assert!(
            said.iter()
                .all(|stated| (stated.by, stated.at, stated.revision)
                    == (desk.drafter, desk.hall.now, 1))
        );
        assert_eq!(
            said[3].what,
            Statement::Link {
                url: url.into(),
                shows: opened.clone()
            }
        );
        // The link is where it was; the words are not.
        desk.edits(
            desk.drafter,
            id,
            &saying(&format!("健診の時刻が変わりました {url}")),
        )
        .await
        .unwrap();
        let open = desk.findings(id).await;
        assert_eq!(open.len(), 3);
        assert!(
            open.iter().all(|words| words.contains("に答えてください")),
            "{open:?}"
        );
        let refused = desk
            .shows(id, "https://www.city.shiomi.example/other", opened)
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::NoSuchLink)),
            "{refused:?}"
        );
        let refused = desk.answers(id, "weather", Answer::Yes).await;
        assert!(
            matches!(refused, Err(BroadcastError::NotAsked)),
            "{refused:?}"
        );
    }
);

on_both!(
    a_slip_is_put_right_or_overruled_with_a_reason,
    |desk: Desk| {
        let id = desk
            .drafts(&saying("12月3日(金)は休館です。電話 03-1234-5678"))
            .await;
        desk.vouches(id).await;
        let refused = desk.submits(id).await;
        let Err(BroadcastError::Findings(found)) = refused else {
            panic!("{refused:?}");
        };
        assert_eq!(found.len(), 2);
        let by = desk.signed(desk.drafter).await;
        let (now, profile) = (desk.hall.now, &desk.profile);
        let overrule = async |slip: &str, reason: &str| {
            let read = (id, 1);
            desk.does(async |tx| {
                broadcast::override_lint(tx, now, &by, profile, read, slip, reason).await
            })
            .await
        };
        let refused = overrule("other_phone:03-1234-5678", "  ").await;
        assert!(
            matches!(refused, Err(BroadcastError::Unsaid)),
            "{refused:?}"
        );
        let refused = overrule("other_phone:03-1234-9999", "県の窓口です").await;
        assert!(
            matches!(refused, Err(BroadcastError::NoSuchSlip)),
            "{refused:?}"
        );
        overrule("other_phone:03-1234-5678", "県の窓口です")
            .await
            .unwrap();
        assert_eq!(
            desk.findings(id).await,
            ["「12月3日(金)」の曜日が暦と違います。暦では木曜日です。"]
        );
        let said = desk.find(id).await.statements;
        assert_eq!(
            said.overruled("other_phone:03-1234-5678", 1),
            Some("県の窓口です")
        );
    }
);

on_both!(
    a_copy_and_a_template_begin_anew_without_an_hour,
    |desk: Desk| {
        let first = desk.drafts(&manuscript()).await;
        let by = desk.signed(desk.drafter).await;
        let (now, profile, house) = (desk.hall.now, &desk.profile, desk.house());
        let copy = desk
            .does(async |tx| broadcast::copy(tx, now, &by, profile, house, first).await)
            .await
            .unwrap();
        let copied = desk.find(copy).await;
        let without_hour = Manuscript {
            timing: Timing::default(),
            ..manuscript()
        };
        assert_eq!(
            (copied.head.state, &copied.manuscript),
            (State::Draft, &without_hour)
        );

        let kept = desk
            .does(async |tx| {
                template::keep(tx, now, &by, house, "健診のひな形", &manuscript()).await
            })
            .await
            .unwrap();
        let of_house = template::of(&desk.hall.db, house).await.unwrap();
        assert_eq!(
            (of_house.len(), &of_house[0].manuscript),
            (1, &without_hour)
        );
        let elsewhere = template::of(&desk.hall.db, House::Section(desk.hall.pr))
            .await
            .unwrap();
        assert_eq!(elsewhere, []);
        let stranger = desk.signed(desk.hall.first).await;
        let refused = desk
            .does(async |tx| template::retire(tx, now, &stranger, kept).await)
            .await;
        assert!(
            matches!(refused, Err(BroadcastError::NotTheirs)),
            "{refused:?}"
        );
        desk.does(async |tx| template::retire(tx, now, &by, kept).await)
            .await
            .unwrap();
        assert_eq!(template::find(&desk.hall.db, kept).await.unwrap(), None);
    }
);

on_both!(lists_are_read_page_by_page, |desk: Desk| {
    let mut ids: Vec<BroadcastId> = Vec::new();
    for number in 0..53 {
        let titled = Manuscript {
            title: format!("お知らせ{number}_100%"),
            ..manuscript()
        };
        ids.push(desk.drafts(&titled).await);
        // Ids sort by the millisecond.
        desk.hall.now += TimeDelta::milliseconds(1);
    }
    let pr = House::Section(desk.hall.pr);
    let event = Manuscript {
        category: "event".into(),
        title: "写真展".into(),
        ..manuscript()
    };
    let of_pr = desk.drafts_as(desk.pr_staff, pr, &event).await.unwrap();
    let list = async |query: Query| broadcast::list(&desk.hall.db, &query).await.unwrap();
    let first = list(Query::default()).await;
    let last = first.last().map(|head| head.id);
    let second = list(Query {
        before: last,
        ..Query::default()
    })
    .await;
    assert_eq!((first.len(), first[0].id, second.len()), (50, of_pr, 4));
    let seen: std::collections::BTreeSet<_> =
        first.iter().chain(&second).map(|head| head.id).collect();
    assert_eq!(seen.len(), 54);
    let only = |query: Query| async {
        list(query)
            .await
            .iter()
            .map(|head| head.id)
            .collect::<Vec<_>>()
    };
    assert_eq!(
        only(Query {
            house: Some(pr),
            ..Query::default()
        })
        .await,
        [of_pr]
    );
    assert_eq!(
        only(Query {
            category: Some("event".into()),
            ..Query::default()
        })
        .await,
        [of_pr]
    );
    let words = vec!["せ7_".into(), "100%".into()];
    assert_eq!(
        only(Query {
            words,
            ..Query::default()
        })
        .await,
        [ids[7]]
    );
    assert_eq!(
        only(Query {
            states: vec![State::Approved],
            ..Query::default()
        })
        .await,
        []
    );
    assert_eq!(
        only(Query {
            words: vec!["_100_".into()],
            ..Query::default()
        })
        .await,
        []
    );
});

on_both!(the_calendar_shows_what_goes_out_when, |desk: Desk| {
    let late = Manuscript {
        timing: Timing {
            send_at: Some(tomorrow(15)),
            valid_until: Some(tomorrow(20)),
        },
        ..manuscript()
    };
    let late = desk.drafts(&late).await;
    let early = desk.drafts(&manuscript()).await;
    let gone = desk.drafts(&manuscript()).await;
    let by = desk.signed(desk.drafter).await;
    let now = desk.hall.now;
    desk.does(async |tx| broadcast::withdraw(tx, now, &by, gone).await)
        .await
        .unwrap();
    let day = broadcast::between(&desk.hall.db, tomorrow(0), tomorrow(24))
        .await
        .unwrap();
    assert_eq!(
        day.iter().map(|head| head.id).collect::<Vec<_>>(),
        [early, late]
    );
    let before = broadcast::between(&desk.hall.db, tomorrow(0), tomorrow(10))
        .await
        .unwrap();
    assert_eq!(before, []);
});

on_both!(the_record_names_revisions_and_never_words, |desk: Desk| {
    let id = desk
        .approved(&saying("すこやか健診のお知らせ 電話 0000-00-2222"))
        .await;
    desk.edits(
        desk.drafter,
        id,
        &saying("わんぱく健診のお知らせ 電話 0000-00-2222"),
    )
    .await
    .unwrap();
    let record = desk.hall.record("broadcast.").await;
    let acts: Vec<&str> = record
        .iter()
        .rev()
        .map(|entry| entry.act.as_str())
        .collect();
    assert_eq!(
        acts,
        [
            "broadcast.drafted",
            "broadcast.answered",
            "broadcast.answered",
            "broadcast.answered",
            "broadcast.submitted",
            "broadcast.approved",
            "broadcast.reopened",
            "broadcast.edited",
        ]
    );
    assert!(record.iter().all(|entry| entry.object_id == id.to_string()));
    let told = format!("{record:?}");
    assert!(
        !told.contains("健診") && !told.contains("00-2222"),
        "{told}"
    );
});

#[test]
fn a_manuscript_is_read_back_as_it_was_written() {
    let whole = Manuscript {
        blocks: vec![
            Block::Text {
                text: "あす".into(),
            },
            Block::Card {
                title: "健診".into(),
                text: String::new(),
                picture: None,
                buttons: vec![],
            },
        ],
        audience: Audience::Corrected(BroadcastId::new(tomorrow(0))),
        ..manuscript()
    };
    for written in [whole, manuscript()] {
        let json = serde_json::to_string(&written).unwrap();
        assert_eq!(serde_json::from_str::<Manuscript>(&json).unwrap(), written);
    }
    let unknown =
        serde_json::to_string(&manuscript())
            .unwrap()
            .replacen("\"title\"", "\"titel\"", 1);
    assert!(serde_json::from_str::<Manuscript>(&unknown).is_err());
}

on_both!(no_more_is_kept_of_a_draft_than_can_be_read, |desk: Desk| {
    let id = desk.drafts(&manuscript()).await;
    desk.answers(id, "source", Answer::Yes).await.unwrap();
    // Each doubles what was said, up to 512; then the last 488.
    for many in (0..9).map(|power| 1 << power).chain([512]) {
        let more = format!(
            "INSERT INTO broadcast_statement (broadcast_id, number, revision, statement, \"by\", at)
             SELECT broadcast_id, number + {many}, revision, statement, \"by\", at
             FROM broadcast_statement WHERE number <= {}",
            many.min(488)
        );
        let conn = desk.hall.db.conn();
        conn.execute_unprepared(&more).await.unwrap();
    }
    assert_eq!(desk.find(id).await.statements.0.len(), 1000);
    let refused = desk.answers(id, "source", Answer::No).await;
    assert!(
        matches!(refused, Err(BroadcastError::SaidTooMuch)),
        "{refused:?}"
    );
});
