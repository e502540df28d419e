//! What came or was sent with a token, as options.

use jeton_inspect::workbench::tokens::Beside;
use jeton_jose::Secret;

use crate::failure::Failure;
use crate::input::{SMALL, Source};

/// Each is text, - for the standard input, or @file; what is confidential is better in a file.
#[derive(Debug, clap::Args)]
pub(super) struct BesideOptions {
    /// The access token that came with this ID token (`at_hash`), or whose proof is given (`ath`)
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    access_token: Option<Source>,
    /// The authorization code that came with it (`c_hash`)
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    code: Option<Source>,
    /// The state that was sent (`s_hash`)
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    state: Option<Source>,
    /// The nonce that was sent
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    nonce: Option<Source>,
    /// The client's own identifier (`azp`)
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    client_id: Option<Source>,
    /// A DPoP proof of the holder (`cnf.jkt`, `ath`); its own signature is not checked
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    dpop_proof: Option<Source>,
    /// The holder's TLS certificate, PEM or DER (`cnf.x5t#S256`)
    #[arg(long, value_name = "SOURCE", help_heading = "Belongs together")]
    certificate: Option<Source>,
}

impl BesideOptions {
    fn all(&self) -> [Option<&Source>; 7] {
        [
            self.access_token.as_ref(),
            self.code.as_ref(),
            self.state.as_ref(),
            self.nonce.as_ref(),
            self.client_id.as_ref(),
            self.dpop_proof.as_ref(),
            self.certificate.as_ref(),
        ]
    }

    /// How many of them read the standard input.
    pub(super) fn stdin_users(&self) -> impl Iterator<Item = bool> {
        self.all().into_iter().flatten().map(Source::is_stdin)
    }

    /// What was given; `None` where that is nothing.
    pub(super) fn read(&self) -> Result<Option<Beside>, Failure> {
        let read = |source: &Option<Source>, what: &str| {
            let read = source.as_ref().map(|source| source.read(what, SMALL));
            read.transpose().map(|bytes| bytes.map(Secret::new))
        };
        let beside = Beside {
            access_token: read(&self.access_token, "access token")?,
            code: read(&self.code, "code")?,
            state: read(&self.state, "state")?,
            nonce: read(&self.nonce, "nonce")?,
            client_id: read(&self.client_id, "client identifier")?,
            dpop_proof: read(&self.dpop_proof, "DPoP proof")?,
            certificate: read(&self.certificate, "certificate")?,
        };
        Ok((!beside.is_empty()).then_some(beside))
    }
}
