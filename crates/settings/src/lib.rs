//! The values that configuration is made of: validated when they are read, and never showing a
//! secret.
//!
//! Each is a type that reads itself from text, so that an error names the key in the file, and
//! that describes itself for the configuration's JSON Schema. This crate knows no component; a
//! component's `config.rs` is made of these. To add a value, write its `FromStr` and `Display`
//! and name it in `from_text!`.

mod host;
mod listener;
mod quantity;
mod secret;

pub use host::{HostName, Network};
pub use listener::{Listener, Tls, TlsFiles};
pub use quantity::{Duration, Size};
pub use secret::{SecretError, SecretReference};

/// Why a text is not the setting that was expected. It repeats nothing of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {0}")]
pub struct Invalid(&'static str);

/// Reads a setting from a string with its `FromStr`, writes it with its `Display`, and describes it
/// by its pattern and examples.
macro_rules! from_text {
    ($type:ty, $pattern:literal, $description:literal, $($example:literal),+) => {
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Text;

                impl serde::de::Visitor<'_> for Text {
                    type Value = $type;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str($description)
                    }

                    fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<$type, E> {
                        text.parse().map_err(E::custom)
                    }
                }

                deserializer.deserialize_str(Text)
            }
        }

        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl utoipa::PartialSchema for $type {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::schema::Type::String)
                    .pattern(Some($pattern))
                    .description(Some($description))
                    .examples([$($example),+])
                    .into()
            }
        }

        impl utoipa::ToSchema for $type {}
    };
}
use from_text;
