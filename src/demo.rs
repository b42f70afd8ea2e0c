//! `kairan demo`: the product beside a simulated LINE, with a sample town, on this machine alone.
//!
//! Nothing here is special to the demo but the two base addresses, where the same bytes would go to LINE,
//! and that a password alone lets its chiefs in.

mod broadcasts;
mod reminders;
mod staff;

use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::time::Duration;

use chrono::DateTime;
use clap::Args;
use kairan::audit::Actor;
use kairan::childcare;
use kairan::clock::{Clock, Instant};
use kairan::commands;
use kairan::config::Settings;
use kairan::db::Db;
use kairan::faq;
use kairan::garbage::{self, Options as GarbageOptions, Strictness};
use kairan::policy::{Document, Profile};
use kairan::richmenu::{self, Foreign};
use kairan::shelter;
use kairan::staff::account::Accounts;
use kairan::startup;
use kairan::table::Source;
use kairan::telemetry::{self, LogForm};
use line_simulator::{Clock as SimulatorClock, Options, Simulator};
use rust_embed::Embed;

use staff::PASSWORD;

/// The sample town, in the forms real towns publish.
#[derive(Embed)]
#[folder = "sample-town/"]
#[include = "*.csv"]
#[include = "*.toml"]
struct SampleTown;

/// The menus under the chat.
#[derive(Embed)]
#[folder = "rich-menus/"]
#[include = "*.yaml"]
#[include = "*.svg"]
struct RichMenus;

/// Where the sample town lies: its phones stand here.
const TOWN_HALL: (f64, f64) = (36.1501, 140.5552);

/// How to run the demo.
#[derive(Debug, Args)]
pub(crate) struct Demo {
    /// Where the product listens.
    #[arg(long, default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// Where the simulated LINE and its phones are.
    #[arg(long, default_value = "127.0.0.1:8090")]
    phone: SocketAddr,
    /// Keeps the town in this file; without it, it is gone when the demo ends.
    #[arg(long)]
    keep: Option<PathBuf>,
    /// Sets its clocks to this moment, from which they go on: 2026-11-21T23:40+09:00. Emergencies are for the hours in
    /// which the town hall is closed.
    #[arg(long, value_parser = moment)]
    at: Option<Instant>,
}

fn moment(text: &str) -> Result<Instant, String> {
    let minute = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M%:z");
    let at = minute.or_else(|_| DateTime::parse_from_rfc3339(text));
    let at = at.map_err(|_| {
        format!("`{text}` is no moment: write it with its time zone, as in 2026-11-21T23:40+09:00")
    })?;
    Ok(at.to_utc())
}

/// Runs it until Ctrl-C.
pub(crate) async fn run(demo: Demo) -> anyhow::Result<u8> {
    telemetry::start_logging(LogForm::Plain, "warn");
    // Both sides are ready here, as `staff::get_ready` sees to.
    let policy = text_of("policy.toml")?.replacen("live = false", "live = true", 1);
    let policy = Document::parse(policy).map_err(|faults| {
        anyhow::anyhow!(
            "sample-town/policy.toml:{}",
            faults
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })?;
    let simulator = Simulator::start(Options {
        listen: free(demo.phone),
        display_name: policy.profile.operator.account_name.clone(),
        home: TOWN_HALL,
        clock: demo
            .at
            .map_or(SimulatorClock::System, SimulatorClock::SetTo),
        redelivery: true,
        ..Options::default()
    })?;
    let folder = std::env::temp_dir().join(format!("kairan-demo-{}", std::process::id()));
    let file = match &demo.keep {
        Some(file) => file.clone(),
        None => folder.join("town.db"),
    };
    // The console reads the menus from a folder, as it does at a town's.
    std::fs::create_dir_all(&folder)?;
    let menus = folder.join("rich-menus");
    unfold(&menus)?;
    let settings = settings(&simulator, free(demo.listen), &file, &menus)?;
    let clock = demo.at.map_or_else(Clock::system, Clock::set_to);
    let db = startup::database(&settings.database_url, &settings.data_key_file).await?;
    tokio::try_join!(
        load_town(&db, clock.now()),
        show_menus(&db, &settings, &policy.profile, clock.now())
    )?;
    let counted = telemetry::start_counting()?;
    let running = startup::open(&settings, policy, clock.clone(), Some(counted)).await?;
    staff::move_in(&db, &running.accounts, clock.now()).await?;
    let profile = &running.office.rules.at(clock.now()).await?;
    broadcasts::write(&db, clock.now(), profile, &settings.public_url).await?;
    reminders::agree(&db, clock.now(), profile).await?;
    let people = staff::introduced(&db, clock.now()).await?;
    let keys = staff::get_ready(&db, &running.accounts, clock.now()).await?;
    let vouching = tokio::spawn(vouch(db, running.accounts.clone(), clock));
    simulator.set_webhook(&format!("http://{}/line/webhook", running.address));
    running.work();
    let person = simulator.add_person("あなた");
    announce(&simulator, &person, running.address, &people, &keys);
    running.finish(commands::serve::stopped_by_signal()).await;
    vouching.abort();
    simulator.stop();
    std::fs::remove_dir_all(&folder)?;
    Ok(commands::DONE)
}

/// The administrators stand beside whoever enrols a key, and say so.
async fn vouch(db: Db, accounts: Accounts, clock: Clock) {
    let mut looks = tokio::time::interval(Duration::from_secs(2));
    loop {
        looks.tick().await;
        if let Err(error) = staff::settle_keys(&db, &accounts, clock.now()).await {
            tracing::warn!(%error, "the administrators could not vouch for a new key");
        }
    }
}

fn announce(
    simulator: &Simulator,
    person: &str,
    product: SocketAddr,
    people: &str,
    keys: &[(&str, String)],
) {
    let mut links = String::new();
    for (number, link) in keys {
        links += &format!("      {number}  {link}\n");
    }
    println!(
        "\n回覧 Kairan — 汐見市（架空の市）のLINE公式アカウント\n\n\
         \x20 電話の画面 phone    {}phone/{person}\n\
         \x20 職員の画面 console  http://localhost:{}/\n\
         {people}\
         \x20     パスワードは全員 everybody's password: {PASSWORD}\n\
         \x20 サーバー   product  http://{product}/healthz\n\n\
         電話の画面で「友だち追加」を押し、「明日のごみは？」「ペットボトル」「防災」と話しかけてください。\n\
         職員の画面では、今夜20時の配信が予定され、1003の決裁を待つ配信もあります。認めると、すぐ電話に届きます。\n\
         登録したごみの日と、お子さんの月にあわせたお知らせも、決裁済みの「定期お知らせ」として、その時刻に届きます。\n\
         夜の緊急配信を試すには、二つのリンクを別々のブラウザーで開いて、それぞれの課長のパスキーを登録します\n\
         （閉庁時間だけの道です。昼は `--at 2026-11-21T23:40+09:00` のように時刻を決めて始めてください）。\n\
         6001が起案して協議を申し込み、1001が同意し、6001が送ります。\n\
         {links}\
         終わるには Ctrl-C を押します。 Press Ctrl-C to stop.\n",
        simulator.phone_url(),
        product.port(),
    );
}

/// The same settings an operator would write, with the simulator's addresses in LINE's place.
fn settings(
    simulator: &Simulator,
    listen: SocketAddr,
    file: &std::path::Path,
    menus: &std::path::Path,
) -> anyhow::Result<Settings> {
    let options = Options::default();
    let pairs = [
        ("DATABASE_URL", format!("sqlite://{}", file.display())),
        (
            "KAIRAN_DATA_KEY_FILE",
            file.with_extension("key").display().to_string(),
        ),
        ("LINE_CHANNEL_SECRET", options.channel_secret),
        ("LINE_CHANNEL_ID", options.channel_id),
        ("LINE_API_BASE", simulator.api_base()),
        ("LINE_API_DATA_BASE", simulator.data_base()),
        ("KAIRAN_RICH_MENUS", menus.display().to_string()),
        ("KAIRAN_LISTEN", listen.to_string()),
        // Passkeys are bound to names: a bare address has none.
        (
            "KAIRAN_PUBLIC_URL",
            format!("http://localhost:{}", listen.port()),
        ),
    ];
    Settings::from_lookup(|name| {
        pairs
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, value)| value.clone())
    })
    .map(|settings| Settings {
        second_factor: false,
        ..settings
    })
    .map_err(|faults| anyhow::anyhow!("the demo's own settings: {faults:?}"))
}

async fn load_town(db: &Db, now: Instant) -> anyhow::Result<()> {
    let calendar: Vec<Source> = SampleTown::iter()
        .filter_map(|path| path.strip_prefix("garbage/").map(str::to_owned))
        .map(|name| source(&format!("garbage/{name}"), &name))
        .collect::<anyhow::Result<_>>()?;
    let report = garbage::import(
        db,
        now,
        Actor::Operator,
        &calendar,
        GarbageOptions::default(),
        Strictness::Strict,
    )
    .await?;
    anyhow::ensure!(
        report.changes.is_some(),
        "sample-town/garbage: {:?}",
        report.findings
    );
    let timetable = source("childcare.csv", "childcare.csv")?;
    let report =
        childcare::import(db, now, Actor::Operator, &timetable, Strictness::Strict).await?;
    anyhow::ensure!(
        report.changes.is_some(),
        "sample-town/childcare.csv: {:?}",
        report.findings
    );
    faq::import(db, now, Actor::Operator, &source("faq.csv", "faq.csv")?).await?;
    shelter::import(db, &source("shelters.csv", "shelters.csv")?).await?;
    Ok(())
}

/// Writes the menus' files into `folder`.
fn unfold(folder: &std::path::Path) -> anyhow::Result<()> {
    for path in RichMenus::iter() {
        let file = folder.join(path.as_ref());
        if let (Some(parent), Some(menu)) = (file.parent(), RichMenus::get(&path)) {
            std::fs::create_dir_all(parent)?;
            std::fs::write(&file, menu.data)?;
        }
    }
    Ok(())
}

/// Puts the menus up, as `kairan rich-menu apply` would.
async fn show_menus(
    db: &Db,
    settings: &Settings,
    profile: &Profile,
    now: Instant,
) -> anyhow::Result<()> {
    let files = RichMenus::iter()
        .filter_map(|path| {
            let file = RichMenus::get(&path)?;
            let source = Source::new(format!("rich-menus/{path}"), file.data.into_owned());
            Some((path.into_owned(), source))
        })
        .collect();
    let menus = commands::rich_menu::check(profile, files)
        .map_err(|findings| anyhow::anyhow!("rich-menus: {findings:?}"))?;
    let line = startup::line(settings)?;
    let found = richmenu::look(db, &line, now).await?;
    let plan = richmenu::plan(&menus, &found, Foreign::Leave);
    richmenu::apply(db, &line, now, plan).await?;
    Ok(())
}

fn source(path: &str, name: &str) -> anyhow::Result<Source> {
    let file =
        SampleTown::get(path).ok_or_else(|| anyhow::anyhow!("sample-town/{path} is missing"))?;
    Ok(Source::new(name, file.data.into_owned()))
}

fn text_of(path: &str) -> anyhow::Result<String> {
    let file =
        SampleTown::get(path).ok_or_else(|| anyhow::anyhow!("sample-town/{path} is missing"))?;
    Ok(String::from_utf8(file.data.into_owned())?)
}

/// `wanted`, or any free port beside it when another program has it.
fn free(wanted: SocketAddr) -> SocketAddr {
    TcpListener::bind(wanted)
        .or_else(|_| TcpListener::bind((wanted.ip(), 0)))
        .and_then(|listener| listener.local_addr())
        .unwrap_or(wanted)
}
