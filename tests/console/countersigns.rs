//! Acts of two at the console.

use chrono::TimeDelta;
use kairan::staff::countersign::{self, Ask, Outcome};
use kairan::staff::people::Term;

use super::emergencies::enrolled_in_person;
use super::office::{Office, page, text};
use crate::on_both;
use crate::support::console::leads_to;
use crate::support::guest::between;

/// The first administrator asks for something; the path of its page.
async fn asks(office: &Office, ask: Ask, why: &str) -> String {
    let hall = &office.hall;
    let asked = countersign::ask(&hall.db, office.now(), hall.first, ask, why).await;
    format!("/countersigns/{}", asked.unwrap())
}

/// … for a post.
async fn asked(office: &Office, number: &str) -> String {
    let hall = &office.hall;
    let ask = Ask::GrantPost {
        post: hall.pr_staff,
        person: hall.person(number).await,
        term: Term::since(hall.today()),
    };
    asks(office, ask, "増員").await
}

async fn outcome(office: &Office, path: &str) -> Option<Outcome> {
    let id = path
        .strip_prefix("/countersigns/")
        .unwrap()
        .parse()
        .unwrap();
    let found = countersign::find(&office.hall.db, office.now(), id).await;
    found.unwrap().unwrap().outcome
}

/// What the next page says after a deed.
async fn told(staff: &crate::support::console::Staff, answer: reqwest::Response) -> String {
    let cookies = answer.headers().get_all("set-cookie").iter();
    let cookies = cookies.map(|c| c.to_str().unwrap().split(';').next().unwrap());
    let said = cookies
        .filter(|c| c.starts_with("kairan-said="))
        .collect::<String>();
    let next = staff.request(reqwest::Method::GET, leads_to(&answer));
    text(next.header("cookie", said).send().await.unwrap()).await
}

on_both!(ones_own_is_never_agreed_to, |office: Office| {
    let path = asked(&office, "80001").await;
    let answer = office.first.post(&format!("{path}/agree"), &[]).await;
    assert!(
        told(&office.first, answer)
            .await
            .contains("自分では同意できません")
    );
    let decline = [("answer", "やめます")];
    let answer = office
        .first
        .post(&format!("{path}/decline"), &decline)
        .await;
    assert!(
        told(&office.first, answer)
            .await
            .contains("自分では同意できません")
    );
    assert_eq!(outcome(&office, &path).await, None);
    assert!(
        !page(&office.first, "/")
            .await
            .contains("確認してください：")
    );
    let list = page(&office.first, "/countersigns").await;
    assert!(list.contains("あなたの申請。ほかの人の同意を待っています。"));
    let others = office.second.post(&format!("{path}/withdraw"), &[]).await;
    assert!(
        told(&office.second, others)
            .await
            .contains("申請した人だけです")
    );
    office.first.post(&format!("{path}/withdraw"), &[]).await;
    assert_eq!(outcome(&office, &path).await, Some(Outcome::Withdrawn));
    let late = office.second.post(&format!("{path}/agree"), &[]).await;
    let said = told(&office.second, late).await;
    assert!(
        said.contains("もう決まっています（取り下げ）"),
        "the stale form says so"
    );
});

on_both!(who_declines_says_why, |office: Office| {
    let path = asked(&office, "80001").await;
    let decline = format!("{path}/decline");
    for answer in ["", " ", &"長".repeat(501)] {
        let silent = office.second.post(&decline, &[("answer", answer)]).await;
        assert_eq!(silent.status(), 422);
        assert!(
            text(silent)
                .await
                .contains("同意しない理由を1字から500字まで")
        );
    }
    assert_eq!(outcome(&office, &path).await, None);
    let why = [("answer", "<b>定員</b>を超えるため")];
    assert_eq!(office.second.post(&decline, &why).await.status(), 303);
    let shown = page(&office.first, &path).await;
    assert!(shown.contains("不同意") && shown.contains("&#60;b&#62;定員"));
    assert!(
        page(&office.auditor, "/countersigns")
            .await
            .contains("不同意")
    );
    assert!(
        office
            .hall
            .roster()
            .await
            .holdings
            .iter()
            .all(|h| h.post != office.hall.pr_staff)
    );
});

on_both!(an_hour_later_it_has_expired, |office: Office| {
    let path = asked(&office, "80001").await;
    office.town.later(TimeDelta::minutes(59));
    let second = office.again(&office.second).await;
    assert!(page(&second, &path).await.contains("同意して実行する"));
    office.town.later(TimeDelta::minutes(1));
    let late = second.post(&format!("{path}/agree"), &[]).await;
    assert!(told(&second, late).await.contains("時間切れ"));
    let shown = page(&second, &path).await;
    assert!(shown.contains("時間切れ") && !shown.contains("同意して実行する"));
    assert!(
        page(&second, "/countersigns")
            .await
            .contains("いまはありません")
    );
});

on_both!(
    what_cannot_be_done_any_more_is_said_and_still_waits,
    |office: Office| {
        let hall = &office.hall;
        let path = asked(&office, "80001").await;
        let close = format!("/posts/{}/close", hall.pr_staff);
        office.second.post(&close, &[]).await;
        let mut second = office.second.browser();
        let agree = format!("{path}/agree");
        second.proves(&agree, &[]).await.leads(&path);
        second.get(&path).await.says("廃止されています");
        assert_eq!(outcome(&office, &path).await, None);
    }
);

on_both!(only_who_could_ask_for_it_decides, |office: Office| {
    let path = asked(&office, "80001").await;
    let shown = page(&office.chief, &path).await;
    assert!(!shown.contains("同意して実行する"));
    for deed in ["agree", "decline", "withdraw"] {
        for other in [&office.auditor, &office.chief] {
            let answer = other.post(&format!("{path}/{deed}"), &[]).await;
            assert_eq!(answer.status(), 403, "{deed}");
        }
    }
    assert_eq!(outcome(&office, &path).await, None);
    let nobody = "/countersigns/018f0000-0000-7000-8000-000000000000";
    assert_eq!(office.second.get(nobody).await.status(), 404);
    assert_eq!(
        office
            .second
            .post(&format!("{nobody}/agree"), &[])
            .await
            .status(),
        404
    );
});

on_both!(
    a_chiefs_further_passkey_comes_by_a_link_that_serves_for_nothing_else,
    |office: Office| {
        let person = office.chief.person;
        let path = asks(
            &office,
            Ask::AddPasskeyForChief { person },
            "予備の端末のため",
        )
        .await;
        let shown = office.agrees(&path).await;
        shown
            .says("ほかのことには使えません")
            .says("「パスキーを加える」を申請");
        let link = format!("/invite/{}", between(&shown.page, "/invite/", "\""));
        let mut guest = office.town.guest();
        let page = guest.get(&link).await;
        page.says("パスキー1つだけ");
        assert!(!page.page.contains("password"), "{page:?}");
        let password = "朝の市場で買う三匹の秋刀魚";
        let chosen = [("password", password), ("again", password)];
        let refused = guest.post(&format!("{link}/password"), &chosen).await;
        refused.leads("/login");
        guest
            .proves(&format!("{link}/passkey"), &[])
            .await
            .leads("/");
        guest.get("/me").await.says("まだ使っていません");
        let mut before = office.town.guest();
        before.phone = office.chief.phone.clone();
        before.proves("/login/passkey", &[]).await.leads("/");
    }
);

on_both!(
    a_passkey_enrolled_before_two_administrators_counts_at_once,
    |office: Office| {
        let person = office.chief.person;
        let wish = format!("/people/{person}/ask/settle");
        let why = [("reason", "着任の日に、二人の前で登録した")];
        enrolled_in_person(&office.town, person).await;
        // The one they have counts: there is nothing to ask for.
        assert_eq!(office.first.get(&wish).await.status(), 404);
        assert_eq!(office.first.post(&wish, &why).await.status(), 404);
        let path = asks(&office, Ask::AddPasskeyForChief { person }, "着任のため").await;
        let link = office.agrees(&path).await;
        let link = format!("/invite/{}", between(&link.page, "/invite/", "\""));
        let mut guest = office.town.guest();
        guest.get(&link).await;
        guest
            .proves(&format!("{link}/passkey"), &[])
            .await
            .leads("/");
        let counts_from = || async {
            let keys = office.town.product.accounts.passkeys(person).await;
            let keys = keys.unwrap().into_iter();
            keys.map(|key| key.usable_for_emergency_from).max().unwrap()
        };
        assert!(counts_from().await > office.now());

        let shown = page(&office.first, &format!("/people/{person}")).await;
        assert!(shown.contains(&wish), "{shown}");
        assert!(
            page(&office.first, &wish)
                .await
                .contains("24時間を待たずに")
        );
        let asked = office.first.post(&wish, &why).await;
        let asked = leads_to(&asked).to_owned();
        assert!(
            page(&office.second, &asked)
                .await
                .contains("申請する人も同意する人も見たこと")
        );
        assert!(counts_from().await > office.now(), "one alone does nothing");
        office.agrees(&asked).await;
        assert_eq!(outcome(&office, &asked).await, Some(Outcome::Agreed));
        assert!(counts_from().await <= office.now());
        assert!(
            !page(&office.first, &format!("/people/{person}"))
                .await
                .contains(&wish)
        );
        assert_eq!(office.first.get(&wish).await.status(), 404);
    }
);
