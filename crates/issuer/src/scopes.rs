use jeton_oauth::{Resource, Scope};
use jeton_store::AccountId;

use crate::answer::Failure;
use crate::clients::KnownClient;
use crate::issuer::Issuer;

impl Issuer {
    pub(crate) async fn grantable(
        &self,
        client: &KnownClient,
        _account: &AccountId,
        asked: Option<&Scope>,
        _resources: &[Resource],
    ) -> Result<Scope, Failure> {
        let registered = &client.record.metadata.scope;
        Ok(asked.map_or_else(Scope::default, |asked| asked.intersection(registered)))
    }
}
