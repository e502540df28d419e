//! Signs claims, some of which the holder may keep back.

use jeton_jose::alg::{Hash, KeyType};
use jeton_jose::json::{Document, Options, RawJson, write_string};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{HeaderBuilder, SignError};
use jeton_jose::{Code, sd_jwt};
use serde::{Deserialize, Serialize};

use super::{pointer, signing_key};
use crate::find::{Found, Kind, Source};
use crate::token::{Disclosed, inspect_found};
use crate::workbench::{Failure, KeyInput, Setting};

/// Most decoys of one token.
const MOST_DECOYS: usize = 1000;

/// What the core never hides (RFC 9901 §9.7); here it is told by name.
const ALWAYS_VISIBLE: [&str; 5] = ["/iss", "/aud", "/exp", "/nbf", "/cnf"];

/// What to issue.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The text of a JSON object.
    pub claims: String,
    /// What the holder may keep back: names of outermost claims, or JSON pointers.
    #[serde(default)]
    pub disclosable: Vec<String>,
    /// Where digests stand for nothing.
    #[serde(default)]
    pub decoys: Vec<Decoys>,
    /// The issuer's key.
    pub key: KeyInput,
    /// `typ`: `example+sd-jwt`.
    #[serde(default)]
    pub typ: Option<String>,
    /// `kid`, if it is not the key's.
    #[serde(default)]
    pub kid: Option<String>,
    /// The hash of the digests by its registered name, or SHA-256.
    #[serde(default)]
    pub hash: Option<String>,
    /// The key that the holder has to prove, either half.
    #[serde(default)]
    pub holder: Option<KeyInput>,
}

/// Shows no claims.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("decoys", &self.decoys)
            .field("hash", &self.hash)
            .finish_non_exhaustive()
    }
}

/// Digests that stand for nothing, so that nobody counts the claims.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Decoys {
    /// Name or JSON pointer of the object or array they are added to; empty for the outermost.
    #[serde(default)]
    pub at: String,
    /// How many.
    pub count: usize,
}

/// An SD-JWT with all its disclosures, for the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Issued {
    /// The text.
    pub token: String,
    /// The payload as it was signed.
    pub payload: Option<RawJson>,
    /// Each disclosure, with where it goes.
    pub disclosures: Vec<Disclosed>,
    /// How many digests stand for nothing.
    pub decoys: usize,
}

/// Signs claims with digests in place of those that are disclosable.
///
/// # Errors
/// The claims are no JSON object; a name or pointer leads nowhere, or to a claim that has to stay
/// visible; the hash is not known; the holder's key is a secret; the backend failed.
pub fn answer(asked: &Request, setting: &Setting<'_>) -> Result<Issued, Failure> {
    let key = signing_key(&asked.key, setting)?;
    let holder = asked.holder.as_ref();
    let holder = holder
        .map(|holder| holder.read_one(setting.backend))
        .transpose()?;
    let mut header = HeaderBuilder::new();
    if let Some(typ) = &asked.typ {
        header = header.typ(typ);
    }
    if let Some(kid) = &asked.kid {
        header = header.key_id(kid);
    }
    let claims = with_holder(&asked.claims, holder.as_ref())?;
    let builder = sd_jwt::Builder::from_json(&claims).map_err(|error| refused(&error))?;
    let options = Options::strict();
    let document = Document::parse(claims.as_bytes(), &options)
        .map_err(|error| Failure::coded(error.code(), "the claims are not acceptable JSON"))?;
    let mut builder = builder.header(header).hash(hash(asked.hash.as_deref())?);
    for given in &asked.disclosable {
        let pointer = pointer::of(given);
        if pointer.is_empty() || !pointer::leads(document.root(), &pointer) {
            return Err(nowhere("disclosable", given));
        }
        if ALWAYS_VISIBLE.contains(&pointer.as_str()) {
            return Err(Failure::usage(format!(
                "`{given}` must stay visible: it decides whether the token is valid"
            ))
            .hint("a holder must not be able to hide `iss`, `aud`, `exp`, `nbf` and `cnf`"));
        }
        builder = builder.disclosable(pointer);
    }
    let mut decoys = 0_usize;
    for given in &asked.decoys {
        let pointer = pointer::of(&given.at);
        if !pointer::leads(document.root(), &pointer) {
            return Err(nowhere("a place for decoys", &given.at));
        }
        decoys = decoys.saturating_add(given.count);
        builder = builder.decoys(pointer, given.count);
    }
    if decoys > MOST_DECOYS {
        return Err(Failure::usage(format!(
            "{decoys} decoys are more than the {MOST_DECOYS} that one token may have"
        )));
    }
    let mut failed = false;
    let mut salts = || {
        let mut salt = [0; 16];
        failed |= setting.backend.fill(&mut salt).is_none();
        salt
    };
    let token = builder
        .sign(&key, &mut salts, setting.backend)
        .map_err(|error| refused(&error))?;
    if failed {
        return Err(Failure::content("the source of randomness failed"));
    }
    Ok(told(token, decoys, setting))
}

/// What the inspector says of the new token.
fn told(token: String, decoys: usize, setting: &Setting<'_>) -> Issued {
    let found = Found {
        span: 0..token.len(),
        kind: Kind::SdJwt,
        source: Source::Whole,
        text: token.clone(),
        repairs: Vec::new(),
    };
    let inspection = inspect_found(found, &crate::token::Options::new(setting.now));
    let mut parts = inspection.parts.into_iter();
    Issued {
        token,
        payload: parts
            .find(|part| part.name == crate::finding::PartName::Payload)
            .and_then(|part| part.json),
        disclosures: inspection
            .disclosing
            .map(|told| told.disclosures)
            .unwrap_or_default(),
        decoys,
    }
}

/// The claims with the holder's public key in `cnf` (RFC 7800 §3.2).
fn with_holder(claims: &str, holder: Option<&Jwk>) -> Result<String, Failure> {
    let Some(holder) = holder else {
        return Ok(claims.to_owned());
    };
    if holder.material().key_type() == KeyType::Oct {
        return Err(Failure::usage("the holder's key is a shared secret")
            .hint("a holder proves a key pair; make one with `jeton key generate`"));
    }
    let key = holder
        .to_public_json()
        .ok_or_else(|| Failure::usage("the holder's key has no public half"))?;
    let document = Document::parse(claims.as_bytes(), &Options::strict())
        .map_err(|error| Failure::coded(error.code(), "the claims are not acceptable JSON"))?;
    let Some(object) = document.root().as_object() else {
        return Err(Failure::coded(
            Code::ClaimsInvalid,
            "the claims are not a JSON object",
        ));
    };
    if object.get("cnf").is_some() {
        return Err(Failure::usage("the claims have a `cnf` already")
            .hint("leave it out, or the holder's key"));
    }
    let mut out = String::from("{");
    for member in object {
        write_string(&mut out, member.name);
        out.push(':');
        out.push_str(member.value.source());
        out.push(',');
    }
    Ok(format!("{out}\"cnf\":{{\"jwk\":{key}}}}}"))
}

fn hash(name: Option<&str>) -> Result<Hash, Failure> {
    let Some(name) = name else {
        return Ok(Hash::Sha256);
    };
    [Hash::Sha256, Hash::Sha384, Hash::Sha512]
        .into_iter()
        .find(|hash| hash.registry_name() == name)
        .ok_or_else(|| {
            Failure::usage(format!("there is no hash `{name}` for digests"))
                .hint("choose sha-256, sha-384 or sha-512")
        })
}

fn nowhere(what: &str, given: &str) -> Failure {
    Failure::usage(format!(
        "`{given}` is {what}, but the claims have nothing there"
    ))
    .hint("name an outermost claim, or write a JSON pointer: /address/street, /roles/0")
}

fn refused(error: &SignError) -> Failure {
    Failure::coded(error.code(), "nothing was signed").cause(error.to_string())
}
