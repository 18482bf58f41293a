//! One thing of an account, as the desk's pages name it in their addresses.

use recado_kernel::AccountId;
use serde::Deserialize;

use crate::words::Words;

/// Kind and id of an aggregate.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Thing {
    /// `account`, `instance`, `message` …
    #[serde(default, rename = "tipo")]
    pub kind: String,
    /// Its id.
    #[serde(default, rename = "de")]
    pub id: String,
}

impl Thing {
    /// Where the causes of its event are told.
    pub fn causes(&self, account: AccountId, sequence: i64) -> String {
        self.address(account, "porque", sequence)
    }

    /// Where its state after an event is shown.
    pub fn state(&self, account: AccountId, sequence: i64) -> String {
        self.address(account, "estado", sequence)
    }

    fn address(&self, account: AccountId, page: &str, sequence: i64) -> String {
        let sequence = sequence.to_string();
        let query = serde_urlencoded::to_string([("tipo", &self.kind), ("de", &self.id), ("n", &sequence)]);
        format!("/suporte/contas/{account}/{page}?{}", query.unwrap_or_default())
    }

    /// The kind in words.
    pub fn kind_name(&self, words: Words) -> String {
        words.find(&format!("thing.{}", self.kind)).map_or_else(|| self.kind.clone(), str::to_owned)
    }
}
