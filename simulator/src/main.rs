//! The simulator as a program of its own.

use std::net::SocketAddr;

use clap::Parser;
use line_simulator::{Options, Quota, Simulator};
use tokio::signal::unix::{SignalKind, signal};

/// A small LINE platform with phones to hold: for development, demonstrations and load runs.
#[derive(Parser)]
#[command(name = "line-simulator", version)]
struct Flags {
    /// Where the API host, the phone page and /_sim listen.
    #[arg(long, default_value = "127.0.0.1:8600")]
    listen: SocketAddr,
    /// Where the api-data host listens.
    #[arg(long, default_value = "127.0.0.1:8601")]
    data_listen: SocketAddr,
    /// Where webhooks go.
    #[arg(long)]
    webhook: Option<String>,
    /// The channel id.
    #[arg(long, default_value_t = Options::default().channel_id)]
    channel_id: String,
    /// The channel secret, which signs webhooks.
    #[arg(long, default_value_t = Options::default().channel_secret)]
    channel_secret: String,
    /// The long-lived channel access token.
    #[arg(long, default_value_t = Options::default().access_token)]
    channel_access_token: String,
    /// The account's name.
    #[arg(long, default_value_t = Options::default().display_name)]
    account_name: String,
    /// The account's basic id.
    #[arg(long, default_value_t = Options::default().basic_id)]
    basic_id: String,
    /// Messages a month; unlimited if not given.
    #[arg(long)]
    quota: Option<u64>,
    /// Deliver failed webhooks again.
    #[arg(long)]
    redelivery: bool,
    /// Do not keep LINE's rate limits.
    #[arg(long)]
    no_rate_limits: bool,
    /// People to begin with, by name; may be repeated.
    #[arg(long = "person")]
    people: Vec<String>,
    /// So many friends to begin with, for load runs.
    #[arg(long, default_value_t = 0)]
    crowd: usize,
}

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let flags = Flags::parse();
    let sim = Simulator::start(Options {
        listen: flags.listen,
        data_listen: flags.data_listen,
        webhook_url: flags.webhook,
        channel_id: flags.channel_id,
        channel_secret: flags.channel_secret,
        access_token: flags.channel_access_token,
        display_name: flags.account_name,
        basic_id: flags.basic_id,
        quota: flags.quota.map_or(Quota::Unlimited, Quota::Limited),
        redelivery: flags.redelivery,
        rate_limits: !flags.no_rate_limits,
        ..Options::default()
    })?;
    for name in &flags.people {
        sim.add_person(name);
    }
    if flags.crowd > 0 {
        sim.add_crowd(flags.crowd);
    }
    println!("phones    {}", sim.phone_url());
    println!("API       {}", sim.api_base());
    println!("API data  {}", sim.data_base());
    println!(
        "controls  {}/_sim (see simulator/README.md); Ctrl-C stops",
        sim.api_base()
    );
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        interrupted = tokio::signal::ctrl_c() => interrupted?,
        _ = terminate.recv() => {}
    }
    sim.stop();
    Ok(())
}
