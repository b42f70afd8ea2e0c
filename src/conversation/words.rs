//! Free words, read as far as they can be without asking anybody: fixed commands, and questions about
//! collection days. Width, kana, case and punctuation make no difference.

use super::intent::{Days, Intent, Item};
use crate::language::Language;
use crate::text::fold;

/// Words that are a whole command, in all languages at once: people mix them.
const COMMANDS: [(&str, &[&str]); 14] = [
    (
        "help",
        &[
            "ヘルプ",
            "help",
            "使い方",
            "つかいかた",
            "できること",
            "メニュー",
            "menu",
            "こんにちは",
            "はじめまして",
            "hello",
            "hi",
            "?",
        ],
    ),
    (
        "show",
        &[
            "わたしの登録",
            "私の登録",
            "登録",
            "登録内容",
            "登録確認",
            "受信設定",
            "設定",
            "とうろく",
            "my registration",
            "registration",
            "register",
        ],
    ),
    (
        "resume",
        &[
            "登録のつづき",
            "登録の続き",
            "つづき",
            "続き",
            "go on registering",
        ],
    ),
    (
        "erase",
        &[
            "すべて消す",
            "全て消す",
            "全部消す",
            "ぜんぶ消す",
            "登録を消す",
            "登録解除",
            "退会",
            "erase everything",
            "unregister",
        ],
    ),
    (
        "cancel",
        &["やめる", "キャンセル", "中止", "cancel", "stop"],
    ),
    ("back", &["もどる", "戻る", "back"]),
    ("skip", &["スキップ", "答えない", "こたえない", "skip"]),
    (
        "disaster",
        &[
            "防災",
            "ぼうさい",
            "避難",
            "避難所",
            "避難場所",
            "災害",
            "disaster",
            "shelter",
            "evacuation",
        ],
    ),
    (
        "evacuation",
        &[
            "避難情報",
            "避難指示",
            "避難勧告",
            "避難命令",
            "避難指示は出ていますか",
            "警戒レベル",
            "ひなんじょうほう",
            "evacuation information",
            "evacuation order",
            "evacuation orders",
        ],
    ),
    (
        "inquiry",
        &[
            "問い合わせ",
            "お問い合わせ",
            "問合せ",
            "問い合わせ先",
            "意見",
            "ご意見",
            "市長への手紙",
            "苦情",
            "contact",
            "opinion",
        ],
    ),
    (
        "sorting",
        &[
            "分別",
            "分別検索",
            "分別を調べる",
            "ごみの分け方",
            "ごみ分別",
            "分け方",
            "sorting",
            "how to sort",
        ],
    ),
    (
        "stop-children",
        &[
            "子どもの知らせを止める",
            "お子さんの知らせを全て止める",
            "子どもの お知らせを やめる",
            "stop all child notices",
        ],
    ),
    (
        "letters/large",
        &[
            "大きな文字",
            "大きい文字",
            "文字を大きく",
            "文字を大きくする",
            "おおきな もじ",
            "large letters",
            "large text",
        ],
    ),
    (
        "letters/usual",
        &[
            "ふつうの文字",
            "普通の文字",
            "文字を小さく",
            "ふつうの もじ",
            "usual letters",
            "usual text",
        ],
    ),
];

const THANKS: [&str; 9] = [
    "ありがとう",
    "ありがとうございます",
    "ありがとうございました",
    "どうもありがとう",
    "助かりました",
    "わかりました",
    "了解です",
    "thanks",
    "thank you",
];

const LANGUAGE_COMMANDS: [&str; 5] = ["言語", "ことば", "言葉", "language", "languages"];

/// Words for a day, longest first where one holds another.
const DAY_WORDS: [(Days, &[&str]); 4] = [
    (
        Days::AfterTomorrow,
        &["あさって", "明後日", "day after tomorrow"],
    ),
    (Days::Tomorrow, &["明日", "あした", "あす", "tomorrow"]),
    (Days::Today, &["今日", "きょう", "本日", "today"]),
    (
        Days::Week,
        &["今週", "こんしゅう", "一週間", "1週間", "this week"],
    ),
];

const GARBAGE_WORDS: [&str; 9] = [
    "ごみ",
    "収集",
    "しゅうしゅう",
    "回収",
    "garbage",
    "trash",
    "rubbish",
    "waste",
    "collection",
];

/// What may stand around a day and a word for garbage without changing the question.
const FILLERS: [&str; 26] = [
    "教えてください",
    "おしえてください",
    "教えて",
    "おしえて",
    "ありますか",
    "なんですか",
    "何ですか",
    "ですか",
    "でしょうか",
    "カレンダー",
    "スケジュール",
    "予定",
    "はなに",
    "は何",
    "なに",
    "何",
    "の日",
    "いつ",
    "出せる",
    "次",
    "日",
    "what",
    "is",
    "the",
    "day",
    "days",
];

/// Particles that may be left over.
const PARTICLES: &str = "のはをがにでもってかねよすonforinof";

/// What words about collection days ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AboutDays {
    pub(super) days: Days,
    /// Nothing else is said: not a kind of garbage, not a place.
    pub(super) plain: bool,
}

/// The command that the words are, if they are one.
pub(super) fn command(words: &str) -> Option<Intent> {
    let folded = fold(words);
    if let Some(language) = Language::all().find(|l| fold(&l.name()) == folded) {
        return Some(Intent::Speak(language.code().to_owned()));
    }
    if LANGUAGE_COMMANDS.iter().any(|word| fold(word) == folded) {
        return Some(Intent::Ask(Item::Language));
    }
    let verb = COMMANDS
        .iter()
        .find(|(_, spellings)| {
            spellings
                .iter()
                .any(|word| !folded.is_empty() && fold(word) == folded)
        })
        .map(|(verb, _)| *verb)?;
    Intent::from_data(&format!("1/{verb}"))
}

/// Whether the words say thanks, and nothing else.
pub(super) fn are_thanks(words: &str) -> bool {
    let folded = fold(words);
    THANKS.iter().any(|thanks| fold(thanks) == folded)
}

/// Whether, and when, the words ask for collections.
pub(super) fn about_days(words: &str) -> Option<AboutDays> {
    let mut rest = fold(words);
    let mut days = None;
    for (meaning, spellings) in DAY_WORDS {
        for spelling in spellings.iter().map(|s| fold(s)) {
            if days.is_none() && rest.contains(&spelling) {
                days = Some(meaning);
                rest = rest.replace(&spelling, "");
            }
        }
    }
    let mut garbage = false;
    for spelling in GARBAGE_WORDS.iter().map(|s| fold(s)) {
        if rest.contains(&spelling) {
            garbage = true;
            rest = rest.replace(&spelling, "");
        }
    }
    for filler in FILLERS.iter().map(|s| fold(s)) {
        rest = rest.replace(&filler, "");
    }
    let plain = rest.chars().all(|c| PARTICLES.contains(c));
    match (days, garbage) {
        (Some(days), true) => Some(AboutDays { days, plain }),
        (Some(days), false) if plain => Some(AboutDays { days, plain }),
        (None, true) if plain => Some(AboutDays {
            days: Days::Week,
            plain,
        }),
        _ => None,
    }
}

/// Whether the words ask when something is, rather than what it is.
pub(super) fn asks_when(words: &str) -> bool {
    let folded = fold(words);
    [
        "いつ",
        "次",
        "つぎ",
        "の日",
        "何日",
        "何曜",
        "収集日",
        "when",
        "next",
    ]
    .iter()
    .any(|w| folded.contains(&fold(w)))
}

/// Whether the words speak of a loss, which no machine should answer with a menu.
pub(super) fn speak_of_loss(words: &str) -> bool {
    let unmistakable = ["流産", "死産", "中絶"].iter().any(|w| words.contains(w));
    let died = ["亡くな", "天国"].iter().any(|w| words.contains(w));
    let child = [
        "子ども",
        "子供",
        "こども",
        "赤ちゃん",
        "娘",
        "息子",
        "おなかの子",
    ]
    .iter()
    .any(|w| words.contains(w));
    unmistakable || (died && child)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::resident::Letters;

    #[test]
    fn commands_are_known_however_they_are_typed() {
        for (words, intent) in [
            ("ヘルプ", Intent::Help),
            ("ＨＥＬＰ！", Intent::Help),
            ("わたしの登録", Intent::Show),
            ("私の登録", Intent::Show),
            ("すべて消す", Intent::Erase),
            ("ボウサイ", Intent::Disaster),
            ("避難情報", Intent::Evacuation),
            ("English", Intent::Speak("en".into())),
            ("やさしい日本語", Intent::Speak("ja-Hira".into())),
            ("もどる。", Intent::Back),
            ("文字を大きく", Intent::Letters(Letters::Large)),
        ] {
            assert_eq!(command(words), Some(intent), "{words}");
        }
        for words in ["", "？", "登録が必要な犬", "helpful"] {
            assert_eq!(command(words), None, "{words}");
        }
    }

    #[test]
    fn every_command_is_an_intent() {
        for (verb, _) in COMMANDS {
            assert!(Intent::from_data(&format!("1/{verb}")).is_some(), "{verb}");
        }
    }

    #[test]
    fn days_are_asked_for_in_many_ways() {
        for (words, days) in [
            ("明日のごみは？", Days::Tomorrow),
            ("あしたのゴミ", Days::Tomorrow),
            ("今日は何のゴミの日？", Days::Today),
            ("きょうのごみ、教えて", Days::Today),
            ("明後日のごみは何ですか", Days::AfterTomorrow),
            ("今週のごみ", Days::Week),
            ("ごみの日", Days::Week),
            ("次のごみの日はいつ？", Days::Week),
            ("明日は？", Days::Tomorrow),
            ("garbage tomorrow", Days::Tomorrow),
            ("What is the garbage day?", Days::Week),
        ] {
            assert_eq!(
                about_days(words),
                Some(AboutDays { days, plain: true }),
                "{words}"
            );
        }
        for words in [
            "粗大ごみ",
            "生ごみ",
            "明日の天気",
            "今日の給食",
            "ペットボトル",
            "燃えるごみ",
            "こんにちは",
            "",
        ] {
            assert_eq!(about_days(words), None, "{words}");
        }
        assert_eq!(
            about_days("本町の明日のごみ"),
            Some(AboutDays {
                days: Days::Tomorrow,
                plain: false
            })
        );
    }

    #[test]
    fn a_loss_is_heard_and_a_lost_bicycle_is_not() {
        for words in [
            "流産しました",
            "赤ちゃんが亡くなりました",
            "先月、息子が亡くなって",
        ] {
            assert!(speak_of_loss(words), "{words}");
        }
        for words in [
            "電子レンジの説明書がなくなりました",
            "子ども用自転車がなくなりました",
            "父が亡くなりました",
        ] {
            assert!(!speak_of_loss(words), "{words}");
        }
    }

    proptest! {
        #[test]
        fn no_words_are_too_odd_to_read(words in "\\PC{0,60}") {
            let _ = (command(&words), about_days(&words), asks_when(&words), speak_of_loss(&words));
        }
    }
}
