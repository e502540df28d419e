//! Embeds `web/dist`, where the feature asks for it: each file as it is and, where that is smaller,
//! compressed, so that nothing is compressed while it is served.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

fn main() -> io::Result<()> {
    let out = folder("OUT_DIR")?;
    let mut table = String::from("&[\n");
    if cargo_variable("CARGO_FEATURE_EMBED").is_some() {
        let dist = folder("CARGO_MANIFEST_DIR")?.join("../../web/dist");
        println!("cargo::rerun-if-changed={}", dist.display());
        let dist = dist.canonicalize().map_err(|error| {
            let message = "there is no web/dist to embed; `cargo xtask web` builds it";
            io::Error::new(error.kind(), message)
        })?;
        let mut paths = files(&dist)?;
        paths.sort();
        for (number, path) in paths.iter().enumerate() {
            table.push_str(&row(&dist, path, &out.join(format!("{number}.br")))?);
        }
    }
    table.push(']');
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(out.join("assets.rs"), table)
}

#[expect(
    clippy::disallowed_methods,
    reason = "cargo tells build scripts where they are by the environment"
)]
fn cargo_variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name)
}

fn folder(name: &str) -> io::Result<PathBuf> {
    let missing = || io::Error::other(format!("{name} is not set"));
    cargo_variable(name).map(PathBuf::from).ok_or_else(missing)
}

fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            found.extend(files(&entry.path())?);
        } else {
            found.push(entry.path());
        }
    }
    Ok(found)
}

/// The entry of one file, whose compressed form goes to `compressed`.
fn row(dist: &Path, path: &Path, compressed: &Path) -> io::Result<String> {
    let bytes = fs::read(path)?;
    let name = path.strip_prefix(dist).map_err(io::Error::other)?;
    let name = name.to_string_lossy().replace('\\', "/");
    let mut tag = String::new();
    for byte in Sha256::digest(&bytes).iter().take(16) {
        write!(tag, "{byte:02x}").map_err(io::Error::other)?;
    }
    let brotli = brotli(&bytes)?;
    let brotli = if brotli.len() < bytes.len() {
        fs::write(compressed, brotli)?;
        format!("Some(include_bytes!({}))", literal(compressed)?)
    } else {
        "None".to_owned()
    };
    let path = literal(path)?;
    Ok(format!(
        "    Asset {{ path: {name:?}, bytes: include_bytes!({path}), brotli: {brotli}, tag: {tag:?} }},\n"
    ))
}

/// A path as Rust writes a string.
fn literal(path: &Path) -> io::Result<String> {
    let text = path.to_str().ok_or(io::ErrorKind::InvalidFilename)?;
    Ok(format!("{text:?}"))
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressor = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
    compressor.write_all(bytes)?;
    Ok(compressor.into_inner())
}
