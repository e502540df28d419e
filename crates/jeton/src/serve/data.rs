//! The folder of what the token service remembers: the store, its name, and unless they are
//! elsewhere the master key and a certificate.

use std::fs::{DirBuilder, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use jeton_jose::Secret;
use jeton_jose::backend::{AwsLc, Randomness as _};
use jeton_jose::base64url;
use jeton_jose::json::{self, Document, Options};
use jeton_settings::SecretReference;
use jeton_store::StoreError;
use jeton_store_sqlite::SqliteStore;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Where what the token service remembers is kept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[schema(as = DataConfig)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Config {
    /// The folder.
    #[schema(value_type = String, example = "/var/lib/jeton")]
    pub(crate) folder: PathBuf,
    /// The key under which everything secret is sealed, at least 32 random bytes. Without it, the
    /// file `master.key` in the folder, which is made if it is not there.
    pub(crate) master_key: Option<SecretReference>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            folder: PathBuf::from("jeton-data"),
            master_key: None,
        }
    }
}

/// The name of a token service and the port it listens on: chosen once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chosen {
    pub(crate) url: String,
    pub(crate) port: u16,
}

/// The folder, which may not be there yet.
#[derive(Clone, Debug)]
pub(crate) struct Data {
    config: Config,
}

impl Data {
    pub(crate) fn new(config: Config) -> Self {
        Self { config }
    }

    pub(crate) fn folder(&self) -> &Path {
        &self.config.folder
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.config.folder.join(name)
    }

    /// Makes the folder, for its owner alone.
    pub(crate) fn create(&self) -> Result<(), Failure> {
        let mut builder = DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let folder = self.folder();
        builder.create(folder).map_err(|error| {
            Failure::io(
                format!("cannot make the data folder `{}`", folder.display()),
                &error,
            )
            .hint("choose a folder that can be written to: --data FOLDER")
        })
    }

    /// What was chosen when the folder was made.
    pub(crate) fn chosen(&self) -> Result<Option<Chosen>, Failure> {
        let path = self.path(CHOSEN);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(Failure::io(
                    format!("cannot read `{}`", path.display()),
                    &error,
                ));
            }
        };
        let document = Document::parse(&text, &Options::strict()).ok();
        let chosen = document.and_then(|document| json::from_value(document.root()).ok());
        chosen.map(Some).ok_or_else(|| {
            Failure::content(format!("`{}` cannot be read", path.display()))
                .hint("it holds one JSON object with `url` and `port`; restore it from a backup")
        })
    }

    /// Keeps what was chosen.
    pub(crate) fn choose(&self, chosen: &Chosen) -> Result<(), Failure> {
        let text = json::to_string(chosen).map_err(|error| Failure::content(error.to_string()))?;
        self.write_new(CHOSEN, format!("{text}\n").as_bytes())
    }

    /// Opens the store, which is made if it is not there.
    pub(crate) fn open_store(&self) -> Result<SqliteStore, Failure> {
        let path = self.path("jeton.db");
        SqliteStore::open(&path, jeton_store_sqlite::Options::default()).map_err(|error| {
            let failure = Failure::content(format!("cannot open the store `{}`", path.display()))
                .cause(error.to_string());
            match error {
                StoreError::Locked => failure.hint(
                    "end the `jeton serve` that has it, or choose another folder: --data FOLDER",
                ),
                _ => failure,
            }
        })
    }

    /// The master key, and whether it was made just now.
    pub(crate) fn master_key(&self) -> Result<(Secret, bool), Failure> {
        let default = SecretReference::File(self.path(MASTER_KEY));
        let reference = self.config.master_key.as_ref().unwrap_or(&default);
        let is_new = *reference == default && !self.path(MASTER_KEY).exists();
        if is_new {
            if self.chosen()?.is_some() {
                return Err(Failure::content(format!(
                    "the master key of `{}` is not there",
                    self.folder().display()
                ))
                .hint(
                    "say where it is, [data] master_key = \"file:…\", or restore it from a backup",
                ));
            }
            self.make_master_key()?;
        }
        let secret = reference.read().map_err(|error| {
            let failure =
                Failure::content("the master key cannot be read").cause(error.to_string());
            match std::error::Error::source(&error) {
                Some(cause) => failure.cause(cause.to_string()),
                None => failure,
            }
        })?;
        Ok((Secret::new(secret.to_vec()), is_new))
    }

    fn make_master_key(&self) -> Result<(), Failure> {
        let mut bytes = Zeroizing::new([0; 32]);
        AwsLc
            .fill(bytes.as_mut())
            .ok_or_else(|| Failure::content("the source of randomness failed"))?;
        let text = Zeroizing::new(format!("{}\n", base64url::encode(bytes.as_ref())));
        self.write_new(MASTER_KEY, text.as_bytes())
    }

    /// Writes a file that is not there yet, for its owner alone, and sees that it is on the disk.
    pub(crate) fn write_new(&self, name: &str, bytes: &[u8]) -> Result<(), Failure> {
        let path = self.path(name);
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options
            .open(&path)
            .and_then(|mut file| {
                file.write_all(bytes)?;
                file.sync_all()
            })
            .map_err(|error| Failure::io(format!("cannot write `{}`", path.display()), &error))
    }
}

const CHOSEN: &str = "issuer.json";
/// The file of a master key that is nowhere else.
pub(super) const MASTER_KEY: &str = "master.key";

#[cfg(test)]
mod tests {
    use super::*;

    fn data(folder: &tempfile::TempDir) -> Data {
        Data::new(Config {
            folder: folder.path().join("data"),
            master_key: None,
        })
    }

    #[test]
    fn what_was_chosen_is_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = data(&folder);
        data.create().unwrap();
        assert_eq!(data.chosen().unwrap(), None);
        let chosen = Chosen {
            url: "http://localhost:1".to_owned(),
            port: 1,
        };
        data.choose(&chosen).unwrap();
        assert_eq!(data.chosen().unwrap(), Some(chosen.clone()));
        assert!(data.choose(&chosen).is_err(), "it is chosen once");
    }

    #[test]
    fn a_master_key_is_made_once_and_never_again() {
        let folder = tempfile::tempdir().unwrap();
        let data = data(&folder);
        data.create().unwrap();
        let (first, made) = data.master_key().unwrap();
        assert!(made && first.len() >= 32);
        let (second, made) = data.master_key().unwrap();
        assert!(!made && first == second);
        data.choose(&Chosen {
            url: "http://localhost:1".to_owned(),
            port: 1,
        })
        .unwrap();
        std::fs::remove_file(data.path(MASTER_KEY)).unwrap();
        assert!(data.master_key().is_err(), "what it sealed would be lost");
    }

    #[cfg(unix)]
    #[test]
    fn all_of_it_is_its_owners_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let data = data(&folder);
        data.create().unwrap();
        data.master_key().unwrap();
        let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(data.folder()), 0o700);
        assert_eq!(mode(&data.path(MASTER_KEY)), 0o600);
    }
}
