//! Who may do what inside an account: one table, no exceptions elsewhere.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person is in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything.
    Owner,
    /// Builds on the API: instances, tokens, webhooks, messages; nothing that costs or shows money.
    Developer,
    /// Pays: plans, invoices; no messages, no tokens.
    Finance,
    /// Talks: sends and reads messages; changes nothing.
    Operator,
}

/// One thing a person may be allowed to do in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// See the list and state of instances.
    ViewInstances,
    /// Create, rename, connect, disconnect, restart, set webhooks.
    ManageInstances,
    /// See instance tokens, the Client-Token and the partner token.
    ViewTokens,
    /// Send messages and clear the queue.
    SendMessages,
    /// See the queue, deliveries and what was said.
    ReadMessages,
    /// See invoices.
    ViewInvoices,
    /// Pay invoices.
    PayInvoices,
    /// Subscribe an instance to a plan, or cancel it: it costs money.
    Subscribe,
    /// Change the account's data, activate and rotate its tokens.
    ManageAccount,
    /// Invite people and change roles.
    ManageMembers,
}

/// Every role.
pub const ROLES: [Role; 4] = [Role::Owner, Role::Developer, Role::Finance, Role::Operator];

/// The table.
#[must_use]
pub const fn allows(role: Role, permission: Permission) -> bool {
    use Permission as P;
    match role {
        Role::Owner => true,
        Role::Developer => {
            matches!(permission, P::ViewInstances | P::ManageInstances | P::ViewTokens | P::SendMessages | P::ReadMessages)
        }
        Role::Finance => matches!(permission, P::ViewInstances | P::ViewInvoices | P::PayInvoices | P::Subscribe),
        Role::Operator => matches!(permission, P::ViewInstances | P::SendMessages | P::ReadMessages),
    }
}

impl Role {
    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Developer => "developer",
            Self::Finance => "finance",
            Self::Operator => "operator",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a role: {0}")]
pub struct InvalidRole(pub String);

impl FromStr for Role {
    type Err = InvalidRole;
    fn from_str(text: &str) -> Result<Self, InvalidRole> {
        ROLES.into_iter().find(|role| role.as_str() == text).ok_or_else(|| InvalidRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Permission as P;

    const ALL: [Permission; 10] = [
        P::ViewInstances,
        P::ManageInstances,
        P::ViewTokens,
        P::SendMessages,
        P::ReadMessages,
        P::ViewInvoices,
        P::PayInvoices,
        P::Subscribe,
        P::ManageAccount,
        P::ManageMembers,
    ];

    /// The whole table, written out a second time on purpose: whoever changes a right must change both.
    #[test]
    fn the_table() {
        let rows = [
            (Role::Owner, "##########"),
            (Role::Developer, "#####....."),
            (Role::Finance, "#....###.."),
            (Role::Operator, "#..##....."),
        ];
        for (role, wanted) in rows {
            let got: String = ALL.iter().map(|permission| if allows(role, *permission) { '#' } else { '.' }).collect();
            assert_eq!(got, wanted, "{role}");
        }
    }

    #[test]
    fn roles_have_names() {
        for role in ROLES {
            assert_eq!(role.as_str().parse(), Ok(role));
        }
        assert!("god".parse::<Role>().is_err());
    }
}
