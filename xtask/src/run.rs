//! `cargo xtask run`: the program, built and shown at work.

use crate::process::{self, cargo, program};
use crate::steps::Steps;
use crate::{Command, unexpected};

pub(crate) const COMMAND: Command = Command {
    name: "run",
    summary: "build the release binary and show it at work",
    help: "\
usage: cargo xtask run

Builds the release binary, shows `jeton decode` of the token in the README, and says where the
binary is.
",
    main,
};

/// The README's token; its secret is `your-256-bit-secret`.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                     eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.\
                     SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

fn main(words: &[&str]) -> anyhow::Result<()> {
    if let [word, ..] = words {
        return Err(unexpected("run", word));
    }
    let binary = process::target()
        .join("release")
        .join(format!("jeton{}", std::env::consts::EXE_SUFFIX));
    let mut steps = Steps::new();
    steps.run("build the release binary", || {
        process::run(&mut cargo("build --release --package jeton"))
    })?;
    steps.run("decode the README's token", || {
        process::run(program(&binary).args(["decode", TOKEN]))
    })?;
    steps.finish();
    println!("\nThe binary is {}", binary.display());
    println!("Try `jeton decode TOKEN`, or `jeton --help`.");
    Ok(())
}
