use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, Version};
use jeton_store::account::PasswordHash;
use subtle::ConstantTimeEq as _;

use super::SALT;
use super::memory::Memory;
use super::parameters::{OUTPUT, Parameters};

/// Longest PHC string that is read.
const MOST_LENGTH: usize = 512;

/// A stored hash, read and found to be within bounds before anything is computed.
pub(super) struct Stored {
    argon2: Argon2<'static>,
    salt: phc::Salt,
    output: phc::Output,
    /// Under which our own hash would be the same; none if ours would be better in some other way.
    parameters: Option<Parameters>,
}

/// Why a stored hash cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Unusable {
    #[error("it is no PHC string with salt and hash")]
    Malformed,
    #[error("it is not of argon2")]
    Algorithm,
    #[error("its parameters are out of bounds")]
    Parameters,
}

impl Stored {
    /// Reads argon2id, argon2i and argon2d of both versions.
    pub(super) fn read(hash: &PasswordHash) -> Result<Self, Unusable> {
        if hash.expose().len() > MOST_LENGTH {
            return Err(Unusable::Malformed);
        }
        let hash = phc::PasswordHash::new(hash.expose()).map_err(|_| Unusable::Malformed)?;
        let algorithm =
            Algorithm::try_from(hash.algorithm.as_str()).map_err(|_| Unusable::Algorithm)?;
        // A string from before the version was written is of the first.
        let version = hash.version.map_or(Ok(Version::V0x10), Version::try_from);
        let version = version.map_err(|_| Unusable::Parameters)?;
        let params = Params::try_from(&hash).map_err(|_| Unusable::Parameters)?;
        let parameters = Parameters::of_stored(&params).map_err(|_| Unusable::Parameters)?;
        let (Some(salt), Some(output)) = (hash.salt, hash.hash) else {
            return Err(Unusable::Malformed);
        };
        if output.len() < 16 || salt.len() < 8 {
            return Err(Unusable::Parameters);
        }
        let is_ours = algorithm == Algorithm::Argon2id
            && version == Version::V0x13
            && output.len() == OUTPUT
            && salt.len() >= SALT
            && params.data().is_empty()
            && params.keyid().is_empty();
        Ok(Self {
            argon2: Argon2::new(algorithm, version, params),
            salt,
            output,
            parameters: is_ours.then_some(parameters),
        })
    }

    /// Whether the hash is this password's.
    pub(super) fn is_of(&self, password: &str, memory: &mut Memory) -> Option<bool> {
        let len = self.output.len();
        let output = memory.hash(&self.argon2, password, &self.salt, len)?;
        Some(output.ct_eq(self.output.as_bytes()).into())
    }

    /// Whether these parameters made it, in our form.
    pub(super) fn is_under(&self, parameters: Parameters) -> bool {
        self.parameters == Some(parameters)
    }
}

/// A new hash.
pub(super) fn make(
    parameters: Parameters,
    password: &str,
    salt: &[u8; SALT],
    memory: &mut Memory,
) -> Option<PasswordHash> {
    let argon2 = parameters.argon2id()?;
    let output = memory.hash(&argon2, password, salt, OUTPUT)?;
    let hash = phc::PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: phc::ParamsString::try_from(argon2.params()).ok()?,
        salt: Some(phc::Salt::new(salt).ok()?),
        hash: Some(phc::Output::new(&output).ok()?),
    };
    Some(PasswordHash::new(hash.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(phc: &str) -> Result<Stored, Unusable> {
        Stored::read(&PasswordHash::new(phc))
    }

    fn is_of(phc: &str, password: &str) -> bool {
        let stored = read(phc).unwrap();
        stored.is_of(password, &mut Memory::default()).unwrap()
    }

    /// The first figures are of the reference implementation's own tests; all have the salt
    /// `somesalt`.
    #[test]
    fn hashes_of_others_are_read() {
        for phc in [
            "$argon2i$v=19$m=256,t=2,p=1$c29tZXNhbHQ$iekCn0Y3spW+sCcFanM2xBT63UP2sghkUoHLIUpWRS8",
            "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4",
            "$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc",
            // Version 0x10, which the string does not name.
            "$argon2i$m=256,t=2,p=1$c29tZXNhbHQ$/U3YPXYsSb3q9XxHvc0MLxur+GP960kN9j7emXX8zwY",
        ] {
            assert!(is_of(phc, "password"), "{phc}");
            assert!(!is_of(phc, "Password"), "{phc}");
        }
    }

    #[test]
    fn what_is_absurd_is_refused_before_any_work() {
        let hash = "c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for parameters in [
            "m=4294967295,t=2,p=1",
            "m=262145,t=1,p=1",
            "m=256,t=4294967295,p=1",
            "m=256,t=33,p=1",
            "m=65536,t=32,p=1",
            "m=4096,t=1,p=17",
            "m=256,t=0,p=1",
            "m=256,t=1,p=0",
            "m=7,t=1,p=1",
            "m=256,t=1,p=1,x=1",
        ] {
            let phc = format!("$argon2id$v=19${parameters}${hash}");
            assert_eq!(read(&phc).err(), Some(Unusable::Parameters), "{parameters}");
        }
        let phc = format!("$argon2id$v=20$m=256,t=2,p=1${hash}");
        assert_eq!(read(&phc).err(), Some(Unusable::Parameters));
        let short = "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR";
        assert!(read(short).is_err());
    }

    #[test]
    fn what_is_no_hash_of_argon2_is_refused() {
        for (phc, why) in [
            ("", Unusable::Malformed),
            ("hunter2", Unusable::Malformed),
            ("$argon2id$v=19$m=256,t=2,p=1", Unusable::Malformed),
            (
                "$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ",
                Unusable::Malformed,
            ),
            (
                "$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E",
                Unusable::Algorithm,
            ),
        ] {
            assert_eq!(read(phc).err(), Some(why), "{phc}");
        }
        assert!(read(&"$argon2id".repeat(100)).is_err());
    }

    #[test]
    fn a_new_hash_is_read_again_and_is_under_its_parameters() {
        let parameters = super::super::Passwords::default().parameters().unwrap();
        let mut memory = Memory::default();
        let hash = make(parameters, "correct horse", &[7; SALT], &mut memory).unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        let stored = Stored::read(&hash).unwrap();
        assert!(stored.is_of("correct horse", &mut memory).unwrap());
        assert!(stored.is_under(parameters));
        let stronger = Parameters::new(jeton_settings::Size::from_bytes(19 << 20), 3, 1).unwrap();
        assert!(!stored.is_under(stronger));
    }
}
