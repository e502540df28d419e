//! Any claims, any of them disclosable, any of these disclosed.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::{ALGORITHM, Scene, salts};
use crate::json::{Value, to_string};
use crate::jwt::{Claims, Policy};
use crate::limits::Limits;
use crate::sd_jwt::{Builder, rebuild};

fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|value| value.to_string()),
        any::<i32>().prop_map(|value| value.to_string()),
        "[a-z~/\"é]{0,6}".prop_map(|text| to_string(&text).unwrap()),
    ];
    leaf.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4)
                .prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map("[a-z~/]{0,3}", inner, 0..4).prop_map(object),
        ]
    })
}

fn object(members: BTreeMap<String, String>) -> String {
    let members: Vec<_> = members
        .into_iter()
        .map(|(name, value)| format!("{}:{value}", to_string(&name).unwrap()))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// Every pointer into the value but the empty one.
fn pointers(value: Value<'_>, at: &str, found: &mut Vec<String>) {
    let mut visit = |token: &str, value| {
        let mut pointer = at.to_owned();
        rebuild::push_token(&mut pointer, token);
        pointers(value, &pointer, found);
        found.push(pointer);
    };
    for member in value.as_object().into_iter().flatten() {
        visit(member.name, member.value);
    }
    for (position, element) in value.as_array().into_iter().flatten().enumerate() {
        visit(&position.to_string(), element);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Whatever is made disclosable: all of it disclosed is the original, and a presentation of
    /// some verifies and discloses them and what contains them.
    #[test]
    fn issue_present_verify(
        members in prop::collection::btree_map("[a-z~/]{4,6}", json(), 0..5),
        choice in prop::collection::vec(any::<[bool; 2]>(), 64),
    ) {
        let claims = object(members);
        for mut scene in Scene::all() {
            scene.rules.policy = Policy::new(ALGORITHM);
            let original = Claims::parse(claims.clone().into_bytes(), &Limits::default()).unwrap();
            let mut all = Vec::new();
            pointers(original.value(), "", &mut all);
            let chosen: Vec<_> = all.iter().zip(&choice).filter(|(_, pick)| pick[0]).collect();
            let mut builder = Builder::from_json(&claims).unwrap().decoys("", 1);
            for (pointer, _) in &chosen {
                builder = builder.disclosable(pointer.as_str());
            }
            let text = builder.sign(&scene.issuer, &mut salts(), scene.backend).unwrap();
            let verified = scene.verify(&text).unwrap();
            prop_assert!(verified.claims().value().equals(original.value()));
            prop_assert_eq!(verified.disclosed().len(), chosen.len());

            let shown: Vec<&str> = chosen.iter().filter(|(_, pick)| pick[1]).map(|(pointer, _)| pointer.as_str()).collect();
            let presented = scene.present(&text, &shown);
            let verified = scene.verify(&presented).unwrap();
            let contains = |own: &str| shown.iter().any(|wanted| {
                *wanted == own || wanted.starts_with(&format!("{own}/"))
            });
            let expected = chosen.iter().filter(|(pointer, _)| contains(pointer)).count();
            prop_assert_eq!(verified.disclosed().len(), expected);
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in "[ -~]{0,40}(~[A-Za-z0-9_-]{0,20}){0,4}") {
        for scene in Scene::all() {
            prop_assert!(scene.verify(&text).is_err());
        }
    }
}
