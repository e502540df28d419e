//! The stable codes of all tables, as the generated pages list them: one code, one meaning.

use std::collections::BTreeSet;

use anyhow::bail;

/// What is an error where it is verified, a finding where it is looked at, and perhaps a cause for
/// the doctor of signatures and the one of decryption: the same thing, so the same code.
const SHARED: [&str; 17] = [
    "another_algorithm",
    "another_key",
    "issued_in_future",
    "key_algorithm",
    "key_type",
    "key_usage",
    "key_weak",
    "kid_mismatch",
    "nonce_mismatch",
    "secret_base64",
    "secret_base64url",
    "secret_hex",
    "secret_line_break",
    "secret_not_decoded",
    "secret_spaces",
    "signature_missing",
    "token_cut",
];

/// Fails if a code stands for two errors, for two findings, or for an error and another finding.
pub(crate) fn check(errors: &str, findings: &str) -> anyhow::Result<()> {
    let ambiguous = ambiguous(errors, findings);
    if ambiguous.is_empty() {
        return Ok(());
    }
    bail!("these codes stand for two things: {}", ambiguous.join(", "));
}

fn ambiguous(errors: &str, findings: &str) -> Vec<String> {
    let mut found: BTreeSet<&str> = BTreeSet::new();
    let (of_errors, of_findings) = (codes(errors), codes(findings));
    let mut seen = BTreeSet::new();
    found.extend(of_errors.iter().filter(|code| !seen.insert(**code)));
    for code in &of_findings {
        if !seen.insert(code) && !SHARED.contains(code) {
            found.insert(code);
        }
    }
    found.into_iter().map(str::to_owned).collect()
}

/// The codes of a page: its headings, and the first cells of its tables.
fn codes(page: &str) -> Vec<&str> {
    page.lines()
        .filter_map(|line| {
            let rest = line
                .strip_prefix("## `")
                .or_else(|| line.strip_prefix("| `"))?;
            rest.split('`').next()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_code_has_one_meaning() {
        let errors = "## `a`\n\n## `key_weak`\n";
        let findings = "## `b`\n\n## `key_weak`\n\n| `c` | it | do |\n";
        assert!(check(errors, findings).is_ok());
        assert_eq!(ambiguous("## `a`\n## `a`\n", findings), ["a"]);
        assert_eq!(ambiguous(errors, "## `b`\n| `b` | it | do |\n"), ["b"]);
        assert_eq!(ambiguous(errors, "| `a` | it | do |\n"), ["a"]);
    }
}
