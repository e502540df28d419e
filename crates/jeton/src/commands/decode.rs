use core::time::Duration;

use jeton_inspect::find::Kind;
use jeton_inspect::token::{Inspection, Layer, Options, inspect};
use jeton_jose::Code;

use super::batch;
use crate::failure::{Failure, remedy};
use crate::findings;
use crate::input::{Source, read_pasted};
use crate::moment::{Moment, duration_of};
use crate::render;
use crate::report::{Purpose, Report, Verdict};
use crate::session::{Answer, Session, print_json, print_page};
use crate::token::Token;

/// Find and explain the tokens in a text; verifies nothing
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The text: itself, - for the standard input, or @file
    ///
    /// A token in any form, or whatever holds some: a header line, a cookie, a URL, a curl command,
    /// a JSON response, a HAR file, a log. Keys are found too.
    token: Option<Source>,
    /// Read many tokens, one a line, and answer each with one line of JSON
    ///
    /// A line is a token, a JSON string, or a JSON object with the member `token`.
    #[arg(long)]
    batch: bool,
    /// Take this as the present time: RFC 3339, seconds since 1970, +1h, -2d
    #[arg(
        long,
        value_name = "TIME",
        default_value = "now",
        hide_default_value = true,
        allow_hyphen_values = true
    )]
    at: Moment,
    /// Also tell when a verifier with this leeway accepts the token
    #[arg(long, value_name = "DURATION", value_parser = duration_of)]
    leeway: Option<Duration>,
}

const EXAMPLES: &str = "\
Examples:
  jeton decode eyJhbGciOi...
  pbpaste | jeton decode
  jeton decode @token.txt --json | jq .claims
  jeton decode @response.har --leeway 30s
  jeton decode --batch @tokens.txt > tokens.ndjson

What is shown proves nothing: anybody can write a token. To check one, use
`jeton verify`.

With --json: {verdict, code, message, hint, header, claims, key, findings,
tokens}. `tokens` has all that was found, each with its parts, meanings, times,
findings and the tokens inside it; the rest is about the first sound one.

Exit codes: 0 decoded, 1 one is broken or there is none, 2 nothing to decode.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    let now = args.at.resolve(session.now);
    let session = &session.at(now);
    let options = Options {
        now,
        leeway: args.leeway.unwrap_or_default(),
    };
    if args.batch {
        return batch::run(args.token.as_ref(), |token, line| {
            Decoded::read(&token.text, &options).report().to_batch(line)
        });
    }
    let text = read_pasted(args.token.as_ref())?;
    let decoded = Decoded::read(text.trim_ascii_end(), &options);
    let report = decoded.report();
    if session.json {
        print_json(&report.to_json(None))?;
    } else {
        print_page(render::report(&report, session))?;
    }
    Ok(match report.verdict {
        Verdict::Invalid => Answer::No,
        _ => Answer::Yes,
    })
}

/// What a text holds.
struct Decoded {
    inspections: Vec<Inspection>,
    /// The position of the first sound one, or else of the first.
    chosen: usize,
    /// It, unless it is a key.
    token: Option<Token>,
    /// What is wrong with the first that is broken.
    fault: Option<(Code, String)>,
}

impl Decoded {
    fn read(text: &str, options: &Options) -> Self {
        // What is sound as it is stays as it is, spaces in an unencoded payload included.
        let whole = Token::read(text.trim_ascii().to_owned());
        let inspections = match whole.malformed {
            None => vec![whole.inspect(options)],
            Some(_) => inspect(text, options).tokens,
        };
        let faults: Vec<_> = inspections.iter().map(fault).collect();
        let chosen = faults.iter().position(Option::is_none).unwrap_or(0);
        let token = inspections
            .get(chosen)
            .filter(|chosen| !matches!(chosen.kind, Kind::Jwk | Kind::JwkSet))
            .map(|chosen| Token::read(chosen.found.text.clone()));
        let fault = if inspections.is_empty() {
            Some((
                Code::TokenFormat,
                "there is no token in the text".to_owned(),
            ))
        } else {
            faults.into_iter().flatten().next()
        };
        Self {
            inspections,
            chosen,
            token,
            fault,
        }
    }

    fn report(&self) -> Report<'_> {
        let chosen = self.inspections.get(self.chosen);
        let (verdict, code, message, hint) = if let Some((code, fault)) = &self.fault {
            let message = format!("{fault}; nothing was verified");
            (
                Verdict::Invalid,
                Some(code.as_str()),
                message,
                remedy(*code),
            )
        } else {
            let (message, hint) = unverified(chosen.map(|chosen| chosen.kind));
            (
                Verdict::Unverified,
                None,
                message.to_owned(),
                hint.to_owned(),
            )
        };
        Report {
            verdict,
            code,
            message,
            hint: Some(hint),
            token: self.token.as_ref(),
            detached: None,
            signed: &[],
            findings: chosen.map(findings::of_unverified).unwrap_or_default(),
            inspections: &self.inspections,
            purpose: Purpose::Decoding,
        }
    }
}

/// What to say where nothing is broken.
fn unverified(kind: Option<Kind>) -> (&'static str, &'static str) {
    match kind {
        Some(Kind::Jwk) => (
            "a key, not a token; nothing was verified",
            "`jeton key inspect` tells more about keys",
        ),
        Some(Kind::JwkSet) => (
            "a key set, not a token; nothing was verified",
            "`jeton jwks inspect` tells more about key sets",
        ),
        Some(Kind::CompactJwe | Kind::FlattenedJwe | Kind::GeneralJwe) => (
            "nothing was verified, and what the token says is encrypted",
            "only its recipient's key opens it",
        ),
        _ => (
            "nothing was verified, anybody could have written this",
            "check it with `jeton verify TOKEN --key FILE`",
        ),
    }
}

/// Why it is no sound token or key: the core's reason, or else the first part that breaks.
fn fault(inspection: &Inspection) -> Option<(Code, String)> {
    if matches!(
        inspection.kind,
        Kind::CompactJws | Kind::FlattenedJws | Kind::GeneralJws | Kind::Broken
    ) && let Some(malformed) = Token::read(inspection.found.text.clone()).malformed
    {
        return Some((malformed.code(), malformed.to_string()));
    }
    let mut parts = inspection.parts.iter();
    let (name, broken) = parts.find_map(|part| Some((part.name, part.broken.as_ref()?)))?;
    let code = match broken.layer {
        Layer::Base64url => Code::Base64Invalid,
        Layer::Utf8 | Layer::Json => Code::JsonInvalid,
    };
    Some((
        code,
        format!(
            "the {} is broken: {}",
            render::part_name(name),
            broken.message
        ),
    ))
}
