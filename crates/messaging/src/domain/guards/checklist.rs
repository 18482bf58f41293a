//! What a person checks by hand before a number sends by program.

use serde::{Deserialize, Serialize};

/// Which list an item belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Checklist {
    /// The profile that contacts see.
    Profile,
    /// "Use o número à mão antes".
    ByHand,
}

/// One thing to check. The names are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckItem {
    /// The profile has a picture.
    ProfilePhoto,
    /// The profile's name is the company's.
    ProfileName,
    /// "Recado" says what the company does.
    ProfileAbout,
    /// Address, site and e-mail are filled in (WhatsApp Business).
    ProfileContact,
    /// Opening hours are filled in (WhatsApp Business).
    ProfileHours,
    /// Two-step verification is on.
    ProfileTwoStep,
    /// Contacts were saved in the telephone.
    HandContactsSaved,
    /// Talks were begun by hand.
    HandTalked,
    /// People answered.
    HandAnswered,
    /// Somebody saved this number.
    HandSavedByOthers,
    /// It was used on the telephone for some days.
    HandUsedForDays,
}

impl CheckItem {
    /// Every item in the order in which it is shown.
    pub const ALL: [Self; 11] = [
        Self::ProfilePhoto,
        Self::ProfileName,
        Self::ProfileAbout,
        Self::ProfileContact,
        Self::ProfileHours,
        Self::ProfileTwoStep,
        Self::HandContactsSaved,
        Self::HandTalked,
        Self::HandAnswered,
        Self::HandSavedByOthers,
        Self::HandUsedForDays,
    ];

    /// The stored name.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ProfilePhoto => "profile_photo",
            Self::ProfileName => "profile_name",
            Self::ProfileAbout => "profile_about",
            Self::ProfileContact => "profile_contact",
            Self::ProfileHours => "profile_hours",
            Self::ProfileTwoStep => "profile_two_step",
            Self::HandContactsSaved => "hand_contacts_saved",
            Self::HandTalked => "hand_talked",
            Self::HandAnswered => "hand_answered",
            Self::HandSavedByOthers => "hand_saved_by_others",
            Self::HandUsedForDays => "hand_used_for_days",
        }
    }

    /// Reads the stored name.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|item| item.as_str() == text)
    }

    /// Which list it is on.
    #[must_use]
    pub const fn list(self) -> Checklist {
        match self {
            Self::ProfilePhoto
            | Self::ProfileName
            | Self::ProfileAbout
            | Self::ProfileContact
            | Self::ProfileHours
            | Self::ProfileTwoStep => Checklist::Profile,
            _ => Checklist::ByHand,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_stored_ones() {
        for item in CheckItem::ALL {
            assert_eq!(serde_json::to_value(item).ok(), Some(item.as_str().into()));
            assert_eq!(CheckItem::parse(item.as_str()), Some(item));
        }
    }
}
