//! What an act on an emergency asks for besides a button, and what it comes to.

use crate::delivery::Progress;
use crate::emergency::Emergency;
use crate::emergency::moves::Act;
use crate::mode::Mode;

/// Nobody can know of somebody whether it arrived, and the other chief has agreed to leave it at that.
pub(super) fn open_outcome(emergency: &Emergency) -> bool {
    let events = emergency.history.iter().rev();
    let mut since_moved = events.take_while(|event| event.from == Some(event.to));
    since_moved.any(|event| event.act == Some(Act::ConcurAccept))
}

/// What of it a decision is about: whom it has not reached yet, or may not have.
pub(super) fn left(act: Act, progress: &Progress) -> Vec<(&'static str, u64)> {
    let people = &progress.people;
    match act {
        Act::ConcurResume | Act::Resume | Act::Retry => {
            vec![("これから送る人", people.waiting + people.in_doubt)]
        }
        Act::ConcurAccept | Act::Accept => [
            ("LINEが断った人", people.refused),
            ("期限を過ぎた人", people.late),
            ("届いたかわからない人", people.unknown),
        ]
        .into_iter()
        .filter(|(_, people)| *people > 0)
        .collect(),
        _ => Vec::new(),
    }
}

/// Whether the number of people has to be typed.
pub(super) fn typed(act: Act) -> bool {
    matches!(act, Act::Send | Act::SendCorrection)
}

/// What the reason is asked for, where one is.
pub(super) fn reason(act: Act) -> Option<&'static str> {
    match act {
        Act::Return => Some("どこをどう直すか"),
        Act::Decline => Some("同意しない理由"),
        Act::Accept => Some("このまま終える理由"),
        _ => None,
    }
}

/// What pressing the button comes to.
pub(super) fn outcome(act: Act, mode: Mode) -> Vec<String> {
    let drill = mode == Mode::Drill;
    let said: &[&str] = match act {
        Act::Return => &["起案に戻ります。直してから、もう一度協議に出されます。"],
        Act::Decline => &["この緊急配信は終わります。元に戻せません。"],
        Act::Withdraw => &["この緊急配信は終わります。元に戻せません。"],
        Act::Revoke => &["配信できなくなります。もう一度同意すれば配信できます。"],
        Act::Send | Act::SendCorrection if drill => &["訓練です。住民には届きません。"],
        Act::Send | Act::SendCorrection => {
            &["すぐに住民のスマートフォンが鳴ります。LINEに渡した分は、取り消せません。"]
        }
        Act::Stop => &["まだ送っていない分を送りません。もう届いた分は消せません。"],
        Act::ConcurResume => &["所管の課長が再開できるようになります。まだ何も送りません。"],
        Act::Resume => &["まだ送っていない分だけを送ります。もう届いた人には、二度届きません。"],
        Act::Retry => &["LINEが断った分だけを送りなおします。もう届いた人には、二度届きません。"],
        Act::ConcurAccept => &["届いたかわからない人がいるまま終えます。所管の課長が終えます。"],
        Act::Accept => &["届いていない人には、これから送りません。別の手段で知らせてください。"],
        _ => &[],
    };
    said.iter().map(|line| (*line).to_owned()).collect()
}
