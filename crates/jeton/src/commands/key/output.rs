//! Where keys are written: the standard output, or files that nobody else can read.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jeton_inspect::workbench::keys::convert::{Converted, Written};

use crate::failure::Failure;
use crate::report;
use crate::session::{Session, print_json, written};
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

impl OutputOptions {
    /// Writes it to the file, or to the standard output: as it is, or as JSON.
    pub(super) fn write(&self, key: &Written, session: &Session) -> Result<(), Failure> {
        match &self.out {
            Some(path) => to_file(path, key, self.force),
            None if session.json => print_json(&report::written(&Converted::from(key))),
            None => to_stdout(key),
        }
    }
}

/// Whether two names mean one file, as far as their folders are there.
pub(super) fn is_same_file(one: &Path, other: &Path) -> bool {
    let full = |path: &Path| {
        let path = std::path::absolute(path).ok()?;
        let folder = path.parent()?.canonicalize().ok()?;
        Some(folder.join(path.file_name()?))
    };
    one == other || full(one).is_some_and(|one| Some(one) == full(other))
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
