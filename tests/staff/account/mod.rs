//! How staff prove who they are.

mod invitation;
mod passkey;
mod password;
mod second_factor;
mod session;
mod sign_on;
mod step_up;
