//! The staff console: its walls, its table of routes, its looks.

mod answer_files;
mod answers;
mod childcare;
mod components;
mod doors;
mod garbage;
mod looks;
mod menus;
mod pages;
mod publishing;
mod residents;
mod rights;
mod walls;
