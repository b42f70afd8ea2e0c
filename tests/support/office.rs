//! A town hall whose staff prove who they are: the accounts, two persons, and a clock turned by hand.

use std::net::IpAddr;
use std::path::Path;

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::clock::Instant;
use kairan::db::Db;
use kairan::ids::PersonId;
use kairan::staff::account::{
    AccountError, Accounts, Act, Assertion, Attempt, Confirmed, InvitedTo, Issued, Limits, Network,
    NewPasskey, PasskeyChallenge, PasskeyRow, PasswordProven, SignIn, Site, Token, invite_to, lock,
};
use kairan::staff::people::{self, Mail, Name, NewPerson, Number};

use totp_rs::{Builder, Secret};

use super::Begin;
use super::authenticator::Authenticator;
use super::database::{Engine, TestDb};

pub const ORIGIN: &str = "https://kairan.city.example.jp";
pub const PASSWORD: &str = "窓際の猫は三時に鳴いて起こす";

pub struct Office {
    pub db: TestDb,
    pub accounts: Accounts,
    pub now: Instant,
    /// 0001, with a password.
    pub chief: PersonId,
    /// 0002, invited and nothing more.
    pub newcomer: PersonId,
}

impl Begin for Office {
    async fn begin(engine: Engine) -> Self {
        let db = TestDb::begin(engine).await;
        let accounts = accounts(&db.db);
        let now: Instant = "2026-11-24T01:00:00Z".parse().unwrap();
        let mut office = Self {
            chief: PersonId::new(now),
            newcomer: PersonId::new(now),
            db,
            accounts,
            now,
        };
        office.chief = office.person("0001", Some("taro@city.example.jp")).await;
        office.newcomer = office.person("0002", Some("hanako@city.example.jp")).await;
        let link = office.invite(office.chief).await;
        let password = PASSWORD.into();
        let accepted = office
            .accounts
            .accept_with_password(now, &link, &password, &["0001"]);
        assert_eq!(accepted.await.unwrap(), office.chief);
        office
    }
}

pub fn accounts(db: &Db) -> Accounts {
    let site = Site {
        public_url: ORIGIN.into(),
        name: "汐見市".into(),
    };
    Accounts::new(db.clone(), site).unwrap()
}

impl Office {
    /// The same office after a start with the keys in this file.
    pub async fn starts_with_key(&mut self, file: &Path) {
        self.db.db = self.db.db.clone().unsealed(file).await.unwrap();
        self.accounts = accounts(&self.db.db);
    }

    pub async fn person(&self, number: &str, mail: Option<&str>) -> PersonId {
        let person = NewPerson {
            number: Number::parse(number).unwrap(),
            name: Name::parse("汐見 太郎").unwrap(),
            mail: mail.map(|mail| Mail::parse(mail).unwrap()),
            organisation: None,
        };
        let tx = self.db.begin().await.unwrap();
        let added = people::add_person(&tx, self.now, &Actor::Operator, &person).await;
        tx.commit().await.unwrap();
        added.unwrap()
    }

    pub async fn invite(&self, person: PersonId) -> Token {
        self.invite_to(person, InvitedTo::OpenAccount).await
    }

    pub async fn invite_to(&self, person: PersonId, to: InvitedTo) -> Token {
        let tx = self.db.begin().await.unwrap();
        let link = invite_to(&tx, self.now, person, to).await.unwrap();
        tx.commit().await.unwrap();
        link
    }

    pub fn later(&mut self, by: TimeDelta) {
        self.now += by;
    }

    pub async fn password(
        &self,
        number: &str,
        password: &str,
    ) -> Result<PasswordProven, AccountError> {
        self.password_from("192.0.2.1", number, password).await
    }

    pub async fn password_from(
        &self,
        address: &str,
        number: &str,
        password: &str,
    ) -> Result<PasswordProven, AccountError> {
        let attempt = Attempt {
            number: number.into(),
            password: password.into(),
            network: Network::from(address.parse::<IpAddr>().unwrap()),
        };
        self.accounts.prove_password(self.now, attempt).await
    }

    /// What an authenticator app with this secret shows now.
    pub fn code(&self, secret: &str) -> String {
        let secret = Secret::try_from_base32(secret).unwrap();
        let app = Builder::new().with_secret(secret).build().unwrap();
        app.generate(self.now.timestamp().try_into().unwrap())
            .to_string()
    }

    /// A new passkey on this phone, not yet this person's.
    pub async fn made(&self, phone: &mut Authenticator, person: PersonId) -> NewPasskey {
        let asked = self
            .accounts
            .begin_passkey(self.now, person, "0001", "汐見 太郎");
        let asked = asked.await.unwrap();
        let answer = phone.create(&asked.options);
        let made = self
            .accounts
            .check_passkey(self.now, person, &asked.token, &answer, "電話");
        made.await.unwrap()
    }

    /// Enrols a passkey.
    pub async fn enrol(&self, person: PersonId) -> (Authenticator, PasskeyRow) {
        let mut phone = Authenticator::new(ORIGIN);
        let made = self.made(&mut phone, person).await;
        let tx = self.db.begin().await.unwrap();
        let row = self
            .accounts
            .add_passkey(&tx, self.now, made)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (phone, row)
    }

    pub async fn sign_in(&self, phone: &mut Authenticator) -> Result<SignIn, AccountError> {
        let asked = self.asked(None).await;
        let answer = phone.get(&asked.options);
        self.signed_in(&asked, &answer).await
    }

    /// What a page asks a passkey to sign in with.
    pub async fn asked(&self, person: Option<PersonId>) -> PasskeyChallenge {
        let asked = self.accounts.begin_sign_in(self.now, person);
        asked.await.unwrap()
    }

    pub async fn signed_in(
        &self,
        asked: &PasskeyChallenge,
        answer: &Assertion,
    ) -> Result<SignIn, AccountError> {
        let (now, token) = (self.now, &asked.token);
        self.accounts.sign_in_by_passkey(now, token, answer).await
    }

    /// Confirms an act by passkey.
    pub async fn confirm(
        &self,
        phone: &mut Authenticator,
        act: Act,
    ) -> Result<Confirmed, AccountError> {
        let issued = self.issued(&act).await;
        let answer = phone.get(&issued.options);
        self.confirmed(act, &issued, &answer).await
    }

    /// What a page asks a passkey to confirm.
    pub async fn issued(&self, act: &Act) -> Issued {
        self.accounts.issue(self.now, act).await.unwrap()
    }

    pub async fn confirmed(
        &self,
        act: Act,
        issued: &Issued,
        answer: &Assertion,
    ) -> Result<Confirmed, AccountError> {
        let (now, token) = (self.now, &issued.token);
        self.accounts.confirm(now, act, token, answer).await
    }

    /// An administrator locks somebody.
    pub async fn locks(&self, person: PersonId) {
        let tx = self.db.begin().await.unwrap();
        lock(&tx, self.now, person).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn session(&self, sign_in: SignIn) -> Token {
        let limits = Limits::default();
        let opened = self
            .accounts
            .open_session(self.now, limits, sign_in, "curl/8.5");
        opened.await.unwrap()
    }
}
