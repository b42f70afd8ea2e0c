//! Deputies at the console: the standing order, a few days' absence, and posts for which nobody can act.

use super::office::{Office, page, text};
use crate::on_both;
use crate::support::console::leads_to;

on_both!(
    a_deputy_is_added_by_two_and_ended_by_one,
    |office: Office| {
        let hall = &office.hall;
        let alarm = "子育て支援課 課長の決裁ができる人がいません";
        assert!(page(&office.first, "/").await.contains(alarm));
        assert!(
            !page(&office.chief, "/").await.contains(alarm),
            "not theirs to mend"
        );
        let list = page(&office.auditor, "/deputies").await;
        assert!(list.contains("決裁できる人がいません") && list.contains("課長は空席です"));

        let person = hall.person("70001").await;
        let (post, person) = (hall.childcare_chief.to_string(), person.to_string());
        let good = [
            ("post", post.as_str()),
            ("person", &person),
            ("rank", "1"),
            ("kind", "standing"),
            ("from", "2026-11-24"),
            ("to", ""),
            ("scope", "緊急配信の同意"),
            ("reason", "事務決裁規程による"),
        ];
        let but = |field: &'static str, value: &'static str| {
            let mut form = good.to_vec();
            form.retain(|(name, _)| *name != field);
            form.push((field, value));
            form
        };
        for (field, value) in [
            ("post", "nowhere"),
            ("person", "018f0000-0000-7000-8000-000000000000"),
            ("rank", "0"),
            ("rank", "first"),
            ("rank", "100"),
            ("kind", "forever"),
            ("from", ""),
            ("scope", " "),
            ("reason", ""),
        ] {
            let answer = office.first.post("/deputies/new", &but(field, value)).await;
            assert_eq!(answer.status(), 422, "{field}={value}");
        }
        let mut administers = good.to_vec();
        let admin = hall.second.to_string();
        administers[1].1 = &admin;
        let answer = office.first.post("/deputies/new", &administers).await;
        assert!(
            text(answer)
                .await
                .contains("登録する人と決裁する人を分けるため")
        );
        for (to, says) in [
            ("", "最終日を入力してください"),
            ("2026-12-25", "臨時の代理は31日まで"),
            ("2026-11-23", "最終日が初日より前"),
        ] {
            let mut form = but("kind", "ad_hoc");
            form.retain(|(name, _)| *name != "to");
            form.push(("to", to));
            let answer = office.first.post("/deputies/new", &form).await;
            assert!(text(answer).await.contains(says), "{to}");
        }

        let answer = office.first.post("/deputies/new", &good).await;
        let request = leads_to(&answer).to_owned();
        let shown = page(&office.second, &request).await;
        assert!(shown.contains("第1順位") && shown.contains("緊急配信の同意"));
        office.agrees(&request).await;
        let list = page(&office.auditor, "/deputies").await;
        assert!(!list.contains("決裁できる人がいません"));
        assert!(!page(&office.first, "/").await.contains(alarm));
        let next = page(&office.first, &format!("/deputies/new?post={post}")).await;
        assert!(
            next.contains("name=\"rank\" value=\"2\""),
            "the next place is offered"
        );

        let deputy = hall.roster().await.deputies[0].id;
        let end = format!("/deputies/{deputy}/end");
        assert!(page(&office.first, &end).await.contains("第1順位"));
        assert_eq!(
            office.first.post(&end, &[("when", "now")]).await.status(),
            303
        );
        let stale = office.second.post(&end, &[("when", "now")]).await;
        assert_eq!(leads_to(&stale), "/deputies", "it is over, and said so");
        assert_eq!(hall.record("staff.deputy_ended").await.len(), 1);
        assert!(
            page(&office.auditor, "/deputies")
                .await
                .contains("終わった代理")
        );
    }
);

on_both!(
    one_person_in_two_chairs_leaves_one_to_a_deputy,
    |office: Office| {
        let hall = &office.hall;
        let post = hall.childcare_chief;
        let term = kairan::staff::people::Term::since(hall.today());
        hall.granted(post, office.chief.person, term).await;
        let list = page(&office.auditor, "/deputies").await;
        assert!(list.contains("広報課長を兼ねているため"));
        assert!(
            list.contains("決裁できる人がいません"),
            "nobody but a deputy could"
        );
    }
);
