//! The real program, as an operator starts it.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread::JoinHandle;
use std::time::Duration;

use line_simulator::{Options, Simulator};

use super::database::key_file;

/// Longest wait for something the program says or does.
const PATIENCE: Duration = Duration::from_secs(60);

/// `kairan` with an environment of its own, and the key of every story's database. `KAIRAN` names another binary
/// than the one built for stories: measurements take a release's.
pub fn kairan(environment: &[(&str, &str)]) -> Command {
    let built = || env!("CARGO_BIN_EXE_kairan").into();
    let mut program = Command::new(std::env::var_os("KAIRAN").unwrap_or_else(built));
    let key = [("KAIRAN_DATA_KEY_FILE", key_file())];
    let given = environment.iter().copied();
    program.env_clear().envs(key.into_iter().chain(given));
    program
}

/// Runs it to its end.
pub fn run(environment: &[(&str, &str)], words: &[&str]) -> Run {
    let output = kairan(environment).args(words).output().unwrap();
    Run::of(output)
}

/// What a program that has ended said.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Run {
    fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Writes a file; gives its path.
pub fn file(folder: &Path, name: &str, content: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, content).unwrap();
    path.display().to_string()
}

/// `kairan serve` at work.
pub struct Server {
    child: Child,
    lines: Receiver<String>,
    hears: Option<JoinHandle<String>>,
}

impl Server {
    /// Starts it and waits until it is ready.
    pub fn start(port: u16, database: &str, line: &Simulator) -> Self {
        Self::with(port, database, line, &[])
    }

    /// The same with more in its environment.
    pub fn with(port: u16, database: &str, line: &Simulator, more: &[(&str, &str)]) -> Self {
        let options = Options::default();
        let listen = format!("127.0.0.1:{port}");
        let usual = [
            ("DATABASE_URL", database),
            ("LINE_CHANNEL_SECRET", &options.channel_secret),
            ("LINE_CHANNEL_ID", &options.channel_id),
            ("LINE_API_BASE", &line.api_base()),
            ("LINE_API_DATA_BASE", &line.data_base()),
            ("KAIRAN_LISTEN", &listen),
        ];
        let mut child = kairan(&[&usual, more].concat())
            .arg("serve")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (said, lines) = channel();
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let hears = std::thread::spawn(move || {
            let mut all = String::new();
            for line in stderr.lines().map_while(Result::ok) {
                all += &line;
                all += "\n";
                drop(said.send(line));
            }
            all
        });
        let server = Self {
            child,
            lines,
            hears: Some(hears),
        };
        server.wait_for("kairan is ready");
        server
    }

    /// What the system knows of it: a file of its folder in `/proc`.
    pub fn known(&self, file: &str) -> String {
        std::fs::read_to_string(format!("/proc/{}/{file}", self.child.id())).unwrap()
    }

    /// The most memory it has had at once, in MiB.
    pub fn peak_memory(&self) -> f64 {
        let status = self.known("status");
        let line = status.lines().find(|line| line.starts_with("VmHWM:"));
        let kib = line.unwrap().split_whitespace().nth(1).unwrap();
        kib.parse::<f64>().unwrap() / 1024.0
    }

    /// Waits until it logs a line with these words.
    pub fn wait_for(&self, words: &str) {
        loop {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            if line.contains(words) {
                return;
            }
        }
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end, and gives everything it said.
    pub fn ends(mut self) -> String {
        let hears = self.hears.take().unwrap();
        self.terminate();
        hears.join().unwrap()
    }

    /// Asks it to end, and waits until it has.
    pub fn terminate(mut self) -> ExitStatus {
        self.signal("TERM");
        self.child.wait().unwrap()
    }

    /// Ends it as a fault would after which systems write core dumps.
    pub fn abort(mut self) -> ExitStatus {
        self.signal("ABRT");
        self.child.wait().unwrap()
    }

    /// Stands still from here on, as a frozen machine would, until it is woken.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    pub fn wake(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let (signal, id) = (format!("-{name}"), self.child.id().to_string());
        let told = Command::new("kill").args([signal, id]).status().unwrap();
        assert!(told.success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Already ended where a story ended it.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A port that was free a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}
