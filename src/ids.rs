//! A type for each kind of row number, so that an area is never taken for a resident.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use uuid::{NoContext, Timestamp, Uuid};

macro_rules! row_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    };
}

row_id! {
    /// An area (地区): the unit that has a collection calendar.
    AreaId
}
row_id! {
    /// A resident (住民): the person behind one LINE user id.
    ResidentId
}
row_id! {
    /// A question of the FAQ, with its answer.
    FaqId
}
row_id! {
    /// An evacuation place, until the list is imported anew.
    ShelterId
}

/// Ids that are made here instead of counted by the database: UUIDs of version 7 (RFC 9562), which sort
/// by the time they were made.
macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl $name {
            /// A new id, made at `now`.
            pub fn new(now: DateTime<Utc>) -> Self {
                Self(made_at(now))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }

        impl std::str::FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

fn made_at(now: DateTime<Utc>) -> Uuid {
    let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
    Uuid::new_v7(Timestamp::from_unix(
        NoContext,
        seconds,
        now.timestamp_subsec_nanos(),
    ))
}

uuid_id! {
    /// A section (課).
    SectionId
}
uuid_id! {
    /// A contractor (受託者).
    OrganisationId
}
uuid_id! {
    /// A person (職員).
    PersonId
}
uuid_id! {
    /// A post (役職).
    PostId
}
uuid_id! {
    /// A holding (任命): a person's of a post.
    HoldingId
}
uuid_id! {
    /// A deputy's row (代理).
    DeputyId
}
uuid_id! {
    /// A device of a person that receives notifications.
    PushId
}
uuid_id! {
    /// An act that needs two (二人操作).
    CountersignId
}
uuid_id! {
    /// A secret to change (秘密情報の交換).
    SecretsTaskId
}
uuid_id! {
    /// Files handed in and not taken over yet (一時保管).
    UploadId
}
uuid_id! {
    /// One content on its way to one audience (送達).
    DispatchId
}
uuid_id! {
    /// A version of a rule of the childcare timetable.
    RuleId
}
uuid_id! {
    /// A request for approval (決裁).
    ApprovalId
}
uuid_id! {
    /// A picture with its rights (画像).
    MediaId
}
uuid_id! {
    /// A broadcast (配信).
    BroadcastId
}
uuid_id! {
    /// A draft sent to phones of staff (試し送り).
    TestSendId
}
uuid_id! {
    /// A broadcast to begin others with (ひな形).
    TemplateId
}
uuid_id! {
    /// A segment that is kept under a name (配信対象).
    SegmentId
}
uuid_id! {
    /// What is said to some residents on an occasion for reminders.
    ReminderGroupId
}
uuid_id! {
    /// A rule that sends by itself, as it was handed in (定期お知らせ).
    NoticeId
}
uuid_id! {
    /// An emergency (緊急配信).
    EmergencyId
}
uuid_id! {
    /// A change of the record of evacuation orders by hand.
    EvacuationChangeId
}
uuid_id! {
    /// A year's agreement to prepared corrections (年度の事前同意).
    AgreementId
}
uuid_id! {
    /// People being woken for a matter (呼出).
    CallingId
}
uuid_id! {
    /// One call of a calling.
    CallId
}
