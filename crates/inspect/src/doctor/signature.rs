//! Causes that lie in the signature: its form, and damage to it.

use jeton_jose::alg::{Curve, Family};
use jeton_jose::base64url;

use super::encoding::{decode_base64, decode_hex, symbol};
use super::key::is_public;
use super::trial::{Hypothesis, Key, Trial};
use super::{Case, Cause, CauseCode, Fixed};

/// Fewest characters of a beginning or an end that cannot agree by chance.
const TELLING: usize = 8;

/// The signature of the example that every introduction shows, under `your-256-bit-secret`.
const EXAMPLE: [(&str, &str, &str); 1] = [(
    "the HS256 example of jwt.io",
    "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.\
     eyJzdWIiOiIxMjM0NTY3ODkwIiwibmFtZSI6IkpvaG4gRG9lIiwiaWF0IjoxNTE2MjM5MDIyfQ",
    "SflKxwRJSMeKKF2QT4fwpMeJf36POk6yJV_adQssw5c",
)];

/// The well-known example token that this signature text belongs to.
pub fn example_of(signature: &str) -> Option<&'static str> {
    EXAMPLE
        .iter()
        .find(|(_, _, known)| *known == signature)
        .map(|(name, ..)| *name)
}

/// A signature taken from an example, or an example whose signature was changed.
pub(super) fn of_an_example(case: &Case<'_>, trial: &mut Trial<'_>) -> Option<Cause> {
    let specimen = &case.specimen;
    let sent = specimen.signature_sent.as_str();
    trial.count(Some(CauseCode::SignatureOfExample));
    for (name, message, signature) in EXAMPLE {
        match (specimen.message == message.as_bytes(), sent == signature) {
            (false, true) => {
                let detail = Some(format!("it is the signature of {name}"));
                return Some(Cause::new(CauseCode::SignatureOfExample, detail, true));
            }
            (true, false) => {
                let mut cause = compare(sent, signature)?;
                let detail = cause.detail.unwrap_or_default();
                cause.detail = Some(format!("compared with {name}: {detail}"));
                cause.fixed = Some(Fixed::Token(format!("{message}.{signature}")));
                return Some(cause);
            }
            _ => {}
        }
    }
    None
}

/// The signature read in other ways.
pub(super) fn other_forms(case: &Case<'_>) -> Vec<Hypothesis> {
    let specimen = &case.specimen;
    let mut readings = Vec::new();
    let mut read = |code, bytes: Option<Vec<u8>>| readings.extend(bytes.map(|bytes| (code, bytes)));
    read(
        CauseCode::SignatureHex,
        decode_hex(specimen.signature_text.as_bytes()),
    );
    read(CauseCode::SignatureHex, decode_hex(&specimen.signature));
    read(
        CauseCode::SignatureEncodedTwice,
        decode_base64(&specimen.signature),
    );
    let mut hypotheses = Vec::new();
    for (at, algorithm) in case.pairs() {
        let suppose = |code, bytes: Vec<u8>| {
            let token = specimen.token(&specimen.message, &base64url::encode(&bytes));
            Hypothesis::new(code, Key::Given(at), algorithm)
                .signature(bytes)
                .fixed(token)
        };
        for (code, bytes) in &readings {
            hypotheses.push(suppose(*code, bytes.clone()));
        }
        let row = algorithm.row();
        if let (Family::Ecdsa, Some(curve)) = (row.family, row.curve) {
            let der = read_der(&specimen.signature, curve);
            hypotheses.extend(der.map(|bytes| suppose(CauseCode::SignatureDer, bytes)));
        }
        if row.family == Family::RsaPss {
            let mut salt = Hypothesis::new(CauseCode::PssSaltLength, Key::Given(at), algorithm);
            salt.any_salt = true;
            hypotheses.push(salt);
        }
        if is_public(algorithm) {
            let ends = last_characters(&specimen.signature_sent).into_iter();
            hypotheses.extend(ends.map(|bytes| suppose(CauseCode::SignatureCut, bytes)));
        }
    }
    hypotheses
}

/// An HMAC can be computed, so that the signature can be compared with the right one.
pub(super) fn altered(case: &Case<'_>, trial: &mut Trial<'_>) -> Option<Cause> {
    let specimen = &case.specimen;
    let algorithm = case.hmac()?;
    for (at, _) in case.keys_for(algorithm).take(8) {
        let tag = trial.mac(at, algorithm, CauseCode::SignatureAltered)?;
        let right = base64url::encode(&tag);
        if let Some(mut cause) = compare(&specimen.signature_sent, &right) {
            cause.fixed = specimen.token(&specimen.message, &right);
            return Some(cause);
        }
    }
    None
}

/// A signature that cannot be whole, whatever the key.
pub(super) fn wrong_length(case: &Case<'_>, trial: &mut Trial<'_>) -> Option<Cause> {
    trial.count(Some(CauseCode::SignatureLength));
    let algorithm = case.specimen.algorithm?;
    let wanted = algorithm.row().signature_len.or_else(|| {
        let (_, key) = case.keys_for(algorithm).next()?;
        Some(key.jwk.material().bits().div_ceil(8))
    })?;
    let found = case.specimen.signature.len();
    if found == wanted || found == 0 {
        return None;
    }
    let detail = format!("it has {found} bytes, {algorithm} has {wanted}");
    let code = if found < wanted && wanted - found <= 8 {
        CauseCode::SignatureCut
    } else {
        CauseCode::SignatureLength
    };
    Some(Cause::new(code, Some(detail), false))
}

/// How a signature differs from the right one, if it came from it.
fn compare(sent: &str, right: &str) -> Option<Cause> {
    let cause = |code, detail: String| Some(Cause::new(code, Some(detail), true));
    if sent.is_empty() || sent == right {
        return None;
    }
    let same = sent
        .bytes()
        .zip(right.bytes())
        .take_while(|(one, two)| one == two)
        .count();
    let missing = right.len().saturating_sub(sent.len());
    // The last character of a cut text may have lost bits of its own.
    if missing > 0 && same + 1 >= sent.len() && same >= TELLING {
        let detail = format!("{missing} of {} characters are missing", right.len());
        return cause(CauseCode::SignatureCut, detail);
    }
    if sent.eq_ignore_ascii_case(right) {
        return cause(CauseCode::SignatureCaseChanged, differing(sent, right));
    }
    if missing > 0 && 4 * missing <= right.len() && is_subsequence(sent, right) {
        let detail = format!(
            "{missing} character(s) are missing, the first is number {}",
            same + 1
        );
        return cause(CauseCode::SignatureCharactersLost, detail);
    }
    let same_end = sent
        .bytes()
        .rev()
        .zip(right.bytes().rev())
        .take_while(|(one, two)| one == two)
        .count();
    let close = same >= TELLING || same_end >= TELLING || 3 * distance(sent, right) <= right.len();
    if !close {
        return None;
    }
    cause(CauseCode::SignatureAltered, differing(sent, right))
}

/// Which characters differ, in words.
fn differing(sent: &str, right: &str) -> String {
    let same = |(one, two): &(u8, u8)| one == two;
    let start = sent.bytes().zip(right.bytes()).take_while(same).count();
    let longest_end = sent.len().min(right.len()).saturating_sub(start);
    let end = sent
        .bytes()
        .rev()
        .zip(right.bytes().rev())
        .take(longest_end)
        .take_while(same)
        .count();
    let sent_part = sent.get(start..sent.len() - end).unwrap_or_default();
    let right_part = right.get(start..right.len() - end).unwrap_or_default();
    format!(
        "the first {start} and the last {end} characters are right; between them stands \
         `{sent_part}` where `{right_part}` belongs"
    )
}

fn is_subsequence(short: &str, long: &str) -> bool {
    let mut rest = long.bytes();
    short.bytes().all(|byte| rest.any(|other| other == byte))
}

/// Edit distance of the first 128 characters.
fn distance(one: &str, two: &str) -> usize {
    let one: Vec<u8> = one.bytes().take(128).collect();
    let two: Vec<u8> = two.bytes().take(128).collect();
    let mut row: Vec<usize> = (0..=two.len()).collect();
    for (at, a) in one.iter().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        let Some((first, rest)) = row.split_first_mut() else {
            return 0;
        };
        *first = left;
        for (cell, b) in rest.iter_mut().zip(&two) {
            let replaced = diagonal + usize::from(a != b);
            diagonal = *cell;
            left = replaced.min(left + 1).min(*cell + 1);
            *cell = left;
        }
    }
    row.last().copied().unwrap_or(0)
}

/// The signatures that this text can be with one more character, where these are few: the last
/// character of a text whose length is 2 or 3 modulo 4 has free bits.
fn last_characters(text: &str) -> Vec<Vec<u8>> {
    let step = match (text.len() + 1) % 4 {
        2 => 16,
        3 => 4,
        _ => return Vec::new(),
    };
    (0..64u8)
        .step_by(step)
        .filter_map(|value| base64url::decode(format!("{text}{}", char::from(symbol(value)))).ok())
        .collect()
}

/// `SEQUENCE { INTEGER r, INTEGER s }` as `r || s`.
fn read_der(bytes: &[u8], curve: Curve) -> Option<Vec<u8>> {
    let body = match bytes {
        [0x30, 0x81, len, body @ ..] | [0x30, len, body @ ..]
            if usize::from(*len) == body.len() =>
        {
            body
        }
        _ => return None,
    };
    let (r, rest) = read_integer(body, curve.coordinate_len())?;
    let (s, rest) = read_integer(rest, curve.coordinate_len())?;
    rest.is_empty().then(|| [r, s].concat())
}

fn read_integer(bytes: &[u8], len: usize) -> Option<(Vec<u8>, &[u8])> {
    let (integer, rest) = match bytes {
        [0x02, count, rest @ ..] => rest.split_at_checked(usize::from(*count))?,
        _ => return None,
    };
    let zeros = integer.iter().take_while(|byte| **byte == 0).count();
    let digits = integer.get(zeros..)?;
    let padding = len.checked_sub(digits.len())?;
    let mut out = vec![0; padding];
    out.extend_from_slice(digits);
    Some((out, rest))
}
