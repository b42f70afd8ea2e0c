//! Accounts: how staff prove who they are.
//!
//! A person comes in by an invitation, and from then on by a passkey alone, or by a password with a second
//! factor (a code of an authenticator app, a recovery code, a passkey). Each way ends in a [`SignIn`], which
//! only a proof can make and only [`Accounts::open_session`] takes. Acts that need the person again, not
//! only the browser, take a [`Confirmed`]: a passkey's assertion for one actor, act and digest, once.
//!
//! Whatever is single use (invitations, ceremonies, codes) is used up by one conditional `UPDATE` before it
//! is believed, so that fifty tries at once give one success.

mod accounts;
mod ceremony;
mod common;
mod credentials;
mod emergency;
mod factors;
mod invitation;
mod one_time_code;
mod passkey;
mod password;
mod recovery;
mod session;
mod sign_in;
mod single_sign_on;
mod step_up;
mod store;
mod throttle;
mod token;

pub use accounts::{AccountError, Accounts, Site, forget, lock, reset, unlock, unlock_password};
pub use credentials::{Credentials, credentials};
pub use emergency::{ready_for_emergency, ready_for_emergency_in, still_counts, was_stopped};
pub use factors::{Factors, has_means};
pub use invitation::{Invited, InvitedTo, LIFETIME as INVITATION_LIFETIME, invite, invite_to};
pub use one_time_code::CodeEnrolment;
pub(in crate::staff) use passkey::passkeys_of;
pub use passkey::{
    Assertion, NewPasskey, PasskeyChallenge, PasskeyRow, Registration, rename_passkey,
    revoke_passkey, settle_passkey,
};
pub use password::{
    ADVISED as PASSWORD_ADVISED, LEAST as PASSWORD_LEAST, MOST as PASSWORD_MOST, WeakPassword,
};
pub use recovery::RecoveryCode;
pub(in crate::staff) use session::sessions_of;
pub use session::{Limits, Method, Session, end_sessions};
pub use sign_in::{Attempt, Next, PasswordProven, Pending, SignIn};
pub use single_sign_on::SignOnError;
pub use step_up::{Act, Confirmed, Issued};
pub use throttle::Network;
pub use token::Token;
