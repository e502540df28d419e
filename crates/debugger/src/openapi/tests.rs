use serde_json::Value;

use super::*;

fn description() -> Value {
    serde_json::from_str(&Description::new().text).unwrap()
}

#[test]
fn it_is_openapi_3_1_with_every_call() {
    let description = description();
    assert_eq!(description["openapi"], "3.1.0");
    let paths = description["paths"].as_object().unwrap();
    assert_eq!(paths.len(), OPERATIONS.len() + 1);
    for operation in OPERATIONS {
        let post = &paths[&path(operation.name)]["post"];
        assert!(post["summary"].as_str().unwrap().len() > 10);
        let content = &post["requestBody"]["content"]["application/json"];
        assert!(content["schema"]["$ref"].is_string(), "{}", operation.name);
        assert!(content["example"].is_object(), "{}", operation.name);
        let refusal = &post["responses"]["default"]["content"]["application/problem+json"];
        assert_eq!(refusal["schema"]["$ref"], "#/components/schemas/Problem");
    }
}

#[test]
fn every_reference_leads_somewhere() {
    let description = description();
    let mut references = Vec::new();
    collect(&description, &mut references);
    assert!(references.len() > OPERATIONS.len());
    for reference in references {
        let pointer = reference.strip_prefix('#').unwrap();
        assert!(description.pointer(pointer).is_some(), "{reference}");
    }
}

fn collect(value: &Value, references: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            for (name, value) in object {
                match value.as_str() {
                    Some(reference) if name == "$ref" => references.push(reference.to_owned()),
                    _ => collect(value, references),
                }
            }
        }
        Value::Array(array) => array.iter().for_each(|value| collect(value, references)),
        _ => {}
    }
}

#[test]
fn the_requests_are_those_that_are_read() {
    let description = description();
    let schemas = &description["components"]["schemas"];
    let verify = &schemas["tokens_verify_request"];
    assert_eq!(verify["required"], serde_json::json!(["token"]));
    assert_eq!(verify["additionalProperties"], false, "{verify}");
    assert!(verify["properties"]["signature_only"].is_object());
    let key = &schemas["KeyInput"]["properties"];
    for member in ["text", "der", "secret", "encoding", "passphrase", "kid"] {
        assert!(key[member].is_object(), "{member}");
    }
    assert!(
        key["secret"]["type"].to_string().contains("string"),
        "{key}"
    );
    assert_eq!(
        schemas["FetchRequest"]["required"],
        serde_json::json!(["url", "confirm_host"])
    );
}
