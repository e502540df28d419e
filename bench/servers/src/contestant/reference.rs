//! oidc-provider under Node, with its memory adapter.

use std::path::Path;

use super::{Contestant, Running, node};
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
