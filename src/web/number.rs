//! Numbers as staff read them.

/// With its thousands apart: 「23,418」.
pub fn thousands(number: u64) -> String {
    let digits = number.to_string();
    let mut apart = String::with_capacity(digits.len() * 4 / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            apart.push(',');
        }
        apart.push(digit);
    }
    apart
}

#[cfg(test)]
mod tests {
    #[test]
    fn thousands_stand_apart() {
        let read = [0, 999, 1000, 23_418, 1_000_000].map(super::thousands);
        assert_eq!(read, ["0", "999", "1,000", "23,418", "1,000,000"]);
    }
}
