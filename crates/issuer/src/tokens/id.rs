use jeton_jose::backend::AwsLc;
use jeton_jose::jws::HeaderBuilder;
use jeton_jose::{Algorithm, jwt};
use jeton_oauth::Credential;
use jeton_oauth::claims::{Custom, IdTokenClaims, at_hash};
use jeton_oauth::client::ClientMetadata;
use jeton_store::grant::Grant;

use crate::answer::Failure;
use crate::issuer::Issuer;
use crate::signing::SigningError;
use crate::tokens::access::whole_second;

/// What an id token is to say.
#[derive(Clone, Debug)]
pub(crate) struct IdToken<'a> {
    /// Who signed in, where, how.
    pub(crate) grant: &'a Grant,
    /// What the client is registered with.
    pub(crate) client: &'a ClientMetadata,
    /// The access token that it comes with.
    pub(crate) access_token: &'a Credential,
    /// What the request had; never again after a refresh (OpenID Connect Core §12.2).
    pub(crate) nonce: Option<String>,
    /// Single claims that were asked for.
    pub(crate) custom: Custom,
}

impl Issuer {
    /// Signs an id token (OpenID Connect Core §2). Its one audience is the client, so that `azp`
    /// would say nothing.
    pub(crate) fn issue_id_token(&self, token: IdToken<'_>) -> Result<Credential, Failure> {
        let now = self.now();
        let algorithm = self.id_token_algorithm(token.client);
        let grant = token.grant;
        let claims = IdTokenClaims {
            iss: self.url.clone(),
            sub: grant.account.as_str().to_owned(),
            aud: grant.client.as_str().to_owned(),
            exp: whole_second(now.saturating_add(self.config.lifetimes.id_token.value())),
            iat: whole_second(now),
            auth_time: Some(grant.auth_time),
            nonce: token.nonce,
            acr: grant.acr.clone(),
            amr: grant.amr.clone(),
            at_hash: Some(at_hash(token.access_token.expose(), algorithm, &AwsLc)),
            sid: grant.session.as_ref().map(|one| one.as_str().to_owned()),
            custom: token.custom,
        };
        let keys = self.keys();
        let key = keys.signer(algorithm, now)?;
        let header = HeaderBuilder::new().typ("JWT");
        let text = jwt::sign(key, &header, &claims).map_err(SigningError::from)?;
        Ok(Credential::new(text))
    }

    fn id_token_algorithm(&self, client: &ClientMetadata) -> Algorithm {
        let asked = client.id_token_signed_response_alg.as_deref();
        asked
            .and_then(Algorithm::from_name)
            .unwrap_or(self.config.keys.id_token.0)
    }
}
