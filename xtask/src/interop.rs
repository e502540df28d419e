//! The other implementations that jeton is held against: installed once, under target/interop.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::process::{self, cargo, program};

/// What decides which packages are there.
const PACKAGES: [&str; 3] = ["package.json", "package-lock.json", "requirements.txt"];

/// Where the packages and the programs that speak for them are described.
const FOLDERS: [&str; 3] = ["", "oauth", "schema"];

/// Runs the library and the token service against their peers.
pub(crate) fn test() -> anyhow::Result<()> {
    let folder = install()?;
    for line in [
        "test --package jeton-jose --test interop -- --nocapture",
        "test --package jeton --test clients -- --nocapture",
        "test --package jeton --test faults fuzzed -- --nocapture",
    ] {
        process::run(cargo(line).env("JETON_INTEROP_DIR", &folder))?;
    }
    Ok(())
}

/// Installs the peers unless they are there, and returns their folder.
pub(crate) fn install() -> anyhow::Result<PathBuf> {
    let from = process::root().join("interop");
    let folder = process::target().join("interop");
    let mut is_current = true;
    for name in FOLDERS {
        is_current &= copy(&from.join(name), &folder.join(name))?;
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

/// Copies the files of a folder, and says whether the packages stayed what they were.
fn copy(from: &Path, to: &Path) -> anyhow::Result<bool> {
    fs::create_dir_all(to)?;
    let mut is_current = true;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            let (name, text) = (entry.file_name(), fs::read(entry.path())?);
            let copy = to.join(&name);
            if fs::read(&copy).ok().as_ref() != Some(&text) {
                is_current &= !PACKAGES.iter().any(|package| name == *package);
                fs::write(copy, text)?;
            }
        }
    }
    Ok(is_current)
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
