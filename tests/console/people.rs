//! People at the console: whoever is new, corrected, replaced, back again.

use kairan::ids::PersonId;
use kairan::staff::countersign::Ask;
use kairan::staff::people::{NewPerson, Number};
use reqwest::Response;

use super::office::{Office, page, text};
use crate::on_both;
use crate::staff::{named, term};
use crate::support::console::leads_to;
use crate::support::guest::between;

/// The requests that wait, invitations first, as their pages' paths.
async fn asked(office: &Office) -> Vec<String> {
    let waiting = kairan::staff::countersign::waiting(&office.hall.db, office.now());
    let waiting = waiting.await.unwrap().into_iter();
    let mut asked: Vec<_> = waiting.collect();
    asked.sort_by_key(|asked| !matches!(asked.ask, Ask::Invite { .. }));
    asked
        .iter()
        .map(|asked| format!("/countersigns/{}", asked.id))
        .collect()
}

async fn numbered(office: &Office, number: &str) -> Option<PersonId> {
    let number = Number::parse(number).unwrap();
    kairan::staff::people::person_numbered(&office.hall.db, &number)
        .await
        .unwrap()
}

fn refused(answer: &Response) -> bool {
    answer.status() == 422
}

on_both!(a_new_clerk_is_let_in_by_two, |office: Office| {
    let post = office.hall.pr_staff.to_string();
    let answer = office
        .first
        .post(
            "/people/new",
            &[
                ("number", "20418"),
                ("name", "鈴木 一郎"),
                ("mail", "ichiro@city.shiomi.example"),
                ("post", &post),
                ("from", "2026-12-01"),
                ("reason", "12月1日付の人事異動のため"),
            ],
        )
        .await;
    assert_eq!(answer.status(), 303);
    let path = leads_to(&answer).to_owned();
    let shown = page(&office.first, &path).await;
    assert!(shown.contains("鈴木 一郎") && shown.contains("もう一人の同意を待っています"));
    assert!(shown.contains("役職がありません"), "nothing is theirs yet");

    let [invitation, request] = asked(&office).await.try_into().unwrap();
    let own = page(&office.first, &request).await;
    assert!(own.contains("自分の申請には同意できません") && !own.contains("同意して実行する"));
    assert!(
        page(&office.second, "/")
            .await
            .contains("鈴木 一郎さんを広報課 担当者に就ける")
    );
    let seen = page(&office.second, &request).await;
    assert!(seen.contains("12月1日(火)から") && seen.contains("12月1日付の人事異動のため"));
    let unproven = office.second.post(&format!("{request}/agree"), &[]).await;
    assert_eq!(unproven.status(), 200);
    assert!(text(unproven).await.contains("ご本人であることを"));
    assert_eq!(asked(&office).await.len(), 2, "a form alone does nothing");
    office.agrees(&request).await.leads(&request);
    let link = office.agrees(&invitation).await;
    let token = between(&link.says("いま1度だけ").page, "/invite/", "\"");
    let link = format!("/invite/{token}");
    assert!(!page(&office.second, &invitation).await.contains(&link));
    let mut newcomer = office.town.guest();
    newcomer
        .proves(&format!("{link}/passkey"), &[])
        .await
        .leads("/login");
    newcomer
        .get("/login")
        .await
        .says("今日就いている役職がない");
    let done = page(&office.second, &request).await;
    assert!(done.contains("同意・実行済み"));
    let shown = page(&office.auditor, &path).await;
    assert!(shown.contains("広報課 担当者") && shown.contains("これから"));
    let list = page(&office.auditor, "/people?q=20418").await;
    assert!(list.contains("1人") && list.contains("広報課 担当者（12月1日(火)から）"));
    assert!(
        page(&office.auditor, "/people?q=99999")
            .await
            .contains("見つかりません")
    );
    office.town.later(chrono::TimeDelta::days(7));
    newcomer.proves("/login/passkey", &[]).await.leads("/");
    newcomer.get("/").await.says("鈴木 一郎");
});

on_both!(
    what_is_wrong_with_a_new_person_is_said_and_nothing_done,
    |office: Office| {
        let good = [
            ("number", "30001"),
            ("name", "佐藤 次郎"),
            ("mail", ""),
            ("post", ""),
            ("from", ""),
            ("to", ""),
            ("reason", "増員"),
        ];
        let long = "長".repeat(300);
        let post = office.hall.pr_staff.to_string();
        let admin = office.hall.pr_chief.to_string();
        for (field, value, says) in [
            ("number", "", "職員番号は、英数字とハイフン"),
            ("number", "１２３", "職員番号は、英数字とハイフン"),
            ("number", "A-1", "もう登録されています"),
            ("name", "", "名前は1字から60字まで"),
            ("name", &long, "名前は1字から60字まで"),
            ("mail", "jiro", "メールアドレスの形"),
            ("organisation", "nobody", "所属を一覧から"),
            (
                "organisation",
                "018f0000-0000-7000-8000-000000000000",
                "所属を一覧から",
            ),
            (
                "post",
                "018f0000-0000-7000-8000-000000000000",
                "役職を選んでください",
            ),
            ("post", &admin, "ほかの人がこの役職に就いています"),
            ("reason", " ", "理由を1字から500字まで"),
            ("reason", &"長".repeat(501), "理由を1字から500字まで"),
        ] {
            let mut form: Vec<(&str, &str)> = good.to_vec();
            form.retain(|(name, _)| *name != field);
            form.push((field, value));
            if field == "post" {
                form.retain(|(name, _)| *name != "from");
                form.push(("from", "2026-12-01"));
            }
            let answer = office.first.post("/people/new", &form).await;
            assert!(refused(&answer), "{field}={value}: {}", answer.status());
            let said = text(answer).await;
            assert!(said.contains(says), "{field}={value}");
            assert!(
                said.contains("増員") || field == "reason",
                "what was entered stays"
            );
        }
        for (from, to) in [
            ("2026-12-02", "2026-12-01"),
            ("12/1", ""),
            ("9999-01-01", ""),
            ("", ""),
        ] {
            let mut form: Vec<(&str, &str)> = good.to_vec();
            form.retain(|(name, _)| !matches!(*name, "post" | "from" | "to"));
            form.extend([("post", post.as_str()), ("from", from), ("to", to)]);
            assert!(
                refused(&office.first.post("/people/new", &form).await),
                "{from}–{to}"
            );
        }
        assert_eq!(numbered(&office, "30001").await, None);
        let waiting = kairan::staff::countersign::waiting(&office.hall.db, office.now()).await;
        assert!(waiting.unwrap().is_empty());
    }
);

on_both!(words_from_outside_are_shown_as_words, |office: Office| {
    const EVIL: &str = "<script>alert(1)</script>\"'><img src=x>";
    let answer = office
        .first
        .post(
            "/people/new",
            &[("number", "X-1"), ("name", EVIL), ("reason", EVIL)],
        )
        .await;
    let path = leads_to(&answer).to_owned();
    let id = numbered(&office, "X-1").await.unwrap().to_string();
    let post = office.hall.pr_staff.to_string();
    let grant = [
        ("person", id.as_str()),
        ("post", &post),
        ("from", "2026-12-01"),
        ("reason", EVIL),
    ];
    let answer = office.first.post("/holdings/new", &grant).await;
    let request = leads_to(&answer).to_owned();
    let answer = office.first.post("/sections", &[("name", EVIL)]).await;
    assert_eq!(answer.status(), 303);
    let search = "/people?q=%3Cscript%3Ealert(1)%3C/script%3E";
    for shown in [
        "/people",
        search,
        &path,
        &request,
        "/countersigns",
        "/sections",
        "/holdings/new",
    ] {
        let shown = page(&office.second, shown).await;
        assert!(
            !shown.contains("<script>a") && !shown.contains("<img src"),
            "{shown}"
        );
    }
    assert!(page(&office.second, "/").await.contains("&#60;script&#62;"));
    let wrong = office
        .first
        .post("/people/new", &[("number", EVIL), ("name", EVIL)])
        .await;
    assert!(!text(wrong).await.contains("<img src"));
});

on_both!(
    a_correction_is_refused_where_somebody_was_quicker,
    |office: Office| {
        let person = office.hall.person("40001").await;
        let path = format!("/people/{person}/correct");
        assert!(page(&office.first, &path).await.contains("青葉 花子"));
        let seen = [
            ("was_number", "40001"),
            ("was_name", "青葉 花子"),
            ("was_mail", ""),
        ];
        let to = |number, name| {
            [
                &seen[..],
                &[("number", number), ("name", name), ("mail", "")],
            ]
            .concat()
        };
        let answer = office.first.post(&path, &to("40001", "緑川 花子")).await;
        assert_eq!(answer.status(), 303);
        let late = office.second.post(&path, &to("40001", "赤井 花子")).await;
        assert!(refused(&late));
        assert!(text(late).await.contains("ほかの人が変えています"));
        assert!(
            page(&office.first, &format!("/people/{person}"))
                .await
                .contains("緑川 花子")
        );
        let seen = [
            ("was_number", "40001"),
            ("was_name", "緑川 花子"),
            ("was_mail", ""),
        ];
        for (number, name, says) in [
            ("A-1", "緑川 花子", "もう登録されています"),
            ("40001", "", "名前は1字から60字まで"),
        ] {
            let form = [&seen[..], &[("number", number), ("name", name)]].concat();
            let answer = office.first.post(&path, &form).await;
            assert!(refused(&answer) && text(answer).await.contains(says));
        }
        // The record says what was changed, not into what.
        let record = office.hall.record("staff.person_corrected").await;
        assert_eq!(record.len(), 1);
        assert_eq!(record[0].detail, serde_json::json!({ "changed": ["name"] }));
    }
);

on_both!(whoever_left_comes_back_by_two, |office: Office| {
    let person = office
        .hall
        .holder("K-50001", office.hall.childcare_staff)
        .await;
    let path = format!("/people/{person}");
    let back = format!("{path}/ask/reinstate");
    let early = office.first.post(&back, &[("reason", "再任用")]).await;
    assert!(refused(&early) && text(early).await.contains("取り消す最終日がありません"));
    office.leaves(person, "now", "").await;
    assert!(
        page(&office.first, "/people?state=left")
            .await
            .contains("K-50001")
    );
    assert!(!page(&office.first, "/people").await.contains("K-50001"));
    let answer = office.first.post(&back, &[("reason", "再任用")]).await;
    let request = leads_to(&answer).to_owned();
    office.agrees(&request).await;
    let shown = page(&office.first, &path).await;
    assert!(shown.contains("役職なし") && shown.contains("これまでの役職"));
    assert!(
        office.hall.signed(person).await.is_none(),
        "being back gives no post"
    );
});

on_both!(
    contractors_are_let_in_for_their_contract_and_no_longer,
    |office: Office| {
        let firm = [
            ("name", "株式会社みどり広報"),
            ("from", "2026-04-01"),
            ("to", "2026-12-31"),
        ];
        let answer = office.first.post("/organisations", &firm).await;
        let path = leads_to(&answer).to_owned();
        assert!(
            refused(&office.first.post("/organisations", &firm).await),
            "the name is taken"
        );
        for (from, to) in [
            ("2026-04-01", ""),
            ("2026-04-01", "2026-03-31"),
            ("", "2026-12-31"),
        ] {
            let form = [("name", "別の会社"), ("from", from), ("to", to)];
            assert!(
                refused(&office.first.post("/organisations", &form).await),
                "{from}–{to}"
            );
        }
        let id = path.strip_prefix("/organisations/").unwrap();
        let place = [
            ("kind", "contract_poster"),
            ("place", id),
            ("title", "投稿担当"),
        ];
        assert_eq!(office.first.post("/posts", &place).await.status(), 303);
        let firm = id.parse().unwrap();
        let person = NewPerson {
            organisation: Some(firm),
            ..named("K-1")
        };
        let person = office.hall.add(&person).await;
        let post = office.hall.roster().await;
        let post = post
            .posts
            .values()
            .find(|p| p.organisation() == Some(firm))
            .unwrap()
            .id;
        office
            .hall
            .granted(post, person, term("2026-11-24", "2026-12-31"))
            .await;
        let shown = page(&office.auditor, &path).await;
        assert!(shown.contains("2026") || shown.contains("12月31日(木)まで"));
        assert!(
            page(&office.auditor, "/people")
                .await
                .contains("株式会社みどり広報")
        );
        let extend = format!("{path}/extend");
        let same = office
            .first
            .post(&extend, &[("to", "2026-12-31"), ("reason", "更新")])
            .await;
        assert!(refused(&same) && text(same).await.contains("いまの最終日より後"));
        let answer = office
            .first
            .post(&extend, &[("to", "2027-03-31"), ("reason", "更新")])
            .await;
        let request = leads_to(&answer).to_owned();
        assert!(
            page(&office.second, &request)
                .await
                .contains("2027年3月31日(水)")
        );
        office.agrees(&request).await;
        assert!(
            page(&office.auditor, &path)
                .await
                .contains("2027年3月31日(水)まで")
        );
        let longer = [("when", "day"), ("day", "2027-04-30")];
        let answer = office.first.post(&format!("{path}/end"), &longer).await;
        assert!(refused(&answer), "longer takes two");
        let end = [("when", "day"), ("day", "2026-11-30")];
        assert_eq!(
            office
                .first
                .post(&format!("{path}/end"), &end)
                .await
                .status(),
            303
        );
        let poster = office.town.signs_in(person).await;
        assert_eq!(poster.get("/").await.status(), 200);
        office.town.later(chrono::TimeDelta::days(6));
        let poster = office.again(&poster).await;
        assert_eq!(poster.get("/").await.status(), 200, "its last day");
        office.town.later(chrono::TimeDelta::days(1));
        assert_eq!(poster.get("/").await.status(), 303, "the contract is over");
    }
);

on_both!(
    who_lost_everything_is_let_in_anew_by_two,
    |office: Office| {
        let person = office.chief.person;
        let path = format!("/people/{person}");
        let shown = page(&office.first, &path).await;
        assert!(
            shown.contains("サインインの手段を再設定する") && shown.contains("パスキーを加える")
        );
        assert!(!shown.contains("招待を出す"), "they are in already");
        assert!(!page(&office.auditor, &path).await.contains("再設定する"));
        let reset = format!("{path}/ask/reset");
        assert!(refused(&office.first.post(&reset, &[]).await), "no reason");
        assert_eq!(office.auditor.get(&reset).await.status(), 403);
        let odd = office.first.get(&format!("{path}/ask/else")).await;
        assert_eq!(odd.status(), 404);
        let why = [("reason", "電話を紛失したため")];
        let answer = office.first.post(&reset, &why).await;
        let request = leads_to(&answer).to_owned();
        assert_eq!(office.chief.get("/").await.status(), 200, "until two agree");
        office.agrees(&request).await.says("いま1度だけ");
        assert_eq!(office.chief.get("/").await.status(), 303);
        let shown = page(&office.first, &path).await;
        assert!(
            shown.contains("招待を出す"),
            "a link that got lost is replaced"
        );
        let answer = office.first.post(&format!("{path}/ask/invite"), &why).await;
        let request = leads_to(&answer).to_owned();
        office.agrees(&request).await.says("いま1度だけ");
    }
);

on_both!(
    nobody_corrects_themselves_or_invites_who_is_in,
    |office: Office| {
        let oneself = office.first.person;
        let path = format!("/people/{oneself}/correct");
        let shown = page(&office.first, &path).await;
        let field = |name: &str| {
            let mark = format!("name=\"{name}\" value=\"");
            between(&shown, &mark, "\"").to_owned()
        };
        let was: Vec<(&str, String)> = ["was_number", "was_name", "was_mail"]
            .map(|name| (name, field(name)))
            .to_vec();
        let mut form: Vec<(&str, &str)> = was.iter().map(|(n, v)| (*n, v.as_str())).collect();
        form.extend([("number", "99999"), ("name", "別の人"), ("mail", "")]);
        let answer = office.first.post(&path, &form).await;
        assert!(refused(&answer) && text(answer).await.contains("自分では直せません"));
        let invite = format!("/people/{}/ask/invite", office.chief.person);
        let answer = office.first.post(&invite, &[("reason", "増員")]).await;
        let request = leads_to(&answer).to_owned();
        let mut second = office.second.browser();
        second
            .proves(&format!("{request}/agree"), &[])
            .await
            .leads(&request);
        second
            .get(&request)
            .await
            .says("サインインの手段を再設定する");
    }
);
