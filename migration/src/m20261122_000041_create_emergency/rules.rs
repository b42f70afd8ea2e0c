//! What the database refuses by itself.

use crate::rule::Rule;

/// From where to where; the product's table of moves says what happens on the way.
const MOVES: [(&str, &str); 22] = [
    ("draft", "conferring"),
    ("conferring", "draft"),
    ("conferring", "concurred"),
    ("conferring", "declined"),
    ("conferring", "withdrawn"),
    ("conferring", "expired"),
    ("conferring", "dispatching"),
    ("concurred", "draft"),
    ("concurred", "withdrawn"),
    ("concurred", "conferring"),
    ("concurred", "expired"),
    ("concurred", "dispatching"),
    ("dispatching", "halted"),
    ("dispatching", "sent"),
    ("dispatching", "attention"),
    ("halted", "dispatching"),
    ("halted", "closed"),
    ("attention", "halted"),
    ("attention", "dispatching"),
    ("attention", "partial"),
    ("sent", "closed"),
    ("partial", "closed"),
];

/// What takes a passkey.
const CONFIRMED: &str =
    "'concur', 'send', 'send_correction', 'resume_concur', 'resume', 'accept_concur'";

const EMERGENCY: &str = "1 FROM emergency WHERE id = NEW.emergency_id";

/// That somebody confirmed it by passkey, after it came to stand where it stands.
fn confirmed(act: &str, by: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM emergency_event WHERE emergency_id = NEW.id AND act = '{act}'
             AND person_id = {by} AND digest = NEW.digest AND at >= OLD.moved_at)"
    )
}

/// That a passkey's signature over exactly this is kept.
fn signed(evidence: &str, person: &str, act: &str, digest: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM ceremony WHERE token_hash = {evidence} AND purpose = 'step_up'
             AND person_id = {person} AND act = {act} AND digest = {digest}
             AND consumed_at IS NOT NULL AND evidence IS NOT NULL)"
    )
}

pub(super) fn rules() -> Vec<Rule> {
    let mut rules = of_emergency();
    rules.extend(of_going_out());
    rules.extend(of_signatures());
    rules.extend(of_what_stays());
    rules
}

/// Where it stands, and what it says.
fn of_emergency() -> Vec<Rule> {
    let moves: Vec<String> = MOVES
        .iter()
        .map(|(from, to)| format!("(OLD.state = '{from}' AND NEW.state = '{to}')"))
        .collect();
    let frozen = [
        "issue",
        "digest",
        "submitted_by",
        "submitted_at",
        "expires_at",
    ];
    let concurred = ["concurred_by", "concurred_at", "concurred_with"];
    let sent = [
        "sent_by",
        "sent_at",
        "people",
        "dispatch_id",
        "agreement_id",
    ];
    let begun = [
        "id",
        "mode",
        "section_id",
        "corrects",
        "created_by",
        "created_at",
    ];
    [
        (
            "emergency_begins_as_draft",
            &["INSERT"] as &'static [&'static str],
            "NEW.state <> 'draft' OR NEW.version <> 1
             OR NOT EXISTS (SELECT 1 FROM installation WHERE mode = NEW.mode)"
                .to_owned(),
            "an emergency begins as a draft, in the mode of its installation",
        ),
        (
            "emergency_moves",
            &["UPDATE"],
            format!("NEW.state <> OLD.state AND NOT ({})", moves.join(" OR ")),
            "an emergency does not move so",
        ),
        (
            "emergency_stays",
            &["UPDATE"],
            differ(&begun),
            "an emergency never becomes another one, and never changes its mode",
        ),
        (
            "emergency_versions_count",
            &["UPDATE"],
            format!(
                "NEW.version NOT IN (OLD.version, OLD.version + 1)
                 OR (({}) AND NEW.state <> 'draft')",
                differ(&["version", "template"])
            ),
            "only the words of a draft change, and versions are counted one by one",
        ),
        (
            "emergency_is_frozen",
            &["UPDATE"],
            format!(
                "({}) AND NEW.state <> 'draft' AND NOT (OLD.state = 'draft' AND NEW.state = 'conferring')",
                differ(&frozen)
            ),
            "what was handed in does not change",
        ),
        (
            "emergency_agreement_is_kept",
            &["UPDATE"],
            format!(
                "({}) AND NOT (OLD.state = 'conferring' AND NEW.state = 'concurred')
                 AND NOT (OLD.state = 'concurred' AND NEW.state IN ('draft', 'conferring'))",
                differ(&concurred)
            ),
            "who agreed does not change",
        ),
        (
            "emergency_goes_out_once",
            &["UPDATE"],
            format!(
                "({}) AND NOT (OLD.state IN ('conferring', 'concurred') AND NEW.state = 'dispatching')",
                differ(&sent)
            ),
            "an emergency goes out once",
        ),
    ]
    .into_iter()
    .map(|(name, on, forbidden, says)| Rule {
        name,
        table: "emergency",
        on,
        forbidden,
        lock: &[],
        says,
    })
    .collect()
}

/// What has to be there before it is agreed to, sent, resumed or closed.
fn of_going_out() -> Vec<Rule> {
    let both_resume = "EXISTS (SELECT 1 FROM emergency_event AS theirs
             JOIN emergency_event AS ours ON ours.emergency_id = theirs.emergency_id
                 AND ours.digest = theirs.digest AND ours.person_id <> theirs.person_id
             WHERE theirs.emergency_id = NEW.id AND theirs.act = 'resume_concur' AND ours.act = 'resume'
                 AND theirs.at >= OLD.moved_at AND ours.at >= OLD.moved_at)";
    let concurred = confirmed("concur", "NEW.concurred_by");
    let sent = confirmed("send", "NEW.sent_by");
    let corrected = confirmed("send_correction", "NEW.sent_by");
    [
        (
            "emergency_is_agreed_to",
            format!("NEW.state = 'concurred' AND OLD.state <> 'concurred' AND NOT {concurred}"),
            "nobody agreed to this by passkey",
        ),
        (
            "emergency_is_not_agreed_to_by_its_writers",
            "NEW.concurred_by IS NOT NULL AND EXISTS (SELECT 1 FROM emergency_revision
                 WHERE emergency_id = NEW.id AND person_id = NEW.concurred_by)"
                .to_owned(),
            "nobody agrees to what they wrote on",
        ),
        (
            "emergency_is_sent_by_somebody",
            format!("NEW.state = 'dispatching' AND OLD.state = 'concurred' AND NOT {sent}"),
            "nobody sent this by passkey",
        ),
        (
            "emergency_is_corrected_under_an_agreement",
            format!(
                "NEW.state = 'dispatching' AND OLD.state = 'conferring' AND NOT ({corrected}
                 AND NEW.corrects IS NOT NULL AND NEW.agreement_id IS NOT NULL
                 AND EXISTS (SELECT 1 FROM emergency_agreement WHERE id = NEW.agreement_id
                     AND section_id = NEW.section_id AND ended_at IS NULL
                     AND concurring_by IS NOT NULL AND sending_by IS NOT NULL))"
            ),
            "one chief alone sends a correction only, under an agreement that both signed",
        ),
        (
            "emergency_goes_on_by_two",
            format!("NEW.state = 'dispatching' AND OLD.state = 'halted' AND NOT {both_resume}"),
            "two people let go on what was stopped",
        ),
        (
            "emergency_is_closed_by_two",
            "NEW.state = 'closed' AND OLD.state <> 'closed' AND NOT EXISTS (SELECT 1 FROM emergency_report
                 WHERE emergency_id = NEW.id AND filed_by IS NOT NULL AND confirmed_by IS NOT NULL)"
                .to_owned(),
            "an emergency is closed when its report was filed and confirmed",
        ),
    ]
    .into_iter()
    .map(|(name, forbidden, says)| Rule {
        name,
        table: "emergency",
        on: &["UPDATE"],
        forbidden,
        lock: &[],
        says,
    })
    .collect()
}

/// No signature without a passkey's.
fn of_signatures() -> Vec<Rule> {
    let event = signed(
        "NEW.evidence",
        "NEW.person_id",
        "'emergency.' || NEW.act",
        "NEW.digest",
    );
    let [concurring, sending] = ["concurring", "sending"].map(|side| {
        let signed = signed(
            &format!("NEW.{side}_evidence"),
            &format!("NEW.{side}_by"),
            "'emergency.agree'",
            "NEW.digest",
        );
        format!("(NEW.{side}_by IS NOT NULL AND NOT {signed})")
    });
    vec![
        Rule {
            name: "emergency_event_is_signed",
            table: "emergency_event",
            on: &["INSERT"],
            forbidden: format!(
                "(NEW.act IN ({CONFIRMED}) AND NEW.evidence IS NULL)
                 OR (NEW.evidence IS NOT NULL AND NOT {event})"
            ),
            lock: &[EMERGENCY],
            says: "this takes a passkey",
        },
        Rule {
            name: "emergency_agreement_is_signed",
            table: "emergency_agreement",
            on: &["INSERT", "UPDATE"],
            forbidden: format!("{concurring} OR {sending}"),
            lock: &[],
            says: "this takes a passkey",
        },
    ]
}

/// What is not changed or forgotten.
fn of_what_stays() -> Vec<Rule> {
    let mut rules = vec![
        Rule {
            name: "emergency_revision_in_draft",
            table: "emergency_revision",
            on: &["INSERT"],
            forbidden:
                "EXISTS (SELECT 1 FROM emergency WHERE id = NEW.emergency_id AND state <> 'draft')"
                    .into(),
            lock: &[EMERGENCY],
            says: "only a draft is written on",
        },
        Rule {
            name: "emergency_agreement_stays",
            table: "emergency_agreement",
            on: &["UPDATE"],
            forbidden: differ(&["id", "section_id", "from_day", "until_day", "digest", "made_at"])
                + " OR OLD.ended_at IS NOT NULL
                    OR (OLD.concurring_by IS NOT NULL AND NEW.concurring_by IS DISTINCT FROM OLD.concurring_by)
                    OR (OLD.sending_by IS NOT NULL AND NEW.sending_by IS DISTINCT FROM OLD.sending_by)",
            lock: &[],
            says: "what both signed does not change",
        },
        Rule {
            name: "emergency_report_stays",
            table: "emergency_report",
            on: &["UPDATE"],
            forbidden: "OLD.confirmed_by IS NOT NULL OR NEW.emergency_id <> OLD.emergency_id
                 OR NEW.due_at <> OLD.due_at"
                .into(),
            lock: &[],
            says: "a confirmed report does not change",
        },
    ];
    for (name, table, on) in [
        (
            "installation_keeps_its_mode",
            "installation",
            &["UPDATE", "DELETE"] as &'static [&'static str],
        ),
        ("emergency_is_kept", "emergency", &["DELETE"]),
        (
            "emergency_revision_stays",
            "emergency_revision",
            &["UPDATE", "DELETE"],
        ),
        (
            "emergency_event_stays",
            "emergency_event",
            &["UPDATE", "DELETE"],
        ),
        ("emergency_report_is_kept", "emergency_report", &["DELETE"]),
        (
            "emergency_agreement_is_not_forgotten",
            "emergency_agreement",
            &["DELETE"],
        ),
    ] {
        rules.push(Rule {
            name,
            table,
            on,
            forbidden: "TRUE".into(),
            lock: &[],
            says: "what was written, agreed to and done is not forgotten",
        });
    }
    rules
}

fn differ(columns: &[&str]) -> String {
    let differ = columns
        .iter()
        .map(|c| format!("NEW.{c} IS DISTINCT FROM OLD.{c}"));
    differ.collect::<Vec<_>>().join(" OR ")
}
