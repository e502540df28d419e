//! An SMTP server of one conversation after the other, on loopback; it ends with the test's
//! runtime.

use std::sync::{Arc, Mutex};

use rcgen::{CertifiedKey, KeyPair};
use rustls_pki_types::PrivateKeyDer;
use tokio::io::{AsyncBufReadExt as _, AsyncRead, AsyncWrite, AsyncWriteExt as _, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

/// What becomes of a mail. Conversations after the last are never answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum Reply {
    Take,
    Greylist,
    Refuse,
    HangUp,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Taken {
    pub(super) is_protected: bool,
    pub(super) authentication: String,
    pub(super) sender: String,
    pub(super) recipients: Vec<String>,
    pub(super) text: String,
}

pub(super) struct Server {
    port: u16,
    log: Arc<Mutex<Log>>,
}

#[derive(Default)]
struct Log {
    taken: Vec<Taken>,
    conversations: usize,
}

impl Server {
    pub(super) async fn start(replies: &[Reply], tls: Option<&CertifiedKey<KeyPair>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let log = Arc::new(Mutex::new(Log::default()));
        let (replies, acceptor) = (replies.to_vec(), tls.map(acceptor));
        let kept = Arc::clone(&log);
        tokio::spawn(async move {
            for reply in replies {
                let (stream, _) = listener.accept().await.unwrap();
                kept.lock().unwrap().conversations += 1;
                if let Some(taken) = converse(stream, reply, acceptor.as_ref()).await {
                    kept.lock().unwrap().taken.push(taken);
                }
            }
            // Whoever connects now waits.
            std::future::pending::<()>().await;
            drop(listener);
        });
        Self { port, log }
    }

    pub(super) fn port(&self) -> u16 {
        self.port
    }

    pub(super) fn taken(&self) -> Vec<Taken> {
        self.log.lock().unwrap().taken.clone()
    }

    pub(super) fn conversations(&self) -> usize {
        self.log.lock().unwrap().conversations
    }
}

fn acceptor(certified: &CertifiedKey<KeyPair>) -> TlsAcceptor {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::try_from(certified.signing_key.serialize_der()).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certified.cert.der().clone()], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn converse(stream: TcpStream, reply: Reply, tls: Option<&TlsAcceptor>) -> Option<Taken> {
    let mut lines = Lines(BufStream::new(stream));
    lines.say("220 here").await?;
    let Some(tls) = tls else {
        return session(lines, reply, "", false).await;
    };
    loop {
        let line = lines.hear().await?;
        if line == "STARTTLS" {
            lines.say("220 go").await?;
            let stream = tls.accept(lines.0.into_inner()).await.ok()?;
            let lines = Lines(BufStream::new(stream));
            return session(lines, reply, "AUTH PLAIN", true).await;
        }
        assert!(line.starts_with("EHLO "), "{line} in the clear");
        lines.say("250-here\r\n250 STARTTLS").await?;
    }
}

async fn session<S: AsyncRead + AsyncWrite + Unpin>(
    mut lines: Lines<S>,
    reply: Reply,
    extension: &str,
    is_protected: bool,
) -> Option<Taken> {
    let mut taken = Taken {
        is_protected,
        ..Taken::default()
    };
    loop {
        let line = lines.hear().await?;
        let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
        match (verb, reply) {
            ("EHLO", _) if extension.is_empty() => lines.say("250 here").await?,
            ("EHLO", _) => lines.say(&format!("250-here\r\n250 {extension}")).await?,
            ("AUTH", _) => {
                rest.clone_into(&mut taken.authentication);
                lines.say("235 welcome").await?;
            }
            ("MAIL", _) => {
                let sender = rest.trim_start_matches("FROM:");
                sender.split(' ').next()?.clone_into(&mut taken.sender);
                lines.say("250 ok").await?;
            }
            ("RCPT", Reply::HangUp) => return None,
            ("RCPT", Reply::Greylist) => lines.say("451 <anna@example.com> later").await?,
            ("RCPT", Reply::Refuse) => lines.say("550 <anna@example.com> never").await?,
            ("RCPT", Reply::Take) => {
                let recipient = rest.trim_start_matches("TO:");
                taken.recipients.push(recipient.to_owned());
                lines.say("250 ok").await?;
            }
            ("DATA", _) => {
                lines.say("354 go on").await?;
                loop {
                    let line = lines.hear().await?;
                    if line == "." {
                        break;
                    }
                    taken.text.push_str(&line);
                    taken.text.push_str("\r\n");
                }
                lines.say("250 taken").await?;
                return Some(taken);
            }
            ("RSET", _) => lines.say("250 ok").await?,
            ("QUIT", _) => {
                lines.say("221 bye").await?;
                return None;
            }
            _ => lines.say("502 what?").await?,
        }
    }
}

struct Lines<S>(BufStream<S>);

impl<S: AsyncRead + AsyncWrite + Unpin> Lines<S> {
    async fn say(&mut self, line: &str) -> Option<()> {
        let line = format!("{line}\r\n");
        self.0.write_all(line.as_bytes()).await.ok()?;
        self.0.flush().await.ok()
    }

    async fn hear(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.0.read_line(&mut line).await.ok()?;
        (read > 0).then(|| line.trim_end_matches(['\r', '\n']).to_owned())
    }
}
