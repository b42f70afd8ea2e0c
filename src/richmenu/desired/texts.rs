//! Texts in several languages: one that nobody will ever read is a misspelling.

use super::desk::Desk;
use crate::language::Language;
use crate::richmenu::file::Texts;

impl Desk<'_, '_> {
    /// Each text is there in Japanese, and in no language that residents cannot choose.
    pub(super) fn check_texts(&mut self) {
        let file = self.file;
        let cells = file.cells.value.values().map(|cell| &cell.value);
        let whole = [&file.chat_bar]
            .into_iter()
            .chain(&file.title)
            .chain(file.tab.iter().map(|tab| &tab.label))
            .chain(cells.clone().map(|cell| &cell.label))
            .chain(cells.clone().filter_map(|cell| cell.note.as_ref()));
        // A label is short enough in one language and not in another.
        let short = file.tab.iter().filter_map(|tab| tab.large.as_ref());
        let short = short.chain(cells.filter_map(|cell| cell.large.as_ref()));
        for texts in whole.clone().chain(short) {
            self.check_languages(texts);
        }
        let japanese = Language::japanese().code();
        for texts in whole {
            let given = texts.value.get(japanese).map_or("", String::as_str);
            if given.trim().is_empty() {
                let reason = format!("the Japanese text, `{japanese}`, is missing");
                self.fault(texts.referenced, reason);
            }
        }
    }

    fn check_languages(&mut self, texts: &Texts) {
        let known: Vec<&str> = Language::all().map(Language::code).collect();
        for code in texts.value.keys() {
            if !known.contains(&code.as_str()) {
                let known = known.join(", ");
                self.fault(
                    texts.referenced,
                    format!("`{code}` is no language that residents can choose; there are {known}"),
                );
            }
        }
    }
}
