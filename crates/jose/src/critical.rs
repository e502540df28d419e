//! The `crit` header parameter (RFC 7515 §4.1.11, RFC 7516 §4.1.13).

use crate::json::Value;
use crate::malformed::Malformed;

/// What a well-formed `crit` comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Critical {
    /// Every extension that it lists is understood.
    Understood,
    /// It lists one that is not.
    Unsupported,
}

/// Reads `crit`. `implemented` are extensions of this library, `understood` those of its caller.
///
/// # Errors
/// It is not a non-empty list of distinct extension names that are all in the protected header.
pub(crate) fn check(
    protected: Value<'_>,
    critical: Value<'_>,
    implemented: &[&str],
    understood: &[String],
) -> Result<Critical, Malformed> {
    let names = critical.as_array().ok_or(crit("is not an array"))?;
    if names.is_empty() {
        return Err(crit("is empty"));
    }
    if names.len() > MOST_NAMES {
        return Err(crit("lists too many names"));
    }
    let mut verdict = Critical::Understood;
    for (position, name) in names.iter().enumerate() {
        let name = name
            .as_str()
            .ok_or(crit("lists something that is not a string"))?;
        if REGISTERED.contains(&name) {
            return Err(crit("lists a registered parameter"));
        }
        let mut earlier = names.iter().take(position);
        if earlier.any(|earlier| earlier.as_str() == Some(name)) {
            return Err(crit("lists a name twice"));
        }
        if protected
            .as_object()
            .is_none_or(|header| header.get(name).is_none())
        {
            return Err(crit("lists a name that is not in the protected header"));
        }
        if !implemented.contains(&name) && !understood.iter().any(|known| known == name) {
            verdict = Critical::Unsupported;
        }
    }
    Ok(verdict)
}

/// Whether `crit` lists the name.
pub(crate) fn lists(critical: Value<'_>, name: &str) -> bool {
    let mut names = critical.as_array().into_iter().flatten();
    names.any(|listed| listed.as_str() == Some(name))
}

const MOST_NAMES: usize = 16;

/// Parameters that RFC 7515, RFC 7516 and RFC 7518 define; `crit` must not list them.
const REGISTERED: [&str; 20] = [
    "alg", "jku", "jwk", "kid", "x5u", "x5c", "x5t", "x5t#S256", "typ", "cty", "crit", "enc",
    "zip", "epk", "apu", "apv", "iv", "tag", "p2s", "p2c",
];

const fn crit(problem: &'static str) -> Malformed {
    Malformed::Crit { problem }
}
