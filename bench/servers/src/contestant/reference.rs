//! oidc-provider under Node, with its memory adapter.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{Contestant, Running};
use crate::bare::Primitive;
use crate::process::Server;
use crate::work::Work;

pub struct Reference(Running);

impl Reference {
    /// Starts it from where the peers are installed.
    pub fn start(folder: &Path) -> anyhow::Result<Self> {
        let mut node = node(folder, "reference.mjs");
        node.env("NODE_ENV", "production");
        let process = Server::start(&node)?;
        let setting = serde_json::from_str(process.first_line())?;
        Ok(Self(Running::new(process, setting)))
    }
}

impl Contestant for Reference {
    fn name(&self) -> &'static str {
        "oidc-provider"
    }

    fn serving(&self, _work: Work) -> &Running {
        &self.0
    }

    fn resource(&self, primitive: Primitive) -> &'static str {
        match primitive {
            Primitive::Rs256 => "https://orders.example/rs256",
            Primitive::Ed25519 => "https://orders.example/ed25519",
            Primitive::Es256 | Primitive::Argon2 => "https://orders.example",
        }
    }

    /// It introspects no JWT.
    fn introspected(&self) -> Option<&'static str> {
        None
    }
}

/// Signs a person in through the pages of any server and returns as many refresh tokens.
pub fn sign_in(folder: &Path, setting: &Value, count: usize) -> anyhow::Result<Vec<String>> {
    let mut command = node(folder, "sign-in.mjs");
    command.arg(count.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("node")?;
    let mut stdin = child.stdin.take().context("no input")?;
    stdin.write_all(setting.to_string().as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("nobody could sign in");
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

fn node(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(folder.join("oauth").join(script));
    command
}
