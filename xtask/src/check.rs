//! `cargo xtask check`: all that can be judged without running a test.

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{Command, tidy, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "check",
    summary: "formatting, lints, layers, licences, documentation",
    help: "\
usage: cargo xtask check

In this order: rustfmt, clippy (a warning is an error), the house rules (`cargo xtask tidy`), the
feature combinations of the library, cargo-deny (licences, duplicates, sources) and rustdoc (a
warning is an error). cargo-deny is built once, under target/tools.
",
    main,
};

/// Fixed, so that the rules change when we say so.
const DENY: &str = "0.20.2";

fn main(words: &[&str]) -> anyhow::Result<()> {
    if let [word, ..] = words {
        return Err(unexpected("check", word));
    }
    let mut steps = Steps::new();
    steps.run("rustfmt", || {
        process::run(&mut cargo("fmt --all -- --check"))
    })?;
    steps.run("clippy", || {
        process::run(&mut cargo(
            "clippy --workspace --all-targets -- -D warnings",
        ))
    })?;
    steps.run("tidy", tidy::check)?;
    for features in ["", "aws-lc", "rustcrypto"] {
        steps.run(&format!("jeton-jose with features \"{features}\""), || {
            let line = "check --package jeton-jose --no-default-features --features";
            process::run(cargo(line).args([features]))
        })?;
    }
    steps.run("cargo-deny", deny)?;
    steps.skip(
        "advisories",
        "the advisory database is not fetched; `cargo deny check advisories` does it",
    );
    steps.run("rustdoc", || {
        let mut doc = cargo("doc --workspace --no-deps --exclude xtask");
        process::run(doc.env("RUSTDOCFLAGS", "-D warnings"))
    })?;
    steps.finish();
    Ok(())
}

fn deny() -> anyhow::Result<()> {
    let tools = process::target().join("tools");
    let deny = tools.join("bin").join("cargo-deny");
    let installed = process::output(process::program(&deny).arg("--version")).unwrap_or_default();
    if installed.trim() != format!("cargo-deny {DENY}") {
        let build = tools.join("build");
        // The unoptimised build takes a quarter of the time and checks as well.
        let mut install =
            cargo("install --quiet --locked --debug --no-default-features cargo-deny");
        install.arg("--version").arg(DENY);
        install.arg("--root").arg(&tools);
        install.arg("--target-dir").arg(&build);
        process::run(&mut install)?;
        std::fs::remove_dir_all(build)?;
    }
    process::run(process::program(&deny).args("check bans licenses sources".split(' ')))
}
