//! Addresses written out in words.

/// Where a Japanese sentence goes on after an address.
fn ends_address(c: char) -> bool {
    c.is_whitespace()
        || !c.is_ascii()
        || matches!(c, '<' | '>' | '"' | '`' | '{' | '}' | '|' | '\\' | '^')
}

/// The addresses that begin with `http://` or `https://`, as they stand. An address ends where LINE's app
/// ends it: at a blank or the first letter that is none of ASCII; and before punctuation of a sentence.
pub fn written(words: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut rest = words;
    // Phones open HTTPS:// as well; letters of ASCII keep their places in small ones.
    let begins = |words: &str| {
        let small = words.to_ascii_lowercase();
        let schemes = ["https://", "http://"].into_iter();
        schemes.filter_map(|scheme| small.find(scheme)).min()
    };
    while let Some(at) = begins(rest) {
        let tail = &rest[at..];
        let end = tail.find(ends_address).unwrap_or(tail.len());
        found.push(without_punctuation(&tail[..end]));
        rest = &tail[end..];
    }
    found
}

/// `words` with every address blanked out, so that what is looked for in sentences is not found in them.
/// Letters keep their places, counted in characters.
pub fn blanked(words: &str) -> String {
    let mut blanked = words.to_owned();
    for link in written(words) {
        blanked = blanked.replacen(link, &" ".repeat(link.chars().count()), 1);
    }
    blanked
}

fn without_punctuation(link: &str) -> &str {
    let mut link = link.trim_end_matches(['.', ',', ';', ':', '!', '?', '\'']);
    // A bracket that was opened before the address closes behind it.
    while link.ends_with(')') && link.matches(')').count() > link.matches('(').count() {
        link = &link[..link.len() - 1];
    }
    link
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_ends_where_the_sentence_goes_on() {
        for (words, links) in [
            (
                "詳しくは https://www.city.example.jp/a をご覧ください",
                vec!["https://www.city.example.jp/a"],
            ),
            (
                "詳しくはhttps://www.city.example.jp/a?b=c&d#eをご覧ください。",
                vec!["https://www.city.example.jp/a?b=c&d#e"],
            ),
            (
                "（https://www.city.example.jp/）",
                vec!["https://www.city.example.jp/"],
            ),
            (
                "(see https://www.city.example.jp/a_(b)).",
                vec!["https://www.city.example.jp/a_(b)"],
            ),
            (
                "http://a.example\nhttps://b.example",
                vec!["http://a.example", "https://b.example"],
            ),
            (
                "HTTPS://www.City.example.jp/をご覧ください",
                vec!["HTTPS://www.City.example.jp/"],
            ),
            ("http は書き方です", vec![]),
            ("", vec![]),
        ] {
            assert_eq!(written(words), links, "{words}");
            assert!(!blanked(words).contains("://"), "{words}");
            assert_eq!(blanked(words).chars().count(), words.chars().count());
        }
    }
}
