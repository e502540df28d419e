//! `cargo xtask test`: everything.

use crate::process::{self, cargo};
use crate::steps::Steps;
use crate::{Command, fuzz, generate, interop, page, unexpected, web};

pub(crate) const COMMAND: Command = Command {
    name: "test",
    summary: "every test there is; --quick runs the native ones only",
    help: "\
usage: cargo xtask test [--quick]

In this order: the tests of the workspace with its documentation examples; the JOSE library's and
the inspector's tests as WebAssembly under Node; the library checked for the browser; the page's
core built and held against the native one, answer by answer; the page's types, its parts, and the
whole of it in Chromium, served by jeton; interoperation with `jose` (npm) and `joserfc` (PyPI),
clients of other makers and schemathesis at the token service; ten seconds of fuzzing per target;
generated pages compared with the code.
Targets, packages and tools that are missing are installed under target/ or by rustup.

--quick stops after the tests of the workspace.
",
    main,
};

/// The library where there is no C compiler: the pure Rust backend alone.
const PORTABLE: &str = "--package jeton-jose --no-default-features --features rustcrypto";

fn main(words: &[&str]) -> anyhow::Result<()> {
    let is_quick = match words {
        [] => false,
        ["--quick"] => true,
        [word, ..] => return Err(unexpected("test", word)),
    };
    let mut steps = Steps::new();
    steps.run("workspace tests", || {
        process::run(&mut cargo("test --workspace"))
    })?;
    if is_quick {
        steps.finish();
        return Ok(());
    }
    steps.run("jose as WebAssembly under Node", || webassembly(PORTABLE))?;
    steps.run("inspect as WebAssembly under Node", || {
        webassembly("--package jeton-inspect")
    })?;
    steps.run("jose for the browser", || {
        process::add_target("wasm32-unknown-unknown")?;
        let check = format!("check --target wasm32-unknown-unknown {PORTABLE}");
        process::run(&mut cargo(&check))
    })?;
    web::build(&mut steps, true)?;
    steps.run(
        "the WebAssembly core answers as the native one",
        web::compare,
    )?;
    page::test(&mut steps)?;
    steps.run("interoperation", interop::test)?;
    steps.run("fuzz", || fuzz::smoke(10))?;
    steps.run("generated pages", generate::check)?;
    steps.finish();
    Ok(())
}

fn webassembly(package: &str) -> anyhow::Result<()> {
    const TARGET: &str = "wasm32-wasip1";
    process::add_target(TARGET)?;
    let runner = process::root().join("xtask").join("wasi.mjs");
    let mut test = cargo(&format!("test --target {TARGET} --lib --tests {package}"));
    test.env(
        "CARGO_TARGET_WASM32_WASIP1_RUNNER",
        format!("node --no-warnings {}", runner.display()),
    );
    process::run(&mut test)
}
