//! The ladder by the clock, and the first answer.

use std::collections::BTreeSet;

use kairan::calling::{Answer, Ended, NotAnswered, Side, Spared, Standing};
use kairan::emergency::moves::Act;
use kairan::policy::Channel::{Mail, Push, Sms, Voice};

use super::{Called, Ring, Who, all_of};
use crate::on_both;

/// After so many seconds, who is called how.
fn ladder() -> [(i64, BTreeSet<Called>); 6] {
    let all = [Mail, Push, Sms, Voice];
    [
        (0, all_of(Who::PrChief, &[Mail, Push, Sms])),
        (60, all_of(Who::PrChief, &[Voice])),
        (120, all_of(Who::PrChief, &[Voice])),
        (180, all_of(Who::PrDeputy, &all)),
        (300, all_of(Who::PrStaff, &all)),
        (480, all_of(Who::Duty, &all)),
    ]
}

on_both!(a_side_is_called_up_the_ladder_by_the_clock, |ring: Ring| {
    let id = ring.night.conferring().await;
    let mut at = 0;
    for (after, called) in ladder() {
        if after > 0 {
            ring.later(after - at - 1);
            assert_eq!(ring.steps().await, 0, "{after} s: too early");
            assert_eq!(ring.called(), BTreeSet::new());
            ring.later(1);
        }
        at = after;
        assert_eq!(ring.steps().await, called.len(), "each once");
        assert_eq!(ring.called(), called, "after {after} s");
        assert_eq!(ring.steps().await, 0, "and once only");
    }
    // Nobody answered, and there is nobody left.
    ring.later(60 * 60 - at);
    ring.steps().await;
    assert_eq!(ring.called(), BTreeSet::new());
    let calling = ring.newest(id).await;
    assert_eq!(calling.ended.unwrap().how, Ended::Unanswered);
    assert_eq!(calling.calls.len(), 17);
    let made = |call: &kairan::calling::Call| matches!(call.state, Standing::Made(_));
    assert!(calling.calls.iter().all(made));
});

on_both!(whoever_answers_lets_all_others_sleep, |ring: Ring| {
    for (rung, (after, called)) in ladder().into_iter().enumerate() {
        let id = ring.calls_out(Side::Concurs).await;
        let mut at = 0;
        for (step, _) in ladder().into_iter().take(rung) {
            ring.later(step - at);
            at = step;
            ring.steps().await;
        }
        ring.called();
        ring.later(after - at);
        ring.steps().await;
        // By the link in a text message; a voice has none, and that person has one from before.
        let who = called.first().unwrap().0;
        let answered = match called.contains(&(who, Sms)) {
            true => {
                let link = ring.link();
                let answered = ring.answers(&link).await.unwrap();
                let again = ring.answers(&link).await;
                assert!(matches!(again, Err(NotAnswered::Over(_))), "{again:?}");
                answered
            }
            false => {
                let tx = ring.night.hall.db.db.begin().await.unwrap();
                let answered = kairan::calling::answer(&tx, ring.now(), id, ring.person(who));
                let answered = answered.await.unwrap();
                tx.commit().await.unwrap();
                answered
            }
        };
        assert_eq!(
            answered.answered().map(|(by, _)| by),
            Some(ring.person(who))
        );
        assert_eq!(answered.took().unwrap().num_seconds(), after);
        ring.called();

        for _ in 0..10 {
            ring.later(60);
            assert_eq!(ring.steps().await, 0);
        }
        assert_eq!(ring.called(), BTreeSet::new(), "answered after {after} s");
        let calling = ring.calling(id).await;
        let later = calling
            .calls
            .iter()
            .filter(|c| c.rung.unwrap() as usize > rung);
        for call in later {
            assert_eq!(call.state, Standing::Spared(Spared::Ended), "{call:?}");
        }
    }
});

on_both!(a_call_says_no_more_than_that_it_is_one, |ring: Ring| {
    ring.night.conferring().await;
    ring.steps().await;
    let letter = ring.mail.letters().pop().unwrap();
    assert_eq!(letter.subject, "緊急配信の協議依頼 第1号");
    let pushed = ring.push.requests().pop().unwrap();
    let (_, device) = &ring.devices[&Who::PrChief];
    let shown = device.opens(&pushed);
    assert_eq!(shown["title"], "緊急配信の協議依頼 第1号");
    let sms = ring.gateway.requests().pop().unwrap().json();
    let text = sms["text"].as_str().unwrap();
    let tokens = [
        crate::calling::token(text),
        crate::calling::token(&letter.body),
        crate::calling::token(shown["url"].as_str().unwrap()),
    ];
    assert_eq!(
        text,
        format!(
            "緊急配信の協議依頼 第1号\n{}/calls/{}",
            crate::calling::SITE,
            tokens[0]
        )
    );
    assert!(letter.body.starts_with("緊急配信の協議依頼 第1号\n"));
    ring.later(60);
    ring.steps().await;
    let voice = ring.gateway.requests().pop().unwrap().json();
    assert_eq!(
        voice["text"],
        "緊急配信の協議依頼、第1号です。届いているメールまたはメッセージのリンクを開いて、応答してください。"
    );
    // Nobody guesses them, each is of one call, and the database holds none.
    use sea_orm::EntityTrait;
    let rows = entity::call::Entity::find()
        .all(ring.night.hall.db.conn())
        .await
        .unwrap();
    let kept = format!("{rows:?}");
    for token in &tokens {
        assert_eq!(token.len(), 22, "128 bits in base64url");
        assert!(!kept.contains(token.as_str()));
    }
    assert_eq!(tokens.iter().collect::<BTreeSet<_>>().len(), 3);
    let opened = kairan::calling::opened(&ring.night.hall.db, &tokens[0])
        .await
        .unwrap();
    assert_eq!(opened.unwrap().person, ring.person(Who::PrChief));
    let guessed = ring.answers("AAAAAAAAAAAAAAAAAAAAAA").await;
    assert!(matches!(guessed, Err(NotAnswered::Unknown)), "{guessed:?}");
});

on_both!(nothing_about_a_call_names_anybody, |ring: Ring| {
    let id = ring.night.conferring().await;
    ring.steps().await;
    let link = ring.link();
    ring.answers(&link).await.unwrap();
    ring.night.done(Who::PrChief, id, Act::Concur).await;
    let mut told = 0;
    for act in [
        "calling.begun",
        "calling.called",
        "calling.answered",
        "calling.ended",
    ] {
        for entry in ring.night.hall.record(act).await {
            let words = format!("{entry:?}");
            told += 1;
            for private in [
                "city.example.jp",
                // Long enough to be in no id or digest by chance.
                "9012340",
                "090-1234",
                "青葉",
                link.as_str(),
                "http",
            ] {
                assert!(!words.contains(private), "{private} in {words}");
            }
        }
    }
    // Begun, three calls, an answer, and begun again for the other side.
    assert_eq!(told, 6);
});

on_both!(a_notice_and_a_stranger_answer_nothing, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    let tx = ring.night.hall.db.db.begin().await.unwrap();
    let stranger = ring.person(Who::ThirdChief);
    let answered = kairan::calling::answer(&tx, ring.now(), id, stranger).await;
    assert!(
        matches!(answered, Err(NotAnswered::NotCalled)),
        "{answered:?}"
    );
    drop(tx);
    ring.steps().await;
    let link = ring.link();
    // Its time passes.
    ring.later(60 * 60);
    let late = ring.answers(&link).await;
    assert!(matches!(late, Err(NotAnswered::Over(_))), "{late:?}");
});

on_both!(whoever_telephones_by_hand_keeps_it, |ring: Ring| {
    let id = ring.calls_out(Side::Concurs).await;
    for (who, reached) in [
        (Who::PrChief, false),
        (Who::PrDeputy, true),
        (Who::PrStaff, true),
    ] {
        let tx = ring.night.hall.db.db.begin().await.unwrap();
        let (by, person) = (ring.person(Who::Duty), ring.person(who));
        kairan::calling::telephoned(&tx, ring.now(), by, id, person, reached)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        ring.later(30);
    }
    let calling = ring.calling(id).await;
    let deputy = ring.person(Who::PrDeputy);
    assert_eq!(calling.answered(), Some((deputy, Answer::Telephone)));
    let by_hand = calling.calls.iter().filter(|call| call.channel.is_none());
    let by_hand: Vec<_> = by_hand.map(|call| (call.person, call.by)).collect();
    let duty = Some(ring.person(Who::Duty));
    assert_eq!(
        by_hand,
        [Who::PrChief, Who::PrDeputy, Who::PrStaff].map(|who| (ring.person(who), duty))
    );
});
