//! How staff prove who they are: accounts, and whatever is used once.

use sea_orm_migration::prelude::*;
use sea_orm_migration::schema::{
    big_integer_null, integer, text, text_null, text_uniq, timestamp_with_time_zone,
    timestamp_with_time_zone_null, uuid, uuid_null, uuid_uniq,
};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const TABLES: [&str; 8] = [
    "account",
    "invitation",
    "recovery_code",
    "passkey",
    "ceremony",
    "session",
    "throttle",
    "sso_subject",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in [
            account(),
            invitation(),
            recovery_code(),
            passkey(),
            ceremony(),
            session(),
            throttle(),
            sso_subject(),
        ] {
            manager.create_table(table).await?;
        }
        for (table, column) in [
            ("invitation", "person_id"),
            ("passkey", "person_id"),
            ("ceremony", "expires_at"),
            ("session", "person_id"),
            ("session", "expires_at"),
            ("throttle", "last_at"),
            ("sso_subject", "person_id"),
        ] {
            let index = Index::create()
                .name(format!("{table}_by_{column}"))
                .table(table)
                .col(column)
                .to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }

    async fn down(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for table in TABLES.iter().rev() {
            manager
                .drop_table(Table::drop().table(*table).to_owned())
                .await?;
        }
        Ok(())
    }

    fn use_transaction(&self) -> Option<bool> {
        Some(true)
    }
}

fn account() -> TableCreateStatement {
    Table::create()
        .table("account")
        .col(uuid("person_id").primary_key())
        .col(text_null("password_hash"))
        .col(timestamp_with_time_zone_null("password_set_at"))
        .col(text_null("totp"))
        // The newest step whose code was used: none older, nor that one, is taken again.
        .col(big_integer_null("totp_step"))
        .col(integer("failures").default(0))
        .col(timestamp_with_time_zone_null("locked_at"))
        .col(timestamp_with_time_zone("created_at"))
        .check(Expr::cust("failures >= 0"))
        .check(Expr::cust(
            "(password_hash is null) = (password_set_at is null)",
        ))
        .foreign_key(&mut of_person("account"))
        .to_owned()
}

fn invitation() -> TableCreateStatement {
    Table::create()
        .table("invitation")
        .col(uuid("id").primary_key())
        .col(text_uniq("token_hash"))
        .col(uuid("person_id"))
        .col(text("purpose").check(Expr::cust("purpose in ('open_account', 'add_passkey')")))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("used_at"))
        .foreign_key(&mut of_person("invitation"))
        .to_owned()
}

fn recovery_code() -> TableCreateStatement {
    Table::create()
        .table("recovery_code")
        .col(text("hash").primary_key())
        .col(uuid("person_id"))
        .col(timestamp_with_time_zone_null("used_at"))
        .foreign_key(&mut of_person("recovery_code"))
        .to_owned()
}

fn passkey() -> TableCreateStatement {
    Table::create()
        .table("passkey")
        .col(uuid("id").primary_key())
        .col(uuid("person_id"))
        .col(text("credential"))
        .col(text_uniq("credential_id"))
        .col(text("label"))
        .col(timestamp_with_time_zone("enrolled_at"))
        .col(timestamp_with_time_zone_null("last_used_at"))
        .col(timestamp_with_time_zone("usable_for_emergency_from"))
        .col(timestamp_with_time_zone_null("revoked_at"))
        .foreign_key(&mut of_person("passkey"))
        .to_owned()
}

fn ceremony() -> TableCreateStatement {
    Table::create()
        .table("ceremony")
        .col(text("token_hash").primary_key())
        .col(text("purpose").check(Expr::cust(
            "purpose in ('register', 'sign_in', 'step_up', 'codes', 'second_factor', 'single_sign_on')",
        )))
        .col(uuid_null("person_id"))
        .col(text_null("act"))
        .col(text_null("digest"))
        .col(text("state"))
        .col(timestamp_with_time_zone("made_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(timestamp_with_time_zone_null("consumed_at"))
        // What was signed in a step-up, kept as evidence.
        .col(text_null("evidence"))
        .check(Expr::cust(
            "(purpose = 'step_up') = (act is not null and digest is not null)",
        ))
        .check(Expr::cust("purpose <> 'step_up' or person_id is not null"))
        .check(Expr::cust("evidence is null or consumed_at is not null"))
        .foreign_key(&mut of_person("ceremony"))
        .to_owned()
}

fn session() -> TableCreateStatement {
    Table::create()
        .table("session")
        .col(text("key_hash").primary_key())
        // What a page may name; the key's hash stays here.
        .col(uuid_uniq("id"))
        .col(uuid("person_id"))
        .col(timestamp_with_time_zone("opened_at"))
        .col(timestamp_with_time_zone("last_seen_at"))
        .col(timestamp_with_time_zone("expires_at"))
        .col(text("device"))
        .col(text("method").check(Expr::cust(
            "method in ('password', 'code', 'recovery_code', 'passkey', 'single_sign_on')",
        )))
        .foreign_key(&mut of_person("session"))
        .to_owned()
}

fn throttle() -> TableCreateStatement {
    Table::create()
        .table("throttle")
        .col(text("scope").primary_key())
        .col(integer("failures"))
        .col(timestamp_with_time_zone("not_before"))
        .col(timestamp_with_time_zone("last_at"))
        .to_owned()
}

fn sso_subject() -> TableCreateStatement {
    Table::create()
        .table("sso_subject")
        .col(text("issuer"))
        .col(text("subject"))
        .col(uuid("person_id"))
        .col(timestamp_with_time_zone("bound_at"))
        .primary_key(Index::create().col("issuer").col("subject"))
        .foreign_key(&mut of_person("sso_subject"))
        .to_owned()
}

fn of_person(table: &'static str) -> ForeignKeyCreateStatement {
    ForeignKey::create()
        .name(format!("{table}_person_id"))
        .from(table, "person_id")
        .to("person", "id")
        .to_owned()
}
