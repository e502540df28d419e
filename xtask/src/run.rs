//! `cargo xtask run`: the program, built and serving its page.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::process::{self, cargo, program};
use crate::server::Server;
use crate::steps::Steps;
use crate::{Command, unexpected, web};

pub(crate) const COMMAND: Command = Command {
    name: "run",
    summary: "build everything and serve the debugger page",
    help: "\
usage: cargo xtask run [--check]

Builds the page (`cargo xtask web`) and the release binary with the page in it, starts `jeton serve`
on a loopback address and prints the URL. It serves until it is interrupted.

--check serves on a free port, asks for the page and for a token decoded over HTTP, and ends.
",
    main,
};

/// The README's token; its secret is `your-256-bit-secret`.
const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
                     eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ.\
                     SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c";

fn main(words: &[&str]) -> anyhow::Result<()> {
    let is_check = match words {
        [] => false,
        ["--check"] => true,
        [word, ..] => return Err(unexpected("run", word)),
    };
    let mut steps = Steps::new();
    build(&mut steps)?;
    if is_check {
        steps.run("serve, ask and end", check)?;
    }
    steps.finish();
    if is_check {
        return Ok(());
    }
    println!("\nThe binary is {}", binary().display());
    println!("Try `jeton decode TOKEN`, `jeton --help`, or the page:\n");
    let data = process::target().join("jeton-data");
    process::run(program(binary()).arg("serve").arg("--data").arg(data))
}

/// The release binary, with the page in it.
fn build(steps: &mut Steps) -> anyhow::Result<()> {
    web::build(steps, true)?;
    steps.run("build the release binary", || {
        process::run(&mut cargo(
            "build --release --package jeton --features embed",
        ))
    })
}

fn binary() -> std::path::PathBuf {
    process::target()
        .join("release")
        .join(format!("jeton{}", std::env::consts::EXE_SUFFIX))
}

fn check() -> anyhow::Result<()> {
    let server = Server::start(&binary())?;
    let rest = server.url().trim_start_matches("http://");
    let (authority, path) = rest.split_once('/').context("the URL has no path")?;
    let page = ask(authority, &format!("GET /{path} HTTP/1.1\r\n"), "")?;
    if !page.starts_with("HTTP/1.1 200") {
        bail!("the page is not served: {page}");
    }
    let head = "POST /api/tokens/inspect HTTP/1.1\r\nContent-Type: application/json\r\n";
    let answer = ask(authority, head, &format!("{{\"text\":\"{TOKEN}\"}}"))?;
    if !answer.contains("John Doe") {
        bail!("the API does not decode: {answer}");
    }
    eprintln!("    http://{rest} and its API answer");
    Ok(())
}

/// One request, whose line and own headers are given.
fn ask(authority: &str, head: &str, body: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(authority)?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    let length = body.len();
    write!(
        stream,
        "{head}Host: {authority}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    )?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer)?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
