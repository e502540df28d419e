use jeton_inspect::workbench::Setting;
use jeton_inspect::workbench::keys::inspect::{Certified, Description, describe};
use jeton_inspect::workbench::keys::is_secret;
use jeton_jose::alg::Hash;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;

use super::KeyArgument;
use crate::failure::Failure;
use crate::json_text::Object;
use crate::render::{Row, rows};
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json, print_page};
use crate::terminal::{Text, style};

/// Say what a key is and what it can serve; never shows private parts
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    #[command(flatten)]
    key: KeyArgument,
}

/// Print the thumbprint of a key (RFC 7638)
#[derive(Debug, clap::Args)]
#[command(after_long_help = THUMBPRINT_EXAMPLES)]
pub(crate) struct Thumbprint {
    #[command(flatten)]
    key: KeyArgument,
    /// The hash
    #[arg(long, default_value = "sha256")]
    hash: HashName,
    /// Print it as a URI (RFC 9278)
    #[arg(long)]
    uri: bool,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum HashName {
    Sha256,
    Sha384,
    Sha512,
}

const EXAMPLES: &str = "\
Examples:
  jeton key inspect private.pem
  jeton key inspect keys.json --kid 2026-01 --json";

const THUMBPRINT_EXAMPLES: &str = "\
Examples:
  jeton key thumbprint public.pem
  jeton key thumbprint public.pem --hash sha512 --uri

The private and the public half have the same thumbprint.";

pub(super) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    let file = args.key.open()?;
    let (form, bytes) = (file.form, file.bytes.clone());
    let jwk = file.into_one(args.key.kid.as_deref())?;
    let setting = Setting {
        backend: &AwsLc,
        now: session.now,
    };
    let key = describe(&jwk, form, bytes.expose(), &setting);
    if session.json {
        print_json(&written(&key))?;
        return Ok(Answer::Yes);
    }
    let mut page = session.page();
    let plain = |name: &str, text: &str| Row::new(name, "", vec![Text::new(style::PLAIN, text)]);
    let optional = |name: &str, text: &Option<String>| text.as_ref().map(|text| plain(name, text));
    let mut all = vec![plain("form", &key.form), plain("holds", half(&jwk))];
    all.push(plain("kty", &crate::render::key_type(&jwk)));
    all.extend(optional("kid", &key.kid));
    all.extend(optional("alg", &key.alg));
    all.extend(optional("use", &key.key_use));
    let ops = key.key_ops.as_ref().map(|ops| ops.join(", "));
    all.extend(optional("key_ops", &ops));
    all.push(plain("serves", &serves(&key)));
    all.extend(optional("thumbprint", &key.thumbprint));
    let (name, colour, text) = match &key.problem {
        Some(problem) => ("problem", style::WARNING.bold(), problem.as_str()),
        None => ("strength", style::GOOD, "sound"),
    };
    all.push(Row::new(name, "", vec![Text::new(colour, text)]));
    let certificates = key.certificates.iter();
    all.extend(certificates.map(|one| Row::new("certificate", "", shown(one))));
    page.line(&Text::new(style::KEY.bold(), "Key"), 2);
    rows(&mut page, &all, style::KEY);
    print_page(page)?;
    Ok(Answer::Yes)
}

/// Whose it says it is, and until when.
fn shown(certificate: &Certified) -> Vec<Text> {
    let line = |text: &str| Text::new(style::PLAIN, text);
    let (from, until) = (&certificate.not_before, &certificate.not_after);
    let state = if certificate.valid_now {
        Text::new(style::DIM, &format!("  expires {}", until.relative))
    } else if from.relative.starts_with("in ") {
        Text::new(
            style::BAD.bold(),
            &format!("  NOT YET VALID, {}", from.relative),
        )
    } else {
        Text::new(style::BAD.bold(), &format!("  EXPIRED {}", until.relative))
    };
    vec![
        line(&certificate.subject).with(style::DIM, &format!("  by {}", certificate.issuer)),
        line(&format!("{} to {}", from.utc, until.utc)).and(&state),
    ]
}

pub(super) fn thumbprint(args: &Thumbprint, session: &Session) -> Result<Answer, Failure> {
    let jwk = args.key.read()?;
    if is_secret(&jwk) {
        crate::terminal::print_error(
            "warning: the thumbprint of a secret lets anyone confirm a guess of it\n",
        );
    }
    let hash = match args.hash {
        HashName::Sha256 => Hash::Sha256,
        HashName::Sha384 => Hash::Sha384,
        HashName::Sha512 => Hash::Sha512,
    };
    let text = if args.uri {
        jwk.thumbprint_uri(hash, &AwsLc)
    } else {
        jwk.thumbprint(hash, &AwsLc)
    };
    if session.json {
        let mut object = Object::new();
        object.string("thumbprint", &text);
        print_json(&object.finish())?;
    } else {
        print_data(&format!("{text}\n"))?;
    }
    Ok(Answer::Yes)
}

/// The algorithms it can serve, in words.
fn serves(key: &Description) -> String {
    if key.algorithms.is_empty() {
        "no signature algorithm".to_owned()
    } else {
        key.algorithms.join(", ")
    }
}

fn half(jwk: &Jwk) -> &'static str {
    match (is_secret(jwk), jwk.material().is_private()) {
        (true, _) => "a secret",
        (false, true) => "a private key",
        (false, false) => "a public key",
    }
}
