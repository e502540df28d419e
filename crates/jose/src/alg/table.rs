//! What every table of algorithms gives its readers: the enumeration, its names and its set.

/// Makes an enumeration whose variants are rows of a table, and the set of them.
macro_rules! algorithm_table {
    (
        $(#[$doc:meta])* $name:ident: $row:ty,
        $(#[$set_doc:meta])* $set:ident;
        $($(#[$variant_doc:meta])* $variant:ident = $value:expr;)*
    ) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(u8)]
        pub enum $name { $($(#[$variant_doc])* $variant,)* }

        impl $name {
            /// Every one, in table order.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            const TABLE: &'static [$row] = &[$($value,)*];

            /// All that is known of it.
            #[expect(clippy::indexing_slicing, reason = "the macro gives each variant its row")]
            pub fn row(self) -> &'static $row {
                &Self::TABLE[self as usize]
            }

            /// Its name in the header.
            pub fn name(self) -> &'static str {
                self.row().name
            }

            /// The one with this exact name; case matters (RFC 7515 §4.1.1, RFC 7516 §4.1.1).
            pub fn from_name(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.name() == name)
            }
        }

        impl ::core::fmt::Display for $name {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.write_str(self.name())
            }
        }

        impl ::core::str::FromStr for $name {
            type Err = $crate::alg::UnknownAlgorithm;

            fn from_str(name: &str) -> Result<Self, Self::Err> {
                Self::from_name(name).ok_or($crate::alg::UnknownAlgorithm)
            }
        }

        $(#[$set_doc])*
        #[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
        pub struct $set(u32);

        const _: () = assert!($name::ALL.len() <= 32, "the set is a u32");

        impl $set {
            /// The set with nothing in it: it allows nothing.
            pub const EMPTY: Self = Self(0);

            /// Adds one.
            pub fn insert(&mut self, one: $name) {
                self.0 |= 1 << one as u8;
            }

            /// Whether it is in the set.
            pub const fn contains(self, one: $name) -> bool {
                self.0 & (1 << one as u8) != 0
            }

            /// Whether nothing is in the set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }

            /// What is in both sets.
            #[must_use]
            pub const fn intersection(self, other: Self) -> Self {
                Self(self.0 & other.0)
            }

            /// The members in table order.
            pub fn iter(self) -> impl Iterator<Item = $name> {
                $name::ALL.iter().copied().filter(move |one| self.contains(*one))
            }
        }

        impl FromIterator<$name> for $set {
            fn from_iter<I: IntoIterator<Item = $name>>(members: I) -> Self {
                let mut set = Self::EMPTY;
                for member in members {
                    set.insert(member);
                }
                set
            }
        }

        impl From<$name> for $set {
            fn from(one: $name) -> Self {
                Self::from_iter([one])
            }
        }

        impl<const N: usize> From<[$name; N]> for $set {
            fn from(members: [$name; N]) -> Self {
                Self::from_iter(members)
            }
        }

        impl ::core::fmt::Debug for $set {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                f.debug_set().entries(self.iter()).finish()
            }
        }

        impl ::core::fmt::Display for $set {
            fn fmt(&self, f: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                for (position, one) in self.iter().enumerate() {
                    if position > 0 {
                        f.write_str(", ")?;
                    }
                    f.write_str(one.name())?;
                }
                Ok(())
            }
        }
    };
}

/// A name that is in no row of the table.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a known algorithm")]
pub struct UnknownAlgorithm;
