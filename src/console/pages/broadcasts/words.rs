//! Broadcasts in words for staff.

use crate::approval::{ApprovalError, Ground, House, NotApproved, Outcome};
use crate::broadcast::{BroadcastError, phrases};
use crate::console::pages::people::words;
use crate::delivery::report::{Arrival, Fate};
use crate::delivery::{HoldReason, StopReason, Tally};
use crate::policy::{Decider, Profile};
use crate::segment::BeyondPurpose;
use crate::staff::people::Roster;
use crate::web::Errors;

/// How something arrived that has ended, and the colour of its chip.
pub(in crate::console) fn arrival(arrival: Arrival) -> (&'static str, &'static str) {
    match arrival {
        Arrival::Whole => ("配信済", "success"),
        Arrival::Partly => ("一部届かず", "warning"),
        Arrival::Unsure => ("届いたか不明", "warning"),
        Arrival::Nobody => ("届かず", "error"),
    }
}

/// Who of these was not told, or may not have been; there are some.
pub(in crate::console) fn amiss(people: &Tally) -> &'static str {
    match (people.refused + people.late, people.unknown) {
        (0, _) => "届いたかわからない方がいます",
        (_, 0) => "届かなかった方がいます",
        _ => "届かなかった方と、届いたかわからない方がいます",
    }
}

/// Whose it is: 「子育て支援課」.
pub(super) fn house(roster: &Roster, house: House) -> String {
    match house {
        House::Section(id) => {
            let known = roster.sections.get(&id);
            known.map_or_else(|| "不明な課".to_owned(), |section| section.name.clone())
        }
        House::Organisation(id) => words::organisation(roster, id),
    }
}

/// What a category is called; one that the policy no longer has, by its id.
pub(in crate::console) fn category(profile: &Profile, id: &str) -> String {
    let known = profile.category(id);
    known.map_or_else(|| id.to_owned(), |category| category.name.clone())
}

/// Who decides: 「広報課長」.
pub(in crate::console) fn decider(profile: &Profile, decider: Decider) -> String {
    let title = profile.deciders.title(decider);
    let usual = match decider {
        Decider::OwnerChief => "運営する課の課長",
        Decider::OwnerOffice => "運営する課",
        Decider::SectionChief => "所管課長",
        Decider::ContractManager => "受託者の責任者",
    };
    title.unwrap_or(usual).to_owned()
}

/// Why they decide.
pub(super) fn ground(ground: Ground) -> &'static str {
    match ground {
        Ground::Route => "運用ポリシーの決裁の道",
        Ground::Category => "認めた記録のいる分類",
        Ground::Answer => "起案者の答えを判断するため",
        Ground::OutOfHours => "勤務時間の外に配信するため",
    }
}

/// What became of a request.
pub(in crate::console) fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "決裁済",
        Outcome::Returned => "差戻し",
        Outcome::Withdrawn => "取下げ",
        Outcome::Void => "無効",
    }
}

/// Why a field cannot be asked for.
pub(super) fn beyond(beyond: &BeyondPurpose) -> String {
    format!(
        "「{}」は「{}」に使うと約束して集めたものなので、この分類の配信では使えません（{}）。",
        beyond.name, beyond.purpose, beyond.clause
    )
}

/// Why a dispatch stands still, and what to do.
pub(in crate::console) fn stopped(reason: StopReason) -> &'static str {
    match reason {
        StopReason::Asked => "職員が止めました。",
        StopReason::Quota => {
            "今月送れる通数が足りないため、自動で止まりました。残りは、緊急の配信のためにとってあります。"
        }
        StopReason::Refused => {
            "LINEがこの内容を受け付けないため、自動で止まりました。内容を直して、新しい配信として起案してください。"
        }
    }
}

/// How an envelope fared.
pub(super) fn fate(fate: Fate) -> &'static str {
    match fate {
        Fate::Accepted => "受け付けた",
        Fate::Refused => "断られた",
        Fate::Unknown => "わからない",
        Fate::Late => "期限切れ",
        Fate::Waiting => "未送信",
        Fate::InDoubt => "返事待ち",
        Fate::Empty => "宛先なし",
        Fate::Split => "分けて送りなおし",
    }
}

/// The colour of its chip.
pub(super) fn fate_chip(fate: Fate) -> &'static str {
    match fate {
        Fate::Accepted => "success",
        Fate::Refused => "error",
        Fate::Unknown | Fate::Late => "warning",
        Fate::Waiting | Fate::InDoubt => "info",
        Fate::Empty | Fate::Split => "plain",
    }
}

/// Why it fared so; nothing to be said of what went well, or has a way to go.
pub(super) fn fate_reason(fate: Fate) -> &'static str {
    match fate {
        Fate::Accepted | Fate::Waiting => "",
        Fate::Refused => "LINEがこの便を断りました。だれにも届いていません。",
        Fate::Unknown => {
            "LINEが受け付けたかもしれませんが、返事がなく、確かめられる時間を過ぎました。"
        }
        Fate::Late => "届ける期限を過ぎたので、送りませんでした。",
        Fate::InDoubt => {
            "LINEの返事を待っているか、同じ便をもう一度たずねます。二重には届きません。"
        }
        Fate::Empty => "送る前に、全員がブロックしたか登録を消しました。",
        Fate::Split => "LINEが受け付けない宛先があったため、ほかの方の分を別の便にしました。",
    }
}

/// Why nothing at all is sent.
pub(in crate::console) fn held(reason: HoldReason) -> &'static str {
    match reason {
        HoldReason::Restored => {
            "バックアップから戻したあとなので、すべての配信を止めています。二重に届かないことを確かめてから、再開してください。"
        }
        HoldReason::Unauthorised => {
            "LINEがこのアカウントの鍵を受け付けないため、すべての配信を止めています。チャネルアクセストークンを確かめてください。"
        }
    }
}

/// Why something was not done, where somebody can do something about it; `None` for what is nobody's fault.
pub(super) fn refused(error: &BroadcastError) -> Option<String> {
    match error {
        BroadcastError::NotApproved(error) => not_approved(error).map(str::to_owned),
        BroadcastError::Approval(error) => not_taken(error).map(str::to_owned),
        other => phrases::not_done(other),
    }
}

fn not_approved(error: &NotApproved) -> Option<&'static str> {
    Some(match error {
        NotApproved::NotAsked | NotApproved::Waiting => "決裁が済んでいません。",
        NotApproved::Over(_) | NotApproved::OtherContents | NotApproved::Lapsed(_) => {
            "決裁が無効になっています。もう一度、決裁に出してください。"
        }
        NotApproved::Db(_) => return None,
    })
}

/// Why a decision, or a wish for one, was not taken; `None` for what is nobody's fault.
pub(in crate::console) fn not_taken(error: &ApprovalError) -> Option<&'static str> {
    Some(match error {
        ApprovalError::NoWay => {
            "運用ポリシーに、この起案を決裁する人が書かれていません。広報課に相談してください。"
        }
        ApprovalError::NobodyDecides(_) => {
            "決裁できる人がいません。役職が空いているか、決裁する人がみな原稿を書いています。"
        }
        ApprovalError::Until => "決裁の期限が正しくありません。",
        ApprovalError::Already => "もう決裁に出ています。",
        ApprovalError::Missing | ApprovalError::Over(_) => {
            "この決裁は、もう終わっています。いまの状態を確かめてください。"
        }
        ApprovalError::Changed => {
            "読んでいるあいだに内容が変わりました。もう一度読んでから決めてください。"
        }
        ApprovalError::Own => "自分で書いたものや、前の段で認めたものは、ほかの人が決裁します。",
        ApprovalError::NotEntitled => "いまこの決裁ができるのは、別の役職の人です。",
        ApprovalError::NoReason => "差し戻す理由を、1文字から500文字までで入力してください。",
        ApprovalError::NoNote => "認めた記録を、1文字から500文字までで入力してください。",
        ApprovalError::Db(_) => return None,
    })
}

/// What is wrong with the words of a decision, by field, if they are why it was not taken.
pub(in crate::console) fn unsaid(error: &ApprovalError) -> Option<Errors> {
    let field = match error {
        ApprovalError::NoNote => "note",
        ApprovalError::NoReason => "reason",
        _ => return None,
    };
    let mut errors = Errors::default();
    errors.add(field, not_taken(error)?);
    Some(errors)
}

/// Of a draft in the category of emergencies that began with no template.
pub(super) const WITHOUT_TEMPLATE: &str =
    "緊急配信の定型文を使わずに書いた文面です。事実と言い方を、はじめから確かめてください。";

/// Of one that began with a template: whether it still says what that says.
pub(super) fn of_template(name: &str, keeps: bool) -> String {
    match keeps {
        true => format!("文面は、緊急配信の定型文「{name}」のままです。"),
        false => format!(
            "文面は、緊急配信の定型文「{name}」から書きかえられています。変えたところを確かめてください。"
        ),
    }
}
