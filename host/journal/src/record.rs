//! Small named values: whatever a project has beside its runs.

use crate::Project;
use bytes::Bytes;

/// What a record is of. Names are unique in a project and kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A deployed version of a flow: `orders/0000000003`. Never changed.
    Version,
    /// Which version of a flow new runs take: `orders`.
    Active,
    /// What is remembered of a trigger: paused, how far its schedule has fired.
    Trigger,
    /// Ciphertext.
    Secret,
    Variable,
    /// `store/key` of the kv capability.
    Value,
    /// Settings of the platform itself.
    Setting,
}

impl Kind {
    pub const ALL: [Self; 7] =
        [Self::Version, Self::Active, Self::Trigger, Self::Secret, Self::Variable, Self::Value, Self::Setting];

    /// Whether processes remember such records, and want to be told when others write them.
    pub fn is_kept_in_mind(self) -> bool {
        matches!(self, Self::Active | Self::Trigger | Self::Secret | Self::Variable | Self::Setting)
    }

    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Active => "active",
            Self::Trigger => "trigger",
            Self::Secret => "secret",
            Self::Variable => "variable",
            Self::Value => "value",
            Self::Setting => "setting",
        }
    }
}

/// Sets or deletes a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    pub project: Project,
    pub kind: Kind,
    pub name: String,
    /// None deletes.
    pub value: Option<Bytes>,
    pub expect: Expect,
    /// Digests of the blobs that the value refers to; they are kept as long as it.
    pub blobs: Vec<String>,
}

/// What must be there, or the batch is refused with [`crate::StoreError::Conflict`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expect {
    Any,
    /// Exactly this; none: nothing.
    Is(Option<Bytes>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub name: String,
    pub value: Bytes,
    /// Last written, milliseconds since 1970.
    pub updated: u64,
}
