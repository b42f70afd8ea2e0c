//! Pregnancy and childcare (妊娠・子育て): a timetable of rules that says when a notice comes for a child.
//!
//! Rules are data, since vaccinations and check-ups change nearly every April: a [`Rule`] counts from a
//! birth, a due date or a school year, and holds from and to a day. A rule that changes has a version
//! for each time; [`Timetable::due`] looks each day up in the version that holds on it.
//!
//! ```
//! use kairan::childcare::{Anchor, Rule};
//! use kairan::resident::{Child, ChildKind, Month};
//!
//! let rule = Rule { anchor: Anchor::Birth, notify_at: "P18M".parse()?, ..Rule::default() };
//! let child = Child { kind: ChildKind::Born, month: Month::parse("2025-08")? };
//! assert_eq!(rule.due(&child)[0].on.to_string(), "2027-02-01");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod anchor;
mod change;
mod fault;
mod file;
mod import;
mod model;
mod offset;
pub mod phrases;
mod session;
mod store;
mod timetable;

pub use anchor::{Anchor, school_entry};
pub use change::{Changed, add, change, end};
pub use fault::Fault;
pub use file::{TEXT_MAX, TITLE_MAX, csv};
pub use import::{Changes, Checked, Preview, Report, check, import, preview, take_over};
pub use model::{Due, Level, Rule, Written};
pub use offset::{NotAnOffset, Offset};
pub use session::Session;
pub use store::timetable;
pub use timetable::Timetable;
