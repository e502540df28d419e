//! JWKs as JSON, members in the order of RFC 7517 and RFC 7518.

use zeroize::Zeroizing;

use crate::base64url;
use crate::json::write_string;
use crate::jwk::{Jwk, JwkSet};
use crate::key::KeyMaterial;

impl Jwk {
    /// The JSON with all members, private ones included.
    pub fn to_json(&self) -> Zeroizing<String> {
        let mut object = Object::with_capacity(self.json_len());
        object.string("kty", self.material.key_type().name());
        self.write_description(&mut object);
        self.write_numbers(&mut object);
        for member in &self.members {
            object.raw(&member.name, &member.json);
        }
        object.finish()
    }

    /// The JSON of the public half; `None` for a secret, which has none.
    pub fn to_public_json(&self) -> Option<String> {
        Some(self.public()?.to_json().as_str().to_owned())
    }

    /// At least the length of the JSON, so that secrets are not left behind by growing.
    pub(super) fn json_len(&self) -> usize {
        let texts = [&self.key_id, &self.algorithm, &self.key_use];
        let ops = self.key_ops.iter().flatten();
        let described: usize = texts
            .into_iter()
            .flatten()
            .chain(ops)
            .map(|text| escaped_len(text))
            .sum();
        let members = self.members.iter();
        let others: usize = members
            .map(|member| escaped_len(&member.name) + member.json.len())
            .sum();
        described + numbers_len(&self.material) + others
    }

    fn write_description(&self, object: &mut Object) {
        if let Some(key_use) = &self.key_use {
            object.string("use", key_use);
        }
        if let Some(ops) = &self.key_ops {
            object.strings("key_ops", ops);
        }
        if let Some(algorithm) = &self.algorithm {
            object.string("alg", algorithm);
        }
        if let Some(key_id) = &self.key_id {
            object.string("kid", key_id);
        }
    }

    fn write_numbers(&self, object: &mut Object) {
        match &self.material {
            KeyMaterial::Oct(secret) => object.bytes("k", secret.expose()),
            KeyMaterial::Rsa(rsa) => {
                object.bytes("n", &rsa.n);
                object.bytes("e", &rsa.e);
                if let Some(private) = &rsa.private {
                    object.bytes("d", private.d.expose());
                    object.bytes("p", private.p.expose());
                    object.bytes("q", private.q.expose());
                    object.bytes("dp", private.dp.expose());
                    object.bytes("dq", private.dq.expose());
                    object.bytes("qi", private.qi.expose());
                }
            }
            KeyMaterial::Ec(ec) => {
                object.string("crv", ec.curve.name());
                object.bytes("x", &ec.x);
                object.bytes("y", &ec.y);
                if let Some(d) = &ec.d {
                    object.bytes("d", d.expose());
                }
            }
            KeyMaterial::Okp(okp) => {
                object.string("crv", okp.curve.name());
                object.bytes("x", &okp.x);
                if let Some(d) = &okp.d {
                    object.bytes("d", d.expose());
                }
            }
            KeyMaterial::Akp(akp) => {
                object.bytes("pub", &akp.public);
                if let Some(seed) = &akp.seed {
                    object.bytes("priv", seed.expose());
                }
            }
        }
    }
}

impl JwkSet {
    /// The keys as JSON, private members included.
    pub fn to_json(&self) -> Zeroizing<String> {
        list(self.keys.iter().map(Jwk::to_json))
    }

    /// The public halves as JSON, secrets left out.
    pub fn to_public_json(&self) -> String {
        let public = self.keys.iter().filter_map(Jwk::public);
        list(public.map(|key| key.to_json())).as_str().to_owned()
    }
}

/// At least the length of a text in JSON with its quotes and separators: an escape has six bytes.
fn escaped_len(text: &str) -> usize {
    6 * text.len() + 4
}

/// At least the length of the JSON that says the numbers alone.
pub(super) fn numbers_len(material: &KeyMaterial) -> usize {
    let bytes = match material {
        KeyMaterial::Oct(secret) => secret.len(),
        // The six private numbers are no longer than the modulus.
        KeyMaterial::Rsa(rsa) => 7 * rsa.n.len() + rsa.e.len(),
        KeyMaterial::Ec(ec) => 3 * ec.curve.coordinate_len(),
        KeyMaterial::Okp(okp) => 2 * okp.x.len(),
        KeyMaterial::Akp(akp) => akp.public.len() + 32,
    };
    256 + bytes.div_ceil(3) * 4
}

fn list(keys: impl Iterator<Item = Zeroizing<String>>) -> Zeroizing<String> {
    let keys: Vec<_> = keys.collect();
    let capacity = keys.iter().map(|key| key.len() + 1).sum::<usize>() + 16;
    let mut json = Zeroizing::new(String::with_capacity(capacity));
    json.push_str(r#"{"keys":["#);
    for (position, key) in keys.iter().enumerate() {
        if position > 0 {
            json.push(',');
        }
        json.push_str(key);
    }
    json.push_str("]}");
    json
}

/// A JSON object under construction.
pub(super) struct Object(Zeroizing<String>);

impl Object {
    pub(super) fn with_capacity(capacity: usize) -> Self {
        let mut json = Zeroizing::new(String::with_capacity(capacity));
        json.push('{');
        Self(json)
    }

    pub(super) fn string(&mut self, name: &str, value: &str) {
        self.name(name);
        write_string(&mut self.0, value);
    }

    pub(super) fn bytes(&mut self, name: &str, value: &[u8]) {
        self.name(name);
        self.0.push('"');
        base64url::encode_to(value, &mut self.0);
        self.0.push('"');
    }

    pub(super) fn finish(mut self) -> Zeroizing<String> {
        self.0.push('}');
        self.0
    }

    fn strings(&mut self, name: &str, values: &[String]) {
        self.name(name);
        self.0.push('[');
        for (position, value) in values.iter().enumerate() {
            if position > 0 {
                self.0.push(',');
            }
            write_string(&mut self.0, value);
        }
        self.0.push(']');
    }

    fn raw(&mut self, name: &str, json: &str) {
        self.name(name);
        self.0.push_str(json);
    }

    fn name(&mut self, name: &str) {
        if self.0.len() > 1 {
            self.0.push(',');
        }
        write_string(&mut self.0, name);
        self.0.push(':');
    }
}
