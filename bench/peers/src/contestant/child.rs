//! Libraries of other languages: a process that stays, is told what to do in lines of JSON and
//! times its own batches, so that neither its start nor the pipe counts.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail};
use base64ct::{Base64, Encoding as _};
use serde_json::{Value, json};

use super::{Contestant, Turn};
use crate::case::{AUDIENCE, Case, ISSUER, Keys};

pub struct Child {
    name: &'static str,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    process: std::process::Child,
}

struct Ready<'a>(&'a mut Child);

impl Child {
    /// A library from npm.
    pub fn node(name: &'static str, library: &str, folder: &Path) -> anyhow::Result<Self> {
        let mut command = Command::new("node");
        command.arg(folder.join("turn.mjs"));
        Self::start(name, command.arg(library))
    }

    /// A library from PyPI; `None` if there is no Python environment.
    pub fn python(name: &'static str, folder: &Path) -> anyhow::Result<Option<Self>> {
        let python = folder.join("venv").join("bin").join("python");
        if !python.exists() {
            return Ok(None);
        }
        let mut command = Command::new(python);
        Self::start(name, command.arg(folder.join("turn.py")).arg(name)).map(Some)
    }

    fn start(name: &'static str, command: &mut Command) -> anyhow::Result<Self> {
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| format!("{name} could not be started"))?;
        Ok(Self {
            name,
            input: process.stdin.take().context("its input")?,
            output: BufReader::new(process.stdout.take().context("its output")?),
            process,
        })
    }

    fn ask(&mut self, request: &Value) -> anyhow::Result<Value> {
        writeln!(self.input, "{request}")?;
        let mut line = String::new();
        self.output.read_line(&mut line)?;
        let answer: Value =
            serde_json::from_str(&line).with_context(|| format!("{} fell silent", self.name))?;
        match answer.get("failure").and_then(Value::as_str) {
            Some(failure) => bail!("{}: {failure}", self.name),
            None => Ok(answer),
        }
    }

    fn batch(&mut self, operation: &str, times: u32) -> anyhow::Result<f64> {
        let answer = self.ask(&json!({ "op": operation, "times": times }))?;
        answer["ns"].as_f64().context("a time")
    }
}

impl Contestant for Child {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare<'a>(&'a mut self, case: &'a Case) -> anyhow::Result<Option<Box<dyn Turn + 'a>>> {
        let secret = match &case.keys {
            Keys::Secret(secret) => Base64::encode_string(secret),
            Keys::Pair { .. } => String::new(),
        };
        let answer = self.ask(&json!({
            "op": "prepare",
            "alg": case.algorithm,
            "enc": case.encryption,
            "secret": secret,
            "private": case.keys.private_pem(),
            "public": case.keys.public_pem(),
            "iss": ISSUER,
            "aud": AUDIENCE,
            "claims": case.claims,
            "token": case.token,
        }))?;
        if answer["ready"] == json!(true) {
            return Ok(Some(Box::new(Ready(self))));
        }
        Ok(None)
    }
}

impl Turn for Ready<'_> {
    fn take(&mut self, times: u32) -> anyhow::Result<f64> {
        self.0.batch("take", times)
    }

    fn make(&mut self, times: u32) -> anyhow::Result<f64> {
        self.0.batch("make", times)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // A process that is gone already needs no end.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
