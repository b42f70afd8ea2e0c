//! Whatever anybody writes, staff or resident, stays words: a corpus of them goes through every field of
//! every form and through what comes from outside, and every page is then opened in a real browser whose
//! content security policy must have nothing to refuse.
//!
//! Forms and pages are found by walking through the console, so a new one is covered without anybody
//! remembering. A form that takes none of the words must be taught in [`forms::VALID`].

mod corpus;
mod forms;
mod window;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use actix_web::web::{Html, get};
use actix_web::{App, HttpServer};
use kairan::audit;
use kairan::console::routes::ROUTES;
use kairan::mode::Mode;
use kairan::policy::{Document, record};
use kairan::staff::countersign::{self, Ask};
use kairan::table;
use kairan::web::{Walls, walls};
use url::form_urlencoded::byte_serialize;

use super::looks::furnished;
use super::office::Office;
use crate::staff::{named, term};
use crate::support::Begin;
use crate::support::browser::Driver;
use crate::support::console::{Staff, leads_to};
use crate::support::database::Engine;
use crate::support::town::{Town, policy};
use corpus::{WORDS, all};
use forms::{Kept, fill_every};
use window::{Looked, Window};

/// Pages of one kind that are opened; those whose name looks like one of the words first.
const OF_A_KIND: usize = 5;

/// The kind of page an address leads to: its row of the table, and what is asked of it.
fn kind(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_of = |pattern: &str| {
        let mut parts = pattern.split('/').zip(path.split('/'));
        pattern.split('/').count() == path.split('/').count()
            && parts.all(|(wanted, part)| wanted.starts_with('{') || wanted == part)
    };
    let row = ROUTES.iter().find(|row| is_of(row.path));
    let names = query.split('&').filter_map(|pair| pair.split('=').next());
    let names: BTreeSet<&str> = names.collect();
    format!("{} {names:?}", row.map_or(path, |row| row.path))
}

/// Where to begin: every page that can be opened by its path alone.
fn beginnings() -> Vec<String> {
    let public = ["/policy", "/policy/versions", "/account", "/notices"];
    let rows = ROUTES.iter().filter(|row| row.method == "GET");
    let paths = rows.map(|row| row.path).filter(|path| !path.contains('{'));
    paths.chain(public).map(str::to_owned).collect()
}

/// An address that is saved as a file or leads to another site.
fn is_no_page(path: &str) -> bool {
    let path = path.split('?').next().unwrap_or_default();
    path.contains("/export") || path.contains('.') || path.starts_with("/login/sso")
}

/// A walk through the console, gone on with by one reader after another.
struct Walk {
    /// How many pages of a kind are opened.
    most: usize,
    known: BTreeSet<String>,
    opened: BTreeMap<String, usize>,
}

impl Walk {
    fn of(most: usize) -> Self {
        Self {
            most,
            known: BTreeSet::new(),
            opened: BTreeMap::new(),
        }
    }

    /// Opens every page that this reader can reach and no one before them could, and hands each to `at`.
    async fn goes_on<F: FnMut(&str, &Looked)>(&mut self, window: &Window, mut at: F) {
        let mut ways = VecDeque::from(beginnings());
        let mut tried = BTreeSet::new();
        while let Some(path) = ways.pop_front() {
            let kind = kind(&path);
            let enough = self
                .opened
                .get(&kind)
                .is_some_and(|so_far| *so_far >= self.most);
            if enough
                || is_no_page(&path)
                || self.known.contains(&path)
                || !tried.insert(path.clone())
            {
                continue;
            }
            let looked = window.visit(&path).await;
            if looked.text.contains("この操作をする権限がありません") {
                continue;
            }
            self.known.insert(path.clone());
            *self.opened.entry(kind).or_default() += 1;
            ways.extend(looked.links.iter().cloned());
            at(&path, &looked);
        }
    }
}

/// Words that come from outside: residents' messages, the reasons two administrators give each other, a
/// new version of the policy.
async fn comes_from_outside(office: &Office) {
    let (town, hall) = (&office.town, &office.hall);
    let resident = town.resident("花子").await;
    let clerk = hall.add(&named("20999")).await;
    for word in WORDS {
        for _ in 0..2 {
            resident.says(word).await;
        }
        let ask = Ask::GrantPost {
            post: hall.childcare_chief,
            person: clerk,
            term: term("2027-04-01", "2028-03-31"),
        };
        let asked = countersign::ask(&hall.db, office.now(), hall.first, ask, word);
        let asked = asked.await.unwrap();
        let declined = countersign::decline(&hall.db, office.now(), hall.second, asked, word);
        declined.await.unwrap();
    }
    let purpose = "市政、防災、催しの情報をすばやく確かに届け、市のサービスを使いやすくします。";
    let bent = format!("'''{}'''", all());
    let bent = policy().text.replace(&format!("\"{purpose}\""), &bent);
    let bent = bent.replace("version = \"2026-04-01\"", "version = \"2026-12\"");
    let bent = Document::parse(bent).unwrap();
    record(&town.db, &bent, town.clock.now()).await.unwrap();
}

/// A list of questions made of nothing else, laid by and not yet taken over; where it waits.
async fn laid_by(staff: &Staff) -> String {
    let head = ["質問", "回答", "言い換え", "リンク", "分類"].map(str::to_owned);
    let rows = WORDS.iter().map(|word| {
        let link = "https://www.city.example.jp/";
        [word, word, word, link, word].map(str::to_owned)
    });
    let file = table::csv(std::iter::once(head).chain(rows));
    let name = "<i class=planted>.csv";
    let answer = staff.hands_in("/answers/files", name, &file).await;
    assert_eq!(answer.status(), 303);
    leads_to(&answer).to_owned()
}

/// A broadcast that is being written, so that its pages are there; something in it is worth a second look.
async fn drafted(staff: &Staff) {
    let fields = [
        ("title", "親子ひろば"),
        ("category", "city"),
        ("block-0-kind", "text"),
        ("block-0-text", "親子ひろばを開きます。"),
        ("audience", "everyone"),
        ("until-date", "2026-12-01"),
        ("until-time", "18:00"),
    ];
    let answer = staff.post("/broadcasts/new", &fields).await;
    assert_eq!(answer.status(), 303);
}

/// The newest entry of each act on record.
async fn one_of_each_act(town: &Town) -> Vec<i64> {
    let mut acts = BTreeMap::new();
    for page in 0.. {
        let query = audit::Query {
            page,
            ..Default::default()
        };
        let found = audit::search(&town.db, &query).await.unwrap();
        if found.entries.is_empty() {
            break;
        }
        for entry in found.entries {
            acts.entry(entry.act).or_insert(entry.seq);
        }
    }
    acts.into_values().collect()
}

/// As it can be compared: pages break lines where they like.
fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_anybody_writes_stays_words() {
    let office = Office::begin(Engine::Sqlite).await;
    furnished(&office).await;
    comes_from_outside(&office).await;
    let driver = Driver::start();
    let window = Window::open(&driver, &office.town.origin()).await;
    let laid_by = laid_by(&office.chief).await;
    drafted(&office.chief).await;
    let (mut kept, mut walk) = (Kept::default(), Walk::of(1));
    let mut readers = Vec::new();
    for staff in [office.first, office.chief, office.auditor] {
        staff.opens(&window.browser, "/").await;
        readers.push(fill_every(&window, &mut walk, staff, &mut kept).await);
    }
    for (kind, words) in &kept.words {
        assert!(!words.is_empty(), "{kind} took none of the words");
    }

    let (mut read, mut walk) = (plain(&kept.read), Walk::of(OF_A_KIND));
    let query: String = byte_serialize(all().as_bytes()).collect();
    let more = vec![
        laid_by,
        format!("/{query}?{query}={query}"),
        format!("/login?next={query}"),
        format!("/answers/new?word={query}"),
    ];
    let acts = one_of_each_act(&office.town).await;
    let entries = acts.iter().map(|seq| format!("/audit/{seq}")).collect();
    readers.push(office.second);
    for (staff, more) in readers.iter().zip([vec![], more, entries, vec![]]) {
        staff.opens(&window.browser, "/").await;
        walk.goes_on(&window, |_, looked| read.push_str(&plain(&looked.text)))
            .await;
        let home = window.visit("/").await;
        read.push_str(&plain(&home.text));
        for path in more {
            let looked = window.visit(&path).await;
            read.push_str(&plain(&looked.text));
        }
    }
    for word in WORDS {
        assert!(read.contains(word), "{word} can be read nowhere");
    }
    for (kind, words) in kept.words {
        let fields: BTreeSet<&str> = words.iter().map(|(field, _)| field.as_str()).collect();
        for field in fields {
            let mut words = words.iter().filter(|(of, _)| of == field);
            let read = words.any(|(_, word)| read.contains(&plain(word)));
            assert!(read, "what {kind} keeps of {field} can be read nowhere");
        }
    }
    window.browser.quit().await.unwrap();
}

/// A page with a hole: what is asked for stands in it as it came.
async fn hole(request: actix_web::HttpRequest) -> Html {
    let words = url::form_urlencoded::parse(request.query_string().as_bytes());
    let words: String = words.map(|(_, words)| words.into_owned()).collect();
    Html::new(format!("<!doctype html><title>{words}</title><p>{words}"))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_hole_would_be_noticed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let within = Walls::new("汐見市 LINE運用", Mode::Live, &origin, 0);
    let server = HttpServer::new(move || {
        let around = walls::around(within.clone(), |inside| {
            inside.route("/", get().to(hole));
        });
        App::new().route("/bare", get().to(hole)).configure(around)
    })
    .workers(1)
    .listen(listener)
    .unwrap()
    .run();
    let handle = server.handle();
    tokio::spawn(server);
    let driver = Driver::start();
    let window = Window::open(&driver, &origin).await;
    let harm = async |path: &str, words: &str| {
        let words: String = byte_serialize(words.as_bytes()).collect();
        let looked = window.look(&format!("{path}?q={words}")).await;
        looked.harm().join("\n")
    };
    assert_eq!(harm("/", "harmless").await, "");
    // Behind the walls nothing runs, and the browser says what it refused.
    for word in [
        "<script>ran=1</script>",
        "<img src=x onerror=ran=1>",
        "<svg/onload=ran=1>",
    ] {
        let harm = harm("/", word).await;
        assert!(harm.contains("refused inline"), "{word}: {harm}");
        assert!(!harm.contains("a script ran"), "{word}: {harm}");
    }
    // Without them it does.
    let ran = harm("/bare", "<script>ran=1</script>").await;
    assert!(ran.contains("a script ran"), "{ran}");
    // What breaks out is seen even where nothing runs.
    for word in [
        "</title><i class=planted>",
        "<base href=//evil.example>",
        "<a href=javascript:ran=1>a</a>",
    ] {
        assert!(harm("/", word).await.contains("planted: "), "{word}");
    }
    window.browser.quit().await.unwrap();
    handle.stop(false).await;
}
