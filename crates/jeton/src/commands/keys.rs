use http::Method;

use crate::administration::{Column, Fields, Target, parsed, path, print_list};
use crate::failure::Failure;
use crate::session::{Answer, Session};
use crate::terminal::print_error;

/// The keys that a token service signs with
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// List the signing keys with what they are now
    List(All),
    /// Replace the signing keys
    ///
    /// Successors are shown from now on and sign as soon as everybody can know them
    /// (`publish_ahead`); until then the present keys go on, and nothing breaks.
    #[command(after_long_help = ROTATE)]
    Rotate(Rotate),
    /// Revoke a signing key at once: what it signed counts no more
    Revoke(Revoke),
}

const ROTATE: &str = "\
Examples:
  jeton keys rotate
  jeton keys rotate --alg ES256 --emergency";

#[derive(Debug, clap::Args)]
pub(crate) struct All {
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Rotate {
    /// Only keys of this algorithm
    #[arg(long, value_name = "ALG")]
    alg: Option<String>,
    /// Revoke the present keys at once, as after a theft; it says what that breaks
    #[arg(long)]
    emergency: bool,
    #[command(flatten)]
    target: Target,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Revoke {
    /// Its `kid`
    #[arg(value_name = "KID")]
    kid: String,
    #[command(flatten)]
    target: Target,
}

const COLUMNS: &[Column] = &[
    ("ALG", "alg"),
    ("STATE", "state"),
    ("SIGNS FROM", "active_from"),
    ("SIGNS UNTIL", "retires_at"),
    ("KID", "kid"),
];

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    let changed = match command {
        Command::List(all) => {
            let keys = all.target.open()?.read("/admin/keys")?;
            print_list(session, &keys, COLUMNS)?;
            return Ok(Answer::Yes);
        }
        Command::Rotate(rotate) => {
            let body = Fields::default()
                .text("alg", rotate.alg.as_deref())
                .raw("emergency", rotate.emergency.to_string())
                .finish();
            let service = rotate.target.open()?;
            service.change(Method::POST, "/admin/keys/rotate", body)?
        }
        Command::Revoke(revoke) => revoke.target.open()?.delete(&path("keys", &revoke.kid))?,
    };
    print_changed(session, &changed)?;
    Ok(Answer::Yes)
}

/// The keys from now on, and what does not work any more.
fn print_changed(session: &Session, json: &str) -> Result<(), Failure> {
    if session.json {
        return crate::session::print_json(json);
    }
    let document = parsed(json)?;
    let answer = document.root().as_object();
    let keys = answer.and_then(|answer| answer.get("keys"));
    let keys = keys.map_or("[]", |keys| keys.source());
    print_list(session, &format!("{{\"items\":{keys}}}"), COLUMNS)?;
    let breaks = answer.and_then(|answer| answer.get("breaks")?.as_array());
    for what in breaks.into_iter().flat_map(jeton_jose::json::Array::iter) {
        let what = what.as_str().unwrap_or_default();
        print_error(&format!("note: {}\n", crate::terminal::visible(what)));
    }
    Ok(())
}
