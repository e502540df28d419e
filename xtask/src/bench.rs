//! `cargo xtask bench`: how fast, and next to whom.

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{Command, interop, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "measure sign and verify; --peers beside other libraries",
    help: "\
usage: cargo xtask bench [--peers] [FILTER]

Without --peers: criterion over the library, per backend, beside the bare primitive and with the
primitive stubbed out (what is left is the library's own cost); then over the inspector; then
durable refreshes a second by load, and how many share a sync of the disk.

With --peers: one run of bench/peers, in which jeton, the bare primitive, jsonwebtoken, jwt-simple,
fast-jwt, jose, jsonwebtoken (npm) and PyJWT take turns, and with encryption josekit, jose and
joserfc; then instructions per verification, counted by callgrind where valgrind is installed.
josekit needs OpenSSL's development files. FILTER chooses rows by a part of their name: decrypt.
",
    main,
};

fn main(words: &[&str]) -> anyhow::Result<()> {
    let (with_peers, filter) = match words {
        ["--peers", rest @ ..] => (true, rest),
        rest => (false, rest),
    };
    if let [_, word, ..] | [word, ..] = filter
        && (filter.len() > 1 || word.starts_with('-'))
    {
        return Err(unexpected("bench", word));
    }
    if with_peers {
        return peers(filter);
    }
    for bench in [
        "bench --package jeton-jose --bench sign_verify --",
        "bench --package jeton-inspect --bench inspect --",
        "bench --package jeton-store-sqlite --bench refresh --",
    ] {
        process::run(cargo(bench).args(filter))?;
    }
    Ok(())
}

fn peers(filter: &[&str]) -> anyhow::Result<()> {
    let mut steps = Steps::new();
    let mut folder = std::path::PathBuf::new();
    steps.run("install the peers", || {
        folder = interop::install()?;
        Ok(())
    })?;
    let build = process::target().join("bench-peers");
    let manifest = "--manifest-path bench/peers/Cargo.toml";
    steps.run("build", || {
        let mut compile = cargo(&format!("build --release {manifest}"));
        process::run(compile.env("CARGO_TARGET_DIR", &build))
    })?;
    let binary = build.join("release").join("jeton-bench-peers");
    steps.run("time", || {
        let mut time = process::program(&binary);
        process::run(time.arg("time").arg(&folder).args(filter))
    })?;
    if process::exists("valgrind") {
        steps.run("count instructions", || {
            process::run(process::program(&binary).arg("count"))
        })?;
    } else {
        steps.skip("count instructions", "valgrind is not installed");
    }
    steps.finish();
    Ok(())
}
