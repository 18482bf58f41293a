//! The state machine of one session: pure. `step` says what a session becomes; the store makes it so by compare-and-swap.

use recado_kernel::{AccountId, InstanceId, PhoneNumber, Timestamp};

use crate::SimError;

/// Where a session stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum State {
    Idle,
    Pairing,
    Linked { phone: PhoneNumber, since: Timestamp, online: bool },
}

/// One session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub instance: InstanceId,
    pub account: AccountId,
    /// What QR codes are made from.
    pub secret: String,
    pub state: State,
    /// 0 before it was stored.
    pub generation: i64,
}

/// What may happen to a session.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    /// Codes are shown, made from this secret.
    StartPairing { secret: String },
    /// A phone scanned.
    Scan { phone: PhoneNumber, at: Timestamp },
    /// The connection closed.
    GoOffline,
    /// The connection is open again.
    GoOnline,
    /// The link is gone, or pairing given up.
    Unlink,
}

impl Session {
    pub(crate) fn new(account: AccountId, instance: InstanceId, secret: String) -> Self {
        Self { instance, account, secret, state: State::Idle, generation: 0 }
    }

    pub(crate) const fn phone(&self) -> Option<&PhoneNumber> {
        match &self.state {
            State::Linked { phone, .. } => Some(phone),
            _ => None,
        }
    }

    pub(crate) const fn is_online(&self) -> bool {
        matches!(self.state, State::Linked { online: true, .. })
    }

    /// The session after `step`; `None` when nothing changes.
    pub(crate) fn step(&self, step: Step) -> Result<Option<Self>, SimError> {
        let keep = || self.secret.clone();
        let (state, secret) = match (&self.state, step) {
            (State::Pairing | State::Linked { online: true, .. }, Step::StartPairing { .. }) | (State::Idle, Step::Unlink) => {
                return Ok(None);
            }
            (State::Idle | State::Linked { .. }, Step::StartPairing { secret }) => (State::Pairing, secret),
            (State::Linked { phone, online: true, .. }, Step::Scan { phone: again, .. }) if *phone == again => return Ok(None),
            (State::Linked { .. }, Step::Scan { .. }) => return Err(SimError::AlreadyLinked),
            (State::Idle | State::Pairing, Step::Scan { phone, at }) => {
                (State::Linked { phone, since: at, online: true }, keep())
            }
            (State::Linked { online: true, .. }, Step::GoOnline) | (State::Linked { online: false, .. }, Step::GoOffline) => {
                return Ok(None);
            }
            (State::Linked { phone, since, online }, Step::GoOnline | Step::GoOffline) => {
                (State::Linked { phone: phone.clone(), since: *since, online: !online }, keep())
            }
            (State::Idle | State::Pairing, Step::GoOnline | Step::GoOffline) => return Err(SimError::NotLinked),
            (State::Pairing | State::Linked { .. }, Step::Unlink) => (State::Idle, keep()),
        };
        Ok(Some(Self { state, secret, generation: self.generation + 1, ..self.clone() }))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    fn session() -> Session {
        Session::new(AccountId::from_uuid(uuid::Uuid::nil()), InstanceId::from_uuid(uuid::Uuid::nil()), "first".into())
    }

    fn scan(number: &str) -> Step {
        Step::Scan { phone: number.parse().unwrap(), at: Timestamp::UNIX_EPOCH }
    }

    fn pairing() -> Step {
        Step::StartPairing { secret: "second".into() }
    }

    #[test]
    fn a_session_pairs_drops_returns_and_ends() {
        let shown = session().step(pairing()).unwrap().unwrap();
        assert_eq!((shown.state.clone(), shown.secret.as_str(), shown.generation), (State::Pairing, "second", 1));
        let linked = shown.step(scan("5562900000001")).unwrap().unwrap();
        assert!(linked.is_online());
        let dropped = linked.step(Step::GoOffline).unwrap().unwrap();
        assert!(!dropped.is_online());
        assert_eq!(dropped.phone(), linked.phone());
        let back = dropped.step(Step::GoOnline).unwrap().unwrap();
        assert!(back.is_online());
        let ended = back.step(Step::Unlink).unwrap().unwrap();
        assert_eq!((ended.state.clone(), ended.generation), (State::Idle, 5));
    }

    #[test]
    fn repeats_change_nothing() {
        let linked = session().step(scan("5562900000001")).unwrap().unwrap();
        for step in [scan("5562900000001"), pairing(), Step::GoOnline] {
            assert_eq!(linked.step(step).unwrap(), None);
        }
        assert_eq!(session().step(Step::Unlink).unwrap(), None);
    }

    #[test]
    fn a_linked_session_takes_no_other_phone_and_an_empty_one_has_no_line() {
        let linked = session().step(scan("5562900000001")).unwrap().unwrap();
        assert!(matches!(linked.step(scan("5562900000002")), Err(SimError::AlreadyLinked)));
        assert!(matches!(session().step(Step::GoOnline), Err(SimError::NotLinked)));
    }
}
