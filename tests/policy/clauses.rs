//! docs/POLICY.md speaks of every clause, and names tests that exist.

use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
/// Clauses of the five policies that software can carry.
const CLAUSES: usize = 125;

struct Row {
    number: usize,
    tests: Vec<String>,
    to_come: String,
}

fn rows() -> Vec<Row> {
    let document = std::fs::read_to_string(format!("{ROOT}/docs/POLICY.md")).unwrap();
    document
        .lines()
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let ["", number, _, _, tests, to_come, ""] = cells[..] else {
                return None;
            };
            Some(Row {
                number: number.parse().ok()?,
                tests: tests
                    .split('`')
                    .skip(1)
                    .step_by(2)
                    .map(str::to_owned)
                    .collect(),
                to_come: to_come.to_owned(),
            })
        })
        .collect()
}

fn sources() -> String {
    let mut folders: Vec<PathBuf> = ["src", "tests"].map(|f| Path::new(ROOT).join(f)).into();
    let mut all = String::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().path())
        {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") && !path.ends_with("clauses.rs") {
                all += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    all
}

/// Whether a test of this name is defined: a function, or a story told on both databases.
fn is_defined(name: &str, sources: &str) -> bool {
    sources.match_indices(name).any(|(at, _)| {
        let before = sources[..at].trim_end();
        let after = &sources[at + name.len()..];
        (before.ends_with("fn") && after.starts_with('('))
            || (before.ends_with("on_both!(") && after.starts_with(','))
    })
}

#[test]
fn every_clause_is_spoken_of_once() {
    let numbers: Vec<usize> = rows().iter().map(|row| row.number).collect();
    assert_eq!(numbers, (1..=CLAUSES).collect::<Vec<_>>());
}

#[test]
fn every_clause_is_shown_by_tests_that_exist() {
    let sources = sources();
    for row in rows() {
        assert!(!row.tests.is_empty(), "{} is shown by nothing", row.number);
        for test in &row.tests {
            assert!(
                is_defined(test, &sources),
                "{}: there is no test {test}",
                row.number
            );
        }
        assert!(
            row.to_come.is_empty() || row.to_come.len() > 9,
            "{}",
            row.number
        );
    }
    assert!(!is_defined("every_clause", &sources));
}

#[test]
fn the_profiles_number_no_clause_that_is_not_there() {
    for name in ["bunkyo", "hachinohe", "hokkaido-cafe", "kushiro", "mic-ict"] {
        let profile = std::fs::read_to_string(format!("{ROOT}/policies/{name}.toml")).unwrap();
        let numbered: Vec<usize> = profile
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix("# "))
            .filter_map(|comment| comment.split([',', ':', '〜', ' ']).next()?.parse().ok())
            .collect();
        assert!(numbered.len() > 10, "{name}: {numbered:?}");
        assert!(
            numbered.iter().all(|n| (1..=CLAUSES).contains(n)),
            "{name}: {numbered:?}"
        );
    }
}
