//! Codes that people copy by hand: groups of letters of which none looks like another.

use crate::seal::NoRandomness;

/// Crockford's base 32.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const GROUP: usize = 4;

/// A new code of so many letters, 5 bits each: `0123-ABCD`.
///
/// # Errors
/// The system has no randomness.
pub(in crate::staff) fn code(letters: usize) -> Result<String, NoRandomness> {
    let mut bytes = vec![0; letters];
    getrandom::fill(&mut bytes)?;
    let letters: Vec<char> = bytes
        .iter()
        .map(|byte| char::from(ALPHABET[usize::from(byte % 32)]))
        .collect();
    let groups: Vec<String> = letters.chunks(GROUP).map(|g| g.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// The letters of a code, however it was typed: small letters, without hyphens, O for 0.
pub(in crate::staff) fn letters(typed: &str) -> String {
    typed
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| match c.to_ascii_uppercase() {
            'O' => '0',
            'I' | 'L' => '1',
            other => other,
        })
        .collect()
}
