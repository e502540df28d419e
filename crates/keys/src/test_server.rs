//! A real TLS server on a loopback address, and answers of the DNS that lead to it or elsewhere.

use std::io::{self, Write as _};
use std::net::IpAddr;
use std::sync::{Arc, Mutex};

use rustls::ServerConfig;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_rustls::TlsAcceptor;

use crate::{Answer, Config, Fetcher, Resolve};

/// A server for `keys.test` and a configuration that lets it be fetched from. It ends with the
/// runtime of its test.
pub(crate) struct Server {
    pub(crate) port: u16,
    pub(crate) config: Config,
    pub(crate) requests: Arc<Mutex<Vec<String>>>,
    answering: Arc<Mutex<Answering>>,
    _authority: tempfile::NamedTempFile,
}

/// What is answered to a request, of which the head is given.
type Answering = Box<dyn FnMut(&str) -> Reply + Send>;

#[derive(Clone)]
pub(crate) enum Reply {
    /// These bytes.
    Text(String),
    /// These bytes, once there is a permit.
    Later(Arc<Semaphore>, String),
    /// Nothing, for ever.
    Never,
}

impl Server {
    pub(crate) async fn start(answering: impl FnMut(&str) -> Reply + Send + 'static) -> Self {
        let made = rcgen::generate_simple_self_signed(["keys.test".to_owned()]).unwrap();
        let mut authority = tempfile::NamedTempFile::new().unwrap();
        authority.write_all(made.cert.pem().as_bytes()).unwrap();
        let certificate = CertificateDer::from(made.cert.der().to_vec());
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answering: Arc<Mutex<Answering>> = Arc::new(Mutex::new(Box::new(answering)));
        let requests = Arc::default();
        let tls = TlsAcceptor::from(Arc::new(tls));
        tokio::spawn(serve(
            listener,
            tls,
            Arc::clone(&answering),
            Arc::clone(&requests),
        ));
        let config = Config {
            hosts: vec!["keys.test".parse().unwrap()],
            ports: vec![port],
            authorities: Some(authority.path().to_owned()),
            timeout: "60s".parse().unwrap(),
            ..Config::default()
        };
        Self {
            port,
            config,
            requests,
            answering,
            _authority: authority,
        }
    }

    /// From now on answers so.
    pub(crate) fn answer(&self, answering: impl FnMut(&str) -> Reply + Send + 'static) {
        *self.answering.lock().unwrap() = Box::new(answering);
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://keys.test:{}{path}", self.port)
    }

    /// Finds every host here.
    pub(crate) fn fetcher(&self) -> Fetcher {
        self.config.clone().build(Arc::new(Loopback)).unwrap()
    }

    /// How many requests there were.
    pub(crate) fn requests(&self) -> usize {
        self.requests.lock().unwrap().len()
    }
}

async fn serve(
    listener: TcpListener,
    tls: TlsAcceptor,
    answering: Arc<Mutex<Answering>>,
    requests: Arc<Mutex<Vec<String>>>,
) {
    while let Ok((stream, _)) = listener.accept().await {
        let (tls, answering, requests) =
            (tls.clone(), Arc::clone(&answering), Arc::clone(&requests));
        tokio::spawn(async move { converse(stream, tls, &answering, &requests).await });
    }
}

async fn converse(
    stream: TcpStream,
    tls: TlsAcceptor,
    answering: &Mutex<Answering>,
    requests: &Mutex<Vec<String>>,
) -> Option<()> {
    let mut stream = tls.accept(stream).await.ok()?;
    let mut head = vec![0; 4096];
    let length = stream.read(&mut head).await.unwrap_or_default();
    head.truncate(length);
    let head = String::from_utf8(head).unwrap();
    requests.lock().unwrap().push(head.clone());
    let reply = (answering.lock().unwrap())(&head);
    let text = match reply {
        Reply::Text(text) => text,
        Reply::Later(gate, text) => {
            gate.acquire().await.ok()?.forget();
            text
        }
        Reply::Never => core::future::pending().await,
    };
    stream.write_all(text.as_bytes()).await.ok()?;
    stream.shutdown().await.ok()
}

/// An answer whose head begins so, and its length.
pub(crate) fn answer(head: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {head}\r\nContent-Length: {length}\r\n\r\n{body}")
}

/// Every host is here.
#[derive(Debug)]
pub(crate) struct Loopback;

impl Resolve for Loopback {
    fn resolve<'a>(&'a self, _host: &'a str) -> Answer<'a> {
        Box::pin(async { Ok(vec![IpAddr::from([127, 0, 0, 1])]) })
    }
}

/// Answers as it is told, one answer after the other, and remembers what it was asked.
#[derive(Debug)]
pub(crate) struct Scripted {
    answers: Mutex<Vec<Vec<IpAddr>>>,
    pub(crate) asked: Mutex<Vec<String>>,
}

impl Resolve for Scripted {
    fn resolve<'a>(&'a self, host: &'a str) -> Answer<'a> {
        self.asked.lock().unwrap().push(host.to_owned());
        let mut answers = self.answers.lock().unwrap();
        let answer = if answers.is_empty() {
            Err(io::Error::other("no such host"))
        } else {
            Ok(answers.remove(0))
        };
        Box::pin(async move { answer })
    }
}

pub(crate) fn scripted(answers: &[&[&str]]) -> Arc<Scripted> {
    let addresses = |texts: &&[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    Arc::new(Scripted {
        answers: Mutex::new(answers.iter().map(addresses).collect()),
        asked: Mutex::default(),
    })
}
