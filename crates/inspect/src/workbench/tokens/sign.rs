//! Signs a payload, and says what of the result a verifier would refuse.

use jeton_jose::alg::Curve;
use jeton_jose::backend::Backend;
use jeton_jose::json::{self, Document, Options, RawJson};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws::{HeaderBuilder, SignError, compact, flattened, general};
use jeton_jose::key::{KeyError, SigningKey, VerifyingKey, VerifyingKeySet, check_strength};
use jeton_jose::{Algorithm, Policy, UnixTime};
use serde::{Deserialize, Serialize};

use crate::sent::{Form, Sent};
use crate::verdict::{Keys, Outcome, Scope, judge};
use crate::workbench::{Failure, KeyInput, Setting, weak};

/// What to sign, and how.
#[derive(Clone, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The payload, byte for byte.
    pub payload: String,
    /// The header as the text of a JSON object. `alg` and the key's `kid` are added where they are
    /// missing.
    #[serde(default)]
    pub header: Option<String>,
    /// The private keys; several make several signatures, in the general form.
    pub keys: Vec<KeyInput>,
    /// The serialization.
    #[serde(default)]
    pub form: Form,
    /// Leave the payload out of the token.
    #[serde(default)]
    pub detached: bool,
    /// Whether the payload is encoded; `false` signs it as it is (RFC 7797).
    #[serde(default)]
    pub b64: Option<bool>,
    /// Sign the header's text byte for byte, whatever it says.
    #[serde(default)]
    pub exact: bool,
    /// Sign under keys that are too weak.
    #[serde(default)]
    pub allow_weak: bool,
}

/// Shows no text: what is signed may be confidential.
impl core::fmt::Debug for Request {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Request")
            .field("form", &self.form)
            .finish_non_exhaustive()
    }
}

/// What to sign with, ready.
#[derive(Debug)]
pub struct Signer {
    key: SigningKey,
    /// What verifies, unless the key is too weak to.
    verifier: Option<VerifyingKey>,
}

/// What to sign, ready.
#[derive(Clone, Copy)]
pub struct Content<'c> {
    /// The payload.
    pub payload: &'c [u8],
    /// The text of the header.
    pub header: &'c str,
    /// The serialization.
    pub form: Form,
    /// Leave the payload out of the token.
    pub detached: bool,
    /// Sign the payload as it is.
    pub unencoded: bool,
    /// Sign the header's text byte for byte.
    pub exact: bool,
}

impl core::fmt::Debug for Content<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Content({} bytes)", self.payload.len())
    }
}

/// A token, fresh.
#[derive(Clone, Debug, Serialize)]
pub struct Signed {
    /// The token: a string in the compact form, an object in the others.
    pub token: RawJson,
    /// The payload that travels apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload: Option<String>,
    /// The keys that signed.
    pub keys: Vec<KeyUsed>,
    /// Why a verifier would refuse the token now, or should.
    pub warnings: Vec<Warning>,
    /// The token as it is written down.
    #[serde(skip)]
    pub text: String,
}

/// A key that signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyUsed {
    /// Its one algorithm.
    pub alg: &'static str,
    /// Its name.
    pub kid: Option<String>,
}

/// Why a verifier would refuse a token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Warning {
    /// The stable code.
    pub code: &'static str,
    /// The reason in words.
    pub message: String,
}

/// Signs what a request says.
pub(in crate::workbench) fn answer(
    request: &Request,
    setting: &Setting<'_>,
) -> Result<Signed, Failure> {
    let header = request.header.as_deref().unwrap_or("{}");
    let named = algorithm_of(header);
    let signers: Vec<_> = request
        .keys
        .iter()
        .map(|input| {
            let jwk = input.read_one(setting.backend)?;
            let algorithm = match input.alg.as_deref() {
                Some(name) => Some(known(name)?),
                None => named.filter(|named| offers(&jwk, *named)),
            };
            Signer::new(&jwk, algorithm, request.allow_weak, setting.backend)
                .map_err(|error| refused("the key", &error))
        })
        .collect::<Result<_, _>>()?;
    let content = Content {
        payload: request.payload.as_bytes(),
        header,
        form: request.form,
        detached: request.detached,
        unencoded: request.b64 == Some(false),
        exact: request.exact,
    };
    sign(&signers, &content, setting.now)
}

/// Signs.
///
/// # Errors
/// The parts do not go together, or the backend fails.
pub fn sign(signers: &[Signer], content: &Content<'_>, now: UnixTime) -> Result<Signed, Failure> {
    check_form(signers, content)?;
    let headers: Vec<_> = signers
        .iter()
        .map(|signer| header(content, &signer.key))
        .collect::<Result<_, _>>()?;
    let text = serialize(signers, &headers, content).map_err(|error| not_signed(&error))?;
    let token = match content.form {
        Form::Compact => json::to_string(&text).unwrap_or_default(),
        _ => text.clone(),
    };
    let token = Document::parse(token.as_bytes(), &Options::lossless())
        .map(|document| RawJson::from(document.root()))
        .map_err(|error| Failure::coded(error.code(), "the token cannot be shown"))?;
    let payload = core::str::from_utf8(content.payload).ok();
    Ok(Signed {
        token,
        payload: payload.filter(|_| content.detached).map(str::to_owned),
        keys: signers.iter().map(KeyUsed::from).collect(),
        warnings: warnings(signers, content, &text, now),
        text,
    })
}

impl Signer {
    /// Prepares a private key or secret. `algorithm` may be left out where the key serves only one.
    ///
    /// # Errors
    /// The key cannot sign, or is weak and that was not asked for.
    pub fn new(
        jwk: &Jwk,
        algorithm: Option<Algorithm>,
        allow_weak: bool,
        backend: &dyn Backend,
    ) -> Result<Self, KeyError> {
        let algorithm = match (algorithm, jwk.material().curve()) {
            (Some(algorithm), _) => algorithm,
            // Of the two names of the same signature, the fully specified one (RFC 9864).
            (None, Some(Curve::Ed25519)) if jwk.algorithm_name().is_none() => Algorithm::Ed25519,
            (None, _) => jwk.only_algorithm()?,
        };
        let key = if allow_weak {
            SigningKey::dangerous_allow_weak(jwk, algorithm, backend)?
        } else {
            // Before the backend is asked, which may not even take such a key.
            check_strength(algorithm, jwk.material()).map_err(KeyError::Weak)?;
            SigningKey::new(jwk, algorithm, backend)?
        };
        let public = jwk.public();
        let verifier = VerifyingKey::new(public.as_ref().unwrap_or(jwk), algorithm, backend).ok();
        Ok(Self { key, verifier })
    }
}

/// Why a key cannot sign. `what` names it: "the key".
pub fn refused(what: &str, error: &KeyError) -> Failure {
    let failure = Failure::key(what, error);
    match error {
        KeyError::AlgorithmAmbiguous { candidates } => {
            failure.hint(format!("name the algorithm, one of {candidates}"))
        }
        _ => failure,
    }
}

pub(super) fn known(name: &str) -> Result<Algorithm, Failure> {
    Algorithm::from_name(name).ok_or_else(|| {
        Failure::usage("there is no such signature algorithm")
            .hint("names are case-sensitive: ES256, EdDSA, Ed25519")
    })
}

fn offers(jwk: &Jwk, algorithm: Algorithm) -> bool {
    jwk.algorithms().is_ok_and(|own| own.contains(algorithm))
}

/// What a header asks for, if it can be read.
fn algorithm_of(header: &str) -> Option<Algorithm> {
    let document = Document::parse(header.as_bytes(), &Options::strict()).ok()?;
    let name = document.root().as_object()?.get("alg")?;
    Algorithm::from_name(name.as_str()?)
}

fn check_form(signers: &[Signer], content: &Content<'_>) -> Result<(), Failure> {
    match (content.form, signers.len()) {
        (_, 0) => Err(Failure::usage("there is no key to sign with")),
        (Form::Compact | Form::Flattened, 2..) => {
            Err(Failure::usage("several keys make several signatures")
                .hint("choose the general form"))
        }
        (Form::Flattened | Form::General, _) if content.detached => {
            Err(Failure::usage("a detached payload needs the compact form"))
        }
        _ => Ok(()),
    }
}

/// The header of one signature.
fn header(content: &Content<'_>, key: &SigningKey) -> Result<HeaderBuilder, Failure> {
    let text = if content.exact {
        content.header.to_owned()
    } else {
        complete(content, key)?
    };
    let header = HeaderBuilder::new().dangerous_verbatim(text);
    Ok(if content.unencoded {
        header.unencoded_payload()
    } else {
        header
    })
}

/// The members of the header as they were given, with what is missing.
fn complete(content: &Content<'_>, key: &SigningKey) -> Result<String, Failure> {
    let document =
        Document::parse(content.header.as_bytes(), &Options::strict()).map_err(|error| {
            Failure::coded(error.code(), "the header is not acceptable JSON")
                .cause(error.to_string())
        })?;
    let given = document
        .root()
        .as_object()
        .ok_or_else(|| Failure::usage("the header is not a JSON object"))?;
    let text = |value: &str| json::to_string(value).unwrap_or_default();
    let mut members: Vec<(&str, String)> = given
        .iter()
        .map(|member| (member.name, json::compact(member.value)))
        .collect();
    let own = key.algorithm().name();
    match given.get("alg") {
        None => members.insert(0, ("alg", text(own))),
        Some(alg) if alg.as_str() == Some(own) => {}
        Some(_) => {
            return Err(Failure::usage(format!(
                "the header's `alg` and the key's, {own}, contradict each other"
            ))
            .hint("leave `alg` out, give a key for it, or have the header signed as it is"));
        }
    }
    if let (None, Some(key_id)) = (given.get("kid"), key.key_id()) {
        let after = members
            .iter()
            .rposition(|(name, _)| matches!(*name, "alg" | "typ"))
            .map_or(0, |at| at + 1);
        members.insert(after, ("kid", text(key_id)));
    }
    if content.unencoded {
        if given.get("b64").is_some() || given.get("crit").is_some() {
            return Err(Failure::usage(
                "`b64` and `crit` are set where the payload is signed unencoded",
            )
            .hint("leave them out of the header"));
        }
        members.push(("b64", "false".to_owned()));
        members.push(("crit", "[\"b64\"]".to_owned()));
    } else if given.get("b64").is_some() {
        return Err(Failure::usage(
            "`b64` in the header does not decide how the payload is signed",
        )
        .hint("ask for an unencoded payload instead"));
    }
    let members: Vec<_> = members
        .iter()
        .map(|(name, value)| format!("{}:{value}", text(name)))
        .collect();
    Ok(format!("{{{}}}", members.join(",")))
}

fn serialize(
    signers: &[Signer],
    headers: &[HeaderBuilder],
    content: &Content<'_>,
) -> Result<String, SignError> {
    let pairs: Vec<_> = signers
        .iter()
        .map(|signer| &signer.key)
        .zip(headers)
        .collect();
    match (content.form, pairs.as_slice()) {
        (Form::Compact, [(key, header)]) if content.detached => {
            compact::sign_detached(key, header, content.payload)
        }
        (Form::Compact, [(key, header)]) => compact::sign(key, header, content.payload),
        (Form::Flattened, [(key, header)]) => flattened::sign(key, header, content.payload),
        (_, pairs) => general::sign(pairs, content.payload),
    }
}

fn not_signed(error: &SignError) -> Failure {
    let failure = Failure::coded(error.code(), "nothing was signed").cause(error.to_string());
    match error {
        SignError::PayloadEncoding => failure.hint("detach the payload, or have it encoded"),
        _ => failure,
    }
}

/// What a verifier that has the key, and asks nothing else, would refuse at the time `now`.
fn warnings(signers: &[Signer], content: &Content<'_>, token: &str, now: UnixTime) -> Vec<Warning> {
    let weak = signers.iter().filter_map(|signer| {
        let weakness = signer.key.weakness()?;
        Some(Warning {
            code: KeyError::Weak(weakness).code().as_str(),
            message: format!("weak key: {}", weak(weakness)),
        })
    });
    let mut warnings: Vec<_> = weak.collect();
    let attached = content.form == Form::Compact && !content.detached && !content.unencoded;
    if let [
        Signer {
            verifier: Some(verifier),
            ..
        },
    ] = signers
        && attached
        && is_jwt(content)
    {
        let policy = Policy::new(verifier.algorithm());
        let keys = VerifyingKeySet::from(verifier.clone());
        let sent = Sent::read(token.to_owned());
        let judgement = judge(&sent, Keys::Given(&keys), &policy, &Scope::Claims, now);
        let failed = judgement.checks.into_iter().filter_map(|check| {
            let code = check.code.filter(|_| check.outcome == Outcome::Failed)?;
            Some(Warning {
                code: code.as_str(),
                message: check.message.unwrap_or_default(),
            })
        });
        warnings.extend(failed);
    }
    warnings
}

/// Whether claims are meant: the payload is an object, or the header says so.
fn is_jwt(content: &Content<'_>) -> bool {
    let says_so = || {
        let document = Document::parse(content.header.as_bytes(), &Options::lossless()).ok()?;
        let typ = document
            .root()
            .as_object()?
            .get("typ")?
            .as_str()?
            .to_owned();
        Some(typ.eq_ignore_ascii_case("JWT"))
    };
    content.payload.trim_ascii_start().first() == Some(&b'{') || says_so() == Some(true)
}

impl From<&Signer> for KeyUsed {
    fn from(signer: &Signer) -> Self {
        Self {
            alg: signer.key.algorithm().name(),
            kid: signer.key.key_id().map(str::to_owned),
        }
    }
}

#[cfg(test)]
mod tests;
