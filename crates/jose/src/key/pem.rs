//! Keys in PEM (RFC 7468), as lenient around the blocks as files in the wild need.

use crate::backend::Backend;
use crate::key::{KeyError, KeyForm, ReadKeys, Skipped, Structure, der};
use crate::secret::Secret;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// Whether there is a line that begins a block.
pub(crate) fn is_pem(bytes: &[u8]) -> bool {
    bytes
        .windows(BEGIN.len())
        .any(|window| window == BEGIN.as_bytes())
}

/// Reads the first key (of a certificate chain: the leaf); further ones are reported as skipped.
pub(crate) fn read(
    bytes: &[u8],
    passphrase: Option<&Secret>,
    backend: &dyn Backend,
) -> Result<ReadKeys, KeyError> {
    let text = core::str::from_utf8(bytes).map_err(|_| damaged())?;
    let mut found: Option<ReadKeys> = None;
    for (index, block) in Blocks(text).enumerate() {
        let block = block?;
        if let Some(found) = &mut found {
            found.skipped.push(Skipped {
                index,
                key_id: None,
                error: KeyError::Surplus {
                    what: block.surplus(),
                },
            });
        } else if let Some(structure) = block.structure()? {
            let der = block.decode()?;
            let key = der::read(structure, der.expose(), passphrase, backend)?;
            found = Some(ReadKeys::one(KeyForm::Pem(structure), key));
        }
    }
    found.ok_or(KeyError::Format {
        reason: "the PEM text holds no key",
    })
}

/// The certificates of a file in DER, at most `most`; other blocks are passed over.
pub(crate) fn certificates(bytes: &[u8], most: usize) -> Result<Vec<Vec<u8>>, KeyError> {
    let text = core::str::from_utf8(bytes).map_err(|_| damaged())?;
    let mut found = Vec::new();
    for block in Blocks(text) {
        let block = block?;
        if block.label != Structure::Certificate.label() {
            continue;
        }
        if found.len() == most {
            return Err(KeyError::Format {
                reason: "the PEM text holds too many certificates",
            });
        }
        found.push(block.decode()?.expose().to_vec());
    }
    if found.is_empty() {
        return Err(KeyError::Format {
            reason: "the PEM text holds no certificate",
        });
    }
    Ok(found)
}

/// One block of a file.
struct Block<'a> {
    label: &'a str,
    body: &'a str,
}

impl Block<'_> {
    /// What the block holds; `None` for the curve parameters that precede a SEC 1 key.
    fn structure(&self) -> Result<Option<Structure>, KeyError> {
        const KNOWN: [Structure; 7] = [
            Structure::Pkcs1Public,
            Structure::Pkcs1Private,
            Structure::Pkcs8,
            Structure::EncryptedPkcs8,
            Structure::Sec1,
            Structure::Spki,
            Structure::Certificate,
        ];
        let reason = match self.label {
            "EC PARAMETERS" => return Ok(None),
            _ if self.body.contains("Proc-Type:") => {
                "this key is encrypted in the style of before PKCS#8; convert it to PKCS#8 (openssl pkcs8 -topk8)"
            }
            "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => return Ok(Some(Structure::Certificate)),
            "OPENSSH PRIVATE KEY" => "this is an OpenSSH private key, which is not supported",
            "PGP PUBLIC KEY BLOCK" | "PGP PRIVATE KEY BLOCK" => {
                "this is an OpenPGP key, which is not supported"
            }
            "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => {
                "this is a certificate request, which is not supported"
            }
            "DSA PRIVATE KEY" => "this is a DSA key, which JOSE has no algorithm for",
            label => {
                return KNOWN
                    .into_iter()
                    .find(|known| known.label() == label)
                    .map(Some)
                    .ok_or(KeyError::Format {
                        reason: "the PEM label is not one of a key or certificate",
                    });
            }
        };
        Err(KeyError::Format { reason })
    }

    fn surplus(&self) -> &'static str {
        match self.label {
            "CERTIFICATE" => "a further certificate",
            label if label.ends_with("PRIVATE KEY") => "a further private key",
            label if label.ends_with("PUBLIC KEY") => "a further public key",
            _ => "a further block",
        }
    }

    /// The bytes. Lines are rewrapped first, since the decoder insists on a width and files do not.
    fn decode(&self) -> Result<Secret, KeyError> {
        let mut pem = String::with_capacity(2 * self.body.len() + 4 * self.label.len() + 64);
        pem.push_str(BEGIN);
        pem.push_str(self.label);
        pem.push_str(DASHES);
        pem.push('\n');
        let mut width = 0;
        for character in self.body.chars().filter(|c| !c.is_ascii_whitespace()) {
            pem.push(character);
            width += 1;
            if width == 64 {
                pem.push('\n');
                width = 0;
            }
        }
        if width != 0 {
            pem.push('\n');
        }
        pem.push_str(END);
        pem.push_str(self.label);
        pem.push_str(DASHES);
        pem.push('\n');
        let pem = Secret::new(pem.into_bytes());
        pem_rfc7468::decode_vec(pem.expose())
            .map(|(_, der)| Secret::new(der))
            .map_err(|_| damaged())
    }
}

/// The blocks of a file, in their order.
struct Blocks<'a>(&'a str);

impl<'a> Iterator for Blocks<'a> {
    type Item = Result<Block<'a>, KeyError>;

    fn next(&mut self) -> Option<Self::Item> {
        let (_, after) = self.0.split_once(BEGIN)?;
        let block = split_block(after);
        self.0 = block.as_ref().map_or("", |(_, rest)| rest);
        Some(block.map(|(block, _)| block).ok_or_else(damaged))
    }
}

/// The block that begins with its label, and what follows it.
fn split_block(text: &str) -> Option<(Block<'_>, &str)> {
    let (label, after) = text.split_once(DASHES)?;
    let (body, after) = after.split_once(END)?;
    let after = after.strip_prefix(label)?.strip_prefix(DASHES)?;
    Some((Block { label, body }, after))
}

fn damaged() -> KeyError {
    KeyError::Format {
        reason: "damaged PEM",
    }
}
