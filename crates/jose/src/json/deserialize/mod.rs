//! Values of a document to Rust values, for callers whose types implement serde's `Deserialize`.

mod access;
mod error;

use serde::de::{self, Deserialize, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::number::Number;
use super::serialize::RawJson;
use super::value::{Kind, Value};
use access::{MapAccess, SeqAccess, Variant};

pub use error::DeserializeError;

/// Reads a value into a type. Strings can be borrowed from the document, integers are exact.
///
/// # Errors
/// What the type does not accept, with the JSON pointer (RFC 6901) and the byte offset of the
/// place. The message names types and members, never values.
pub fn from_value<'d, T: Deserialize<'d>>(value: Value<'d>) -> Result<T, DeserializeError> {
    T::deserialize(Deserializer(value))
}

struct Deserializer<'d>(Value<'d>);

macro_rules! exact {
    ($($method:ident by $read:ident)*) => {$(
        fn $method<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
            match self.0.as_number() {
                Some(number) => $read(number, visitor).map_err(|error| error.at(self.0)),
                None => self.deserialize_any(visitor),
            }
        }
    )*};
}

impl<'d> de::Deserializer<'d> for Deserializer<'d> {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        let value = self.0;
        let result = match value.kind() {
            Kind::Null => visitor.visit_unit(),
            Kind::Bool => visitor.visit_bool(value.as_bool() == Some(true)),
            Kind::String => visitor.visit_borrowed_str(value.as_str().unwrap_or_default()),
            Kind::Number => any_number(Number::new(value.source()), visitor),
            Kind::Array => sequence(value, visitor),
            Kind::Object => map(value, visitor),
        };
        result.map_err(|error| error.at(value))
    }

    exact!(
        deserialize_i8 by integer deserialize_i16 by integer deserialize_i32 by integer
        deserialize_i64 by integer deserialize_u8 by integer deserialize_u16 by integer
        deserialize_u32 by integer deserialize_u64 by integer
        deserialize_i128 by wide_integer deserialize_u128 by wide_integer
    );

    /// Only from an object: serde's derived types would take an array's elements in order.
    fn deserialize_struct<V: Visitor<'d>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.deserialize_map(visitor)
    }

    fn deserialize_map<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.0.kind() {
            Kind::Object => map(self.0, visitor).map_err(|error| error.at(self.0)),
            _ => Err(mistyped(self.0, &visitor)),
        }
    }

    fn deserialize_seq<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.0.kind() {
            Kind::Array => sequence(self.0, visitor).map_err(|error| error.at(self.0)),
            _ => Err(mistyped(self.0, &visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.0.as_str() {
            Some(text) => visitor
                .visit_borrowed_str(text)
                .map_err(|error: DeserializeError| error.at(self.0)),
            None => Err(mistyped(self.0, &visitor)),
        }
    }

    fn deserialize_string<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'d>>(
        self,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        self.deserialize_str(visitor)
    }

    fn deserialize_bool<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        match self.0.as_bool() {
            Some(boolean) => visitor
                .visit_bool(boolean)
                .map_err(|error: DeserializeError| error.at(self.0)),
            None => Err(mistyped(self.0, &visitor)),
        }
    }

    fn deserialize_option<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        let value = self.0;
        let result = if value.is_null() {
            visitor.visit_none()
        } else {
            visitor.visit_some(self)
        };
        result.map_err(|error| error.at(value))
    }

    fn deserialize_newtype_struct<V: Visitor<'d>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        let value = self.0;
        if name == RawJson::NAME {
            return visitor.visit_str(value.source());
        }
        visitor
            .visit_newtype_struct(self)
            .map_err(|error| error.at(value))
    }

    fn deserialize_enum<V: Visitor<'d>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        let value = self.0;
        let result = match value.kind() {
            Kind::String => {
                visitor.visit_enum(value.as_str().unwrap_or_default().into_deserializer())
            }
            Kind::Object => {
                let mut members = value.as_object().into_iter().flatten();
                match (members.next(), members.next()) {
                    (Some(member), None) => visitor.visit_enum(Variant(member)),
                    _ => Err(de::Error::custom(
                        "expected an object with exactly one member",
                    )),
                }
            }
            kind => Err(de::Error::custom(format_args!(
                "{kind}, expected a string or an object with one member"
            ))),
        };
        result.map_err(|error: DeserializeError| error.at(value))
    }

    fn deserialize_ignored_any<V: Visitor<'d>>(
        self,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! {
        <V: Visitor<'d>>
        f32 f64 char bytes byte_buf unit unit_struct tuple tuple_struct
    }
}

/// Types that ask for one kind of value are offered no other.
#[cold]
#[inline(never)]
fn mistyped(value: Value<'_>, expected: &dyn de::Expected) -> DeserializeError {
    let found = match value.kind() {
        Kind::Null => Unexpected::Unit,
        Kind::Bool => Unexpected::Bool(false),
        Kind::String => Unexpected::Str(""),
        Kind::Array => Unexpected::Seq,
        Kind::Object => Unexpected::Map,
        Kind::Number if is_integer(Number::new(value.source())) => Unexpected::Unsigned(0),
        Kind::Number => Unexpected::Float(0.0),
    };
    let error: DeserializeError = de::Error::invalid_type(found, expected);
    error.at(value)
}

/// Whether a number is spelt as an integer of 64 bits.
fn is_integer(number: Number<'_>) -> bool {
    !number.text().contains(['.', 'e', 'E'])
        && (number.to_u64().is_some() || number.to_i64().is_some())
}

/// An integer by its exact value, whatever its spelling.
fn integer<'d, V: Visitor<'d>>(
    number: Number<'_>,
    visitor: V,
) -> Result<V::Value, DeserializeError> {
    if let Some(value) = number.to_u64() {
        visitor.visit_u64(value)
    } else if let Some(value) = number.to_i64() {
        visitor.visit_i64(value)
    } else if number.to_u128().is_some() || number.to_i128().is_some() {
        Err(de::Error::custom("a number out of range"))
    } else {
        float(number, visitor)
    }
}

fn wide_integer<'d, V: Visitor<'d>>(
    number: Number<'_>,
    visitor: V,
) -> Result<V::Value, DeserializeError> {
    if let Some(value) = number.to_u128() {
        visitor.visit_u128(value)
    } else if let Some(value) = number.to_i128() {
        visitor.visit_i128(value)
    } else {
        float(number, visitor)
    }
}

/// An integer if it is spelt as one and fits 64 bits, a float otherwise.
fn any_number<'d, V: Visitor<'d>>(
    number: Number<'_>,
    visitor: V,
) -> Result<V::Value, DeserializeError> {
    if number.text().contains(['.', 'e', 'E']) {
        return float(number, visitor);
    }
    match (number.to_u64(), number.to_i64()) {
        (Some(value), _) => visitor.visit_u64(value),
        (None, Some(value)) => visitor.visit_i64(value),
        (None, None) => float(number, visitor),
    }
}

fn float<'d, V: Visitor<'d>>(number: Number<'_>, visitor: V) -> Result<V::Value, DeserializeError> {
    match number.to_f64() {
        Some(value) => visitor.visit_f64(value),
        None => Err(de::Error::custom("a number out of range")),
    }
}

fn sequence<'d, V: Visitor<'d>>(
    value: Value<'d>,
    visitor: V,
) -> Result<V::Value, DeserializeError> {
    let Some(array) = value.as_array() else {
        return visitor.visit_unit();
    };
    let mut elements = SeqAccess {
        elements: array.iter(),
        index: 0,
    };
    let result = visitor.visit_seq(&mut elements)?;
    match elements.elements.len() {
        0 => Ok(result),
        _ => Err(de::Error::invalid_length(array.len(), &"fewer elements")),
    }
}

fn map<'d, V: Visitor<'d>>(value: Value<'d>, visitor: V) -> Result<V::Value, DeserializeError> {
    let Some(object) = value.as_object() else {
        return visitor.visit_unit();
    };
    let mut members = MapAccess {
        members: object.iter(),
        current: None,
    };
    let result = visitor.visit_map(&mut members)?;
    match members.members.len() {
        0 => Ok(result),
        _ => Err(de::Error::invalid_length(object.len(), &"fewer members")),
    }
}
