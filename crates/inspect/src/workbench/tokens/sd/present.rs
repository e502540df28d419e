//! Chooses what a verifier shall see, and proves to be the holder.

use jeton_jose::Limits;
use jeton_jose::alg::Hash;
use jeton_jose::backend::Backend;
use jeton_jose::jwk::Jwk;
use jeton_jose::jwt::Claims;
use jeton_jose::sd_jwt::{self, Challenge};
use serde::{Deserialize, Serialize};

use super::{pointer, signing_key};
use crate::workbench::{Failure, KeyInput, Setting, When};

/// What a verifier shall see of an SD-JWT.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The SD-JWT as it was issued.
    pub token: String,
    /// What is disclosed: names or JSON pointers.
    #[serde(default)]
    pub disclose: Vec<String>,
    /// Everything is disclosed.
    #[serde(default)]
    pub all: bool,
    /// The holder's private key, for a proof that the holder presents it (RFC 9901 §4.3).
    #[serde(default)]
    pub key: Option<KeyInput>,
    /// The verifier.
    #[serde(default)]
    pub aud: Option<String>,
    /// What the verifier gave for this presentation.
    #[serde(default)]
    pub nonce: Option<String>,
    /// When the proof is made.
    #[serde(default)]
    pub at: Option<When>,
}

/// Shows no token.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("disclose", &self.disclose)
            .field("all", &self.all)
            .finish_non_exhaustive()
    }
}

/// A presentation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Presented {
    /// The text.
    pub token: String,
    /// JSON pointers of what is disclosed.
    pub disclosed: Vec<String>,
    /// JSON pointers of what is kept back.
    pub withheld: Vec<String>,
    /// Whether the holder signed it.
    pub key_binding: bool,
    /// What the holder should know.
    pub warnings: Vec<String>,
}

/// Chooses among the disclosures, and signs the choice with the holder's key.
///
/// # Errors
/// The text is no SD-JWT; a name or pointer discloses nothing, or several things; the key is not
/// that of `cnf`; the backend failed.
pub fn answer(asked: &Request, setting: &Setting<'_>) -> Result<Presented, Failure> {
    let backend = setting.backend;
    let limits = Limits {
        token_bytes: crate::find::MAX_TEXT,
        ..Limits::default()
    };
    let refused = |error: sd_jwt::Error| {
        Failure::coded(error.code(), "the SD-JWT cannot be presented").cause(error.to_string())
    };
    let token = sd_jwt::Unverified::parse(asked.token.trim_ascii(), &limits).map_err(refused)?;
    let (claims, all) = token.unverified_claims(backend).map_err(refused)?;
    let wanted = if asked.all {
        all.clone()
    } else {
        let names = asked.disclose.iter();
        names
            .map(|name| choose(name, &all))
            .collect::<Result<Vec<_>, _>>()?
    };
    let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
    let mut text = token.present(&wanted, backend).map_err(refused)?;
    let key_binding = match (&asked.key, &asked.aud, &asked.nonce) {
        (None, None, None) => false,
        (Some(key), Some(audience), Some(nonce)) => {
            check_holder(&claims, &key.read_one(backend)?, backend)?;
            let challenge = Challenge { audience, nonce };
            text = bind(&text, key, &challenge, asked.at, setting)?;
            true
        }
        _ => {
            return Err(Failure::usage(
                "key binding needs the holder's key, `aud` and `nonce` together",
            ));
        }
    };
    let reveals = |own: &str| {
        wanted.iter().any(|wanted| {
            wanted
                .strip_prefix(own)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
    };
    let unproven = claims.get("cnf").is_some() && !key_binding;
    let (disclosed, withheld) = all.into_iter().partition(|own| reveals(own));
    Ok(Presented {
        token: text,
        disclosed,
        withheld,
        key_binding,
        warnings: unproven
            .then(|| {
                "the token is bound to a key; a verifier that asks for key binding refuses it \
                 without the holder's proof"
                    .to_owned()
            })
            .into_iter()
            .collect(),
    })
}

/// Adds the holder's proof.
fn bind(
    presentation: &str,
    key: &KeyInput,
    challenge: &Challenge<'_>,
    at: Option<When>,
    setting: &Setting<'_>,
) -> Result<String, Failure> {
    let key = signing_key(key, setting)?;
    let now = at.unwrap_or(When::Now).resolve(setting.now);
    sd_jwt::bind(presentation, &key, challenge, now, setting.backend).map_err(|error| {
        Failure::coded(error.code(), "nothing was signed").cause(error.to_string())
    })
}

/// The pointer itself, or the only one that ends in a name.
fn choose(given: &str, all: &[String]) -> Result<String, Failure> {
    let listed = |some: &[&String]| {
        let list: Vec<_> = some.iter().map(|one| format!("`{one}`")).collect();
        list.join(", ")
    };
    let fits: Vec<&String> = if given.starts_with('/') {
        all.iter().filter(|own| *own == given).collect()
    } else {
        let outermost = pointer::of(given);
        match all.iter().find(|own| **own == outermost) {
            Some(own) => vec![own],
            None => all
                .iter()
                .filter(|own| pointer::last(own) == given)
                .collect(),
        }
    };
    match fits[..] {
        [one] => Ok(one.clone()),
        [] if all.is_empty() => Err(Failure::usage(format!(
            "`{given}` cannot be disclosed: the token has no disclosures"
        ))),
        [] => Err(
            Failure::usage(format!("there is nothing to disclose at `{given}`")).hint(format!(
                "there are {}",
                listed(&all.iter().collect::<Vec<_>>())
            )),
        ),
        _ => Err(Failure::usage(format!("`{given}` names several claims"))
            .hint(format!("write one of {}", listed(&fits)))),
    }
}

/// A proof with another key would be refused.
fn check_holder(claims: &Claims, key: &Jwk, backend: &dyn Backend) -> Result<(), Failure> {
    let Some(cnf) = claims.nested(&["cnf", "jwk"]) else {
        return Err(Failure::usage(
            "the token names no key in `cnf`, so there is nothing to prove",
        )
        .hint("present it without the holder's key"));
    };
    let thumbprint = |jwk: &Jwk| jwk.thumbprint(Hash::Sha256, backend);
    let own = key.public().as_ref().map(thumbprint);
    let named = Jwk::from_value(cnf).ok().as_ref().map(thumbprint);
    if own.is_some() && own == named {
        return Ok(());
    }
    Err(Failure::usage("the holder's key is not the one in `cnf`")
        .hint("give the private half of the key that the token was issued for"))
}
