use super::batch;
use crate::failure::{Failure, remedy};
use crate::findings;
use crate::input::{Source, read_token};
use crate::moment::Moment;
use crate::render;
use crate::report::{Report, Verdict};
use crate::session::{Answer, Session, print_json, print_page};
use crate::token::Token;

/// Show what is in a token; verifies nothing
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct Args {
    /// The token: itself, - for the standard input, or @file
    ///
    /// Compact or JSON; `Bearer` and white space around it are dropped.
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
}

const EXAMPLES: &str = "\
Examples:
  jeton decode eyJhbGciOi...
  pbpaste | jeton decode
  jeton decode @token.txt --json | jq .claims
  jeton decode --batch @tokens.txt > tokens.ndjson

What is shown proves nothing: anybody can write a token. To check one, use
`jeton verify`.

Exit codes: 0 decoded, 1 malformed, 2 nothing to decode.";

pub(crate) fn run(args: &Args, session: &Session) -> Result<Answer, Failure> {
    let now = args.at.resolve(session.now);
    let session = &session.at(now);
    if args.batch {
        return batch::run(args.token.as_ref(), |token, line| {
            decoded(token, session).to_batch(line)
        });
    }
    let token = Token::read(read_token(args.token.as_ref())?);
    let report = decoded(&token, session);
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

fn decoded<'t>(token: &'t Token, session: &Session) -> Report<'t> {
    let findings = findings::of_unverified(token, session.now);
    let (verdict, code, message, hint) = match &token.malformed {
        None => (
            Verdict::Unverified,
            None,
            NOTHING_VERIFIED.to_owned(),
            "check it with `jeton verify TOKEN --key FILE`".to_owned(),
        ),
        Some(malformed) => (
            Verdict::Invalid,
            Some(malformed.code().as_str()),
            format!("{malformed}; nothing was verified"),
            remedy(malformed.code()),
        ),
    };
    Report {
        verdict,
        code,
        message,
        hint: Some(hint),
        token: Some(token),
        detached: None,
        signed: &[],
        findings,
    }
}

const NOTHING_VERIFIED: &str = "nothing was verified, anybody could have written this";
