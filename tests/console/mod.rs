//! The staff console: its walls, its table of routes, its looks.

mod answer_files;
mod answers;
mod audit;
mod broadcasts;
mod childcare;
mod components;
mod countersigns;
mod deputies;
mod doors;
mod framing;
mod garbage;
mod injection;
mod leaving;
mod live;
mod looks;
mod menus;
mod office;
mod pages;
mod people;
mod posts;
mod publishing;
mod reminders;
mod residents;
mod rights;
mod settings;
mod walls;
