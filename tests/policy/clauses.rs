//! docs/POLICY.md speaks of every clause, and names tests that exist.

use crate::support::source::{is_defined, sources};

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
