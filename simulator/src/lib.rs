//! A small LINE platform: the part of the Messaging API a municipality's account uses, the webhooks
//! it sends, and the phones of the people it reaches.
//!
//! It keeps LINE's manners, not only its shapes: a reply token works once and for a minute, a
//! repeated retry key answers 409, 501 recipients answer 400, the quota runs out, and people who
//! blocked the account hear nothing while the caller reads 200. Faults can be put in its way.
//!
//! ```no_run
//! # async fn story() -> Result<(), Box<dyn std::error::Error>> {
//! use line_simulator::{Options, Simulator};
//!
//! let sim = Simulator::start(Options::default())?;
//! sim.set_webhook("http://127.0.0.1:8080/line/webhook");
//! let hanako = sim.add_person("花子");
//! sim.follow(&hanako)?;
//! sim.say(&hanako, "明日のごみは？")?;
//! for bubble in sim.wait_inbox(&hanako, 1).await? {
//!     println!("{}", bubble["message"]["text"]);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! It is no load model of LINE and knows no audiences, coupons, memberships or LIFF.
#![warn(missing_docs)]

mod answer;
mod api;
mod authenticator;
mod check;
mod clock;
mod controls;
mod driver;
mod fault;
mod ids;
mod ledger;
mod menu;
mod observer;
mod options;
mod page;
mod person;
mod phone;
mod platform;
mod rate;
mod reading;
mod server;
mod webhook;
mod world;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::dev::ServerHandle;
use tokio::runtime::Runtime;

pub use authenticator::Authenticator;
pub use clock::Clock;
pub use fault::{Effect, Fault, Occurrence};
pub use ledger::ApiCall;
pub use options::{Options, Quota};
pub use webhook::{Attempt, Webhook, signature};

use platform::Platform;
use world::World;

/// What could not be done, in words for the person who wrote the test or pressed the button.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Impossible(String);

impl std::fmt::Display for Impossible {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Impossible {}

impl From<String> for Impossible {
    fn from(message: String) -> Self {
        Self(message)
    }
}

/// A running platform; it stops when dropped.
///
/// It runs on threads of its own, so that it can be used from any test and from any runtime.
#[derive(Debug)]
pub struct Simulator {
    platform: Arc<Platform>,
    api: SocketAddr,
    data: SocketAddr,
    servers: Vec<ServerHandle>,
    runtime: Option<Runtime>,
}

impl Simulator {
    /// Binds both hosts and starts to answer.
    ///
    /// # Errors
    /// If an address cannot be bound or a thread cannot be started.
    pub fn start(options: Options) -> io::Result<Self> {
        // Fails if the process has a TLS provider already, which is just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .no_proxy()
            .build()
            .map_err(io::Error::other)?;
        let api_listener = TcpListener::bind(options.listen)?;
        let data_listener = TcpListener::bind(options.data_listen)?;
        let (api, data) = (api_listener.local_addr()?, data_listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .thread_name("line-simulator")
            .enable_all()
            .build()?;
        let platform = Platform::new(World::new(options), http, runtime.handle().clone());
        let mut servers = Vec::new();
        {
            let _inside = runtime.enter();
            let (first, second) = (
                server::api_host(Arc::clone(&platform), api_listener)?,
                server::data_host(Arc::clone(&platform), data_listener)?,
            );
            servers.extend([first.handle(), second.handle()]);
            runtime.spawn(first);
            runtime.spawn(second);
        }
        Ok(Self {
            platform,
            api,
            data,
            servers,
            runtime: Some(runtime),
        })
    }

    /// The base address that stands for `https://api.line.me`.
    pub fn api_base(&self) -> String {
        format!("http://{}", self.api)
    }

    /// The base address that stands for `https://api-data.line.me`.
    pub fn data_base(&self) -> String {
        format!("http://{}", self.data)
    }

    /// Where the phone page is.
    pub fn phone_url(&self) -> String {
        format!("http://{}/", self.api)
    }

    /// Stops answering. Dropping the simulator does the same.
    pub fn stop(self) {
        drop(self);
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        let Some(runtime) = self.runtime.take() else {
            return;
        };
        let stops: Vec<_> = self
            .servers
            .iter()
            .map(|server| server.stop(false))
            .collect();
        // Waiting is not possible on a caller's runtime, so a thread of its own sees to the end.
        std::thread::spawn(move || {
            runtime.block_on(futures_util::future::join_all(stops));
            runtime.shutdown_background();
        });
    }
}
