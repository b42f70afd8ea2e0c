//! Menus in words: who sees them, what a cell does, what applying would do.

use std::collections::HashMap;

use serde_json::Value;

use crate::resident::Letters;
use crate::richmenu::{Audience, Conflict, Menu, Name, Step, Tap, Variant, Why};

/// A cell or a tab.
#[derive(Debug)]
pub(super) struct Cell {
    pub(super) label: String,
    pub(super) does: String,
    /// How often it was tapped; nothing where only LINE knows.
    pub(super) taps: Option<u64>,
}

/// The cells of a menu, from the top left on. `titles` knows menus by their aliases.
pub(super) fn cells(
    menu: &Menu,
    taps: &HashMap<(String, String), u64>,
    titles: impl Fn(&str) -> Option<String>,
) -> Vec<Cell> {
    let cell = |area: &crate::line::rich_menu::Area| {
        // Serialising plain structs cannot fail.
        let action = serde_json::to_value(&area.action).unwrap_or_default();
        let text = |key: &str| action[key].as_str().unwrap_or_default().to_owned();
        let counted = Tap::read(action["data"].as_str().unwrap_or_default()).map(|tap| {
            let key = (tap.menu.to_owned(), tap.cell.to_owned());
            taps.get(&key).copied().unwrap_or_default()
        });
        Cell {
            label: text("label"),
            does: does(&action, &titles),
            taps: counted,
        }
    };
    menu.object.areas().iter().map(cell).collect()
}

fn does(action: &Value, titles: &impl Fn(&str) -> Option<String>) -> String {
    let text = |key: &str| action[key].as_str().unwrap_or_default();
    match text("type") {
        "postback" => match Tap::read(text("data")).and_then(|tap| tap.data) {
            Some(data) => match data.strip_prefix("1/words/") {
                Some(words) => format!("「{words}」とたずねたときと同じ返事をします"),
                None => format!("トークで「{}」に答えます", text("displayText")),
            },
            None => "何もしません".to_owned(),
        },
        "richmenuswitch" => {
            let alias = text("richMenuAliasId");
            let title = titles(alias).unwrap_or_else(|| alias.to_owned());
            format!("「{title}」のメニューに切り替えます")
        }
        "uri" => match text("uri").strip_prefix("tel:") {
            Some(number) => format!("{number} に電話をかけます"),
            None => format!("{} を開きます", text("uri")),
        },
        other => other.to_owned(),
    }
}

/// 「日本語」「English 大きな文字」
pub(super) fn variant(variant: Variant) -> String {
    let letters = match variant.letters {
        Letters::Usual => "",
        Letters::Large => "・大きな文字",
    };
    format!("{}{letters}", language(variant.language.code()))
}

fn language(code: &str) -> &str {
    match code {
        "ja" => "日本語",
        "ja-Hira" => "やさしい日本語",
        "en" => "英語",
        other => other,
    }
}

/// Who sees a menu, as `menu.yaml` says.
pub(super) fn shown_to(audience: Option<Audience>) -> &'static str {
    match audience {
        Some(Audience::Default) => "登録していない方に、はじめから出します",
        Some(Audience::Registered) => "登録した方に出します",
        Some(Audience::Parents) => "お子さんを登録した方に出します",
        Some(Audience::Disaster) => "災害のあいだ、すべての方に出します",
        None => "ほかのメニューのタブから切り替えたときに出ます",
    }
}

/// A step of a plan.
pub(super) fn step(step: &Step<'_>) -> String {
    let named = |menu: &Menu| format!("「{}」（{}）", menu.title, variant(menu.variant));
    match step {
        Step::Create {
            menu,
            replaces: true,
        } => {
            format!(
                "{}を作りなおします。ファイルが変わったためです。",
                named(menu)
            )
        }
        Step::Create {
            menu,
            replaces: false,
        } => {
            format!("{}を作ります。LINEにまだありません。", named(menu))
        }
        Step::Upload { menu, .. } => format!("{}の画像を送ります。", named(menu)),
        Step::PointAlias { menu, .. } => {
            format!(
                "切り替え先「{}」を{}に向けます。",
                menu.alias.as_str(),
                named(menu)
            )
        }
        Step::SetDefault(menu) => {
            format!("{}を、登録していない方に出すようにします。", named(menu))
        }
        Step::LinkEverybody => {
            "すべての住民に、その方のためのメニューを割り当てなおします。".to_owned()
        }
        Step::Relink(successions) => format!(
            "古いメニュー{}件を見ている住民を、新しいメニューに移します。",
            successions.len()
        ),
        Step::DropAlias(alias) => format!("切り替え先「{}」をなくします。", alias.as_str()),
        Step::Delete { name, why, .. } => {
            let folder = Name::read(name).map_or_else(|| name.clone(), |name| name.folder);
            let why = match why {
                Why::Replaced => "新しいものに替わりました。",
                Why::NotDescribed => "ファイルになくなりました。",
                Why::Twice => "二重に作られていました。",
                Why::Foreign => "ほかで作られたものです。",
            };
            format!("古いメニュー「{folder}」を消します。{why}")
        }
    }
}

/// Why nothing would be applied.
pub(super) fn conflict(conflict: &Conflict) -> String {
    match conflict {
        Conflict::Taken { alias, name } => format!(
            "切り替え先「{alias}」は、ほかで作られたメニュー「{name}」が使っています。ファイルの alias を別の名前に変えるまで、反映できません。"
        ),
        Conflict::NothingInFront(audience) => format!(
            "いま前に出ているメニュー（{}）がファイルにないため、反映できません。ファイルを戻してください。",
            shown_to(Some(*audience))
        ),
    }
}
