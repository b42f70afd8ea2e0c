//! Before anybody is woken, LINE is asked whether it would take what is handed in.

use kairan::calling;
use kairan::emergency::moves::State;
use line_simulator::{Effect, Fault};

use super::emergencies::Night;
use crate::on_both;

const VALIDATE: &str = "/v2/bot/message/validate/broadcast";

impl Night {
    /// Whatever LINE is asked of the words, it answers so.
    fn line_answers(&self, effect: Effect) {
        let line = &self.town.line;
        line.clear_faults();
        line.inject(Fault::next(100, effect).on("POST", VALIDATE));
    }

    fn asked(&self) -> usize {
        let calls = self.town.line.requests();
        calls.iter().filter(|call| call.path == VALIDATE).count()
    }

    async fn is_called(&self, path: &str) -> bool {
        let id = self.find(path).await.head.id;
        let calls = calling::history(&self.town.db, id.0).await.unwrap();
        !calls.is_empty()
    }
}

on_both!(what_line_refuses_is_not_handed_in, |night: Night| {
    night.town.resident("花子").await;
    let path = night.drafts().await;
    night.line_answers(Effect::Refused);
    let said = night.refusal(&path).await;
    assert!(
        said.contains("協議に出していません（The request body has 1 error(s)）"),
        "{said}"
    );
    assert_eq!(night.find(&path).await.head.state, State::Draft);
    assert!(!night.is_called(&path).await, "nobody is woken");
    // The very words it took are handed in.
    night.town.line.clear_faults();
    let before = night.asked();
    let said = night.refusal(&path).await;
    assert!(
        said.contains("協議に出しました") && !said.contains("LINEが応答していません"),
        "{said}"
    );
    assert_eq!(night.asked(), before + 1);
    assert!(night.is_called(&path).await);
});

on_both!(a_line_that_does_not_answer_stops_nobody, |night: Night| {
    night.town.resident("花子").await;
    for effect in [Effect::ServerError, Effect::RateLimited, Effect::Reset] {
        let path = night.drafts().await;
        night.line_answers(effect);
        let said = night.refusal(&path).await;
        assert!(
            said.contains("協議に出しましたが、LINEが応答していません"),
            "{effect:?}: {said}"
        );
        assert_eq!(night.find(&path).await.head.state, State::Conferring);
    }
});
