//! `jeton serve` on a free port, for those who ask it something.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};

use anyhow::Context as _;

use crate::process::program;

/// A server of ours; it ends when this is dropped.
pub(crate) struct Server {
    process: Child,
    url: String,
}

impl Server {
    pub(crate) fn start(binary: &Path) -> anyhow::Result<Self> {
        let mut serve = program(binary);
        serve.args(["serve", "--no-issuer", "--listen", "127.0.0.1:0"]);
        let mut process = serve.stdout(Stdio::piped()).spawn()?;
        let stdout = process.stdout.take();
        let mut server = Self {
            process,
            url: String::new(),
        };
        let mut line = String::new();
        BufReader::new(stdout.context("the server has no output")?).read_line(&mut line)?;
        let words = line.split_whitespace();
        let url = words.into_iter().find(|word| word.starts_with("http://"));
        url.context("the server names no URL")?
            .clone_into(&mut server.url);
        Ok(server)
    }

    /// Where the page is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have ended by itself.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}
