//! How many histories leave at a time: customers cannot take the turns of the staff.

use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use recado_kernel::AccountId;

/// Who takes a history along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reader {
    /// Somebody of the account.
    Customer,
    /// Support or administration.
    Staff,
}

impl Reader {
    /// Exports of this process at a time.
    const fn most(self) -> usize {
        match self {
            Self::Customer => 8,
            Self::Staff => 4,
        }
    }
}

type Taken = Mutex<HashSet<(Reader, AccountId)>>;

/// Accounts whose history is leaving just now: one file each and reader, so nobody keeps the database busy with the same rows.
static LEAVING: LazyLock<Taken> = LazyLock::new(Mutex::default);

/// Given back when the file has left, or the reader went away or stopped.
pub struct Turn {
    among: &'static Taken,
    who: (Reader, AccountId),
}

impl Turn {
    /// `None`: too many, or this account's is leaving.
    pub fn take(reader: Reader, account: AccountId) -> Option<Self> {
        Self::among(&LEAVING, reader, account)
    }

    fn among(among: &'static Taken, reader: Reader, account: AccountId) -> Option<Self> {
        let mut leaving = among.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = leaving.iter().filter(|(of, _)| *of == reader).count();
        let who = (reader, account);
        // Made only when it is taken: one that is dropped at once would give back what it never had, and wait for the lock we hold.
        (taken < reader.most() && leaving.insert(who)).then(|| Self { among, who })
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.among.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.who);
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn customers_who_take_every_turn_leave_the_staffs_alone() {
        static TAKEN: LazyLock<Taken> = LazyLock::new(Mutex::default);
        let account = |n: usize| AccountId::from_uuid(Uuid::from_u128(n as u128));
        let take = |reader, n| Turn::among(&TAKEN, reader, account(n));
        let mut customers: Vec<Turn> = (0..Reader::Customer.most()).filter_map(|n| take(Reader::Customer, n)).collect();
        assert_eq!(customers.len(), Reader::Customer.most());
        assert!(take(Reader::Customer, 99).is_none(), "no turn is left");
        let staff = take(Reader::Staff, 0);
        assert!(staff.is_some(), "of the same account, too");
        assert!(take(Reader::Staff, 0).is_none(), "one of an account at a time");
        customers.pop();
        assert!(take(Reader::Customer, 99).is_some(), "given back");
    }
}
