//! A token service in a folder: what it is furnished with, its process, and its store while there is
//! no process.

use std::fs::File;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::{Duration, SystemTime};

use base64ct::{Base64, Encoding as _};
use jeton_issuer::password::{Hasher, Parameters, Password, SALT};
use jeton_jose::UnixTime;
use jeton_oauth::client::{AuthMethod, ClientMetadata, GrantType, Rules};
use jeton_settings::Size;
use jeton_store::account::{Account, AccountState, PasswordHash};
use jeton_store::client::{Client, ClientSecret};
use jeton_store::grant::{AuthorizationCode, ClaimsRequest, Grant};
use jeton_store::session::Session;
use jeton_store::{
    AccountId, Accounts as _, Act, Actor, ClientId, Clients as _, Grants as _, Scope, SessionId,
    Sessions as _, Sha256, wait,
};
use jeton_store_sqlite::{Options, SqliteStore};

use crate::http::Connection;

/// The secret of every client that has one.
pub(crate) const SECRET: &str = "a-secret-of-a-test-that-protects-nothing";
/// The password of everybody.
pub(crate) const PASSWORD: &str = "an otter in the harbour";

/// Hashes as cheap as they may be, no limit that a load would reach, no RSA key to wait for.
const CONFIG: &str = "\
[issuer.keys]
id_token = 'ES256'
offered = []
[issuer.passwords]
memory = '7MiB'
passes = 5
[issuer.limits]
login_by_account = { requests = 1000000, per = '1s' }
login_by_address = { requests = 1000000, per = '1s' }
failure_by_address = { requests = 1000000, per = '1s' }
refresh_by_family = { requests = 1000000, per = '1s' }
[issuer.lifetimes]
access_token = '6h'
";

/// Where a service is.
pub(crate) struct Place {
    folder: PathBuf,
}

impl Place {
    /// A folder with an account for each name, and the clients `app`, `page` and `gateway`.
    pub(crate) fn new(folder: &Path, people: &[impl AsRef<str>]) -> Self {
        let place = Self {
            folder: folder.to_owned(),
        };
        std::fs::create_dir(place.path("data")).unwrap();
        place.configure("60s");
        let store = place.store();
        for client in [app(), page(), gateway()] {
            wait(|reply| store.create_client(client, act(), reply)).unwrap();
        }
        let hash = hash();
        for name in people {
            let account = account(name.as_ref(), hash.clone());
            wait(|reply| store.create_account(account, act(), reply)).unwrap();
        }
        place
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// From the next start on a refresh token gets the same answer again for so long.
    pub(crate) fn configure(&self, grace: &str) {
        let config = format!("{CONFIG}refresh_grace = '{grace}'\n");
        std::fs::write(self.path("jeton.toml"), config).unwrap();
    }

    /// The store, while no process has it.
    pub(crate) fn store(&self) -> SqliteStore {
        let path = self.path("data").join("jeton.db");
        SqliteStore::open(&path, Options::default()).unwrap()
    }

    pub(crate) fn start(&self) -> Served {
        self.start_under(Command::new(env!("CARGO_BIN_EXE_jeton")))
    }

    /// Starts a program, which is the service or runs it.
    pub(crate) fn start_under(&self, mut program: Command) -> Served {
        let mut log = File::options();
        let log = log.create(true).append(true).open(self.path("log"));
        let mut process = program
            .args(["serve", "--listen", "127.0.0.1:0", "--config"])
            .arg(self.path("jeton.toml"))
            .arg("--data")
            .arg(self.path("data"))
            .env("NO_COLOR", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let mut authority = None;
        while authority.is_none() {
            let mut line = String::new();
            let read = said.read_line(&mut line).unwrap();
            assert!(read > 0, "it does not start: {}", self.log());
            let api = line
                .split_once("http://")
                .filter(|_| line.starts_with("api"));
            authority = api.map(|(_, url)| url.split('/').next().unwrap().to_owned());
        }
        Served {
            process,
            authority: authority.unwrap(),
            _said: said,
        }
    }

    /// What the processes wrote to the standard error.
    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

/// A process; it ends with the test.
pub(crate) struct Served {
    process: Child,
    pub(crate) authority: String,
    _said: BufReader<ChildStdout>,
}

impl Served {
    pub(crate) fn connect(&self) -> Connection {
        Connection::open(&self.authority).unwrap()
    }

    /// SIGKILL.
    pub(crate) fn kill(mut self) {
        assert_eq!(self.process.try_wait().unwrap(), None, "it ended by itself");
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

#[expect(clippy::disallowed_methods, reason = "what is tested has a clock")]
fn now() -> UnixTime {
    let since_1970 = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    UnixTime::from_seconds(0).saturating_add(since_1970.unwrap())
}

fn in_a_day() -> UnixTime {
    now().saturating_add(Duration::from_hours(24))
}

pub(crate) fn act() -> Act {
    Act {
        at: now(),
        actor: Actor::CommandLine,
        address: None,
        access_tokens_end: in_a_day(),
    }
}

fn client(id: &str, metadata: ClientMetadata) -> Client {
    metadata.check().unwrap();
    let secret = ClientSecret {
        hash: Sha256::of(SECRET.as_bytes()),
        expires_at: None,
    };
    Client {
        id: ClientId::new(id),
        secrets: if metadata.is_public() {
            vec![]
        } else {
            vec![secret]
        },
        metadata,
        enabled: true,
        created_at: now(),
        revision: 0,
    }
}

/// An application with a server.
fn app() -> Client {
    let metadata = ClientMetadata {
        redirect_uris: vec!["https://app.example/callback".to_owned()],
        grant_types: vec![
            GrantType::AuthorizationCode,
            GrantType::RefreshToken,
            GrantType::ClientCredentials,
        ],
        token_endpoint_auth_method: AuthMethod::Post,
        scope: Scope::parse("openid offline_access").unwrap(),
        ..ClientMetadata::default()
    };
    client("app", metadata)
}

/// An application of the house, in the browser.
fn page() -> Client {
    let metadata = ClientMetadata {
        grant_types: vec![GrantType::RefreshToken],
        token_endpoint_auth_method: AuthMethod::None,
        scope: Scope::parse("openid").unwrap(),
        rules: Rules {
            first_party: true,
            ..Rules::default()
        },
        ..ClientMetadata::default()
    };
    client("page", metadata)
}

/// Whoever reads the revocation log.
fn gateway() -> Client {
    let metadata = ClientMetadata {
        grant_types: vec![GrantType::ClientCredentials],
        scope: Scope::parse("revocations:read").unwrap(),
        ..ClientMetadata::default()
    };
    client("gateway", metadata)
}

/// How `gateway` says who it is.
pub(crate) fn as_gateway() -> String {
    let both = Base64::encode_string(format!("gateway:{SECRET}").as_bytes());
    format!("Authorization: Basic {both}\r\n")
}

/// Of [`PASSWORD`], as the configuration has it.
fn hash() -> PasswordHash {
    let parameters = Parameters::new(Size::from_bytes(7 << 20), 5, 1).unwrap();
    let hasher = Hasher::start(parameters, 1, now).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    let password = Password::new(PASSWORD).unwrap();
    runtime.block_on(hasher.hash(password, [7; SALT])).unwrap()
}

fn account(name: &str, password: PasswordHash) -> Account {
    Account {
        id: AccountId::new(format!("{name}-id")),
        username: name.to_owned(),
        email: None,
        email_verified: false,
        password: Some(password),
        state: AccountState::Active,
        roles: [].into(),
        groups: [].into(),
        attributes: [].into(),
        created_at: now(),
        revision: 0,
    }
}

/// Leaves a code in the store as it is after somebody signed in and agreed, in a session of its
/// own.
pub(crate) fn grant_code(store: &SqliteStore, code: &str, name: &str) {
    let session = Session {
        id: SessionId::new(format!("session-{code}")),
        cookie: Sha256::of(format!("cookie-{code}").as_bytes()),
        account: AccountId::new(format!("{name}-id")),
        auth_time: now(),
        acr: None,
        amr: vec![],
        device: None,
        address: None,
        last_used_at: now(),
        idle_expires_at: in_a_day(),
        expires_at: in_a_day(),
    };
    let grant = Grant {
        client: ClientId::new("app"),
        account: session.account.clone(),
        session: Some(session.id.clone()),
        offline: true,
        scope: Scope::parse("openid offline_access").unwrap(),
        resources: Vec::new(),
        nonce: None,
        auth_time: now(),
        acr: None,
        amr: vec!["pwd".to_owned()],
        claims: ClaimsRequest::default(),
        confirmation: None,
    };
    let code = AuthorizationCode {
        hash: Sha256::of(code.as_bytes()),
        grant,
        redirect_uri: None,
        challenge: None,
        expires_at: in_a_day(),
    };
    wait(|reply| store.start_session(session, None, act(), reply)).unwrap();
    wait(|reply| store.save_code(code, reply)).unwrap();
}
