//! The schema's history: one file a change, each with a way back, on both engines.
//! Files are frozen once released; they name their own columns and never use live entities.

use sea_orm_migration::MigrationTrait;
pub use sea_orm_migration::MigratorTrait;

mod column;
mod m20261122_000001_create_area;
mod m20261122_000002_create_resident;
mod m20261122_000003_create_webhook_event;
mod m20261122_000004_create_job_run;
mod m20261122_000005_create_garbage;
mod m20261122_000006_create_faq;
mod m20261122_000007_create_shelter;
mod m20261122_000008_create_edition;
mod m20261122_000009_create_menu_tap;
mod m20261122_000010_add_resident_letters;
mod m20261122_000011_create_audit;
mod m20261122_000012_create_staff;
mod m20261122_000013_create_account;
mod m20261122_000014_create_data_key;
mod m20261122_000015_revise_faq;
mod m20261122_000016_create_childcare_rule;
mod m20261122_000017_create_policy_version;
mod m20261122_000018_create_upload;
mod m20261122_000020_close_posts;
mod m20261122_000030_create_delivery;
mod m20261122_000031_create_segment;
mod m20261122_000032_create_approval;
mod m20261122_000033_create_media;
mod m20261122_000034_create_broadcast;
mod m20261122_000035_create_reminder;
mod m20261122_000036_create_own_line;
mod m20261122_000037_create_notice;
mod m20261122_000038_create_report;
mod m20261122_000039_extend_broadcast;
mod m20261122_000040_call_children_to_sessions;
mod m20261122_000041_create_emergency;
mod m20261122_000042_create_emergency_template;
mod m20261122_000043_reach_everybody;
mod m20261122_000044_let_emergencies_pass;
mod m20261122_000045_create_contact;
mod m20261122_000046_create_calling;
mod m20261122_000047_propose_emergency_template;
mod m20261122_000048_ask_anew_for_emergency_template;
mod m20261122_000049_remember_stops;
mod m20261122_000050_keep_what_bulletins_say;
mod m20261122_000051_remember_templates_of_broadcasts;
mod m20261122_000052_adopt_policy_by_two;
mod m20261122_000053_seal_emergencies;
mod m20261122_000054_create_heartbeat;
mod m20261123_000055_find_residents_by_area;
mod m20261123_000056_call_for_a_cause;
mod m20261123_000057_tell_of_hold;
mod m20261123_000058_create_line_link;
mod m20261123_000060_keep_changed_collections;
mod m20261123_000061_close_reminders;
mod m20261123_000062_relink_once_menus_are_there;
mod m20261123_000063_shorten_facets;
mod m20261123_000064_find_what_went_amiss;
mod m20261123_000065_leave_stopped_reminders_unsaid;
mod m20261123_000066_keep_what_is_said_to_agreements;
mod m20261123_000067_create_evacuation_change;
mod rule;

/// Every migration, oldest first.
#[derive(Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261122_000001_create_area::Migration),
            Box::new(m20261122_000002_create_resident::Migration),
            Box::new(m20261122_000003_create_webhook_event::Migration),
            Box::new(m20261122_000004_create_job_run::Migration),
            Box::new(m20261122_000005_create_garbage::Migration),
            Box::new(m20261122_000006_create_faq::Migration),
            Box::new(m20261122_000007_create_shelter::Migration),
            Box::new(m20261122_000008_create_edition::Migration),
            Box::new(m20261122_000009_create_menu_tap::Migration),
            Box::new(m20261122_000010_add_resident_letters::Migration),
            Box::new(m20261122_000011_create_audit::Migration),
            Box::new(m20261122_000012_create_staff::Migration),
            Box::new(m20261122_000013_create_account::Migration),
            Box::new(m20261122_000014_create_data_key::Migration),
            Box::new(m20261122_000015_revise_faq::Migration),
            Box::new(m20261122_000016_create_childcare_rule::Migration),
            Box::new(m20261122_000017_create_policy_version::Migration),
            Box::new(m20261122_000018_create_upload::Migration),
            Box::new(m20261122_000020_close_posts::Migration),
            Box::new(m20261122_000030_create_delivery::Migration),
            Box::new(m20261122_000031_create_segment::Migration),
            Box::new(m20261122_000032_create_approval::Migration),
            Box::new(m20261122_000033_create_media::Migration),
            Box::new(m20261122_000034_create_broadcast::Migration),
            Box::new(m20261122_000035_create_reminder::Migration),
            Box::new(m20261122_000036_create_own_line::Migration),
            Box::new(m20261122_000037_create_notice::Migration),
            Box::new(m20261122_000038_create_report::Migration),
            Box::new(m20261122_000039_extend_broadcast::Migration),
            Box::new(m20261122_000040_call_children_to_sessions::Migration),
            Box::new(m20261122_000041_create_emergency::Migration),
            Box::new(m20261122_000042_create_emergency_template::Migration),
            Box::new(m20261122_000043_reach_everybody::Migration),
            Box::new(m20261122_000044_let_emergencies_pass::Migration),
            Box::new(m20261122_000045_create_contact::Migration),
            Box::new(m20261122_000046_create_calling::Migration),
            Box::new(m20261122_000047_propose_emergency_template::Migration),
            Box::new(m20261122_000048_ask_anew_for_emergency_template::Migration),
            Box::new(m20261122_000049_remember_stops::Migration),
            Box::new(m20261122_000050_keep_what_bulletins_say::Migration),
            Box::new(m20261122_000051_remember_templates_of_broadcasts::Migration),
            Box::new(m20261122_000052_adopt_policy_by_two::Migration),
            Box::new(m20261122_000053_seal_emergencies::Migration),
            Box::new(m20261122_000054_create_heartbeat::Migration),
            Box::new(m20261123_000055_find_residents_by_area::Migration),
            Box::new(m20261123_000056_call_for_a_cause::Migration),
            Box::new(m20261123_000057_tell_of_hold::Migration),
            Box::new(m20261123_000058_create_line_link::Migration),
            Box::new(m20261123_000060_keep_changed_collections::Migration),
            Box::new(m20261123_000061_close_reminders::Migration),
            Box::new(m20261123_000062_relink_once_menus_are_there::Migration),
            Box::new(m20261123_000063_shorten_facets::Migration),
            Box::new(m20261123_000064_find_what_went_amiss::Migration),
            Box::new(m20261123_000065_leave_stopped_reminders_unsaid::Migration),
            Box::new(m20261123_000066_keep_what_is_said_to_agreements::Migration),
            Box::new(m20261123_000067_create_evacuation_change::Migration),
        ]
    }
}
