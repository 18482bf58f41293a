//! Opening many seals at once: one query for all keys that are not at hand.

use std::collections::{HashMap, HashSet};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use recado_kernel::{AccountId, Sealed};
use uuid::Uuid;

use super::subjects::SubjectKey;
use super::{Vault, content_purpose, keys};
use crate::StoreError;

/// What came of a text that may be a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// What it says.
    Text(String),
    /// Its subject's key was destroyed.
    Erased,
    /// It is no seal of ours.
    NotSealed,
}

struct Parts<'a> {
    subject: Uuid,
    generation: &'a str,
    body: Vec<u8>,
}

fn parts(token: &str) -> Option<Parts<'_>> {
    let mut pieces = token.splitn(3, '.');
    let (subject, generation, body) = (pieces.next()?, pieces.next()?, pieces.next()?);
    // As `seal` writes them: 32 hex digits, a number, base64.
    let well_formed = subject.len() == 32 && !generation.is_empty() && generation.bytes().all(|byte| byte.is_ascii_digit());
    let subject = well_formed.then(|| Uuid::parse_str(subject).ok()).flatten()?;
    Some(Parts { subject, generation, body: URL_SAFE_NO_PAD.decode(body).ok()? })
}

impl Vault {
    /// Could this text be a seal?
    #[must_use]
    pub fn looks_sealed(text: &str) -> bool {
        parts(text).is_some_and(|parts| parts.body.len() > 40)
    }

    /// Opens many seals, in the order given. What is no seal says so instead of failing.
    ///
    /// # Errors
    /// The database.
    pub async fn unseal_many(&self, seals: &[Sealed]) -> Result<Vec<Opened>, StoreError> {
        let parsed: Vec<Option<Parts<'_>>> = seals.iter().map(|sealed| parts(sealed.as_token())).collect();
        let subjects: HashSet<Uuid> = parsed.iter().flatten().map(|parts| parts.subject).collect();
        let found: HashMap<Uuid, Option<SubjectKey>> = self.subjects.get_many(&self.pool, &self.roots, &subjects).await?;
        Ok(parsed
            .into_iter()
            .map(|parts| match parts {
                None => Opened::NotSealed,
                Some(parts) => open(&parts, found.get(&parts.subject)),
            })
            .collect())
    }
}

impl Vault {
    /// Contents of many accounts in one query, in the order given; `None` for what is erased or belongs to another account.
    ///
    /// # Errors
    /// The database, or content sealed under another installation key.
    pub async fn open_contents_of(&self, wanted: &[(AccountId, Uuid)]) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let stored: Vec<(Uuid, Uuid, Vec<u8>)> = sqlx::query_as(
            "SELECT c.id, c.account_id, c.ciphertext FROM content c
               JOIN unnest($1::uuid[], $2::uuid[]) AS w(account_id, id) ON c.id = w.id AND c.account_id = w.account_id",
        )
        .bind(wanted.iter().map(|(account, _)| account.as_uuid()).collect::<Vec<_>>())
        .bind(wanted.iter().map(|(_, id)| *id).collect::<Vec<_>>())
        .fetch_all(&self.pool)
        .await?;
        let mut opened = HashMap::with_capacity(stored.len());
        for (id, account, bytes) in stored {
            let purpose = content_purpose(AccountId::from_uuid(account));
            opened.insert(id, self.roots.unseal(&self.pool, &purpose, id.as_bytes(), &bytes).await?);
        }
        Ok(wanted.iter().map(|(_, id)| opened.remove(id)).collect())
    }
}

/// `key`: `None` for a subject nobody knows, `Some(None)` for one whose key was destroyed.
fn open(parts: &Parts<'_>, key: Option<&Option<SubjectKey>>) -> Opened {
    match key {
        None => Opened::NotSealed,
        Some(None) => Opened::Erased,
        Some(Some(key)) if key.generation.to_string() != parts.generation => Opened::Erased,
        Some(Some(key)) => keys::decrypt(&key.bytes, parts.subject.as_bytes(), &parts.body)
            .ok()
            .and_then(|bytes| String::from_utf8(bytes).ok())
            .map_or(Opened::NotSealed, Opened::Text),
    }
}
