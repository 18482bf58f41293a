//! How many calls to one receiver run at once in this process, and when whoever found no place comes again.
//!
//! A quick receiver may have many places, a slow one few: what is slow is not made quicker by more, and must not take what others need.
//! Whoever finds none is given a moment of its own instead of asking again and again: a thousand that wait cost a thousand claims, not a
//! thousand per second.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::Duration;
use recado_kernel::{Clock, Timestamp};
use tokio::sync::Notify;

use super::Destination;

/// How long it is believed without looking that a receiver is well.
const BELIEVED: std::time::Duration = std::time::Duration::from_secs(1);
/// Moments are given out so far ahead; then from the beginning again.
const AHEAD_MS: i64 = 30_000;
/// Distance of the moments given to those who wait for an open circuit.
const BEHIND_OPEN_MS: i64 = 10;
/// A receiver that answers within so many milliseconds is quick.
const QUICK_MS: i64 = 250;
/// How long one waits for a place of a quick receiver before it is given a moment of its own.
const PATIENCE: std::time::Duration = std::time::Duration::from_millis(200);
/// Receivers remembered; idle ones are forgotten beyond that.
const REMEMBERED: usize = 4_096;

/// The receivers of this process.
#[derive(Debug, Default)]
pub(crate) struct Places(Mutex<HashMap<Destination, Seats>>);

#[derive(Debug, Default)]
struct Seats {
    running: usize,
    /// What is usual: follows the median, so that one call that hangs among many does not count; `None` before the first.
    latency_ms: Option<i64>,
    /// The last moment given out.
    given: Option<Timestamp>,
    /// When the circuit was last seen well.
    well: Option<Instant>,
    /// Rings when a place is given back.
    freed: Arc<Notify>,
}

impl Seats {
    fn at_once(&self) -> usize {
        match self.latency_ms {
            Some(..QUICK_MS) => 64,
            None | Some(QUICK_MS..2_000) => 8,
            Some(_) => 2,
        }
    }

    /// The next moment after `from` in steps of `step` milliseconds, within the window.
    fn give(&mut self, from: Timestamp, step: i64) -> Timestamp {
        let step = Duration::milliseconds(step.max(1));
        let last = self.given.filter(|given| *given >= from && *given < from + Duration::milliseconds(AHEAD_MS));
        let next = last.unwrap_or(from) + step;
        self.given = Some(next);
        next
    }
}

/// A place; given back when dropped.
#[derive(Debug)]
pub(crate) struct Place<'a> {
    places: &'a Places,
    of: Destination,
}

impl Places {
    fn lock(&self) -> MutexGuard<'_, HashMap<Destination, Seats>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A place, or when to ask again. A quick receiver soon has one: it is waited for here, which costs a moment and no claim.
    pub(crate) async fn wait(&self, of: &Destination, clock: &dyn Clock) -> Result<Place<'_>, Timestamp> {
        let until = tokio::time::Instant::now() + PATIENCE;
        loop {
            let freed = match self.take(of, clock.now()) {
                Ok(place) => return Ok(place),
                Err(later) => match self.quick(of) {
                    Some(freed) if tokio::time::Instant::now() < until => freed,
                    _ => return Err(later),
                },
            };
            // A place that came free before this line has left its ring behind.
            drop(tokio::time::timeout_at(until, freed.notified()).await);
        }
    }

    /// The bell of a receiver that is quick.
    fn quick(&self, of: &Destination) -> Option<Arc<Notify>> {
        let all = self.lock();
        let seats = all.get(of)?;
        seats.latency_ms.is_some_and(|latency| latency < QUICK_MS).then(|| seats.freed.clone())
    }

    /// A place now, or when to ask again.
    pub(crate) fn take(&self, of: &Destination, now: Timestamp) -> Result<Place<'_>, Timestamp> {
        let mut all = self.lock();
        if all.len() >= REMEMBERED {
            all.retain(|_, seats| seats.running > 0);
        }
        let seats = all.entry(of.clone()).or_default();
        if seats.running >= seats.at_once() {
            let places = i64::try_from(seats.at_once()).unwrap_or(1);
            let step = seats.latency_ms.unwrap_or(200) / places;
            return Err(seats.give(now, step));
        }
        seats.running += 1;
        Ok(Place { places: self, of: of.clone() })
    }

    /// When whoever found the circuit open until `retry_at` comes again.
    pub(crate) fn behind(&self, of: &Destination, retry_at: Timestamp) -> Timestamp {
        self.lock().entry(of.clone()).or_default().give(retry_at, BEHIND_OPEN_MS)
    }
}

impl Place<'_> {
    fn with<T>(&self, change: impl FnOnce(&mut Seats) -> T) -> T {
        change(self.places.lock().entry(self.of.clone()).or_default())
    }

    /// Was the circuit seen well a moment ago?
    pub(crate) fn is_believed(&self) -> bool {
        self.with(|seats| seats.well.is_some_and(|seen| seen.elapsed() < BELIEVED))
    }

    /// What the circuit's row said, or a call that failed.
    pub(crate) fn saw(&self, well: bool) {
        self.with(|seats| seats.well = well.then(Instant::now));
    }

    /// How long a call took.
    pub(crate) fn took(&self, latency_ms: i32) {
        let latency = i64::from(latency_ms);
        self.with(|seats| seats.latency_ms = Some(seats.latency_ms.map_or(latency, |usual| follow(usual, latency))));
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.with(|seats| {
            seats.running = seats.running.saturating_sub(1);
            seats.freed.notify_one();
        });
    }
}

/// A step towards `latency`, the same up and down whatever its distance.
fn follow(usual: i64, latency: i64) -> i64 {
    match latency.cmp(&usual) {
        Ordering::Greater => usual + (usual * 3 / 10).max(1),
        Ordering::Less => usual - usual * 23 / 100,
        Ordering::Equal => usual,
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use recado_kernel::AccountId;
    use uuid::Uuid;

    use super::*;

    fn destination(host: &str) -> Destination {
        Destination::of(AccountId::from_uuid(Uuid::nil()), &format!("https://{host}/hook"))
    }

    #[test]
    fn a_slow_receiver_has_few_places_and_takes_none_of_the_others() {
        let (places, now) = (Places::default(), Timestamp::UNIX_EPOCH);
        let slow = destination("slow.example");
        places.take(&slow, now).unwrap().took(9_000);
        let taken: Vec<_> = (0..50).map(|_| places.take(&slow, now)).collect();
        assert_eq!(taken.iter().filter(|place| place.is_ok()).count(), 2);
        let quick = destination("quick.example");
        places.take(&quick, now).unwrap().took(5);
        let others: Vec<_> = (0..90).map(|_| places.take(&quick, now)).collect();
        assert_eq!(others.iter().filter(|place| place.is_ok()).count(), 64);
        drop((taken, others));
        assert!(places.take(&slow, now).is_ok(), "places come back");
    }

    #[test]
    fn a_call_that_hangs_now_and_then_makes_no_receiver_slow() {
        let usual = (0..1_000).map(|n| if n % 20 == 0 { 10_000 } else { 20 }).fold(20, follow);
        assert!(usual < QUICK_MS, "{usual}");
        let slow = std::iter::repeat_n(3_000, 40).fold(20, follow);
        assert!(slow >= 2_000, "{slow}");
        assert!(std::iter::repeat_n(20, 40).fold(slow, follow) < QUICK_MS, "and it recovers");
    }

    #[tokio::test]
    async fn a_quick_receivers_place_is_waited_for_and_a_slow_ones_is_not() {
        let places = Places::default();
        let clock = recado_kernel::ManualClock::at(Timestamp::UNIX_EPOCH);
        let (quick, slow) = (destination("quick.example"), destination("slow.example"));
        places.take(&quick, clock.now()).unwrap().took(5);
        let mut held: Vec<_> = (0..64).map(|_| places.take(&quick, clock.now()).unwrap()).collect();
        let (place, ()) = tokio::join!(places.wait(&quick, &clock), async { drop(held.pop()) });
        assert!(place.is_ok(), "it had the place that came back");
        assert!(places.wait(&quick, &clock).await.is_err(), "patience ends");
        places.take(&slow, clock.now()).unwrap().took(9_000);
        let _held: Vec<_> = (0..2).map(|_| places.take(&slow, clock.now()).unwrap()).collect();
        let begun = Instant::now();
        assert!(places.wait(&slow, &clock).await.is_err());
        assert!(begun.elapsed() < PATIENCE, "at once");
    }

    #[test]
    fn those_who_wait_are_spread_and_nobody_waits_for_ever() {
        let (places, now) = (Places::default(), Timestamp::UNIX_EPOCH);
        let of = destination("slow.example");
        places.take(&of, now).unwrap().took(8_000);
        let _held: Vec<_> = (0..2).map(|_| places.take(&of, now).unwrap()).collect();
        let moments: Vec<Timestamp> = (0..20).map(|_| places.take(&of, now).unwrap_err()).collect();
        assert!(moments[0] < moments[1] && moments[1] < moments[2], "one after the other");
        assert!(moments.iter().all(|at| *at > now && *at <= now + Duration::seconds(40)), "{moments:?}");
    }
}
