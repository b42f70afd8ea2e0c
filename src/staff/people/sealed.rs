//! A person's name and mail address as the database keeps them: who reads it learns neither.

use super::model::{Mail, Name};
use crate::db::DbError;
use crate::seal::Seal;

const NAME: &str = "person.name";
const MAIL: &str = "person.mail";

pub(super) fn name(seal: &Seal, name: &Name) -> Result<String, DbError> {
    let sealed = seal.text(NAME, name.as_str());
    sealed.map_err(|error| DbError::Custom(error.to_string()))
}

/// Always alike, so that an address is nobody else's and finds its person.
pub(super) fn mail(seal: &Seal, mail: &Mail) -> String {
    seal.lookup(MAIL, mail.as_str())
}

/// Every form in which an address may stand there.
pub(super) fn mails(seal: &Seal, mail: &Mail) -> Vec<String> {
    seal.lookups(MAIL, mail.as_str())
}

pub(super) fn opened_name(seal: &Seal, sealed: &str) -> Option<Name> {
    Name::parse(&seal.open(NAME, sealed).ok()?).ok()
}

/// The address that a row of `person` holds; `None` if it does not open.
pub(in crate::staff) fn opened_mail(seal: &Seal, sealed: &str) -> Option<Mail> {
    Mail::parse(&seal.open(MAIL, sealed).ok()?).ok()
}
