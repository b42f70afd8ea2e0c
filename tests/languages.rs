//! Every language says everything, with the same things filled in; and nothing is said that is not asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Two ways to say one thing: a language takes the one it needs.
const ALIKE: [(&str, &str); 1] = [("month-name", "month")];
/// Keys built from parts, by their beginning.
const BUILT: [&str; 1] = ["shelter-hazard-"];

fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path, ending));
        } else if path.extension().is_some_and(|e| e == ending) {
            found.push(path);
        }
    }
    found
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The variables of each sentence of a language.
fn sentences(language: &Path) -> BTreeMap<String, BTreeSet<String>> {
    let mut sentences: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for file in files(language, "ftl") {
        let mut key = String::new();
        for line in std::fs::read_to_string(file).unwrap().lines() {
            if line.starts_with(|c: char| c.is_ascii_lowercase()) {
                key = line.split(" =").next().unwrap().to_owned();
                let twice = sentences.insert(key.clone(), BTreeSet::new());
                assert_eq!(twice, None, "{key} stands twice in {}", language.display());
            }
            for variable in line.split('$').skip(1) {
                let end = variable
                    .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
                    .unwrap_or(variable.len());
                let of = sentences.get_mut(&key).unwrap();
                let name = &variable[..end];
                let alike = ALIKE.iter().find(|(other, _)| *other == name);
                of.insert(alike.map_or(name, |(_, same)| *same).to_owned());
            }
        }
    }
    sentences
}

#[test]
fn every_language_says_everything() {
    let japanese = sentences(&root().join("languages/ja"));
    assert!(japanese.len() > 100, "{}", japanese.len());
    for entry in std::fs::read_dir(root().join("languages")).unwrap() {
        let folder = entry.unwrap().path();
        let said = sentences(&folder);
        for (key, variables) in &japanese {
            let Some(theirs) = said.get(key) else {
                panic!("{}: `{key}` is missing", folder.display());
            };
            assert_eq!(theirs, variables, "{}: `{key}`", folder.display());
        }
        let keys = |of: &BTreeMap<String, _>| of.keys().cloned().collect::<Vec<_>>();
        assert_eq!(keys(&said), keys(&japanese), "{}", folder.display());
    }
}

/// The literals of the rooms that speak.
fn literals() -> BTreeSet<String> {
    let speaks = |path: &PathBuf| {
        path.file_name()
            .is_some_and(|name| name == "phrases.rs" || name == "language.rs")
    };
    let mut literals = BTreeSet::new();
    for file in files(&root().join("src"), "rs")
        .iter()
        .filter(|p| speaks(p))
    {
        let text = std::fs::read_to_string(file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        literals.extend(code.split('"').skip(1).step_by(2).map(str::to_owned));
    }
    literals
}

#[test]
fn every_sentence_is_said_somewhere() {
    let literals = literals();
    let built = |key: &str| BUILT.iter().any(|start| key.starts_with(start));
    let unused: Vec<String> = sentences(&root().join("languages/ja"))
        .into_keys()
        .filter(|key| !literals.contains(key) && !built(key))
        .collect();
    assert_eq!(unused, [""; 0], "no phrases.rs says these");
}

#[test]
fn every_sentence_said_is_there() {
    let known = sentences(&root().join("languages/ja"));
    let key = |text: &str| {
        text.contains('-')
            && text.starts_with(|c: char| c.is_ascii_lowercase())
            && text
                .chars()
                .all(|c| c.is_ascii_lowercase() || c == '-' || c.is_ascii_digit())
            && !text.ends_with('-')
    };
    let variable = |text: &String| {
        known.values().any(|of| of.contains(text)) || ALIKE.iter().any(|(other, _)| other == text)
    };
    let missing: Vec<String> = literals()
        .into_iter()
        .filter(|text| key(text) && !known.contains_key(text) && !variable(text))
        .collect();
    assert_eq!(missing, [""; 0], "languages/ja lacks these");
}
