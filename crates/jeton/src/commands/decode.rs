use core::time::Duration;

use jeton_inspect::token::Options;
use jeton_inspect::verdict::Verdict;
use jeton_inspect::workbench::tokens::inspect::inspect;

use super::batch;
use crate::failure::Failure;
use crate::input::{Source, read_pasted};
use crate::moment::{AtOption, duration_of};
use crate::render;
use crate::report::written;
use crate::session::{Answer, Session, print_json, print_page};

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
    #[command(flatten)]
    at: AtOption,
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
        // A line of a batch stays short.
        return batch::run(args.token.as_ref(), |token, line| {
            batch::Item::new(line, &inspect(token, &options).report)
        });
    }
    let decoded = inspect(&read_pasted(args.token.as_ref())?, &options);
    if session.json {
        print_json(&written(&decoded))?;
    } else {
        print_page(render::decoded(&decoded, session))?;
    }
    Ok(match decoded.report.verdict {
        Verdict::Invalid => Answer::No,
        _ => Answer::Yes,
    })
}
