//! The only place that builds things: settings become a database, a LINE client, a web server, a worker
//! and a clock; and it takes them down in the order that loses nothing.

use std::future::Future;
use std::net::{SocketAddr, TcpListener};
use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::{App, HttpServer};
use futures_util::FutureExt;
use metrics_exporter_prometheus::PrometheusHandle;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::calling::{InvalidChannel, Push, Senders};
use crate::clock::Clock;
use crate::config::Settings;
use crate::console::{self, Desk, Pictures};
use crate::conversation::Town;
use crate::db::Db;
use crate::delivery::{Mark, Sender};
use crate::edition::{Kept, Published};
use crate::emergency::template::{self, Templates};
use crate::inbox::{self, Inbox};
use crate::jma::{Feed, NotFetched};
use crate::line::Identity;
use crate::line::client::{Client, ClientError, Config};
use crate::mode::Mode;
use crate::policy::{self, Document, Rules};
use crate::public::{self, Watched, Window};
use crate::richmenu::Board;
use crate::scheduler::{self, Keeper, Office, Releasing, Waking, Watching};
use crate::seal::NotUnsealed;
use crate::sso::{Provider, SsoError};
use crate::staff::account::{AccountError, Accounts, Site};
use crate::web::{Walls, walls};
use crate::webhook::worker::Worker;
use crate::webhook::{self, Door};

/// The profile that rules when none is named.
const DEFAULT_PROFILE: &str = include_str!("../policies/default.toml");
/// Seconds a request under way may still take when we are told to stop. LINE gives up after two.
const LAST_REQUESTS: u64 = 5;
/// How long a connection may be still. A proxy in front keeps its own for up to two minutes; whoever of the two closes
/// first must be the proxy, or a request that meets our close is answered with an error.
const KEEP_ALIVE: Duration = Duration::from_secs(180);

/// Why the product does not start.
#[derive(Debug, thiserror::Error)]
pub enum NotStarted {
    /// The database does not open, or cannot be brought up to date.
    #[error("DATABASE_URL: the database cannot be used: {0}")]
    Db(#[from] crate::db::DbError),
    /// Personal data cannot be opened.
    #[error("KAIRAN_DATA_KEY_FILE: {0}")]
    Sealed(#[from] NotUnsealed),
    /// The public address cannot have passkeys.
    #[error(transparent)]
    Account(#[from] AccountError),
    /// The municipality's sign-on cannot be used.
    #[error(transparent)]
    SignOn(#[from] SsoError),
    /// The LINE client cannot be built.
    #[error("LINE: {0}")]
    Line(#[from] ClientError),
    /// The policy cannot rule.
    #[error("KAIRAN_POLICY: {0}")]
    Policy(#[from] policy::Error),
    /// The database belongs to another kind of installation.
    #[error(
        "KAIRAN_MODE: this database is for `{settled}`, and the setting says `{asked}`; drills have a database, an address and a LINE account of their own"
    )]
    Mode {
        /// What the first start settled.
        settled: Mode,
        /// What the setting says.
        asked: Mode,
    },
    /// Official bulletins cannot be fetched.
    #[error("KAIRAN_JMA_FEED: {0}")]
    Bulletins(#[from] NotFetched),
    /// Staff cannot be called.
    #[error("calling staff: {0}")]
    Calling(#[from] InvalidChannel),
    /// The address is taken, or not ours.
    #[error("KAIRAN_LISTEN: {address} cannot be listened on: {cause}")]
    Listen {
        /// The address.
        address: String,
        /// What the system said.
        cause: std::io::Error,
    },
}

/// The product, open to LINE: events are stored and answered 200. [`Running::work`] answers residents.
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// How staff prove who they are.
    pub accounts: Accounts,
    /// What answers residents.
    pub worker: Worker,
    /// What sends to residents.
    pub sender: Sender,
    /// What hands the sender the broadcasts whose hour has come.
    pub releasing: Releasing,
    /// What wakes staff at night.
    pub waking: Waking,
    /// What takes official bulletins in, if there is somewhere to fetch them.
    pub watching: Option<Watching>,
    /// What runs the clock-bound jobs.
    pub office: Office,
    /// Ends it when cancelled; [`Running::finish`] waits for that.
    pub stop: CancellationToken,
    vital: Vital,
    tracker: TaskTracker,
}

/// Watches tasks without which nothing works: when one ends before it is told to, everything stops, so
/// that whoever runs the process starts it anew, instead of a server that answers nobody.
#[derive(Debug, Clone)]
struct Vital {
    stop: CancellationToken,
    failed: Arc<AtomicBool>,
}

/// Reads the policy's file.
///
/// # Errors
/// A line for each fault, with file and line.
pub fn policy(path: Option<&Path>) -> Result<Document, Vec<String>> {
    let (name, text) = match path {
        None => (
            "policies/default.toml".to_owned(),
            DEFAULT_PROFILE.to_owned(),
        ),
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|cause| {
                vec![format!(
                    "{}:1: the policy cannot be read: {cause}",
                    path.display()
                )]
            })?;
            (path.display().to_string(), text)
        }
    };
    Document::parse(text).map_err(|faults| faults.iter().map(|f| format!("{name}:{f}")).collect())
}

/// Builds the LINE client.
///
/// # Errors
/// The base addresses do not go together.
pub fn line(settings: &Settings) -> Result<Client, ClientError> {
    Client::new(Config {
        api_base: settings.api_base.clone(),
        data_base: settings.data_base.clone(),
        ..Config::new(settings.credentials.clone())
    })
}

/// What staff are called with.
///
/// # Errors
/// The HTTP library does not start.
pub fn senders(settings: &Settings) -> Result<Senders, InvalidChannel> {
    // Whom the operator of a push service may write to (RFC 8292 §2.1).
    let contact = match &settings.mail {
        Some(mail) => format!("mailto:{}", mail.from()),
        None => settings.public_url.clone(),
    };
    Ok(Senders {
        public_url: settings.public_url.clone(),
        mail: settings.mail.clone(),
        push: Some(Push::new(contact)?),
        gateway: settings.gateway.clone(),
    })
}

/// Opens the database at `url`, brings it up to date, and takes the key to its personal data from the file
/// at `key`.
///
/// # Errors
/// [`NotStarted::Db`] or [`NotStarted::Sealed`].
pub async fn database(url: &SecretString, key: &Path) -> Result<Db, NotStarted> {
    let db = Db::connect(url.expose_secret()).await?;
    db.migrate_up().await?;
    Ok(db.unsealed(key).await?)
}

/// Opens the database, brings it up to date, records what the policy's file says, and listens.
///
/// # Errors
/// See [`NotStarted`]; nothing is left running then.
pub async fn open(
    settings: &Settings,
    policy: Document,
    clock: Clock,
    counted: Option<PrometheusHandle>,
) -> Result<Running, NotStarted> {
    let line = Arc::new(line(settings)?);
    let db = database(&settings.database_url, &settings.data_key_file).await?;
    let settled = db.settle_mode(clock.now(), settings.mode).await?;
    if settled != settings.mode {
        let asked = settings.mode;
        return Err(NotStarted::Mode { settled, asked });
    }
    db.seal_anew().await?;
    policy::record(&db, &policy, clock.now()).await?;
    template::record(&db, clock.now()).await?;
    let rules = Arc::new(Rules::new(db.clone()));
    let operator = rules.at(clock.now()).await?.operator.clone();
    let site = Site {
        public_url: settings.public_url.clone(),
        name: operator.account_name,
    };
    // Whoever looks at a page is told within seconds that the database does not answer; the rest has more patience.
    let for_pages = db.for_pages(settings.database_url.expose_secret()).await?;
    let accounts = Accounts::new(for_pages.clone(), site)?;
    let sender = Sender {
        // Finding out whom to write to must not take connections from those who wait for an answer.
        db: db.apart(settings.database_url.expose_secret()).await?,
        line: Arc::clone(&line),
        clock: clock.clone(),
        wake: Arc::new(Notify::new()),
        mark: Mark::beside(&settings.data_key_file),
        rate: settings.rate,
    };
    if db.is_embedded() {
        inbox::take_back(&db).await?;
        sender.take_back().await?;
    }
    let not_listening = |cause| NotStarted::Listen {
        address: settings.listen.to_string(),
        cause,
    };
    let listener = TcpListener::bind(settings.listen).map_err(not_listening)?;
    let address = listener.local_addr().map_err(not_listening)?;

    let feed = settings.jma_feed.clone().map(Feed::new).transpose()?;
    let watching = feed.map(|feed| Watching {
        db: db.clone(),
        clock: clock.clone(),
        rules: Arc::clone(&rules),
        feed: Arc::new(feed),
    });
    let waking = Waking {
        db: db.clone(),
        clock: clock.clone(),
        senders: Arc::new(senders(settings)?),
    };
    let stop = CancellationToken::new();
    let tracker = TaskTracker::new();
    let wake = Arc::new(Notify::new());
    // Taking events in must not wait for connections that answering them holds.
    let for_events = db.apart(settings.database_url.expose_secret()).await?;
    let (inbox, writer) = Inbox::open(for_events, Arc::clone(&wake));
    let failed = Arc::new(AtomicBool::new(false));
    let vital = Vital {
        stop: stop.clone(),
        failed: Arc::clone(&failed),
    };
    tracker.spawn(vital.clone().watch("inbox", writer));
    if let Some(counted) = counted.clone() {
        tracker.spawn(upkeep(counted, stop.clone()));
    }
    let door = Arc::new(Door {
        secrets: settings.channel_secrets.clone(),
        inbox,
        clock: clock.clone(),
    });
    let watched = Watched {
        db: db.clone(),
        counted,
    };
    let identity = Arc::new(Identity::new(Arc::clone(&line)));
    let rules_of_pages = Arc::new(Rules::new(for_pages.clone()));
    let window = Window {
        db: for_pages.clone(),
        rules: Arc::clone(&rules_of_pages),
        identity: Arc::clone(&identity),
        clock: clock.clone(),
        mode: settings.mode,
    };
    let desk = Desk {
        clock: clock.clone(),
        rules: Arc::clone(&rules_of_pages),
        mode: settings.mode,
        templates: Arc::new(Templates::new(for_pages.clone())),
        town: Arc::new(Town::new(rules_of_pages)),
        db: for_pages,
        line: Arc::clone(&line),
        menus: settings.rich_menus.clone(),
        pictures: Pictures::default(),
        account: format!("{} LINE運用", operator.municipality),
        accounts: accounts.clone(),
        sign_on: settings.sso.clone().map(Provider::new).transpose()?,
        second_factor: settings.second_factor,
        identity,
        public_url: settings.public_url.clone(),
        senders: Arc::clone(&waking.senders),
        https: settings.public_url.starts_with("https://"),
    };
    let walls = Walls::new(
        desk.account.clone(),
        settings.mode,
        &settings.public_url,
        settings.trusted_proxies,
    );
    let server = HttpServer::new(move || {
        let (window, watched, desk) = (window.clone(), watched.clone(), desk.clone());
        // LINE's door stands outside the walls: it is signed, and nobody browses there.
        App::new()
            .configure(webhook::routes(Arc::clone(&door)))
            .configure(walls::around(Arc::clone(&walls), |inside| {
                inside
                    .configure(public::routes(window, watched))
                    .configure(console::routes(desk));
            }))
    })
    .keep_alive(KEEP_ALIVE)
    .workers(std::thread::available_parallelism().map_or(2, usize::from))
    .shutdown_timeout(LAST_REQUESTS)
    .disable_signals()
    .listen(listener)
    .map_err(not_listening)?
    .run();
    tracker.spawn(
        vital
            .clone()
            .watch("web server", serve(server, stop.clone())),
    );

    Ok(Running {
        address,
        accounts,
        worker: Worker {
            db: db.clone(),
            menus: Board::new(db.clone(), Arc::clone(&line)),
            line: Arc::clone(&line),
            town: Arc::new(Town::new(Arc::clone(&rules))),
            clock: clock.clone(),
            wake,
        },
        releasing: Releasing {
            db: db.clone(),
            clock: clock.clone(),
            rules: Arc::clone(&rules),
            public_url: settings.public_url.clone(),
            wake: Arc::clone(&sender.wake),
            places: Arc::new(Kept::new(Published::Garbage)),
            templates: Arc::new(Templates::new(db.clone())),
        },
        sender,
        waking,
        watching,
        office: Office {
            db,
            line,
            clock,
            rules,
            menus: settings.rich_menus.clone(),
            keeper: settings
                .mail
                .clone()
                .zip(settings.audit_mail.clone())
                .map(|(server, to)| Keeper { server, to }),
        },
        stop,
        vital,
        tracker,
    })
}

impl Running {
    /// Begins to answer residents, to send, and to run jobs.
    pub fn work(&self) {
        self.tracker
            .spawn(self.worker.clone().run(self.stop.clone()));
        let sending = self.sender.clone().run(self.stop.clone());
        self.tracker
            .spawn(self.vital.clone().watch("sender", sending));
        let releasing = self.releasing.clone().run(self.stop.clone());
        self.tracker
            .spawn(self.vital.clone().watch("releasing", releasing));
        let waking = self.waking.clone().run(self.stop.clone());
        self.tracker
            .spawn(self.vital.clone().watch("waking", waking));
        if let Some(watching) = &self.watching {
            self.tracker.spawn(watching.clone().run(self.stop.clone()));
        }
        let jobs = clock_work(self.office.clone(), self.stop.clone());
        self.tracker
            .spawn(self.vital.clone().watch("clock-bound jobs", jobs));
    }

    /// Waits until it is told to stop, by [`Running::stop`] or by `signal`, and everything begun is done.
    /// False when it stopped by itself because something vital ended.
    pub async fn finish(self, signal: impl Future<Output = ()>) -> bool {
        tokio::select! {
            () = signal => {}
            () = self.stop.cancelled() => {}
        }
        self.stop.cancel();
        self.tracker.close();
        self.tracker.wait().await;
        !self.vital.failed.load(Ordering::Relaxed)
    }
}

impl Vital {
    async fn watch(self, name: &'static str, task: impl Future<Output = ()>) {
        if AssertUnwindSafe(task).catch_unwind().await.is_err() || !self.stop.is_cancelled() {
            tracing::error!(
                task = name,
                "the {name} ended by itself; kairan stops, to be started anew"
            );
            self.failed.store(true, Ordering::Relaxed);
            self.stop.cancel();
        }
    }
}

/// Serves until told to stop; requests under way are still stored and answered.
async fn serve(server: Server, stop: CancellationToken) {
    let handle = server.handle();
    let stopping = async {
        stop.cancelled().await;
        handle.stop(true).await;
    };
    let (ended, ()) = tokio::join!(server, stopping);
    if let Err(error) = ended {
        tracing::error!(%error, "the web server ended");
    }
}

async fn clock_work(office: Office, stop: CancellationToken) {
    if let Err(error) = scheduler::run(office, stop).await {
        tracing::error!(%error, "clock-bound jobs do not run");
    }
}

async fn upkeep(counted: PrometheusHandle, stop: CancellationToken) {
    let mut every = tokio::time::interval(Duration::from_secs(5));
    loop {
        tokio::select! {
            _ = every.tick() => counted.run_upkeep(),
            () = stop.cancelled() => return,
        }
    }
}
