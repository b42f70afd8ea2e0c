//! What residents ask often, and what they are answered.

pub(in crate::console) mod edit;
pub(in crate::console) mod files;
pub(in crate::console) mod rehearsal;
pub(in crate::console) mod words;

use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

use crate::console::{Desk, Visitor};
use crate::faq::{self, Held};
use crate::text::fold;
use crate::web::{Choice, Frame, Page, Pages, Refusal};

/// Entries on a page.
const PAGE: u64 = 20;
/// Letters of an answer shown in the list.
const EXCERPT: usize = 60;
/// What the filter calls entries without a category.
const NO_CATEGORY: &str = "-";

/// What is looked for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Sought {
    #[serde(default)]
    q: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    page: u64,
}

#[derive(Template)]
#[template(path = "answers/list.html")]
pub(in crate::console) struct List {
    frame: Frame,
    tab: &'static str,
    sought: Sought,
    categories: Vec<Choice>,
    total: u64,
    found: u64,
    shelves: Vec<(String, Vec<Shown>)>,
    pages: Pages,
    here: String,
}

struct Shown {
    id: i64,
    question: String,
    excerpt: String,
    synonyms: String,
    has_link: bool,
    first: bool,
    last: bool,
}

/// `GET /answers`.
pub(in crate::console) async fn list(
    visitor: Visitor,
    desk: Data<Desk>,
    sought: Query<Sought>,
) -> Result<Page<List>, Refusal> {
    let sought = sought.into_inner();
    let shelves = faq::by_category(faq::all(&desk.db).await?);
    let total = shelves.iter().map(|(_, held)| held.len() as u64).sum();
    let categories = shelves.iter().map(|(name, held)| {
        let value = name.as_deref().unwrap_or(NO_CATEGORY);
        Choice::new(
            value,
            format!("{}（{}件）", heading(name.as_ref()), held.len()),
        )
    });
    let categories = categories.collect();
    let mut found: Vec<(String, Shown)> = Vec::new();
    for (name, held) in &shelves {
        let wanted = name.as_deref().unwrap_or(NO_CATEGORY) == sought.category;
        if !sought.category.is_empty() && !wanted {
            continue;
        }
        for (at, entry) in held.iter().enumerate() {
            if sought.finds(entry) {
                let shown = Shown::of(entry, at == 0, at + 1 == held.len());
                found.push((heading(name.as_ref()), shown));
            }
        }
    }
    let base = sought.path();
    let count = found.len() as u64;
    let pages = Pages::new(sought.page, count, PAGE, base.as_str());
    let here = match pages.this {
        1 => base,
        page => format!(
            "{base}{}page={page}",
            if base.contains('?') { '&' } else { '?' }
        ),
    };
    let from = usize::try_from((pages.this - 1) * PAGE).unwrap_or(0);
    let mut shelves: Vec<(String, Vec<Shown>)> = Vec::new();
    for (name, shown) in found.into_iter().skip(from).take(PAGE as usize) {
        match shelves.last_mut().filter(|(last, _)| *last == name) {
            Some((_, shelf)) => shelf.push(shown),
            None => shelves.push((name, vec![shown])),
        }
    }
    Ok(Page(List {
        frame: visitor.frame("よくある質問"),
        tab: "list",
        sought,
        categories,
        total,
        found: count,
        shelves,
        pages,
        here,
    }))
}

impl Sought {
    /// Every word stands somewhere in the entry, whatever its width and kana.
    fn finds(&self, held: &Held) -> bool {
        let entry = &held.entry;
        let text = fold(&format!(
            "{} {} {}",
            entry.question,
            entry.answer,
            entry.synonyms.join(" ")
        ));
        self.q
            .split_whitespace()
            .all(|word| text.contains(&fold(word)))
    }

    /// The list's address with what is sought.
    fn path(&self) -> String {
        let given = [("q", &self.q), ("category", &self.category)];
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(given.into_iter().filter(|(_, value)| !value.is_empty()))
            .finish();
        match query.is_empty() {
            true => "/answers".to_owned(),
            false => format!("/answers?{query}"),
        }
    }
}

impl Shown {
    fn of(held: &Held, first: bool, last: bool) -> Self {
        let entry = &held.entry;
        let mut excerpt: String = entry.answer.chars().take(EXCERPT).collect();
        if entry.answer.chars().count() > EXCERPT {
            excerpt.push('…');
        }
        Self {
            id: entry.id.0,
            question: entry.question.clone(),
            excerpt,
            synonyms: entry.synonyms.join("・"),
            has_link: entry.link.is_some(),
            first,
            last,
        }
    }
}

fn heading(category: Option<&String>) -> String {
    category.cloned().unwrap_or_else(|| "分類なし".to_owned())
}
