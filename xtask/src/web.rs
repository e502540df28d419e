//! `cargo xtask web`: the page, with its core as WebAssembly.

use std::path::{Path, PathBuf};

use anyhow::Context as _;
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{self, cargo, program};
use crate::steps::Steps;
use crate::{Command, traps, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "web",
    summary: "build the debugger page and its WebAssembly core",
    help: "\
usage: cargo xtask web [--wasm-only]

In this order: crates/wasm for the browser, bound to JavaScript in web/generated; the packages of
web/package-lock.json, with scripts of packages not run; the WebAssembly made smaller by binaryen's
wasm-opt; the page itself, in web/dist. A step whose files are up to date is quick.

--wasm-only stops before the page.
",
    main,
};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// What the page imports; beside it are its types and `jeton_wasm_bg.wasm`.
const MODULE: &str = "jeton_wasm.js";

/// What rustc lets LLVM use on this target; wasm-opt must know no less and use no more.
const WASM_FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-bulk-memory-opt",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// Small as it travels, which is not small as it lies: brotli finds the same code again and again
/// where it was not inlined. Only functions that do nothing but trap or call are inlined.
const PASSES: [&str; 11] = [
    "--inlining",
    "--always-inline-max-function-size",
    "1",
    "--one-caller-inline-max-function-size",
    "0",
    "--flexible-inline-max-function-size",
    "0",
    "--dce",
    "--vacuum",
    "-Oz",
    "--skip-pass=inlining-optimizing",
];

fn main(words: &[&str]) -> anyhow::Result<()> {
    let with_page = match words {
        [] => true,
        ["--wasm-only"] => false,
        [word, ..] => return Err(unexpected("web", word)),
    };
    let mut steps = Steps::new();
    build(&mut steps, with_page)?;
    steps.finish();
    Ok(())
}

/// The steps of the core, and those of the page.
pub(crate) fn build(steps: &mut Steps, with_page: bool) -> anyhow::Result<()> {
    let generated = folder().join("generated");
    steps.run("WebAssembly core", || bind(&generated))?;
    steps.run("web packages", install)?;
    steps.run("optimise", || {
        optimise(&generated)?;
        measure(&generated)
    })?;
    if with_page {
        steps.run("page", || process::run(npm().args(["run", "build"])))?;
    }
    Ok(())
}

/// Holds the WebAssembly core against the native one.
pub(crate) fn compare() -> anyhow::Result<()> {
    let lines = process::target().join("wasm-corpus.jsonl");
    let ask = "run --quiet --package jeton-wasm --example corpus";
    std::fs::write(&lines, process::output(&mut cargo(ask))?)?;
    let script = process::root().join("crates/wasm/tests/same.mjs");
    let mut compare = program("node");
    compare
        .arg(script)
        .arg(folder().join("generated"))
        .arg(lines);
    process::run(&mut compare)
}

/// The workspace of the page.
pub(crate) fn folder() -> PathBuf {
    process::root().join("web")
}

/// Compiles `crates/wasm` and writes it with its JavaScript into `generated`.
fn bind(generated: &Path) -> anyhow::Result<()> {
    process::add_target(TARGET)?;
    // Only the one form: with a library for Rust beside it there is no optimisation while linking,
    // which makes a verdict three times as quick.
    let line = format!("rustc --package jeton-wasm --lib --target {TARGET} --profile {PROFILE}");
    let mut build = cargo(&line);
    build.args(["--crate-type", "cdylib"]);
    process::run(&mut build)?;
    let built = process::target().join(TARGET).join(PROFILE);
    let module = traps::silence(&built.join("jeton_wasm.wasm"))?;
    Bindgen::new()
        .input_bytes("jeton_wasm", module)
        .web(true)?
        .typescript(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate(generated)
        .context("the WebAssembly could not be bound to JavaScript")
}

pub(crate) fn npm() -> std::process::Command {
    let mut npm = program(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(folder());
    npm
}

/// Installs what the lock says, unless that is there.
fn install() -> anyhow::Result<()> {
    let lock = std::fs::read(folder().join("package-lock.json"))
        .context("web/package-lock.json cannot be read")?;
    let stamp = folder().join("node_modules").join(".installed-lock");
    if std::fs::read(&stamp).ok().as_ref() == Some(&lock) {
        eprintln!("    as web/package-lock.json says");
        return Ok(());
    }
    process::run(npm().args(["ci", "--ignore-scripts", "--no-audit", "--no-fund"]))?;
    std::fs::write(stamp, lock)?;
    Ok(())
}

/// Makes the WebAssembly smaller where it lies; what was made smaller before is taken from there.
fn optimise(generated: &Path) -> anyhow::Result<()> {
    let binary = generated.join(binary_name());
    let kept = process::target().join("wasm-opt");
    std::fs::create_dir_all(&kept)?;
    let [before, after, how] = ["before.wasm", "after.wasm", "passes"].map(|name| kept.join(name));
    let passes = PASSES.join(" ");
    let known = std::fs::read_to_string(&how).ok().as_ref() == Some(&passes)
        && std::fs::read(&before).ok() == std::fs::read(&binary).ok();
    if !known || !after.exists() {
        std::fs::copy(&binary, &before)?;
        let mut optimise = program("node");
        optimise.arg(folder().join("node_modules/binaryen/bin/wasm-opt"));
        optimise.arg(&before).args(WASM_FEATURES).args(PASSES);
        optimise.arg("--strip-debug").arg("--strip-target-features");
        if let Err(error) = process::run(optimise.arg("-o").arg(&after)) {
            std::fs::remove_file(&before)?;
            return Err(error);
        }
        std::fs::write(how, passes)?;
    }
    std::fs::copy(&after, &binary)?;
    Ok(())
}

fn binary_name() -> String {
    MODULE.replace(".js", "_bg.wasm")
}

/// Says how large the core is, as it lies and as it travels.
fn measure(generated: &Path) -> anyhow::Result<()> {
    let script = process::root().join("xtask").join("size.mjs");
    let mut size = program("node");
    size.arg(script).arg(generated.join(binary_name()));
    eprint!("{}", process::output(&mut size)?);
    Ok(())
}
