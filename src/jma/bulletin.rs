//! What a bulletin says, of one municipality.

use serde::{Deserialize, Serialize};

use crate::clock::Instant;

/// A bulletin (電文).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bulletin {
    /// SHA-256 of the telegram, lower-case hexadecimal: the same telegram is the same bulletin, wherever it came from.
    pub id: String,
    /// What it is called: 震源・震度に関する情報.
    pub title: String,
    /// Whether it is meant.
    pub status: Status,
    /// What it does to others of its event.
    pub info: InfoType,
    /// Who issued it.
    pub office: String,
    /// What joins bulletins about the same; empty where weather warnings have none.
    pub event: String,
    /// Its number within the event, if it has one.
    pub serial: Option<u32>,
    /// When it was issued.
    pub reported_at: Instant,
    /// What it says in a sentence.
    pub headline: String,
    /// What it says of the municipality.
    pub facts: Facts,
}

/// Whether a bulletin is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// 通常.
    Actual,
    /// 訓練: residents must never hear of it.
    Exercise,
    /// 試験: nor of this.
    Test,
}

/// What a bulletin does to others of its event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum InfoType {
    /// 発表.
    Issued,
    /// 訂正.
    Corrected,
    /// 取消: what was said is withdrawn.
    Cancelled,
}

/// What a bulletin says of the municipality.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Facts {
    /// An earthquake.
    Earthquake(Earthquake),
    /// The gravest of what is said of the municipality's stretches of coast; none if nothing is.
    Tsunami(Option<Tsunami>),
    /// What is in force or was lifted, the gravest first.
    Weather(Vec<Warning>),
    /// Something that is not read.
    Other,
}

/// An earthquake.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Earthquake {
    /// When it was.
    pub occurred: Option<Instant>,
    /// Where.
    pub hypocentre: Option<String>,
    /// Its magnitude, as written.
    pub magnitude: Option<String>,
    /// How strong it was in the municipality; none if the bulletin does not say.
    pub here: Option<Intensity>,
    /// What is said of a tsunami.
    pub tsunami: Outlook,
}

/// 震度, by the scale of the Japan Meteorological Agency.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[allow(missing_docs, reason = "each is what it is called")]
pub enum Intensity {
    One,
    Two,
    Three,
    Four,
    FiveLower,
    FiveUpper,
    SixLower,
    SixUpper,
    Seven,
}

/// What is said of a tsunami after an earthquake.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Outlook {
    /// There will be none.
    None,
    /// The sea may move a little, without damage.
    Slight,
    /// A warning or an advisory is in force.
    Issued,
    /// Nothing, or nothing that is known here.
    Unknown,
}

/// What is said of a stretch of coast.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tsunami {
    /// The stretch.
    pub region: String,
    /// What is in force.
    pub kind: TsunamiKind,
    /// How high, in one width: 1m, 巨大.
    pub height: Option<String>,
    /// When the first wave comes.
    pub arrival: Option<Instant>,
}

/// What is in force for a stretch of coast, least grave first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum TsunamiKind {
    /// A forecast without danger.
    Forecast,
    /// An advisory was lifted.
    AdvisoryLifted,
    /// A warning was lifted.
    WarningLifted,
    /// 津波注意報.
    Advisory,
    /// 津波警報.
    Warning,
    /// 大津波警報.
    Great,
}

/// A weather warning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    /// As it is called, in one width: レベル4土砂災害危険警報.
    pub name: String,
    /// Whether this bulletin brings it.
    pub change: Change,
}

/// What became of a weather warning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// It was issued, or took the place of a lesser one.
    Issued,
    /// It took the place of a graver one.
    Lowered,
    /// It goes on.
    Continued,
    /// It is over.
    Lifted,
}

impl Status {
    /// As the telegram writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Actual => "通常",
            Self::Exercise => "訓練",
            Self::Test => "試験",
        }
    }

    /// The status that is written so.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Actual, Self::Exercise, Self::Test]
            .into_iter()
            .find(|status| status.code() == code)
    }
}

impl InfoType {
    /// As the telegram writes it.
    pub fn code(self) -> &'static str {
        match self {
            Self::Issued => "発表",
            Self::Corrected => "訂正",
            Self::Cancelled => "取消",
        }
    }

    /// The type that is written so.
    pub fn of_code(code: &str) -> Option<Self> {
        [Self::Issued, Self::Corrected, Self::Cancelled]
            .into_iter()
            .find(|info| info.code() == code)
    }
}

impl Intensity {
    /// All, weakest first, each as telegrams write it.
    const ALL: [(&str, Self); 9] = [
        ("1", Self::One),
        ("2", Self::Two),
        ("3", Self::Three),
        ("4", Self::Four),
        ("5-", Self::FiveLower),
        ("5+", Self::FiveUpper),
        ("6-", Self::SixLower),
        ("6+", Self::SixUpper),
        ("7", Self::Seven),
    ];

    /// The intensity that telegrams write so; none for what they write when a value has not come in.
    pub fn of_code(code: &str) -> Option<Self> {
        let found = Self::ALL.iter().find(|(other, _)| *other == code);
        found.map(|(_, intensity)| *intensity)
    }

    /// As telegrams write it.
    pub fn code(self) -> &'static str {
        let found = Self::ALL.iter().find(|(_, other)| *other == self);
        found.map_or("", |(code, _)| code)
    }
}

impl Bulletin {
    /// Whether the two are about the same. Weather warnings have no event: theirs is what their office says under the
    /// same title.
    pub fn follows(&self, other: &Self) -> bool {
        self.status == other.status
            && self.title == other.title
            && self.event == other.event
            && (!self.event.is_empty() || self.office == other.office)
    }

    /// Whether what `other` says is overtaken by this later one. That warnings go on as they were overtakes nothing: the
    /// same office says so each time it says something of another town.
    pub fn overtakes(&self, other: &Self) -> bool {
        if !self.follows(other) {
            return false;
        }
        match (&self.facts, &other.facts) {
            (Facts::Weather(now), Facts::Weather(then)) if self.info == InfoType::Issued => {
                let goes_on = |said: &Warning| {
                    let same = |warning: &Warning| {
                        warning.name == said.name && warning.change == Change::Continued
                    };
                    now.iter().any(same)
                };
                let mut issued = then.iter().filter(|said| said.change == Change::Issued);
                !issued.all(goes_on)
            }
            _ => true,
        }
    }

    /// Where it is from, for who reads a draft made of it: 「気象庁 震源・震度に関する情報（11月22日 18時43分 第1報）」.
    pub fn source(&self) -> String {
        use chrono::{Datelike, Timelike};
        let at = crate::clock::datetime_in_japan(self.reported_at);
        let serial = self
            .serial
            .map_or_else(String::new, |serial| format!(" 第{serial}報"));
        format!(
            "{} {}（{}月{}日 {}時{:02}分{serial} {}）",
            self.office,
            self.title,
            at.month(),
            at.day(),
            at.hour(),
            at.minute(),
            self.info.code()
        )
    }
}
