use http::Method;

use crate::administration::{Fields, Target, print_record};
use crate::failure::Failure;
use crate::input::{Source, read_token};
use crate::session::{Answer, Session};

/// Have a token, a session, an account's or a client's tokens count no more
#[derive(Debug, clap::Subcommand)]
#[command(after_long_help = EXAMPLES)]
pub(crate) enum Command {
    /// An access token, or a refresh token with all that came of it
    Token(Token),
    /// A session with its refresh tokens, by its `sid`
    Session(Named),
    /// All that was ever issued for an account, and its sessions
    Account(Named),
    /// All access tokens that were issued to a client until now
    Client(Named),
}

const EXAMPLES: &str = "\
Examples:
  jeton revoke token @token.txt
  jeton revoke account ada
  jeton revoke client worker";

#[derive(Debug, clap::Args)]
pub(crate) struct Token {
    /// The token, as @file or - for the standard input
    #[arg(value_name = "TOKEN")]
    subject: Option<Source>,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Named {
    /// Its identifier or name
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    target: Target,
}

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    let (target, kind, name) = match command {
        Command::Token(token) => {
            let text = read_token(token.subject.as_ref())?;
            (&token.target, "token", text)
        }
        Command::Session(named) => (&named.target, "session", named.name.clone()),
        Command::Account(named) => (&named.target, "account", named.name.clone()),
        Command::Client(named) => (&named.target, "client", named.name.clone()),
    };
    let body = Fields::default().text(kind, Some(&name)).finish();
    let service = target.open()?;
    let done = service.change(Method::POST, "/admin/revocations", body)?;
    print_record(session, &done)?;
    Ok(Answer::Yes)
}
