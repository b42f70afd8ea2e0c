//! The staff console: its walls, its table of routes, its looks.

mod components;
mod doors;
mod looks;
mod pages;
mod rights;
mod walls;
