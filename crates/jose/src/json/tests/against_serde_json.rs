//! `serde_json` as the oracle for what is JSON and what it means.

use proptest::prelude::*;

use super::*;

/// Converts by the public accessors.
fn convert(value: Value<'_>) -> serde_json::Value {
    if let Some(string) = value.as_str() {
        string.into()
    } else if let Some(bool) = value.as_bool() {
        bool.into()
    } else if let Some(array) = value.as_array() {
        array.iter().map(convert).collect()
    } else if let Some(object) = value.as_object() {
        let members = object
            .iter()
            .map(|member| (member.name.to_owned(), convert(member.value)));
        serde_json::Value::Object(members.collect())
    } else if let Some(number) = value.as_number() {
        let exact = !number.text().contains(['.', 'e', 'E']);
        match (number.to_u64(), number.to_i64()) {
            (Some(integer), _) if exact && number.text() != "-0" => integer.into(),
            (_, Some(integer)) if exact && number.text() != "-0" => integer.into(),
            _ => number.to_f64().unwrap().into(),
        }
    } else {
        serde_json::Value::Null
    }
}

fn json() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map_into(),
        any::<i64>().prop_map_into(),
        any::<u64>().prop_map_into(),
        any::<f64>()
            .prop_filter("finite", |float| float.is_finite())
            .prop_map_into(),
        any::<String>().prop_map_into(),
        "[a-c\"\\\\\n]{0,3}".prop_map_into(),
    ];
    leaf.prop_recursive(5, 60, 20, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..20).prop_map_into(),
            proptest::collection::btree_map("[a-e\"\\\\é\u{1}]{0,4}", inner, 0..20)
                .prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Whether an object anywhere has a name twice; `serde_json` would keep the last one silently.
fn has_duplicates(value: Value<'_>) -> bool {
    let members = || value.as_object().into_iter().flatten();
    let mut names: Vec<_> = members().map(|member| member.name).collect();
    names.sort_unstable();
    names.windows(2).any(|pair| pair[0] == pair[1])
        || members().any(|member| has_duplicates(member.value))
        || value.as_array().into_iter().flatten().any(has_duplicates)
}

/// Lossless and strict readers, and `serde_json`, must be of one mind about any text.
fn same_verdict(text: &[u8]) -> Result<(), TestCaseError> {
    let ours = Document::parse(text, &Options::lossless());
    // A raw value leaves numbers alone: out of range is no matter of grammar.
    let theirs = serde_json::from_slice::<serde_json::Value>(text);
    match (&ours, &theirs) {
        (Ok(ours), Ok(theirs)) => {
            prop_assert_eq!(&convert(ours.root()), theirs);
            let strict = Document::parse(text, &Options::strict());
            prop_assert_eq!(strict.is_err(), has_duplicates(ours.root()));
            let again = pretty(ours.root());
            prop_assert!(lossless(&again).root().equals(ours.root()));
            prop_assert!(lossless(&compact(ours.root())).root().equals(ours.root()));
        }
        (Ok(ours), Err(_)) => {
            // What we keep and `serde_json` refuses: lone surrogates, numbers beyond f64.
            let kept = pretty(ours.root());
            prop_assert!(kept.contains("\\u") || kept.contains(['e', 'E']));
        }
        (Err(error), theirs) => {
            prop_assert!(theirs.is_err(), "only we refuse: {}", error);
            prop_assert!(error.offset <= text.len());
            prop_assert!(Document::parse(text, &Options::strict()).is_err());
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn reads_what_serde_json_writes(value in json()) {
        let text = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(convert(parse(&text).root()), value.clone());
        let text = serde_json::to_string_pretty(&value).unwrap();
        prop_assert_eq!(convert(parse(&text).root()), value.clone());
        prop_assert_eq!(&pretty(parse(&text).root()), &text);
        same_verdict(text.as_bytes())?;
    }

    #[test]
    fn writes_what_serde_json_reads(value in json()) {
        let text = to_string(&value).unwrap();
        prop_assert_eq!(&serde_json::from_str::<serde_json::Value>(&text).unwrap(), &value);
        prop_assert_eq!(&from_value::<serde_json::Value>(parse(&text).root()).unwrap(), &value);
    }

    #[test]
    fn agrees_on_mutated_text(
        value in json(),
        at in any::<proptest::sample::Index>(),
        drop in 0..3usize,
        insert in prop_oneof![
            proptest::collection::vec(any::<u8>(), 0..3),
            "[]\\[{}:,\"\\\\0-9eE.+ \n-]{0,3}".prop_map(String::into_bytes),
        ],
    ) {
        let mut text = serde_json::to_vec(&value).unwrap();
        let at = at.index(text.len());
        let end = text.len().min(at + drop);
        text.splice(at..end, insert);
        same_verdict(&text)?;
    }

    #[test]
    fn agrees_on_soup(text in "[]\\[{}:,\"a\\\\u0-1eE.+ tfn-]{0,24}") {
        same_verdict(text.as_bytes())?;
    }

    #[test]
    fn agrees_on_strings(contents in r#"([a-z"é😀]|\\[nu"\\x]|\\u[dD][8-9a-fA-F][0-9a-f]{2}|\\u00[0-9a-f]{2}){0,12}"#) {
        same_verdict(format!("\"{contents}\"").as_bytes())?;
    }

    #[test]
    fn agrees_on_numbers(text in "-?[0-9]{1,22}(\\.[0-9]{0,3})?([eE][+-]?[0-9]{0,2})?") {
        same_verdict(text.as_bytes())?;
    }

    #[test]
    fn numbers_compare_as_scaled_integers(
        one in -99_999i64..99_999, one_scale in -6i32..6,
        two in -99_999i64..99_999, two_scale in -6i32..6,
    ) {
        let scaled = |value: i64, scale: i32| {
            i128::from(value) * 10i128.pow(u32::try_from(scale + 6).unwrap())
        };
        let (first, second) = (format!("{one}e{one_scale}"), format!("{two}e{two_scale}"));
        prop_assert_eq!(
            Number::new(&first).cmp_exact(Number::new(&second)),
            scaled(one, one_scale).cmp(&scaled(two, two_scale))
        );
        let exact = scaled(one, one_scale);
        let integer = (exact % 1_000_000 == 0).then_some(exact / 1_000_000);
        prop_assert_eq!(Number::new(&first).to_i128(), integer);
    }

    #[test]
    fn any_bytes_are_survived(bytes in proptest::collection::vec(any::<u8>(), 0..64)) {
        same_verdict(&bytes)?;
    }
}
