//! Forms found on pages, filled with the corpus and sent.

use std::collections::{BTreeMap, BTreeSet};

use kairan::table;
use thirtyfour::By;

use super::corpus::{WORDS, all};
use super::window::{Form, Window};
use super::{Walk, kind};
use crate::support::console::{Staff, leads_to};

/// What fields want that take no words as they come; `#` becomes a number never used before.
const VALID: [(&str, &str); 21] = [
    ("number", "N#"),
    ("mail", "n#@city.example.jp"),
    ("link", "https://www.city.example.jp/#"),
    ("id", "n#"),
    ("notify_at", "1か月前"),
    ("held_on", "2027-06-01"),
    ("born_from", "2026-12-01"),
    ("born_to", "2027-01-31"),
    ("window_start", ""),
    ("window_end", ""),
    ("areas", ""),
    ("rank", "7"),
    ("first", "2027-04-01"),
    ("from", "2026-12-01"),
    ("to", "2028-03-31"),
    ("day", "2027-03-31"),
    ("audience", "everyone"),
    ("send-date", ""),
    ("send-time", ""),
    ("until-date", "2026-12-01"),
    ("until-time", "18:00"),
];

/// Forms whose words are kept only after a passkey was shown; until then they are written back.
const PROVEN: [&str; 1] = ["POST /me/passkeys "];
/// Forms that keep no words: they compare what is written with what is known, or take a number.
const COMPARED: [&str; 5] = [
    "POST /login ",
    "POST /me/password ",
    "POST /audit/verify ",
    "POST /me/contact/telephone ",
    "POST /people/{id}/telephone ",
];

/// Words that were kept, by the kind of form and the field's name.
type Words = BTreeMap<String, BTreeSet<(String, String)>>;

/// What came of sending the forms.
#[derive(Default)]
pub struct Kept {
    pub words: Words,
    /// All that could be read where the forms stand, afterwards.
    pub read: String,
}

/// The fields of a form as somebody would send them, each that can with a word of the corpus and a mark
/// that tells it from the same word elsewhere. Choices take turns, so that some of them fit each other.
fn filled(form: &Form, turn: usize, mark: &str) -> Vec<(String, String, bool)> {
    let mut fields: Vec<(String, String, bool)> = Vec::new();
    for (at, field) in form.fields.iter().enumerate() {
        let valid = VALID.iter().find(|(name, _)| *name == field.name);
        let (value, words) = match (valid, field.kind.as_str()) {
            (Some((_, valid)), kind) if kind != "hidden" => {
                (valid.replace('#', &format!("{mark}-{turn}")), false)
            }
            (_, "checkbox" | "file") => continue,
            (_, "select-one") => {
                let choice = field.choices.get((turn + at) % field.choices.len().max(1));
                (choice.cloned().unwrap_or_default(), false)
            }
            (_, "radio") => {
                let of_it = form.fields.iter().filter(|other| other.name == field.name);
                let choices: Vec<_> = of_it.map(|other| &other.value).collect();
                (choices[turn % choices.len()].clone(), false)
            }
            _ if field.takes_words() => (format!("{}{mark}{at}", WORDS[turn]), true),
            _ => (field.value.clone(), false),
        };
        if !fields.iter().any(|(known, _, _)| *known == field.name) {
            fields.push((field.name.clone(), value, words));
        }
    }
    fields
}

/// Every form that takes words or files, with the page it stands on, by its kind.
async fn found(window: &Window, walk: &mut Walk) -> BTreeMap<String, (String, Form)> {
    let mut found = BTreeMap::new();
    walk.goes_on(window, |path, looked| {
        for form in &looked.forms {
            if form.takes_words() || form.files {
                let kind = format!("{} {}", form.method, kind(&form.action));
                let place = || (path.to_owned(), form.clone());
                found.entry(kind).or_insert_with(place);
            }
        }
    })
    .await;
    found
}

/// Sends every form in the browser with all words at once and with every field bent; then each word by
/// itself, so that it is kept.
pub async fn fill_every(
    window: &Window,
    walk: &mut Walk,
    mut staff: Staff,
    kept: &mut Kept,
) -> Staff {
    for (kind, (path, form)) in found(window, walk).await {
        if form.files {
            hand_in(window, &path, &form).await;
            continue;
        }
        for every in [false, true] {
            window.visit(&path).await;
            window.send(&form, &all(), every).await;
        }
        let known = [&PROVEN[..], &COMPARED].concat();
        if form.method == "GET" || known.iter().any(|known| kind.starts_with(known)) {
            continue;
        }
        // So many requests from one address would be too many.
        staff = staff.elsewhere();
        // As it stands now: others have gone before.
        let page = window.visit(&path).await;
        let form = page.forms.into_iter().find(|now| now.action == form.action);
        let form = form.unwrap_or_else(|| panic!("{kind} is gone from {path}"));
        if !form.takes_words() {
            // It asked until it was told, and the browser has told it.
            continue;
        }
        let (words, led_to) = send_each(&staff, &form, &format!("-{}-", kept.words.len())).await;
        kept.words.entry(kind).or_default().extend(words);
        for path in [path, led_to] {
            kept.read.push_str(&window.visit(&path).await.text);
        }
    }
    staff
}

/// Each word by itself; gives those that were kept, with the field's name, and where the last led.
async fn send_each(staff: &Staff, form: &Form, mark: &str) -> (Vec<(String, String)>, String) {
    let (mut kept, mut led_to) = (Vec::new(), "/".to_owned());
    for (turn, word) in WORDS.iter().enumerate() {
        let fields = filled(form, turn, mark);
        let sent = fields
            .iter()
            .map(|(name, value, _)| (name.as_str(), value.as_str()));
        let answer = staff.post(&form.action, &sent.collect::<Vec<_>>()).await;
        let status = answer.status();
        assert!(!status.is_server_error(), "{}: {}", form.action, word);
        if status == 303 {
            led_to = leads_to(&answer).to_owned();
            let words = fields.into_iter().filter(|(_, _, words)| *words);
            kept.extend(words.map(|(name, value, _)| (name, value)));
        }
    }
    (kept, led_to)
}

/// Hands in files with names and contents of all kinds through the page's own form.
async fn hand_in(window: &Window, path: &str, form: &Form) {
    let folder = tempfile::tempdir().unwrap();
    for word in [
        "<svg onload=ran=1>",
        "\"><i class=planted>",
        "' onclick=ran=1 '",
    ] {
        let file = folder.path().join(format!("{word}.csv"));
        let cells = WORDS.map(|word| [word, word, word, word, word]);
        std::fs::write(&file, table::csv(cells)).unwrap();
        window.visit(path).await;
        let chooser = window.browser.find(By::Css("input[type=file]")).await;
        let chosen = chooser.unwrap().send_keys(file.to_str().unwrap()).await;
        chosen.unwrap();
        window.send(form, word, false).await;
    }
}
