//! Text: goes through it word by word, and hands JSON in it to [`super::json`].

use super::{Found, Kind, MAX_FOUND, Repair, Source, context, join, json};

/// Longest word that is answered although nothing in it looks like a token.
const LONGEST_WORD: usize = 64 * 1024;
/// How often JSON is looked for behind an opening bracket.
const MAX_JSON: usize = 64;
/// Shortest text between others that is taken for the beginning of a token.
pub(super) const SHORTEST: usize = 10;

/// What is in a text, in order.
pub(super) fn scan(text: &str) -> Vec<Found> {
    let mut scanner = Scanner::new(text, 0);
    scanner.run();
    let mut found = scanner.found;
    if found.is_empty() {
        found.extend(lone_word(text));
    }
    found
}

/// What is in a string of JSON, `depth` levels inside.
pub(super) fn scan_string(text: &str, depth: usize) -> Vec<Found> {
    let mut scanner = Scanner::new(text, depth);
    scanner.run();
    scanner.found
}

struct Scanner<'t> {
    text: &'t str,
    /// Levels of JSON in strings of JSON.
    depth: usize,
    json_attempts: usize,
    json_budget: usize,
    found: Vec<Found>,
}

impl<'t> Scanner<'t> {
    fn new(text: &'t str, depth: usize) -> Self {
        Self {
            text,
            depth,
            json_attempts: MAX_JSON,
            // Linear, however often a bracket stays open.
            json_budget: text.len() * 4,
            found: Vec::new(),
        }
    }

    fn run(&mut self) {
        let bytes = self.text.as_bytes();
        let alone = join::is_alone(self.text);
        let mut at = 0;
        while let Some(byte) = bytes.get(at).copied() {
            if self.found.len() >= MAX_FOUND {
                return;
            }
            at = match byte {
                b'{' | b'[' => self.json(at).unwrap_or(at + 1),
                b'%' => at + join::percent_len(bytes, at).unwrap_or(1),
                b'\\' => at + join::escape_len(bytes, at).unwrap_or(1),
                byte if join::is_symbol(byte) => self.word(at, alone),
                _ => at + 1,
            };
        }
    }

    /// Takes the JSON that starts here, if it is any; yields what follows.
    fn json(&mut self, at: usize) -> Option<usize> {
        self.json_attempts = self.json_attempts.checked_sub(1)?;
        let rest = self.text.get(at..)?;
        let (end, read) = json::end(rest.as_bytes(), self.json_budget);
        self.json_budget = self.json_budget.saturating_sub(read);
        let end = at + end?;
        json::find(self.text, at..end, self.depth, &mut self.found)?;
        Some(end)
    }

    /// Takes the token that starts in the word here, if there is one; yields what follows.
    fn word(&mut self, at: usize, alone: bool) -> usize {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(at..).unwrap_or_default();
        let len = rest
            .iter()
            .take_while(|byte| join::is_symbol(**byte))
            .count();
        let Some(offset) = token_start(rest.get(..len).unwrap_or_default()) else {
            return at + len;
        };
        let start = at + offset;
        let alone = alone && join::is_around(self.text.get(..start).unwrap_or_default());
        let mut joined = join::join(self.text, start, alone);
        if kind_of(&joined.text) == Kind::CompactJws {
            joined.disclosures(self.text, alone);
        }
        let kind = kind_of(&joined.text);
        if joined.text.len() < SHORTEST && !alone {
            return joined.end.max(at + len);
        }
        let mut repairs = joined.repairs;
        let rest = self.text.get(joined.end..).unwrap_or_default();
        let source = if alone && join::is_around(rest) {
            repairs.extend(around(self.text, start, joined.end));
            Source::Whole
        } else {
            context::source(self.text, start)
        };
        repairs.sort_unstable();
        repairs.dedup();
        self.found.push(Found {
            span: start..joined.end,
            kind,
            source,
            text: joined.text,
            repairs,
        });
        joined.end.max(start + 1)
    }
}

/// The form of a compact text, by its number of parts.
pub(crate) fn kind_of(token: &str) -> Kind {
    let (signed, rest) = match token.split_once('~') {
        Some((signed, rest)) => (signed, Some(rest)),
        None => (token, None),
    };
    match signed.matches('.').count() {
        2 if rest.is_some() => Kind::SdJwt,
        _ if rest.is_some() => Kind::Broken,
        2 => Kind::CompactJws,
        4 => Kind::CompactJwe,
        _ => Kind::Broken,
    }
}

/// Whether a text begins as the base64url of a JSON object does: `{"`, `{ ` or `{` and a line break.
pub(crate) fn opens_object(text: &[u8]) -> bool {
    const OPENINGS: [&[u8]; 6] = [b"eyJ", b"eyAi", b"eyAg", b"ewog", b"ewki", b"ew0K"];
    OPENINGS.iter().any(|opening| text.starts_with(opening)) || text.starts_with(b"ewoJ")
}

/// Where in a word a token starts.
fn token_start(word: &[u8]) -> Option<usize> {
    if opens_object(word) {
        return Some(0);
    }
    let inner = (1..word.len()).find(|at| {
        matches!(word.get(at - 1), Some(b'.' | b'_' | b'-'))
            && opens_object(word.get(*at..).unwrap_or_default())
    })?;
    let parts = word.split(|byte| *byte == b'.').count();
    let second_part = word.iter().position(|byte| *byte == b'.') == Some(inner - 1);
    // A header that is damaged at its very start, and an intact payload.
    Some(if matches!(parts, 3 | 5) && second_part {
        0
    } else {
        inner
    })
}

/// What was taken off around a token that is all there is.
fn around(text: &str, start: usize, end: usize) -> impl Iterator<Item = Repair> {
    // A line break at the end is how a text ends, not damage.
    let after = text.get(end..).map(|after| match after {
        "\n" | "\r\n" => "",
        after => after,
    });
    let outside = [text.get(..start), after];
    let any = |is: fn(char) -> bool| outside.iter().flatten().any(|text| text.contains(is));
    let repairs = [
        (any(char::is_whitespace), Repair::WhiteSpaceRemoved),
        (any(|c| "\"'`<>()[]".contains(c)), Repair::QuotesRemoved),
        (any(join::is_invisible), Repair::InvisibleRemoved),
    ];
    repairs
        .into_iter()
        .filter_map(|(is, repair)| is.then_some(repair))
}

/// A text that is one word, as a broken token.
fn lone_word(text: &str) -> Option<Found> {
    let strip = |c: char| c.is_whitespace() || join::is_invisible(c) || "\"'`".contains(c);
    let word = text.trim_matches(strip);
    let single = !word.is_empty()
        && word.len() <= LONGEST_WORD
        && !word.contains(char::is_whitespace)
        && !word.starts_with("-----")
        && !word.starts_with(['{', '[']);
    let start = text.len() - text.trim_start_matches(strip).len();
    single.then(|| Found {
        span: start..start + word.len(),
        kind: kind_of(word),
        source: Source::Whole,
        text: word.to_owned(),
        repairs: around(text, start, start + word.len()).collect(),
    })
}
