//! Settings, from the environment only. All faults are told together, and no secret can be printed.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::path::PathBuf;

use secrecy::SecretString;

use crate::calling::{Gateway, InvalidChannel, Mail};
use crate::delivery::Rate;
use crate::jma::FeedBase;
use crate::line::client::{ApiBase, Credentials};
use crate::mode::Mode;
use crate::sso;
use crate::staff::people;

/// Calls a second beyond which a rate is a slip of the pen.
const MOST: u32 = 10_000;
/// Where menus are unless somebody says otherwise.
const MENUS: &str = "rich-menus";

/// Everything the environment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `DATABASE_URL`: `sqlite://FILE` or `postgres://…`.
    pub database_url: SecretString,
    /// `LINE_CHANNEL_SECRET`: one, or several while rotating.
    pub channel_secrets: Vec<SecretString>,
    /// `LINE_CHANNEL_ACCESS_TOKEN`, or `LINE_CHANNEL_ID` for tokens that live 15 minutes.
    pub credentials: Credentials,
    /// `LINE_API_BASE`: LINE's, or a loopback address.
    pub api_base: ApiBase,
    /// `LINE_API_DATA_BASE`: LINE's, or a loopback address.
    pub data_base: ApiBase,
    /// `LINE_MULTICASTS_PER_SECOND`: LINE's own limit, unless LINE granted another.
    pub rate: Rate,
    /// `KAIRAN_LISTEN`.
    pub listen: SocketAddr,
    /// `KAIRAN_PUBLIC_URL`: how the world reaches us, without a slash at its end.
    pub public_url: String,
    /// `KAIRAN_DATA_KEY_FILE`: the key that seals personal data. Made at the first start.
    pub data_key_file: PathBuf,
    /// `KAIRAN_MODE`: `live` for residents, `drill` for an installation of its own for drills.
    pub mode: Mode,
    /// `KAIRAN_RICH_MENUS`: the folder with a folder for each menu, as the console shows them.
    pub rich_menus: PathBuf,
    /// `KAIRAN_TRUSTED_PROXIES`: how many proxies of ours stand between the world and us.
    pub trusted_proxies: usize,
    /// `KAIRAN_SSO_ISSUER`, `KAIRAN_SSO_CLIENT_ID`, `KAIRAN_SSO_CLIENT_SECRET`: the municipality's own
    /// sign-on. Without them there is none.
    pub sso: Option<sso::Config>,
    /// `KAIRAN_JMA_FEED`: where official bulletins are fetched from; without it, from nowhere.
    pub jma_feed: Option<FeedBase>,
    /// `KAIRAN_SMTP_URL`, `KAIRAN_MAIL_FROM`: how staff are called by mail; without them, not at all.
    pub mail: Option<Mail>,
    /// `KAIRAN_AUDIT_MAIL`: who keeps the audit record's head elsewhere; without it, the log alone.
    pub audit_mail: Option<people::Mail>,
    /// `KAIRAN_CALL_GATEWAY`, `KAIRAN_CALL_GATEWAY_SECRET`: who carries text messages and calls by voice to staff;
    /// without them, nobody.
    pub gateway: Option<Gateway>,
    /// Chiefs and administrators need a second factor. No variable turns this off; the demo does.
    pub second_factor: bool,
}

/// A setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{name}: {reason}")]
pub struct Fault {
    /// The variable.
    pub name: &'static str,
    /// What was given, what was expected. Never the value of a secret.
    pub reason: String,
}

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Every fault, in the order of `.env.example`.
    pub fn from_env() -> Result<Self, Vec<Fault>> {
        Self::from_lookup(|name| std::env::var(name).ok())
    }

    /// `KAIRAN_POLICY`: the profile's file; without one, the default profile rules.
    pub fn policy_path() -> Option<PathBuf> {
        std::env::var_os("KAIRAN_POLICY")
            .filter(|path| !path.is_empty())
            .map(PathBuf::from)
    }

    /// `KAIRAN_RICH_MENUS`: the folder with a folder for each menu; `rich-menus` without one.
    pub fn menus_path() -> PathBuf {
        std::env::var_os("KAIRAN_RICH_MENUS")
            .filter(|path| !path.is_empty())
            .map_or_else(|| PathBuf::from(MENUS), PathBuf::from)
    }

    /// Reads settings from anything that knows a variable's value.
    ///
    /// # Errors
    /// Every fault, in the order of `.env.example`.
    pub fn from_lookup(lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<Fault>> {
        let mut reader = Reader {
            lookup,
            faults: Vec::new(),
        };
        let database_url = reader.database_url();
        let channel_secrets = reader.channel_secrets();
        let credentials = reader.credentials(&channel_secrets);
        let api_base = reader.line_base("LINE_API_BASE", ApiBase::line_api());
        let data_base = reader.line_base("LINE_API_DATA_BASE", ApiBase::line_data());
        let rate = reader.rate();
        let listen = reader.listen();
        let public_url = reader.public_url();
        let settings = Self {
            database_url,
            channel_secrets,
            credentials,
            api_base,
            data_base,
            rate,
            listen,
            data_key_file: data_key_file(&reader.lookup),
            mode: reader.mode(),
            rich_menus: reader
                .get("KAIRAN_RICH_MENUS")
                .map_or_else(|| PathBuf::from(MENUS), PathBuf::from),
            trusted_proxies: reader.trusted_proxies(),
            sso: reader.sso(&public_url),
            jma_feed: reader.jma_feed(),
            mail: reader.mail(),
            audit_mail: reader.audit_mail(),
            gateway: reader.gateway(),
            second_factor: true,
            public_url,
        };
        if reader.faults.is_empty() {
            Ok(settings)
        } else {
            Err(reader.faults)
        }
    }
}

/// The database alone, for commands that need nothing else of LINE.
///
/// # Errors
/// The address is of no engine we know.
pub fn database_url(lookup: impl Fn(&str) -> Option<String>) -> Result<SecretString, Fault> {
    let mut reader = Reader {
        lookup,
        faults: Vec::new(),
    };
    let url = reader.database_url();
    reader.faults.pop().map_or(Ok(url), Err)
}

/// `KAIRAN_PUBLIC_URL`, for commands that print links and need nothing of LINE.
///
/// # Errors
/// It is not safe to publish.
pub fn public_url(lookup: impl Fn(&str) -> Option<String>) -> Result<String, Fault> {
    let mut reader = Reader {
        lookup,
        faults: Vec::new(),
    };
    let url = reader.public_url();
    reader.faults.pop().map_or(Ok(url), Err)
}

/// `KAIRAN_JMA_FEED`, for commands that need nothing of LINE.
///
/// # Errors
/// It is not the agency's.
pub fn jma_feed(lookup: impl Fn(&str) -> Option<String>) -> Result<Option<FeedBase>, Fault> {
    let mut reader = Reader {
        lookup,
        faults: Vec::new(),
    };
    let feed = reader.jma_feed();
    reader.faults.pop().map_or(Ok(feed), Err)
}

/// `KAIRAN_DATA_KEY_FILE`, for commands that need nothing of LINE.
pub fn data_key_file(lookup: impl Fn(&str) -> Option<String>) -> PathBuf {
    lookup("KAIRAN_DATA_KEY_FILE")
        .map(|path| path.trim().to_owned())
        .filter(|path| !path.is_empty())
        .map_or_else(|| PathBuf::from("kairan.key"), PathBuf::from)
}

struct Reader<F> {
    lookup: F,
    faults: Vec<Fault>,
}

impl<F: Fn(&str) -> Option<String>> Reader<F> {
    fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name)
            .map(|v| v.trim().to_owned())
            .filter(|v| !v.is_empty())
    }

    fn fault(&mut self, name: &'static str, reason: String) {
        self.faults.push(Fault { name, reason });
    }

    fn database_url(&mut self) -> SecretString {
        let url = self
            .get("DATABASE_URL")
            .unwrap_or_else(|| "sqlite://kairan.db".to_owned());
        if !["sqlite:", "postgres://", "postgresql://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
        {
            let scheme = url.split(':').next().unwrap_or_default();
            self.fault("DATABASE_URL", format!("`{scheme}:` is no engine we know; write sqlite://FILE or postgres://USER@HOST/NAME"));
        }
        url.into()
    }

    fn channel_secrets(&mut self) -> Vec<SecretString> {
        let given = self.get("LINE_CHANNEL_SECRET").unwrap_or_default();
        let secrets: Vec<SecretString> = given
            .split(',')
            .map(str::trim)
            .filter(|s| !s.is_empty())
            .map(SecretString::from)
            .collect();
        if secrets.is_empty() {
            self.fault("LINE_CHANNEL_SECRET", "not given; copy it from the channel's page in the LINE Developers console (or try `kairan demo`, which needs none)".into());
        }
        secrets
    }

    fn credentials(&mut self, secrets: &[SecretString]) -> Credentials {
        match (
            self.get("LINE_CHANNEL_ACCESS_TOKEN"),
            self.get("LINE_CHANNEL_ID"),
        ) {
            (Some(token), _) => Credentials::LongLived(token.into()),
            (None, Some(channel_id)) => {
                if !channel_id.chars().all(|c| c.is_ascii_digit()) {
                    self.fault(
                        "LINE_CHANNEL_ID",
                        format!("`{channel_id}` is no channel id; it has digits only"),
                    );
                }
                // While rotating, the new secret stands first.
                let channel_secret = secrets.first().cloned().unwrap_or_default();
                Credentials::Stateless {
                    channel_id,
                    channel_secret,
                }
            }
            (None, None) => {
                self.fault(
                    "LINE_CHANNEL_ACCESS_TOKEN",
                    "not given, nor LINE_CHANNEL_ID; write one of the two".into(),
                );
                Credentials::LongLived(SecretString::default())
            }
        }
    }

    fn line_base(&mut self, name: &'static str, own: ApiBase) -> ApiBase {
        match self.get(name).map(|given| ApiBase::parse(&given)) {
            None => own,
            Some(Ok(base)) => base,
            Some(Err(error)) => {
                self.fault(name, error.to_string());
                own
            }
        }
    }

    fn rate(&mut self) -> Rate {
        let Some(given) = self.get("LINE_MULTICASTS_PER_SECOND") else {
            return Rate::LINE;
        };
        match given.parse::<NonZeroU32>() {
            Ok(rate) if rate.get() <= MOST => Rate(rate),
            _ => {
                self.fault(
                    "LINE_MULTICASTS_PER_SECOND",
                    format!("`{given}` is no rate; write a number from 1 to {MOST}, or nothing for LINE's own limit of 200"),
                );
                Rate::LINE
            }
        }
    }

    fn listen(&mut self) -> SocketAddr {
        let given = self
            .get("KAIRAN_LISTEN")
            .unwrap_or_else(|| "127.0.0.1:8080".to_owned());
        given.parse().unwrap_or_else(|_| {
            self.fault(
                "KAIRAN_LISTEN",
                format!("`{given}` is no address to listen on; write one like 127.0.0.1:8080"),
            );
            SocketAddr::from(([127, 0, 0, 1], 8080))
        })
    }

    fn public_url(&mut self) -> String {
        let given = self
            .get("KAIRAN_PUBLIC_URL")
            .unwrap_or_else(|| "http://127.0.0.1:8080".to_owned());
        if !given.starts_with("https://")
            && !ApiBase::parse(&given).is_ok_and(|base| base.is_loopback())
        {
            self.fault(
                "KAIRAN_PUBLIC_URL",
                format!(
                    "`{given}` is not safe to publish; write the https:// address of this server"
                ),
            );
        }
        given.trim_end_matches('/').to_owned()
    }

    fn mode(&mut self) -> Mode {
        let Some(given) = self.get("KAIRAN_MODE") else {
            return Mode::Live;
        };
        Mode::of_code(&given).unwrap_or_else(|| {
            self.fault(
                "KAIRAN_MODE",
                format!(
                    "`{given}` is no mode; write live, or drill for an installation of its own"
                ),
            );
            Mode::Live
        })
    }

    fn trusted_proxies(&mut self) -> usize {
        let given = self
            .get("KAIRAN_TRUSTED_PROXIES")
            .unwrap_or_else(|| "0".to_owned());
        given.parse().unwrap_or_else(|_| {
            self.fault(
                "KAIRAN_TRUSTED_PROXIES",
                format!("`{given}` is no number; write how many proxies of yours stand in front, 0 for none"),
            );
            0
        })
    }

    fn jma_feed(&mut self) -> Option<FeedBase> {
        match FeedBase::parse(&self.get("KAIRAN_JMA_FEED")?) {
            Ok(feed) => Some(feed),
            Err(error) => {
                self.fault("KAIRAN_JMA_FEED", error.to_string());
                None
            }
        }
    }

    /// Both of two settings that go together, or neither.
    fn both(&mut self, names: [&'static str; 2]) -> Option<[String; 2]> {
        let given = names.map(|name| self.get(name));
        for (name, other, value) in [
            (names[0], names[1], &given[0]),
            (names[1], names[0], &given[1]),
        ] {
            if value.is_none() && given.iter().any(Option::is_some) {
                self.fault(
                    name,
                    format!("not given, but {other} is; write both or neither"),
                );
            }
        }
        let [first, second] = given;
        Some([first?, second?])
    }

    fn mail(&mut self) -> Option<Mail> {
        let names = ["KAIRAN_SMTP_URL", "KAIRAN_MAIL_FROM"];
        let [url, from] = self.both(names)?;
        match Mail::new(&url.into(), &from) {
            Ok(mail) => Some(mail),
            Err(error) => {
                let at = usize::from(error == InvalidChannel::From);
                self.fault(names[at], error.to_string());
                None
            }
        }
    }

    fn audit_mail(&mut self) -> Option<people::Mail> {
        let given = self.get("KAIRAN_AUDIT_MAIL")?;
        if self.get("KAIRAN_SMTP_URL").is_none() {
            let reason = "given, but no mail goes out; write KAIRAN_SMTP_URL and KAIRAN_MAIL_FROM too, or leave it out";
            self.fault("KAIRAN_AUDIT_MAIL", reason.to_owned());
        }
        let read = people::Mail::parse(&given);
        if let Err(error) = read {
            self.fault("KAIRAN_AUDIT_MAIL", error.to_string());
        }
        read.ok()
    }

    fn gateway(&mut self) -> Option<Gateway> {
        let names = ["KAIRAN_CALL_GATEWAY", "KAIRAN_CALL_GATEWAY_SECRET"];
        let [address, secret] = self.both(names)?;
        match Gateway::new(&address, secret.into()) {
            Ok(gateway) => Some(gateway),
            Err(error) => {
                let at = usize::from(error == InvalidChannel::Secret);
                self.fault(names[at], error.to_string());
                None
            }
        }
    }

    fn sso(&mut self, public_url: &str) -> Option<sso::Config> {
        let [issuer, id, secret] = [
            "KAIRAN_SSO_ISSUER",
            "KAIRAN_SSO_CLIENT_ID",
            "KAIRAN_SSO_CLIENT_SECRET",
        ];
        let given = [issuer, id, secret].map(|name| (name, self.get(name)));
        if given.iter().all(|(_, value)| value.is_none()) {
            return None;
        }
        for (name, value) in &given {
            if value.is_none() {
                let reason =
                    "not given, but the others of the sign-on are; write all three or none";
                self.fault(name, reason.to_owned());
            }
        }
        let [issuer, client_id, client_secret] = given.map(|(_, value)| value);
        let (issuer, client_id, client_secret) = (issuer?, client_id?, client_secret?);
        if !issuer.starts_with("https://")
            && !ApiBase::parse(&issuer).is_ok_and(|base| base.is_loopback())
        {
            let reason =
                format!("`{issuer}` is not safe to ask; write the provider's https:// address");
            self.fault("KAIRAN_SSO_ISSUER", reason);
        }
        Some(sso::Config {
            issuer,
            client_id,
            client_secret: client_secret.into(),
            redirect: format!("{public_url}/login/sso"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Settings, Vec<Fault>> {
        Settings::from_lookup(|name| {
            pairs
                .iter()
                .find(|(n, _)| *n == name)
                .map(|(_, v)| (*v).to_owned())
        })
    }

    #[test]
    fn all_faults_are_told_at_once_and_none_shows_a_secret() {
        let read = read(&[
            ("DATABASE_URL", "mysql://root:hunter2@db/town"),
            ("LINE_CHANNEL_ID", "abc"),
            ("LINE_API_BASE", "https://evil.example"),
            ("LINE_MULTICASTS_PER_SECOND", "0"),
            ("KAIRAN_LISTEN", "8080"),
            ("KAIRAN_PUBLIC_URL", "http://www.city.example.jp"),
            ("KAIRAN_MODE", "test"),
            ("KAIRAN_TRUSTED_PROXIES", "nginx"),
            ("KAIRAN_SSO_CLIENT_SECRET", "hunter2"),
            (
                "KAIRAN_SMTP_URL",
                "smtp://kairan:hunter2@mail.city.example.jp",
            ),
            ("KAIRAN_MAIL_FROM", "line@city.example.jp"),
            ("KAIRAN_AUDIT_MAIL", "auditor"),
            ("KAIRAN_CALL_GATEWAY_SECRET", "hunter2"),
        ]);
        let Err(faults) = read else {
            panic!("{read:?}")
        };
        assert_eq!(
            faults.iter().map(|f| f.name).collect::<Vec<_>>(),
            [
                "DATABASE_URL",
                "LINE_CHANNEL_SECRET",
                "LINE_CHANNEL_ID",
                "LINE_API_BASE",
                "LINE_MULTICASTS_PER_SECOND",
                "KAIRAN_LISTEN",
                "KAIRAN_PUBLIC_URL",
                "KAIRAN_MODE",
                "KAIRAN_TRUSTED_PROXIES",
                "KAIRAN_SSO_ISSUER",
                "KAIRAN_SSO_CLIENT_ID",
                "KAIRAN_SMTP_URL",
                "KAIRAN_AUDIT_MAIL",
                "KAIRAN_CALL_GATEWAY"
            ]
        );
        assert!(!format!("{faults:?}").contains("hunter2"));
    }

    #[test]
    fn secrets_rotate_and_never_print() {
        let settings = read(&[
            ("LINE_CHANNEL_SECRET", "new, old"),
            ("LINE_CHANNEL_ACCESS_TOKEN", "hunter2"),
            ("KAIRAN_SSO_ISSUER", "https://id.city.example.jp"),
            ("KAIRAN_SSO_CLIENT_ID", "kairan"),
            ("KAIRAN_SSO_CLIENT_SECRET", "hunter2"),
        ]);
        let Ok(settings) = settings else {
            panic!("{settings:?}")
        };
        assert_eq!(settings.channel_secrets.len(), 2);
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
