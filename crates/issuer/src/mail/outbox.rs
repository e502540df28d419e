use core::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use jeton_jose::UnixTime;
use lettre::message::{Mailbox, MultiPart};
use lettre::{Address, AsyncTransport as _, Message};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

use super::config::{Mail, MailError, Transport};
use super::letter::Letter;
use crate::metrics::{Mail as Outcome, Metrics};

/// Where mail leaves. Clones share it.
#[derive(Clone)]
pub struct Outbox(Arc<Office>);

struct Office {
    from: Mailbox,
    service: String,
    way: Way,
    /// Mails that are under way.
    places: Arc<Semaphore>,
    /// Conversations with the server.
    lines: Semaphore,
    /// Between the tries.
    pauses: &'static [Duration],
    metrics: Arc<Metrics>,
}

enum Way {
    Smtp(Transport),
    Folder(PathBuf),
}

/// Why a mail was not even tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsent {
    /// There is nobody to write to.
    #[error("the address of a mail is none")]
    Address,
    /// Too many are under way.
    #[error("too many mails are under way")]
    Full,
    /// It cannot be written.
    #[error("a mail cannot be written")]
    Unwritable,
}

/// What became of a try.
enum Failure {
    /// Again later.
    Later(&'static str),
    /// Never.
    Never(&'static str),
}

const MOST: u32 = 256;
const LINES: usize = 4;
/// How long a conversation may take.
const PATIENCE: Duration = Duration::from_mins(1);
/// Between the tries.
const PAUSES: &[Duration] = &[
    Duration::from_secs(2),
    Duration::from_secs(15),
    Duration::from_mins(1),
    Duration::from_mins(5),
];

impl Outbox {
    /// Checks the configuration. The service is called by its host in each mail; without an SMTP
    /// server mails land in the folder.
    ///
    /// # Errors
    /// The configuration is none that mail can be sent with.
    pub fn open(
        mail: &Mail,
        service: &str,
        folder: PathBuf,
        metrics: Arc<Metrics>,
    ) -> Result<Self, MailError> {
        Self::with_pauses(mail, service, (folder, metrics), PAUSES)
    }

    pub(super) fn with_pauses(
        mail: &Mail,
        service: &str,
        (folder, metrics): (PathBuf, Arc<Metrics>),
        pauses: &'static [Duration],
    ) -> Result<Self, MailError> {
        let way = if let Some(smtp) = &mail.smtp {
            Way::Smtp(smtp.transport()?)
        } else {
            tracing::warn!(folder = %folder.display(), "there is no SMTP server: mails land in a folder");
            Way::Folder(folder)
        };
        let service = service.chars().filter(|c| !c.is_control()).take(200);
        Ok(Self(Arc::new(Office {
            from: mail.sender()?,
            service: service.collect(),
            way,
            places: Arc::new(Semaphore::new(MOST as usize)),
            lines: Semaphore::new(LINES),
            pauses,
            metrics,
        })))
    }

    /// Sends a letter without waiting. The identifier is from the caller's randomness.
    ///
    /// # Errors
    /// It was not even tried. Whoever asked must not learn it.
    pub fn send(
        &self,
        to: &str,
        letter: &Letter,
        now: UnixTime,
        id: [u8; 16],
    ) -> Result<(), Unsent> {
        let sent = self.hand_over(to, letter, now, id);
        if sent.is_err() {
            self.0.metrics.mailed(Outcome::Failed);
        }
        sent
    }

    fn hand_over(
        &self,
        to: &str,
        letter: &Letter,
        now: UnixTime,
        id: [u8; 16],
    ) -> Result<(), Unsent> {
        let to: Address = to.parse().map_err(|_| Unsent::Address)?;
        let place = Arc::clone(&self.0.places).try_acquire_owned();
        let place = place.map_err(|_| {
            tracing::error!(?letter, "a mail is lost: too many are under way");
            Unsent::Full
        })?;
        let name = format!("{}-{:032x}", now.seconds(), u128::from_be_bytes(id));
        let message = self.0.write(to, letter, now, &name)?;
        let office = Arc::clone(&self.0);
        let kind = format!("{letter:?}");
        tokio::spawn(async move {
            let outcome = office.deliver(message, name, kind).await;
            office.metrics.mailed(outcome);
            drop(place);
        });
        Ok(())
    }

    /// Waits until all mails have left, or given up; answers whether they have.
    pub async fn drain(&self, patience: Duration) -> bool {
        timeout(patience, self.0.places.acquire_many(MOST))
            .await
            .is_ok()
    }
}

impl Office {
    fn write(
        &self,
        to: Address,
        letter: &Letter,
        now: UnixTime,
        name: &str,
    ) -> Result<Message, Unsent> {
        let words = letter
            .words(&self.service)
            .map_err(|_| Unsent::Unwritable)?;
        let since = Duration::from_secs(u64::try_from(now.seconds()).unwrap_or(0));
        let date = SystemTime::UNIX_EPOCH.checked_add(since);
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.subject)
            .date(date.unwrap_or(SystemTime::UNIX_EPOCH))
            .message_id(Some(format!("<{name}@{}>", self.from.email.domain())))
            .multipart(MultiPart::alternative_plain_html(words.plain, words.html))
            .map_err(|_| Unsent::Unwritable)
    }

    async fn deliver(&self, message: Message, name: String, kind: String) -> Outcome {
        for (tried, pause) in (1..).zip(self.pauses.iter().map(Some).chain([None])) {
            let why = match self.try_once(&message, &name).await {
                Ok(outcome) => return outcome,
                Err(Failure::Never(why)) => {
                    tracing::error!(mail = %kind, why, "a mail is lost");
                    return Outcome::Failed;
                }
                Err(Failure::Later(why)) => why,
            };
            let Some(pause) = pause else {
                tracing::error!(mail = %kind, why, tried, "a mail is lost");
                return Outcome::Failed;
            };
            tracing::warn!(mail = %kind, why, tried, "a mail waits for another try");
            sleep(*pause).await;
        }
        Outcome::Failed
    }

    async fn try_once(&self, message: &Message, name: &str) -> Result<Outcome, Failure> {
        match &self.way {
            Way::Smtp(transport) => {
                let _line = self.lines.acquire().await;
                match timeout(PATIENCE, transport.send(message.clone())).await {
                    Ok(Ok(_)) => Ok(Outcome::Sent),
                    Ok(Err(error)) => Err(judge(&error)),
                    Err(_) => Err(Failure::Later("the server took too long")),
                }
            }
            Way::Folder(folder) => {
                let (folder, bytes) = (folder.clone(), message.formatted());
                let file = folder.join(format!("{name}.eml"));
                let path = file.clone();
                let written = tokio::task::spawn_blocking(move || put(&folder, &path, &bytes));
                match written.await {
                    Ok(Ok(())) => {
                        tracing::warn!(file = %file.display(), "a mail landed in a file, for there is no SMTP server");
                        Ok(Outcome::Kept)
                    }
                    _ => Err(Failure::Later("the folder cannot be written to")),
                }
            }
        }
    }
}

/// Says of an answer whether it is worth another try, and nothing of its text, which may repeat the
/// address.
fn judge(error: &lettre::transport::smtp::Error) -> Failure {
    if error.is_permanent() {
        Failure::Never("the server refused it for good")
    } else if error.is_transient() {
        Failure::Later("the server refused it for now")
    } else if error.is_client() {
        // No STARTTLS, no way to authenticate, an address that the server cannot take.
        Failure::Later("the server lacks what the configuration asks for")
    } else if error.is_timeout() {
        Failure::Later("the server took too long")
    } else if error.is_tls() {
        Failure::Later("TLS failed")
    } else {
        Failure::Later("the server cannot be reached")
    }
}

/// Writes a file that nobody else reads.
fn put(folder: &Path, file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    let mut options = std::fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        builder.mode(0o700);
        options.mode(0o600);
    }
    builder.recursive(true).create(folder)?;
    let mut file = match options.write(true).create_new(true).open(file) {
        // A try before this one got so far.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            options.create_new(false).truncate(true).open(file)?
        }
        opened => opened?,
    };
    file.write_all(bytes)?;
    file.sync_all()
}

impl fmt::Debug for Outbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Outbox(..)")
    }
}
