use http::Method;

use crate::administration::{Column, Fields, Target, path, print_done, print_list, print_record};
use crate::failure::Failure;
use crate::input::NewPasswordOptions;
use crate::json_text::Object;
use crate::session::{Answer, Session};

/// The people who sign in at a token service
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the accounts
    List(All),
    /// Show an account, by identifier, username or address
    Show(One),
    /// Make an account, and a link for its person to choose a password
    #[command(after_long_help = CREATE)]
    Create(Create),
    /// Change an account
    #[command(after_long_help = UPDATE)]
    Update(Update),
    /// Let an account sign in no more, and end all that it has
    Disable(One),
    /// Let an account sign in again
    Enable(One),
    /// Delete an account with all that belongs to it
    Delete(One),
    /// Set a password, or make a link to choose one
    ///
    /// The password is asked for or read from a file; without either there is a link that the
    /// person follows. A new password ends all sessions.
    #[command(after_long_help = PASSWORD)]
    Password(SetPassword),
    /// Show what an account may do
    Permissions(One),
    /// List where somebody is signed in
    Sessions(One),
    /// Sign somebody out everywhere
    SignOut(One),
}

const CREATE: &str = "\
Examples:
  jeton user create ada --email ada@example.com --role administrator
  jeton user create bob --group staff --attribute department=sales";

const UPDATE: &str = "\
Examples:
  jeton user update ada --email ada@example.org
  jeton user update ada --role clerk --role auditor
  jeton user update ada --no-roles

--role, --group and --attribute replace all that there were.";

const PASSWORD: &str = "\
Examples:
  jeton user password ada
  jeton user password ada --set-password
  jeton user password ada --password-file -";

#[derive(Debug, clap::Args)]
pub(crate) struct SetPassword {
    #[command(flatten)]
    one: One,
    #[command(flatten)]
    password: NewPasswordOptions,
}

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct One {
    /// Identifier, username or e-mail address
    #[arg(value_name = "USER")]
    user: String,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
struct Traits {
    /// E-mail address
    #[arg(long, value_name = "ADDRESS")]
    email: Option<String>,
    /// The person is known to read mail there
    #[arg(long)]
    email_verified: bool,
    /// Role; several when repeated
    #[arg(long = "role", value_name = "NAME")]
    roles: Vec<String>,
    /// Group; several when repeated
    #[arg(long = "group", value_name = "NAME")]
    groups: Vec<String>,
    /// Further claim, as text; several when repeated
    #[arg(long = "attribute", value_name = "NAME=VALUE")]
    attributes: Vec<String>,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// What it signs in with; case does not count
    #[arg(value_name = "USERNAME")]
    username: String,
    #[command(flatten)]
    traits: Traits,
    #[command(flatten)]
    password: NewPasswordOptions,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Update {
    /// Identifier, username or e-mail address
    #[arg(value_name = "USER")]
    user: String,
    /// Sign in with this from now on
    #[arg(long, value_name = "NAME")]
    username: Option<String>,
    #[command(flatten)]
    traits: Traits,
    /// Take all roles away
    #[arg(long, conflicts_with = "roles")]
    no_roles: bool,
    /// Take it out of all groups
    #[arg(long, conflicts_with = "groups")]
    no_groups: bool,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: &[Column] = &[
    ("USERNAME", "username"),
    ("EMAIL", "email"),
    ("STATE", "state"),
    ("ROLES", "roles"),
    ("GROUPS", "groups"),
];

const SESSIONS: &[Column] = &[
    ("SESSION", "id"),
    ("SIGNED IN", "signed_in_at"),
    ("LAST USED", "last_used_at"),
    ("ADDRESS", "address"),
    ("DEVICE", "device"),
];

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::List(all) => {
            let users = all.target.open()?.read_all("/admin/users")?;
            print_list(session, &users, COLUMNS)?;
        }
        Command::Show(one) => {
            let user = one.target.open()?.read(&one.path())?;
            print_record(session, &user)?;
        }
        Command::Create(create) => {
            let fields = create.traits.fields()?;
            let fields = fields.text("username", Some(&create.username));
            let body = with_password(fields, &create.password)?.finish();
            let service = create.target.open()?;
            let made = service.change(Method::POST, "/admin/users", body)?;
            print_record(session, &made)?;
        }
        Command::Update(update) => return self::update(update, session),
        Command::Disable(one) => set_state(one, "disabled", session)?,
        Command::Enable(one) => set_state(one, "active", session)?,
        Command::Delete(one) => {
            one.target.open()?.delete(&one.path())?;
            print_done(session, "deleted", &one.user)?;
        }
        Command::Password(set) => set_password(set, session)?,
        Command::Permissions(one) => {
            let path = format!("{}/permissions", one.path());
            print_record(session, &one.target.open()?.read(&path)?)?;
        }
        Command::Sessions(one) => {
            let path = format!("{}/sessions", one.path());
            print_list(session, &one.target.open()?.read(&path)?, SESSIONS)?;
        }
        Command::SignOut(one) => {
            let path = format!("{}/sessions", one.path());
            print_record(session, &one.target.open()?.delete(&path)?)?;
        }
    }
    Ok(Answer::Yes)
}

fn update(update: &Update, session: &Session) -> Result<Answer, Failure> {
    let mut fields = update.traits.fields()?;
    fields = fields.text("username", update.username.as_deref());
    if update.no_roles {
        fields = fields.raw("roles", "[]");
    }
    if update.no_groups {
        fields = fields.raw("groups", "[]");
    }
    if fields.is_empty() {
        return Err(Failure::usage("nothing is to change").hint("see `jeton user update --help`"));
    }
    let service = update.target.open()?;
    let path = path("users", &update.user);
    let changed = service.change(Method::PATCH, &path, fields.finish())?;
    print_record(session, &changed)?;
    Ok(Answer::Yes)
}

fn set_password(set: &SetPassword, session: &Session) -> Result<(), Failure> {
    let body = with_password(Fields::default(), &set.password)?;
    let is_given = !body.is_empty();
    let path = format!("{}/password", set.one.path());
    let service = set.one.target.open()?;
    let answer = service.change(Method::POST, &path, body.finish())?;
    if is_given {
        return print_done(session, "changed", &set.one.user);
    }
    print_record(session, &answer)
}

fn with_password(fields: Fields, options: &NewPasswordOptions) -> Result<Fields, Failure> {
    let Some(password) = options.read()? else {
        return Ok(fields);
    };
    let text = core::str::from_utf8(password.expose())
        .map_err(|_| Failure::content("the password is not text"))?;
    Ok(fields.text("password", Some(text)))
}

fn set_state(one: &One, state: &str, session: &Session) -> Result<(), Failure> {
    let body = Fields::default().text("state", Some(state)).finish();
    let changed = one
        .target
        .open()?
        .change(Method::PATCH, &one.path(), body)?;
    print_record(session, &changed)
}

impl One {
    fn path(&self) -> String {
        path("users", &self.user)
    }
}

impl Traits {
    fn fields(&self) -> Result<Fields, Failure> {
        let mut fields = Fields::default()
            .text("email", self.email.as_deref())
            .list("roles", &self.roles)
            .list("groups", &self.groups);
        if self.email_verified {
            fields = fields.raw("email_verified", "true");
        }
        if !self.attributes.is_empty() {
            let mut attributes = Object::new();
            for attribute in &self.attributes {
                let (name, value) = attribute
                    .split_once('=')
                    .ok_or_else(|| Failure::usage("an attribute is written NAME=VALUE"))?;
                attributes.string(name, value);
            }
            fields = fields.raw("attributes", attributes.finish());
        }
        Ok(fields)
    }
}
