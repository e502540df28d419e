//! `jeton serve` as anybody starts it, with its store on the disk: one server for each algorithm of
//! access tokens, because that is a matter of its configuration.

use std::path::Path;

use anyhow::bail;

use super::{Contestant, Running};
use crate::bare::Primitive;
use crate::load::Asking;
use crate::work::Work;

pub struct Jeton {
    es256: Running,
    rs256: Running,
    ed25519: Running,
}

impl Jeton {
    /// Starts the binary three times, each in a folder of its own below `folder`.
    pub fn start(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        Ok(Self {
            es256: start(binary, folder, Primitive::Es256)?,
            rs256: start(binary, folder, Primitive::Rs256)?,
            ed25519: start(binary, folder, Primitive::Ed25519)?,
        })
    }

    /// Logins of the first-party way, by connections.
    pub fn logins(&self, _connections: usize) -> anyhow::Result<Vec<Asking>> {
        bail!("not there yet")
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

fn start(_binary: &Path, _folder: &Path, _primitive: Primitive) -> anyhow::Result<Running> {
    bail!("not there yet")
}
