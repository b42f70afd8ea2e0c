//! What a resident reads around an answer.

use super::model::Entry;
use crate::language::Language;

/// The answer, where to read more, and for those who read another language that it is Japanese.
pub fn answer(entry: &Entry, language: Language) -> String {
    let mut lines = vec![entry.answer.clone()];
    if let Some(link) = &entry.link {
        lines.push(language.say("faq-more", &[("link", link.as_str().into())]));
    }
    if language != Language::japanese() {
        lines.push(language.say("faq-in-japanese", &[]));
    }
    lines.join("\n\n")
}
