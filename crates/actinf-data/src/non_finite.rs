//! Numbers that JSON does not have: written as `null`, read back as NaN.

use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, IntoDeserializer, Visitor};
use serde_json::{Error, Value};

/// Deserialises a JSON value; where a number is expected and `null` is found, the number is NaN.
pub(crate) struct NullIsNan(pub(crate) Value);

type Entries = std::iter::Map<serde_json::map::IntoIter, fn((String, Value)) -> (String, NullIsNan)>;

fn entries<'de>(map: serde_json::Map<String, Value>) -> MapDeserializer<'de, Entries, Error> {
    let wrap: fn((String, Value)) -> (String, NullIsNan) = |(key, value)| (key, NullIsNan(value));
    MapDeserializer::new(map.into_iter().map(wrap))
}

impl<'de> IntoDeserializer<'de, Error> for NullIsNan {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for NullIsNan {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter().map(NullIsNan))),
            Value::Object(map) => visitor.visit_map(entries(map)),
            simple => simple.deserialize_any(visitor),
        }
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_f64(f64::NAN),
            value => value.deserialize_f64(visitor),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(NullIsNan(value)),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.0 {
            Value::Object(map) => visitor.visit_enum(MapAccessDeserializer::new(entries(map))),
            value => value.deserialize_enum(name, variants, visitor),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 char str string bytes byte_buf unit unit_struct seq tuple
        tuple_struct map struct identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use super::NullIsNan;
    use serde::Deserialize;

    #[derive(Debug, Deserialize, PartialEq)]
    enum Choice {
        Unit,
        Held(Vec<f64>),
        Named { value: f64 },
    }

    #[derive(Debug, Deserialize, PartialEq)]
    struct Record {
        value: f64,
        optional: Option<f64>,
        choices: Vec<Choice>,
        pair: (String, Option<f64>),
    }

    #[test]
    fn null_is_nan_only_where_a_number_must_stand() {
        let json = r#"{"value": null, "optional": null, "pair": ["x", 2.5],
            "choices": ["Unit", {"Held": [1.0, null]}, {"Named": {"value": null}}]}"#;
        let value = serde_json::from_str(json).unwrap();
        let record = Record::deserialize(NullIsNan(value)).unwrap();
        assert!(record.value.is_nan());
        assert_eq!(record.optional, None);
        assert_eq!(record.pair, ("x".into(), Some(2.5)));
        let [Choice::Unit, Choice::Held(held), Choice::Named { value }] = &record.choices[..] else {
            panic!("{record:?}")
        };
        assert!(held[1].is_nan() && value.is_nan());
    }

    #[test]
    fn a_missing_field_is_still_an_error() {
        let value = serde_json::from_str(r#"{"optional": 1.0}"#).unwrap();
        assert!(Record::deserialize(NullIsNan(value)).unwrap_err().to_string().contains("value"));
    }
}
