//! Scripts get no code from words: the browser itself refuses what the one Trusted Types policy does not let pass.

use crate::support::Begin;
use crate::support::browser::Driver;
use crate::support::database::Engine;
use crate::support::town::Town;

const TRIED: &str = "
    const tried = (deed) => { try { deed(); return 'taken'; } catch (error) { return error.name; } };
    return [
        () => { document.createElement('script').text = 'ran = 1'; },
        () => { document.createElement('script').src = '/assets/other.js'; },
        () => { trustedTypes.createPolicy('another', { createScript: (code) => code }); },
        () => { trustedTypes.createPolicy('default', { createScript: (code) => code }); },
        () => { document.createElement('div').innerHTML = '<b>words</b>'; },
        () => { document.createElement('script').src =
            trustedTypes.defaultPolicy.createScriptURL('/service-worker.js'); },
    ].map(tried)";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn code_passes_nowhere_and_our_own_pages_go_on() {
    let town = Town::begin(Engine::Sqlite).await;
    let driver = Driver::start();
    let window = driver.window(1280, 900).await;
    window
        .goto(format!("{}/login", town.origin()))
        .await
        .unwrap();
    let tried = window.execute(TRIED, vec![]).await.unwrap();
    let tried: Vec<String> = tried.convert().unwrap();
    let no = "TypeError";
    assert_eq!(tried, [no, no, no, no, "taken", "taken"]);
    window.quit().await.unwrap();
}
