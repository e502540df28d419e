//! What is told of a person: claims by their standard names, from the account and its attributes.

use jeton_jose::json::{self, Document, Options, RawJson};
use jeton_oauth::Scope;
use jeton_oauth::claims::{Custom, word_for};
use jeton_store::account::Account;

/// The claims of these names that the account has.
pub(crate) fn about<'a>(account: &Account, names: impl IntoIterator<Item = &'a str>) -> Custom {
    let mut claims = Custom::default();
    for name in names {
        if let Some(value) = claim(account, name) {
            claims.insert(name, value);
        }
    }
    claims
}

/// Of single claims that a client asks for, those that its registered scope could tell as well.
pub(crate) fn tellable<'a>(
    asked: impl IntoIterator<Item = &'a String>,
    registered: &Scope,
) -> impl Iterator<Item = &'a str> {
    let asked = asked.into_iter().map(String::as_str);
    asked.filter(|claim| word_for(claim).is_some_and(|word| registered.contains(word)))
}

/// What the service knows itself never comes from an attribute.
fn claim(account: &Account, name: &str) -> Option<RawJson> {
    match name {
        "preferred_username" => raw(&account.username),
        "email" => raw(account.email.as_deref()?),
        "email_verified" => account.email.as_ref().and(raw(&account.email_verified)),
        _ => account.attributes.get(name).cloned(),
    }
}

fn raw<T: serde::Serialize + ?Sized>(value: &T) -> Option<RawJson> {
    let text = json::to_string(value).ok()?;
    let document = Document::parse(text.as_bytes(), &Options::strict()).ok()?;
    Some(RawJson::from(document.root()))
}
