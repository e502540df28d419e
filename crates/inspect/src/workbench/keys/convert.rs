//! A key in another form.

use jeton_jose::json::{self, Document, Options};
use jeton_jose::jwk::{Jwk, JwkSet};
use jeton_jose::key::{self, KeyError, KeyForm, Structure};
use jeton_jose::{Secret, base64url};
use serde::{Deserialize, Serialize};

use crate::workbench::{Failure, KeyInput, Setting};

/// Which key, and which form.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// The key, or the set.
    pub key: KeyInput,
    /// The form to write.
    pub to: Form,
    /// Write DER instead of PEM.
    #[serde(default)]
    pub der: bool,
    /// Write the public half only.
    #[serde(default)]
    pub public: bool,
}

/// The form of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = KeyForm))]
#[serde(rename_all = "lowercase")]
pub enum Form {
    /// JSON Web Key.
    Jwk,
    /// JWK Set, of all the keys in the input.
    Jwks,
    /// PEM: PKCS#8 for a private key, SPKI for a public one.
    Pem,
    /// DER: PKCS#8 for a private key, SPKI for a public one.
    Der,
    /// Private key of any kind (RFC 5208).
    Pkcs8,
    /// Public key of any kind (RFC 5280).
    Spki,
    /// RSA key, private or public (RFC 8017).
    Pkcs1,
    /// Private EC key (RFC 5915).
    Sec1,
}

/// A key as text, or as DER in base64url.
#[derive(Clone, Debug, Serialize)]
pub struct Converted {
    /// What form it has, in words.
    pub form: String,
    /// Whether it holds a private half or a secret.
    pub private: bool,
    /// The text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// DER, in base64url.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base64url: Option<String>,
}

/// A key as the bytes of its file.
#[derive(Clone, Debug)]
pub struct Written {
    /// Text, or DER.
    pub bytes: Secret,
    /// Which of the two, and what is in it.
    pub form: KeyForm,
    /// Whether it holds a private half or a secret.
    pub is_private: bool,
}

/// Converts the key of a request.
pub(in crate::workbench) fn answer(
    request: &Request,
    setting: &Setting<'_>,
) -> Result<Converted, Failure> {
    let Request {
        key,
        to,
        der,
        public,
    } = request;
    let written = if *to == Form::Jwks {
        write_set(key.read(setting.backend)?.keys, *public)
    } else {
        let jwk = key.read_one(setting.backend)?;
        let jwk = if *public { public_half(&jwk)? } else { jwk };
        write(&jwk, form_of(&jwk, *to, *der))?
    };
    Ok(Converted::from(&written))
}

/// All the keys, as one set. Secrets have no public half and are left out where that is asked for.
pub fn write_set(keys: Vec<Jwk>, public: bool) -> Written {
    let is_private = !public && keys.iter().any(|key| key.material().is_private());
    let set = JwkSet {
        keys,
        skipped: Vec::new(),
    };
    let bytes = if public {
        text(&set.to_public_json())
    } else {
        text(&set.to_json())
    };
    Written {
        bytes,
        form: KeyForm::JwkSet,
        is_private,
    }
}

/// The public half.
///
/// # Errors
/// A secret has none.
pub fn public_half(jwk: &Jwk) -> Result<Jwk, Failure> {
    jwk.public().ok_or_else(|| {
        Failure::usage("a secret has no public half")
            .hint("whoever can verify with it can also sign")
    })
}

/// What a wish means for this key.
pub fn form_of(jwk: &Jwk, to: Form, der: bool) -> KeyForm {
    let is_private = jwk.material().is_private();
    let either = |private, public| if is_private { private } else { public };
    let structure = match to {
        Form::Jwk => return KeyForm::Jwk,
        Form::Jwks => return KeyForm::JwkSet,
        Form::Pem | Form::Der => either(Structure::Pkcs8, Structure::Spki),
        Form::Pkcs8 => Structure::Pkcs8,
        Form::Spki => Structure::Spki,
        Form::Pkcs1 => either(Structure::Pkcs1Private, Structure::Pkcs1Public),
        Form::Sec1 => Structure::Sec1,
    };
    if der || to == Form::Der {
        KeyForm::Der(structure)
    } else {
        KeyForm::Pem(structure)
    }
}

/// Writes a key.
///
/// # Errors
/// The form cannot carry it, or wants the private half that is not there.
pub fn write(jwk: &Jwk, form: KeyForm) -> Result<Written, Failure> {
    let is_private = match form {
        KeyForm::Pem(structure) | KeyForm::Der(structure) => matches!(
            structure,
            Structure::Pkcs8 | Structure::Pkcs1Private | Structure::Sec1
        ),
        _ => jwk.material().is_private(),
    };
    let written = key::write(jwk, form).map_err(|error| {
        let cause = match error {
            // The core's message speaks of reading.
            KeyError::Format { reason } => reason.to_owned(),
            _ => error.to_string(),
        };
        Failure::coded(error.code(), format!("the key cannot be written as {form}"))
            .cause(cause)
            .hint(FORMS)
    })?;
    let bytes = match form {
        KeyForm::Jwk | KeyForm::JwkSet => {
            text(core::str::from_utf8(written.expose()).unwrap_or_default())
        }
        _ => written,
    };
    Ok(Written {
        bytes,
        form,
        is_private,
    })
}

const FORMS: &str = "PKCS#8 and SPKI carry keys of any kind, PKCS#1 those of RSA, SEC 1 those of EC; secrets are JWKs only";

/// JSON on lines of its own.
fn text(compact: &str) -> Secret {
    let pretty = match Document::parse(compact.as_bytes(), &Options::lossless()) {
        Ok(document) => json::pretty(document.root()),
        Err(_) => compact.to_owned(),
    };
    Secret::new(format!("{pretty}\n").into_bytes())
}

impl From<&Written> for Converted {
    fn from(written: &Written) -> Self {
        let bytes = written.bytes.expose();
        let is_der = matches!(written.form, KeyForm::Der(_));
        let text = (!is_der).then(|| String::from_utf8_lossy(bytes).into_owned());
        Self {
            form: written.form.to_string(),
            private: written.is_private,
            text,
            base64url: is_der.then(|| base64url::encode(bytes)),
        }
    }
}

#[cfg(test)]
mod tests {
    use jeton_jose::Algorithm;
    use jeton_jose::backend::RustCrypto;

    use super::*;

    #[test]
    fn every_form_says_whether_it_is_private() {
        let jwk = jeton_testkit::jwk(Algorithm::ES256);
        for (to, private) in [
            (Form::Jwk, true),
            (Form::Pem, true),
            (Form::Pkcs8, true),
            (Form::Sec1, true),
            (Form::Spki, false),
        ] {
            let written = write(&jwk, form_of(&jwk, to, false)).unwrap();
            assert_eq!(written.is_private, private, "{to:?}");
            let read = key::read(written.bytes.expose(), &RustCrypto).unwrap();
            assert_eq!(read.keys[0].material().is_private(), private, "{to:?}");
        }
        assert!(write(&jwk, form_of(&jwk, Form::Pkcs1, false)).is_err());
    }

    #[test]
    fn a_published_set_has_no_private_half_and_no_secret() {
        let keys = [Algorithm::ES256, Algorithm::HS256].map(jeton_testkit::jwk);
        let written = write_set(keys.to_vec(), true);
        let read = key::read(written.bytes.expose(), &RustCrypto).unwrap();
        assert!(!written.is_private);
        assert_eq!(read.keys.len(), 1);
        assert!(!read.keys[0].material().is_private());
    }
}
