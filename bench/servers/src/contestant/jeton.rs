//! `jeton serve` as anybody starts it, with its store on the disk: one server for each algorithm of
//! access tokens, because that is a matter of its configuration.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::Value;

use super::{Contestant, Running, ask_script, node};
use crate::bare::Primitive;
use crate::load::Asking;
use crate::process::Server;
use crate::work::Work;

pub struct Jeton {
    es256: Running,
    rs256: Running,
    ed25519: Running,
}

impl Jeton {
    /// Starts the binary three times, each in a folder of its own below `folder`.
    pub fn start(peers: &Path, binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let start = |primitive| start(peers, binary, folder, primitive);
        Ok(Self {
            es256: start(Primitive::Es256)?,
            rs256: start(Primitive::Rs256)?,
            ed25519: start(Primitive::Ed25519)?,
        })
    }

    /// Sign-ins through the page, each a browser's of its own.
    pub fn logins(&self, peers: &Path, connections: usize) -> anyhow::Result<Vec<Asking>> {
        let server = &self.es256;
        let issuer = server.setting["issuer"].as_str().context("no issuer")?;
        let lines = ask_script(peers, "login.mjs", &server.setting, connections)?;
        let mut askings = Vec::new();
        for line in lines.lines() {
            let login: Value = serde_json::from_str(line)?;
            let [path, cookie, body] = ["path", "cookie", "body"].map(|name| login[name].as_str());
            let (path, body) = (path.context("no path")?, body.context("no body")?);
            let head = server.head("POST", path, None)?;
            let cookie = cookie.context("no cookie")?;
            let length = body.len();
            let request = format!(
                "{head}Cookie: {cookie}\r\nOrigin: {issuer}\r\nSec-Fetch-Site: same-origin\r\n\
                 Content-Length: {length}\r\n\r\n{body}"
            );
            askings.push(Asking::Same(request.into_bytes()));
        }
        Ok(askings)
    }
}

impl Contestant for Jeton {
    fn name(&self) -> &'static str {
        "jeton"
    }

    fn serving(&self, work: Work) -> &Running {
        match work {
            Work::Token(Primitive::Rs256) => &self.rs256,
            Work::Token(Primitive::Ed25519) => &self.ed25519,
            _ => &self.es256,
        }
    }

    fn resource(&self, _primitive: Primitive) -> &'static str {
        "https://orders.example"
    }

    fn introspected(&self) -> Option<&'static str> {
        Some("https://orders.example")
    }
}

/// A server with clients, an API and a person, which `furnish.mjs` gives it.
fn start(
    peers: &Path,
    binary: &Path,
    folder: &Path,
    primitive: Primitive,
) -> anyhow::Result<Running> {
    let data = folder.join(primitive.name());
    std::fs::remove_dir_all(&data).ok();
    std::fs::create_dir_all(&data)?;
    let config = data.join("jeton.toml");
    let common = std::fs::read_to_string(peers.join("oauth").join("jeton.toml"))?;
    let keys = format!("\n[issuer.keys]\naccess_token = \"{}\"\n", primitive.name());
    std::fs::write(&config, common + &keys)?;
    let mut furnish = node(peers, "furnish.mjs");
    let furnished = furnish.arg(binary).arg(&data).arg(&config).output()?;
    if !furnished.status.success() {
        bail!("{}", String::from_utf8_lossy(&furnished.stderr));
    }
    let setting = serde_json::from_slice(&furnished.stdout)?;
    let mut serve = Command::new(binary);
    serve.arg("serve").arg("--data").arg(&data);
    serve.arg("--config").arg(&config).stderr(Stdio::null());
    Ok(Running::new(Server::start(&serve)?, setting))
}
