//! What is asked of both servers: a row each.

use crate::bare::Primitive;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Work {
    Token(Primitive),
    Refresh,
    Introspection,
    KeySet,
}

/// What was promised for a row.
pub enum Target {
    /// At most this share of the other server's processor time.
    Share(f64),
    /// At most this many times the bare primitive's.
    Bare(f64),
}

impl Work {
    pub const ALL: [Self; 6] = [
        Self::Token(Primitive::Es256),
        Self::Token(Primitive::Rs256),
        Self::Token(Primitive::Ed25519),
        Self::Refresh,
        Self::Introspection,
        Self::KeySet,
    ];

    pub fn name(self) -> String {
        match self {
            Self::Token(primitive) => format!("token {}", primitive.name()),
            Self::Refresh => "refresh".to_owned(),
            Self::Introspection => "introspection".to_owned(),
            Self::KeySet => "key set".to_owned(),
        }
    }

    pub fn target(self) -> Option<Target> {
        match self {
            Self::Token(Primitive::Rs256) => Some(Target::Bare(1.1)),
            Self::Token(_) | Self::Introspection => Some(Target::Share(0.1)),
            Self::Refresh => Some(Target::Share(1.0 / 3.0)),
            Self::KeySet => None,
        }
    }
}
