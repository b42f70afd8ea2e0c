//! What a template is made of.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::phrase::Phrase;
use crate::evacuation::Level;

/// A wording that was agreed to beforehand, with places to fill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template {
    /// By what staff and programs call it: `EV4`.
    pub code: String,
    /// The first twelve hexadecimal digits of its text's SHA-256.
    pub version: String,
    /// How staff know it.
    pub name: String,
    /// What happens: under what it is looked for.
    pub topic: Topic,
    /// How grave it is: the colour of its head.
    pub severity: Severity,
    /// What a drafter fills in, in the order asked for.
    pub fields: Vec<Field>,
    /// What it changes for the areas it is sent to, whatever is filled in; see [`Template::effect_of`].
    pub effect: Option<Effect>,
    /// The template that lifts or corrects it; none for those that lift or correct others.
    pub answers: Option<String>,
    /// A drill that residents receive: sent live, and marked as a drill all the same.
    pub public_drill: bool,
    /// The template that announces it, which goes out the day before.
    pub announced_by: Option<String>,
    /// The names of the sections that may begin it; every section, if it names none.
    pub sections: Vec<String>,
    /// It may say 訓練 where drills are not: it announces, ends or takes back one.
    pub speaks_of_drills: bool,
    /// Tsunami and earthquakes have no alert level (警戒レベル).
    pub unlevelled: bool,
    /// Whom it usually is for.
    pub reach: Reach,
    /// Minutes after which it is not sent to anybody any more.
    pub minutes: Option<u32>,
    /// From this day on somebody should have read it again.
    pub review: NaiveDate,
    /// What it says in each of [`Tongue::ALL`].
    pub(super) wordings: BTreeMap<Tongue, Wording>,
}

/// What happens, as whoever was woken thinks of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Topic {
    /// People have to leave, and where they can go.
    Evacuation,
    /// An earthquake, a tsunami.
    Earthquake,
    /// Rain, snow, wind, heat.
    Weather,
    /// Water, power, gas, roads, the town's own services.
    Living,
    /// Crime, fire, infection, people who are missing, attacks.
    Safety,
    /// A drill.
    Drill,
    /// It is over, or was wrong.
    Over,
}

/// How grave it is, the gravest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Lives are in danger.
    Danger,
    /// They may be before long.
    Warning,
    /// It is over, or a matter of comfort.
    Info,
}

/// Whom a template usually is for. Who fills it in still chooses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Everybody.
    WholeTown,
    /// Some areas.
    Areas,
}

/// What sending a template changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Evacuation information is in force from then on.
    Evacuation(Level),
    /// None is in force any more.
    Lift,
    /// In a correction: what the mistake ordered never was, what it ended is in force again, and the rest goes on.
    Withdraw,
}

impl Effect {
    /// Those that can be put on record by hand, the mildest order first.
    pub const BY_HAND: [Self; 5] = [
        Self::Evacuation(Level::Three),
        Self::Evacuation(Level::Four),
        Self::Evacuation(Level::Five),
        Self::Evacuation(Level::Order),
        Self::Lift,
    ];

    /// Its name in the database and in forms.
    pub fn code(self) -> &'static str {
        match self {
            Self::Evacuation(level) => level.code(),
            Self::Lift => "lift",
            Self::Withdraw => "withdraw",
        }
    }

    /// The one of them of that [`Effect::code`].
    pub fn of_code(code: &str) -> Option<Self> {
        Self::BY_HAND
            .into_iter()
            .find(|effect| effect.code() == code)
    }
}

/// A language a template speaks, in the order of bubbles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tongue {
    /// 日本語.
    Japanese,
    /// やさしい日本語.
    Easy,
    /// English.
    English,
}

/// What a template says in one language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wording {
    /// The alarm word: 警戒レベル4 避難指示.
    pub(super) signal: Phrase,
    /// What to do, in a few words.
    pub(super) call: Phrase,
    /// The rest. A line with a place that nothing fills is left out.
    pub(super) body: Vec<Phrase>,
}

/// Something to fill in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Field {
    /// Its key in [`Filled`].
    pub key: String,
    /// How the form calls it.
    pub label: String,
    /// What somebody who fills it in at night needs to know.
    pub hint: String,
    /// Whether it must be filled in.
    pub required: bool,
    /// What it takes.
    pub kind: Kind,
    /// What is said while it is not filled in; without it, nothing.
    pub unfilled: Option<Said>,
    /// A consent without which it may not be filled in.
    pub needs: Option<String>,
}

/// What a field takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A moment by Japan's clock: `16:30` today, or `2026-11-22 16:30`.
    Time,
    /// Words on one line, read in Japanese only.
    Text {
        /// Most UTF-16 units.
        most: usize,
        /// Not down to the house number.
        coarse: bool,
    },
    /// A whole number.
    Number {
        /// The least.
        least: u32,
        /// The greatest.
        most: u32,
    },
    /// One of a list.
    Choice(Vec<Choice>),
    /// A river's name.
    River,
    /// Names of buildings and places.
    Facility {
        /// Most UTF-16 units.
        most: usize,
    },
    /// A telephone number.
    Telephone,
    /// An address of the municipality's site, or of another's under `.lg.jp`.
    Link,
    /// That somebody agreed and that it is on record: [`CONSENT`], or nothing.
    Consent,
}

/// What a consent is filled in with.
pub const CONSENT: &str = "yes";

/// One of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is filled in.
    pub key: String,
    /// How it is called.
    pub name: Said,
    /// What it makes the template say elsewhere, by word.
    pub(super) words: BTreeMap<String, Said>,
    /// What choosing it changes.
    pub effect: Option<Effect>,
}

/// The same in every language.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// 日本語.
    pub ja: String,
    /// やさしい日本語.
    pub easy: String,
    /// English.
    pub en: String,
}

/// What was typed, by the key of its field. Nothing typed is the same as no entry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Filled(pub BTreeMap<String, String>);

impl Template {
    /// The field with this key.
    pub fn field(&self, key: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.key == key)
    }

    /// All that it may change, in one way of filling it in or another.
    fn effects(&self) -> impl Iterator<Item = Effect> {
        let chosen = self.fields.iter().flat_map(|field| match &field.kind {
            Kind::Choice(choices) => choices.as_slice(),
            _ => &[],
        });
        self.effect
            .into_iter()
            .chain(chosen.filter_map(|choice| choice.effect))
    }

    /// Whether sending it may change which orders are in force.
    pub fn changes_orders(&self) -> bool {
        self.effects().next().is_some()
    }

    /// Whether it says that a danger is over, or never was.
    pub fn ends_danger(&self) -> bool {
        let ends = |effect| matches!(effect, Effect::Lift | Effect::Withdraw);
        self.effects().any(ends)
    }

    /// What it changes for the areas it is sent to, filled in like this.
    pub fn effect_of(&self, filled: &Filled) -> Option<Effect> {
        let mut chosen = self.fields.iter().filter_map(|field| match &field.kind {
            Kind::Choice(choices) => choices
                .iter()
                .find(|choice| filled.get(&field.key) == Some(choice.key.as_str())),
            _ => None,
        });
        self.effect
            .or_else(|| chosen.find_map(|choice| choice.effect))
    }

    /// The alert level (警戒レベル) that it announces by itself; it speaks of no other.
    pub fn level(&self) -> Option<u32> {
        match self.effect? {
            Effect::Evacuation(Level::Three) => Some(3),
            Effect::Evacuation(Level::Four) => Some(4),
            Effect::Evacuation(Level::Five) => Some(5),
            Effect::Evacuation(Level::Order) | Effect::Lift | Effect::Withdraw => None,
        }
    }
}

impl Filled {
    /// What was typed for `key`, without blanks around it; none if nothing was.
    pub fn get(&self, key: &str) -> Option<&str> {
        let typed = self.0.get(key)?.trim();
        (!typed.is_empty()).then_some(typed)
    }
}

impl Tongue {
    /// All of them, in the order of bubbles.
    pub const ALL: [Self; 3] = [Self::Japanese, Self::Easy, Self::English];

    /// Its code, as in `languages/`.
    pub fn code(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::Easy => "ja-Hira",
            Self::English => "en",
        }
    }
}

impl Said {
    /// In one language.
    pub fn in_tongue(&self, tongue: Tongue) -> &str {
        match tongue {
            Tongue::Japanese => &self.ja,
            Tongue::Easy => &self.easy,
            Tongue::English => &self.en,
        }
    }
}

impl Topic {
    /// All of them, in the order in which somebody looks for one.
    pub const ALL: [Self; 7] = [
        Self::Evacuation,
        Self::Earthquake,
        Self::Weather,
        Self::Living,
        Self::Safety,
        Self::Drill,
        Self::Over,
    ];
}

impl Severity {
    /// Its name in files.
    pub fn code(self) -> &'static str {
        match self {
            Self::Danger => "danger",
            Self::Warning => "warning",
            Self::Info => "info",
        }
    }
}
