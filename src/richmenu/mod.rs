//! The menus under the chat, kept in step with files: a folder of `rich-menus/` says what a menu should
//! be, and LINE is made to agree.
//!
//! [`desired`] reads and checks the files and needs nothing but them.

mod desired;
mod drawing;
mod file;
mod folder;
mod font;
mod grid;
mod link;
mod model;
mod palette;

pub use desired::desired;
pub use drawing::NotPainted;
pub use file::Audience;
pub use folder::Folder;
pub use model::{Menu, Name, NoPicture, Tap};
