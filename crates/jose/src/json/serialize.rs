//! Rust values to JSON text, for callers whose types implement serde's `Serialize`.

use core::fmt::{self, Write as _};

use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::ser::{self, Serialize};

use super::value::Value;
use super::write::write_string;

/// Writes a value as compact JSON. Integers are exact up to 128 bits; struct members and map
/// entries keep their order; enums are tagged externally; bytes become an array of numbers.
///
/// # Errors
/// A float that is not finite, a map key that is not a string, integer, boolean or character, or
/// whatever the type's own `Serialize` refuses.
pub fn to_string<T: Serialize + ?Sized>(value: &T) -> Result<String, SerializeError> {
    let mut out = String::with_capacity(128);
    value.serialize(Serializer::new(&mut out))?;
    Ok(out)
}

/// JSON text that [`to_string`] writes as it stands, inside whatever holds it: for reports that
/// show claims with their exact numbers, order and duplicates. Read with
/// [`from_value`](super::from_value), it is the text of the value.
#[derive(Clone, PartialEq, Eq)]
pub struct RawJson(String);

impl RawJson {
    pub(super) const NAME: &'static str = "$jeton_jose::RawJson";

    /// The text.
    pub fn text(&self) -> &str {
        &self.0
    }
}

impl From<Value<'_>> for RawJson {
    fn from(value: Value<'_>) -> Self {
        Self(value.source().to_owned())
    }
}

impl Serialize for RawJson {
    fn serialize<S: ser::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(Self::NAME, &self.0)
    }
}

impl<'d> Deserialize<'d> for RawJson {
    fn deserialize<D: Deserializer<'d>>(deserializer: D) -> Result<Self, D::Error> {
        struct Text;
        impl Visitor<'_> for Text {
            type Value = RawJson;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a value of a JSON document")
            }

            fn visit_str<E: de::Error>(self, source: &str) -> Result<RawJson, E> {
                Ok(RawJson(source.to_owned()))
            }
        }
        deserializer.deserialize_newtype_struct(Self::NAME, Text)
    }
}

/// Shows the size only: the text may be confidential.
impl fmt::Debug for RawJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawJson({} bytes)", self.0.len())
    }
}

/// Why a value cannot be written as JSON.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SerializeError {
    /// JSON has no infinity and no NaN.
    #[error("a number that is not finite")]
    NotFinite,
    /// A map key that has no form as a member name.
    #[error("a map key that is not a string, integer, boolean or character")]
    KeyType,
    /// What the type's own `Serialize` said.
    #[error("{0}")]
    Custom(String),
}

impl ser::Error for SerializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self::Custom(message.to_string())
    }
}

struct Serializer<'o> {
    out: &'o mut String,
    /// The next string is the text of a [`RawJson`].
    raw: bool,
}

impl<'o> Serializer<'o> {
    fn new(out: &'o mut String) -> Self {
        Self { out, raw: false }
    }

    fn display(self, value: impl fmt::Display) -> Result<(), SerializeError> {
        write!(self.out, "{value}").map_err(ser::Error::custom)
    }

    /// `{"variant":`, to be closed with another brace.
    fn tag(&mut self, variant: &str) {
        self.out.push('{');
        write_string(self.out, variant);
        self.out.push(':');
    }
}

impl<'o> ser::Serializer for Serializer<'o> {
    type Ok = ();
    type Error = SerializeError;
    type SerializeSeq = Compound<'o>;
    type SerializeTuple = Compound<'o>;
    type SerializeTupleStruct = Compound<'o>;
    type SerializeTupleVariant = Compound<'o>;
    type SerializeMap = Compound<'o>;
    type SerializeStruct = Compound<'o>;
    type SerializeStructVariant = Compound<'o>;

    fn serialize_bool(self, value: bool) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_i8(self, value: i8) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_i16(self, value: i16) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_i32(self, value: i32) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_i64(self, value: i64) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_i128(self, value: i128) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_u8(self, value: u8) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_u16(self, value: u16) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_u32(self, value: u32) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_u64(self, value: u64) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_u128(self, value: u128) -> Result<(), SerializeError> {
        self.display(value)
    }

    fn serialize_f32(self, value: f32) -> Result<(), SerializeError> {
        if !value.is_finite() {
            return Err(SerializeError::NotFinite);
        }
        self.display(format_args!("{value:?}"))
    }

    fn serialize_f64(self, value: f64) -> Result<(), SerializeError> {
        if !value.is_finite() {
            return Err(SerializeError::NotFinite);
        }
        self.display(format_args!("{value:?}"))
    }

    fn serialize_char(self, value: char) -> Result<(), SerializeError> {
        self.serialize_str(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result<(), SerializeError> {
        if self.raw {
            self.out.push_str(value);
        } else {
            write_string(self.out, value);
        }
        Ok(())
    }

    fn serialize_bytes(self, value: &[u8]) -> Result<(), SerializeError> {
        self.collect_seq(value)
    }

    fn serialize_none(self) -> Result<(), SerializeError> {
        self.serialize_unit()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), SerializeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), SerializeError> {
        self.out.push_str("null");
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), SerializeError> {
        self.serialize_unit()
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), SerializeError> {
        self.serialize_str(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.raw = name == RawJson::NAME;
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.tag(variant);
        value.serialize(Serializer::new(self.out))?;
        self.out.push('}');
        Ok(())
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Compound<'o>, SerializeError> {
        Ok(Compound::open(self.out, '[', "]"))
    }

    fn serialize_tuple(self, len: usize) -> Result<Compound<'o>, SerializeError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        len: usize,
    ) -> Result<Compound<'o>, SerializeError> {
        self.serialize_seq(Some(len))
    }

    fn serialize_tuple_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>, SerializeError> {
        self.tag(variant);
        Ok(Compound::open(self.out, '[', "]}"))
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Compound<'o>, SerializeError> {
        Ok(Compound::open(self.out, '{', "}"))
    }

    fn serialize_struct(self, _: &'static str, len: usize) -> Result<Compound<'o>, SerializeError> {
        self.serialize_map(Some(len))
    }

    fn serialize_struct_variant(
        mut self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<Compound<'o>, SerializeError> {
        self.tag(variant);
        Ok(Compound::open(self.out, '{', "}}"))
    }
}

/// An array or object being written.
struct Compound<'o> {
    out: &'o mut String,
    first: bool,
    close: &'static str,
}

impl<'o> Compound<'o> {
    fn open(out: &'o mut String, open: char, close: &'static str) -> Self {
        out.push(open);
        Self {
            out,
            first: true,
            close,
        }
    }

    fn separate(&mut self) {
        if !core::mem::take(&mut self.first) {
            self.out.push(',');
        }
    }

    fn element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        self.separate();
        value.serialize(Serializer::new(self.out))
    }

    fn member<T: Serialize + ?Sized>(
        &mut self,
        name: &str,
        value: &T,
    ) -> Result<(), SerializeError> {
        self.separate();
        write_string(self.out, name);
        self.out.push(':');
        value.serialize(Serializer::new(self.out))
    }

    fn close(self) {
        self.out.push_str(self.close);
    }
}

impl ser::SerializeMap for Compound<'_> {
    type Ok = ();
    type Error = SerializeError;

    /// Writes the key as a value, then refuses or quotes it by what it turned out to be.
    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), SerializeError> {
        let key = to_string(key)?;
        self.separate();
        match key.as_bytes() {
            [b'"', ..] => self.out.push_str(&key),
            [b't' | b'f', ..] => write_string(self.out, &key),
            [b'-' | b'0'..=b'9', ..] if !key.contains(['.', 'e']) => write_string(self.out, &key),
            _ => return Err(SerializeError::KeyType),
        }
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
        self.out.push(':');
        value.serialize(Serializer::new(self.out))
    }

    fn end(self) -> Result<(), SerializeError> {
        self.close();
        Ok(())
    }
}

macro_rules! elements {
    ($($kind:ident . $method:ident),*) => {$(
        impl ser::$kind for Compound<'_> {
            type Ok = ();
            type Error = SerializeError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), SerializeError> {
                self.element(value)
            }

            fn end(self) -> Result<(), SerializeError> {
                self.close();
                Ok(())
            }
        }
    )*};
}

elements!(
    SerializeSeq.serialize_element,
    SerializeTuple.serialize_element,
    SerializeTupleStruct.serialize_field,
    SerializeTupleVariant.serialize_field
);

macro_rules! members {
    ($($kind:ident),*) => {$(
        impl ser::$kind for Compound<'_> {
            type Ok = ();
            type Error = SerializeError;

            fn serialize_field<T: Serialize + ?Sized>(
                &mut self,
                name: &'static str,
                value: &T,
            ) -> Result<(), SerializeError> {
                self.member(name, value)
            }

            fn end(self) -> Result<(), SerializeError> {
                self.close();
                Ok(())
            }
        }
    )*};
}

members!(SerializeStruct, SerializeStructVariant);
