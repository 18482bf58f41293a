//! What WhatsApp said about numbers, remembered in this process for a while: clients ask before each message (plugzapi-api.md 4). Whether a
//! number has a WhatsApp is the same for every instance, so one memory serves all. Bounded: two generations, the older is dropped when the
//! younger is full.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use chrono::Duration;
use recado_kernel::{PhoneNumber, Timestamp};

use crate::engine::directory::PhoneLookup;

/// Entries of one generation; about 20 MB when both are full.
const GENERATION: usize = 50_000;
/// A number that has a WhatsApp keeps it.
const KNOWN_FOR: Duration = Duration::minutes(10);
/// One that has none may get it any moment.
const ABSENT_FOR: Duration = Duration::minutes(1);

/// The memory of this process.
#[derive(Debug, Default)]
pub(crate) struct Lookups(Mutex<Generations>);

#[derive(Debug, Default)]
struct Generations {
    young: HashMap<PhoneNumber, Remembered>,
    old: HashMap<PhoneNumber, Remembered>,
}

#[derive(Debug, Clone)]
struct Remembered {
    lookup: PhoneLookup,
    until: Timestamp,
}

impl Lookups {
    /// What is remembered about a number, unless too old.
    pub(crate) fn get(&self, phone: &PhoneNumber, now: Timestamp) -> Option<PhoneLookup> {
        let generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let remembered = generations.young.get(phone).or_else(|| generations.old.get(phone))?;
        (now < remembered.until).then(|| remembered.lookup.clone())
    }

    /// Remembers an answer.
    pub(crate) fn put(&self, phone: &PhoneNumber, lookup: &PhoneLookup, now: Timestamp) {
        let keep = if lookup.exists { KNOWN_FOR } else { ABSENT_FOR };
        let mut generations = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if generations.young.len() >= GENERATION {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(phone.clone(), Remembered { lookup: lookup.clone(), until: now + keep });
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn lookup(number: &str, exists: bool) -> PhoneLookup {
        PhoneLookup { exists, phone: number.parse().unwrap(), lid: None }
    }

    #[test]
    fn an_answer_is_remembered_for_its_time() {
        let (memory, now) = (Lookups::default(), Timestamp::UNIX_EPOCH);
        let (there, absent) = (lookup("5562900000001", true), lookup("5562900000404", false));
        memory.put(&there.phone, &there, now);
        memory.put(&absent.phone, &absent, now);
        let later = |minutes| now + Duration::minutes(minutes);
        assert_eq!(memory.get(&there.phone, later(9)), Some(there.clone()));
        assert_eq!(memory.get(&there.phone, later(10)), None);
        assert_eq!(memory.get(&absent.phone, now), Some(absent.clone()));
        assert_eq!(memory.get(&absent.phone, later(1)), None);
    }

    #[test]
    fn the_memory_is_bounded() {
        let (memory, now) = (Lookups::default(), Timestamp::UNIX_EPOCH);
        for n in 0..3 * GENERATION {
            let one = lookup(&format!("55{:011}", 62_900_000_000_u64 + u64::try_from(n).unwrap()), true);
            memory.put(&one.phone, &one, now);
        }
        let generations = memory.0.lock().unwrap();
        assert!(generations.young.len() + generations.old.len() <= 2 * GENERATION);
    }
}
