//! The staff console: its walls, its table of routes, its looks.

mod answer_files;
mod answers;
mod audit;
mod components;
mod looks;
mod pages;
mod residents;
mod rights;
mod settings;
mod walls;
