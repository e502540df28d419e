//! JSON Web Keys and their sets (RFC 7517), with thumbprints (RFC 7638, RFC 9278).

mod read;
mod set;
#[cfg(test)]
mod tests;
mod thumbprint;
mod write;

pub use set::JwkSet;

use core::fmt;

use crate::alg::{
    Algorithm, AlgorithmSet, AnyAlgorithm, ContentEncryption, KeyManagement, KeyManagementSet,
};
use crate::key::{KeyError, KeyMaterial};

/// A key with what its JSON says about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jwk {
    material: KeyMaterial,
    key_id: Option<String>,
    algorithm: Option<String>,
    key_use: Option<String>,
    key_ops: Option<Vec<String>>,
    members: Vec<Member>,
}

/// A member that says nothing about the numbers or the use of the key: certificates (`x5c`, ...)
/// and extensions.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: String,
    /// Its value as JSON text, as it was read.
    pub json: String,
}

impl Jwk {
    /// The numbers.
    pub fn material(&self) -> &KeyMaterial {
        &self.material
    }

    /// The `kid`.
    pub fn key_id(&self) -> Option<&str> {
        self.key_id.as_deref()
    }

    /// The `alg` as written, which need not be a signature algorithm.
    pub fn algorithm_name(&self) -> Option<&str> {
        self.algorithm.as_deref()
    }

    /// The `alg`, if it is there and a signature algorithm.
    pub fn algorithm(&self) -> Option<Algorithm> {
        Algorithm::from_name(self.algorithm_name()?)
    }

    /// The `use`.
    pub fn key_use(&self) -> Option<&str> {
        self.key_use.as_deref()
    }

    /// The `key_ops`.
    pub fn key_ops(&self) -> Option<&[String]> {
        self.key_ops.as_deref()
    }

    /// All other members, in their order.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// The signature algorithms it may serve: its own `alg` alone, or all that its form allows.
    ///
    /// # Errors
    /// Its `alg` is not a signature algorithm, or not one for its type and curve.
    pub fn algorithms(&self) -> Result<AlgorithmSet, KeyError> {
        let form = self.material.algorithms();
        if self.algorithm.is_none() {
            return Ok(form);
        }
        match self.algorithm() {
            None => Err(KeyError::Invalid {
                member: "alg",
                problem: "is not a signature algorithm",
            }),
            Some(own) if !form.contains(own) => Err(KeyError::Invalid {
                member: "alg",
                problem: "does not fit the key's type or curve",
            }),
            Some(own) => Ok(own.into()),
        }
    }

    /// The key management algorithms it may serve: its own `alg` alone, or all that its form
    /// allows. A key whose `alg` is a content encryption serves [`KeyManagement::Dir`].
    ///
    /// # Errors
    /// Its `alg` is neither, or not one for its type, curve or length.
    pub fn key_managements(&self) -> Result<KeyManagementSet, KeyError> {
        let form = self.material.key_managements();
        let Some(own) = self.algorithm_name() else {
            return Ok(form);
        };
        let problem = match AnyAlgorithm::from_name(own) {
            Some(AnyAlgorithm::KeyManagement(own)) if form.contains(own) => return Ok(own.into()),
            Some(AnyAlgorithm::ContentEncryption(own)) if self.encrypts_with(own) => {
                return Ok(KeyManagement::Dir.into());
            }
            Some(AnyAlgorithm::KeyManagement(_) | AnyAlgorithm::ContentEncryption(_)) => {
                "does not fit the key's type, curve or length"
            }
            _ => "is not an encryption algorithm",
        };
        Err(KeyError::Invalid {
            member: "alg",
            problem,
        })
    }

    /// The one key management algorithm it is for.
    ///
    /// # Errors
    /// [`KeyError::KeyManagementAmbiguous`] if it could serve several and has no `alg`; as for
    /// [`Jwk::key_managements`] otherwise.
    pub fn only_key_management(&self) -> Result<KeyManagement, KeyError> {
        let candidates = self.key_managements()?;
        let mut each = candidates.iter();
        match (each.next(), each.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(KeyError::KeyManagementAmbiguous { candidates }),
        }
    }

    fn encrypts_with(&self, encryption: ContentEncryption) -> bool {
        let KeyMaterial::Oct(secret) = &self.material else {
            return false;
        };
        secret.len() == encryption.row().key_len
    }

    /// The one signature algorithm it is for.
    ///
    /// # Errors
    /// [`KeyError::AlgorithmAmbiguous`] if it could serve several and has no `alg`; as for
    /// [`Jwk::algorithms`] otherwise.
    pub fn only_algorithm(&self) -> Result<Algorithm, KeyError> {
        let candidates = self.algorithms()?;
        let mut each = candidates.iter();
        match (each.next(), each.next()) {
            (Some(only), None) => Ok(only),
            _ => Err(KeyError::AlgorithmAmbiguous { candidates }),
        }
    }

    /// The public half with the same description; `None` for a secret.
    pub fn public(&self) -> Option<Self> {
        let key_ops = self.key_ops.as_ref().map(|ops| public_ops(ops));
        Some(Self {
            material: self.material.public()?,
            key_ops,
            ..self.clone()
        })
    }

    /// With this `kid`.
    #[must_use]
    pub fn with_key_id(mut self, key_id: impl Into<String>) -> Self {
        self.key_id = Some(key_id.into());
        self
    }

    /// With this `alg`.
    #[must_use]
    pub fn with_algorithm(mut self, algorithm: impl Into<AnyAlgorithm>) -> Self {
        self.algorithm = Some(algorithm.into().name().to_owned());
        self
    }

    /// With this `use`: `sig` or `enc`.
    #[must_use]
    pub fn with_key_use(mut self, key_use: impl Into<String>) -> Self {
        self.key_use = Some(key_use.into());
        self
    }

    /// With these `key_ops`.
    #[must_use]
    pub fn with_key_ops<S: Into<String>>(mut self, ops: impl IntoIterator<Item = S>) -> Self {
        self.key_ops = Some(ops.into_iter().map(Into::into).collect());
        self
    }

    /// Whether the key's own `alg`, if any, is `wanted`.
    pub(crate) fn check_algorithm(&self, wanted: impl Into<AnyAlgorithm>) -> Result<(), KeyError> {
        let Some(own) = self.algorithm_name() else {
            return Ok(());
        };
        let wanted = wanted.into();
        match AnyAlgorithm::from_name(own) {
            Some(own) if own == wanted => Ok(()),
            Some(own) => Err(KeyError::AlgorithmMismatch { own, wanted }),
            None => Err(KeyError::Invalid {
                member: "alg",
                problem: "is not a known algorithm",
            }),
        }
    }

    /// Whether `use` and `key_ops` allow verifying (RFC 7517 §4.2, §4.3). The holder of a private
    /// key that may sign may also check what it signed.
    pub(crate) fn check_verifies(&self) -> Result<(), KeyError> {
        let own_signature = self.material.is_private() && self.material.public().is_some();
        self.check_usage("sig", "verify", |ops| {
            ops.iter()
                .any(|op| op == "verify" || (own_signature && op == "sign"))
        })
    }

    /// Whether `use` and `key_ops` allow signing.
    pub(crate) fn check_signs(&self) -> Result<(), KeyError> {
        self.check_usage("sig", "sign", |ops| ops.iter().any(|op| op == "sign"))
    }

    /// Whether `use` is `wanted`, or absent, and `allows` holds for `key_ops`, if there are any.
    pub(crate) fn check_usage(
        &self,
        wanted: &str,
        operation: &'static str,
        allows: impl Fn(&[String]) -> bool,
    ) -> Result<(), KeyError> {
        if self.key_use().is_some_and(|key_use| key_use != wanted) {
            return Err(KeyError::Usage {
                member: "use",
                operation,
            });
        }
        if self.key_ops().is_some_and(|ops| !allows(ops)) {
            return Err(KeyError::Usage {
                member: "key_ops",
                operation,
            });
        }
        Ok(())
    }
}

/// Shows the name only: what an extension holds may be confidential.
impl fmt::Debug for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Member({:?})", self.name)
    }
}

impl From<KeyMaterial> for Jwk {
    /// An AKP key brings its `alg` along, which RFC 9964 §3 requires.
    fn from(material: KeyMaterial) -> Self {
        let algorithm = match &material {
            KeyMaterial::Akp(akp) => Some(akp.algorithm.name().to_owned()),
            _ => None,
        };
        Self {
            material,
            key_id: None,
            algorithm,
            key_use: None,
            key_ops: None,
            members: Vec::new(),
        }
    }
}

/// What the public half may do where the private one may do `ops`.
fn public_ops(ops: &[String]) -> Vec<String> {
    let mut public = Vec::new();
    for op in ops {
        let op = match op.as_str() {
            "sign" => "verify",
            "decrypt" => "encrypt",
            "unwrapKey" => "wrapKey",
            other => other,
        };
        if !public.iter().any(|known| known == op) {
            public.push(op.to_owned());
        }
    }
    public
}
