//! What is known of a shuffle by looking at its lanes: the numbers of bytes in both operands, those of the second from 16 on.

/// Whether Cranelift has an instruction of SSE2 for a shuffle: the words of each half of the result from one operand, or two operands
/// interleaved. It has more; these are certain.
pub(super) fn is_sse2_shuffle(lanes: [u8; 16]) -> bool {
    is_interleaving(lanes) || words(lanes).is_some_and(|words| words[0] / 4 == words[1] / 4 && words[2] / 4 == words[3] / 4)
}

/// A shuffle of 32-bit lanes, by the lanes' numbers in both operands.
fn words(lanes: [u8; 16]) -> Option<[u8; 4]> {
    let words: Option<Vec<u8>> = lanes.chunks(4).map(word).collect();
    words?.try_into().ok()
}

/// The number of the 32-bit lane that these four bytes are, if they are one.
pub(super) fn word(bytes: &[u8]) -> Option<u8> {
    let first = bytes[0];
    let is_lane = first.is_multiple_of(4) && bytes.iter().zip(first..).all(|(byte, expected)| *byte == expected);
    is_lane.then_some(first / 4)
}

/// Lanes of both operands in turn, from the lower halves or from the upper ones.
fn is_interleaving(lanes: [u8; 16]) -> bool {
    [1_u8, 2, 4, 8].into_iter().any(|bytes| {
        [0, 8].into_iter().any(|half| {
            (0..16).zip(lanes).all(|(position, lane)| {
                let (group, byte) = (position / bytes, position % bytes);
                lane == half + group / 2 * bytes + byte + 16 * (group % 2)
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{is_sse2_shuffle, word};

    fn of_words(words: [u8; 4]) -> [u8; 16] {
        std::array::from_fn(|place| words[place / 4] * 4 + u8::try_from(place % 4).unwrap_or(0))
    }

    #[test]
    fn shuffles_are_told_apart() {
        assert!(is_sse2_shuffle(of_words([3, 2, 1, 0])) && is_sse2_shuffle(of_words([1, 1, 7, 4])));
        assert!(!is_sse2_shuffle(of_words([0, 7, 1, 6])) && is_sse2_shuffle(of_words([0, 4, 1, 5])));
        // Interleaved bytes of the upper halves, and the same with two of them exchanged.
        let mut bytes = [8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31];
        assert!(is_sse2_shuffle(bytes));
        bytes.swap(0, 1);
        assert!(!is_sse2_shuffle(bytes));
    }

    #[test]
    fn four_bytes_may_be_a_lane() {
        assert_eq!((word(&[28, 29, 30, 31]), word(&[1, 2, 3, 4]), word(&[4, 5, 7, 6])), (Some(7), None, None));
    }
}
