//! Values of a document to Rust values, for callers whose types implement serde's `Deserialize`.

use core::fmt::{self, Write as _};

use serde::de::{self, Deserialize, DeserializeSeed, IntoDeserializer, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::number::Number;
use super::value::{Elements, Kind, Member, Members, Value};

/// Reads a value into a type. Strings can be borrowed from the document, integers are exact.
///
/// # Errors
/// What the type does not accept, with the JSON pointer (RFC 6901) and the byte offset of the
/// place. The message names types and members, never values.
pub fn from_value<'d, T: Deserialize<'d>>(value: Value<'d>) -> Result<T, DeserializeError> {
    T::deserialize(Deserializer(value))
}

/// Why a value does not fit a type.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}{}", self.place())]
pub struct DeserializeError {
    message: String,
    pointer: String,
    offset: Option<usize>,
}

impl DeserializeError {
    /// The JSON pointer (RFC 6901) of the value; empty for the outermost one.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Byte offset of the value in the JSON text.
    pub fn offset(&self) -> usize {
        self.offset.unwrap_or_default()
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    fn place(&self) -> String {
        let at = if self.pointer.is_empty() {
            String::new()
        } else {
            format!(" at {}", self.pointer)
        };
        format!("{at} (byte {})", self.offset())
    }

    fn at(mut self, value: Value<'_>) -> Self {
        self.offset.get_or_insert_with(|| value.span().start);
        self
    }

    fn within(mut self, step: impl fmt::Display) -> Self {
        let step = step.to_string().replace('~', "~0").replace('/', "~1");
        self.pointer = format!("/{step}{}", self.pointer);
        self
    }
}

impl de::Error for DeserializeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self {
            message: message.to_string(),
            pointer: String::new(),
            offset: None,
        }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!(
            "{}, expected {expected}",
            without_value(found)
        ))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        Self::custom(format_args!(
            "{} that does not fit, expected {expected}",
            without_value(found)
        ))
    }

    fn unknown_variant(_: &str, expected: &'static [&'static str]) -> Self {
        let mut message = String::from("unknown variant, expected one of");
        for (index, name) in expected.iter().enumerate() {
            let separator = if index == 0 { "" } else { "," };
            // Writing to a String cannot fail.
            let _ = write!(message, "{separator} `{name}`");
        }
        Self::custom(message)
    }
}

/// serde's own wording would quote the value, which may be confidential.
fn without_value(found: Unexpected<'_>) -> &'static str {
    match found {
        Unexpected::Bool(_) => "a boolean",
        Unexpected::Unsigned(_) | Unexpected::Signed(_) => "an integer",
        Unexpected::Float(_) => "a number",
        Unexpected::Char(_) | Unexpected::Str(_) => "a string",
        Unexpected::Unit => "null",
        Unexpected::Seq => "an array",
        Unexpected::Map => "an object",
        _ => "a value of another type",
    }
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
        if self.0.kind() == Kind::Array {
            let error: DeserializeError = de::Error::invalid_type(Unexpected::Seq, &visitor);
            return Err(error.at(self.0));
        }
        self.deserialize_any(visitor)
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
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        let value = self.0;
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
        bool f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        identifier
    }
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

struct SeqAccess<'d> {
    elements: Elements<'d>,
    index: usize,
}

impl<'d> de::SeqAccess<'d> for SeqAccess<'d> {
    type Error = DeserializeError;

    fn next_element_seed<T: DeserializeSeed<'d>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, DeserializeError> {
        let Some(element) = self.elements.next() else {
            return Ok(None);
        };
        let index = self.index;
        self.index += 1;
        let result = seed.deserialize(Deserializer(element));
        result
            .map(Some)
            .map_err(|error| error.at(element).within(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

struct MapAccess<'d> {
    members: Members<'d>,
    current: Option<Member<'d>>,
}

impl<'d> de::MapAccess<'d> for MapAccess<'d> {
    type Error = DeserializeError;

    fn next_key_seed<K: DeserializeSeed<'d>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, DeserializeError> {
        let Some(member) = self.members.next() else {
            return Ok(None);
        };
        let (name, value) = (member.name, member.value);
        self.current = Some(member);
        let result = seed.deserialize(Name(name));
        result
            .map(Some)
            .map_err(|error| error.at(value).within(name))
    }

    fn next_value_seed<T: DeserializeSeed<'d>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, DeserializeError> {
        let Some(Member { name, value, .. }) = self.current.take() else {
            return Err(de::Error::custom("a value was asked for before its name"));
        };
        seed.deserialize(Deserializer(value))
            .map_err(|error| error.at(value).within(name))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.members.len())
    }
}

/// A member name; where a map has integers or booleans as keys, their text.
struct Name<'d>(&'d str);

macro_rules! key {
    ($($method:ident $visit:ident)*) => {$(
        fn $method<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
            match self.0.parse() {
                Ok(key) => visitor.$visit(key),
                Err(_) => visitor.visit_borrowed_str(self.0),
            }
        }
    )*};
}

impl<'d> de::Deserializer<'d> for Name<'d> {
    type Error = DeserializeError;

    fn deserialize_any<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_borrowed_str(self.0)
    }

    key!(
        deserialize_bool visit_bool
        deserialize_i8 visit_i8 deserialize_i16 visit_i16 deserialize_i32 visit_i32
        deserialize_i64 visit_i64 deserialize_i128 visit_i128
        deserialize_u8 visit_u8 deserialize_u16 visit_u16 deserialize_u32 visit_u32
        deserialize_u64 visit_u64 deserialize_u128 visit_u128
    );

    fn deserialize_option<V: Visitor<'d>>(self, visitor: V) -> Result<V::Value, DeserializeError> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'d>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'d>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        visitor.visit_enum(self.0.into_deserializer())
    }

    forward_to_deserialize_any! {
        <V: Visitor<'d>>
        f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

/// An enum variant with content: the one member of its object.
struct Variant<'d>(Member<'d>);

impl<'d> de::EnumAccess<'d> for Variant<'d> {
    type Error = DeserializeError;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'d>>(
        self,
        seed: V,
    ) -> Result<(V::Value, Self), DeserializeError> {
        let variant = seed.deserialize(Name(self.0.name))?;
        Ok((variant, self))
    }
}

impl Variant<'_> {
    fn locate(&self, error: DeserializeError) -> DeserializeError {
        error.at(self.0.value).within(self.0.name)
    }
}

impl<'d> de::VariantAccess<'d> for Variant<'d> {
    type Error = DeserializeError;

    fn unit_variant(self) -> Result<(), DeserializeError> {
        <()>::deserialize(Deserializer(self.0.value)).map_err(|error| self.locate(error))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'d>>(
        self,
        seed: T,
    ) -> Result<T::Value, DeserializeError> {
        seed.deserialize(Deserializer(self.0.value))
            .map_err(|error| self.locate(error))
    }

    fn tuple_variant<V: Visitor<'d>>(
        self,
        _: usize,
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        de::Deserializer::deserialize_any(Deserializer(self.0.value), visitor)
            .map_err(|error| self.locate(error))
    }

    fn struct_variant<V: Visitor<'d>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, DeserializeError> {
        de::Deserializer::deserialize_struct(Deserializer(self.0.value), "", fields, visitor)
            .map_err(|error| self.locate(error))
    }
}
