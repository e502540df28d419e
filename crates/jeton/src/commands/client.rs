use std::collections::BTreeMap;

use http::Method;

use crate::administration::{
    Column, Fields, Target, parsed, path, print_done, print_list, print_record,
};
use crate::failure::Failure;
use crate::input::{Place, SMALL};
use crate::json_text::{Object, string};
use crate::session::{Answer, Session};

/// The applications that a token service issues tokens to
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the applications
    List(All),
    /// Show an application
    Show(One),
    /// Register an application; its secret is shown once
    #[command(after_long_help = CREATE)]
    Create(Create),
    /// Change what an application is registered with
    #[command(after_long_help = UPDATE)]
    Update(Update),
    /// Serve an application no more; its tokens count no more
    Disable(One),
    /// Serve an application again
    Enable(One),
    /// Delete an application; its tokens count no more
    Delete(One),
    /// Replace the secret of an application; the new one is shown once
    Secret(Secret),
}

const CREATE: &str = "\
Examples:
  jeton client create worker --machine --scope orders:read --resource https://api.example.com
  jeton client create shop --web --redirect-uri https://shop.example.com/callback
  jeton client create app --spa --redirect-uri https://app.example.com/ --first-party
  jeton client create phone --native --redirect-uri http://127.0.0.1/callback";

const UPDATE: &str = "\
Examples:
  jeton client update shop --redirect-uri https://shop.example.com/signed-in
  jeton client update worker --scope 'orders:read orders:write'

What is given replaces what there was; all else stays.";

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Its `client_id`
    #[arg(value_name = "CLIENT")]
    client: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Its `client_id`; a random one where this is left out
    #[arg(value_name = "CLIENT")]
    client: Option<String>,
    #[command(flatten)]
    preset: Preset,
    #[command(flatten)]
    metadata: Metadata,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Update {
    /// Its `client_id`
    #[arg(value_name = "CLIENT")]
    client: String,
    #[command(flatten)]
    metadata: Metadata,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Secret {
    /// Its `client_id`
    #[arg(value_name = "CLIENT")]
    client: String,
    /// How long the secret before it still counts, such as 1d
    #[arg(long, value_name = "DURATION")]
    keep_previous: Option<String>,
    #[command(flatten)]
    target: Target,
}

/// What kind of application it is.
#[derive(Debug, clap::Args)]
#[group(multiple = false)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
struct Preset {
    /// On a server, for people: authorization code and refresh tokens, with a secret
    #[arg(long, help_heading = "Kind")]
    web: bool,
    /// In a browser: authorization code and refresh tokens, without a secret
    #[arg(long, help_heading = "Kind")]
    spa: bool,
    /// On a phone or a desktop: authorization code and refresh tokens, without a secret
    #[arg(long, help_heading = "Kind")]
    native: bool,
    /// A program in its own name: client credentials, with a secret
    #[arg(long, help_heading = "Kind")]
    machine: bool,
}

/// What it is registered with.
#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of the command line"
)]
struct Metadata {
    /// What people know it by
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Where answers to authorization requests may go; several when repeated
    #[arg(long = "redirect-uri", value_name = "URI")]
    redirect_uris: Vec<String>,
    /// Where the browser may go after logout; several when repeated
    #[arg(long = "post-logout-redirect-uri", value_name = "URI")]
    post_logout_redirect_uris: Vec<String>,
    /// Grant it may use; several when repeated
    #[arg(
        long = "grant",
        value_name = "GRANT",
        value_parser = ["authorization_code", "refresh_token", "client_credentials", "token-exchange"]
    )]
    grants: Vec<String>,
    /// How it authenticates
    #[arg(
        long,
        value_name = "METHOD",
        value_parser = ["none", "client_secret_basic", "client_secret_post", "private_key_jwt"]
    )]
    auth_method: Option<String>,
    /// Without authentication: the same as --auth-method none
    #[arg(long, conflicts_with = "auth_method")]
    public: bool,
    /// The most it may ask for, words with spaces between
    #[arg(long, value_name = "SCOPE")]
    scope: Option<String>,
    /// API it may ask tokens for; several when repeated
    #[arg(long = "resource", value_name = "URI")]
    resources: Vec<String>,
    /// Its public keys, for `private_key_jwt`: a JWK Set
    #[arg(long, value_name = "FILE")]
    jwks: Option<Place>,
    /// What its id tokens are signed with
    #[arg(long, value_name = "ALG")]
    id_token_alg: Option<String>,
    /// It belongs to whoever runs the service: nobody is asked for consent
    #[arg(long)]
    first_party: bool,
    /// Release it from PKCE, as OpenID Connect allows
    #[arg(long)]
    no_pkce: bool,
    /// Hand its refresh token out in a body even to a browser's application
    #[arg(long)]
    refresh_in_body: bool,
}

const COLUMNS: &[Column] = &[
    ("CLIENT", "client_id"),
    ("NAME", "client_name"),
    ("ENABLED", "enabled"),
    ("AUTHENTICATION", "token_endpoint_auth_method"),
    ("SCOPE", "scope"),
];

/// What the answer says of a client beside what it is registered with.
const BESIDE: [&str; 5] = ["client_id", "enabled", "secrets", "created_at", "revision"];

type Registration = BTreeMap<String, String>;

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => {
            let clients = all.target.open()?.read_all("/admin/clients")?;
            print_list(session, &clients, COLUMNS)?;
        }
        Command::Show(one) => print_record(session, &one.target.open()?.read(&one.path())?)?,
        Command::Create(create) => {
            let mut registration = create.preset.registration();
            create.metadata.apply(&mut registration)?;
            let body = Fields::default()
                .text("client_id", create.client.as_deref())
                .raw("registration", object(&registration))
                .finish();
            let service = create.target.open()?;
            let made = service.change(Method::POST, "/admin/clients", body)?;
            print_record(session, &made)?;
        }
        Command::Update(update) => self::update(update, session)?,
        Command::Disable(one) => set_enabled(one, "false", session)?,
        Command::Enable(one) => set_enabled(one, "true", session)?,
        Command::Delete(one) => {
            one.target.open()?.delete(&one.path())?;
            print_done(session, "deleted", &one.client)?;
        }
        Command::Secret(secret) => {
            let path = format!("{}/secret", path("clients", &secret.client));
            let body = Fields::default()
                .text("keep_previous", secret.keep_previous.as_deref())
                .finish();
            let made = secret.target.open()?.change(Method::POST, &path, body)?;
            print_record(session, &made)?;
        }
    }
    Ok(Answer::Yes)
}

fn update(update: &Update, session: &Session) -> Result<(), Failure> {
    let service = update.target.open()?;
    let path = path("clients", &update.client);
    let shown = service.read(&path)?;
    let document = parsed(&shown)?;
    let members = document.root().as_object();
    let members = members.into_iter().flat_map(jeton_jose::json::Object::iter);
    let mut registration: Registration = members
        .filter(|member| !BESIDE.contains(&member.name))
        .map(|member| (member.name.to_owned(), member.value.source().to_owned()))
        .collect();
    update.metadata.apply(&mut registration)?;
    let body = Fields::default().raw("registration", object(&registration));
    let changed = service.change(Method::PATCH, &path, body.finish())?;
    print_record(session, &changed)
}

fn set_enabled(one: &One, enabled: &str, session: &Session) -> Result<(), Failure> {
    let body = Fields::default().raw("enabled", enabled).finish();
    let service = one.target.open()?;
    print_record(session, &service.change(Method::PATCH, &one.path(), body)?)
}

fn object(registration: &Registration) -> String {
    let mut object = Object::new();
    for (name, json) in registration {
        object.raw(name, json);
    }
    object.finish()
}

impl One {
    fn path(&self) -> String {
        path("clients", &self.client)
    }
}

impl Preset {
    fn registration(&self) -> Registration {
        const PEOPLE: &str = r#"["authorization_code","refresh_token"]"#;
        let (grants, method) = match self {
            Self { machine: true, .. } => (r#"["client_credentials"]"#, "client_secret_basic"),
            Self { web: true, .. } => (PEOPLE, "client_secret_basic"),
            Self { spa: true, .. } | Self { native: true, .. } => (PEOPLE, "none"),
            _ => return Registration::new(),
        };
        let mut registration = Registration::from([
            ("grant_types".to_owned(), grants.to_owned()),
            ("token_endpoint_auth_method".to_owned(), string(method)),
        ]);
        if !self.machine {
            let scope = string("openid profile email offline_access");
            registration.insert("scope".to_owned(), scope);
        }
        registration
    }
}

impl Metadata {
    /// Sets what is given; what is not stays.
    fn apply(&self, registration: &mut Registration) -> Result<(), Failure> {
        let jwks = self
            .jwks
            .as_ref()
            .map(|place| place.read_text("key set", SMALL));
        let jwks = jwks.transpose()?;
        if let Some(jwks) = &jwks {
            parsed(jwks)?;
        }
        let grants = self.grants.iter().map(|grant| match grant.as_str() {
            "token-exchange" => "urn:ietf:params:oauth:grant-type:token-exchange".to_owned(),
            grant => grant.to_owned(),
        });
        let method = self.public.then_some("none");
        let fields = Fields::default()
            .text("client_name", self.name.as_deref())
            .list("redirect_uris", &self.redirect_uris)
            .list("post_logout_redirect_uris", &self.post_logout_redirect_uris)
            .list("grant_types", &grants.collect::<Vec<_>>())
            .text(
                "token_endpoint_auth_method",
                self.auth_method.as_deref().or(method),
            )
            .text("scope", self.scope.as_deref())
            .list("resources", &self.resources)
            .text("id_token_signed_response_alg", self.id_token_alg.as_deref());
        for (name, json) in fields.into_pairs() {
            registration.insert(name.to_owned(), json);
        }
        if let Some(jwks) = jwks {
            registration.insert("jwks".to_owned(), jwks);
        }
        self.apply_rules(registration)
    }

    fn apply_rules(&self, registration: &mut Registration) -> Result<(), Failure> {
        let wanted = [
            ("require_pkce", self.no_pkce.then_some("false")),
            ("first_party", self.first_party.then_some("true")),
            ("refresh_in_body", self.refresh_in_body.then_some("true")),
        ];
        let before = registration.get("rules").cloned();
        let before = parsed(before.as_deref().unwrap_or("{}"))?;
        let before = before.root().as_object();
        let mut rules = Registration::new();
        for (name, wanted) in wanted {
            let stored = before.and_then(|rules| rules.get(name));
            let value = wanted.or(stored.map(jeton_jose::json::Value::source));
            rules.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }
        if !rules.is_empty() {
            registration.insert("rules".to_owned(), object(&rules));
        }
        Ok(())
    }
}
