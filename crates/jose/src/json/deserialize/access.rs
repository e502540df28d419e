//! Elements, members, member names and enum variants, as serde walks through them.

use serde::de::{self, Deserialize, DeserializeSeed, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;

use super::{DeserializeError, Deserializer};
use crate::json::value::{Elements, Member, Members};

pub(super) struct SeqAccess<'d> {
    pub(super) elements: Elements<'d>,
    pub(super) index: usize,
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
            .map_err(|error| error.at(element).within(&index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.elements.len())
    }
}

pub(super) struct MapAccess<'d> {
    pub(super) members: Members<'d>,
    pub(super) current: Option<Member<'d>>,
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
            .map_err(|error| error.at(value).within(&name))
    }

    fn next_value_seed<T: DeserializeSeed<'d>>(
        &mut self,
        seed: T,
    ) -> Result<T::Value, DeserializeError> {
        let Some(Member { name, value, .. }) = self.current.take() else {
            return Err(de::Error::custom("a value was asked for before its name"));
        };
        seed.deserialize(Deserializer(value))
            .map_err(|error| error.at(value).within(&name))
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
pub(super) struct Variant<'d>(pub(super) Member<'d>);

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
        error.at(self.0.value).within(&self.0.name)
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
