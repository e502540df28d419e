//! Where keys are written: the standard output, or files that nobody else can read.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jeton_jose::Secret;

use crate::failure::Failure;
use crate::session::written;
use crate::terminal;

#[derive(Debug, clap::Args)]
pub(super) struct OutputOptions {
    /// Write to this file instead of the standard output; a private key for your eyes only
    #[arg(long, value_name = "FILE")]
    pub(super) out: Option<PathBuf>,
    /// Overwrite files that exist
    #[arg(long)]
    pub(super) force: bool,
}

/// A key as text or DER.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) bytes: Secret,
    pub(super) is_private: bool,
}

impl OutputOptions {
    pub(super) fn write(&self, key: &Written) -> Result<(), Failure> {
        match &self.out {
            Some(path) => to_file(path, key, self.force),
            None => to_stdout(key),
        }
    }
}

pub(super) fn to_file(path: &Path, key: &Written, force: bool) -> Result<(), Failure> {
    let failure = |error: &io::Error| {
        let failure = Failure::io(
            format!("cannot write the key to `{}`", path.display()),
            error,
        );
        match error.kind() {
            io::ErrorKind::AlreadyExists => failure.hint("--force overwrites it"),
            _ => failure,
        }
    };
    let mut options = OpenOptions::new();
    options.write(true);
    if force {
        // A new file, so that neither a link nor the old permissions decide where the key ends up.
        match std::fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(failure(&error)),
            _ => {}
        }
    }
    options.create_new(true);
    #[cfg(unix)]
    if key.is_private {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path).map_err(|error| failure(&error))?;
    file.write_all(key.bytes.expose())
        .map_err(|error| failure(&error))
}

fn to_stdout(key: &Written) -> Result<(), Failure> {
    let is_text = key.bytes.expose().is_ascii();
    if !is_text && terminal::stdout_is_terminal() {
        return Err(Failure::usage("DER is not for a terminal").hint("name a file with --out"));
    }
    written(terminal::print_bytes(key.bytes.expose()))
}
