//! A town hall whose staff prove who they are: the accounts, two persons, and a clock turned by hand.

use std::net::IpAddr;
use std::path::Path;

use chrono::TimeDelta;
use kairan::audit::Actor;
use kairan::clock::Instant;
use kairan::db::Db;
use kairan::ids::PersonId;
use kairan::staff::account::{
    AccountError, Accounts, Attempt, Limits, Network, PasskeyRow, PasswordProven, SignIn, Site,
    Token, invite,
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

fn accounts(db: &Db) -> Accounts {
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
        let tx = self.db.begin().await.unwrap();
        let link = invite(&tx, self.now, person).await.unwrap();
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

    /// Enrols a passkey.
    pub async fn enrol(&self, person: PersonId) -> (Authenticator, PasskeyRow) {
        let mut phone = Authenticator::new(ORIGIN);
        let asked = self
            .accounts
            .begin_passkey(self.now, person, "0001", "汐見 太郎");
        let asked = asked.await.unwrap();
        let answer = phone.create(&asked.options);
        let checked = self
            .accounts
            .check_passkey(self.now, person, &asked.token, &answer, "電話");
        let checked = checked.await.unwrap();
        let tx = self.db.begin().await.unwrap();
        let row = self
            .accounts
            .add_passkey(&tx, self.now, checked)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        (phone, row)
    }

    pub async fn sign_in(&self, phone: &mut Authenticator) -> Result<SignIn, AccountError> {
        let asked = self.accounts.begin_sign_in(self.now, None).await.unwrap();
        let answer = phone.get(&asked.options);
        self.accounts
            .sign_in_by_passkey(self.now, &asked.token, &answer)
            .await
    }

    pub async fn session(&self, sign_in: SignIn) -> Token {
        let limits = Limits::default();
        let opened = self
            .accounts
            .open_session(self.now, limits, sign_in, "curl/8.5");
        opened.await.unwrap()
    }
}
