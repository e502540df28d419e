use jeton_inspect::key_set::{KeySetReport, examine};
use jeton_inspect::sent::Sent;
use jeton_inspect::workbench::Finding;
use jeton_jose::alg::Curve;
use jeton_jose::backend::AwsLc;
use jeton_jose::jwk::Jwk;
use jeton_jose::key::{KeyForm, Skipped};
use jeton_jose::{Algorithm, Code, Secret};

use super::key::problem;
use crate::failure::Failure;
use crate::input::{
    self, KeyFile, Place, Source, algorithm_name, is_secret, read_keys, read_token,
};
use crate::json_text::{Object, array, pretty};
use crate::render::{self, key_type, table};
use crate::report::{thumbprint, written};
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
    let file = read_set(&args.file)?;
    let report = examine(file.bytes.expose(), &AwsLc).map_err(|error| {
        Failure::content(format!("{} is not JSON", args.file)).cause(error.to_string())
    })?;
    if session.json {
        print_json(&to_json(&file, &report))?;
        return Ok(Answer::Yes);
    }
    let mut page = session.page();
    let plural = if file.keys.len() == 1 { "" } else { "s" };
    let keys = format!("{} key{plural}", file.keys.len());
    let summary = match file.skipped.len() {
        0 => keys,
        skipped => format!("{keys}, {skipped} left out"),
    };
    page.line(
        &Text::new(style::KEY.bold(), "JWK Set").with(style::DIM, &format!("  {summary}")),
        2,
    );
    page.blank();
    let mut records: Vec<_> = positions(&file)
        .zip(&file.keys)
        .map(|(index, jwk)| (index, record(index, jwk)))
        .collect();
    records.extend(
        file.skipped
            .iter()
            .map(|skipped| (skipped.index, left_out(skipped))),
    );
    records.sort_by_key(|(index, _)| *index);
    let records: Vec<_> = records.into_iter().map(|(_, record)| record).collect();
    table(&mut page, &HEADINGS, &records);
    let findings: Vec<_> = report
        .keys
        .iter()
        .flat_map(|key| &key.findings)
        .chain(&report.findings)
        .map(Finding::from)
        .collect();
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
    failure.report(session.json);
    Ok(Answer::No)
}

fn read_set(place: &Place) -> Result<KeyFile, Failure> {
    let file = read_keys(place)?;
    if file.form != KeyForm::JwkSet {
        return Err(
            Failure::usage(format!("{place} is no JWK Set ({})", file.form))
                .hint("single keys are for `jeton key inspect`"),
        );
    }
    Ok(file)
}

/// The positions in the set of the keys that were not left out.
fn positions(file: &KeyFile) -> impl Iterator<Item = usize> {
    (0..).filter(|index| file.skipped.iter().all(|skipped| skipped.index != *index))
}

const HEADINGS: [&str; 7] = ["#", "kid", "key", "alg", "use", "thumbprint", "remark"];

fn record(index: usize, jwk: &Jwk) -> Vec<Text> {
    let plain = |text: &str| Text::new(style::PLAIN, text);
    let short = thumbprint(jwk)
        .map(|thumbprint| thumbprint.chars().take(9).chain(['…']).collect::<String>());
    let half = if jwk.material().is_private() && !is_secret(jwk) {
        "private "
    } else {
        ""
    };
    vec![
        Text::new(style::DIM, &index.to_string()),
        Text::new(style::BOLD, jwk.key_id().unwrap_or_default()),
        plain(&format!("{half}{}", key_type(jwk))),
        plain(jwk.algorithm_name().unwrap_or_default()),
        plain(jwk.key_use().unwrap_or_default()),
        Text::new(style::DIM, short.as_deref().unwrap_or_default()),
        Text::new(style::WARNING, &problem(jwk).unwrap_or_default()),
    ]
}

fn left_out(skipped: &Skipped) -> Vec<Text> {
    let mut cells = vec![
        Text::new(style::DIM, &skipped.index.to_string()),
        Text::new(style::BOLD, skipped.key_id.as_deref().unwrap_or_default()),
    ];
    cells.resize(HEADINGS.len() - 1, Text::default());
    cells.push(Text::new(
        style::BAD,
        &format!("left out: {}", skipped.error),
    ));
    cells
}

/// `report` has every member, readable or not, with its findings.
fn to_json(file: &KeyFile, report: &KeySetReport) -> String {
    let keys = positions(file).zip(&file.keys).map(|(index, jwk)| {
        let mut object = Object::new();
        object.number("index", index);
        object.optional("kid", jwk.key_id());
        object.string("kty", jwk.material().key_type().name());
        object.optional("crv", jwk.material().curve().map(Curve::name));
        object.number("bits", jwk.material().bits());
        object.boolean("private", jwk.material().is_private());
        object.optional("alg", jwk.algorithm_name());
        object.optional("use", jwk.key_use());
        object.optional("thumbprint", thumbprint(jwk).as_deref());
        object.optional("problem", problem(jwk).as_deref());
        object.finish()
    });
    let skipped = file.skipped.iter().map(|skipped| {
        let mut object = Object::new();
        object.number("index", skipped.index);
        object.optional("kid", skipped.key_id.as_deref());
        object.string("code", skipped.error.code().as_str());
        object.string("reason", &skipped.error.to_string());
        object.finish()
    });
    let mut object = Object::new();
    object.raw("keys", &array(keys));
    object.raw("skipped", &array(skipped));
    let findings = report.keys.iter().flat_map(|key| &key.findings);
    object.raw(
        "findings",
        &array(findings.chain(&report.findings).map(written)),
    );
    object.raw("report", &written(report));
    object.finish()
}
