//! The menus that ship, and what is said of wrong ones.

use std::path::Path;
use std::sync::LazyLock;

use kairan::commands::rich_menu::{check, read};
use kairan::conversation::is_postback;
use kairan::line::message::Action;
use kairan::line::rich_menu::{Area, Bounds, RichMenu, Size};
use kairan::policy::Profile;
use kairan::richmenu::{self, Folder, Menu, Name, Variant};
use kairan::table::{Finding, Source};

pub const YAML: &str = "\
name: 試し
chat_bar: { ja: メニュー }
shown_to: default
size: { width: 2500, height: 843 }
rows:
  - [today, site]
cells:
  today:
    label: { ja: 今日のごみ }
    icon: dot
    action: { postback: 1/garbage/today }
  site:
    label: { ja: \"市の\\nサイト\" }
    action: { open: \"{site}\" }
";

pub fn profile() -> Profile {
    Profile::parse(include_str!("../policies/default.toml")).unwrap()
}

pub fn files(yaml: &str) -> Vec<(String, Source)> {
    let icon = "<svg viewBox=\"0 0 24 24\"><circle cx=\"12\" cy=\"12\" r=\"9\"/></svg>";
    vec![
        source("test/menu.yaml", yaml.as_bytes()),
        source("icons/dot.svg", icon.as_bytes()),
    ]
}

pub fn source(path: &str, bytes: &[u8]) -> (String, Source) {
    (path.to_owned(), Source::new(path, bytes))
}

pub fn faults(files: Vec<(String, Source)>) -> Vec<String> {
    match described(files) {
        Ok(_) => Vec::new(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

/// The menus of these files, without painting them: that takes most of the time of a check.
pub fn described(files: Vec<(String, Source)>) -> Result<Vec<Menu>, Vec<Finding>> {
    richmenu::described(&profile(), &Folder::of(files)?, is_postback)
}

/// The menus that ship, painted once for all stories.
pub fn shipped() -> Vec<Menu> {
    static SHIPPED: LazyLock<Vec<Menu>> = LazyLock::new(|| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("rich-menus");
        check(&profile(), read(&folder).unwrap()).unwrap_or_else(|f| panic!("{f:#?}"))
    });
    SHIPPED.clone()
}

/// Menus of one cell on a finished picture, in every language: a folder, who it is shown to (nobody, if
/// empty), the cell's label, and its action.
pub fn small(menus: &[[&str; 4]]) -> Vec<Menu> {
    let files = menus.iter().flat_map(|[folder, shown_to, label, action]| {
        let shown_to = match *shown_to {
            "" => String::new(),
            shown_to => format!("shown_to: {shown_to}\n"),
        };
        let yaml = format!(
            "name: {folder}\nchat_bar: {{ ja: メニュー }}\n{shown_to}size: {{ width: 800, height: 400 }}\n\
             cells:\n  only:\n    at: {{ x: 0, y: 0, width: 800, height: 400 }}\n    \
             label: {{ ja: {label} }}\n    action: {{ {action} }}\n"
        );
        [
            source(&format!("{folder}/menu.yaml"), yaml.as_bytes()),
            source(&format!("{folder}/image.png"), &png(800, 400)),
        ]
    });
    check(&profile(), files.collect()).unwrap_or_else(|f| panic!("{f:#?}"))
}

#[test]
fn every_menu_that_ships_is_drawn_in_every_variant_within_lines_limits() {
    let menus = shipped();
    let folders = [
        "childcare",
        "disaster",
        "living",
        "newcomer",
        "parents",
        "safety",
    ];
    let expected: Vec<(&str, String)> = folders
        .into_iter()
        .flat_map(|folder| Variant::all().map(move |v| (folder, v.code())))
        .collect();
    let found: Vec<(&str, String)> = menus
        .iter()
        .map(|m| (m.folder.as_str(), m.variant.code()))
        .collect();
    assert_eq!(found, expected);
    for menu in &menus {
        let bytes = menu.picture_bytes().unwrap();
        let size = serde_json::to_value(&menu.object).unwrap()["size"].clone();
        let picture = image::load_from_memory(&bytes).unwrap();
        assert_eq!(
            (picture.width(), picture.height()),
            (
                u32::try_from(size["width"].as_u64().unwrap()).unwrap(),
                u32::try_from(size["height"].as_u64().unwrap()).unwrap()
            )
        );
        menu.picture().unwrap();
    }
}

#[test]
fn a_menu_is_known_by_what_it_contains() {
    let name = |yaml: &str| {
        let menus = described(files(yaml)).unwrap();
        menus[0].name.clone()
    };
    let first = name(YAML);
    assert_eq!(name(YAML), first);
    assert_eq!(Name::read(&first.to_string()), Some(first.clone()));
    for (from, to) in [
        ("今日のごみ", "本日のごみ"),
        ("1/garbage/today", "1/garbage/week"),
        ("{site}", "{opinions}"),
        ("height: 843", "height: 844"),
        ("メニュー", "ひらく"),
    ] {
        let other = name(&YAML.replace(from, to));
        assert_ne!(other, first, "{from}");
        assert!(other.is_version_of(&first));
    }
}

#[test]
fn a_wrong_file_is_refused_with_its_line_and_reason() {
    assert_eq!(faults(files(YAML)), Vec::<String>::new());
    let many: String = (0..21)
        .map(|n| {
            format!("  c{n}:\n    label: {{ ja: あ }}\n    action: {{ open: \"{{site}}\" }}\n")
        })
        .collect();
    let many_rows: String = (0..21).map(|n| format!(", c{n}")).collect();
    for (from, to, line, reason) in [
        ("name: 試し", "nome: 試し", 1, "nome"),
        ("name: 試し", "name: [", 0, ""),
        ("height: 843", "height: 1800", 4, "1.45"),
        ("width: 2500", "width: 700", 4, "800 to 2500"),
        ("shown_to: default", "shown_to: everyone", 3, "everyone"),
        (
            "shown_to: default",
            "shown_to: parents",
            3,
            "shown_to: default",
        ),
        (
            "[today, site]",
            "[today, site]\n  - [site, today]",
            6,
            "rectangle",
        ),
        (
            "[today, site]",
            "[today, site]\n  - [today]",
            6,
            "same number",
        ),
        ("[today, site]", "[today, site, tea]", 6, "no cell `tea`"),
        ("[today, site]", "[today]", 13, "`site` must stand"),
        ("icon: dot", "icon: dots", 10, "there are dot"),
        (
            "1/garbage/today",
            "1/garbage/yesterday",
            11,
            "1/garbage/yesterday",
        ),
        (
            "postback: 1/garbage/today",
            "switch: nowhere",
            11,
            "`nowhere`",
        ),
        ("\"{site}\"", "http://www.city.example.jp/", 14, "https://"),
        ("\"{site}\"", "https://bit.ly/abc", 14, "shortened"),
        ("\"{site}\"", "\"{sight}\"", 14, "{site}"),
        (
            "今日のごみ",
            "今日のごみはなんでしょうかと思ったときに押す",
            9,
            "LINE takes 20",
        ),
        (
            "今日のごみ",
            "今日のごみはなんでしょうかねえ",
            9,
            "too long to be drawn",
        ),
        ("今日のごみ", "今日のごみ☺", 9, "no `☺`"),
        (
            "ja: メニュー",
            "ja: とても長いメニューバーの文字列",
            2,
            "14",
        ),
        ("rows:", "colour: \"#FFD54F\"\nrows:", 5, "contrast"),
        ("rows:", "colour: yellow\nrows:", 5, "#rrggbb"),
        (
            "shown_to: default",
            "shown_to: default\nalias: Living!",
            4,
            "a-z, 0-9",
        ),
        (
            "    icon: dot",
            "    at: { x: 0, y: 0, width: 100, height: 100 }",
            9,
            "either in `rows` or `at`",
        ),
    ] {
        let yaml = YAML.replacen(from, to, 1);
        assert_ne!(yaml, YAML, "{from} is no longer in the sample");
        let faults = faults(files(&yaml));
        let start = format!("test/menu.yaml:{line}:");
        let there = |f: &String| (line == 0 || f.starts_with(&start)) && f.contains(reason);
        assert!(faults.iter().any(there), "{to}: {faults:#?}");
    }
    let crowd = YAML
        .replace("[today, site]", &format!("[today, site{many_rows}]"))
        .replace("    icon: dot\n", "");
    let crowd = faults(files(&(crowd + many.as_str())));
    assert!(
        crowd.iter().any(|f| f.contains("more than 20 areas")),
        "{crowd:#?}"
    );
}

#[test]
fn what_large_letters_have_no_room_for_needs_a_shorter_label() {
    let long = YAML.replace("今日のごみ", "今日のごみの日");
    let found = faults(files(&long));
    // In other languages the Japanese label stands in, and is as long.
    assert_eq!(found.len(), 3, "{found:#?}");
    for fault in &found {
        assert!(
            fault.starts_with("test/menu.yaml:9:") && fault.contains("+large"),
            "{found:#?}"
        );
    }
    let label = "ja: 今日のごみの日 }\n";
    let short = |short: &str| {
        let large = format!("{label}    large: {{ ja: {short} }}\n");
        faults(files(&long.replace(label, &large)))
    };
    let given = "今日, ja-Hira: きょう, en: Today";
    assert_eq!(short(given), Vec::<String>::new());
    let found = short("今日のごみの日です, ja-Hira: きょう, en: Today");
    assert!(
        found.len() == 1 && found[0].starts_with("test/menu.yaml:10:"),
        "{found:#?}"
    );
    let unknown = YAML.replace("cells:", "large:\n  rows: [[tea]]\ncells:");
    let found = faults(files(&unknown));
    assert!(
        found[0].starts_with("test/menu.yaml:8:") && found[0].contains("no cell `tea`"),
        "{found:#?}"
    );
}

#[test]
fn a_tab_is_faulted_in_the_file_it_leads_to() {
    let with_tab = |label: &str| {
        let tab =
            format!("tabs: [other, test]\ntab:\n  label: {{ ja: {label} }}\n  icon: dot\nrows:");
        YAML.replace("rows:", &tab)
    };
    let other = |label: &str| {
        let yaml = with_tab(label).replace("shown_to: default\n", "");
        let mut files = files(&with_tab("試し"));
        files.push(source("other/menu.yaml", yaml.as_bytes()));
        faults(files)
    };
    assert_eq!(other("ほか"), Vec::<String>::new());
    for label in ["ほか☺", "ほかのもののタブで長いもの"] {
        let found = other(label);
        assert!(!found.is_empty());
        for fault in &found {
            assert!(fault.starts_with("other/menu.yaml:6:"), "{found:#?}");
        }
    }
}

#[test]
fn free_areas_may_neither_overlap_nor_reach_out_of_a_finished_picture() {
    let yaml = YAML.replace("rows:\n  - [today, site]\n", "").replace(
        "    icon: dot\n",
        "    at: { x: 0, y: 0, width: 1250, height: 843 }\n",
    );
    let with_site_at = |at: &str| {
        yaml.replace(
            "    action: { open",
            &format!("    at: {at}\n    action: {{ open"),
        )
    };
    let good = with_site_at("{ x: 1250, y: 0, width: 1250, height: 843 }");
    let with_picture = |yaml: &str, bytes: Vec<u8>| {
        let mut files = files(yaml);
        files.push(source("test/image.png", &bytes));
        faults(files)
    };
    assert_eq!(with_picture(&good, png(2500, 843)), Vec::<String>::new());
    for (at, reason) in [
        (
            "{ x: 1249, y: 0, width: 1250, height: 843 }",
            "overlaps `site`",
        ),
        ("{ x: 1250, y: 1, width: 1250, height: 843 }", "reaches out"),
        ("{ x: 1250, y: 0, width: 0, height: 843 }", "reaches out"),
    ] {
        let faults = with_picture(&with_site_at(at), png(2500, 843));
        assert!(
            faults
                .iter()
                .any(|f| f.contains(reason) || f.contains("overlaps `today`")),
            "{at}: {faults:#?}"
        );
    }
    for (bytes, reason) in [
        (png(2500, 844), "2500 × 844"),
        (b"GIF89a".to_vec(), "JPEG or PNG"),
        (vec![0; 10], "JPEG or PNG"),
        (
            [b"\x89PNG\r\n\x1a\n".to_vec(), vec![0; 1024 * 1024]].concat(),
            "1 MB",
        ),
        (b"\x89PNG\r\n\x1a\nbroken".to_vec(), "cannot be read"),
    ] {
        let faults = with_picture(&good, bytes);
        assert!(
            faults
                .iter()
                .any(|f| f.starts_with("test/image.png:1:") && f.contains(reason)),
            "{reason}: {faults:#?}"
        );
    }
}

/// A menu that something else made.
pub fn festival() -> RichMenu {
    let size = Size {
        width: 800,
        height: 400,
    };
    let bounds = Bounds {
        x: 0,
        y: 0,
        width: 9,
        height: 9,
    };
    let action = Action::message("踊る", "踊る").unwrap();
    let area = Area { bounds, action };
    RichMenu::new("夏まつり", "まつり", false, size, vec![area]).unwrap()
}

pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
