//! The documents lead where they say.

use std::path::{Path, PathBuf};

use crate::support::source::{is_defined, sources};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn every_relative_link_leads_to_a_file() {
    let documents = documents();
    let readmes = documents
        .iter()
        .filter(|d| d.parent() == Some(Path::new(ROOT)));
    assert!(readmes.count() >= 2, "both READMEs are read");
    let lost: Vec<String> = documents
        .iter()
        .flat_map(|document| {
            let words = std::fs::read_to_string(document).unwrap();
            let folder = document.parent().unwrap();
            links(&words)
                .filter(|link| !link.contains("://") && !link.starts_with('#'))
                .map(|link| link.split('#').next().unwrap_or_default())
                .filter(|link| !folder.join(link).exists())
                .map(|link| format!("{}: {link}", document.display()))
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(lost, [""; 0]);
}

/// The threats of an emergency, each with the stories that show that it is met.
#[test]
fn every_threat_is_met_by_stories_that_exist() {
    let document = std::fs::read_to_string(format!("{ROOT}/docs/SECURITY.md")).unwrap();
    let sources = sources();
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", number, _, _, stories, ""] = cells[..] else {
            return None;
        };
        Some((number.parse::<usize>().ok()?, stories))
    });
    let rows: Vec<_> = rows.collect();
    let numbers: Vec<usize> = rows.iter().map(|row| row.0).collect();
    assert_eq!(numbers, (1..=25).collect::<Vec<_>>());
    for (number, stories) in rows {
        let mut named = stories.split('`').skip(1).step_by(2).peekable();
        assert!(named.peek().is_some(), "{number} is shown by nothing");
        for story in named {
            assert!(is_defined(story, &sources), "{number}: there is no {story}");
        }
    }
}

/// What ASVS asks, and what is promised of reliability, each with its stories.
#[test]
fn every_figure_is_shown_by_stories_that_exist() {
    let document = std::fs::read_to_string(format!("{ROOT}/docs/SECURITY.md")).unwrap();
    let sources = sources();
    let (mut asvs, mut promises) = (0, Vec::new());
    for line in document.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let ["", figure, _, stories, ""] = cells[..] else {
            continue;
        };
        match figure.strip_prefix('R').map(str::parse::<usize>) {
            Some(Ok(number)) => promises.push(number),
            _ if figure.starts_with(|c: char| c.is_ascii_digit()) => asvs += 1,
            _ => continue,
        }
        let named = stories.split('`').skip(1).step_by(2);
        let named: Vec<&str> = named.filter(|name| !name.starts_with("KAIRAN_")).collect();
        assert!(
            !named.is_empty() || stories.contains("measured"),
            "{figure} is shown by nothing"
        );
        for story in named {
            assert!(is_defined(story, &sources), "{figure}: there is no {story}");
        }
    }
    assert_eq!(promises, (1..=15).collect::<Vec<_>>());
    assert!(asvs >= 30, "{asvs}");
}

#[test]
fn a_link_is_found_in_markdown_and_in_html() {
    let words = "[a](one.md), ![b](two.png) and <img src=\"three.png\"> but (not this)";
    assert_eq!(
        links(words).collect::<Vec<_>>(),
        ["one.md", "two.png", "three.png"]
    );
}

/// Markdown at the root, in `docs/` at any depth, and beside the crates and data that describe themselves.
fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![(PathBuf::from(ROOT).join("docs"), true)];
    for folder in ["", "simulator", "sample-town", "benches"] {
        folders.push((PathBuf::from(ROOT).join(folder), false));
    }
    while let Some((folder, deep)) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else {
            continue;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() && deep {
                folders.push((path, true));
            } else if path.extension().is_some_and(|e| e == "md") {
                found.push(path);
            }
        }
    }
    found
}

fn links(words: &str) -> impl Iterator<Item = &str> {
    let markdown = words
        .split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0));
    let pictures = words
        .split("src=\"")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once('"')?.0));
    markdown.chain(pictures)
}
