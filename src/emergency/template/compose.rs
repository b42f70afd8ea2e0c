//! From a template and what was filled in to the messages that residents receive.

use super::card;
use super::filling::{self, Values};
use super::model::{Filled, Kind, Said, Template, Tongue};
use super::phrase::{Phrase, Slot};
use super::phrases;
use super::wording::{self, Finding, Slip};
use crate::clock::{Instant, datetime_in_japan};
use crate::line::message::{MAX_ALT_TEXT, Message, Messages};
use crate::line::text::{fit, length};
use crate::mode::Mode;
use crate::policy::Profile;

/// Most UTF-16 units of places in a message, which may name them twice.
const ROOM: usize = 1500;
/// Most of them above it, where they would push what to do out of sight.
const ROOM_ABOVE: usize = 80;

/// What a message says besides what was filled in.
#[derive(Debug, Clone)]
pub struct About<'a> {
    /// The town, its site and its telephone; which sites are its own.
    pub profile: &'a Profile,
    /// For where it is.
    pub places: Where,
    /// When it is issued.
    pub now: Instant,
}

/// For where a message is. There is no default: nowhere is never everywhere.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// The whole town.
    WholeTown,
    /// These places, as residents call them.
    Places(Vec<String>),
}

/// What is said in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Spoken {
    pub(super) tongue: Tongue,
    /// 警戒レベル4 避難指示.
    pub(super) signal: String,
    /// Every place, as far as a message has room.
    pub(super) place: String,
    /// As many places as a notification shows beside signal and call.
    pub(super) short_place: String,
    /// What to do, in a few words.
    pub(super) call: String,
    /// The rest, paragraphs parted by a blank line.
    pub(super) body: String,
}

/// The messages: a card in Japanese, then a text in やさしい日本語 and one in English.
///
/// The card stands out by its colour, and its letters are large and grow with those of the phone. The texts say the
/// same and can be copied, passed on and translated, which a card cannot be.
///
/// # Errors
/// Everything that must be put right, field by field, then of the whole.
pub fn compose(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    about: &About<'_>,
) -> Result<Messages, Vec<Finding>> {
    let Worded {
        spoken,
        texts,
        notice,
        drill,
    } = worded(template, mode, filled, about)?;
    let buttons = card::buttons(template, filled, about);
    let messages = spoken
        .iter()
        .zip(texts)
        .map(|(said, text)| match said.tongue {
            Tongue::Japanese => {
                let colours = card::colours(template, drill);
                card::card(said, colours, drill, &notice, &buttons)
            }
            Tongue::Easy | Tongue::English => Message::text(text),
        });
    let messages: Result<Vec<Message>, _> = messages.collect();
    messages.and_then(Messages::new).map_err(|error| {
        vec![Finding::general(Slip::NoMessage {
            why: error.to_string(),
        })]
    })
}

/// The same words, each language as a text: for who sends no cards.
///
/// # Errors
/// As [`compose`].
pub fn texts(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    about: &About<'_>,
) -> Result<Vec<String>, Vec<Finding>> {
    Ok(worded(template, mode, filled, about)?.texts)
}

/// Everything that is said, judged.
struct Worded {
    spoken: Vec<Spoken>,
    texts: Vec<String>,
    notice: String,
    drill: bool,
}

fn worded(
    template: &Template,
    mode: Mode,
    filled: &Filled,
    about: &About<'_>,
) -> Result<Worded, Vec<Finding>> {
    let mut findings = Vec::new();
    let typed = template
        .fields
        .iter()
        .filter_map(|field| Some((field, filled.get(&field.key)?)));
    for (field, typed) in typed {
        let slips = wording::free(template, mode, field, typed);
        findings.extend(slips.into_iter().map(|slip| Finding::of(field, slip)));
    }
    let values = match filling::fill(template, filled, about) {
        Ok(values) if findings.is_empty() => values,
        Ok(_) => return Err(findings),
        Err(others) => {
            findings.splice(0..0, others);
            return Err(findings);
        }
    };
    let drill = mode == Mode::Drill || template.public_drill;
    let spoken =
        speak(template, values, about, drill).map_err(|slip| vec![Finding::general(slip)])?;
    let notice = notice(&spoken, drill);
    let slips = wording::composed(template, mode, &spoken, &notice, &about.profile.links);
    if !slips.is_empty() {
        return Err(slips.into_iter().map(Finding::general).collect());
    }
    let texts: Vec<String> = spoken.iter().map(|said| said.shown(drill)).collect();
    if drill {
        let unmarked = wording::unmarked(&texts, &notice);
        if !unmarked.is_empty() {
            return Err(unmarked.into_iter().map(Finding::general).collect());
        }
    }
    Ok(Worded {
        spoken,
        texts,
        notice,
        drill,
    })
}

/// What a notification says: signal, place and call first, for phones show no more than that.
fn notice(spoken: &[Spoken], drill: bool) -> String {
    let japanese = spoken.iter().find(|said| said.tongue == Tongue::Japanese);
    let said = japanese.map_or_else(String::new, |said| {
        format!("{}\n{}", said.head(drill), said.body)
    });
    fit(&said, MAX_ALT_TEXT)
}

/// What the template says in every language.
fn speak(
    template: &Template,
    mut values: Values,
    about: &About<'_>,
    drill: bool,
) -> Result<Vec<Spoken>, Slip> {
    if let Where::Places(names) = &about.places {
        if names.is_empty() {
            return Err(Slip::NoArea);
        }
        if let Some(sign) = names.iter().find_map(|name| wording::hidden(name)) {
            return Err(Slip::Hidden { sign });
        }
    }
    let operator = &about.profile.operator;
    let town = operator.municipality.as_str();
    let place = Said {
        ja: about.places.said(Tongue::Japanese, town),
        easy: about.places.said(Tongue::Easy, town),
        en: about.places.said(Tongue::English, town),
    };
    let issued = filling::hour(datetime_in_japan(about.now), about);
    values.put("town", None, filling::same(town));
    values.put("place", None, place.clone());
    values.put("issued", None, issued);
    values.put(
        "telephone",
        None,
        filling::same(&about.profile.inquiry.telephone),
    );
    let mut spoken = Vec::new();
    for (tongue, wording) in &template.wordings {
        let tongue = *tongue;
        let value = |slot: &Slot| values.get(slot, tongue);
        let whole = |phrase: &Phrase| phrase.say(value).ok_or(Slip::NoAction);
        let (signal, call) = (whole(&wording.signal)?, whole(&wording.call)?);
        let lines = wording.body.iter().filter_map(|phrase| phrase.say(value));
        let news = phrases::news(tongue, &operator.site);
        let head = head(&signal, "", &call, drill);
        // Notifications are in Japanese.
        let room = match tongue {
            Tongue::Japanese => wording::room_beside(&head),
            Tongue::Easy | Tongue::English => ROOM_ABOVE,
        };
        spoken.push(Spoken {
            tongue,
            short_place: about.places.short(tongue, town, room),
            place: place.in_tongue(tongue).to_owned(),
            body: format!("{}\n\n{news}", paragraphs(lines)),
            signal,
            call,
        });
    }
    Ok(spoken)
}

/// Lines without the blank ones that parted what was left out.
fn paragraphs(lines: impl Iterator<Item = String>) -> String {
    let mut said = String::new();
    let mut gap = false;
    for line in lines {
        if line.trim().is_empty() {
            gap = !said.is_empty();
            continue;
        }
        if !said.is_empty() {
            said.push_str(if gap { "\n\n" } else { "\n" });
        }
        said.push_str(&line);
        gap = false;
    }
    said
}

fn head(signal: &str, place: &str, call: &str, drill: bool) -> String {
    let mark = if drill { phrases::DRILL } else { "" };
    format!("{mark}【{signal}】{place}\u{3000}{call}")
}

impl Spoken {
    /// What a notification shows.
    fn head(&self, drill: bool) -> String {
        head(&self.signal, &self.short_place, &self.call, drill)
    }

    /// Everything, as a text.
    pub(super) fn text(&self) -> String {
        let Self {
            signal, call, body, ..
        } = self;
        format!("【{signal}】{}\n{call}\n\n{body}", self.place_above())
    }

    /// The places, as they stand above what to do.
    pub(super) fn place_above(&self) -> &str {
        match length(&self.place) > ROOM_ABOVE {
            true => &self.short_place,
            false => &self.place,
        }
    }

    /// As residents see it: of a drill, with its first and last line.
    fn shown(&self, drill: bool) -> String {
        match drill {
            false => self.text(),
            true => {
                let mark = phrases::drill(self.tongue);
                format!("{mark}\n{}\n{mark}", self.text())
            }
        }
    }
}

impl Where {
    /// Every name; of more than a message has room for, as many as fit, and how many there are besides. Whoever receives it
    /// is in one of them, named or not.
    fn said(&self, tongue: Tongue, town: &str) -> String {
        let Self::Places(names) = self else {
            return phrases::whole_town(tongue, town);
        };
        let whole = names.join(phrases::between(tongue));
        match length(&whole) > ROOM {
            false => whole,
            true => fewer(tongue, names, ROOM).unwrap_or_else(|| fit(&whole, ROOM)),
        }
    }

    /// The same in at most `room` UTF-16 units.
    fn short(&self, tongue: Tongue, town: &str, room: usize) -> String {
        let whole = self.said(tongue, town);
        let Self::Places(names) = self else {
            return fit(&whole, room);
        };
        let fits = |said: &String| length(said) <= room;
        let counted = (names.len() > 1).then(|| phrases::so_many(tongue, names.len()));
        std::iter::once(whole.clone())
            .chain(fewer(tongue, names, room))
            .chain(counted)
            .find(fits)
            .unwrap_or_else(|| fit(&whole, room))
    }
}

/// The most of `names` that fit beside the number of the others; none if not even the first does.
fn fewer(tongue: Tongue, names: &[String], room: usize) -> Option<String> {
    let between = phrases::between(tongue);
    let mut taken = 0;
    let fitting = (1..names.len()).take_while(|some| {
        taken += length(&names[some - 1]) + if *some > 1 { length(between) } else { 0 };
        let others = phrases::and_more(tongue, "", names.len() - some);
        taken + length(&others) <= room
    });
    let most = fitting.last()?;
    let named = names[..most].join(between);
    Some(phrases::and_more(tongue, &named, names.len() - most))
}

impl Template {
    /// What it would say filled with what is shown to who chooses it, without places of its own: for a list of templates.
    pub fn example(&self) -> Filled {
        let typed = self.fields.iter().filter_map(|field| {
            let typed = match &field.kind {
                Kind::Choice(choices) => choices.first()?.key.clone(),
                Kind::Time => "16:30".to_owned(),
                Kind::Number { least, .. } => least.to_string(),
                Kind::Text { .. } => "（ここに書きます）".to_owned(),
                Kind::River => "○○川".to_owned(),
                Kind::Facility { .. } => "○○小学校".to_owned(),
                Kind::Telephone => "0000-00-0000".to_owned(),
                Kind::Consent => super::CONSENT.to_owned(),
                Kind::Link => return None,
            };
            Some((field.key.clone(), typed))
        });
        Filled(typed.collect())
    }
}
