//! Tokens as people paste them, one or many.

use std::io::{self, BufRead, BufReader, IsTerminal as _};
use std::path::Path;

use jeton_inspect::sent::clean;
use jeton_jose::json::{Document, Options};

use super::{Place, SMALL, Source, text};
use crate::failure::Failure;

/// One token, without what people copy along.
pub(crate) fn read_token(source: Option<&Source>) -> Result<String, Failure> {
    read_pasted(source).map(|text| clean(&text).to_owned())
}

/// A text with a token in it: from the argument, a file or the standard input, which is meant too
/// where something is piped in and nothing is named.
pub(crate) fn read_pasted(source: Option<&Source>) -> Result<String, Failure> {
    let source = match source {
        Some(source) => source,
        None if io::stdin().is_terminal() => {
            return Err(Failure::usage("no token was given")
                .hint("give it as an argument, as @file, or - for the standard input"));
        }
        None => &Source::At(Place::Stdin),
    };
    let place = match source {
        Source::Text(_) => "the command line".to_owned(),
        Source::At(place) => place.to_string(),
    };
    let text = text(source.read("token", SMALL)?, "token", &place)?;
    let trimmed = text.trim_ascii();
    if clean(trimmed).is_empty() {
        return Err(Failure::content(format!(
            "expected a token from {place}, found nothing"
        )));
    }
    if matches!(source, Source::Text(argument) if argument.len() < 256 && Path::new(argument).is_file())
    {
        return Err(
            Failure::usage(format!("`{trimmed}` is a file, not a token"))
                .hint(format!("to read the token from it, write @{trimmed}")),
        );
    }
    Ok(text)
}

/// A line of a batch.
#[derive(Debug)]
pub(crate) enum Line {
    Token(String),
    TooLong,
    NotText,
}

/// The tokens of a batch, one a line: as they are, as JSON strings, or as the `token` of JSON
/// objects. Reads as it goes; empty lines are passed over.
pub(crate) struct TokenLines {
    reader: Box<dyn BufRead>,
    number: usize,
    place: Place,
}

impl TokenLines {
    pub(crate) fn open(source: Option<&Source>) -> Result<Self, Failure> {
        let place = match source {
            Some(Source::Text(_)) => {
                return Err(Failure::usage(
                    "--batch reads many tokens, but one was given as an argument",
                )
                .hint("give @file, or - for the standard input"));
            }
            Some(Source::At(place)) => place.clone(),
            None => Place::Stdin,
        };
        Ok(Self {
            reader: Box::new(BufReader::new(place.open("tokens")?)),
            number: 0,
            place,
        })
    }

    /// The next token with the number of its line, counted from 1.
    pub(crate) fn next(&mut self) -> Result<Option<(usize, Line)>, Failure> {
        loop {
            let Some(line) = self.read_line()? else {
                return Ok(None);
            };
            self.number += 1;
            match &line {
                Line::Token(token) if token.is_empty() => {}
                _ => return Ok(Some((self.number, line))),
            }
        }
    }

    fn read_line(&mut self) -> Result<Option<Line>, Failure> {
        let mut line = Vec::new();
        loop {
            let chunk = self
                .reader
                .fill_buf()
                .map_err(|error| self.place.failure("tokens", &error))?;
            if chunk.is_empty() {
                return Ok((!line.is_empty()).then(|| to_line(line)));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let taken = end.map_or(chunk.len(), |end| end + 1);
            // One byte past the limit is enough to know; the rest of the line is passed over.
            let room = (SMALL + 1).saturating_sub(line.len());
            line.extend_from_slice(chunk.get(..taken.min(room)).unwrap_or_default());
            self.reader.consume(taken);
            if end.is_some() {
                return Ok(Some(to_line(line)));
            }
        }
    }
}

fn to_line(bytes: Vec<u8>) -> Line {
    if bytes.len() > SMALL {
        return Line::TooLong;
    }
    match String::from_utf8(bytes) {
        Ok(text) => Line::Token(clean(&unwrapped(&text)).to_owned()),
        Err(_) => Line::NotText,
    }
}

/// The token in a JSON string, or in the `token` member of an object.
fn unwrapped(line: &str) -> String {
    let trimmed = line.trim_ascii();
    if !trimmed.starts_with(['"', '{']) {
        return trimmed.to_owned();
    }
    let Ok(document) = Document::parse(trimmed.as_bytes(), &Options::strict()) else {
        return trimmed.to_owned();
    };
    let root = document.root();
    let member = root.as_object().and_then(|object| object.get("token"));
    match root.as_str().or_else(|| member?.as_str()) {
        Some(token) => token.to_owned(),
        None => trimmed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_batch_line_is_plain_or_json() {
        for line in [
            "a.b.c",
            "\"a.b.c\"",
            r#"{"id":7,"token":"a.b.c"}"#,
            r#" {"token":"Bearer a.b.c"} "#,
        ] {
            assert!(
                matches!(to_line(line.as_bytes().to_vec()), Line::Token(token) if token == "a.b.c"),
                "{line}"
            );
        }
        let flattened = r#"{"payload":"","signature":""}"#;
        assert!(matches!(to_line(flattened.into()), Line::Token(token) if token == flattened));
        assert!(matches!(to_line(vec![0xff, 0xfe]), Line::NotText));
        assert!(matches!(to_line(vec![b'a'; SMALL + 1]), Line::TooLong));
    }
}
