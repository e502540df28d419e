use jeton_inspect::sent::Sent;
use jeton_inspect::workbench::Finding;
use jeton_inspect::workbench::jwks::{self, LeftOut, Member};
use jeton_inspect::workbench::keys::is_secret;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::KeyForm;
use jeton_jose::{Algorithm, Code, Secret};

use crate::failure::{self, Failure};
use crate::input::{
    self, KeyFile, PassphraseOptions, Place, Source, algorithm_name, read_keys, read_token,
};
use crate::json_text::pretty;
use crate::render::{self, key_type, table};
use crate::report::written;
use crate::session::{Answer, Session, print_data, print_json, print_page};
use crate::terminal::{Text, style};

/// Look into JWK Sets
#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    Inspect(Inspect),
    Select(Select),
}

/// List the keys of a set, what of it cannot be used, and what is wrong with it
#[derive(Debug, clap::Args)]
#[command(after_long_help = INSPECT_EXAMPLES)]
pub(crate) struct Inspect {
    /// JWK Set, or - for the standard input
    file: Place,
}

/// Print the JWK that a token or a `kid` names
#[derive(Debug, clap::Args)]
#[command(after_long_help = SELECT_EXAMPLES, group = clap::ArgGroup::new("selector").required(true).multiple(true))]
pub(crate) struct Select {
    /// JWK Set, or - for the standard input
    file: Place,
    /// The `kid` of the key
    #[arg(long, value_name = "ID", group = "selector", conflicts_with = "token")]
    kid: Option<String>,
    /// The token that the key should verify, by its `kid` and `alg`: itself, - or @file
    #[arg(long, value_name = "TOKEN", group = "selector")]
    token: Option<Source>,
    /// The algorithm that the key must serve
    #[arg(long, value_parser = algorithm_name, group = "selector")]
    alg: Option<Algorithm>,
}

const INSPECT_EXAMPLES: &str = "\
Examples:
  curl -s https://issuer.example/jwks | jeton jwks inspect -
  jeton jwks inspect keys.json --json

With --json: {keys, skipped, findings, report}. `report` has every member with
its findings; `findings` has all of them in one list.

Exit codes: 0 listed, whatever is wrong with it, 2 it cannot be read.";

const SELECT_EXAMPLES: &str = "\
Examples:
  jeton jwks select keys.json --token @token.txt
  jeton jwks select keys.json --kid 2026-01 | jeton key convert - --to spki

The key is printed as it stands in the set, private parts included.

Exit codes: 0 found, 1 no or several such keys, 2 usage or I/O.";

pub(crate) fn run(command: &Command, session: &Session) -> Result<Answer, Failure> {
    match command {
        Command::Inspect(args) => inspect(args, session),
        Command::Select(args) => select(args, session),
    }
}

fn inspect(args: &Inspect, session: &Session) -> Result<Answer, Failure> {
    let file = read_keys(&args.file, &PassphraseOptions::default())?;
    let set = jwks::inspect(file.bytes.expose(), &args.file.to_string(), &AwsLc)?;
    if session.json {
        print_json(&written(&set))?;
        return Ok(Answer::Yes);
    }
    let mut page = session.page();
    let plural = if set.keys.len() == 1 { "" } else { "s" };
    let keys = format!("{} key{plural}", set.keys.len());
    let summary = match set.skipped.len() {
        0 => keys,
        skipped => format!("{keys}, {skipped} left out"),
    };
    page.line(
        &Text::new(style::KEY.bold(), "JWK Set").with(style::DIM, &format!("  {summary}")),
        2,
    );
    page.blank();
    let members = set.keys.iter().zip(&file.keys);
    let mut records: Vec<_> = members
        .map(|(member, jwk)| (member.index, record(member, jwk)))
        .chain(
            set.skipped
                .iter()
                .map(|skipped| (skipped.index, left_out(skipped))),
        )
        .collect();
    records.sort_by_key(|(index, _)| *index);
    let records: Vec<_> = records.into_iter().map(|(_, record)| record).collect();
    table(&mut page, &HEADINGS, &records);
    let findings: Vec<_> = set.findings.iter().map(Finding::from).collect();
    render::findings(&mut page, &findings);
    print_page(page)?;
    Ok(Answer::Yes)
}

fn select(args: &Select, session: &Session) -> Result<Answer, Failure> {
    let token = args.token.as_ref();
    input::one_stdin(&[
        args.file == Place::Stdin,
        token.is_some_and(Source::is_stdin),
    ])?;
    let token = token
        .map(|source| read_token(Some(source)))
        .transpose()?
        .map(Sent::read);
    if let Some(malformed) = token.as_ref().and_then(|token| token.malformed.as_ref()) {
        return Err(Failure::coded(malformed.code(), malformed.to_string()));
    }
    if token
        .as_ref()
        .is_some_and(|token| token.algorithms().is_empty())
    {
        return Err(Failure::coded(
            Code::AlgorithmUnknown,
            "the token names no algorithm that a key could serve",
        ));
    }
    let file = read_set(&args.file)?;
    let named = token
        .as_ref()
        .and_then(|token| token.parameter("kid")?.as_str());
    let key_id = args.kid.as_deref().or(named);
    let algorithm = args
        .alg
        .or_else(|| token.as_ref()?.algorithms().first().copied());
    let fits = |jwk: &&Jwk| {
        key_id.is_none_or(|key_id| jwk.key_id() == Some(key_id))
            && algorithm.is_none_or(|wanted| jwk.algorithms().is_ok_and(|own| own.contains(wanted)))
    };
    let mut found = file.keys.iter().filter(fits);
    let code = match (found.next(), found.next()) {
        (Some(jwk), None) => {
            let text = Secret::new(pretty(&jwk.to_json()).into_bytes());
            print_data(&format!("{}\n", String::from_utf8_lossy(text.expose())))?;
            return Ok(Answer::Yes);
        }
        (None, _) => Code::KeyNotFound,
        _ => Code::KeyAmbiguous,
    };
    let mut failure = Failure::coded(
        code,
        if code == Code::KeyNotFound {
            "no key of the set fits"
        } else {
            "several keys of the set fit"
        },
    );
    for skipped in file
        .skipped
        .iter()
        .filter(|skipped| skipped.key_id.as_deref() == key_id)
    {
        failure = failure.cause(format!(
            "member {} was left out: {}",
            skipped.index, skipped.error
        ));
    }
    failure::report(&failure, session.json);
    Ok(Answer::No)
}

fn read_set(place: &Place) -> Result<KeyFile, Failure> {
    let file = read_keys(place, &PassphraseOptions::default())?;
    if file.form != KeyForm::JwkSet {
        return Err(
            Failure::usage(format!("{place} is no JWK Set ({})", file.form))
                .hint("single keys are for `jeton key inspect`"),
        );
    }
    Ok(file)
}

const HEADINGS: [&str; 7] = ["#", "kid", "key", "alg", "use", "thumbprint", "remark"];

fn record(member: &Member, jwk: &Jwk) -> Vec<Text> {
    let plain = |text: &str| Text::new(style::PLAIN, text);
    let optional = |text: &Option<String>| text.clone().unwrap_or_default();
    let short = member.thumbprint.as_ref();
    let short = short.map(|text| text.chars().take(9).chain(['…']).collect::<String>());
    let half = if member.private && !is_secret(jwk) {
        "private "
    } else {
        ""
    };
    vec![
        Text::new(style::DIM, &member.index.to_string()),
        Text::new(style::BOLD, &optional(&member.kid)),
        plain(&format!("{half}{}", key_type(jwk))),
        plain(&optional(&member.alg)),
        plain(&optional(&member.key_use)),
        Text::new(style::DIM, &short.unwrap_or_default()),
        Text::new(style::WARNING, &optional(&member.problem)),
    ]
}

fn left_out(skipped: &LeftOut) -> Vec<Text> {
    let mut cells = vec![
        Text::new(style::DIM, &skipped.index.to_string()),
        Text::new(style::BOLD, skipped.kid.as_deref().unwrap_or_default()),
    ];
    cells.resize(HEADINGS.len() - 1, Text::default());
    cells.push(Text::new(
        style::BAD,
        &format!("left out: {}", skipped.reason),
    ));
    cells
}
