use proptest::prelude::*;

use super::*;
use crate::broadcast::content::{Audience, Block, Button, Timing};

const CONTACT: &str = "問い合わせ: 健康課 0000-00-2222";

fn profile() -> Profile {
    let text = include_str!("../../../sample-town/policy.toml");
    Profile::parse(text).unwrap_or_else(|faults| panic!("{faults:?}"))
}

/// A Tuesday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 24).unwrap_or_default()
}

fn saying(text: &str) -> Manuscript {
    Manuscript {
        title: "お知らせ".into(),
        category: "city".into(),
        blocks: vec![Block::Text { text: text.into() }],
        open_data: false,
        audience: Audience::Segment(crate::segment::Segment::Everyone),
        timing: Timing::default(),
    }
}

/// The keys of what is found in `text`, with a contact under it.
fn found(text: &str) -> Vec<String> {
    let slips = lint(&saying(&format!("{text}\n{CONTACT}")), &profile(), today());
    slips.iter().map(Slip::key).collect()
}

#[test]
fn a_day_of_the_week_is_held_to_the_calendar() {
    // 3 December 2026 is a Thursday.
    for written in [
        "12月3日(金)",
        "12月3日（金）",
        "１２月３日（金）",
        "12月3日（金曜日）",
        "12月 3日 金曜日",
        "12月3日金曜",
        "12月3日㈮",
        "12/3(金)",
        "令和8年12月3日(金)",
        "令和８年１２月３日（金）",
        "R8.12.3(金)",
        "2026年12月3日(金)",
        "2026/12/3(金)",
        "12月3日(金・祝)",
    ] {
        let keys = found(&format!("健診を{written}に行います。"));
        assert_eq!(keys.len(), 1, "{written}: {keys:?}");
        assert!(keys[0].starts_with("wrong_weekday:"), "{written}: {keys:?}");
        let right = written.replace(
            ['金', '㈮'],
            if written.contains('㈮') {
                "㈭"
            } else {
                "木"
            },
        );
        assert_eq!(
            found(&format!("健診を{right}に行います。")),
            [""; 0],
            "{right}"
        );
    }
    let slips = lint(&saying("12月3日(金)"), &profile(), today());
    assert!(slips.contains(&Slip::WrongWeekday {
        written: "12月3日(金)".into(),
        is: Weekday::Thu
    }));
}

#[test]
fn days_that_share_a_month_are_looked_at_too() {
    assert_eq!(found("12月5日(土)・6日(日)"), [""; 0]);
    assert_eq!(found("12月5日(土)〜6日(月)"), ["wrong_weekday:6日(月)"]);
    assert_eq!(found("12月5日（土）、6日（日）の2日間"), [""; 0]);
}

#[test]
fn the_year_is_the_next_that_fits() {
    // 15 January 2027 is a Friday, 29 February comes in 2028, a Tuesday.
    assert_eq!(found("1月15日(金)から受け付けます。"), [""; 0]);
    assert_eq!(
        found("1月15日(木)から受け付けます。"),
        ["wrong_weekday:1月15日(木)"]
    );
    assert_eq!(found("2月29日(火)"), [""; 0]);
    assert_eq!(
        found("令和9年2月29日に行います。"),
        ["no_such_date:令和9年2月29日"]
    );
    assert_eq!(found("11月31日に行います。"), ["no_such_date:11月31日"]);
    assert_eq!(found("令和元年5月1日(水)生まれの方"), [""; 0]);
}

#[test]
fn what_is_over_is_said_unless_it_tells_of_the_past() {
    for over in [
        "11月20日(金)までにお申し込みください。",
        "申込期限は令和8年11月20日です。",
        "昨年と同じ2025/12/20が締め切りです。",
    ] {
        let keys = found(over);
        assert!(
            keys.len() == 1 && keys[0].starts_with("past:"),
            "{over}: {keys:?}"
        );
    }
    for sound in [
        "11月24日(火)までにお申し込みください。",
        "11月20日(金)から12月5日(土)まで開いています。",
        "11月20日(金)に開いた会には、多くの方が来られました。",
        "広報しおみ11月1日号をご覧ください。",
        "人口は11月1日現在、32,154人です。",
        "令和2年4月2日から令和3年4月1日までに生まれたお子さん",
        "平成30年4月2日生まれの方",
        "条例は11月1日に施行され、12月1日から変わります。",
    ] {
        assert_eq!(found(sound), [""; 0], "{sound}");
    }
}

#[test]
fn numbers_that_are_no_dates_are_left_alone() {
    for sound in [
        "料金は1/2になります。",
        "3.5kgまで",
        "受付は24/7です。",
        "全2/10回",
        "3日間の催し",
        "1日(終日)",
        "令和8年度の予算",
        "JIS R 3.14.15 の規格",
        "先着30名、参加費1,500円、総額1,234,567円",
        "住所: 汐見市本町1-2-3",
        "〒000-0000",
        "会場: 第2会議室、12月(予定)",
    ] {
        assert_eq!(found(sound), [""; 0], "{sound}");
    }
}

#[test]
fn somebody_to_turn_to_is_missed() {
    let missed = |text: &str| lint(&saying(text), &profile(), today()).contains(&Slip::NoContact);
    assert!(missed("あすは断水します。"));
    assert!(missed("くわしくは市役所へ。郵便番号は000-0000です。"));
    for turned in [
        "くわしくは https://www.city.shiomi.example/ をご覧ください。",
        "電話 0000-00-2222",
        "電話（0000）00-2222",
        "相談は #7119 へ",
        "メール kenko@city.shiomi.example",
        "フリーダイヤル 0120-00-0000",
    ] {
        assert!(!missed(turned), "{turned}");
    }
    let mut card = saying("");
    card.blocks = vec![Block::Card {
        title: "断水".into(),
        text: "あすは断水します。".into(),
        picture: None,
        buttons: vec![Button {
            label: "電話する".into(),
            target: Target::Phone("0000-00-2222".into()),
        }],
    }];
    assert!(!lint(&card, &profile(), today()).contains(&Slip::NoContact));
}

#[test]
fn what_identifies_people_is_pointed_out() {
    for (text, key) in [
        ("担当の青葉（090-0000-1234）まで", "mobile:090-0000-1234"),
        ("携帯 08012345678", "mobile:08012345678"),
        ("会場 03-1234-5678", "other_phone:03-1234-5678"),
        ("会場 (03)1234-5678", "other_phone:(03)1234-5678"),
        (
            "aoba.hanako@gmail.example へ",
            "mail:aoba.hanako@gmail.example",
        ),
        ("番号 123456789018 の方", "personal_number:"),
        ("番号 1234 5678 9018 の方", "personal_number:"),
        ("番号 1234-5678-9018 の方", "personal_number:"),
    ] {
        assert_eq!(found(text), [key], "{text}");
    }
    for sound in [
        // One digit off, and a corporate number.
        "番号 123456789012 の方",
        "法人番号 1234567890123",
        "0000-00-3333、0000-00-4444",
        "kenko@city.shiomi.example",
        "kenko@www.city.shiomi.example",
        "0570-00-0000（有料）",
        "https://www.city.shiomi.example/090-1234-5678.html",
        "受付番号は10桁です。",
    ] {
        assert_eq!(found(sound), [""; 0], "{sound}");
    }
}

#[test]
fn the_wording_is_looked_at() {
    let long = "あ".repeat(101);
    let begins = format!("long_sentence:{}", "あ".repeat(20));
    for (text, key) in [
        ("ﾌﾟﾗｽﾁｯｸは金曜", "half_width_kana:ﾌﾟﾗｽﾁｯｸ"),
        ("WELCOME TO SHIOMI CITY", "capitals:WELCOME TO SHIOMI CITY"),
        (long.as_str(), begins.as_str()),
        (
            "くわしくは www.city.shiomi.example/a を",
            "no_scheme:www.city.shiomi.example/a",
        ),
        (
            "city.shiomi.example をご覧ください",
            "no_scheme:city.shiomi.example",
        ),
        ("くわしくは bit.ly/3abc を", "shortened:bit.ly/3abc"),
        ("T.CO/x をご覧ください", "shortened:T.CO/x"),
        ("来月から変わるとのうわさ", "hearsay:とのうわさ"),
        ("外人の方も", "word:外人"),
        ("参加費は1,50円です", "amount:1,50円"),
        ("サーバー 192.168.1.10 を止めます", "inside:192.168.1.10"),
        ("nas01.local の共有", "inside:nas01.local"),
        ("パスワード: shiomi2026", "inside:パスワード"),
    ] {
        assert_eq!(found(text), [key], "{text}");
    }
    for sound in [
        "LINE、PDF、NHK、COVID-19、UNICEFの話",
        "JR AND BUS",
        "海外人材の受け入れと、法外な請求について",
        "すばらしい秋です。新しい図書館ができます。",
        "パスワードを忘れた方は、窓口へ。",
        "報告書.pdf は窓口に。午前9.30ではなく9時30分です。",
        "くわしくはhttps://www.city.shiomi.example/a?b=www.c.jpへ。",
        &"あいうえお。".repeat(60),
    ] {
        assert_eq!(found(sound), [""; 0], "{sound}");
    }
}

#[test]
fn a_town_writes_a_whole_notice_without_an_alarm() {
    let notice = "【乳児健診のお知らせ】\n4か月児健診を行います。対象は、令和8年7月1日〜7月31日生まれのお子さんです。\n\
        とき: 令和8年12月3日（木）、10日（木） 13:00〜14:30受付\nところ: 汐見市保健センター 2階（本町1-2-3）\n\
        もちもの: 母子健康手帳、バスタオル、問診票（11月1日号の広報といっしょに届けました）\n\
        料金: 無料（任意の検査は1,200円）\n申し込み: 12月1日(火)までに、電話（0000-00-2222、平日8:30〜17:15）か、\
        市のサイトから。\nhttps://www.city.shiomi.example/kenshin?id=20261203\n問い合わせ: 健康課 電話0000-00-2222 FAX 0000-00-2223";
    assert_eq!(lint(&saying(notice), &profile(), today()), []);
}

proptest! {
    /// Whatever day is written with its own day of the week passes, with any other it does not.
    #[test]
    fn every_day_of_the_coming_ten_months(days in 0_u64..300, off in 1_u64..7, form in 0_usize..4) {
        let day = today() + chrono::Days::new(days);
        let (month, of_month) = (chrono::Datelike::month(&day), chrono::Datelike::day(&day));
        let week = ['月', '火', '水', '木', '金', '土', '日'];
        let at = chrono::Datelike::weekday(&day).num_days_from_monday() as u64;
        let write = |at: u64| {
            let letter = week[(at % 7) as usize];
            match form {
                0 => format!("{month}月{of_month}日({letter})です"),
                1 => format!("{}年{month}月{of_month}日（{letter}曜日）です", chrono::Datelike::year(&day)),
                2 => format!("令和{}年{month}月{of_month}日{letter}曜です", chrono::Datelike::year(&day) - 2018),
                _ => format!("{month}/{of_month}({letter})です"),
            }
        };
        prop_assert_eq!(found(&write(at)), Vec::<String>::new());
        let keys = found(&write(at + off));
        prop_assert!(keys.len() == 1 && keys[0].starts_with("wrong_weekday:"), "{:?}", keys);
    }

    #[test]
    fn nothing_that_is_typed_breaks_it(text in "[0-9０-９月日年()（）・@.\\-A-Za-z令和RHS/円,#ｱ㈭ \n。🍎]{0,60}") {
        let slips = lint(&saying(&text), &profile(), today());
        let keys: std::collections::BTreeSet<String> = slips.iter().map(Slip::key).collect();
        prop_assert_eq!(keys.len(), slips.len(), "each key stands for one slip: {:?}", slips);
    }
}
