//! Typed identifiers: an instance id cannot be passed where an account id is wanted.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Rng, Timestamp};

/// A text that is not an identifier of the wanted kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a valid {kind} id")]
pub struct InvalidId {
    /// What was expected, e.g. "account".
    pub kind: &'static str,
}

/// A version 7 UUID: sortable by creation, its random part from the injected generator.
#[must_use]
pub fn new_uuid_v7(now: Timestamp, rng: &mut dyn Rng) -> Uuid {
    let mut random = [0_u8; 10];
    rng.fill(&mut random);
    let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid()
}

/// A version 7 UUID that is the same whenever it is made: the time is `at`, the rest is taken from the version 5 hash of `name`. For things
/// that are told more than once with the moment they happened.
#[must_use]
pub fn derive_uuid_v7(at: Timestamp, namespace: Uuid, name: &str) -> Uuid {
    let hash = Uuid::new_v5(&namespace, name.as_bytes());
    let mut rest = [0_u8; 10];
    rest.copy_from_slice(&hash.as_bytes()[..10]);
    let millis = u64::try_from(at.timestamp_millis()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &rest).into_uuid()
}

/// The moment a version 7 UUID was made; `None` for any other.
#[must_use]
pub fn moment_of_uuid(id: Uuid) -> Option<Timestamp> {
    let millis = id.as_u128() >> 80;
    (id.get_version_num() == 7).then(|| Timestamp::from_timestamp_millis(i64::try_from(millis).ok()?)).flatten()
}

macro_rules! uuid_id {
    ($(#[$meta:meta])* $name:ident, $kind:literal) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new, time-ordered id.
            #[must_use]
            pub fn new(now: Timestamp, rng: &mut dyn Rng) -> Self {
                Self(new_uuid_v7(now, rng))
            }

            /// Wraps an existing UUID.
            #[must_use]
            pub const fn from_uuid(id: Uuid) -> Self {
                Self(id)
            }

            /// The same name always gives the same id (version 5 within `namespace`): deterministic ids make retries harmless.
            #[must_use]
            pub fn derive(namespace: Uuid, name: &str) -> Self {
                Self(Uuid::new_v5(&namespace, name.as_bytes()))
            }

            /// The same name and moment always give the same id, sortable by that moment.
            #[must_use]
            pub fn derive_at(at: Timestamp, namespace: Uuid, name: &str) -> Self {
                Self(derive_uuid_v7(at, namespace, name))
            }

            /// The UUID inside.
            #[must_use]
            pub const fn as_uuid(&self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = InvalidId;
            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Uuid::parse_str(text.trim()).map(Self).map_err(|_| InvalidId { kind: $kind })
            }
        }
    };
}

uuid_id!(/// A customer account: the tenant of everything.
    AccountId, "account");
uuid_id!(/// A person who signs in to one account.
    UserId, "user");
uuid_id!(/// A person of the operator's staff (support, finance, admin).
    StaffId, "staff");
uuid_id!(/// One command; the same id is carried out at most once.
    CommandId, "command");
uuid_id!(/// An invoice; deterministic per account, billing month and revision (billing.md 1.10).
    InvoiceId, "invoice");
uuid_id!(/// Our id of a queued message; its text form is the `zaapId` of the REST API (plugzapi-api.md 1.1).
    MessageId, "message");
uuid_id!(/// One WhatsApp instance: at most one number. Its public form is 32 upper-case hex digits (plugzapi-api.md 1.1).
    InstanceId, "instance");

impl MessageId {
    /// 32 upper-case hex digits, as clients know it (`zaapId`).
    #[must_use]
    pub fn zaap_id(&self) -> String {
        upper_hex(self.as_uuid())
    }
}

impl InstanceId {
    /// 32 upper-case hex digits, as clients know it.
    #[must_use]
    pub fn public(&self) -> String {
        upper_hex(self.as_uuid())
    }
}

fn upper_hex(id: Uuid) -> String {
    id.simple().encode_upper(&mut Uuid::encode_buffer()).to_owned()
}

/// The id a message has inside WhatsApp (`messageId` of the REST API): fixed when the message is accepted and the same on
/// every attempt, so a repeat is recognised (architecture 4). Received messages carry whatever id WhatsApp gave them.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WireId(String);

impl WireId {
    /// "3EB0" and 18 upper-case hex digits made from `digest` (whatsapp-web-engine.md 13).
    #[must_use]
    pub fn from_digest(digest: &[u8; 9]) -> Self {
        let hex: String = digest.iter().map(|byte| format!("{byte:02X}")).collect();
        Self(format!("3EB0{hex}"))
    }

    /// Takes an id given by WhatsApp or by a client as it is.
    ///
    /// # Errors
    /// Empty, longer than 128 bytes, or with characters outside printable ASCII.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let text = text.trim();
        if text.is_empty() || text.len() > 128 || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
            return Err(InvalidId { kind: "message" });
        }
        Ok(Self(text.to_owned()))
    }

    /// The id as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for WireId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;
    use crate::SeededRng;

    #[test]
    fn public_ids_have_the_shapes_of_the_reference() {
        let mut rng = SeededRng::new(7);
        let now = Timestamp::from_timestamp(1_781_524_800, 0).unwrap();
        let instance = InstanceId::new(now, &mut rng);
        assert_eq!(instance.public().len(), 32);
        assert!(instance.public().bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)));
        assert_eq!(instance.public().parse::<InstanceId>().unwrap(), instance);
        let wire = WireId::from_digest(&[0xAB; 9]);
        assert_eq!(wire.as_str(), "3EB0ABABABABABABABABAB");
    }

    #[test]
    fn ids_sort_by_creation() {
        let mut rng = SeededRng::new(7);
        let early = MessageId::new(Timestamp::from_timestamp(1_000, 0).unwrap(), &mut rng);
        let late = MessageId::new(Timestamp::from_timestamp(1_001, 0).unwrap(), &mut rng);
        assert!(early < late);
    }

    #[test]
    fn a_derived_id_with_a_moment_is_repeatable_and_sorts_with_the_others() {
        let at = Timestamp::from_timestamp_millis(1_793_534_400_123).unwrap();
        let id = MessageId::derive_at(at, Uuid::nil(), "incoming/3EB0");
        assert_eq!(id, MessageId::derive_at(at, Uuid::nil(), "incoming/3EB0"));
        assert_ne!(id, MessageId::derive_at(at, Uuid::nil(), "incoming/3EB1"));
        assert_eq!(moment_of_uuid(id.as_uuid()), Some(at));
        assert_eq!(moment_of_uuid(Uuid::new_v5(&Uuid::nil(), b"x")), None);
        assert!(id < MessageId::new(Timestamp::from_timestamp_millis(1_793_534_400_124).unwrap(), &mut SeededRng::new(7)));
    }
}
