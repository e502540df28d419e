use std::net::IpAddr;
use std::path::PathBuf;

use jeton_settings::{HostName, SecretError, SecretReference};
use lettre::message::Mailbox;
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, Tokio1Executor};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who mails are from, and how they leave.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    /// The sender, as `Accounts <accounts@example.com>`.
    pub from: String,
    /// The server that takes them. Without one they land as files.
    #[serde(default)]
    pub smtp: Option<Smtp>,
}

impl Mail {
    /// Mails that land as files.
    pub(crate) fn to_folder() -> Self {
        Self {
            from: "jeton <jeton@localhost>".to_owned(),
            smtp: None,
        }
    }
}

/// A server that takes mail.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Smtp {
    /// Its name.
    pub host: HostName,
    /// Its port: 587 with STARTTLS, 465 with TLS, 25 with neither.
    #[serde(default)]
    pub port: Option<u16>,
    /// How the way there is protected.
    #[serde(default)]
    pub security: Security,
    /// Who we are there.
    #[serde(default)]
    pub username: Option<String>,
    /// The password for it.
    #[serde(default)]
    pub password: Option<SecretReference>,
    /// File of certificate authorities in PEM that are trusted beside the system's.
    #[serde(default)]
    #[schema(value_type = Option<String>)]
    pub authorities: Option<PathBuf>,
}

/// How the way to a server is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Security {
    /// TLS after a greeting; without it nothing is sent.
    #[default]
    StartTls,
    /// TLS from the start.
    Tls,
    /// Not at all, which is for servers on this machine alone.
    None,
}

/// Why mail cannot be sent with this configuration.
#[derive(Debug, thiserror::Error)]
pub enum MailError {
    /// The sender is none.
    #[error("`from` of mail is no address, as `Accounts <accounts@example.com>`")]
    From,
    /// A password alone, or a name alone.
    #[error("an SMTP server takes a username and a password, or neither")]
    Credentials,
    /// Something secret would cross a network in the clear.
    #[error("`security = \"none\"` is for an SMTP server on this machine alone")]
    Insecure,
    /// The password is not to be had.
    #[error("the password of the SMTP server is not to be had")]
    Password(#[source] SecretError),
    /// It is no text.
    #[error("the password of the SMTP server is not UTF-8")]
    NotText,
    /// The file cannot be read.
    #[error("the certificate authorities in `{}` cannot be read", .0.display())]
    Unreadable(PathBuf, #[source] std::io::Error),
    /// It has nothing that serves, or TLS cannot be set up.
    #[error("TLS to the SMTP server cannot be set up")]
    Tls(#[source] lettre::transport::smtp::Error),
}

pub(super) type Transport = AsyncSmtpTransport<Tokio1Executor>;

impl Mail {
    pub(super) fn sender(&self) -> Result<Mailbox, MailError> {
        self.from.parse().map_err(|_| MailError::From)
    }
}

impl Smtp {
    pub(super) fn transport(&self) -> Result<Transport, MailError> {
        let tls = match self.security {
            Security::StartTls => Tls::Required(self.tls()?),
            Security::Tls => Tls::Wrapper(self.tls()?),
            Security::None if self.is_local() => Tls::None,
            Security::None => return Err(MailError::Insecure),
        };
        let mut builder = Transport::builder_dangerous(self.host.as_str())
            .port(self.port.unwrap_or(self.security.port()))
            .tls(tls);
        match (&self.username, &self.password) {
            (Some(username), Some(password)) => {
                let password = password.read().map_err(MailError::Password)?;
                let password = core::str::from_utf8(&password).map_err(|_| MailError::NotText)?;
                builder = builder.credentials(Credentials::new(username.clone(), password.into()));
            }
            (None, None) => {}
            _ => return Err(MailError::Credentials),
        }
        Ok(builder.build())
    }

    fn tls(&self) -> Result<TlsParameters, MailError> {
        let mut builder = TlsParameters::builder(self.host.as_str().to_owned());
        if let Some(path) = &self.authorities {
            let unreadable = |error| MailError::Unreadable(path.clone(), error);
            let pem = std::fs::read(path).map_err(unreadable)?;
            let authorities = Certificate::from_pem(&pem).map_err(MailError::Tls)?;
            builder = builder.add_root_certificate(authorities);
        }
        builder.build().map_err(MailError::Tls)
    }

    fn is_local(&self) -> bool {
        let host = self.host.as_str();
        host == "localhost"
            || host
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback())
    }
}

impl Security {
    fn port(self) -> u16 {
        match self {
            Self::StartTls => 587,
            Self::Tls => 465,
            Self::None => 25,
        }
    }
}
