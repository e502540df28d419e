//! Who may get which scope.
//!
//! A client never gets more than it is registered for. A word of OpenID's needs nothing else. A
//! word of an API needs the account's permission of the same name, unless the API is open to every
//! account, and counts only in tokens for that API. The service itself is an API as well: its words
//! are [`OWN`]. A word that nobody knows is nobody's.

use std::collections::BTreeSet;

use jeton_oauth::{ErrorCode, OAuthError, Resource, Scope};
use jeton_store::access::{Api, Entitlements};
use jeton_store::{AccountId, StoreError};

use crate::answer::Failure;
use crate::clients::KnownClient;
use crate::issuer::Issuer;

/// The words of OpenID Connect Core §5.4 and §11.
const OPENID: [&str; 6] = [
    "openid",
    "profile",
    "email",
    "address",
    "phone",
    "offline_access",
];

/// What may be done to the service itself.
pub(crate) const OWN: [&str; 1] = ["revocations:read"];

/// What a word of a scope needs, beside a client that is registered for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Need {
    Nothing,
    /// The account's permission of the same name.
    Permission,
    /// It cannot be had in this token.
    Impossible,
}

/// Where a token is to count.
#[derive(Debug)]
pub(crate) struct Reach<'a> {
    known: &'a [Api],
    resources: &'a [Resource],
    url: &'a str,
}

impl<'a> Reach<'a> {
    pub(crate) fn new(issuer: &'a Issuer, known: &'a [Api], resources: &'a [Resource]) -> Self {
        Self {
            known,
            resources,
            url: &issuer.url,
        }
    }

    /// The APIs that are meant and known.
    pub(crate) fn apis(&self) -> impl Iterator<Item = &'a Api> {
        let meant = self.resources;
        self.known
            .iter()
            .filter(move |api| meant.contains(&api.resource))
    }

    /// Whether the service itself is meant, or its administration.
    fn is_here(&self) -> bool {
        let url = self.url.trim_end_matches('/');
        let mut meant = self.resources.iter().map(Resource::as_str);
        self.resources.is_empty()
            || meant.any(|one| matches!(one.strip_prefix(url), Some("" | "/" | "/admin")))
    }

    fn need(&self, word: &str) -> Need {
        if is_openid(word) {
            return Need::Nothing;
        }
        if OWN.contains(&word) {
            return if self.is_here() {
                Need::Permission
            } else {
                Need::Impossible
            };
        }
        let mut need = Need::Impossible;
        for api in self.apis().filter(|api| api.scopes.contains_key(word)) {
            if api.open {
                return Need::Nothing;
            }
            need = Need::Permission;
        }
        need
    }

    /// Whether it depends on the account what of a scope may be had.
    pub(crate) fn asks_account(&self, scope: &Scope) -> bool {
        scope.iter().any(|word| self.need(word) == Need::Permission)
    }

    /// What of a scope somebody with these permissions may have.
    pub(crate) fn judge(&self, scope: &Scope, permissions: &BTreeSet<String>) -> Scope {
        scope.filter(|word| match self.need(word) {
            Need::Nothing => true,
            Need::Permission => permissions.contains(word),
            Need::Impossible => false,
        })
    }

    /// What of a scope counts here for a client in its own name: all but what belongs to other
    /// APIs. Being registered is its permission.
    pub(crate) fn of_client(&self, scope: &Scope) -> Scope {
        scope.filter(|word| {
            if is_openid(word) {
                return false;
            }
            let is_somewhere =
                OWN.contains(&word) || self.known.iter().any(|api| api.scopes.contains_key(word));
            !is_somewhere || self.need(word) != Need::Impossible
        })
    }
}

/// Whether the word is one of OpenID's.
pub(crate) fn is_openid(word: &str) -> bool {
    OPENID.contains(&word)
}

/// Where a word stands in what people are shown: who they are first, OpenID's words before others.
pub(crate) fn place(word: &str) -> usize {
    let mut words = OPENID.iter();
    words
        .position(|known| *known == word)
        .unwrap_or(OPENID.len())
}

/// What a client asks for: never more than it is registered for, and by default all of that but
/// OpenID's words, which have to be asked for (RFC 6749 §3.3).
pub(crate) fn asked_by(client: &KnownClient, asked: Option<&Scope>) -> Result<Scope, OAuthError> {
    let registered = &client.record.metadata.scope;
    match asked.filter(|asked| !asked.is_empty()) {
        None => Ok(registered.filter(|word| !is_openid(word))),
        Some(asked) if asked.is_subset(registered) => Ok(asked.clone()),
        Some(_) => Err(OAuthError::new(
            ErrorCode::InvalidScope,
            "the scope is more than the client is registered for",
        )),
    }
}

pub(crate) fn nothing_left() -> OAuthError {
    OAuthError::new(
        ErrorCode::InvalidScope,
        "the account may do nothing of what is asked for at the resources that are asked for",
    )
}

impl Issuer {
    /// Has roles, groups and APIs count as they are in the store now. Whoever changes them there
    /// calls this.
    ///
    /// # Errors
    /// The store cannot answer.
    pub async fn access_changed(&self) -> Result<(), StoreError> {
        let apis = self.ask(|store, reply| store.apis(reply)).await?;
        self.apis.store(apis.into());
        Ok(())
    }

    /// What of the scope that a client asks for an account can grant: the rest is left out. No
    /// resources stand for all that the client is registered for.
    ///
    /// # Errors
    /// The client asks for more than it is registered for, or nothing is left.
    pub(crate) async fn grantable(
        &self,
        client: &KnownClient,
        account: &AccountId,
        asked: Option<&Scope>,
        resources: &[Resource],
    ) -> Result<Scope, Failure> {
        let asked = asked_by(client, asked)?;
        let resources = match resources {
            [] => &client.record.metadata.resources,
            resources => resources,
        };
        let apis = self.apis.load_full();
        let reach = Reach::new(self, &apis, resources);
        let held = if reach.asks_account(&asked) {
            self.entitlements(account).await?.unwrap_or_default()
        } else {
            Entitlements::default()
        };
        let granted = reach.judge(&asked, &held.permissions);
        if granted.is_empty() && !asked.is_empty() {
            return Err(nothing_left().into());
        }
        Ok(granted)
    }

    /// What an account may do now; `None` if it is gone.
    pub(crate) async fn entitlements(
        &self,
        account: &AccountId,
    ) -> Result<Option<Entitlements>, StoreError> {
        let account = account.clone();
        self.ask(|store, reply| store.entitlements(account, reply))
            .await
    }
}

#[cfg(test)]
mod tests {
    use jeton_store::access::Template;

    use super::*;

    const URL: &str = "https://id.example";

    fn api(uri: &str, words: &[&str], open: bool) -> Api {
        let scopes = words.iter().map(|&word| (word.to_owned(), String::new()));
        Api {
            resource: Resource::parse(uri).unwrap(),
            name: String::new(),
            scopes: scopes.collect(),
            open,
            template: Template::default(),
        }
    }

    fn judged(asked: &str, resources: &[&str], permissions: &[&str]) -> String {
        let known = [
            api(
                "https://orders.example",
                &["orders:read", "orders:write"],
                false,
            ),
            api("https://news.example", &["news", "orders:read"], true),
            api("https://bad.example", &["revocations:read"], true),
        ];
        let resources: Vec<Resource> = resources
            .iter()
            .map(|one| Resource::parse(one).unwrap())
            .collect();
        let reach = Reach {
            known: &known,
            resources: &resources,
            url: URL,
        };
        let permissions = permissions.iter().map(|&one| one.to_owned()).collect();
        let asked = Scope::parse(asked).unwrap();
        reach.judge(&asked, &permissions).to_string()
    }

    #[test]
    fn a_word_needs_the_permission_of_its_name_where_its_api_is_meant() {
        let all = "openid orders:read orders:write news nobody:knows";
        let orders = ["https://orders.example"];
        assert_eq!(judged(all, &orders, &[]), "openid");
        assert_eq!(judged(all, &orders, &["orders:read"]), "openid orders:read");
        let everything = ["orders:read", "orders:write", "news", "nobody:knows"];
        assert_eq!(
            judged(all, &orders, &everything),
            "openid orders:read orders:write"
        );
        assert_eq!(judged(all, &[], &everything), "openid");
    }

    #[test]
    fn the_words_of_an_open_api_are_for_every_account() {
        let all = "openid orders:read orders:write news";
        let news = ["https://news.example"];
        assert_eq!(judged(all, &news, &[]), "news openid orders:read");
    }

    #[test]
    fn no_api_opens_the_service_itself() {
        let own = OWN.join(" ");
        assert_eq!(judged(&own, &["https://bad.example"], &OWN), "");
        assert_eq!(judged(&own, &[], &[]), "");
        assert_eq!(judged(&own, &[], &["revocations:read"]), own);
        for here in [URL, "https://id.example/admin"] {
            assert_eq!(judged(&own, &[here], &OWN), own);
            assert_eq!(judged(&own, &[here], &[]), "");
        }
        for elsewhere in ["https://id.example.evil", "https://id.example/admin/x"] {
            assert_eq!(judged(&own, &[elsewhere], &OWN), "");
        }
    }
}
