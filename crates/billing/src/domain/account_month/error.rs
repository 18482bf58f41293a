//! Why a month is not closed.

use recado_kernel::Competencia;

use crate::rules::RulesError;

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccountMonthError {
    /// The month still runs in the configured zone.
    #[error("{0} is not over")]
    NotOver(Competencia),
    /// The amount cannot be computed.
    #[error(transparent)]
    Rules(#[from] RulesError),
}
