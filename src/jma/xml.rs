//! XML as a tree of names without their prefixes: what is not looked for is passed over, whatever is added to it later.

use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

/// Elements within each other beyond which it is no bulletin.
const DEEPEST: usize = 64;
/// Bytes beyond which it is no bulletin; the largest are some hundred thousand.
pub(super) const LARGEST: usize = 4 * 1024 * 1024;

/// An element.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    /// Reads a document. A document type is refused: it could make other words of ours.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn parse(xml: &str) -> Result<Self, String> {
        if xml.len() > LARGEST {
            return Err(format!(
                "it has {} bytes; bulletins have at most {LARGEST}",
                xml.len()
            ));
        }
        let mut reader = Reader::from_str(xml);
        let mut open = vec![Self::default()];
        loop {
            let event = reader.read_event().map_err(|error| error.to_string())?;
            let Some(current) = open.last_mut() else {
                return Err("more elements end than begin".to_owned());
            };
            match event {
                Event::Start(start) => {
                    if open.len() > DEEPEST {
                        return Err(format!(
                            "elements lie more than {DEEPEST} deep in each other"
                        ));
                    }
                    open.push(Self::begun(&start)?);
                }
                Event::Empty(start) => current.children.push(Self::begun(&start)?),
                Event::End(_) => {
                    let ended = open.pop().unwrap_or_default();
                    match open.last_mut() {
                        Some(parent) => parent.children.push(ended),
                        None => return Err("more elements end than begin".to_owned()),
                    }
                }
                Event::Text(text) => current.text.push_str(&text.xml10_content()),
                Event::CData(text) => current.text.push_str(&text.xml10_content()),
                Event::GeneralRef(name) => {
                    let letter = name.resolve_char_ref().map_err(|error| error.to_string())?;
                    match (letter, resolve_predefined_entity(&name)) {
                        (Some(letter), _) => current.text.push(letter),
                        (None, Some(text)) => current.text.push_str(text),
                        (None, None) => return Err(format!("`&{};` stands for nothing", &*name)),
                    }
                }
                Event::DocType(_) => return Err("it declares a document type".to_owned()),
                Event::Eof => break,
                Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
            }
        }
        let (Some(mut root), true) = (open.pop(), open.is_empty()) else {
            return Err("an element begins and never ends".to_owned());
        };
        match (root.children.pop(), root.children.is_empty()) {
            (Some(document), true) => Ok(document),
            _ => Err("it is no document of one element".to_owned()),
        }
    }

    fn begun(start: &BytesStart<'_>) -> Result<Self, String> {
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let value = attribute
                .normalized_value(XmlVersion::Implicit1_0)
                .map_err(|error| error.to_string())?;
            let name = attribute.key.local_name().into_inner().to_owned();
            attributes.push((name, value.into_owned()));
        }
        Ok(Self {
            name: start.local_name().into_inner().to_owned(),
            attributes,
            ..Self::default()
        })
    }

    /// The elements of this name right in it.
    pub(super) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element along `path`, names parted by slashes.
    pub(super) fn at(&self, path: &str) -> Option<&Self> {
        let mut steps = path.split('/');
        steps.try_fold(self, |element, step| {
            element.children.iter().find(|child| child.name == step)
        })
    }

    /// The words at `path`, without blanks around them; none when there are none.
    pub(super) fn words(&self, path: &str) -> Option<&str> {
        let words = self.at(path)?.text.trim();
        (!words.is_empty()).then_some(words)
    }

    /// An attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(other, _)| other == name);
        found.map(|(_, value)| value.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_prefix_and_words_their_marks() {
        let read = Element::parse(
            "<?xml version=\"1.0\"?><!-- x --><a:r><b t='1 &amp; 2'> x&lt;&#x3042;<![CDATA[<y>]]> </b><c/><c/></a:r>",
        );
        let root = read.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(root.name, "r");
        assert_eq!(root.words("b"), Some("x<あ<y>"));
        assert_eq!(root.at("b").and_then(|b| b.attribute("t")), Some("1 & 2"));
        assert_eq!(root.all("c").count(), 2);
        assert_eq!((root.words("c"), root.words("d/e")), (None, None));
    }

    #[test]
    fn what_is_no_document_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
        for xml in [
            "",
            "words",
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "<a>&x;</a>",
            &deep,
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>",
        ] {
            assert!(Element::parse(xml).is_err(), "{xml}");
        }
    }
}
