//! What stories stand on: databases of both engines, and the town itself.

pub mod authenticator;
pub mod browser;
pub mod console;
pub mod database;
pub mod form_data;
pub mod guest;
pub mod log;
pub mod office;
pub mod postgres;
pub mod program;
pub mod provider;
pub mod source;
pub mod town;

/// Something a story can begin with, on either engine.
pub trait Begin: Sized {
    fn begin(engine: database::Engine) -> impl std::future::Future<Output = Self>;
}

/// Tells one story twice: `on_both!(name, |db: TestDb| { … })` makes `name::sqlite` and `name::postgres`.
#[macro_export]
macro_rules! on_both {
    ($name:ident, |$given:ident: $kind:ty| $story:block) => {
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            #[allow(unused_mut)]
            async fn story(mut $given: $kind) $story

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                let engine = $crate::support::database::Engine::Sqlite;
                story(<$kind as $crate::support::Begin>::begin(engine).await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                let engine = $crate::support::database::Engine::Postgres;
                story(<$kind as $crate::support::Begin>::begin(engine).await).await;
            }
        }
    };
}

/// Installs a Debian package, or says what to install: a story is never skipped in silence.
pub fn install(package: &str) {
    static TURN: std::sync::Mutex<()> = std::sync::Mutex::new(());
    let _turn = TURN
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    eprintln!("installing {package}, which the tests need …");
    let installed = std::process::Command::new("sh")
        .args([
            "-c",
            "apt-get update -qq && apt-get install -y -qq --no-install-recommends \"$1\"",
            "sh",
            package,
        ])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdout(std::process::Stdio::null())
        .status()
        .is_ok_and(|s| s.success());
    assert!(
        installed,
        "the tests need {package}: install it (apt-get install {package}) and run them again"
    );
}
