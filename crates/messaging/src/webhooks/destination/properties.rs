//! Whatever happens in whatever order, the circuit keeps its promises.

use chrono::Duration;
use proptest::prelude::*;
use recado_kernel::Timestamp;

use super::breaker::{Breaker, OPENS_AFTER, Permit};

#[derive(Debug, Clone)]
enum Step {
    Ask,
    Succeed,
    Fail,
    Hurry,
    Pass(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        4 => Just(Step::Ask),
        1 => Just(Step::Succeed),
        6 => Just(Step::Fail),
        1 => Just(Step::Hurry),
        3 => (0..400_i64).prop_map(Step::Pass),
    ];
    proptest::collection::vec(step, 0..200)
}

proptest! {
    #[test]
    fn it_opens_in_time_probes_alone_and_always_comes_back(steps in steps()) {
        let mut now = Timestamp::UNIX_EPOCH;
        let mut breaker = Breaker::default();
        let mut in_a_row = 0;
        let mut probe_until: Option<Timestamp> = None;
        for step in steps {
            let was_open = breaker.open.is_some();
            match step {
                Step::Pass(seconds) => now += Duration::seconds(seconds),
                Step::Hurry => {
                    breaker.hurry(now);
                    probe_until = None;
                    prop_assert_eq!(breaker.open.is_some(), was_open, "hurry neither opens nor closes");
                }
                Step::Ask => match breaker.ask(now) {
                    Permit::Go => prop_assert!(!was_open, "an open circuit lets nobody pass"),
                    Permit::Probe => {
                        prop_assert!(was_open);
                        prop_assert!(probe_until.is_none_or(|until| until <= now), "two probes at once");
                        probe_until = Some(now + Duration::seconds(20));
                    }
                    Permit::Wait(until) => {
                        prop_assert!(was_open && until > now, "whoever waits waits for a moment to come");
                        prop_assert!(until <= now + Duration::seconds(300), "nobody waits longer than the longest pause");
                    }
                },
                Step::Succeed => {
                    breaker.succeeded();
                    (in_a_row, probe_until) = (0, None);
                    prop_assert!(breaker.is_well());
                }
                Step::Fail => {
                    let probing = probe_until.take().is_some();
                    breaker.failed(now, probing);
                    in_a_row += 1;
                    if was_open {
                        prop_assert!(breaker.open.is_some(), "no failure closes it");
                    } else {
                        prop_assert_eq!(breaker.open.is_some(), in_a_row >= OPENS_AFTER);
                    }
                }
            }
            // From every state there is a way out that needs nothing but time and one good answer.
            let mut later = breaker.clone();
            let permit = later.ask(now + Duration::seconds(301));
            prop_assert!(matches!(permit, Permit::Go | Permit::Probe), "{permit:?}");
        }
    }
}
