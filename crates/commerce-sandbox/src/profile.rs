//! The profiles of a sandbox: generations of Commerce, named after the release that began them.

use std::fmt;
use std::str::FromStr;

/// A generation of Commerce.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Profile {
    /// 2.4.1, as recorded.
    V2_4_1,
    /// 2.4.3 and 2.4.3-p1: hard limits on input.
    V2_4_3,
    /// 2.4.4 to 2.4.6: integrations sign their requests, tokens last an hour.
    V2_4_4,
    /// 2.4.7, as recorded: errors name the unknown field.
    V2_4_7,
    /// 2.4.8, as recorded: a write of links leaves the other indexers valid.
    #[default]
    V2_4_8,
    /// Adobe Commerce as a Cloud Service.
    Saas,
}

/// The name of no profile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown profile `{0}`: use 2.4.1, 2.4.3, 2.4.4, 2.4.7, 2.4.8 or saas")]
pub struct UnknownProfile(String);

impl Profile {
    /// All of them, the oldest first.
    pub const ALL: [Self; 6] = [
        Self::V2_4_1,
        Self::V2_4_3,
        Self::V2_4_4,
        Self::V2_4_7,
        Self::V2_4_8,
        Self::Saas,
    ];

    /// Gives its name, as [`str::parse`] reads it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::V2_4_1 => "2.4.1",
            Self::V2_4_3 => "2.4.3",
            Self::V2_4_4 => "2.4.4",
            Self::V2_4_7 => "2.4.7",
            Self::V2_4_8 => "2.4.8",
            Self::Saas => "saas",
        }
    }
}

impl fmt::Display for Profile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

impl FromStr for Profile {
    type Err = UnknownProfile;

    fn from_str(name: &str) -> Result<Self, UnknownProfile> {
        let named = |profile: &Self| profile.name() == name;
        Self::ALL
            .into_iter()
            .find(named)
            .ok_or_else(|| UnknownProfile(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for profile in Profile::ALL {
            assert_eq!(profile.to_string().parse(), Ok(profile));
        }
        assert!("2.4.2".parse::<Profile>().is_err());
    }
}
