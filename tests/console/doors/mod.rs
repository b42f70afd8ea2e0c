//! Stories of coming in and of one's own account, by plain HTTP on both databases, and in a browser.

mod browser;
mod invitation;
mod me;
mod password;
mod second_factor;
mod sign_on;
mod step_up;

use kairan::clock::Instant;
use kairan::ids::PersonId;
use kairan::staff::people::Mail;
use totp_rs::{Builder, Secret};

use crate::staff::{Hall, named};
use crate::support::guest::{Guest, Seen, between};
use crate::support::town::Town;

pub const PASSWORD: &str = "窓際の猫は三時に鳴いて起こす";

/// A drafter of the PR section, who has a mail address and nothing to sign in with.
async fn drafter(hall: &Hall) -> PersonId {
    let mut person = named("30001");
    person.mail = Some(Mail::parse("Hanako@City.Shiomi.example").unwrap());
    let person = hall.add(&person).await;
    let today = kairan::staff::people::Term::since(hall.today());
    hall.granted(hall.pr_staff, person, today).await;
    person
}

/// Accepts an invitation with [`PASSWORD`]; where that leads.
async fn accepts(town: &Town, person: PersonId) -> (Guest, Seen) {
    let (guest, link) = (town.guest(), town.invites(person).await);
    let chosen = [("password", PASSWORD), ("again", PASSWORD)];
    let seen = guest.post(&format!("{link}/password"), &chosen).await;
    (guest, seen)
}

/// Signs in by password; where that leads.
async fn password(guest: &Guest, number: &str, password: &str) -> Seen {
    let typed = [("number", number), ("password", password)];
    guest.post("/login", &typed).await
}

/// The secret that a page shows for an authenticator app.
fn secret(page: &Seen) -> String {
    between(&page.page, "<code class=\"secret\">", "<").replace(' ', "")
}

/// What an authenticator app shows.
fn shown(secret: &str, now: Instant) -> String {
    let secret = Secret::try_from_base32(secret).unwrap();
    let app = Builder::new().with_secret(secret).build().unwrap();
    app.generate(now.timestamp().try_into().unwrap())
        .to_string()
}

/// The recovery codes that a page shows.
fn recovery_codes(page: &Seen) -> Vec<String> {
    let list = between(&page.page, "<ol class=\"recovery\">", "</ol>");
    let codes = list.split("<code>").skip(1);
    codes
        .map(|code| code.split('<').next().unwrap().to_owned())
        .collect()
}
