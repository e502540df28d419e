//! `cargo xtask fuzz`: inputs that look for new paths through the code.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use crate::process::{self, cargo, program};
use crate::{Command, Usage, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "fuzz",
    summary: "search for inputs that break the library",
    help: "\
usage: cargo xtask fuzz [--seconds N] [TARGET...]

Runs the targets of fuzz/fuzz_targets (all by default) for N seconds each (60 by default), guided
by coverage. It needs no nightly compiler and no clang: the coverage counters are LLVM's own and
libFuzzer is built with the C++ compiler. Seeds are in fuzz/corpus-seed; what a run learns is kept
in target/fuzz/corpus, and an input that breaks something in target/fuzz/artifacts.
",
    main,
};

/// Makes the stable compiler add the counters and the traced comparisons that libFuzzer reads.
const COVERAGE: &str = "-Cpasses=sancov-module \
                        -Cllvm-args=-sanitizer-coverage-level=4 \
                        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
                        -Cllvm-args=-sanitizer-coverage-pc-table \
                        -Cllvm-args=-sanitizer-coverage-trace-compares \
                        -Ccodegen-units=1";

fn main(words: &[&str]) -> anyhow::Result<()> {
    let (seconds, wanted) = match words {
        ["--seconds", number, rest @ ..] => (seconds(number)?, rest),
        rest => (60, rest),
    };
    if let Some(word) = wanted.iter().find(|word| word.starts_with('-')) {
        return Err(unexpected("fuzz", word));
    }
    let known = targets()?;
    if let Some(word) = wanted
        .iter()
        .find(|word| !known.iter().any(|name| name == *word))
    {
        let message = format!(
            "there is no target `{word}`; there are {}",
            known.join(", ")
        );
        return Err(Usage(message).into());
    }
    let chosen = |name: &&String| wanted.is_empty() || wanted.contains(&name.as_str());
    let chosen: Vec<&str> = known.iter().filter(chosen).map(String::as_str).collect();
    each(&chosen, seconds)
}

/// All targets, for a moment.
pub(crate) fn smoke(seconds: u32) -> anyhow::Result<()> {
    let known = targets()?;
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    each(&known, seconds)
}

fn each(targets: &[&str], seconds: u32) -> anyhow::Result<()> {
    let host = host()?;
    let build = process::target().join("fuzz");
    // Naming the target keeps the counters out of build scripts and macros.
    let mut compile = cargo("build --quiet --release --bins --target");
    compile
        .arg(&host)
        .arg("--manifest-path")
        .arg("fuzz/Cargo.toml");
    compile
        .env("CARGO_TARGET_DIR", &build)
        .env("RUSTFLAGS", COVERAGE);
    process::run(&mut compile)?;
    for target in targets {
        let binary = build.join(&host).join("release").join(target);
        fuzz(target, &binary, seconds)?;
    }
    Ok(())
}

fn fuzz(target: &str, binary: &Path, seconds: u32) -> anyhow::Result<()> {
    let folder = process::target().join("fuzz");
    let corpus = folder.join("corpus").join(target);
    let artifacts = folder.join("artifacts").join(target);
    fs::create_dir_all(&corpus)?;
    fs::create_dir_all(&artifacts)?;
    let mut fuzzer = program(binary);
    fuzzer.arg(&corpus);
    fuzzer.arg(
        process::root()
            .join("fuzz")
            .join("corpus-seed")
            .join(target),
    );
    fuzzer.arg(format!("-artifact_prefix={}/", artifacts.display()));
    fuzzer.arg(format!("-max_total_time={seconds}"));
    fuzzer.args(["-timeout=10", "-rss_limit_mb=1024", "-max_len=16384"]);
    let output = fuzzer
        .output()
        .with_context(|| format!("the fuzz target `{target}` could not be started"))?;
    let log = String::from_utf8_lossy(&output.stderr);
    if !output.status.success() {
        eprintln!("{log}");
        bail!(
            "the fuzz target `{target}` broke; the input is in {}",
            artifacts.display()
        );
    }
    let last = log.lines().rev().find(|line| line.contains("DONE"));
    eprintln!("    {target}: {}", last.unwrap_or("no summary").trim());
    Ok(())
}

/// The names of the files in `fuzz/fuzz_targets`.
fn targets() -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(process::root().join("fuzz").join("fuzz_targets"))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        names.extend(name.strip_suffix(".rs").map(str::to_owned));
    }
    names.sort();
    Ok(names)
}

fn seconds(number: &str) -> anyhow::Result<u32> {
    let parsed = number.parse().ok().filter(|seconds| *seconds > 0);
    parsed.ok_or_else(|| Usage(format!("`{number}` is not a number of seconds")).into())
}

fn host() -> anyhow::Result<String> {
    let version = process::output(program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("`rustc -vV` names no host")?.to_owned())
}
