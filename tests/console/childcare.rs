//! The childcare timetable: tried, changed from a day on, exported and taken over.

use kairan::audit::{self, Actor};
use kairan::childcare;
use kairan::commands;
use kairan::table::{Source, Strictness};

use crate::on_both;
use crate::support::console::leads_to;
use crate::support::database::TestDb;
use crate::support::form_data::hidden;
use crate::support::town::{SAMPLE, Town, tuesday};

const FIELDS: [(&str, &str); 9] = [
    ("first", "2027-04-01"),
    ("title", "1歳6か月児健診 <b>新</b>"),
    ("stage", "健診"),
    ("anchor", "birth_date"),
    ("notify_at", "１歳７か月"),
    ("window_end", "2年後"),
    ("level", "法定"),
    ("text", "新しい会場で行います。<script>alert(1)</script>"),
    ("link", "https://www.city.shiomi.example/new"),
];

async fn text(answer: reqwest::Response) -> String {
    answer.text().await.unwrap()
}

fn sample() -> Source {
    Source::new(
        "childcare.csv",
        std::fs::read(format!("{SAMPLE}/childcare.csv")).unwrap(),
    )
}

on_both!(
    the_timetable_says_what_comes_for_a_child_and_when,
    |town: Town| {
        let staff = town.staff().await;
        let page = text(staff.get("/childcare").await).await;
        for words in [
            "いま47件あります",
            "1歳6か月児健診",
            "妊娠8週ごろ",
            "選んだ方だけに届ける",
        ] {
            assert!(page.contains(words), "{words}");
        }
        let born = text(staff.get("/childcare?kind=birth&month=2026-08").await).await;
        for words in [
            "2026年8月に生まれたお子さん",
            "2028年2月1日(火)",
            // Who is born in August 2026 enters school in April 2033.
            "2032年4月1日(木)",
            "【離乳食教室】",
        ] {
            assert!(born.contains(words), "{words}");
        }
        let due = text(staff.get("/childcare?kind=due&month=2027-04").await).await;
        assert!(due.contains("RSウイルスワクチン（妊婦の方）") && !due.contains("2028年"));
        let odd = text(staff.get("/childcare?month=%3Cb%3E").await).await;
        assert!(odd.contains("2026-08」のように") && !odd.contains("<b>"));
    }
);

on_both!(
    a_rule_changes_from_a_day_and_stays_as_it_was_until_then,
    |town: Town| {
        let staff = town.staff().await;
        let path = "/childcare/rules/checkup-18m";
        let seen = hidden(&text(staff.get(path).await).await, "seen");
        let mut fields = FIELDS.to_vec();
        fields.push(("seen", &seen));
        assert_eq!(leads_to(&staff.post(path, &fields).await), path);
        let page = text(staff.get(path).await).await;
        assert!(page.contains("2027年3月31日まで") && page.contains("2027年4月1日から"));
        assert!(
            page.contains("&#60;b&#62;新") && !page.contains("<b>新"),
            "{page}"
        );
        // Born in August 2025: 18 months is February 2027, by the old rule. In October: May, by the new one.
        let old = text(staff.get("/childcare?kind=birth&month=2025-08").await).await;
        let old = old.split("</ol>").next().unwrap();
        assert!(
            old.contains("2027年2月1日(月)") && !old.contains("新</a>") && !old.contains("&#62;新")
        );
        let new = text(
            staff
                .get("/childcare?kind=birth&month=2025-10&show=checkup-18m-2027-05-01")
                .await,
        )
        .await;
        assert!(
            new.contains("2027年5月1日(土)") && new.contains("新しい会場で行います。&"),
            "{new}"
        );
        assert!(!new.contains("<script>alert"));
        // Somebody who still looks at the page of before is told, and keeps what they wrote.
        let late = text(staff.post(path, &fields).await).await;
        assert!(late.contains("ほかの変更がありました") && late.contains("１歳７か月"));
        let seen = hidden(&late, "seen");
        let ended = staff
            .post(
                &format!("{path}/end"),
                &[("seen", &seen), ("last", "2027-06-30")],
            )
            .await;
        assert_eq!(leads_to(&ended), path);
        let acts: Vec<String> = audit::search(&town.db, &audit::Query::default())
            .await
            .unwrap()
            .entries
            .into_iter()
            .map(|entry| entry.act)
            .filter(|act| act.starts_with("childcare."))
            .collect();
        assert_eq!(
            acts,
            [
                "childcare.rule_ended",
                "childcare.rule_changed",
                "childcare.imported"
            ]
        );
    }
);

on_both!(
    children_are_called_to_a_day_by_their_birthdays,
    |town: Town| {
        let staff = town.staff().await;
        let mut fields = vec![
            ("id", "checkup-4m-2027-02"),
            ("first", "2026-12-01"),
            ("title", "4か月児健診（2月18日）"),
            ("stage", "健診"),
            ("anchor", "birth_date"),
            ("notify_at", "1か月前"),
            ("level", "勧奨"),
            ("default_on", "1"),
            ("held_on", "2027-02-18"),
            ("held_at", "保健センター 13:00〜14:00"),
            ("born_from", "2026-09-26"),
        ];
        let page = text(staff.get("/childcare/new").await).await;
        let seen = hidden(&page, "seen");
        fields.push(("seen", &seen));
        let refused = text(staff.post("/childcare/new", &fields).await).await;
        assert!(
            refused.contains("生まれた日（終わり）：空欄です。"),
            "{refused}"
        );
        assert!(
            refused.contains("保健センター 13:00〜14:00")
                && refused.contains("<details class=\"more\" open>")
        );
        fields.push(("born_to", "2026-10-30"));
        let path = "/childcare/rules/checkup-4m-2027-02";
        assert_eq!(leads_to(&staff.post("/childcare/new", &fields).await), path);
        let page = text(staff.get(path).await).await;
        for words in [
            "2027年2月18日の1か月前",
            "2026年9月26日〜2026年10月30日生まれ",
            "とき：2月18日(木)",
            "ところ：保健センター 13:00〜14:00",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        let called = text(staff.get("/childcare?kind=birth&month=2026-10").await).await;
        assert!(called.contains("4か月児健診（2月18日）") && called.contains("2027年1月18日(月)"));
        let other = text(staff.get("/childcare?kind=birth&month=2026-11").await).await;
        assert!(
            !other
                .split("</ol>")
                .next()
                .unwrap()
                .contains("4か月児健診（2月18日）")
        );
    }
);

on_both!(
    a_wrong_form_says_what_is_wrong_and_keeps_what_was_written,
    |town: Town| {
        let staff = town.staff().await;
        let fields = [
            ("seen", "1"),
            ("id", "a b"),
            ("first", "2026-11-23"),
            ("notify_at", "来月"),
            ("anchor", "birthday"),
            ("link", "http://a.example/"),
            ("areas", "東京"),
            ("title", "\"><script>x</script>"),
        ];
        let answer = staff.post("/childcare/new", &fields).await;
        assert_eq!(answer.status(), 200);
        let page = text(answer).await;
        for words in [
            "記号：「a b」とあります。",
            "区分：空欄です。",
            "数えはじめ：「birthday」とあります。",
            "届ける時期：「来月」とあります。",
            "くわしいページ：",
            "対象の地区：「東京」とあります。",
            "いつから：今日以後の日",
        ] {
            assert!(page.contains(words), "{words}: {page}");
        }
        assert!(!page.contains("<script>x") && !page.contains("expected"));
        let mut fields = FIELDS.to_vec();
        let seen = hidden(&page, "seen");
        fields.extend([("id", "checkup-18m"), ("seen", seen.as_str())]);
        assert!(
            text(staff.post("/childcare/new", &fields).await)
                .await
                .contains("同じ記号")
        );
        fields.retain(|(name, _)| *name != "id");
        fields.push(("id", "checkup-new"));
        assert_eq!(
            leads_to(&staff.post("/childcare/new", &fields).await),
            "/childcare/rules/checkup-new"
        );
        assert_eq!(staff.get("/childcare/rules/none").await.status(), 404);
    }
);

on_both!(what_is_exported_is_what_would_be_imported, |town: Town| {
    let staff = town.staff().await;
    let file = staff.get("/childcare/export/childcare.csv").await;
    assert_eq!(file.headers()["content-disposition"], "attachment");
    let file = file.bytes().await.unwrap();
    let send = |bytes: Vec<u8>| {
        let staff = &staff;
        async move {
            let parts = [("file", "childcare.csv", bytes.as_slice())];
            staff
                .send("/childcare/import", &[("strictness", "strict")], &parts)
                .await
        }
    };
    let answer = send(file.to_vec()).await;
    let page = text(staff.get(leads_to(&answer)).await).await;
    assert!(page.contains("変わるところはありません"), "{page}");

    let changed = String::from_utf8(file.to_vec()).unwrap();
    let changed = changed.replace("BCG,birth_date,P5M", "BCG<b>,birth_date,P6M");
    let rows: Vec<&str> = changed
        .lines()
        .filter(|line| !line.starts_with("dt-2,"))
        .collect();
    let (utf8, sjis) = (
        rows.join("\n"),
        encoding_rs::SHIFT_JIS
            .encode(&rows.join("\n")[3..])
            .0
            .into_owned(),
    );
    let answer = send(sjis).await;
    let path = leads_to(&answer).to_owned();
    let page = text(staff.get(&path).await).await;
    for words in [
        "変わるもの",
        "生後5か月",
        "生後6か月",
        "なくなるもの",
        "二種混合ワクチン（2期）",
    ] {
        assert!(page.contains(words), "{words}");
    }
    assert!(!page.contains("<b>"));
    let seen = hidden(&page, "seen");
    // Another import comes first.
    let by = Actor::Operator;
    childcare::import(&town.db, tuesday(), by, &sample(), Strictness::Strict)
        .await
        .unwrap();
    assert_eq!(leads_to(&staff.post(&path, &[("seen", &seen)]).await), path);
    let page = text(staff.get(&path).await).await;
    let done = staff.post(&path, &[("seen", &hidden(&page, "seen"))]).await;
    assert_eq!(leads_to(&done), "/childcare");
    assert_eq!(staff.get(&path).await.status(), 404);
    assert!(
        text(staff.get("/childcare").await)
            .await
            .contains("いま46件あります")
    );

    for (bytes, said) in [
        (utf8.replace("P6M", "6 months"), "期間（P3M＝3か月後"),
        (
            utf8.replace("birth_date", "birth"),
            "のどれかを書いてください",
        ),
        ("a,b\n1,2\n".to_owned(), "見出しに加えてください"),
        ("\u{fffe}".to_owned(), "列「id"),
        (String::new(), "中身がありません"),
    ] {
        let page = text(send(bytes.into_bytes()).await).await;
        assert!(
            page.contains(said) && page.contains("まだ取り込んでいません"),
            "{said}: {page}"
        );
    }
    assert!(
        text(staff.send("/childcare/import", &[], &[]).await)
            .await
            .contains("ファイルを選んでください")
    );
});

on_both!(the_command_imports_all_or_nothing, |db: TestDb| {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("childcare.csv");
    let mut run = async |text: &str, lenient: bool| {
        std::fs::write(&file, text).unwrap();
        let args = commands::childcare::Import {
            file: file.clone(),
            lenient,
        };
        let (mut out, mut err) = (Vec::new(), Vec::new());
        let code = commands::childcare::import(&db, &args, tuesday(), &mut out, &mut err)
            .await
            .unwrap();
        (code, String::from_utf8([out, err].concat()).unwrap())
    };
    let text = sample().text().unwrap();
    assert_eq!(
        run(&text, false).await,
        (
            0,
            "childcare: 47 added, 0 changed, 0 kept, 0 removed\n".to_owned()
        )
    );
    let broken = text.replace("BCG,birth_date,P5M", "BCG,birth_date,5M");
    let (code, said) = run(&broken, false).await;
    assert_eq!(code, 2);
    assert!(
        said.contains("childcare.csv:28:5: found “5M”") && said.contains("nothing imported"),
        "{said}"
    );
    let (code, said) = run(&broken, true).await;
    assert_eq!(code, 0);
    assert!(
        said.contains("childcare: 0 added, 0 changed, 46 kept, 1 removed"),
        "{said}"
    );
    assert_eq!(childcare::timetable(&db).await.unwrap().all().len(), 46);
    let record = audit::search(&db, &audit::Query::default()).await.unwrap();
    assert_eq!(record.entries.len(), 2);
});
