//! A server that takes part, and how each work is asked of it.

mod jeton;
mod reference;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, bail};
use base64ct::{Base64, Encoding as _};
use serde_json::Value;

pub use jeton::Jeton;
pub use reference::Reference;

use crate::bare::Primitive;
use crate::connection::Connection;
use crate::load::Asking;
use crate::process::Server;
use crate::work::Work;

pub trait Contestant {
    fn name(&self) -> &'static str;

    /// The server that does this work.
    fn serving(&self, work: Work) -> &Running;

    /// The resource whose tokens are signed so; none if there is only one.
    fn resource(&self, primitive: Primitive) -> &'static str;

    /// What is introspected: a token of this resource, or an opaque one.
    fn introspected(&self) -> Option<&'static str>;
}

/// A server with what is known of it: the setting that the independent clients are given, too.
pub struct Running {
    pub process: Server,
    pub setting: Value,
}

impl Running {
    pub fn new(process: Server, setting: Value) -> Self {
        Self { process, setting }
    }

    /// Host and port.
    pub fn address(&self) -> anyhow::Result<&str> {
        let issuer = self.setting["issuer"].as_str().context("no issuer")?;
        issuer.strip_prefix("http://").context("no plain HTTP")
    }

    fn head(&self, method: &str, path: &str, client: Option<&str>) -> anyhow::Result<String> {
        let address = self.address()?;
        let mut head = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\n");
        if let Some(name) = client {
            let client = &self.setting["clients"][name];
            let [id, secret] = ["client_id", "client_secret"].map(|field| client[field].as_str());
            let pair = format!("{}:{}", id.context("no id")?, secret.context("no secret")?);
            let encoded = Base64::encode_string(pair.as_bytes());
            head += &format!("Authorization: Basic {encoded}\r\n");
        }
        if method == "POST" {
            head += "Content-Type: application/x-www-form-urlencoded\r\n";
        }
        Ok(head)
    }

    fn post(&self, path: &str, client: &str, body: &str) -> anyhow::Result<Vec<u8>> {
        let head = self.head("POST", path, Some(client))?;
        let length = body.len();
        Ok(format!("{head}Content-Length: {length}\r\n\r\n{body}").into_bytes())
    }

    async fn endpoint(&self, field: &str) -> anyhow::Result<String> {
        let ask = self.head("GET", "/.well-known/openid-configuration", None)? + "\r\n";
        let mut connection = Connection::open(self.address()?).await?;
        let (_, body) = connection.ask(ask.as_bytes()).await?;
        let metadata: Value = serde_json::from_slice(body)?;
        let url = metadata[field].as_str().context("no such endpoint")?;
        let issuer = self.setting["issuer"].as_str().context("no issuer")?;
        Ok(url
            .strip_prefix(issuer)
            .context("an endpoint elsewhere")?
            .to_owned())
    }
}

/// What `connections` connections ask for this work.
pub async fn askings(
    contestant: &dyn Contestant,
    work: Work,
    connections: usize,
    folder: &Path,
) -> anyhow::Result<Vec<Asking>> {
    let server = contestant.serving(work);
    let same = |request: Vec<u8>| {
        (0..connections)
            .map(|_| Asking::Same(request.clone()))
            .collect()
    };
    Ok(match work {
        Work::Token(primitive) => {
            let resource = Some(contestant.resource(primitive));
            same(token_request(server, resource).await?)
        }
        Work::KeySet => {
            let path = server.endpoint("jwks_uri").await?;
            same((server.head("GET", &path, None)? + "\r\n").into_bytes())
        }
        Work::Introspection => introspections(contestant, connections).await?,
        Work::Refresh => {
            let path = server.endpoint("token_endpoint").await?;
            let head = server.head("POST", &path, Some("web"))?;
            let tokens = sign_in(folder, &server.setting, connections)?;
            let refresh = |token| Asking::Refresh {
                head: head.clone(),
                token,
            };
            tokens.into_iter().map(refresh).collect()
        }
    })
}

/// A token each, so that no answer is the same.
pub async fn introspections(
    contestant: &dyn Contestant,
    connections: usize,
) -> anyhow::Result<Vec<Asking>> {
    let server = contestant.serving(Work::Introspection);
    let path = server.endpoint("introspection_endpoint").await?;
    let ask = token_request(server, contestant.introspected()).await?;
    let mut connection = Connection::open(server.address()?).await?;
    let mut askings = Vec::new();
    for _ in 0..connections {
        let (_, body) = connection.ask(&ask).await?;
        let answer: Value = serde_json::from_slice(body)?;
        let token = answer["access_token"]
            .as_str()
            .with_context(|| format!("no token: {answer}"))?;
        let request = server.post(&path, "basic", &format!("token={token}"))?;
        let (_, body) = connection.ask(&request).await?;
        let answer: Value = serde_json::from_slice(body)?;
        anyhow::ensure!(
            answer["active"] == true,
            "the token is not active: {answer}"
        );
        askings.push(Asking::Same(request));
    }
    Ok(askings)
}

async fn token_request(server: &Running, resource: Option<&str>) -> anyhow::Result<Vec<u8>> {
    let path = server.endpoint("token_endpoint").await?;
    let mut body = "grant_type=client_credentials".to_owned();
    if let Some(resource) = resource {
        body += &format!("&scope=orders%3Aread&resource={resource}");
    }
    server.post(&path, "basic", &body)
}

/// Signs a person in through the pages of any server and returns as many refresh tokens.
fn sign_in(folder: &Path, setting: &Value, count: usize) -> anyhow::Result<Vec<String>> {
    let tokens = ask_script(folder, "sign-in.mjs", setting, count)?;
    Ok(serde_json::from_str(&tokens)?)
}

/// What one of the peers' scripts says of a server.
fn ask_script(
    folder: &Path,
    script: &str,
    setting: &Value,
    count: usize,
) -> anyhow::Result<String> {
    let mut command = node(folder, script);
    command.arg(count.to_string());
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = command.spawn().context("node")?;
    let mut stdin = child.stdin.take().context("no input")?;
    stdin.write_all(setting.to_string().as_bytes())?;
    drop(stdin);
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("{script} ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

fn node(folder: &Path, script: &str) -> Command {
    let mut command = Command::new("node");
    command.arg(folder.join("oauth").join(script));
    command
}
