//! Settings, from the environment only. All faults are told together, and no secret can be printed.

use std::net::SocketAddr;
use std::path::PathBuf;

use secrecy::SecretString;

/// Everything the environment decides.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `DATABASE_URL`: `sqlite://FILE` or `postgres://…`.
    pub database_url: SecretString,
    /// `LINE_CHANNEL_SECRET`: one, or several while rotating.
    pub channel_secrets: Vec<SecretString>,
    /// `LINE_CHANNEL_ACCESS_TOKEN`, or `LINE_CHANNEL_ID` for tokens that live 15 minutes.
    pub credential: Credential,
    /// `LINE_API_BASE`: LINE's, or a loopback address.
    pub api_base: String,
    /// `LINE_API_DATA_BASE`: LINE's, or a loopback address.
    pub data_base: String,
    /// `KAIRAN_LISTEN`.
    pub listen: SocketAddr,
    /// `KAIRAN_PUBLIC_URL`: how the world reaches us, without a slash at its end.
    pub public_url: String,
    /// `KAIRAN_POLICY`: the profile's file; without one, the default profile rules.
    pub policy: Option<PathBuf>,
}

/// What proves to LINE that we are the channel.
#[derive(Debug, Clone)]
pub enum Credential {
    /// A long-lived token from LINE's console.
    LongLived(SecretString),
    /// The channel's id: with the newest channel secret it is exchanged for stateless tokens.
    Stateless {
        /// Digits.
        channel_id: String,
    },
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

/// Where LINE's Messaging API lives.
pub const LINE_API: &str = "https://api.line.me";
/// Where LINE keeps content and menu pictures.
pub const LINE_API_DATA: &str = "https://api-data.line.me";

impl Settings {
    /// Reads the process's environment.
    ///
    /// # Errors
    /// Every fault, in the order of `.env.example`.
    pub fn from_env() -> Result<Self, Vec<Fault>> {
        Self::from_lookup(|name| std::env::var(name).ok())
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
        let settings = Self {
            database_url: reader.database_url(),
            channel_secrets: reader.channel_secrets(),
            credential: reader.credential(),
            api_base: reader.line_base("LINE_API_BASE", LINE_API),
            data_base: reader.line_base("LINE_API_DATA_BASE", LINE_API_DATA),
            listen: reader.listen(),
            public_url: reader.public_url(),
            policy: reader.get("KAIRAN_POLICY").map(PathBuf::from),
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

/// Whether `url` is this machine's own loopback address, where only a simulator can live.
pub fn is_loopback(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return false;
    };
    let host = rest.split('/').next().unwrap_or_default();
    let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
    name == "localhost"
        || name
            .trim_matches(['[', ']'])
            .parse::<std::net::IpAddr>()
            .is_ok_and(|ip| ip.is_loopback())
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

    fn credential(&mut self) -> Credential {
        match (
            self.get("LINE_CHANNEL_ACCESS_TOKEN"),
            self.get("LINE_CHANNEL_ID"),
        ) {
            (Some(token), _) => Credential::LongLived(token.into()),
            (None, Some(channel_id)) => {
                if !channel_id.chars().all(|c| c.is_ascii_digit()) {
                    self.fault(
                        "LINE_CHANNEL_ID",
                        format!("`{channel_id}` is no channel id; it has digits only"),
                    );
                }
                Credential::Stateless { channel_id }
            }
            (None, None) => {
                self.fault(
                    "LINE_CHANNEL_ACCESS_TOKEN",
                    "not given, nor LINE_CHANNEL_ID; write one of the two".into(),
                );
                Credential::LongLived(SecretString::default())
            }
        }
    }

    fn line_base(&mut self, name: &'static str, own: &str) -> String {
        let base = self.get(name).unwrap_or_else(|| own.to_owned());
        let base = base.trim_end_matches('/').to_owned();
        if base != own && !is_loopback(&base) {
            self.fault(name, format!("`{base}` is not LINE; only {own} or a loopback address (http://127.0.0.1:PORT) is accepted"));
        }
        base
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
        if !given.starts_with("https://") && !is_loopback(&given) {
            self.fault(
                "KAIRAN_PUBLIC_URL",
                format!(
                    "`{given}` is not safe to publish; write the https:// address of this server"
                ),
            );
        }
        given.trim_end_matches('/').to_owned()
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
        let faults = read(&[
            ("DATABASE_URL", "mysql://root:hunter2@db/town"),
            ("LINE_CHANNEL_ID", "abc"),
            ("LINE_API_BASE", "https://evil.example"),
            ("KAIRAN_LISTEN", "8080"),
            ("KAIRAN_PUBLIC_URL", "http://www.city.example.jp"),
        ])
        .expect_err_names();
        assert_eq!(
            faults.iter().map(|f| f.name).collect::<Vec<_>>(),
            [
                "DATABASE_URL",
                "LINE_CHANNEL_SECRET",
                "LINE_CHANNEL_ID",
                "LINE_API_BASE",
                "KAIRAN_LISTEN",
                "KAIRAN_PUBLIC_URL"
            ]
        );
        assert!(!format!("{faults:?}").contains("hunter2"));
    }

    trait Faults {
        fn expect_err_names(self) -> Vec<Fault>;
    }

    impl Faults for Result<Settings, Vec<Fault>> {
        fn expect_err_names(self) -> Vec<Fault> {
            self.map(|_| Vec::new()).unwrap_or_else(|faults| faults)
        }
    }

    #[test]
    fn secrets_rotate_and_never_print() {
        let settings = read(&[
            ("LINE_CHANNEL_SECRET", "new, old"),
            ("LINE_CHANNEL_ACCESS_TOKEN", "hunter2"),
        ]);
        let Ok(settings) = settings else {
            panic!("{settings:?}")
        };
        assert_eq!(settings.channel_secrets.len(), 2);
        assert!(!format!("{settings:?}").contains("hunter2"));
    }

    #[test]
    fn only_the_loopback_stands_in_for_line() {
        for own in [
            "http://127.0.0.1:9000",
            "http://localhost:1",
            "http://[::1]:80",
            "http://127.0.0.1",
        ] {
            assert!(is_loopback(own), "{own}");
        }
        for other in [
            "http://127.0.0.1.evil.example",
            "http://10.0.0.1",
            "https://api.line.me",
            "http://localhost.evil",
        ] {
            assert!(!is_loopback(other), "{other}");
        }
    }
}
