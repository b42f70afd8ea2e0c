//! Between us and LINE everything fails that can: everybody still hears once.

use std::sync::Arc;
use std::time::Duration;

use kairan::delivery::Tally;
use kairan::line::client::{ApiBase, Client, Config, Credentials};
use line_simulator::{Effect, Fault, Options};

use super::notice;
use super::post::{MULTICAST, Post};
use crate::on_both;

/// How a call fails, before LINE has it, after, or amid its answer; each strikes every tenth.
pub const FAILURES: [Effect; 7] = [
    Effect::Reset,
    Effect::LostAnswer,
    Effect::HalfBody,
    Effect::Stall,
    Effect::SlowClose,
    Effect::RateLimited,
    Effect::ServerError,
];

on_both!(
    everybody_hears_once_however_the_network_fails,
    |post: Post| {
        let base: ApiBase = post.line.api_base().parse().unwrap();
        // As in production, but for the patience.
        post.sender.line = Arc::new(
            Client::new(Config {
                api_base: base.clone(),
                data_base: base,
                timeout: Duration::from_millis(1_500),
                ..Config::new(Credentials::LongLived(
                    Options::default().access_token.into(),
                ))
            })
            .unwrap(),
        );
        let people = post.people(2_000).await;
        for effect in FAILURES {
            // Each at least once, whatever chance says.
            post.fault(effect, 1);
            let tenth = Fault::with_probability(0.1, effect);
            post.line.inject(tenth.on("POST", MULTICAST));
        }
        let mut dispatches = Vec::new();
        for number in 0..4 {
            dispatches.push(post.send(notice(&number.to_string()), &people).await);
        }
        post.work().await;
        let again = post.calls().into_iter().filter(|call| call.status == 409);
        assert!(again.count() > 0, "LINE was never asked twice");
        post.told(&people, 4);
        post.books_agree().await;
        for dispatch in dispatches {
            let all = Tally {
                accepted: 2_000,
                ..Tally::default()
            };
            assert_eq!(post.progress(dispatch).await.people, all);
        }
    }
);
