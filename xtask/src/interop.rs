//! The other implementations that jeton is held against: installed once, under target/interop.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::process::{self, cargo, program};

/// What the packages are installed from, and the programs that speak for them.
const FILES: [&str; 7] = [
    "package.json",
    "package-lock.json",
    "requirements.txt",
    "peer.mjs",
    "peer.py",
    "turn.mjs",
    "turn.py",
];

/// Runs the library against its peers.
pub(crate) fn test() -> anyhow::Result<()> {
    let folder = install()?;
    let line = "test --package jeton-jose --test interop -- --nocapture";
    process::run(cargo(line).env("JETON_INTEROP_DIR", folder))
}

/// Installs the peers unless they are there, and returns their folder.
pub(crate) fn install() -> anyhow::Result<PathBuf> {
    let from = process::root().join("interop");
    let folder = process::target().join("interop");
    fs::create_dir_all(&folder)?;
    let mut is_current = true;
    for name in FILES {
        let text = fs::read(from.join(name)).with_context(|| format!("interop/{name}"))?;
        let copy = folder.join(name);
        if fs::read(&copy).ok().as_ref() != Some(&text) {
            is_current &= ["peer.", "turn."].iter().any(|own| name.starts_with(own));
            fs::write(copy, text)?;
        }
    }
    let stamp = folder.join("installed");
    if is_current && stamp.exists() {
        return Ok(folder);
    }
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let install = ["ci", "--ignore-scripts", "--no-audit", "--no-fund"];
    process::run(program(npm).args(install).current_dir(&folder))?;
    install_python(&folder)?;
    fs::write(stamp, "")?;
    Ok(folder)
}

/// Python is not asked of a machine that builds jeton: without it, its peers are left out.
fn install_python(folder: &Path) -> anyhow::Result<()> {
    let can_make_environment = program("python3")
        .args(["-c", "import venv, ensurepip"])
        .output()
        .is_ok_and(|output| output.status.success());
    if !can_make_environment {
        eprintln!("    SKIPPED: the Python peers; there is no python3 with venv here");
        return Ok(());
    }
    let environment = folder.join("venv");
    process::run(program("python3").args(["-m", "venv"]).arg(&environment))?;
    let mut pip = program(environment.join("bin").join("python"));
    pip.args(["-m", "pip", "install", "--quiet", "--no-input"]);
    pip.args(["--disable-pip-version-check", "--requirement"]);
    process::run(pip.arg(folder.join("requirements.txt")))
}
