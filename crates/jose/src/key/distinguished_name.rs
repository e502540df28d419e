//! The names in certificates as text (RFC 4514).
//!
//! `x509-cert` writes them too, with a database of every object identifier that has a name; that
//! is larger than all else that is read here.

use core::fmt::{self, Write as _};

use der::oid::ObjectIdentifier;
use der::{Encode as _, Tag, Tagged as _};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::name::Name;

/// The attributes of RFC 4514 §3, then others that certificates in use have.
const ATTRIBUTES: [(ObjectIdentifier, &str); 15] = [
    (oid("2.5.4.3"), "CN"),
    (oid("2.5.4.7"), "L"),
    (oid("2.5.4.8"), "ST"),
    (oid("2.5.4.10"), "O"),
    (oid("2.5.4.11"), "OU"),
    (oid("2.5.4.6"), "C"),
    (oid("2.5.4.9"), "STREET"),
    (oid("0.9.2342.19200300.100.1.25"), "DC"),
    (oid("0.9.2342.19200300.100.1.1"), "UID"),
    (oid("2.5.4.4"), "SN"),
    (oid("2.5.4.5"), "SERIALNUMBER"),
    (oid("2.5.4.12"), "TITLE"),
    (oid("2.5.4.42"), "GN"),
    (oid("2.5.4.97"), "ORGANIZATIONIDENTIFIER"),
    (oid("1.2.840.113549.1.9.1"), "EMAILADDRESS"),
];

const fn oid(text: &str) -> ObjectIdentifier {
    ObjectIdentifier::new_unwrap(text)
}

/// A name as RFC 4514 writes it, the last part first.
pub(super) struct Text<'a>(pub(super) &'a Name);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts: Vec<_> = self.0.iter_rdn().collect();
        for (place, part) in parts.into_iter().rev().enumerate() {
            if place > 0 {
                f.write_char(',')?;
            }
            for (place, attribute) in part.iter().enumerate() {
                if place > 0 {
                    f.write_char('+')?;
                }
                write_attribute(attribute, f)?;
            }
        }
        Ok(())
    }
}

fn write_attribute(attribute: &AttributeTypeAndValue, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let known = ATTRIBUTES.iter().find(|(oid, _)| *oid == attribute.oid);
    if let (Some((_, name)), Some(text)) = (known, text(attribute)) {
        write!(f, "{name}=")?;
        write_escaped(text, f)
    } else {
        write!(f, "{}=#", attribute.oid)?;
        let value = attribute.value.to_der().map_err(|_| fmt::Error)?;
        value.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The value, if it is one of the types of text that are read as UTF-8 or a part of it.
fn text(attribute: &AttributeTypeAndValue) -> Option<&str> {
    let text = core::str::from_utf8(attribute.value.value()).ok()?;
    match attribute.value.tag() {
        Tag::Utf8String => Some(text),
        Tag::PrintableString | Tag::Ia5String | Tag::TeletexString => {
            text.is_ascii().then_some(text)
        }
        _ => None,
    }
}

/// RFC 4514 §2.4, and control characters in the same way.
fn write_escaped(text: &str, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let last = text.len().saturating_sub(1);
    for (place, c) in text.char_indices() {
        match c {
            '#' if place == 0 => f.write_str("\\#")?,
            ' ' if place == 0 || place == last => f.write_str("\\ ")?,
            '"' | '+' | ',' | ';' | '<' | '>' | '\\' => write!(f, "\\{c}")?,
            '\0'..='\x1f' | '\x7f' => write!(f, "\\{:02x}", u32::from(c))?,
            _ => f.write_char(c)?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use core::str::FromStr as _;

    use super::*;

    #[test]
    fn names_are_written_as_the_rfc_does() {
        // Most are RFC 4514 §4.
        for name in [
            "CN=leaf",
            "UID=jsmith,DC=example,DC=net",
            "OU=Sales+CN=J.  Smith,DC=example,DC=net",
            "CN=James \\\"Jim\\\" Smith\\, III,DC=example,DC=net",
            "CN=Before\\0dAfter,DC=example,DC=net",
            "1.3.6.1.4.1.1466.0=#04024869",
            "CN=Lučić",
            "CN=\\#a\\ ,L=\\ b\\+\\;\\<\\>\\\\,ST=s,O=o,C=FR,STREET=x",
            "SERIALNUMBER=7,TITLE=t,SN=n",
        ] {
            let read = Name::from_str(name).unwrap();
            assert_eq!(Text(&read).to_string(), name);
        }
        // What has no name here, and what is no text.
        for name in ["2.5.4.13=#0c0161", "2.5.4.3=#040161"] {
            let read = Name::from_str(name).unwrap();
            assert_eq!(Text(&read).to_string(), name);
        }
    }
}
