//! What the operator can mend: a sentence on stderr and exit code 2.

/// Bad input or a missing precondition. Everything else is a defect and exits with 1.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct Problem(String);

impl Problem {
    /// A sentence that says what to do.
    pub fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }
}
