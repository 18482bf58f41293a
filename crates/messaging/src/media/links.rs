//! Addresses under which receivers of webhooks fetch files: unguessable, without a sign-in, dead with the file's key.

use subtle::ConstantTimeEq as _;

use super::{MediaError, MediaLibrary, OpenMedia, sniff, table};
use crate::domain::message::{MediaId, MediaRef};

/// Digits of the proof: 128 bits.
const PROOF: usize = 32;

/// Makes addresses. Cheap to clone.
#[derive(Debug, Clone)]
pub struct MediaLinks {
    library: MediaLibrary,
    base: String,
}

impl MediaLinks {
    /// Below `base`, the installation's public address without a slash at the end.
    #[must_use]
    pub fn new(library: MediaLibrary, base: &str) -> Self {
        Self { library, base: base.trim_end_matches('/').to_owned() }
    }

    /// The file's address. It ends like a file's name: some receivers look at that.
    #[must_use]
    pub fn of(&self, file: &MediaRef) -> String {
        let (id, proof) = (file.id.as_uuid().simple().to_string(), self.proof(file.id));
        format!("{}/media/{id}{proof}.{}", self.base, sniff::extension_of(&file.mime_type))
    }

    /// The file behind the last part of an address; `None`: there is none (any more).
    ///
    /// # Errors
    /// The database, folder or bucket.
    pub async fn open(&self, name: &str) -> Result<Option<OpenMedia>, MediaError> {
        let stem = name.split('.').next().unwrap_or_default();
        let Some((id, shown)) = stem.split_at_checked(32) else { return Ok(None) };
        let Ok(id) = id.parse::<MediaId>() else { return Ok(None) };
        if !bool::from(self.proof(id).as_bytes().ct_eq(shown.as_bytes())) {
            return Ok(None);
        }
        match table::account_of(self.library.platform.pool(), id).await? {
            Some(account) => self.library.open(account, id).await,
            None => Ok(None),
        }
    }

    fn proof(&self, id: MediaId) -> String {
        let mut digest = self.library.platform.vault.digest("media-link", None, &id.to_string());
        digest.truncate(PROOF);
        digest
    }
}
