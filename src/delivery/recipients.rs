//! Whom an envelope reaches, as it is stored: ids of residents in ascending order, each as its distance
//! from the one before in a variable-length integer (LEB128). In a large audience that is one byte a person.

/// The ids as bytes; `None` unless they ascend and are positive.
pub(super) fn encode(ids: &[i64]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(ids.len() + 8);
    let mut last = 0;
    for id in ids {
        let distance = id.checked_sub(last).filter(|distance| *distance > 0)?;
        let mut rest = distance.unsigned_abs();
        while rest >= 0x80 {
            bytes.push((rest & 0x7f) as u8 | 0x80);
            rest >>= 7;
        }
        bytes.push(rest as u8);
        last = *id;
    }
    Some(bytes)
}

/// The ids again; `None` when the bytes are not [`encode`]'s.
pub(super) fn decode(bytes: &[u8]) -> Option<Vec<i64>> {
    let mut ids = Vec::with_capacity(bytes.len());
    let (mut last, mut distance, mut shift) = (0_i64, 0_u64, 0_u32);
    for byte in bytes {
        let part = u64::from(byte & 0x7f);
        distance |= part.checked_shl(shift).filter(|at| at >> shift == part)?;
        shift += 7;
        if byte & 0x80 == 0 {
            last = last.checked_add(i64::try_from(distance).ok().filter(|d| *d > 0)?)?;
            ids.push(last);
            (distance, shift) = (0, 0);
        }
    }
    (shift == 0).then_some(ids)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn ids_read_back(ids in prop::collection::btree_set(1_i64.., 0..600)) {
            let ids: Vec<i64> = ids.into_iter().collect();
            let bytes = encode(&ids).unwrap_or_default();
            prop_assert_eq!(decode(&bytes), Some(ids));
        }

        #[test]
        fn neighbours_take_two_bytes_at_most(ids in prop::collection::btree_set(1_i64..8_000_000, 500)) {
            let ids: Vec<i64> = ids.into_iter().collect();
            let bytes = encode(&ids).unwrap_or_default();
            prop_assert!(bytes.len() <= 2 * ids.len() + 500, "{}", bytes.len());
        }

        #[test]
        fn other_bytes_never_become_people_out_of_order(bytes in prop::collection::vec(any::<u8>(), 0..100)) {
            if let Some(ids) = decode(&bytes) {
                let sorted: BTreeSet<i64> = ids.iter().copied().collect();
                prop_assert!(ids.iter().all(|id| *id > 0) && sorted.into_iter().eq(ids));
            }
        }
    }

    #[test]
    fn a_dense_envelope_takes_a_byte_a_person() {
        let ids: Vec<i64> = (1_000_000..1_000_500).collect();
        assert_eq!(encode(&ids).map(|bytes| bytes.len()), Some(502));
    }

    #[test]
    fn nobody_stands_twice_or_out_of_order() {
        for odd in [&[2_i64, 2][..], &[3, 2], &[0], &[-1]] {
            assert_eq!(encode(odd), None, "{odd:?}");
        }
        for odd in [&[0_u8][..], &[0x80], &[0xff; 11], &[5, 0]] {
            assert_eq!(decode(odd), None, "{odd:?}");
        }
    }
}
