//! Many tokens in one run: a line in, a line out.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};

use jeton_jose::Code;

use crate::failure::Failure;
use crate::input::{Line, SMALL, Source, TokenLines, size};
use crate::report::{Purpose, Report, Verdict};
use crate::session::{Answer, written};
use crate::terminal::{self, escape_json};
use crate::token::Token;

/// What is kept of a report once its line is written.
#[derive(Debug)]
pub(crate) struct Item {
    verdict: Verdict,
    code: Option<&'static str>,
    json: String,
}

impl Report<'_> {
    pub(crate) fn to_batch(&self, line: usize) -> Item {
        Item {
            verdict: self.verdict,
            code: self.code,
            json: self.to_json(Some(line)),
        }
    }
}

/// Answers each token as it comes. The summary goes to the standard error.
pub(crate) fn run(
    source: Option<&Source>,
    mut answer: impl FnMut(&Token, usize) -> Item,
) -> Result<Answer, Failure> {
    let mut lines = TokenLines::open(source)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut tally = Tally::default();
    while let Some((number, line)) = lines.next()? {
        let item = match line {
            Line::Token(text) => answer(&Token::read(text), number),
            Line::TooLong => refused(
                Code::TokenTooLarge,
                &format!("the line is longer than {}", size(SMALL)),
                number,
            ),
            Line::NotText => refused(Code::TokenFormat, "the line is not UTF-8", number),
        };
        tally.count(&item);
        match writeln!(out, "{}", escape_json(&item.json)) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return Ok(tally.answer()),
            result => written(result)?,
        }
    }
    match out.flush() {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => {}
        result => written(result)?,
    }
    terminal::print_error(&tally.summary());
    Ok(tally.answer())
}

fn refused(code: Code, message: &str, line: usize) -> Item {
    Report {
        verdict: Verdict::Invalid,
        code: Some(code.as_str()),
        message: message.to_owned(),
        hint: None,
        token: None,
        detached: None,
        signed: &[],
        findings: Vec::new(),
        inspections: &[],
        purpose: Purpose::Decoding,
    }
    .to_batch(line)
}

#[derive(Debug, Default)]
struct Tally {
    good: BTreeMap<&'static str, usize>,
    refused: BTreeMap<&'static str, usize>,
}

impl Tally {
    fn count(&mut self, item: &Item) {
        let slot = match item.verdict {
            Verdict::Invalid => self.refused.entry(item.code.unwrap_or("invalid")),
            verdict => self.good.entry(verdict.name()),
        };
        *slot.or_default() += 1;
    }

    fn answer(&self) -> Answer {
        if self.refused.is_empty() {
            Answer::Yes
        } else {
            Answer::No
        }
    }

    /// `3 tokens: 1 valid, 2 invalid (signature_mismatch 1, token_expired 1)`
    fn summary(&self) -> String {
        let good: usize = self.good.values().sum();
        let refused: usize = self.refused.values().sum();
        let mut parts: Vec<_> = self
            .good
            .iter()
            .map(|(word, count)| format!("{count} {word}"))
            .collect();
        if refused > 0 {
            let codes: Vec<_> = self
                .refused
                .iter()
                .map(|(code, count)| format!("{code} {count}"))
                .collect();
            parts.push(format!("{refused} invalid ({})", codes.join(", ")));
        }
        let total = good + refused;
        let colon = if total == 0 { "" } else { ": " };
        format!(
            "{total} token{}{colon}{}\n",
            if total == 1 { "" } else { "s" },
            parts.join(", ")
        )
    }
}
