//! A report as a page for people: each part of the token, then the verdict.

mod names;
mod table;
mod value;
mod verdict;

use jeton_jose::UnixTime;
use jeton_jose::alg::{Algorithm, Family, Hash};
use jeton_jose::json::{Document, Object, Value};
use jeton_jose::jws::{HeaderAlgorithm, Malformed};

use crate::report::Report;
use crate::session::Session;
use crate::terminal::{Page, Text, style};
use crate::token::{Form, Signature, Token};

pub(crate) use table::table;
pub(crate) use value::{Row, rows};
pub(crate) use verdict::key_type;

/// The whole page.
pub(crate) fn report(report: &Report<'_>, session: &Session) -> Page {
    let mut page = session.page();
    if let Some(token) = report.token
        && token.is_readable()
    {
        for (position, signature) in token.signatures.iter().enumerate() {
            let number = (token.form == Form::General).then_some(position + 1);
            header(&mut page, signature, number);
        }
        if token.malformed != Some(Malformed::Encrypted) {
            content(&mut page, report, token, session);
            signatures(&mut page, token);
        }
    }
    verdict::keys(&mut page, report);
    verdict::verdict(&mut page, report);
    page
}

/// What an algorithm is, in words.
pub(crate) fn algorithm(algorithm: Algorithm) -> String {
    let row = algorithm.row();
    let hash = match row.hash {
        Some(Hash::Sha256) => " with SHA-256",
        Some(Hash::Sha384) => " with SHA-384",
        Some(Hash::Sha512) => " with SHA-512",
        None => "",
    };
    match (row.family, row.curve) {
        (Family::Hmac, _) => format!("HMAC{hash}"),
        (Family::RsaPkcs1, _) => format!("RSA PKCS#1 v1.5{hash}"),
        (Family::RsaPss, _) => format!("RSA PSS{hash}"),
        (Family::Ecdsa, Some(curve)) => format!("ECDSA on {}{hash}", curve.name()),
        (Family::MlDsa, _) => "module-lattice signature (FIPS 204)".to_owned(),
        (Family::EdDsa | Family::Ecdsa, _) => "Edwards curve 25519".to_owned(),
    }
}

fn title(page: &mut Page, style: anstyle::Style, title: &str, remark: &str) {
    let line = Text::new(style.bold(), title);
    let line = if remark.is_empty() {
        line
    } else {
        line.with(style::DIM, &format!("  {remark}"))
    };
    page.line(&line, 2);
}

fn header(page: &mut Page, signature: &Signature, number: Option<usize>) {
    let number = number
        .map(|number| format!(" {number}"))
        .unwrap_or_default();
    if let Some(document) = &signature.header {
        title(page, style::HEADER, &format!("Header{number}"), "");
        parameter_rows(page, document, Some(signature.algorithm()));
    } else {
        let remark = if signature.unprotected.is_some() {
            "none protected"
        } else {
            "cannot be read"
        };
        title(page, style::HEADER, &format!("Header{number}"), remark);
    }
    page.blank();
    if let Some(document) = &signature.unprotected {
        title(
            page,
            style::HEADER,
            &format!("Unprotected header{number}"),
            "no signature covers it",
        );
        parameter_rows(page, document, None);
        page.blank();
    }
}

fn parameter_rows(
    page: &mut Page,
    document: &Document<'_>,
    protected_algorithm: Option<HeaderAlgorithm>,
) {
    let room = room(page);
    let all: Vec<Row> = members(document)
        .map(|member| {
            let plain = value::lines(member.value, room);
            let lines = match (member.name, protected_algorithm) {
                ("alg", Some(HeaderAlgorithm::Known(known))) => {
                    vec![
                        Text::new(style::BOLD, known.name())
                            .with(style::DIM, &format!("  {}", algorithm(known))),
                    ]
                }
                ("alg", Some(HeaderAlgorithm::None)) => {
                    vec![
                        Text::new(style::BAD.bold(), "none")
                            .with(style::BAD, "  unsigned: anybody could have written it"),
                    ]
                }
                ("jku" | "x5u", _) => with_remark(plain, "never fetched"),
                ("jwk" | "x5c", _) => with_remark(plain, "never trusted"),
                _ => plain,
            };
            Row::new(member.name, names::of_parameter(member.name), lines)
        })
        .collect();
    rows(page, &all, style::HEADER);
}

fn content(page: &mut Page, report: &Report<'_>, token: &Token, session: &Session) {
    if let Some(claims) = &token.claims {
        title(
            page,
            style::CLAIMS,
            "Claims",
            if report.signed.is_empty() {
                "not verified"
            } else {
                ""
            },
        );
        claim_rows(page, claims, session);
        return page.blank();
    }
    let payload = report.detached.or(token.payload.as_deref());
    let remark = match (report.detached, payload) {
        (Some(bytes), _) => format!("{} bytes, detached", bytes.len()),
        (None, Some(bytes)) => format!("{} bytes, not a JSON object", bytes.len()),
        (None, None) if token.malformed.is_some() => "cannot be read".to_owned(),
        (None, None) => "empty or detached".to_owned(),
    };
    title(page, style::CLAIMS, "Payload", &remark);
    if let Some(payload) = payload {
        for line in payload_lines(payload) {
            page.line(&Text::new(style::PLAIN, "  ").with(style::PLAIN, &line), 2);
        }
    }
    page.blank();
}

fn claim_rows(page: &mut Page, claims: &Document<'_>, session: &Session) {
    let room = room(page);
    let all: Vec<Row> = members(claims)
        .map(|member| {
            let lines = time_lines(member.name, member.value, session)
                .unwrap_or_else(|| value::lines(member.value, room));
            Row::new(member.name, names::of_claim(member.name), lines)
        })
        .collect();
    rows(page, &all, style::CLAIMS);
}

fn time_lines(name: &str, value: Value<'_>, session: &Session) -> Option<Vec<Text>> {
    if !names::is_time(name) {
        return None;
    }
    let number = value.as_number()?.text();
    let time = UnixTime::from_numeric_date(number)?;
    let mut lines = value::time_lines(time, number, session)?;
    let remark = match name {
        "exp" if time <= session.now => "  EXPIRED",
        "nbf" if time > session.now => "  NOT YET VALID",
        "iat" if time > session.now => "  IN THE FUTURE",
        _ => "",
    };
    if let Some(first) = lines.first_mut() {
        *first = std::mem::take(first).with(style::BAD.bold(), remark);
    }
    Some(lines)
}

/// The first lines of a payload that is no JSON object.
fn payload_lines(payload: &[u8]) -> Vec<String> {
    const MOST_LINES: usize = 40;
    const MOST_BYTES: usize = 16;
    let Ok(text) = core::str::from_utf8(payload) else {
        let start: Vec<_> = payload
            .iter()
            .take(MOST_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let more = if payload.len() > MOST_BYTES {
            " …"
        } else {
            ""
        };
        return vec![format!("not text, begins with {}{more}", start.join(" "))];
    };
    let mut lines: Vec<_> = text.lines().take(MOST_LINES).map(str::to_owned).collect();
    let left = text.lines().count() - lines.len();
    if left > 0 {
        lines.push(format!("… {left} more lines"));
    }
    lines
}

fn signatures(page: &mut Page, token: &Token) {
    for (position, signature) in token.signatures.iter().enumerate() {
        let name = match token.form {
            Form::General => format!("Signature {}", position + 1),
            _ => "Signature".to_owned(),
        };
        let remark = match &signature.bytes {
            Some(bytes) if bytes.is_empty() => "missing".to_owned(),
            Some(bytes) => format!("{} bytes", bytes.len()),
            None => "cannot be read".to_owned(),
        };
        title(page, style::SIGNATURE, &name, &remark);
    }
    page.blank();
}

fn with_remark(mut lines: Vec<Text>, remark: &str) -> Vec<Text> {
    lines.push(Text::new(style::DIM, remark));
    lines
}

/// Columns that a value has on one line.
fn room(page: &Page) -> usize {
    page.width().min(100).saturating_sub(24).max(16)
}

fn members<'d>(document: &'d Document<'_>) -> impl Iterator<Item = jeton_jose::json::Member<'d>> {
    document
        .root()
        .as_object()
        .into_iter()
        .flat_map(Object::iter)
}
