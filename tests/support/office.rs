//! A town hall whose staff prove who they are: the accounts, two persons, and a clock turned by hand.

use std::net::IpAddr;

use chrono::TimeDelta;
use kairan::clock::Instant;
use kairan::ids::PersonId;
use kairan::staff::account::{
    AccountError, Accounts, Attempt, Limits, Network, PasskeyRow, PasswordProven, SignIn, Site,
    Token, invite,
};
use sea_orm::{EntityTrait, Set};

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
        let site = Site {
            public_url: ORIGIN.into(),
            name: "汐見市".into(),
        };
        let accounts = Accounts::new(db.db.clone(), site).unwrap();
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

impl Office {
    pub async fn person(&self, number: &str, mail: Option<&str>) -> PersonId {
        let id = PersonId::new(self.now);
        let row = entity::person::ActiveModel {
            id: Set(id.0),
            number: Set(number.into()),
            name: Set("汐見 太郎".into()),
            mail: Set(mail.map(str::to_owned)),
            organisation_id: Set(None),
            ends_on: Set(None),
            created_at: Set(self.now),
        };
        let inserted = entity::person::Entity::insert(row);
        inserted
            .exec_without_returning(self.db.conn())
            .await
            .unwrap();
        id
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
