//! The sample town is free of faults: what the demo loads is what a strict import accepts.

use kairan::audit::Actor;
use kairan::garbage::{self, Options, Strictness};

use crate::on_both;
use crate::support::database::TestDb;
use crate::support::town::{garbage_files, tuesday};

/// What residents really ask about.
const ASKED: [(&str, &str); 24] = [
    ("ペットボトル", "ペットボトル"),
    ("キャップ", "プラスチック製容器包装"),
    ("布団", "粗大ごみ"),
    ("乾電池", "有害ごみ"),
    ("スプレー缶", "有害ごみ"),
    ("蛍光灯", "有害ごみ"),
    ("傘", "燃やさないごみ"),
    ("割れた茶碗", "燃やさないごみ"),
    ("てんぷら油", "燃やすごみ"),
    ("おむつ", "燃やすごみ"),
    ("段ボール", "古紙・古布"),
    ("牛乳パック", "古紙・古布"),
    ("リチウムイオン電池", "有害ごみ"),
    ("モバイルバッテリー", "有害ごみ"),
    ("加熱式たばこ", "有害ごみ"),
    ("テレビ", "家電リサイクル法対象"),
    ("パソコン", "拠点回収"),
    ("消火器", "市では収集できません"),
    ("タイヤ", "市では収集できません"),
    ("自転車", "粗大ごみ"),
    ("たんす", "粗大ごみ"),
    ("マットレス", "粗大ごみ"),
    ("ぬいぐるみ", "燃やすごみ"),
    ("ランドセル", "燃やすごみ"),
];

on_both!(
    its_calendar_and_dictionary_are_imported_strictly,
    |db: TestDb| {
        let sources = garbage_files();
        assert_eq!(sources.len(), 7);
        let (now, by) = (tuesday(), Actor::Operator);
        let (options, strictness) = (Options::default(), Strictness::Strict);
        let report = garbage::import(&db, now, by, &sources, options, strictness)
            .await
            .unwrap();
        assert_eq!(report.findings, [], "{:#?}", report.findings);
        // 粗大ごみ and the like are in the dictionary only, as in real towns.
        let warned: Vec<_> = report.warnings.iter().map(|w| w.file.as_str()).collect();
        assert_eq!(warned, ["target.csv"; 5], "{:#?}", report.warnings);
        let changes = report.changes.unwrap();
        assert_eq!(changes.areas, 53);
        assert!(changes.items.0 >= 350, "{:?}", changes.items);

        for (asked, label) in ASKED {
            let sorting = garbage::dictionary(&db).await.unwrap().look_up(asked);
            assert!(
                sorting.found.iter().any(|item| item.label == label),
                "{asked}: {sorting:#?}"
            );
        }
    }
);
