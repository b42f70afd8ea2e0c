//! A throwaway PostgreSQL cluster, started once a run from the installed binaries and reached by a
//! socket in a temporary folder. It ends, and its folder with it, when the test program does, however
//! that ends: a shell keeps the server and waits for the pipe from us to close.

use std::io::Write;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

pub struct Cluster {
    folder: PathBuf,
    keeper: Child,
}

impl Cluster {
    /// Ends the server as a power cut would, and starts it again.
    pub fn restart(&self) {
        self.tell("stop\nstart\n");
    }

    /// Ends the server as a power cut would; nobody answers any more.
    pub fn stop(&self) {
        self.tell("stop\n");
        let socket = self.folder.join(".s.PGSQL.5432");
        wait("did not stop", || UnixStream::connect(&socket).is_err());
    }

    /// Starts it again, and waits until it is ready.
    pub fn start(&self) {
        self.tell("start\n");
        let socket = self.folder.join(".s.PGSQL.5432");
        wait("did not start", || {
            UnixStream::connect(&socket).is_ok() && ready(&self.folder)
        });
    }

    fn tell(&self, words: &str) {
        let mut told = self.keeper.stdin.as_ref().expect("the keeper listens");
        told.write_all(words.as_bytes()).expect("the keeper hears");
    }

    /// Everything in it, as a backup has it.
    pub fn dump(&self, database: &str) -> String {
        let dump = client("pg_dump").arg(self.url(database)).output();
        let dump = dump.expect("pg_dump");
        assert!(dump.status.success(), "{dump:?}");
        String::from_utf8(dump.stdout).expect("a dump")
    }

    /// A new database with what a dump has.
    pub fn restore(&self, database: &str, dump: &str) {
        let psql = |into: &str, words: &str| {
            let mut psql = client("psql");
            let psql = psql.args(["--quiet", "--set=ON_ERROR_STOP=1", &self.url(into)]);
            let psql = psql.stdin(Stdio::piped()).stdout(Stdio::null());
            let mut psql = psql.spawn().expect("psql");
            let mut hears = psql.stdin.take().expect("psql listens");
            hears.write_all(words.as_bytes()).expect("psql hears");
            drop(hears);
            assert!(psql.wait().expect("psql ends").success(), "{database}");
        };
        psql("postgres", &format!("CREATE DATABASE {database};"));
        psql(database, dump);
    }

    pub fn url(&self, database: &str) -> String {
        format!(
            "postgres://postgres@localhost/{database}?host={}",
            self.folder.display()
        )
    }
}

/// The run's one cluster.
pub fn cluster() -> &'static Cluster {
    static CLUSTER: OnceLock<Cluster> = OnceLock::new();
    CLUSTER.get_or_init(start)
}

const KEEP: &str = r#"
set -e
bin=$1; folder=$2; sync=$3
"$bin/initdb" -D "$folder/data" -A trust -U postgres -E UTF8 --locale=C.UTF-8 --no-sync >/dev/null
start() {
  "$bin/postgres" -D "$folder/data" -k "$folder" -c listen_addresses= -c max_connections=500 \
    -c fsync=$sync -c full_page_writes=$sync -c shared_buffers=128MB -c log_min_messages=fatal </dev/null >/dev/null 2>&1 &
  server=$!
}
start
trap 'kill -QUIT $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$folder"' EXIT
trap '' INT
while read -r word; do
  case $word in
    stop) kill -QUIT $server; wait $server || true ;;
    start) start ;;
  esac
done
"#;

/// A cluster of one's own.
pub fn start() -> Cluster {
    start_with("off")
}

/// One that keeps what it commits through a power cut, as a town's does.
pub fn durable() -> Cluster {
    start_with("on")
}

fn start_with(sync: &str) -> Cluster {
    let bin = binaries();
    let folder = tempfile::Builder::new()
        .prefix("kairan-pg-")
        .tempdir()
        .expect("a temporary folder")
        .keep();
    let mut keeper = Command::new("sh");
    keeper
        .args(["-c", KEEP, "sh"])
        .arg(&bin)
        .arg(&folder)
        .arg(sync);
    keeper
        .current_dir("/")
        .stdin(Stdio::piped())
        .stdout(Stdio::null());
    if number_of("-u", None) == 0 {
        // The server refuses to run as root.
        let (user, group) = (
            number_of("-u", Some("postgres")),
            number_of("-g", Some("postgres")),
        );
        std::os::unix::fs::chown(&folder, Some(user), Some(group))
            .expect("the folder changes hands");
        keeper.uid(user).gid(group);
    }
    let keeper = keeper.spawn().expect("a shell");
    wait("did not start", || ready(&folder));
    Cluster { folder, keeper }
}

fn wait(otherwise: &str, done: impl Fn() -> bool) {
    let patience = Instant::now();
    while !done() {
        assert!(
            patience.elapsed() < Duration::from_secs(60),
            "PostgreSQL {otherwise}"
        );
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// What `pg_ctl --wait` looks at: the server writes its state on the last line of its pid file.
fn ready(folder: &Path) -> bool {
    std::fs::read_to_string(folder.join("data/postmaster.pid")).is_ok_and(|state| {
        state
            .lines()
            .last()
            .is_some_and(|line| line.trim() == "ready")
    })
}

fn number_of(flag: &str, user: Option<&str>) -> u32 {
    let out = Command::new("id")
        .arg(flag)
        .args(user)
        .output()
        .expect("`id` answers");
    String::from_utf8_lossy(&out.stdout)
        .trim()
        .parse()
        .unwrap_or_else(|_| {
            panic!("there is no user {user:?}: install PostgreSQL's server package")
        })
}

/// A program that comes with the server: it may lie beside it, or where the client's programs are.
fn client(name: &str) -> Command {
    let beside = Some(binaries().join(name)).filter(|program| program.exists());
    Command::new(beside.unwrap_or_else(|| name.into()))
}

/// The folder that holds `initdb`, installing the server where we may.
fn binaries() -> PathBuf {
    find_binaries().unwrap_or_else(|| {
        super::install("postgresql");
        find_binaries().expect("the package brought initdb")
    })
}

fn find_binaries() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let mut debian: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|versions| versions.flatten().map(|v| v.path().join("bin")).collect())
        .unwrap_or_default();
    debian.sort();
    on_path
        .into_iter()
        .chain(debian.into_iter().rev())
        .find(|folder| {
            ["initdb", "postgres"]
                .iter()
                .all(|program| folder.join(program).exists())
        })
}
