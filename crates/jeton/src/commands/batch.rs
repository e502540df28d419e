//! Many tokens in one run: a line in, a line out.

use std::collections::BTreeMap;
use std::io::{self, BufWriter, Write as _};

use jeton_inspect::verdict::Verdict;
use jeton_inspect::workbench::tokens::Report;
use jeton_inspect::workbench::tokens::verify::Examined;
use jeton_jose::Code;
use serde::Serialize;

use crate::failure::Failure;
use crate::input::{Line, SMALL, Source, TokenLines, size};
use crate::report::on_one_line;
use crate::session::{Answer, written};
use crate::terminal::{self, escape_json};

/// What is kept of a report once its line is written.
#[derive(Debug)]
pub(crate) struct Item {
    verdict: Verdict,
    code: Option<&'static str>,
    json: String,
}

/// What a line of a batch tells of its token.
pub(crate) trait Told: Serialize {
    fn report(&self) -> &Report;
}

impl Told for Report {
    fn report(&self) -> &Report {
        self
    }
}

impl Told for Examined {
    fn report(&self) -> &Report {
        &self.report
    }
}

/// An answer with the number of its line.
#[derive(Serialize)]
struct Numbered<'t, T: Serialize> {
    line: usize,
    #[serde(flatten)]
    told: &'t T,
}

impl Item {
    pub(crate) fn new<T: Told>(line: usize, told: &T) -> Self {
        Self {
            verdict: told.report().verdict,
            code: told.report().code,
            json: on_one_line(&Numbered { line, told }),
        }
    }
}

/// Answers each token as it comes. The summary goes to the standard error.
pub(crate) fn run(
    source: Option<&Source>,
    mut answer: impl FnMut(&str, usize) -> Item,
) -> Result<Answer, Failure> {
    let mut lines = TokenLines::open(source)?;
    let mut out = BufWriter::new(io::stdout().lock());
    let mut tally = Tally::default();
    while let Some((number, line)) = lines.next()? {
        let item = match line {
            Line::Token(text) => answer(&text, number),
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
    Item::new(line, &Report::refused(code, message))
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
            verdict => self.good.entry(verdict.as_str()),
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
