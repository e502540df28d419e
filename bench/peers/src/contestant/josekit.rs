//! josekit, on OpenSSL.

use std::hint::black_box;

use josekit::jwe::{
    A256KW, Dir, ECDH_ES_A256KW, JweDecrypter, JweEncrypter, JweHeader, RSA_OAEP_256,
    deserialize_compact, serialize_compact,
};

use super::{Contestant, Turn, nanoseconds};
use crate::case::{Case, Keys};

pub struct Josekit;

struct Ready<'a> {
    case: &'a Case,
    encryption: &'a str,
    plaintext: Vec<u8>,
    encrypter: Box<dyn JweEncrypter>,
    decrypter: Box<dyn JweDecrypter>,
}

impl Contestant for Josekit {
    fn name(&self) -> &'static str {
        "josekit (OpenSSL)"
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        let Some(encryption) = case.encryption else {
            return Ok(None);
        };
        let (encrypter, decrypter): (Box<dyn JweEncrypter>, Box<dyn JweDecrypter>) =
            match (case.algorithm, &case.keys) {
                ("dir", Keys::Secret(secret)) => (
                    Box::new(Dir.encrypter_from_bytes(secret)?),
                    Box::new(Dir.decrypter_from_bytes(secret)?),
                ),
                (_, Keys::Secret(secret)) => (
                    Box::new(A256KW.encrypter_from_bytes(secret)?),
                    Box::new(A256KW.decrypter_from_bytes(secret)?),
                ),
                ("RSA-OAEP-256", Keys::Pair { private, public }) => (
                    Box::new(RSA_OAEP_256.encrypter_from_der(public)?),
                    Box::new(RSA_OAEP_256.decrypter_from_der(private)?),
                ),
                (_, Keys::Pair { private, public }) => (
                    Box::new(ECDH_ES_A256KW.encrypter_from_der(public)?),
                    Box::new(ECDH_ES_A256KW.decrypter_from_der(private)?),
                ),
            };
        Ok(Some(Box::new(Ready {
            case,
            encryption,
            plaintext: case.claims.to_string().into_bytes(),
            encrypter,
            decrypter,
        })))
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let token = black_box(self.case.token.as_str());
            black_box(deserialize_compact(token, &*self.decrypter)?);
            Ok(())
        })
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        nanoseconds(times, || {
            let mut header = JweHeader::new();
            header.set_content_encryption(self.encryption);
            let plaintext = black_box(&self.plaintext);
            black_box(serialize_compact(plaintext, &header, &*self.encrypter)?);
            Ok(())
        })
    }
}
