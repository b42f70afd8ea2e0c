//! Every sentence about garbage that a resident reads. The words are in `languages/*/garbage.ftl`.

use chrono::NaiveDate;

use crate::language::Language;

use super::dictionary::Item;
use super::model::{Category, Collection};

/// What is collected today.
pub fn today(language: Language, day: NaiveDate, collected: &[Collection<'_>]) -> String {
    on_day(
        language,
        ["garbage-today", "garbage-today-none"],
        day,
        collected,
    )
}

/// What is collected tomorrow.
pub fn tomorrow(language: Language, day: NaiveDate, collected: &[Collection<'_>]) -> String {
    on_day(
        language,
        ["garbage-tomorrow", "garbage-tomorrow-none"],
        day,
        collected,
    )
}

/// What is collected on some other day.
pub fn on(language: Language, day: NaiveDate, collected: &[Collection<'_>]) -> String {
    on_day(language, ["garbage-on", "garbage-on-none"], day, collected)
}

/// What is collected in the week to come, a day a line; `collected` is in order of days.
pub fn week(language: Language, collected: &[Collection<'_>]) -> String {
    if collected.is_empty() {
        return language.say("garbage-week-none", &[]);
    }
    let mut text = language.say("garbage-week", &[]);
    for of_day in collected.chunk_by(|a, b| a.date == b.date) {
        let line = [
            ("date", language.date(of_day[0].date).into()),
            ("categories", names(language, of_day).into()),
        ];
        text.push('\n');
        text.push_str(&language.say("garbage-week-line", &line));
    }
    text
}

/// When a category is collected next.
pub fn next(language: Language, category: &Category, day: Option<NaiveDate>) -> String {
    let name = category.name(language).to_owned();
    match day {
        Some(day) => {
            let values = [
                ("category", name.into()),
                ("date", language.date(day).into()),
            ];
            language.say("garbage-next", &values)
        }
        None => language.say("garbage-next-none", &[("category", name.into())]),
    }
}

/// Asks which of several categories was meant; they are offered beside it.
pub fn which_category(language: Language) -> String {
    language.say("garbage-which-category", &[])
}

/// What the town remarks on a collection, word for word.
pub fn remark(language: Language, category: &Category, remark: &str) -> String {
    let values = [
        ("category", category.name(language).to_owned().into()),
        ("remark", remark.to_owned().into()),
    ];
    language.say("garbage-remark", &values)
}

/// There is no calendar for this area.
pub fn no_calendar(language: Language) -> String {
    language.say("garbage-no-calendar", &[])
}

/// How to sort the thing asked for: a paragraph for every line the dictionary has of it. `categories`
/// lend their names in other languages; labels that are none stay as the town writes them.
pub fn sorting(language: Language, found: &[Item], categories: &[Category]) -> String {
    let paragraph = |item: &Item| {
        let category = categories
            .iter()
            .find(|category| category.label == item.label);
        let label = category.map_or(item.label.as_str(), |category| category.name(language));
        let values = [
            ("item", item.name.clone().into()),
            ("label", label.to_owned().into()),
        ];
        let mut text = language.say("garbage-sorting", &values);
        if let Some(notice) = &item.notice {
            text.push('\n');
            text.push_str(notice);
        }
        text
    };
    found.iter().map(paragraph).collect::<Vec<_>>().join("\n\n")
}

/// Nothing is called so, but these are near; they are offered beside it.
pub fn near_misses(language: Language, asked: &str) -> String {
    language.say("garbage-near", &[("asked", asked.to_owned().into())])
}

/// The dictionary does not know the thing.
pub fn not_in_dictionary(language: Language, asked: &str) -> String {
    language.say("garbage-unknown", &[("asked", asked.to_owned().into())])
}

fn on_day(
    language: Language,
    [some, none]: [&str; 2],
    day: NaiveDate,
    collected: &[Collection<'_>],
) -> String {
    let date = language.date(day).into();
    if collected.is_empty() {
        return language.say(none, &[("date", date)]);
    }
    let categories = names(language, collected).into();
    language.say(some, &[("date", date), ("categories", categories)])
}

/// What is collected, name by name: 「燃えるごみ、プラスチック」.
pub fn names(language: Language, collected: &[Collection<'_>]) -> String {
    let names: Vec<&str> = collected
        .iter()
        .map(|c| c.category.name(language))
        .collect();
    names.join(&language.say("garbage-and", &[]))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn in_every_language(say: impl Fn(Language) -> String) -> Vec<String> {
        ["ja", "ja-Hira", "en"]
            .map(|code| say(Language::parse(code).unwrap()))
            .into()
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plastic() -> Category {
        Category {
            label: "プラスチック".into(),
            names: [("en".to_owned(), "Plastic".to_owned())].into(),
            ..Category::default()
        }
    }

    fn burnable() -> Category {
        Category {
            label: "燃えるごみ".into(),
            ..Category::default()
        }
    }

    #[test]
    fn days_are_named_as_residents_name_them() {
        let named = in_every_language(|language| language.date(day("2026-11-24")));
        assert_eq!(named, ["11月24日(火)", "11月24日(火)", "Tue, 24 Nov"]);
    }

    #[test]
    fn tomorrow_is_told_with_date_and_names() {
        let (plastic, burnable) = (plastic(), burnable());
        let date = day("2026-11-24");
        let collected = [&burnable, &plastic].map(|category| Collection { date, category });
        assert_eq!(
            in_every_language(|language| tomorrow(language, date, &collected)),
            [
                "明日11月24日(火)は、燃えるごみ、プラスチックの収集日です。",
                "あした 11月24日(火)は、燃えるごみ、プラスチックの 日です。",
                "Tomorrow, Tue, 24 Nov: 燃えるごみ, Plastic.",
            ]
        );
        assert_eq!(
            in_every_language(|language| tomorrow(language, date, &[])),
            [
                "明日11月24日(火)は、ごみの収集はありません。",
                "あした 11月24日(火)は、ごみを 集(あつ)めません。",
                "Nothing is collected tomorrow, Tue, 24 Nov.",
            ]
        );
    }

    #[test]
    fn a_week_has_a_line_a_day() {
        let (plastic, burnable) = (plastic(), burnable());
        let collected = [
            Collection {
                date: day("2026-11-24"),
                category: &burnable,
            },
            Collection {
                date: day("2026-11-24"),
                category: &plastic,
            },
            Collection {
                date: day("2026-11-27"),
                category: &burnable,
            },
        ];
        assert_eq!(
            week(Language::japanese(), &collected),
            "これから1週間の収集日です。\n11月24日(火) 燃えるごみ、プラスチック\n11月27日(金) 燃えるごみ"
        );
    }

    #[test]
    fn every_sentence_is_there_in_every_language() {
        let item = Item {
            label: "プラスチック".into(),
            name: "カップ".into(),
            notice: Some("すすぐ。".into()),
            furigana: None,
        };
        let said: Vec<String> = in_every_language(|language| {
            let plastic = plastic();
            let date = day("2026-11-24");
            let collected = [Collection {
                date,
                category: &plastic,
            }];
            [
                today(language, date, &collected),
                today(language, date, &[]),
                on(language, date, &collected),
                on(language, date, &[]),
                week(language, &[]),
                next(language, &plastic, Some(date)),
                next(language, &plastic, None),
                which_category(language),
                remark(language, &plastic, "雨の日も。"),
                no_calendar(language),
                sorting(
                    language,
                    std::slice::from_ref(&item),
                    std::slice::from_ref(&plastic),
                ),
                near_misses(language, "かっぷ"),
                not_in_dictionary(language, "かっぷ"),
            ]
            .join("\n")
        });
        assert!(
            said.iter().all(|text| !text.contains("garbage-")),
            "{said:#?}"
        );
        assert_ne!(said[0], said[1]);
        assert_ne!(said[0], said[2]);
        assert!(said[2].contains("Plastic") && said[2].contains("すすぐ。"));
    }
}
