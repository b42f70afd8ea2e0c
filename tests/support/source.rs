//! The sources as text, for documents that name tests.

use std::path::{Path, PathBuf};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// All of `src` and `tests`, but for the tests that name others.
pub fn sources() -> String {
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
pub fn is_defined(name: &str, sources: &str) -> bool {
    sources.match_indices(name).any(|(at, _)| {
        let before = sources[..at].trim_end();
        let after = &sources[at + name.len()..];
        (before.ends_with("fn") && after.starts_with('('))
            || (before.ends_with("on_both!(") && after.starts_with(','))
    })
}
