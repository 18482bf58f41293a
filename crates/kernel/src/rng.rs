//! Randomness as an argument.

/// A source of random bytes. The server passes the operating system's; tests pass [`SeededRng`].
pub trait Rng: Send {
    /// Fills `bytes` with random bytes.
    fn fill(&mut self, bytes: &mut [u8]);

    /// A number in `low..=high` (uniform enough for pacing and back-off, not for keys). `low` when the range is empty.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        let mut bytes = [0_u8; 8];
        self.fill(&mut bytes);
        match high.checked_sub(low) {
            None | Some(0) => low,
            Some(u64::MAX) => u64::from_le_bytes(bytes),
            Some(span) => low + u64::from_le_bytes(bytes) % (span + 1),
        }
    }
}

/// Deterministic generator for tests and simulations (SplitMix64). Never for secrets.
#[derive(Debug, Clone)]
pub struct SeededRng {
    state: u64,
}

impl SeededRng {
    /// The same seed gives the same bytes.
    #[must_use]
    pub const fn new(seed: u64) -> Self {
        Self { state: seed }
    }
}

impl Rng for SeededRng {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut z = self.state;
            z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            chunk.copy_from_slice(&(z ^ (z >> 31)).to_le_bytes()[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_stay_in_range() {
        let mut rng = SeededRng::new(1);
        assert!((0..1_000).all(|_| (3..=8).contains(&rng.between(3, 8))));
        assert_eq!(rng.between(5, 5), 5);
        assert_eq!(rng.between(5, 1), 5);
    }
}
