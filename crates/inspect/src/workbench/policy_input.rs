use core::fmt;

use jeton_jose::Policy;
use jeton_jose::json::{Document, Options, RawJson};
use jeton_jose::jwt::policy::Preset;
use serde::Deserialize;

use super::Failure;

/// A policy as a person has it: a preset's name, the text of a file in TOML or JSON, or in a request
/// the JSON object itself.
#[derive(Clone, Deserialize)]
#[serde(from = "RawJson")]
pub struct PolicyInput {
    text: String,
}

impl PolicyInput {
    /// A preset's name or a file's text.
    pub fn from_text(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }

    /// The policy. `what` names it in a failure: "the policy".
    ///
    /// # Errors
    /// It is neither a preset nor a sound policy.
    pub fn read(&self, what: &str) -> Result<Policy, Failure> {
        let text = self.text.trim_ascii();
        if let Ok(preset) = text.parse::<Preset>() {
            return Ok(preset.policy());
        }
        let policy = if text.starts_with('{') {
            Policy::from_json(text)
        } else {
            Policy::from_toml(&self.text)
        };
        policy.map_err(|error| {
            let failure = Failure::coded(error.code(), format!("{what} is wrong"));
            let failure = failure.cause(error.to_string());
            let is_name = !text.is_empty() && !text.contains(['=', '{', '\n']);
            if is_name {
                let presets = Preset::ALL.map(Preset::name).join(", ");
                failure.hint(format!("there are the presets {presets}"))
            } else {
                failure
            }
        })
    }
}

impl From<RawJson> for PolicyInput {
    fn from(json: RawJson) -> Self {
        let document = Document::parse(json.text().as_bytes(), &Options::strict()).ok();
        let text = document.and_then(|document| Some(document.root().as_str()?.to_owned()));
        Self::from_text(text.unwrap_or_else(|| json.text().to_owned()))
    }
}

/// Shows the size only: a rule may name what is confidential.
impl fmt::Debug for PolicyInput {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PolicyInput({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Policy, Failure> {
        let document = Document::parse(json.as_bytes(), &Options::strict()).unwrap();
        let input: PolicyInput = jeton_jose::json::from_value(document.root()).unwrap();
        input.read("the policy")
    }

    #[test]
    fn a_policy_is_a_name_a_text_or_an_object() {
        let wanted = Policy::from_toml("issuer = \"https://id.example\"").unwrap();
        for json in [
            r#""issuer = \"https://id.example\"""#,
            r#""{\"issuer\":\"https://id.example\"}""#,
            r#"{"issuer":"https://id.example"}"#,
        ] {
            assert_eq!(read(json).unwrap(), wanted, "{json}");
        }
        assert_eq!(read("\"id-token\"").unwrap(), Preset::IdToken.policy());
    }

    #[test]
    fn what_is_none_is_refused() {
        let failure = read("\"idtoken\"").unwrap_err();
        assert_eq!(failure.code(), "policy_invalid");
        assert!(failure.to_do().unwrap().contains("id-token"));
        assert!(read("{\"isuer\":\"a\"}").is_err());
        assert!(read("7").is_err());
    }
}
