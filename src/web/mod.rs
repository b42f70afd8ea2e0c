//! What every page stands in: the layout and its components, the assets, and the walls around them.
//!
//! A page is an askama template that extends `layout.html`, with a field `frame: Frame`; a handler
//! returns it as [`Page`], or a [`Refusal`], which is a page too. [`walls::around`] puts headers, the
//! cross-site guard and the rate limit around all of them.

mod address;
pub mod assets;
mod chart;
mod confirm;
mod flash;
mod form;
mod frame;
pub mod headers;
mod number;
mod page;
mod pages;
mod preview;
mod rate;
mod refusal;
mod same_site;
mod stack;
pub mod times;
pub mod token;
pub mod walls;

pub use address::Address;
pub use chart::Chart;
pub use confirm::Confirm;
pub use flash::{Flash, redirect};
pub use form::{Choice, Errors, Fault};
pub use frame::{Crumb, Frame, MenuItem, Who};
pub use number::thousands;
pub use page::Page;
pub use pages::Pages;
pub use preview::Preview;
pub use refusal::Refusal;
pub use stack::{Piled, Stack, Tone};
pub use token::Token;
pub use walls::Walls;
