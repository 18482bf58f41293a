//! From where REST calls may come (plugzapi-api.md 1.2): a list of addresses and networks per account, off at first.
//!
//! Every REST call asks, so each process remembers the answer for a few seconds; the process that changes a list forgets it at once.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::Duration;
use ipnet::IpNet;
use recado_event_store::StoreError;
use recado_kernel::{AccountId, Timestamp};

use super::store_code;
use crate::domain::account::{AccountCommand, IpList};
use crate::people::{PersonId, store_error};
use crate::{Accounts, Forbidden, Permission, Principal};

/// Most addresses and networks of one list.
pub const MOST_ADDRESSES: usize = 100;
/// Vault purpose of the lists.
const PURPOSE: &str = "account-ip-list";
/// How long a process may go by what it remembers.
const REMEMBERED_FOR: Duration = Duration::seconds(5);
/// Accounts remembered; all are forgotten when there are more.
const REMEMBERED: usize = 10_000;

/// The list as the account page shows it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IpListView {
    /// Are other addresses refused?
    pub active: bool,
    /// Addresses (`203.0.113.7`) and networks (`203.0.113.0/24`).
    pub addresses: Vec<String>,
}

/// Why a list was not changed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IpListError {
    /// Another role.
    #[error(transparent)]
    Forbidden(#[from] Forbidden),
    /// Not an address.
    #[error("{0} is no address")]
    NotAnAddress(String),
    /// An active list without any address would refuse everybody.
    #[error("an active list needs an address")]
    Empty,
    /// More than [`MOST_ADDRESSES`].
    #[error("too many addresses")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl IpListError {
    /// Stable name for translations.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Forbidden(_) => "forbidden",
            Self::NotAnAddress(_) => "ip_invalid",
            Self::Empty => "ip_list_empty",
            Self::TooMany => "ip_list_too_long",
            Self::Store(error) => store_code(error),
        }
    }
}

/// What this process remembers; `None`: everywhere.
#[derive(Debug, Default)]
pub(crate) struct IpLists(Mutex<HashMap<AccountId, Looked>>);

/// When the list was looked at, and what it allows; `None`: everything.
type Looked = (Timestamp, Option<Arc<[IpNet]>>);

impl IpLists {
    fn get(&self, account: AccountId, now: Timestamp) -> Option<Option<Arc<[IpNet]>>> {
        let lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        lists.get(&account).filter(|(until, _)| now < *until).map(|(_, list)| list.clone())
    }

    fn put(&self, account: AccountId, list: Option<Arc<[IpNet]>>, now: Timestamp) {
        let mut lists = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if lists.len() >= REMEMBERED {
            lists.clear();
        }
        lists.insert(account, (now + REMEMBERED_FOR, list));
    }

    fn forget(&self, account: AccountId) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&account);
    }
}

impl Accounts {
    /// The list of the principal's account.
    ///
    /// # Errors
    /// Not allowed, or the database.
    pub async fn ip_list(&self, principal: &Principal) -> Result<IpListView, IpListError> {
        let account = principal.require(Permission::ViewTokens)?;
        let loaded = self.accounts.load(&account.to_string()).await?.aggregate;
        Ok(IpListView { active: loaded.ip_list().active, addresses: self.addresses(loaded.ip_list())? })
    }

    /// Changes it. `text` holds addresses and networks, separated by lines, blanks or commas.
    ///
    /// # Errors
    /// Not allowed, what is no list, or the database.
    pub async fn change_ip_list(&self, principal: &Principal, active: bool, text: &str) -> Result<(), IpListError> {
        let account = principal.require(Permission::ManageAccount)?;
        let nets = parse(text)?;
        if active && nets.is_empty() {
            return Err(IpListError::Empty);
        }
        let written = nets.iter().map(written).collect::<Vec<_>>().join("\n");
        let list = IpList {
            active,
            protected: self.platform.vault.protect(PURPOSE, &written)?,
            digest: self.platform.vault.digest(PURPOSE, Some(account), &written),
        };
        let meta = self.meta_of(PersonId::of(principal));
        let outcome = self.accounts.execute(&account.to_string(), AccountCommand::ChangeIpList(list), meta).await;
        outcome.map_err(store_error)?;
        self.ip_lists.forget(account);
        Ok(())
    }

    /// May a REST call on this account come from this address? An unknown address only while no list is active.
    ///
    /// # Errors
    /// The database.
    pub async fn allows_address(&self, account: AccountId, address: Option<IpAddr>) -> Result<bool, StoreError> {
        let now = self.platform.now();
        let list = match self.ip_lists.get(account, now) {
            Some(list) => list,
            None => {
                let loaded = self.accounts.load(&account.to_string()).await?.aggregate;
                let addresses = if loaded.ip_list().active { Some(self.addresses(loaded.ip_list())?) } else { None };
                let nets = |addresses: Vec<String>| addresses.iter().filter_map(|text| net(text)).collect::<Arc<[IpNet]>>();
                let list = addresses.map(nets);
                self.ip_lists.put(account, list.clone(), now);
                list
            }
        };
        let Some(nets) = list else { return Ok(true) };
        Ok(address.is_some_and(|address| nets.iter().any(|net| net.contains(&address.to_canonical()))))
    }

    fn addresses(&self, list: &IpList) -> Result<Vec<String>, StoreError> {
        if list.protected.is_empty() {
            return Ok(vec![]);
        }
        let text = self.platform.vault.reveal(PURPOSE, &list.protected)?;
        Ok(text.lines().filter(|line| !line.is_empty()).map(str::to_owned).collect())
    }
}

/// One address or network, without bits behind its mask.
fn net(text: &str) -> Option<IpNet> {
    let single = |text: &str| text.parse::<IpAddr>().ok().map(|address| IpNet::from(address.to_canonical()));
    text.parse::<IpNet>().ok().map(|net| net.trunc()).or_else(|| single(text))
}

/// A network of one address is written as the address.
fn written(net: &IpNet) -> String {
    if net.prefix_len() == net.max_prefix_len() { net.addr().to_string() } else { net.to_string() }
}

fn parse(text: &str) -> Result<Vec<IpNet>, IpListError> {
    let words = text.split(|c: char| c.is_whitespace() || matches!(c, ',' | ';')).filter(|word| !word.is_empty());
    let mut nets = Vec::new();
    for word in words {
        let net = net(word).ok_or_else(|| IpListError::NotAnAddress(word.chars().take(50).collect()))?;
        if !nets.contains(&net) {
            nets.push(net);
        }
        if nets.len() > MOST_ADDRESSES {
            return Err(IpListError::TooMany);
        }
    }
    Ok(nets)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn addresses_and_networks_as_people_write_them() {
        let nets = parse("203.0.113.7, 198.51.100.77/24\n2001:db8::1;203.0.113.7").unwrap();
        assert_eq!(nets.iter().map(written).collect::<Vec<_>>(), ["203.0.113.7", "198.51.100.0/24", "2001:db8::1"]);
        assert!(parse(" \n ").unwrap().is_empty());
        for bad in ["203.0.113", "203.0.113.7/33", "example.com", "203.0.113.7 x"] {
            assert!(matches!(parse(bad), Err(IpListError::NotAnAddress(_))), "{bad}");
        }
        let many: Vec<String> = (0..=MOST_ADDRESSES).map(|n| format!("10.0.{}.{}", n / 250, n % 250)).collect();
        assert!(matches!(parse(&many.join(" ")), Err(IpListError::TooMany)));
    }
}
