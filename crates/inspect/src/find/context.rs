//! Tells from what precedes a token where it stood.

use super::Source;

/// How far back is looked.
const REACH: usize = 4096;

/// Where the token that starts at `start` stood.
pub(super) fn source(text: &str, start: usize) -> Source {
    let mut from = start.saturating_sub(REACH);
    while !text.is_char_boundary(from) {
        from += 1;
    }
    let before = text.get(from..start).unwrap_or_default();
    let line = before.rsplit('\n').next().unwrap_or_default();
    let line = if line.trim().is_empty() {
        before.trim_end()
    } else {
        line
    };
    authorization(line)
        .or_else(|| assignment(line))
        .or_else(|| field(line))
        .unwrap_or(Source::Bare)
}

/// `Bearer eyJ`
fn authorization(line: &str) -> Option<Source> {
    let rest = trim_gap(line);
    if rest.len() == line.len() {
        return None;
    }
    let scheme = last_word(rest, |byte| byte.is_ascii_alphabetic());
    let known = ["bearer", "dpop", "pop", "jwt", "gnap"];
    let in_field = || line.to_ascii_lowercase().contains("authorization");
    let is_scheme = known.iter().any(|name| name.eq_ignore_ascii_case(scheme))
        || (scheme.eq_ignore_ascii_case("token") && in_field());
    is_scheme.then(|| Source::Authorization {
        scheme: scheme.to_owned(),
    })
}

/// `name=eyJ`
fn assignment(line: &str) -> Option<Source> {
    let rest = trim_quotes(line);
    let rest = rest
        .strip_suffix('=')
        .or_else(|| rest.strip_suffix("%3D"))
        .or_else(|| rest.strip_suffix("%3d"))?;
    let name = last_word(rest, |byte| {
        byte.is_ascii_alphanumeric()
            || matches!(byte, b'_' | b'-' | b'.' | b'[' | b']' | b':' | b'~')
    });
    let before = rest.get(..rest.len() - name.len()).unwrap_or_default();
    let name = || name.to_owned();
    let word = before
        .rsplit([' ', '\t', '"', '\''])
        .next()
        .unwrap_or_default();
    let lower = line.to_ascii_lowercase();
    let source = if is_cookie(&lower) {
        Source::Cookie { name: name() }
    } else if before.ends_with('#') || (before.ends_with('&') && word.contains('#')) {
        Source::FragmentParameter { name: name() }
    } else if before.ends_with('?') || (before.ends_with('&') && word.contains('?')) {
        Source::QueryParameter { name: name() }
    } else {
        Source::Parameter { name: name() }
    };
    Some(source)
}

fn is_cookie(line: &str) -> bool {
    line.contains("cookie:")
        || line.contains("cookie\":")
        || line.contains("--cookie ")
        || line.contains(" -b ")
}

/// `name: eyJ`, `"name": "eyJ`
fn field(line: &str) -> Option<Source> {
    let rest = trim_quotes(line).strip_suffix(':')?.trim_end();
    let unquoted = rest.trim_end_matches(['\\', '"', '\'']);
    let name = last_word(unquoted, |byte| {
        byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
    });
    if name.is_empty() {
        return None;
    }
    let before = unquoted
        .get(..unquoted.len() - name.len())
        .unwrap_or_default();
    let name = name.to_owned();
    let quoted = rest.len() > unquoted.len();
    let is_header = name.contains('-')
        || name.eq_ignore_ascii_case("authorization")
        || name.eq_ignore_ascii_case("dpop")
        || before.trim_end_matches(['"', '\'']).ends_with("-H ");
    Some(if quoted {
        Source::JsonMember {
            pointer: format!("/{name}"),
        }
    } else if is_header {
        Source::Header { name }
    } else {
        Source::Parameter { name }
    })
}

fn trim_quotes(line: &str) -> &str {
    line.trim_end_matches(['"', '\'', '`', '\\', ' ', '\t'])
}

/// What separates a scheme from its token, encoded or not.
fn trim_gap(line: &str) -> &str {
    let mut rest = line;
    loop {
        let shorter = trim_quotes(rest).trim_end_matches(['+', ':', '\n', '\r']);
        let shorter = shorter.strip_suffix("%20").unwrap_or(shorter);
        if shorter.len() == rest.len() {
            return rest;
        }
        rest = shorter;
    }
}

fn last_word(text: &str, is_part: fn(u8) -> bool) -> &str {
    let len = text.bytes().rev().take_while(|byte| is_part(*byte)).count();
    text.get(text.len() - len..).unwrap_or_default()
}
