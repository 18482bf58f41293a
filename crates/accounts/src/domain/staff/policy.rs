//! What the operator's people may do: one table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What a person of the operator is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StaffRole {
    /// Helps customers: finds accounts, reads their time lines (each look is recorded).
    Support,
    /// Bills: months, invoices and the events behind a line.
    Finance,
    /// Everything.
    Admin,
}

/// One thing staff may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StaffPermission {
    /// Search accounts.
    FindAccounts,
    /// Read an account's time line; recorded on the account.
    ReadTimeline,
    /// See billing months, their totals and the events behind a line; looking at the latter is recorded on the account.
    ViewMonths,
    /// Close a billing month.
    CloseMonth,
    /// See every account's invoices.
    ViewInvoices,
    /// Record payments of invoices.
    RecordPayments,
    /// Correct invoices: credit notes, voids, write-offs.
    CorrectInvoices,
    /// Erase a person's data for good (LGPD requests); recorded on the account.
    EraseSubjects,
    /// See the health of the installation: projections, queues, dead letters.
    ViewSystem,
}

/// Every staff role.
pub const STAFF_ROLES: [StaffRole; 3] = [StaffRole::Support, StaffRole::Finance, StaffRole::Admin];

/// The table.
#[must_use]
pub const fn allows(role: StaffRole, permission: StaffPermission) -> bool {
    use StaffPermission as P;
    match role {
        StaffRole::Admin => true,
        StaffRole::Support => matches!(permission, P::FindAccounts | P::ReadTimeline | P::ViewSystem),
        StaffRole::Finance => {
            matches!(permission, P::ViewMonths | P::CloseMonth | P::ViewInvoices | P::RecordPayments | P::CorrectInvoices)
        }
    }
}

impl StaffRole {
    /// The stored name, also the value of `--role`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Support => "support",
            Self::Finance => "finance",
            Self::Admin => "admin",
        }
    }
}

impl fmt::Display for StaffRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A text that names no staff role.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the role must be support, finance or admin, not {0}")]
pub struct InvalidStaffRole(pub String);

impl FromStr for StaffRole {
    type Err = InvalidStaffRole;
    fn from_str(text: &str) -> Result<Self, InvalidStaffRole> {
        STAFF_ROLES.into_iter().find(|role| role.as_str() == text).ok_or_else(|| InvalidStaffRole(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use StaffPermission as P;

    #[test]
    fn the_table() {
        let all = [
            P::FindAccounts,
            P::ReadTimeline,
            P::ViewMonths,
            P::CloseMonth,
            P::ViewInvoices,
            P::RecordPayments,
            P::CorrectInvoices,
            P::EraseSubjects,
            P::ViewSystem,
        ];
        let rows = [(StaffRole::Support, "##......#"), (StaffRole::Finance, "..#####.."), (StaffRole::Admin, "#########")];
        for (role, wanted) in rows {
            let got: String = all.iter().map(|permission| if allows(role, *permission) { '#' } else { '.' }).collect();
            assert_eq!(got, wanted, "{role}");
            assert_eq!(role.as_str().parse(), Ok(role));
        }
    }
}
