//! `cargo xtask run`: the program, built and serving its page.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::process::{self, cargo, program};
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
    process::run(program(binary()).arg("serve"))
}

/// The release binary, with the page in it where there is one.
fn build(steps: &mut Steps) -> anyhow::Result<()> {
    web::build(steps, true)?;
    let has_page = web::folder().join("dist").exists();
    let mut build = cargo("build --release --package jeton");
    if has_page {
        build.args(["--features", "embed"]);
    }
    steps.run("build the release binary", || process::run(&mut build))
}

fn binary() -> std::path::PathBuf {
    process::target()
        .join("release")
        .join(format!("jeton{}", std::env::consts::EXE_SUFFIX))
}

/// A server of the binary on a free port; it ends when it is dropped.
struct Server(Child);

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

fn check() -> anyhow::Result<()> {
    let mut serve = program(binary());
    serve.args(["serve", "--listen", "127.0.0.1:0"]);
    let mut server = Server(serve.stdout(Stdio::piped()).spawn()?);
    let stdout = server.0.stdout.take().context("the server has no output")?;
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line)?;
    let (_, rest) = line
        .trim()
        .split_once("http://")
        .context("there is no URL")?;
    let (authority, path) = rest.split_once('/').context("the URL has no path")?;
    let page = ask(authority, &format!("GET /{path} HTTP/1.1\r\n"), "")?;
    let has_page = web::folder().join("dist").exists();
    if !page.starts_with(if has_page {
        "HTTP/1.1 200"
    } else {
        "HTTP/1.1 503"
    }) {
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
