//! What a grant is worth now: of its scope what the account still may do, and what the APIs that
//! are meant want to be told.

use jeton_oauth::client::ClientMetadata;
use jeton_oauth::{ErrorCode, OAuthError, Resource, Scope};
use jeton_store::AccountId;
use jeton_store::access::{Api, Entitlements};
use jeton_store::account::Account;
use jeton_store::grant::Grant;

use crate::answer::Failure;
use crate::clients::KnownClient;
use crate::issuer::Issuer;
use crate::scopes::{Reach, nothing_left};
use crate::tokens::access::Told;
use crate::tokens::person::tellable;

/// What a token request asks of a grant: less than all of it, if it names anything.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Asked<'a> {
    pub(crate) scope: Option<&'a Scope>,
    pub(crate) resources: &'a [Resource],
}

/// What may be issued.
pub(crate) struct Worth {
    pub(crate) scope: Scope,
    pub(crate) resources: Vec<Resource>,
    pub(crate) told: Told,
    /// Who signed in, where something of it is to be told.
    pub(crate) account: Option<Account>,
}

/// Judges a grant of a person at this moment.
pub(crate) async fn judge(
    issuer: &Issuer,
    client: &KnownClient,
    grant: &Grant,
    asked: Asked<'_>,
) -> Result<Worth, Failure> {
    let metadata = &client.record.metadata;
    let resources = granted_resources(metadata, grant)?;
    let resources = Resource::narrow(&resources, asked.resources.to_vec())?;
    let scope = grant.scope.narrow(asked.scope)?;
    let scope = scope.intersection(&metadata.scope);
    let tells_id = !grant.claims.id_token.is_empty();
    let worth = of_person(issuer, &grant.account, (scope, resources), tells_id).await?;
    if worth.scope.is_empty() && !grant.scope.is_empty() {
        return Err(nothing_left().into());
    }
    let mut told = worth.told;
    if worth.scope.contains("openid") {
        let asked = tellable(grant.claims.userinfo.keys(), &metadata.scope);
        told.userinfo = asked.map(str::to_owned).collect();
    }
    Ok(Worth { told, ..worth })
}

/// What of a scope an account may have now at these resources. The store is asked only for what is
/// needed.
pub(crate) async fn of_person(
    issuer: &Issuer,
    id: &AccountId,
    (scope, resources): (Scope, Vec<Resource>),
    needs_account: bool,
) -> Result<Worth, Failure> {
    let apis = issuer.apis.load_full();
    let reach = Reach::new(issuer, &apis, &resources);
    let needs = |part: fn(&Api) -> bool| reach.apis().any(part);
    let needs_held =
        reach.asks_account(&scope) || needs(|api| api.template.roles || api.template.permissions);
    let held = if needs_held {
        let held = issuer.entitlements(id).await?;
        held.ok_or(ErrorCode::InvalidGrant)?
    } else {
        Entitlements::default()
    };
    let account = if needs_account || needs(|api| !api.template.claims.is_empty()) {
        let id = id.clone();
        let account = issuer.ask(|store, reply| store.account(id, reply)).await?;
        Some(account.ok_or(ErrorCode::InvalidGrant)?)
    } else {
        None
    };
    Ok(Worth {
        scope: reach.judge(&scope, &held.permissions),
        told: told(&reach, held, account.as_ref()),
        account,
        resources,
    })
}

/// What of the granted APIs the client is still registered for; a grant that named none is for all.
fn granted_resources(
    metadata: &ClientMetadata,
    grant: &Grant,
) -> Result<Vec<Resource>, OAuthError> {
    if grant.resources.is_empty() {
        return Ok(metadata.resources.clone());
    }
    let granted = grant.resources.iter();
    let left: Vec<Resource> = granted
        .filter(|one| metadata.resources.contains(one))
        .cloned()
        .collect();
    // No resource would mean the service itself.
    if left.is_empty() {
        return Err(ErrorCode::InvalidTarget.into());
    }
    Ok(left)
}

/// What the templates of the APIs ask for.
fn told(reach: &Reach<'_>, held: Entitlements, account: Option<&Account>) -> Told {
    let mut told = Told::default();
    let templates = || reach.apis().map(|api| &api.template);
    if templates().any(|template| template.roles) {
        told.roles = Some(held.roles.into_iter().collect());
    }
    if templates().any(|template| template.permissions) {
        told.permissions = Some(held.permissions.into_iter().collect());
    }
    for (claim, attribute) in templates().flat_map(|template| &template.claims) {
        let value = account.and_then(|account| account.attributes.get(attribute));
        if let Some(value) = value {
            told.custom.insert(claim, value.clone());
        }
    }
    told
}
