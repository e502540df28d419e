//! Mends a compact token that was wrapped, spaced, escaped or percent-encoded on its way.
//!
//! With restraint where other text follows: a line is joined only if it is nothing but a part of a
//! token and the lines before leave the token incomplete or have the width of wrapped text.

use super::Repair;
use super::scan::{SHORTEST, opens_object};

/// A longer word is not taken over its damage.
const LONGEST_DAMAGE: usize = 16 * 1024;

/// A token put together.
pub(super) struct Joined {
    /// Where it ends in the text.
    pub(super) end: usize,
    pub(super) text: String,
    pub(super) repairs: Vec<Repair>,
}

impl Joined {
    /// Takes the disclosures that follow a signed token, and the key-binding JWT (RFC 9901 §4).
    pub(super) fn disclosures(&mut self, text: &str, alone: bool) {
        let rest = text.get(self.end..).unwrap_or_default();
        let mut end = 0;
        let mut tail = String::new();
        let mut repairs = Vec::new();
        for (at, character) in rest.char_indices() {
            match character {
                '~' => {}
                _ if tail.is_empty() && !(alone && is_blank(character)) => return,
                _ if u8::try_from(character).is_ok_and(is_symbol) => {}
                '=' if !tail.ends_with('~') => {}
                '\n' | '\r' if alone => {
                    repairs.push(Repair::LinesJoined);
                    continue;
                }
                ' ' | '\t' if alone => {
                    repairs.push(Repair::WhiteSpaceRemoved);
                    continue;
                }
                _ => break,
            }
            tail.push(character);
            end = at + character.len_utf8();
        }
        if tail.is_empty() {
            return;
        }
        // A full stop that ends the sentence, not the token.
        if tail.ends_with('.') {
            tail.pop();
            end -= 1;
        }
        self.text.push_str(&tail);
        if rest
            .get(..end)
            .is_some_and(|taken| taken.contains(is_blank))
        {
            self.repairs.append(&mut repairs);
        }
        self.end += end;
    }
}

fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\r' | '\n')
}

/// Puts together the token that starts at `start`. `alone` says that the text holds nothing else.
pub(super) fn join(text: &str, start: usize, alone: bool) -> Joined {
    let mut joiner = Joiner {
        text,
        bytes: text.as_bytes(),
        start,
        at: start,
        line_start: start,
        previous_line: None,
        alone,
        dots: 0,
        out: String::new(),
        repairs: Vec::new(),
    };
    while joiner.step() {}
    joiner.finish()
}

/// Whether a text is nothing but symbols of a token, what may be mended between them, and quotes
/// around them.
pub(super) fn is_alone(text: &str) -> bool {
    text.trim_matches(is_wrapping)
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "-_.~+/=%\\ \t\r\n".contains(c) || is_invisible(c))
}

/// Whether a text is nothing but what may stand around a token.
pub(super) fn is_around(text: &str) -> bool {
    text.chars().all(is_wrapping)
}

fn is_wrapping(character: char) -> bool {
    character.is_whitespace() || is_invisible(character) || "\"'`<>()[],;".contains(character)
}

/// What ends a word, whatever the word is.
fn is_delimiter(character: char) -> bool {
    is_wrapping(character) || "{}&?#|\\:=@%".contains(character)
}

/// Base64url and the dot.
pub(super) fn is_symbol(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')
}

/// What copying from pages and messages brings along.
pub(super) fn is_invisible(character: char) -> bool {
    matches!(
        character,
        '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{FEFF}'
    )
}

/// The length of the percent-encoded character at `at`.
pub(super) fn percent_len(bytes: &[u8], at: usize) -> Option<usize> {
    percent(bytes, at).map(|_| 3)
}

/// The length of the backslash escape at `at`.
pub(super) fn escape_len(bytes: &[u8], at: usize) -> Option<usize> {
    match bytes.get(at + 1)? {
        b'n' | b'r' | b't' | b'"' | b'\'' | b'\\' => Some(2),
        b'u' => {
            let digits = bytes.get(at + 2..at + 6)?;
            digits.iter().all(u8::is_ascii_hexdigit).then_some(6)
        }
        _ => None,
    }
}

fn percent(bytes: &[u8], at: usize) -> Option<u8> {
    let [b'%', high, low] = bytes.get(at..at + 3)? else {
        return None;
    };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? << 4 | digit(low)?).ok()
}

/// Whether the word before `start` is the beginning of a URL or form.
fn is_in_url(text: &str, start: usize) -> bool {
    let from = start.saturating_sub(256);
    let before = text.as_bytes().get(from..start).unwrap_or_default();
    let word = before
        .rsplit(|byte| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\''))
        .next()
        .unwrap_or_default();
    word.windows(3).any(|part| part == b"://")
        || word.iter().any(|byte| matches!(byte, b'?' | b'&'))
}

struct Joiner<'t> {
    text: &'t str,
    bytes: &'t [u8],
    start: usize,
    at: usize,
    line_start: usize,
    previous_line: Option<usize>,
    alone: bool,
    dots: usize,
    out: String,
    repairs: Vec<Repair>,
}

/// What stands between two stretches of a token.
struct Gap {
    end: usize,
    line_break: bool,
    repair: Repair,
}

impl Joiner<'_> {
    /// Takes the next stretch; `false` where the token ends.
    fn step(&mut self) -> bool {
        let stretch = self.stretch_len(self.at);
        if stretch > 0 {
            self.take(stretch);
            return true;
        }
        match self.bytes.get(self.at) {
            Some(b'%') => self.percent(),
            Some(b'=') => self.padding(),
            Some(b'+' | b'/') => {
                let next = self.bytes.get(self.at + 1);
                let goes_on = next.is_some_and(|byte| is_symbol(*byte) || b"+/=".contains(byte));
                let taken = goes_on && !is_in_url(self.text, self.start);
                if taken {
                    self.take(1);
                }
                taken
            }
            Some(_) => self.gap() || self.damage(),
            None => false,
        }
    }

    fn take(&mut self, len: usize) {
        let stretch = self.text.get(self.at..self.at + len).unwrap_or_default();
        self.dots += stretch.matches('.').count();
        self.out.push_str(stretch);
        self.at += len;
    }

    fn stretch_len(&self, at: usize) -> usize {
        let rest = self.bytes.get(at..).unwrap_or_default();
        rest.iter().take_while(|byte| is_symbol(**byte)).count()
    }

    fn percent(&mut self) -> bool {
        let Some(byte) = percent(self.bytes, self.at) else {
            return false;
        };
        match byte {
            byte if is_symbol(byte) || matches!(byte, b'=' | b'+' | b'/') => {
                self.dots += usize::from(byte == b'.');
                self.out.push(char::from(byte));
            }
            b'\r' | b'\n' | b' '
                if percent(self.bytes, self.at + 3).is_some()
                    || self.stretch_len(self.at + 3) > 0 => {}
            _ => return false,
        }
        self.at += 3;
        self.repairs.push(Repair::PercentDecoded);
        true
    }

    /// `=` at the end of a part or of the token.
    fn padding(&mut self) -> bool {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let len = rest.iter().take_while(|byte| **byte == b'=').count();
        let at_end = match rest.get(len) {
            None | Some(b'.') => true,
            Some(byte) => !is_symbol(*byte),
        };
        if len <= 2 && at_end {
            self.take(len);
        }
        len <= 2 && at_end
    }

    /// Takes a character that no token has with the rest of its word, if that completes the token
    /// or is all there is.
    fn damage(&mut self) -> bool {
        // What is too short to be answered as found is not worth the search.
        if self.out.len() < SHORTEST {
            return false;
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        // What follows a tilde is a disclosure.
        if self.dots == 2 && rest.starts_with('~') {
            return false;
        }
        let mut ends = rest.char_indices().take(LONGEST_DAMAGE + 1);
        let len = ends
            .find(|(_, c)| is_delimiter(*c))
            .map_or(rest.len(), |(at, _)| at);
        let (word, after) = rest.split_at_checked(len).unwrap_or_default();
        let dots = self.dots + word.matches('.').count();
        let before = self.text.get(..self.start).unwrap_or_default();
        let taken = len > 0
            && len <= LONGEST_DAMAGE
            && matches!(dots, 2 | 4)
            && (dots > self.dots || (is_around(before) && is_around(after)));
        if taken {
            self.take(len);
        }
        taken
    }

    /// Goes over what separates this stretch from the next, if the next belongs to the token.
    fn gap(&mut self) -> bool {
        let Some(gap) = self.gap_here() else {
            return false;
        };
        let next = self.stretch_len(gap.end);
        if next == 0 || !self.belongs(&gap, next) {
            return false;
        }
        if gap.line_break {
            self.previous_line = Some(self.at - self.line_start);
            self.line_start = gap.end;
        }
        self.at = gap.end;
        self.repairs.push(gap.repair);
        true
    }

    fn gap_here(&self) -> Option<Gap> {
        let mut gap = Gap {
            end: self.at,
            line_break: false,
            repair: Repair::InvisibleRemoved,
        };
        // Longer gaps are no wrapping.
        let last = self.at + 64;
        while gap.end < last {
            let rest = self.text.get(gap.end..)?;
            let character = rest.chars().next()?;
            let (len, repair) = match character {
                '\n' | '\r' => (1, Repair::LinesJoined),
                ' ' | '\t' | '\u{A0}' => (character.len_utf8(), Repair::WhiteSpaceRemoved),
                '\\' if rest.starts_with("\\\n") || rest.starts_with("\\\r") => {
                    (1, Repair::LinesJoined)
                }
                '\\' if matches!(rest.as_bytes().get(1), Some(b'n' | b'r')) => {
                    (2, Repair::EscapesRemoved)
                }
                _ if is_invisible(character) => (character.len_utf8(), Repair::InvisibleRemoved),
                _ => break,
            };
            gap.line_break |= matches!(repair, Repair::LinesJoined | Repair::EscapesRemoved);
            gap.repair = match (gap.repair, repair) {
                (Repair::LinesJoined | Repair::EscapesRemoved, Repair::WhiteSpaceRemoved)
                | (_, Repair::InvisibleRemoved) => gap.repair,
                _ => repair,
            };
            gap.end += len;
        }
        (gap.end > self.at).then_some(gap)
    }

    fn belongs(&self, gap: &Gap, next: usize) -> bool {
        let stretch = self.text.get(gap.end..gap.end + next).unwrap_or_default();
        let next_dots = stretch.matches('.').count();
        if self.dots + next_dots > 4 || (opens_object(stretch.as_bytes()) && next_dots >= 2) {
            return false;
        }
        if gap.repair == Repair::InvisibleRemoved {
            return true;
        }
        let complete = self.dots == 2 || self.dots == 4;
        if self.out.ends_with('.') || stretch.starts_with('.') {
            // A full stop may end the sentence instead.
            let may_be_over = self.out.ends_with('.') && self.dots >= 2;
            return self.alone || !may_be_over || (gap.line_break && next >= 16);
        }
        if !gap.line_break {
            return self.alone && !complete && next >= 4;
        }
        let line = self.at - self.line_start;
        if !self.is_whole_line(gap.end + next) {
            return false;
        }
        if !complete {
            return next >= if self.alone { 1 } else { 8 };
        }
        (line >= 32 || self.alone) && next <= line && self.is_wrapped(line)
    }

    /// Whether nothing but a closing quote or the like follows on the line.
    fn is_whole_line(&self, end: usize) -> bool {
        let rest = self.text.get(end..).unwrap_or_default();
        let rest = rest.trim_start_matches(['=', ' ', '\t', '\r', '"', '\'', '`', ',', ';', ')']);
        rest.is_empty() || rest.starts_with(['\n', '\\'])
    }

    /// Whether the line ends where wrapped text does.
    fn is_wrapped(&self, line: usize) -> bool {
        if let Some(previous) = self.previous_line {
            return previous == line;
        }
        let before = self.bytes.get(..self.line_start).unwrap_or_default();
        let indent = before
            .iter()
            .rev()
            .take(256)
            .take_while(|byte| **byte != b'\n')
            .count();
        [line, line + indent]
            .iter()
            .any(|width| matches!(width, 60 | 64 | 70 | 72 | 75..=80 | 100 | 120))
    }

    fn finish(mut self) -> Joined {
        // A full stop that ends the sentence, not the token.
        if matches!(self.dots, 3 | 5) && self.out.ends_with('.') {
            self.out.pop();
            self.at -= 1;
        }
        Joined {
            end: self.at,
            text: self.out,
            repairs: self.repairs,
        }
    }
}
