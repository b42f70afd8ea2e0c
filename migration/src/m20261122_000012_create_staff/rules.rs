//! Who may hold what, kept by the database too: a mistake in the program does not make a chief.

use crate::rule::Rule;

const CHANGED: &[&str] = &["INSERT", "UPDATE"];

/// Whoever writes about a post or a person takes its row first.
const IN_TURN: &[&str] = &[
    "1 FROM post WHERE id = NEW.post_id",
    "1 FROM person WHERE id = NEW.person_id",
];

pub(super) fn rules() -> Vec<Rule> {
    let mut rules = vec![
        stays(
            "section_side_stays",
            "section",
            "NEW.owner IS DISTINCT FROM OLD.owner",
            "a section never changes sides",
        ),
        stays(
            "post_stays",
            "post",
            "NEW.kind <> OLD.kind OR NEW.section_id IS DISTINCT FROM OLD.section_id
             OR NEW.organisation_id IS DISTINCT FROM OLD.organisation_id",
            "a post never becomes another one",
        ),
        stays(
            "person_organisation_stays",
            "person",
            "NEW.organisation_id IS DISTINCT FROM OLD.organisation_id",
            "a contractor never becomes a member of staff by a change of the row",
        ),
        stays(
            "countersign_stays",
            "countersign",
            "OLD.outcome IS NOT NULL OR NEW.kind <> OLD.kind OR NEW.payload <> OLD.payload
             OR NEW.digest <> OLD.digest OR NEW.asked_by <> OLD.asked_by OR NEW.asked_at <> OLD.asked_at
             OR NEW.reason <> OLD.reason OR NEW.expires_at <> OLD.expires_at",
            "what was asked for is frozen, and what was decided stays decided",
        ),
    ];
    rules.extend(of_holdings());
    rules.extend(of_deputies());
    rules
}

fn of_holdings() -> Vec<Rule> {
    vec![
        changed(
            "holding_own_organisation",
            "holding",
            "EXISTS (SELECT 1 FROM post p, person q WHERE p.id = NEW.post_id AND q.id = NEW.person_id
                     AND p.organisation_id IS DISTINCT FROM q.organisation_id)"
                .into(),
            "posts of an organisation are held by its people, all others by staff",
        ),
        changed(
            "holding_one_chief",
            "holding",
            held("h.post_id = NEW.post_id AND p.kind = 'chief'"),
            "a chief post has one holder at a time",
        ),
        changed(
            "holding_administrator_or_chief",
            "holding",
            held(
                "h.person_id = NEW.person_id AND ((p.kind = 'chief' AND n.kind = 'administrator')
                                               OR (p.kind = 'administrator' AND n.kind = 'chief'))",
            ),
            "an administrator never holds a chief post",
        ),
        changed(
            "holding_administrator_or_deputy",
            "holding",
            deputised("d.person_id = NEW.person_id AND n.kind = 'administrator'"),
            "an administrator is never a deputy",
        ),
        changed(
            "holding_one_side",
            "holding",
            deputised(
                "d.person_id = NEW.person_id AND n.kind = 'chief' AND a.owner <> b.owner",
            ),
            "nobody stands on both sides at once",
        ),
    ]
}

fn of_deputies() -> Vec<Rule> {
    vec![
        changed(
            "deputy_of_a_chief",
            "deputy",
            "NOT EXISTS (SELECT 1 FROM post p, person q WHERE p.id = NEW.post_id AND p.kind = 'chief'
                         AND q.id = NEW.person_id AND q.organisation_id IS NULL)"
                .into(),
            "a deputy stands in for a chief, and is no contractor",
        ),
        changed(
            "deputy_no_administrator",
            "deputy",
            held("h.person_id = NEW.person_id AND p.kind = 'administrator'"),
            "an administrator is never a deputy",
        ),
        changed(
            "deputy_one_side",
            "deputy",
            format!(
                "{} OR {}",
                held("h.person_id = NEW.person_id AND p.kind = 'chief' AND a.owner <> b.owner"),
                deputised("d.person_id = NEW.person_id AND a.owner <> b.owner"),
            ),
            "nobody stands on both sides at once",
        ),
    ]
}

/// There is another holding `h` of a post `p` (section `a`) in the days of the new row, whose post is
/// `n` (section `b`), such that `what`.
fn held(what: &str) -> String {
    beside("holding h JOIN post p ON p.id = h.post_id", "h", what)
}

/// There is another deputy `d` for a post `p` (section `a`), likewise.
fn deputised(what: &str) -> String {
    beside("deputy d JOIN post p ON p.id = d.post_id", "d", what)
}

fn beside(rows: &str, row: &str, what: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM {rows} JOIN post n ON n.id = NEW.post_id
                 LEFT JOIN section a ON a.id = p.section_id LEFT JOIN section b ON b.id = n.section_id
                 WHERE {row}.id <> NEW.id AND {row}.ended_at IS NULL AND NEW.ended_at IS NULL
                 AND {row}.from_on <= coalesce(NEW.to_on, '9999-12-31')
                 AND NEW.from_on <= coalesce({row}.to_on, '9999-12-31') AND {what})"
    )
}

fn stays(
    name: &'static str,
    table: &'static str,
    forbidden: &'static str,
    says: &'static str,
) -> Rule {
    Rule {
        name,
        table,
        on: &["UPDATE"],
        forbidden: forbidden.into(),
        lock: &[],
        says,
    }
}

fn changed(name: &'static str, table: &'static str, forbidden: String, says: &'static str) -> Rule {
    Rule {
        name,
        table,
        on: CHANGED,
        forbidden,
        lock: IN_TURN,
        says,
    }
}
