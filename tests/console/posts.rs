//! Sections and posts at the console, and a chief who is replaced.

use kairan::staff::people::PostKind;

use super::office::{Office, page, text};
use crate::on_both;
use crate::staff::day;
use crate::support::console::leads_to;

on_both!(
    a_chief_is_replaced_on_the_first_of_april,
    |office: Office| {
        let hall = &office.hall;
        let new = hall.person("60001").await.to_string();
        let post = hall.pr_chief.to_string();
        let grant = [
            ("person", new.as_str()),
            ("post", &post),
            ("from", "2027-04-01"),
            ("reason", "4月1日付の人事異動のため"),
        ];
        let early = office.first.post("/holdings/new", &grant).await;
        assert_eq!(early.status(), 422);
        let said = text(early).await;
        assert!(said.contains("先にその人の任命の最終日を決めてください"));
        assert!(
            said.contains("4月1日付の人事異動のため"),
            "what was entered stays"
        );

        let roster = hall.roster().await;
        let held = roster
            .holdings
            .iter()
            .find(|held| held.post == hall.pr_chief);
        let end = format!("/holdings/{}/end", held.unwrap().id);
        assert!(page(&office.first, &end).await.contains("広報課 課長"));
        let last = [("when", "day"), ("day", "2027-03-31")];
        assert_eq!(office.first.post(&end, &last).await.status(), 303);
        let longer = office
            .first
            .post(&end, &[("when", "day"), ("day", "2027-05-31")])
            .await;
        assert_eq!(longer.status(), 422);
        assert!(text(longer).await.contains("延ばすには、二人操作"));
        for (when, day) in [
            ("", ""),
            ("day", ""),
            ("day", "2026-11-01"),
            ("day", "31/3"),
        ] {
            let answer = office
                .first
                .post(&end, &[("when", when), ("day", day)])
                .await;
            assert_eq!(answer.status(), 422, "{when} {day}");
        }

        let answer = office.first.post("/holdings/new", &grant).await;
        let request = leads_to(&answer).to_owned();
        office.agrees(&request).await;
        let posts = page(&office.auditor, "/posts").await;
        assert!(posts.contains("2027年3月31日(水)まで") && posts.contains("2027年4月1日(木)から"));
        let roster = hall.roster().await;
        let chief = |date| roster.acting(hall.pr_chief, day(date)).chief.map(|p| p.id);
        assert_eq!(chief("2027-03-31"), Some(office.chief.person));
        assert_eq!(
            chief("2027-04-01").map(|id| id.to_string()),
            Some(new.clone())
        );
        let again = office.first.post(&end, &[("when", "now")]).await;
        assert_eq!(again.status(), 303);
        let stale = office.second.get(&end).await;
        assert_eq!(
            stale.status(),
            303,
            "it is over: back to the person, with a word"
        );
        assert_eq!(office.chief.get("/").await.status(), 303, "at once");
    }
);

on_both!(sections_and_posts_are_added_and_closed, |office: Office| {
    let add = |name| {
        let office = &office;
        async move { office.first.post("/sections", &[("name", name)]).await }
    };
    assert_eq!(add("危機管理課").await.status(), 303);
    let twice = add("危機管理課").await;
    assert_eq!(twice.status(), 422);
    assert!(text(twice).await.contains("もうあります"));
    for name in ["", &"課".repeat(300)] {
        let form = [("name", name)];
        assert_eq!(office.first.post("/sections", &form).await.status(), 422);
    }
    let owner = [("name", "情報課"), ("owner", "yes")];
    let owner = office.first.post("/sections", &owner).await;
    assert_eq!(owner.status(), 422, "there is one that owns the account");

    let roster = office.hall.roster().await;
    let section = roster
        .sections
        .values()
        .find(|s| s.name == "危機管理課")
        .unwrap()
        .id;
    let place = section.to_string();
    let post = |kind: &'static str, place: String, title: &'static str| {
        let office = &office;
        async move {
            let form = [("kind", kind), ("place", place.as_str()), ("title", title)];
            office.first.post("/posts", &form).await.status()
        }
    };
    assert_eq!(post("chief", place.clone(), "課長").await, 303);
    assert_eq!(post("staff", place.clone(), "防災担当").await, 303);
    for (kind, place, title) in [
        ("chief", place.clone(), "もう一人の課長"),
        ("staff", String::new(), "担当"),
        ("auditor", place.clone(), "監査"),
        ("contract_poster", place.clone(), "投稿"),
        ("mayor", place.clone(), "市長"),
        ("staff", "nowhere".to_owned(), "担当"),
        ("staff", place.clone(), ""),
    ] {
        assert_eq!(post(kind, place, title).await, 422, "{kind} {title}");
    }
    let roster = office.hall.roster().await;
    let of = |kind| {
        let posts = roster.posts.values();
        let mut posts = posts.filter(|p| p.section() == Some(section) && p.kind == kind);
        posts.next().unwrap().id
    };
    let (chief, staff) = (of(PostKind::Chief), of(PostKind::Staff));
    let person = office.hall.holder("61001", staff).await;
    let clerk = office.town.signs_in(person).await;
    assert_eq!(clerk.get("/").await.status(), 200);
    let close = format!("/posts/{staff}/close");
    let shown = page(&office.first, &close).await;
    assert!(shown.contains("危機管理課 防災担当として何もできなくなります"));
    assert_eq!(office.first.post(&close, &[]).await.status(), 303);
    assert_eq!(
        clerk.get("/").await.status(),
        303,
        "the post allows nothing any more"
    );
    assert!(!page(&office.auditor, "/posts").await.contains("防災担当"));
    let record = office.hall.record("staff.post_closed").await;
    assert_eq!(record.len(), 1);
    office.first.post(&close, &[]).await;
    office
        .first
        .post(&format!("/posts/{chief}/close"), &[])
        .await;
    assert_eq!(office.hall.record("staff.post_closed").await.len(), 1);

    let close = format!("/sections/{section}/close");
    assert!(
        page(&office.first, &close)
            .await
            .contains("危機管理課を、きょう廃止しますか")
    );
    assert_eq!(office.first.post(&close, &[]).await.status(), 303);
    let shown = page(&office.auditor, "/sections").await;
    assert!(shown.contains("廃止した課") && shown.contains("11月24日(火)に廃止"));
    assert_eq!(
        office.first.get(&close).await.status(),
        303,
        "it is closed already"
    );
    assert_eq!(
        add("危機管理課").await.status(),
        303,
        "the name is free again"
    );
});

on_both!(
    auditors_see_everything_and_change_nothing,
    |office: Office| {
        for path in [
            "/people",
            "/sections",
            "/posts",
            "/deputies",
            "/organisations",
            "/countersigns",
            "/secrets",
        ] {
            let shown = page(&office.auditor, path).await;
            assert!(!shown.contains("class=\"button primary\""), "{path}");
            assert_eq!(
                shown.matches("method=\"post\"").count(),
                1,
                "{path}: only signing out"
            );
        }
        let hall = &office.hall;
        for path in ["/people/new", "/holdings/new", "/deputies/new"] {
            assert_eq!(office.auditor.get(path).await.status(), 403, "{path}");
        }
        let shown = page(&office.auditor, &format!("/people/{}", hall.first)).await;
        assert!(shown.contains("職員、課、役職、代理を登録する") && !shown.contains("/leave"));
        let denied = office
            .auditor
            .post("/sections", &[("name", "監査課")])
            .await;
        assert_eq!(denied.status(), 403);
        assert!(
            hall.roster()
                .await
                .sections
                .values()
                .all(|s| s.name != "監査課")
        );
    }
);

on_both!(
    a_section_is_entrusted_by_two_and_relieved_by_one,
    |office: Office| {
        let hall = &office.hall;
        let path = format!("/sections/{}", hall.childcare);
        let nurse = hall.holder("62001", hall.childcare_staff).await;
        let nurse = office.town.signs_in(nurse).await;
        assert_eq!(nurse.get("/childcare").await.status(), 200);
        let refused = nurse.get("/garbage").await;
        assert_eq!(refused.status(), 403);
        assert!(text(refused).await.contains("ごみの収集日を担当する課"));
        let replaced = nurse.post("/garbage/import", &[]).await;
        assert_eq!(replaced.status(), 403, "not by its address either");

        let shown = page(&office.first, &path).await;
        assert!(shown.contains("妊娠・子育て") && shown.contains("担当を加える"));
        assert!(!page(&office.auditor, &path).await.contains("担当を加える"));
        let entrust = format!("{path}/entrust");
        for (subject, reason) in [("", "統合"), ("weather", "統合"), ("garbage", "")] {
            let form = [("subject", subject), ("reason", reason)];
            let answer = office.first.post(&entrust, &form).await;
            assert_eq!(answer.status(), 422, "{subject} {reason}");
        }
        let again = [("subject", "childcare"), ("reason", "統合")];
        let again = office.first.post(&entrust, &again).await;
        assert!(text(again).await.contains("もうこの内容を担当しています"));
        let form = [("subject", "garbage"), ("reason", "環境係が移ったため")];
        let answer = office.first.post(&entrust, &form).await;
        let request = leads_to(&answer).to_owned();
        let seen = page(&office.second, &request).await;
        assert!(seen.contains("子育て支援課に「ごみの収集日」を担当させる"));
        assert_eq!(nurse.get("/garbage").await.status(), 403, "until two agree");
        office.agrees(&request).await.leads(&request);
        assert_eq!(nurse.get("/garbage").await.status(), 200);

        let relieve = format!("{path}/relieve");
        let form = [("subject", "garbage")];
        assert_eq!(office.first.post(&relieve, &form).await.status(), 303);
        assert_eq!(nurse.get("/garbage").await.status(), 403);
        let record = hall.record("staff.section_relieved").await;
        assert_eq!(record.len(), 1);
        office.first.post(&relieve, &form).await;
        assert_eq!(hall.record("staff.section_relieved").await.len(), 1);
        let odd = [("subject", "weather")];
        assert_eq!(office.first.post(&relieve, &odd).await.status(), 400);
    }
);

on_both!(
    the_administrators_last_post_is_not_closed,
    |office: Office| {
        let roster = office.hall.roster().await;
        let mut posts = roster.posts.values();
        let post = posts.find(|post| post.kind == PostKind::Administrator);
        let close = format!("/posts/{}/close", post.unwrap().id);
        office.first.post(&close, &[]).await;
        assert!(office.hall.record("staff.post_closed").await.is_empty());
        assert_eq!(office.second.get("/people/new").await.status(), 200);
    }
);
