//! `cargo xtask tidy`: the house rules that no compiler knows.
//!
//! [`layers`] holds the table of crates against what `cargo metadata` says; [`files`] reads the
//! files themselves. Both are pure: text in, violations out. To add a rule, add it to one of them
//! together with a test that breaks it.

mod files;
mod layers;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use crate::metadata::Metadata;
use crate::{Command, process, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "tidy",
    summary: "the house rules: who may use whom, sizes, names, words",
    help: "\
usage: cargo xtask tidy

Fails when a crate uses another that the table in xtask/src/tidy/layers.rs does not grant it, when
the JOSE library links what it must not, when a file is too long or has a name that says nothing,
or when a text has a word that does not belong.
",
    main,
};

/// Folders that hold nothing of ours.
const SKIPPED: [&str; 7] = [
    "target",
    "node_modules",
    ".git",
    "dist",
    "generated",
    "corpus",
    "artifacts",
];

fn main(words: &[&str]) -> anyhow::Result<()> {
    if let [word, ..] = words {
        return Err(unexpected("tidy", word));
    }
    check()
}

pub(crate) fn check() -> anyhow::Result<()> {
    let root = process::root();
    let mut violations = layers::violations(&Metadata::load()?);
    let mut count = 0;
    for path in walk(&root)? {
        let name = path
            .strip_prefix(&root)?
            .to_string_lossy()
            .replace('\\', "/");
        violations.extend(files::name_violations(&name));
        if let Ok(text) = String::from_utf8(std::fs::read(&path)?) {
            violations.extend(files::text_violations(&name, &text));
        }
        count += 1;
    }
    for violation in &violations {
        eprintln!("    {violation}");
    }
    if !violations.is_empty() {
        bail!("{} house rules are broken", violations.len());
    }
    eprintln!("    {count} files are tidy");
    Ok(())
}

fn walk(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let entries = std::fs::read_dir(folder).with_context(|| folder.display().to_string())?;
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name();
        let kind = entry.file_type()?;
        if kind.is_dir() && !SKIPPED.iter().any(|skipped| name == *skipped) {
            files.extend(walk(&entry.path())?);
        } else if kind.is_file() && name != ".git" {
            files.push(entry.path());
        }
    }
    files.sort();
    Ok(files)
}
