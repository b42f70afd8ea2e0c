//! Words that several pages share.

use crate::staff::Right;

/// Who has a right, as a refusal names them. `staff::Right` has the table.
pub fn held_by(right: Right) -> &'static str {
    match right {
        Right::SignedIn => "役職に就いている職員",
        Right::ResidentCounts => "各課の課長・担当者と監査担当",
        Right::EditAnswers | Right::EditGarbage | Right::EditChildcare | Right::SeeMenus => {
            "各課の課長と担当者"
        }
        Right::SeePeople => "広報課の職員、各課の課長、システム管理者、監査担当",
        Right::ManagePeople => "システム管理者",
        Right::Countersign => "システム管理者と広報課長",
        Right::ReadAudit => "監査担当",
        Right::SeeSettings => "広報課長、システム管理者、監査担当",
        Right::AdoptPolicy => "広報課長",
    }
}
