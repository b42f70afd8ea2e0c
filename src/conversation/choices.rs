//! Rows of buttons under a message: at most thirteen, with a way to the rest.

use super::intent::Intent;
use crate::language::Language;
use crate::line::message::{Action, MessageError, QuickReplies};
use crate::line::text::{fit, length};

use super::phrases;

/// LINE's limit on quick replies.
const MOST: usize = 13;
/// LINE's limit on a quick reply's label.
const LABEL: usize = 20;

/// A button that means `intent`; its label is shortened to fit, and shown whole as the tapper's words.
pub(super) fn button(label: &str, intent: &Intent) -> Result<Action, MessageError> {
    Action::postback(fit(label, LABEL), intent.to_string())?.display_text(label)
}

/// A fixed row of buttons.
pub(super) fn row(buttons: Vec<Action>) -> Result<QuickReplies, MessageError> {
    QuickReplies::new(buttons)
}

/// A question and its buttons. Labels too long for a button stand in the question, whole and numbered:
/// names and questions often differ only at their end.
pub(super) fn listed(
    question: String,
    many: Vec<(String, Intent)>,
) -> (String, Vec<(String, Intent)>) {
    if many.iter().all(|(label, _)| length(label) <= LABEL) {
        return (question, many);
    }
    let numbered: Vec<(String, Intent)> = many
        .into_iter()
        .enumerate()
        .map(|(n, (label, intent))| (format!("{} {label}", n + 1), intent))
        .collect();
    let list: Vec<&str> = numbered.iter().map(|(label, _)| label.as_str()).collect();
    (format!("{question}\n\n{}", list.join("\n")), numbered)
}

/// One page of many buttons.
pub(super) struct Page<'a> {
    /// The buttons of this page.
    pub(super) shown: &'a [(String, Intent)],
    /// Which page follows, if one does.
    pub(super) next: Option<usize>,
}

impl<'a> Page<'a> {
    /// Page `number`, or the last there is, with room for so many further buttons.
    pub(super) fn of(many: &'a [(String, Intent)], number: usize, further: usize) -> Self {
        let room = MOST.saturating_sub(further);
        if many.len() <= room {
            return Self {
                shown: many,
                next: None,
            };
        }
        let size = room.saturating_sub(1).max(1);
        let pages: Vec<_> = many.chunks(size).collect();
        let number = number.min(pages.len() - 1);
        Self {
            shown: pages.get(number).copied().unwrap_or_default(),
            next: (number + 1 < pages.len()).then_some(number + 1),
        }
    }

    /// The buttons, a way to the next page where there is one, and `always`.
    pub(super) fn row(
        &self,
        language: Language,
        next: impl FnOnce(usize) -> Intent,
        always: Vec<Action>,
    ) -> Result<QuickReplies, MessageError> {
        let shown = self
            .shown
            .iter()
            .map(|(label, intent)| button(label, intent));
        let mut buttons: Vec<Action> = shown.collect::<Result<_, _>>()?;
        if let Some(number) = self.next {
            buttons.push(button(&phrases::next_page(language), &next(number))?);
        }
        buttons.extend(always);
        QuickReplies::new(buttons)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(count: usize, number: usize) -> Vec<String> {
        let many: Vec<_> = (0..count)
            .map(|n| (n.to_string(), Intent::Sort(n.to_string())))
            .collect();
        let always = vec![button("back", &Intent::Back).unwrap_or_else(|e| panic!("{e}"))];
        let page = Page::of(&many, number, always.len());
        let row = page.row(
            Language::japanese(),
            |n| Intent::Sort(format!("p{n}")),
            always,
        );
        let json = serde_json::to_value(row.unwrap_or_else(|e| panic!("{e}"))).unwrap_or_default();
        let items = json["items"].as_array().cloned().unwrap_or_default();
        items
            .iter()
            .map(|i| i["action"]["data"].as_str().unwrap_or_default().to_owned())
            .collect()
    }

    #[test]
    fn every_one_of_many_is_on_some_page_and_no_page_overflows() {
        for count in [0, 1, 12, 13, 14, 100, 1100] {
            let mut seen = Vec::new();
            let mut number = 0;
            loop {
                let page = labels(count, number);
                assert!(page.len() <= 13, "{count} on page {number}");
                assert_eq!(page.last().map(String::as_str), Some("1/back"));
                seen.extend(
                    page.iter()
                        .filter(|d| !d.starts_with("1/sort/p"))
                        .filter(|d| *d != "1/back")
                        .cloned(),
                );
                let next = format!("1/sort/p{}", number + 1);
                if !page.contains(&next) {
                    break;
                }
                number += 1;
            }
            let all: Vec<_> = (0..count).map(|n| format!("1/sort/{n}")).collect();
            assert_eq!(seen, all);
        }
    }

    #[test]
    fn a_page_that_is_not_there_is_the_last() {
        assert_eq!(labels(30, 999), labels(30, 2));
    }
}
