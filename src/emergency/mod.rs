//! Emergencies (緊急配信): what the town must shout.

pub mod template;
