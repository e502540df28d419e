//! Secrets and personal data, told by names and by unmistakable values. The message never repeats
//! the value.

use jeton_jose::json::Value;

use super::shown;
use crate::finding::FindingCode;

/// Names that hold a secret if they hold a string.
const SECRETS: [&str; 24] = [
    "password",
    "passwd",
    "pwd",
    "pass",
    "passphrase",
    "password_hash",
    "passwordhash",
    "hashed_password",
    "secret",
    "client_secret",
    "clientsecret",
    "api_key",
    "apikey",
    "api_secret",
    "private_key",
    "privatekey",
    "secret_key",
    "secretkey",
    "access_key",
    "access_token",
    "refresh_token",
    "accesstoken",
    "refreshtoken",
    "pin_code",
];

/// Names that hold personal data.
const PERSONAL: [&str; 24] = [
    "email",
    "phone_number",
    "phone",
    "mobile",
    "address",
    "street_address",
    "birthdate",
    "birthday",
    "date_of_birth",
    "dob",
    "gender",
    "ssn",
    "social_security_number",
    "national_id",
    "tax_id",
    "passport_number",
    "iban",
    "credit_card",
    "card_number",
    "msisdn",
    "place_of_birth",
    "nationalities",
    "birth_family_name",
    "ip_address",
];

/// How values begin that are secrets for sure, and what they are.
const PREFIXES: [(&str, &str); 14] = [
    ("AKIA", "an AWS access key"),
    ("ASIA", "an AWS access key"),
    ("ghp_", "a GitHub token"),
    ("gho_", "a GitHub token"),
    ("github_pat_", "a GitHub token"),
    ("glpat-", "a GitLab token"),
    ("xoxb-", "a Slack token"),
    ("xoxp-", "a Slack token"),
    ("sk_live_", "a Stripe key"),
    ("AIza", "a Google API key"),
    ("$2a$", "a password hash"),
    ("$2b$", "a password hash"),
    ("$2y$", "a password hash"),
    ("$argon2", "a password hash"),
];

/// Tells of a member by its name, and of a private key.
pub(super) fn member(name: &str, value: Value<'_>, mut tell: impl FnMut(FindingCode, String)) {
    let lower = name.to_ascii_lowercase().replace('-', "_");
    let holds_text = value.as_str().is_some_and(|text| !text.is_empty());
    if holds_text && SECRETS.contains(&lower.as_str()) {
        tell(
            FindingCode::SecretInClaims,
            format!("`{}` looks like a secret by its name", shown(name)),
        );
    }
    if let Some(key) = value.as_object()
        && key.get("kty").is_some()
        && ["d", "k"].iter().any(|name| key.get(name).is_some())
    {
        tell(
            FindingCode::SecretInClaims,
            format!("`{}` holds a private or secret key", shown(name)),
        );
    }
    let holds_data = holds_text || value.as_object().is_some() || value.as_array().is_some();
    if holds_data && PERSONAL.contains(&lower.as_str()) {
        tell(
            FindingCode::PersonalData,
            format!("`{}` is personal data by its name", shown(name)),
        );
    }
}

/// Tells of a string by its look.
pub(super) fn text(text: &str, mut tell: impl FnMut(FindingCode, String)) {
    let prefix = PREFIXES.iter().find(|(prefix, _)| text.starts_with(prefix));
    if let Some((prefix, what)) = prefix
        && (text.len() >= prefix.len() + 16)
        && !text.contains(char::is_whitespace)
    {
        tell(
            FindingCode::SecretInClaims,
            format!("a value looks like {what}"),
        );
    } else if text.contains("-----BEGIN") && text.contains("PRIVATE KEY-----") {
        tell(
            FindingCode::SecretInClaims,
            "a value is a private key in PEM".to_owned(),
        );
    } else if is_card_number(text) {
        tell(
            FindingCode::PersonalData,
            "a value looks like a payment card number".to_owned(),
        );
    } else if is_iban(text) {
        tell(
            FindingCode::PersonalData,
            "a value looks like a bank account number".to_owned(),
        );
    }
}

/// Grouped as on a card, or 16 digits in one, with the first digit and the check digit of a card
/// (ISO/IEC 7812).
fn is_card_number(text: &str) -> bool {
    if !(15..=19).contains(&text.len())
        || !text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b' ' || byte == b'-')
    {
        return false;
    }
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(10)).collect();
    let starts = matches!(digits.first(), Some(3..=6));
    let sum: u32 = digits
        .iter()
        .rev()
        .enumerate()
        .map(|(at, digit)| match (at % 2, digit * 2) {
            (0, _) => *digit,
            (_, double @ 10..) => double - 9,
            (_, double) => double,
        })
        .sum();
    let grouped = text.contains([' ', '-']);
    starts && sum % 10 == 0 && (digits.len() == 16 || (digits.len() == 15 && grouped))
}

/// Two letters, two check digits, and the sum of ISO 13616.
fn is_iban(text: &str) -> bool {
    let compact: Vec<u8> = text.bytes().filter(|byte| *byte != b' ').take(35).collect();
    let shape = (15..=34).contains(&compact.len())
        && text.len() <= 48
        && matches!(&compact[..], [one, two, three, four, ..]
            if one.is_ascii_uppercase() && two.is_ascii_uppercase() && three.is_ascii_digit() && four.is_ascii_digit());
    if !shape {
        return false;
    }
    let mut remainder = 0_u32;
    for byte in compact.iter().cycle().skip(4).take(compact.len()) {
        remainder = match byte {
            b'0'..=b'9' => remainder * 10 + u32::from(byte - b'0'),
            b'A'..=b'Z' => remainder * 100 + u32::from(byte - b'A') + 10,
            _ => return false,
        } % 97;
    }
    remainder == 1
}
