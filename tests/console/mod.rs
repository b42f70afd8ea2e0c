//! The staff console: its walls, its table of routes, its looks.

mod components;
mod countersigns;
mod deputies;
mod leaving;
mod looks;
mod office;
mod pages;
mod people;
mod posts;
mod rights;
mod walls;
