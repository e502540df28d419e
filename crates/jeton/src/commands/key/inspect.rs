use jeton_jose::alg::{AlgorithmSet, Hash};
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{KeyError, SigningKey, VerifyingKey, check_strength};

use super::KeyArgument;
use crate::failure::Failure;
use crate::input::{is_secret, read_keys};
use crate::json_text::Object;
use crate::render::{Row, rows};
use crate::report;
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
    let file = read_keys(&args.key.file)?;
    let form = file.form.to_string();
    let jwk = file.into_one(args.key.kid.as_deref())?;
    if session.json {
        print_json(&to_json(&jwk, &form))?;
        return Ok(Answer::Yes);
    }
    let mut page = session.page();
    let plain =
        |name: &str, label, text: &str| Row::new(name, label, vec![Text::new(style::PLAIN, text)]);
    let half = half(&jwk);
    let mut all = vec![plain("form", "", &form), plain("holds", "", half)];
    all.push(plain("kty", "", &crate::render::key_type(&jwk)));
    for (name, value) in [
        ("kid", jwk.key_id()),
        ("alg", jwk.algorithm_name()),
        ("use", jwk.key_use()),
    ] {
        all.extend(value.map(|value| plain(name, "", value)));
    }
    if let Some(ops) = jwk.key_ops() {
        all.push(plain("key_ops", "", &ops.join(", ")));
    }
    all.push(plain("serves", "", &serves(&jwk)));
    all.extend(report::thumbprint(&jwk).map(|thumbprint| plain("thumbprint", "", &thumbprint)));
    match problem(&jwk) {
        Some(problem) => all.push(Row::new(
            "problem",
            "",
            vec![Text::new(style::WARNING.bold(), &problem)],
        )),
        None => all.push(Row::new(
            "strength",
            "",
            vec![Text::new(style::GOOD, "sound")],
        )),
    }
    page.line(&Text::new(style::KEY.bold(), "Key"), 2);
    rows(&mut page, &all, style::KEY);
    print_page(page)?;
    Ok(Answer::Yes)
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
fn serves(jwk: &Jwk) -> String {
    match jwk.algorithms() {
        Ok(algorithms) if !algorithms.is_empty() => algorithms.to_string(),
        _ => "no signature algorithm".to_owned(),
    }
}

/// Why it should not be used, or not for signatures.
pub(crate) fn problem(jwk: &Jwk) -> Option<String> {
    let algorithms = match jwk.algorithms() {
        Ok(_) if jwk.key_use().is_some_and(|key_use| key_use != "sig") => {
            return Some("not for signatures (`use`)".to_owned());
        }
        Ok(algorithms) => algorithms,
        Err(_) if jwk.algorithm().is_none() => {
            return Some("not for signatures (`alg`)".to_owned());
        }
        Err(error) => return Some(error.to_string()),
    };
    if let Some(error) = contradiction(jwk, algorithms) {
        return Some(error.to_string());
    }
    let mut weaknesses = algorithms
        .iter()
        .map(|algorithm| check_strength(algorithm, jwk.material()));
    let weakness = weaknesses.next()?.err()?;
    // Where one algorithm is content, the key is not weak, only not for all.
    if weaknesses.any(|weakness| weakness.is_ok()) {
        None
    } else {
        Some(format!("weak: {weakness}"))
    }
}

/// Numbers that are no key, or halves that do not belong together: a backend says so when it opens
/// them.
fn contradiction(jwk: &Jwk, algorithms: AlgorithmSet) -> Option<KeyError> {
    let algorithm = algorithms.iter().next()?;
    let opened = if jwk.material().is_private() {
        SigningKey::new(jwk, algorithm, &AwsLc).map(|_| ())
    } else {
        VerifyingKey::new(jwk, algorithm, &AwsLc).map(|_| ())
    };
    opened
        .err()
        .filter(|error| matches!(error, KeyError::Invalid { .. }))
}

fn half(jwk: &Jwk) -> &'static str {
    match (is_secret(jwk), jwk.material().is_private()) {
        (true, _) => "a secret",
        (false, true) => "a private key",
        (false, false) => "a public key",
    }
}

fn to_json(jwk: &Jwk, form: &str) -> String {
    let mut object = Object::new();
    object.string("form", form);
    object.string("kty", jwk.material().key_type().name());
    object.optional(
        "crv",
        jwk.material().curve().map(jeton_jose::alg::Curve::name),
    );
    object.number("bits", jwk.material().bits());
    object.boolean("private", jwk.material().is_private());
    object.optional("kid", jwk.key_id());
    object.optional("alg", jwk.algorithm_name());
    object.optional("use", jwk.key_use());
    match jwk.key_ops() {
        Some(ops) => object.strings("key_ops", ops),
        None => object.raw("key_ops", "null"),
    };
    let algorithms: Vec<_> = jwk
        .algorithms()
        .map(|set| set.iter().collect())
        .unwrap_or_default();
    object.strings(
        "algorithms",
        &algorithms
            .iter()
            .map(|algorithm| algorithm.name())
            .collect::<Vec<_>>(),
    );
    object.optional("thumbprint", report::thumbprint(jwk).as_deref());
    object.optional("problem", problem(jwk).as_deref());
    object.finish()
}
