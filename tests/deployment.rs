//! What operators copy and edit: `.env.example` and `docker-compose.yml` say what the program reads.

use std::collections::{BTreeMap, BTreeSet};

use kairan::config::Settings;
use kairan::startup;

const ENV_EXAMPLE: &str = include_str!("../.env.example");
const COMPOSE: &str = include_str!("../docker-compose.yml");
const CONFIG: &str = include_str!("../src/config.rs");

/// Read by others than `config.rs`: logging, and docker compose's PostgreSQL.
const ELSEWHERE: [&str; 2] = ["POSTGRES_PASSWORD", "RUST_LOG"];

/// A line of `.env.example`: given, or shown behind `#`.
struct Line {
    name: &'static str,
    value: &'static str,
    given: bool,
}

fn lines() -> Vec<Line> {
    ENV_EXAMPLE
        .lines()
        .filter_map(|line| {
            let (name, value) = line.trim_start_matches('#').split_once('=')?;
            is_variable(name).then_some(Line {
                name,
                value,
                given: !line.starts_with('#'),
            })
        })
        .collect()
}

fn is_variable(word: &str) -> bool {
    word.contains('_')
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word.chars().all(|c| c.is_ascii_uppercase() || c == '_')
}

/// Every word of `text` that has the form of a variable's name.
fn variables(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
        .filter(|word| is_variable(word))
        .collect()
}

fn load(values: &BTreeMap<&str, &str>) -> Settings {
    Settings::from_lookup(|name| values.get(name).map(|value| (*value).to_owned())).unwrap()
}

#[test]
fn every_variable_is_explained_and_none_besides() {
    let read: BTreeSet<&str> = variables(CONFIG).into_iter().chain(ELSEWHERE).collect();
    let explained: BTreeSet<&str> = lines().iter().map(|line| line.name).collect();
    assert_eq!(explained, read);
    assert_eq!(explained.len(), lines().len(), "a variable appears twice");
}

#[test]
fn the_example_loads_and_speaks_to_the_simulator_only() {
    let values = lines()
        .iter()
        .filter(|line| line.given)
        .map(|line| (line.name, line.value))
        .collect();
    let settings = load(&values);
    assert!(settings.api_base.is_loopback() && settings.data_base.is_loopback());
}

#[test]
fn the_values_shown_behind_a_hash_are_the_ones_that_hold() {
    let as_it_stands: BTreeMap<_, _> = lines()
        .iter()
        .filter(|line| line.given)
        .map(|line| (line.name, line.value))
        .collect();
    let mut written_out = as_it_stands.clone();
    written_out.extend(
        lines()
            .iter()
            .filter(|line| !line.given && line.name != "LINE_CHANNEL_ID")
            .map(|line| (line.name, line.value)),
    );
    assert_eq!(
        format!("{:?}", load(&written_out)),
        format!("{:?}", load(&as_it_stands))
    );
    let policy = written_out["KAIRAN_POLICY"];
    assert_eq!(
        startup::policy(Some(policy.as_ref())).unwrap(),
        startup::policy(None).unwrap()
    );
}

#[test]
fn the_compose_file_parses_and_asks_only_for_what_the_example_has() {
    let file: serde_json::Value = serde_saphyr::from_str(COMPOSE).unwrap();
    for service in ["kairan", "db", "sample-town", "line-simulator"] {
        assert!(
            file["services"][service].is_object(),
            "{service} is missing"
        );
    }
    let explained: BTreeSet<&str> = lines().iter().map(|line| line.name).collect();
    let asked: BTreeSet<&str> = COMPOSE
        .split("${")
        .skip(1)
        .map(|rest| rest.split([':', '}']).next().unwrap())
        .collect();
    assert!(!asked.is_empty());
    assert_eq!(asked.difference(&explained).next(), None);
    // And the product's environment has no name it would not read.
    let given = file["services"]["kairan"]["environment"]
        .as_object()
        .unwrap();
    for name in given.keys() {
        assert!(explained.contains(name.as_str()), "{name}");
    }
}
