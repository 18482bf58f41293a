//! Good practice as pure rules: what keeps a number from being banned (plugzapi-api.md 4, last rows).
//!
//! Nothing here knows instances or accounts: [`super::guard_policy`], [`super::instance_guard`] and [`super::opt_out`] remember what people
//! decided and did; these rules say what follows from it.

mod checklist;
mod list_file;
mod mode;
mod registration;
mod vcard;
mod warm_up;
mod words;

pub use checklist::{CheckItem, Checklist};
pub use list_file::{BadRow, InvalidFile, LARGEST_FILE, ListRow, MOST_ROWS, ReadList, csv_line, read_list};
pub use mode::GuardMode;
pub use registration::{REST_HOURS, Ripeness, ripeness};
pub use vcard::vcard;
pub use warm_up::{InvalidPlan, WarmUp, WarmUpPlan, age_in_days, local_day};
pub use words::{Heard, InvalidWords, KeyWords, folded};
