use super::disclosure::{RESERVED, digest};
use super::rebuild::push_token;
use crate::alg::Hash;
use crate::backend::Backend;
use crate::base64url;
use crate::json::{Array, Document, Object, Options, Value, compact, to_string, write_string};
use crate::jws::{HeaderBuilder, SignError, compact as compact_jws};
use crate::key::SigningKey;

/// Where salts come from: each call yields 128 fresh random bits (RFC 9901 §9.3).
pub type Salts<'s> = dyn FnMut() -> [u8; 16] + 's;

/// Claims that decide whether the token is valid; a holder must not be able to keep them back
/// (RFC 9901 §9.7).
const ALWAYS_VISIBLE: [&str; 5] = ["/iss", "/aud", "/exp", "/nbf", "/cnf"];

/// Claims to be signed, some of them selectively disclosable.
#[derive(Clone, Debug)]
pub struct Builder {
    header: HeaderBuilder,
    claims: Document<'static>,
    disclosable: Vec<String>,
    decoys: Vec<(String, usize)>,
    hash: Hash,
}

impl Builder {
    /// Begins with claims, none of them disclosable yet, and SHA-256.
    ///
    /// # Errors
    /// They are no JSON object, repeat a name, or use a name that RFC 9901 reserves.
    pub fn new(claims: &(impl serde::Serialize + ?Sized)) -> Result<Self, SignError> {
        Self::from_json(&to_string(claims)?)
    }

    /// Like [`Builder::new`], from JSON text such as [`crate::jwt::Builder::to_json`] yields.
    ///
    /// # Errors
    /// As for `new`.
    pub fn from_json(claims: &str) -> Result<Self, SignError> {
        let claims = Document::from_vec(claims.as_bytes().to_vec(), &Options::strict())
            .map_err(|_| refused("are not JSON, or repeat a name"))?;
        if claims.root().as_object().is_none() {
            return Err(refused("are not a JSON object"));
        }
        check_names(claims.root())?;
        Ok(Self {
            header: HeaderBuilder::new(),
            claims,
            disclosable: Vec::new(),
            decoys: Vec::new(),
            hash: Hash::Sha256,
        })
    }

    /// Sets the header. RFC 9901 §9.11 asks for a `typ` of its own: `example+sd-jwt`.
    #[must_use]
    pub fn header(mut self, header: HeaderBuilder) -> Self {
        self.header = header;
        self
    }

    /// Sets the hash of the digests.
    #[must_use]
    pub fn hash(mut self, hash: Hash) -> Self {
        self.hash = hash;
        self
    }

    /// Makes the claim or array element at this JSON Pointer (RFC 6901) disclosable:
    /// `/address/street`, `/nationalities/0`.
    #[must_use]
    pub fn disclosable(mut self, pointer: impl Into<String>) -> Self {
        self.disclosable.push(pointer.into());
        self
    }

    /// Adds digests that stand for nothing to the object or array at this JSON Pointer (the empty
    /// one is the whole), so that their number says less (RFC 9901 §4.2.5).
    #[must_use]
    pub fn decoys(mut self, pointer: impl Into<String>, count: usize) -> Self {
        self.decoys.push((pointer.into(), count));
        self
    }

    /// Signs; the text holds all disclosures and is for the holder.
    ///
    /// # Errors
    /// A pointer leads nowhere, or to a claim that must stay visible; the backend failed.
    pub fn sign(
        &self,
        key: &SigningKey,
        salts: &mut Salts<'_>,
        backend: &dyn Backend,
    ) -> Result<String, SignError> {
        let visible = |pointer: &String| ALWAYS_VISIBLE.contains(&pointer.as_str());
        if self.disclosable.iter().any(visible) {
            return Err(refused(
                "must show `iss`, `aud`, `exp`, `nbf` and `cnf` always",
            ));
        }
        let mut work = Work {
            builder: self,
            salts,
            backend,
            pointer: String::new(),
            used: 0,
            disclosures: Vec::new(),
        };
        let payload = work.value(self.claims.root());
        let mut wanted = self.disclosable.clone();
        wanted.sort_unstable();
        wanted.dedup();
        if work.used != wanted.len() + self.decoys.len() {
            return Err(refused("have nothing to disclose at a pointer"));
        }
        let disclosures = work.disclosures;
        let mut text = compact_jws::sign(key, &self.header, payload.as_bytes())?;
        text.push('~');
        for disclosure in disclosures {
            text.push_str(&disclosure);
            text.push('~');
        }
        Ok(text)
    }
}

struct Work<'w, 's> {
    builder: &'w Builder,
    salts: &'w mut Salts<'s>,
    backend: &'w dyn Backend,
    pointer: String,
    /// How many pointers of the builder were met.
    used: usize,
    disclosures: Vec<String>,
}

impl Work<'_, '_> {
    /// The value with digests for what is disclosable in it.
    fn value(&mut self, value: Value<'_>) -> String {
        match (value.as_object(), value.as_array()) {
            (Some(object), _) => self.object(object),
            (None, Some(array)) => self.array(array),
            (None, None) => compact(value),
        }
    }

    fn object(&mut self, object: Object<'_>) -> String {
        let is_root = self.pointer.is_empty();
        let mut digests = self.decoys();
        let mut out = String::from("{");
        for member in object {
            let (value, disclosable) = self.child(member.name, member.value);
            if disclosable {
                digests.push(self.disclose(Some(member.name), &value));
            } else {
                push_member(&mut out, member.name, &value);
            }
        }
        // In an order of their own, so that they do not tell that of the claims (RFC 9901 §4.2.4.1).
        digests.sort_unstable();
        if !digests.is_empty() {
            let quoted: Vec<_> = digests
                .iter()
                .map(|digest| format!("\"{digest}\""))
                .collect();
            push_member(&mut out, "_sd", &format!("[{}]", quoted.join(",")));
        }
        if is_root && self.used > 0 {
            let name = format!("\"{}\"", self.builder.hash.registry_name());
            push_member(&mut out, "_sd_alg", &name);
        }
        out.push('}');
        out
    }

    fn array(&mut self, array: Array<'_>) -> String {
        let decoys = self.decoys();
        let mut elements = Vec::new();
        for (position, element) in array.iter().enumerate() {
            let (value, disclosable) = self.child(&position.to_string(), element);
            elements.push(if disclosable {
                placeholder(&self.disclose(None, &value))
            } else {
                value
            });
        }
        elements.extend(decoys.iter().map(|digest| placeholder(digest)));
        format!("[{}]", elements.join(","))
    }

    /// A member or element as it will stand, and whether it is disclosable.
    fn child(&mut self, token: &str, value: Value<'_>) -> (String, bool) {
        let parent = self.pointer.len();
        push_token(&mut self.pointer, token);
        let disclosable = self.builder.disclosable.contains(&self.pointer);
        self.used += usize::from(disclosable);
        let value = self.value(value);
        self.pointer.truncate(parent);
        (value, disclosable)
    }

    /// Keeps the disclosure and yields its digest.
    fn disclose(&mut self, name: Option<&str>, value: &str) -> String {
        let mut json = format!("[\"{}\"", base64url::encode(&(self.salts)()));
        if let Some(name) = name {
            json.push(',');
            write_string(&mut json, name);
        }
        json.push(',');
        json.push_str(value);
        json.push(']');
        let disclosure = base64url::encode(json.as_bytes());
        let digest = digest(&disclosure, self.builder.hash, self.backend);
        self.disclosures.push(disclosure);
        digest
    }

    fn decoys(&mut self) -> Vec<String> {
        let mut digests = Vec::new();
        for (pointer, count) in &self.builder.decoys {
            if *pointer == self.pointer {
                self.used += 1;
                for _ in 0..*count {
                    let random = base64url::encode(&(self.salts)());
                    digests.push(digest(&random, self.builder.hash, self.backend));
                }
            }
        }
        digests
    }
}

fn push_member(out: &mut String, name: &str, json: &str) {
    if out.len() > 1 {
        out.push(',');
    }
    write_string(out, name);
    out.push(':');
    out.push_str(json);
}

fn placeholder(digest: &str) -> String {
    format!("{{\"...\":\"{digest}\"}}")
}

/// Recursion is bounded by the depth that the reader admits.
fn check_names(value: Value<'_>) -> Result<(), SignError> {
    for member in value.as_object().into_iter().flatten() {
        if RESERVED.contains(&member.name) {
            return Err(refused("must not use `_sd`, `_sd_alg` or `...` as a name"));
        }
        check_names(member.value)?;
    }
    for element in value.as_array().into_iter().flatten() {
        check_names(element)?;
    }
    Ok(())
}

fn refused(problem: &'static str) -> SignError {
    SignError::Claims { problem }
}
