//! The menus under the chat, kept in step with files: a folder of `rich-menus/` says what a menu should
//! be, and LINE is made to agree.
//!
//! [`desired`] reads and checks the files and needs nothing but them. [`look`] asks LINE what it has,
//! [`plan`] compares, [`apply`] does the difference; a second time there is none. [`Board`] shows a resident the
//! menu meant for them, [`repair`] mends what drifted, [`switch`] puts a disaster in front, or [`set_disaster_in`]
//! with a decision and [`follow`] after it, and [`taps`] says what is tapped.

mod allowance;
mod apply;
mod board;
mod desired;
mod drawing;
mod file;
mod folder;
mod font;
mod found;
mod grid;
mod link;
mod linking;
mod model;
mod palette;
mod plan;
mod saying;
mod showing;
mod state;
mod store;
mod tap;
mod variant;

pub use allowance::Allowance;
pub use apply::{Stopped, apply};
pub use board::Board;
pub use desired::{described, desired};
pub use drawing::NotPainted;
pub use file::Audience;
pub use folder::{Folder, read};
pub use found::{Found, FoundMenu, NotFound, look};
pub use linking::{NotShown, Progress, follow, repair, set_disaster_in, switch};
pub use model::{Menu, Name, NoPicture};
pub use plan::{Conflict, Foreign, Plan, Step, Succession, Why, plan};
pub use showing::Viewer;
pub use tap::{Tap, Tapped, count_tap, forget_taps, taps};
pub use variant::Variant;
