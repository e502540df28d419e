//! A policy with all that it says, in both of its forms.

use jeton_jose::Policy;
use jeton_jose::json::{Document, Options, RawJson};
use jeton_jose::jwt::policy::Format;
use serde::{Deserialize, Serialize};

use super::{Failure, PolicyInput, Setting};

/// Which policy.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// A preset's name, the text of a file, or the JSON object itself.
    pub policy: PolicyInput,
}

/// A policy, as its files have it.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The text of a TOML file.
    pub toml: String,
    /// The same as JSON.
    pub json: RawJson,
}

pub(super) fn answer(request: &Request, _setting: &Setting<'_>) -> Result<Shown, Failure> {
    show(&request.policy.read("the policy")?)
}

/// Writes a policy.
///
/// # Errors
/// It holds what its files cannot say.
pub fn show(policy: &Policy) -> Result<Shown, Failure> {
    let text = |format| {
        policy.to_text(format).map_err(|error| {
            Failure::coded(error.code(), "the policy cannot be written").cause(error.to_string())
        })
    };
    let json = text(Format::Json)?;
    let document = Document::parse(json.as_bytes(), &Options::strict())
        .map_err(|error| Failure::coded(error.code(), "the policy cannot be shown"))?;
    Ok(Shown {
        toml: text(Format::Toml)?,
        json: RawJson::from(document.root()),
    })
}

#[cfg(test)]
mod tests {
    use jeton_jose::jwt::policy::Preset;

    use super::*;

    #[test]
    fn both_forms_read_back_as_the_same_policy() {
        for preset in Preset::ALL {
            let shown = show(&preset.policy()).unwrap();
            assert_eq!(Policy::from_toml(&shown.toml).unwrap(), preset.policy());
            assert_eq!(
                Policy::from_json(shown.json.text()).unwrap(),
                preset.policy()
            );
        }
    }
}
