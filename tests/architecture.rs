//! The layer table of docs/ARCHITECTURE.md, held to the code: a module imports only from rows
//! beneath its own, and the large libraries stay in their rooms.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Rows of `src/`, floor first.
const ROWS: [&[&str]; 10] = [
    &[
        "clock",
        "ids",
        "language",
        "mode",
        "seal",
        "table",
        "telemetry",
        "text",
    ],
    &["db"],
    &["line", "audit", "edition", "jobs", "policy", "sso"],
    &["area", "resident", "staff", "media"],
    &[
        "approval",
        "calling",
        "segment",
        "delivery",
        "inbox",
        "upload",
        "evacuation",
        "jma",
    ],
    &[
        "broadcast",
        "garbage",
        "childcare",
        "faq",
        "shelter",
        "richmenu",
    ],
    &["emergency", "reminder"],
    &["conversation", "web"],
    &["webhook", "console", "public", "scheduler"],
    &["main", "startup", "config", "commands", "demo"],
];

/// Which rooms may name which library.
const KEEPERS: [(&str, &[&str]); 6] = [
    (
        "actix_web",
        &["webhook", "console", "public", "startup", "web"],
    ),
    ("reqwest", &["line", "sso", "jma", "calling"]),
    ("lettre", &["calling"]),
    ("tokio_cron_scheduler", &["scheduler"]),
    ("sea_orm", &["store.rs", "db.rs"]),
    ("entity", &["store.rs", "db.rs"]),
];

struct File {
    path: PathBuf,
    module: String,
    code: String,
}

fn files() -> Vec<File> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![src.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(&src).unwrap().to_owned();
                let first = inside
                    .components()
                    .next()
                    .unwrap()
                    .as_os_str()
                    .to_string_lossy();
                let module = first.trim_end_matches(".rs").to_owned();
                let code = without_comments(&std::fs::read_to_string(&path).unwrap());
                found.push(File {
                    path: inside,
                    module,
                    code,
                });
            }
        }
    }
    assert!(found.len() > 5, "src/ was not found");
    found
}

fn without_comments(code: &str) -> String {
    code.lines()
        .map(|line| {
            if line.trim_start().starts_with("//") {
                ""
            } else {
                line
            }
        })
        .collect::<Vec<_>>()
        .join("\n")
}

fn rows() -> HashMap<&'static str, usize> {
    ROWS.iter()
        .enumerate()
        .flat_map(|(row, modules)| modules.iter().map(move |m| (*m, row)))
        .collect()
}

/// Names that follow `prefix::` in `code`.
fn named_after<'a>(code: &'a str, prefix: &str) -> Vec<&'a str> {
    code.match_indices(prefix)
        .filter(|(at, _)| !code[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '_'))
        .map(|(at, _)| {
            let rest = &code[at + prefix.len()..];
            rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                .next()
                .unwrap_or_default()
        })
        .collect()
}

#[test]
fn modules_import_only_from_rows_beneath() {
    let rows = rows();
    let mut faults = Vec::new();
    for file in files().iter().filter(|f| f.module != "lib") {
        let Some(own) = rows.get(file.module.as_str()) else {
            faults.push(format!(
                "{}: `{}` stands in no row",
                file.path.display(),
                file.module
            ));
            continue;
        };
        let program = *own == ROWS.len() - 1;
        let mut used = named_after(&file.code, "crate::");
        used.extend(named_after(&file.code, "kairan::"));
        for used in used {
            match rows.get(used) {
                Some(row) if row < own || used == file.module || program => {}
                Some(_) => faults.push(format!(
                    "{} reaches `{used}`, not beneath it",
                    file.path.display()
                )),
                None if used.is_empty() => {
                    faults.push(format!(
                        "{}: write `use crate::module::…`, not `crate::{{…}}`",
                        file.path.display()
                    ));
                }
                None => faults.push(format!(
                    "{} reaches `{used}`, which stands in no row",
                    file.path.display()
                )),
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn large_libraries_stay_in_their_rooms() {
    let mut faults = Vec::new();
    for file in files() {
        let name = file
            .path
            .file_name()
            .unwrap()
            .to_string_lossy()
            .into_owned();
        for (library, rooms) in KEEPERS {
            let allowed = rooms.contains(&file.module.as_str()) || rooms.contains(&name.as_str());
            if !allowed && !named_after(&file.code, &format!("{library}::")).is_empty() {
                faults.push(format!(
                    "{} names {library}, which lives in {}",
                    file.path.display(),
                    rooms.join(", ")
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_edges_read_the_clock() {
    let rows = rows();
    let faults: Vec<String> = files()
        .iter()
        .filter(|f| rows.get(f.module.as_str()).is_some_and(|row| *row < 8) && f.module != "clock")
        .filter(|f| f.code.contains("Utc::now()") || f.code.contains("Clock::system()"))
        .map(|f| format!("{} reads the clock", f.path.display()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// A plan that a connection keeps is refused once a newer release has added a column, if it asks for all there are.
#[test]
fn columns_are_asked_for_by_name() {
    let asks_for_all = |code: &str| {
        let code = code.to_lowercase();
        let all = ["returning_all()", "returning *", "select *"];
        all.iter().any(|all| code.contains(all))
    };
    assert!(asks_for_all("Query::update().returning_all()") && asks_for_all("RETURNING *"));
    let faults: Vec<String> = files()
        .iter()
        .filter(|file| asks_for_all(&file.code))
        .map(|file| format!("{} asks for all columns", file.path.display()))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
