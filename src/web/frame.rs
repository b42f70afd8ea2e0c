//! What surrounds a page's own content.

use crate::clock::Instant;
use crate::mode::Mode;

use super::flash::Flash;
use super::number::thousands;
use super::token::Token;
use super::{assets, times};

/// What the layout shows around a page. Made for each request; see `console::Visitor::frame`.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// What this page is called: its heading and the window's title.
    pub title: String,
    /// Whose account it is: 「汐見市 LINE運用」.
    pub account: String,
    /// Who is signed in, if somebody is.
    pub who: Option<Who>,
    /// Where they may go, by their rights.
    pub menu: Vec<MenuItem>,
    /// The way from home to this page, this page left out.
    pub trail: Vec<Crumb>,
    /// What the last deed came to.
    pub flash: Option<Flash>,
    /// Goes with every form, so that none sent from another site is obeyed.
    pub token: Token,
    /// Live, or drills: these look different on every page.
    pub mode: Mode,
    /// It is a page of the console: should it fail, whoever reads it has residents to tell some other way.
    pub for_staff: bool,
    /// When the page was made; times are shown as seen from here.
    pub now: Instant,
}

/// Who is signed in, as the header says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Who {
    /// Their name.
    pub name: String,
    /// Their post: 「広報課 課長」.
    pub post: String,
}

/// A place to go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuItem {
    /// Where it leads.
    pub path: &'static str,
    /// What it is called.
    pub label: &'static str,
    /// This page lies there.
    pub here: bool,
}

/// A step on the way to a page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crumb {
    /// Where it leads.
    pub path: String,
    /// What it is called.
    pub label: String,
}

impl Frame {
    /// A frame for somebody unknown: sign-in, public pages.
    pub fn plain(
        title: impl Into<String>,
        account: impl Into<String>,
        mode: Mode,
        now: Instant,
    ) -> Self {
        Self {
            title: title.into(),
            account: account.into(),
            mode,
            now,
            ..Self::default()
        }
    }

    /// Adds a step to the way here; the first call is nearest to home.
    #[must_use]
    pub fn under(mut self, path: impl Into<String>, label: impl Into<String>) -> Self {
        self.trail.push(Crumb {
            path: path.into(),
            label: label.into(),
        });
        self
    }

    /// Whether nothing here reaches a resident.
    pub fn is_drill(&self) -> bool {
        self.mode == Mode::Drill
    }

    /// Where an asset is served: `frame.asset("kairan.css")`.
    pub fn asset(&self, file: &str) -> String {
        assets::path(file)
    }

    /// A number with its thousands apart: 「23,418」.
    pub fn number(&self, number: &u64) -> String {
        thousands(*number)
    }

    /// `at` as people say it: 「11月24日(月) 8:30」.
    pub fn time(&self, at: &Instant) -> String {
        times::moment(*at, self.now)
    }

    /// `date` with its year, for what is printed: 「2026年4月1日(水)」.
    pub fn full_date(&self, date: &chrono::NaiveDate) -> String {
        times::full_day(*date)
    }

    /// `date` as people say it: 「11月24日(月)」.
    pub fn date(&self, date: &chrono::NaiveDate) -> String {
        times::day(*date, crate::clock::date_in_japan(self.now))
    }
}
