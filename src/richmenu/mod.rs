//! The menus under the chat, kept in step with files: a folder of `rich-menus/` says what a menu should
//! be, and LINE is made to agree.
//!
//! [`desired`] reads and checks the files and needs nothing but them. [`look`] asks LINE what it has,
//! [`plan`] compares, [`apply`] does the difference; a second time there is none. [`Board`] shows a resident the
//! menu meant for them, [`link_everybody`] repairs what drifted, [`switch`] puts a disaster in front.

mod apply;
mod desired;
mod drawing;
mod file;
mod folder;
mod font;
mod grid;
mod link;
mod model;
mod palette;
mod plan;
mod showing;
mod store;

pub use apply::{Stopped, apply, look};
pub use desired::desired;
pub use drawing::NotPainted;
pub use file::Audience;
pub use folder::Folder;
pub use model::{Menu, Name, NoPicture, Tap};
pub use plan::{Found, Plan, Step, Succession, plan};
pub use showing::{Board, NotShown, Showing, Viewer, link_everybody, switch};
