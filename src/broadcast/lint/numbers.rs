//! Telephones, mail addresses, individual numbers and amounts.

use super::Slip;
use crate::policy::Profile;

/// Prefixes of services that belong to no place: free of charge, or one price everywhere.
const ANYWHERE: [&str; 5] = ["0120", "0570", "0800", "0180", "0990"];
/// Prefixes of mobile telephones.
const MOBILE: [&str; 4] = ["060", "070", "080", "090"];
/// What stands between the digits of a telephone number; the last is typed by mistake.
const HYPHENS: [char; 8] = ['-', '‐', '–', '—', '−', '(', ')', 'ー'];

/// Finds numbers and addresses that should not be there; says whether there is one to turn to.
pub(super) fn check(words: &str, profile: &Profile, slips: &mut Vec<Slip>) -> bool {
    let mut contact = false;
    for run in runs(words) {
        if is_personal(run) {
            slips.push(Slip::PersonalNumber);
            continue;
        }
        // Two numbers beside each other are parted by a blank.
        for number in run.split(' ').map(bare).filter(|number| is_phone(number)) {
            contact = true;
            let written = number.to_owned();
            match whose(number, profile) {
                Whose::Town => {}
                Whose::Person => slips.push(Slip::Mobile { written }),
                Whose::Elsewhere => slips.push(Slip::OtherPhone { written }),
            }
        }
    }
    for address in mails(words) {
        match is_own(address, profile) {
            true => contact = true,
            false => slips.push(Slip::Mail {
                written: address.to_owned(),
            }),
        }
    }
    amounts(words, slips);
    contact || short_numbers(words)
}

/// Digits, with what may stand between the digits of a number.
fn runs(words: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_digit() || HYPHENS.contains(&c) || c == ' ';
    words
        .split(move |c: char| !part(c))
        .map(str::trim)
        .filter(|run| !run.is_empty())
}

/// A number without what hangs over at its ends; a bracket around all of it is not part of it.
fn bare(run: &str) -> &str {
    let run = run.trim_end_matches('(');
    let run = run.trim_matches(|c| c != '(' && HYPHENS.contains(&c));
    let open = run.matches('(').count() > run.matches(')').count();
    run.strip_prefix('(').filter(|_| open).unwrap_or(run)
}

fn digits_of(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// Ten digits, of some services eleven, the first a nought.
/// <https://www.soumu.go.jp/main_sosiki/joho_tsusin/top/tel_number/index.html>
fn is_phone(number: &str) -> bool {
    let digits = digits_of(number);
    let eleven = MOBILE.iter().chain(&["050", "0800"]);
    let length = match eleven.clone().any(|prefix| digits.starts_with(prefix)) {
        true => 11,
        false => 10,
    };
    digits.starts_with('0') && digits.len() == length
}

/// #7119, and the numbers everybody knows where they are named as such.
fn short_numbers(words: &str) -> bool {
    let hash = words.match_indices('#').any(|(at, _)| {
        let digits = words[at + 1..].chars().take_while(char::is_ascii_digit);
        (3..=4).contains(&digits.count())
    });
    hash || ["119番", "110番", "118番", "171", "188番", "局番なし"]
        .iter()
        .any(|number| words.contains(number))
}

enum Whose {
    Town,
    Person,
    Elsewhere,
}

fn whose(number: &str, profile: &Profile) -> Whose {
    let digits = digits_of(number);
    let begins = |prefix: &&str| digits.starts_with(*prefix);
    let area = profile.inquiry.telephone.split('-').next();
    if ANYWHERE.iter().chain(area.as_ref()).any(begins) {
        Whose::Town
    } else if MOBILE.iter().any(begins) {
        Whose::Person
    } else {
        Whose::Elsewhere
    }
}

/// An individual number (個人番号): twelve digits, whole or by fours, the last of which checks the others.
/// 行政手続における特定の個人を識別するための番号の利用等に関する法律の規定による通知カード及び個人番号カード並びに
/// 情報提供ネットワークシステムによる特定個人情報の提供等に関する省令 第5条.
fn is_personal(run: &str) -> bool {
    let digits = digits_of(run);
    let plain = run == digits;
    let by_fours = run.len() == 14
        && run
            .bytes()
            .enumerate()
            .all(|(at, b)| matches!(at, 4 | 9) == matches!(b, b' ' | b'-'));
    if digits.len() != 12 || !(plain || by_fours) {
        return false;
    }
    let digits: Vec<u32> = digits.chars().filter_map(|c| c.to_digit(10)).collect();
    let weighed: u32 = digits[..11]
        .iter()
        .rev()
        .zip((2..=7).chain(2..=6))
        .map(|(digit, weight)| digit * weight)
        .sum();
    let check = match weighed % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    };
    digits[11] == check
}

fn mails(words: &str) -> Vec<&str> {
    let part = |c: char| c.is_ascii_alphanumeric() || "._%+-".contains(c);
    words
        .match_indices('@')
        .filter_map(|(at, _)| {
            let before = &words[..at];
            let start = before.rfind(|c| !part(c)).map_or(0, |i| {
                i + before[i..].chars().next().map_or(1, char::len_utf8)
            });
            let after = &words[at + 1..];
            let end = after.find(|c| !part(c)).unwrap_or(after.len());
            let host = after[..end].trim_end_matches('.');
            let whole = start < at && host.contains('.');
            whole.then(|| &words[start..at + 1 + host.len()])
        })
        .collect()
}

/// Whether an address is the town's: at a host it owns, or the one above its `www`.
fn is_own(address: &str, profile: &Profile) -> bool {
    let host = address
        .rsplit('@')
        .next()
        .unwrap_or_default()
        .to_lowercase();
    let own = &profile.links.own;
    profile.links.is_own(&host)
        || own
            .iter()
            .any(|own| own.strip_prefix("www.") == Some(&host))
}

fn amounts(words: &str, slips: &mut Vec<Slip>) {
    let part = |c: char| c.is_ascii_digit() || c == ',';
    for (at, unit) in words.match_indices(['円', '人', '名']) {
        let before = &words[..at];
        let start = before.rfind(|c| !part(c)).map_or(0, |i| {
            i + before[i..].chars().next().map_or(1, char::len_utf8)
        });
        let amount = before[start..].trim_start_matches(',');
        let mut groups = amount.split(',');
        let first = groups.next().unwrap_or_default();
        let sound = (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3);
        if amount.contains(',') && !sound {
            slips.push(Slip::Amount {
                written: format!("{amount}{unit}"),
            });
        }
    }
}
