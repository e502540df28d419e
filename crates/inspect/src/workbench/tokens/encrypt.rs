//! `tokens/encrypt`: a payload, claims or a signed token, for one recipient or several.

use jeton_jose::alg::{Curve, KeyManagementFamily, KeyManagementSet};
use jeton_jose::backend::Randomness;
use jeton_jose::base64url;
use jeton_jose::json::{self, Document, Options, RawJson};
use jeton_jose::jwe::{EncryptError, HeaderBuilder, compact, flattened, general};
use jeton_jose::jwk::Jwk;
use jeton_jose::jws;
use jeton_jose::jwt::nested;
use jeton_jose::key::{EncryptingKey, EncryptionError, KeyError, KeyMaterial, SigningKey};
use jeton_jose::{Algorithm, Code, ContentEncryption, KeyManagement, Secret};
use serde::{Deserialize, Serialize};

use crate::sent::Form;
use crate::workbench::key_input::confidential;
use crate::workbench::{Failure, KeyInput, Setting};

/// What is to be encrypted and for whom: exactly one of `plaintext`, `payload_base64url` and
/// `token`.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Text.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub plaintext: Option<Secret>,
    /// Bytes.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub payload_base64url: Option<Secret>,
    /// A signed compact token, to be nested.
    #[serde(default, deserialize_with = "confidential")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub token: Option<Secret>,
    /// Signs what is given first, and nests the token that this makes.
    #[serde(default)]
    pub sign: Option<Signer>,
    /// For whom; several make the general form.
    #[serde(default)]
    pub recipients: Vec<Recipient>,
    /// The content encryption; by default what the key is bound to, or `A256GCM`.
    #[serde(default)]
    pub enc: Option<String>,
    /// Further header parameters: the text of a JSON object.
    #[serde(default)]
    pub header: Option<String>,
    /// `kid`, if it is not the key's own.
    #[serde(default)]
    pub kid: Option<String>,
    /// The serialization; by default compact for one recipient, general for several.
    #[serde(default)]
    pub form: Option<Form>,
    /// Text that the JSON forms send in the open, authenticated with the content.
    #[serde(default)]
    pub aad: Option<String>,
}

/// Who signs.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = InnerSigner))]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// The private key or secret, and the algorithm where it does not say.
    #[serde(flatten)]
    pub key: KeyInput,
    /// `typ`; by default `JWT`.
    #[serde(default)]
    pub typ: Option<String>,
}

/// Who can decrypt.
#[derive(Debug, Default, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// The public key or secret, and the key management algorithm where it does not say.
    #[serde(flatten)]
    pub key: KeyInput,
    /// Iterations of PBES2; by default 600,000.
    #[serde(default)]
    pub iterations: Option<u32>,
}

/// The encrypted token.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// It: a string in the compact form, else a JSON object.
    pub token: RawJson,
    /// Its serialization.
    pub form: Form,
    /// Its `enc`.
    pub encryption: &'static str,
    /// The `alg` for each recipient.
    pub algorithms: Vec<&'static str>,
    /// Whether a signed token is inside.
    pub nested: bool,
    /// Its text.
    #[serde(skip)]
    pub text: String,
}

/// Encrypts.
///
/// # Errors
/// The request contradicts itself, or a key cannot do what is asked.
pub fn answer(request: &Request, setting: &Setting<'static>) -> Result<Answer, Failure> {
    let recipients = &request.recipients;
    if recipients.is_empty() {
        return Err(Failure::usage("no recipient's key was given"));
    }
    let jwks = recipients
        .iter()
        .map(|recipient| recipient.key.read_one(setting.backend))
        .collect::<Result<Vec<_>, _>>()?;
    let algorithms = recipients
        .iter()
        .zip(&jwks)
        .map(|(recipient, jwk)| recipient.algorithm(jwk))
        .collect::<Result<Vec<_>, _>>()?;
    let encryption = request.encryption(&jwks, &algorithms)?;
    let keys = (recipients.iter().zip(&jwks).zip(&algorithms))
        .map(|((recipient, jwk), algorithm)| recipient.prepare(jwk, *algorithm, setting))
        .collect::<Result<Vec<_>, _>>()?;
    let header = request.header(encryption)?;
    let form = request.form(keys.len())?;
    let (content, nested) = request.content(setting)?;
    let sealing = Sealing {
        keys: &keys,
        header,
        aad: request.aad.as_deref().map(str::as_bytes),
        random: setting.backend,
    };
    let text = if nested {
        sealing.nest(form, &content)
    } else {
        sealing.seal(form, content.expose())
    };
    let text = text.map_err(|error| refused(&error))?;
    Ok(Answer {
        token: raw(&text, form)?,
        form,
        encryption: encryption.name(),
        algorithms: algorithms
            .iter()
            .map(|algorithm| algorithm.name())
            .collect(),
        nested,
        text,
    })
}

impl Request {
    /// What is encrypted, and whether it is a signed token.
    fn content(&self, setting: &Setting<'static>) -> Result<(Secret, bool), Failure> {
        let given = match (&self.plaintext, &self.payload_base64url, &self.token) {
            (Some(plaintext), None, None) => plaintext.clone(),
            (None, Some(payload), None) => {
                let text = core::str::from_utf8(payload.expose()).unwrap_or_default();
                base64url::decode(text).map(Secret::new).map_err(|error| {
                    Failure::content("`payload_base64url` is no base64url").cause(error.to_string())
                })?
            }
            (None, None, Some(token)) if self.sign.is_none() => return Ok((token.clone(), true)),
            (None, None, Some(_)) => {
                return Err(Failure::usage("a token that is nested is signed already")
                    .hint("leave out the key to sign with, or give claims"));
            }
            _ => {
                return Err(Failure::usage(
                    "give what is to be encrypted as one of `plaintext`, `payload_base64url` and `token`",
                ));
            }
        };
        match &self.sign {
            Some(signer) => Ok((signer.sign(given.expose(), setting)?, true)),
            None => Ok((given, false)),
        }
    }

    fn encryption(
        &self,
        jwks: &[Jwk],
        algorithms: &[KeyManagement],
    ) -> Result<ContentEncryption, Failure> {
        if let Some(name) = &self.enc {
            return encryption_named(name);
        }
        let direct = match (jwks, algorithms) {
            ([jwk], [KeyManagement::Dir]) => direct_encryption(jwk),
            _ => None,
        };
        Ok(direct.unwrap_or(ContentEncryption::A256GCM))
    }

    fn form(&self, recipients: usize) -> Result<Form, Failure> {
        let form = match (self.form, recipients) {
            (Some(form), _) => form,
            (None, 1) if self.aad.is_some() => Form::Flattened,
            (None, 1) => Form::Compact,
            (None, _) => Form::General,
        };
        if recipients > 1 && form != Form::General {
            return Err(Failure::usage("several recipients need the general form"));
        }
        if self.aad.is_some() && form == Form::Compact {
            return Err(Failure::usage("the compact form has no additional data")
                .hint("choose the flattened or the general form"));
        }
        Ok(form)
    }

    fn header(&self, encryption: ContentEncryption) -> Result<HeaderBuilder, Failure> {
        let mut header = HeaderBuilder::new(encryption);
        if let Some(kid) = &self.kid {
            header = header.key_id(kid);
        }
        let Some(text) = &self.header else {
            return Ok(header);
        };
        let document = Document::parse(text.as_bytes(), &Options::strict()).map_err(|error| {
            Failure::coded(error.code(), "the header is not acceptable JSON")
                .cause(error.to_string())
        })?;
        let members = document.root().as_object();
        let members = members.ok_or_else(|| Failure::usage("the header is not a JSON object"))?;
        let (mut producer, mut recipient) = (Vec::new(), Vec::new());
        for member in members {
            let text = member.value.as_str();
            let party = || {
                let decoded = text.and_then(|text| base64url::decode(text).ok());
                decoded.ok_or_else(|| {
                    Failure::usage(format!("the header's `{}` is no base64url", member.name))
                })
            };
            header = match (member.name, text) {
                ("typ", Some(typ)) => header.typ(typ),
                ("cty", Some(content_type)) => header.content_type(content_type),
                ("kid", Some(kid)) => header.key_id(kid),
                ("apu", _) => {
                    producer = party()?;
                    header
                }
                ("apv", _) => {
                    recipient = party()?;
                    header
                }
                (name, _) => header
                    .parameter(name, &RawJson::from(member.value))
                    .map_err(|error| {
                        Failure::usage(format!("the header parameter `{name}` cannot be set"))
                            .cause(error.to_string())
                    })?,
            };
        }
        Ok(header.parties(&producer, &recipient))
    }
}

impl Signer {
    fn sign(&self, claims: &[u8], setting: &Setting<'static>) -> Result<Secret, Failure> {
        let what = self.key.name();
        let jwk = self.key.read_one(setting.backend)?;
        let failure = |error: KeyError| match error {
            KeyError::AlgorithmAmbiguous { candidates } => {
                Failure::key(what, &error).hint(format!("name one to sign with: {candidates}"))
            }
            error => Failure::key(what, &error),
        };
        let algorithm = match (&self.key.alg, jwk.material().curve()) {
            (Some(name), _) => Algorithm::from_name(name).ok_or_else(|| {
                Failure::usage(format!("there is no signature algorithm `{name}`"))
            })?,
            (None, Some(Curve::Ed25519)) if jwk.algorithm_name().is_none() => Algorithm::Ed25519,
            (None, _) => jwk.only_algorithm().map_err(failure)?,
        };
        let key = SigningKey::new(&jwk, algorithm, setting.backend).map_err(failure)?;
        let header = jws::HeaderBuilder::new().typ(self.typ.as_deref().unwrap_or("JWT"));
        jws::compact::sign(&key, &header, claims)
            .map(|token| Secret::new(token.into_bytes()))
            .map_err(|error| {
                Failure::coded(error.code(), "nothing was signed").cause(error.to_string())
            })
    }
}

impl Recipient {
    /// The one that is named, or the key's own, or the usual one of its kind.
    fn algorithm(&self, jwk: &Jwk) -> Result<KeyManagement, Failure> {
        if let Some(name) = &self.key.alg {
            return key_management_named(name);
        }
        let failure = |error: &KeyError| Failure::key(self.key.name(), error);
        let own = jwk.key_managements().map_err(|error| failure(&error))?;
        let mut candidates = own.iter();
        match (candidates.next(), candidates.next(), jwk.material()) {
            (Some(only), None, _) => Ok(only),
            (_, Some(_), KeyMaterial::Rsa(_)) => Ok(KeyManagement::RSA_OAEP_256),
            (_, Some(_), KeyMaterial::Ec(_) | KeyMaterial::Okp(_)) => {
                Ok(KeyManagement::ECDH_ES_A256KW)
            }
            (Some(_), Some(_), _) => {
                let error = KeyError::KeyManagementAmbiguous { candidates: own };
                Err(failure(&error).hint(format!("name one as its algorithm: {own}")))
            }
            (None, ..) => Err(Failure::coded(
                Code::KeyType,
                format!("{} cannot be used", self.key.name()),
            )
            .cause(format!(
                "a key of {} does not encrypt",
                jwk.material()
                    .curve()
                    .map_or(jwk.material().key_type().name(), Curve::name)
            ))),
        }
    }

    fn prepare(
        &self,
        jwk: &Jwk,
        algorithm: KeyManagement,
        setting: &Setting<'static>,
    ) -> Result<EncryptingKey, Failure> {
        let is_password = algorithm.row().family == KeyManagementFamily::Pbes2;
        if self.iterations.is_some() && !is_password {
            return Err(Failure::usage(format!("{algorithm} has no iterations"))
                .hint("they belong to passwords: PBES2-HS256+A128KW and its siblings"));
        }
        let key = EncryptingKey::new(jwk, algorithm, setting.backend)
            .map_err(|error| Failure::key(self.key.name(), &error))?;
        match self.iterations {
            Some(iterations) if !(LEAST_ITERATIONS..=MOST_ITERATIONS).contains(&iterations) => {
                Err(Failure::usage(format!(
                    "the iterations must be {LEAST_ITERATIONS} to {MOST_ITERATIONS}"
                )))
            }
            Some(iterations) => Ok(key.with_iterations(iterations)),
            None => Ok(key),
        }
    }
}

/// As few as RFC 7518 §4.8.1.2 admits, and as many as take a minute.
const LEAST_ITERATIONS: u32 = 1000;
const MOST_ITERATIONS: u32 = 10_000_000;

/// A key management algorithm by its exact name.
///
/// # Errors
/// There is none of this name, or it is refused; says which there are.
pub fn key_management_named(name: &str) -> Result<KeyManagement, Failure> {
    if let Some(reason) = jeton_jose::alg::refusal(name) {
        let message = format!("{name} is not implemented on purpose");
        return Err(Failure::coded(Code::AlgorithmRefused, message).cause(reason));
    }
    KeyManagement::from_name(name).ok_or_else(|| {
        let all: KeyManagementSet = KeyManagement::ALL.iter().copied().collect();
        Failure::usage(format!("there is no key management algorithm `{name}`"))
            .hint(format!("there are {all}"))
    })
}

/// A content encryption by its exact name.
///
/// # Errors
/// There is none of this name; says which there are.
pub fn encryption_named(name: &str) -> Result<ContentEncryption, Failure> {
    ContentEncryption::from_name(name).ok_or_else(|| {
        let all: Vec<_> = ContentEncryption::ALL
            .iter()
            .map(|one| one.name())
            .collect();
        Failure::usage(format!("there is no content encryption `{name}`"))
            .hint(format!("there are {}", all.join(", ")))
    })
}

/// What a shared key is bound to, or the fast one of its length.
fn direct_encryption(jwk: &Jwk) -> Option<ContentEncryption> {
    let own = jwk.algorithm_name().and_then(ContentEncryption::from_name);
    let KeyMaterial::Oct(secret) = jwk.material() else {
        return own;
    };
    let mut fitting = ContentEncryption::ALL.iter().rev().copied();
    own.or_else(|| fitting.find(|encryption| encryption.row().key_len == secret.len()))
}

/// All but the content.
struct Sealing<'a> {
    keys: &'a [EncryptingKey],
    header: HeaderBuilder,
    aad: Option<&'a [u8]>,
    random: &'a dyn Randomness,
}

impl Sealing<'_> {
    fn nest(mut self, form: Form, content: &Secret) -> Result<String, EncryptError> {
        let signed = core::str::from_utf8(content.expose()).unwrap_or_default();
        let signed = signed.trim_ascii();
        nested::check_signed(signed)?;
        self.header = self.header.content_type("JWT");
        self.seal(form, signed.as_bytes())
    }

    fn seal(&self, form: Form, content: &[u8]) -> Result<String, EncryptError> {
        let (header, aad, random) = (&self.header, self.aad, self.random);
        match (form, self.keys) {
            (Form::Compact, [key]) => compact::encrypt(key, header, content, random),
            (Form::Flattened, [key]) => flattened::encrypt(key, header, aad, content, random),
            (_, keys) => {
                let keys: Vec<_> = keys.iter().collect();
                general::encrypt(&keys, header, aad, content, random)
            }
        }
    }
}

fn refused(error: &EncryptError) -> Failure {
    let failure = Failure::coded(error.code(), "nothing was encrypted").cause(error.to_string());
    match error {
        EncryptError::Encryption(EncryptionError::ContentKey { encryption }) => {
            failure.hint(format!(
                "{encryption} takes a shared key of {} bits; name another content encryption or take another key",
                encryption.row().key_len * 8
            ))
        }
        EncryptError::Recipients { .. } => {
            failure.hint("wrap the content key: ECDH-ES+A256KW for ECDH-ES, A256KW for dir")
        }
        _ => failure,
    }
}

/// The token as JSON: a string, or the object that it is.
fn raw(text: &str, form: Form) -> Result<RawJson, Failure> {
    let written = match form {
        Form::Compact => {
            json::to_string(text).map_err(|error| Failure::usage(error.to_string()))?
        }
        _ => text.to_owned(),
    };
    let options = Options {
        max_len: written.len(),
        ..Options::strict()
    };
    let document = Document::parse(written.as_bytes(), &options)
        .map_err(|error| Failure::usage(error.to_string()))?;
    Ok(RawJson::from(document.root()))
}
