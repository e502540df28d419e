//! `cargo xtask bench`: how fast, and next to whom.

use std::path::PathBuf;

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{Command, interop, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "bench",
    summary: "measure sign, verify and serve; --peers beside others",
    help: "\
usage: cargo xtask bench [--peers | --servers] [FILTER]

Without --peers: criterion over the library, per backend, beside the bare primitive and with the
primitive stubbed out (what is left is the library's own cost); then over the inspector; then
durable refreshes a second by load, and how many share a sync of the disk.

With --peers: one run of bench/peers, in which jeton, the bare primitive, jsonwebtoken, jwt-simple,
fast-jwt, jose, jsonwebtoken (npm) and PyJWT take turns, and with encryption josekit, jose and
joserfc; then instructions per verification, counted by callgrind where valgrind is installed.
josekit needs OpenSSL's development files. FILTER chooses rows by a part of their name: decrypt.
Then, unless there is a FILTER, what --servers does.

With --servers: one run of bench/servers, in which `jeton serve` and oidc-provider under Node take
turns on one processor, with the load from another: tokens, refreshes, introspections, key sets,
memory, syncs of the disk where strace is installed, and a login storm. Linux only.
",
    main,
};

fn main(words: &[&str]) -> anyhow::Result<()> {
    let (what, filter) = match words {
        [what @ ("--peers" | "--servers"), rest @ ..] => (Some(*what), rest),
        rest => (None, rest),
    };
    let most = usize::from(what != Some("--servers"));
    if let Some(word) = filter
        .iter()
        .find(|word| word.starts_with('-'))
        .or(filter.get(most))
    {
        return Err(unexpected("bench", word));
    }
    if let Some(what) = what {
        let mut steps = Steps::new();
        if what == "--peers" {
            peers(&mut steps, filter)?;
        }
        if filter.is_empty() {
            servers(&mut steps)?;
        }
        steps.finish();
        return Ok(());
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

fn peers(steps: &mut Steps, filter: &[&str]) -> anyhow::Result<()> {
    let folder = install(steps)?;
    let binary = build(steps, "peers")?;
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
    Ok(())
}

fn servers(steps: &mut Steps) -> anyhow::Result<()> {
    if !process::exists("taskset") {
        steps.skip("servers", "taskset is not installed");
        return Ok(());
    }
    let folder = install(steps)?;
    let binary = build(steps, "servers")?;
    steps.run("build jeton", || {
        process::run(&mut cargo("build --release --package jeton"))
    })?;
    let jeton = process::target().join("release").join("jeton");
    steps.run("servers", || {
        let mut time = process::program(&binary);
        process::run(time.arg("time").arg(&folder).arg(&jeton))
    })
}

fn install(steps: &mut Steps) -> anyhow::Result<PathBuf> {
    let mut folder = PathBuf::new();
    steps.run("install the peers", || {
        folder = interop::install()?;
        Ok(())
    })?;
    Ok(folder)
}

/// Builds `bench/NAME` and returns the program.
fn build(steps: &mut Steps, name: &str) -> anyhow::Result<PathBuf> {
    let target = process::target().join(format!("bench-{name}"));
    steps.run(&format!("build bench/{name}"), || {
        let manifest = format!("--manifest-path bench/{name}/Cargo.toml");
        let mut compile = cargo(&format!("build --release {manifest}"));
        process::run(compile.env("CARGO_TARGET_DIR", &target))
    })?;
    Ok(target.join("release").join(format!("jeton-bench-{name}")))
}
