//! Who did it, through which door, and what it belongs to.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{AccountId, CommandId, StaffId, Timestamp, UserId};

/// Whoever caused an event. Wire form: `user:<uuid>`, `staff:<uuid>`, `api:<instance hex>`, `partner:<account uuid>`,
/// `engine:<kind>`, `system:<job>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Actor {
    /// A person of the account.
    User(UserId),
    /// A person of the operator.
    Staff(StaffId),
    /// A REST client with an instance token (the instance's public id).
    Api(String),
    /// A REST client with the account's partner token.
    Partner(AccountId),
    /// A session engine, e.g. "sim".
    Engine(String),
    /// One of our own jobs, e.g. "trial_expiry", or the command line ("cli").
    System(String),
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "user:{id}"),
            Self::Staff(id) => write!(f, "staff:{id}"),
            Self::Api(id) => write!(f, "api:{id}"),
            Self::Partner(id) => write!(f, "partner:{id}"),
            Self::Engine(kind) => write!(f, "engine:{kind}"),
            Self::System(job) => write!(f, "system:{job}"),
        }
    }
}

/// A text that names no actor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an actor: {0}")]
pub struct InvalidActor(String);

impl FromStr for Actor {
    type Err = InvalidActor;
    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        let invalid = || InvalidActor(text.to_owned());
        let (kind, rest) = text.split_once(':').ok_or_else(invalid)?;
        match kind {
            "user" => rest.parse().map(Self::User).map_err(|_| invalid()),
            "staff" => rest.parse().map(Self::Staff).map_err(|_| invalid()),
            "partner" => rest.parse().map(Self::Partner).map_err(|_| invalid()),
            "api" => Ok(Self::Api(rest.to_owned())),
            "engine" => Ok(Self::Engine(rest.to_owned())),
            "system" => Ok(Self::System(rest.to_owned())),
            _ => Err(invalid()),
        }
    }
}

/// The way a command came in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Door {
    /// The browser panel.
    Panel,
    /// The REST API.
    Api,
    /// A session engine (WhatsApp side).
    Engine,
    /// A timer, reactor or the command line.
    Job,
}

impl Door {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Panel => "panel",
            Self::Api => "api",
            Self::Engine => "engine",
            Self::Job => "job",
        }
    }
}

impl FromStr for Door {
    type Err = InvalidActor;
    fn from_str(text: &str) -> Result<Self, InvalidActor> {
        match text {
            "panel" => Ok(Self::Panel),
            "api" => Ok(Self::Api),
            "engine" => Ok(Self::Engine),
            "job" => Ok(Self::Job),
            other => Err(InvalidActor(other.to_owned())),
        }
    }
}

/// What accompanies every command and is stored with each of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommandMeta {
    /// Carried out at most once per account.
    pub command_id: CommandId,
    /// The tenant.
    pub account_id: AccountId,
    /// Who.
    pub actor: Actor,
    /// Through which door.
    pub door: Door,
    /// The whole story this belongs to (a request, a sign-up, a month's closing).
    pub correlation_id: Uuid,
    /// The id of the command that directly caused this one, if any: events carry the id of their command, so it names them too.
    pub causation_id: Option<Uuid>,
    /// Business time.
    pub occurred_at: Timestamp,
}

impl CommandMeta {
    /// A command that starts a story of its own.
    #[must_use]
    pub fn new(command_id: CommandId, account_id: AccountId, actor: Actor, door: Door, occurred_at: Timestamp) -> Self {
        Self { command_id, account_id, actor, door, correlation_id: command_id.as_uuid(), causation_id: None, occurred_at }
    }

    /// The same story continued: keeps the correlation and names the direct cause. Without a cause the command stays as it is.
    #[must_use]
    pub fn following(mut self, cause: Option<Cause>) -> Self {
        if let Some(Cause { correlation_id, command_id }) = cause {
            self.correlation_id = correlation_id;
            self.causation_id = Some(command_id.as_uuid());
        }
        self
    }

    /// What follows from this command.
    #[must_use]
    pub const fn as_cause(&self) -> Cause {
        Cause { correlation_id: self.correlation_id, command_id: self.command_id }
    }
}

/// What something follows from. Reactors and work pass it on, so that every event leads back to what made it happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Cause {
    /// The story.
    pub correlation_id: Uuid,
    /// The command whose events (or whose work) lead on.
    pub command_id: CommandId,
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a failed unwrap is a failed test")]
mod tests {
    use super::*;

    #[test]
    fn actors_survive_the_round_trip() {
        for actor in [
            Actor::User(UserId::from_uuid(Uuid::nil())),
            Actor::Staff(StaffId::from_uuid(Uuid::nil())),
            Actor::Api("AB".into()),
            Actor::Engine("sim".into()),
            Actor::System("cli".into()),
            Actor::Partner(AccountId::from_uuid(Uuid::nil())),
        ] {
            assert_eq!(actor.to_string().parse::<Actor>().unwrap(), actor);
        }
        assert!("robot:1".parse::<Actor>().is_err());
    }
}
