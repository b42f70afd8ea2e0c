//! What the product is made of: libraries that a town may use, from where everybody has them, and no secret.

use std::process::Command;

use serde_json::Value;

/// Licences that ask no more than to be named; of the Mozilla Public License, that its own files stay open.
const GRANTED: [&str; 14] = [
    "0BSD",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MPL-2.0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// With what words begin that open a door. Put together here, so that this file is none of those found.
const SECRETS: [(&str, &str); 5] = [
    ("PRIVATE", " KEY-----"),
    ("AK", "IA"),
    ("gh", "p_"),
    ("xo", "xb-"),
    ("ey", "JhbGciOi"),
];

/// Characters of one of LINE's long-lived channel access tokens, at least.
const LONG_TOKEN: usize = 160;

fn run(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program)
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {said}");
    String::from_utf8(output.stdout).unwrap()
}

/// Everything that is linked on this machine, and what is only used to build and to test.
fn packages() -> Vec<Value> {
    let about = run("rustc", &["-vV"]);
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let arguments = [
        "metadata",
        "--locked",
        "--format-version",
        "1",
        "--filter-platform",
        host.unwrap(),
    ];
    let all: Value = serde_json::from_str(&run("cargo", &arguments)).unwrap();
    all["packages"].as_array().unwrap().clone()
}

/// Whether a licence expression leaves us one that is granted: any of what `OR` parts, all of what `AND` parts.
fn is_granted(expression: &str) -> bool {
    let expression = expression.replace(" / ", " OR ").replace('/', " OR ");
    let bare = |part: &str| part.trim_matches(['(', ')', ' ']).to_owned();
    let any = |part: &str| part.split(" OR ").any(|one| GRANTED.contains(&&*bare(one)));
    expression.split(" AND ").all(any)
}

#[test]
fn every_library_may_be_used_by_a_town() {
    let packages = packages();
    assert!(packages.len() > 300, "only {} packages", packages.len());
    for package in packages {
        let name = &package["name"];
        let licence = package["license"].as_str().unwrap_or("none");
        assert!(is_granted(licence), "{name} is under {licence}");
        let source = package["source"].as_str();
        let known = source.is_none_or(|source| source.starts_with("registry+"));
        assert!(known, "{name} comes from {source:?}");
    }
}

#[test]
fn licences_are_read_as_they_are_meant() {
    for granted in [
        "MIT",
        "MIT/Apache-2.0",
        "Apache-2.0 OR GPL-2.0-only",
        "(MIT OR GPL-3.0) AND Unicode-3.0",
    ] {
        assert!(is_granted(granted), "{granted}");
    }
    for refused in ["GPL-3.0-or-later", "MIT AND AGPL-3.0", "none", ""] {
        assert!(!is_granted(refused), "{refused}");
    }
}

/// Whether a line holds what opens a door.
fn is_secret(line: &str) -> bool {
    let begins = |(half, other): &(&str, &str)| line.contains(&format!("{half}{other}"));
    let of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '/');
    let token = |word: &str| word.len() >= LONG_TOKEN;
    SECRETS.iter().any(begins) || line.contains('=') && line.split(|c| !of_token(c)).any(token)
}

#[test]
fn no_secret_is_among_the_files() {
    let files = run("git", &["ls-files", "-z"]);
    let mut read = 0;
    for file in files.split('\0').filter(|file| !file.is_empty()) {
        let path = format!("{}/{file}", env!("CARGO_MANIFEST_DIR"));
        // Pictures and fonts hold no words; what was removed is not committed any more.
        let Ok(text) = std::fs::read_to_string(path) else {
            continue;
        };
        read += 1;
        let secret = text.lines().position(is_secret);
        assert_eq!(secret, None, "line {secret:?} (from 0) of {file}");
    }
    assert!(read > 500, "only {read} files");
    let token = format!("token={}=", "Ab3/".repeat(43));
    assert!(is_secret(&token), "it would not find a token");
}
