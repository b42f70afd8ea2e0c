//! What of a menu's folder is refused before LINE hears of it: its icons, pictures, names and aliases.

use kairan::commands::rich_menu::check;
use kairan::table::Source;

use crate::rich_menu::{YAML, described, faults, files, png, profile, source};

/// Exactly one finding, which begins and reads so.
fn one(found: &[String], place: &str, reason: &str) {
    let [fault] = found else {
        panic!("{place}: {found:#?}");
    };
    assert!(
        fault.starts_with(place) && fault.contains(reason),
        "{place} {reason}: {fault}"
    );
}

/// The sample menu, with this icon.
fn with_icon(icon: &str) -> Vec<(String, Source)> {
    let mut files = files(YAML);
    files.retain(|(path, _)| path != "icons/dot.svg");
    files.push(source("icons/dot.svg", icon.as_bytes()));
    files
}

#[test]
fn an_icon_that_cannot_be_drawn_is_refused_with_its_line() {
    for (icon, line, reason) in [
        (
            "<svg viewBox=\"0 0 24 24\">\n<circle r=\"9\">\n</svg>",
            3,
            "no SVG",
        ),
        (
            "<svg viewBox=\"0 0 32 32\"><circle r=\"9\"/></svg>",
            1,
            "0 0 24 24",
        ),
        ("<svg viewBox=\"0 0 24 24\"></svg>", 1, "draws nothing"),
        ("dot", 1, "no SVG"),
    ] {
        let place = format!("icons/dot.svg:{line}:");
        one(&faults(with_icon(icon)), &place, reason);
    }
}

#[test]
fn a_drawing_too_large_for_line_is_refused_where_its_size_stands() {
    // Noise far beyond the icon's square: a PNG cannot make it small.
    let noise = "<svg viewBox=\"0 0 24 24\"><filter id=\"n\" x=\"0\" y=\"0\" width=\"1\" height=\"1\">\
         <feTurbulence baseFrequency=\"7\"/></filter>\
         <rect x=\"-60\" y=\"-45\" width=\"150\" height=\"110\" fill=\"#000\" filter=\"url(#n)\"/></svg>";
    let found = check(&profile(), with_icon(noise)).unwrap_err();
    assert_eq!(found.len(), 6, "each variant: {found:#?}");
    for fault in found.iter().map(ToString::to_string) {
        assert!(
            fault.starts_with("test/menu.yaml:4:") && fault.contains("1 MB"),
            "{fault}"
        );
    }
}

#[test]
fn a_file_nearly_called_like_a_picture_or_a_menu_is_refused() {
    let picture = png(2500, 843);
    for name in [
        "image.jpeg",
        "image.fr.png",
        "image.large.en.png",
        "Image.png",
        "image-2.png",
    ] {
        let mut files = files(YAML);
        files.push(source(&format!("test/{name}"), &picture));
        let found = faults(files);
        one(&found, &format!("test/{name}:1:"), "image.en.large.png");
    }
    let mut two = files(YAML);
    two.push(source("other/menu.yml", YAML.as_bytes()));
    one(&faults(two), "other/menu.yml:1:", "menu.yaml");
    let mut lost = files(YAML);
    lost.push(source("other/image.png", &picture));
    one(&faults(lost), "other/image.png:1:", "other/menu.yaml");
    // What is no picture at all may lie beside.
    let mut notes = files(YAML);
    notes.push(source("test/notes.txt", b"for us"));
    notes.push(source("test/image.psd", b"the designer's"));
    assert_eq!(faults(notes), [""; 0]);
}

#[test]
fn a_finished_jpeg_is_taken_as_it_is() {
    let yaml = YAML.replace("rows:\n  - [today, site]\n", "").replace(
        "    icon: dot\n",
        "    at: { x: 0, y: 0, width: 1250, height: 843 }\n",
    );
    let yaml = yaml.replace(
        "    action: { open",
        "    at: { x: 1250, y: 0, width: 1250, height: 843 }\n    action: { open",
    );
    let with = |name: &str, bytes: &[u8]| {
        let mut files = files(&yaml);
        files.push(source(name, bytes));
        files
    };
    let picture = jpeg(2500, 843);
    let menus = check(&profile(), with("test/image.jpg", &picture)).unwrap();
    assert_eq!(
        menus.len(),
        3,
        "no large letters without a picture of their own"
    );
    for menu in menus {
        assert_eq!(menu.picture_bytes().unwrap(), picture);
    }
    let small = faults(with("test/image.jpg", &jpeg(2500, 844)));
    one(&small, "test/image.jpg:1:", "2500 × 844");
    let mut both = with("test/image.jpg", &picture);
    both.push(source("test/image.png", &png(2500, 843)));
    one(&faults(both), "test/image.jpg:1:", "two pictures");
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbImage::new(width, height)
        .write_to(&mut bytes, image::ImageFormat::Jpeg)
        .unwrap();
    bytes.into_inner()
}

#[test]
fn no_alias_of_any_variant_is_anothers() {
    let other = |alias: &str| {
        let yaml = YAML.replace("shown_to: default", &format!("alias: {alias}"));
        let mut files = files(YAML);
        files.push(source("other/menu.yaml", yaml.as_bytes()));
        faults(files)
    };
    assert_eq!(other("others"), [""; 0]);
    for alias in ["test-large", "test-en", "test-ja-hira-large"] {
        let found = other(alias);
        assert!(!found.is_empty(), "{alias}");
        for fault in &found {
            let is_there = fault.starts_with("test/menu.yaml:1:") && fault.contains("`other`");
            assert!(is_there && fault.contains(alias), "{fault}");
        }
    }
    assert_eq!(other("test").len(), 6, "each variant's");
}

#[test]
fn a_button_names_a_topic_and_a_language_that_exist() {
    let with = |data: &str| faults(files(&YAML.replace("1/garbage/today", data)));
    for data in ["1/topic/childcare", "1/speak/en", "1/words/保育園"] {
        assert_eq!(with(data), [""; 0], "{data}");
    }
    for data in ["1/topic/poker", "1/speak/fr", "\"1/words/ \"", "1/words/"] {
        let given = data.trim_matches('"');
        one(
            &with(data),
            "test/menu.yaml:11:",
            &format!("`{given}` is no button"),
        );
    }
}

#[test]
fn a_title_and_a_cells_colour_are_drawn_and_checked() {
    let name = |yaml: &str| described(files(yaml)).unwrap()[0].name.clone();
    let titled = YAML.replace("rows:", "title: { ja: はじめての方へ }\nrows:");
    let coloured = YAML.replace("icon: dot", "icon: dot\n    colour: \"#A32A1E\"");
    let strong = coloured.replace("icon: dot", "icon: dot\n    style: strong");
    let plain = name(YAML);
    assert!(
        [&titled, &coloured, &strong]
            .iter()
            .all(|yaml| name(yaml) != plain)
    );
    assert_ne!(name(&coloured), name(&strong));

    for (yaml, line, reason) in [
        (titled.replace("はじめての方へ", "☺"), 5, "no `☺`"),
        (
            titled.replace("はじめての方へ", &"はじめて".repeat(9)),
            5,
            "too long",
        ),
        (
            titled.replace("{ ja: はじめての方へ }", "{ en: Start }"),
            5,
            "`ja`, is missing",
        ),
        (
            titled.replace("ja: はじめての方へ", "ja: はじめ, fr: Ici"),
            5,
            "`fr` is no language",
        ),
        (coloured.replace("#A32A1E", "red"), 11, "#rrggbb"),
        // A pictogram needs 3 on its tint, white words 4.5 on a filled card.
        (coloured.replace("#A32A1E", "#E8A33D"), 11, "contrast"),
        (strong.replace("#A32A1E", "#DD5544"), 12, "at least 4.5"),
    ] {
        let found = faults(files(&yaml));
        assert!(!found.is_empty(), "{yaml}");
        for fault in &found {
            let place = format!("test/menu.yaml:{line}:");
            assert!(
                fault.starts_with(&place) && fault.contains(reason),
                "{found:#?}"
            );
        }
    }
    // Dark enough on white, but not where the label of the open tab stands.
    let tab = "tab:\n  label: { ja: 試し }\n  icon: dot\ntabs: [test]\ncolour: \"#767676\"\nrows:";
    let found = faults(files(&YAML.replace("rows:", tab)));
    assert!(!found.is_empty());
    for fault in &found {
        let is_there = fault.starts_with("test/menu.yaml:9:");
        assert!(is_there && fault.contains("#767676 on #E1E9EC"), "{fault}");
    }
    let both = YAML.replace("rows:", &tab.replace("#767676", "#333333"));
    let both = both.replace("tab:", "title: { ja: 題 }\ntab:");
    one(
        &faults(files(&both)),
        "test/menu.yaml:5:",
        "leave out `title`",
    );
}

#[test]
fn a_cell_too_low_for_its_words_is_refused() {
    let rows = "[today, site]\n  - [x, x]\n  - [y, y]\n  - [z, z]";
    let more: String = ["x", "y", "z"]
        .iter()
        .map(|name| {
            format!("  {name}:\n    label: {{ ja: あ }}\n    action: {{ open: \"{{site}}\" }}\n")
        })
        .collect();
    let yaml = YAML.replace("[today, site]", rows) + more.as_str();
    let found = faults(files(&yaml));
    assert!(
        found
            .iter()
            .any(|f| f.starts_with("test/menu.yaml:12:") && f.contains("too low")),
        "{found:#?}"
    );
}
