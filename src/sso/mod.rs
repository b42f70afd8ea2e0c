//! The municipality's own sign-on: OpenID Connect, authorization code with PKCE
//! ([Core 1.0](https://openid.net/specs/openid-connect-core-1_0.html), RFC 7636). It tells who somebody is
//! elsewhere; who that is here, `staff` knows.
//!
//! Whoever begins keeps a [`Kept`] on the server, bound to the browser that began; the answer must come to
//! the same browser, with the state, nonce and verifier kept there.

mod http;

use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreIdTokenVerifier, CoreJwsSigningAlgorithm,
    CoreProviderMetadata,
};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IssuerUrl, Nonce, OAuth2TokenResponse, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope, TokenResponse,
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::clock::Instant;

/// How the municipality's sign-on is reached.
#[derive(Debug, Clone)]
pub struct Config {
    /// `KAIRAN_SSO_ISSUER`: the provider's address, as it calls itself.
    pub issuer: String,
    /// `KAIRAN_SSO_CLIENT_ID`.
    pub client_id: String,
    /// `KAIRAN_SSO_CLIENT_SECRET`.
    pub client_secret: SecretString,
    /// Where the provider sends the browser back to, registered with it.
    pub redirect: String,
}

/// Why nobody was recognised.
#[derive(Debug, thiserror::Error)]
pub enum SsoError {
    /// The settings are no addresses, or the HTTP library does not start.
    #[error("KAIRAN_SSO_ISSUER: {0}")]
    Settings(String),
    /// The provider does not answer, or not as OpenID Connect says.
    #[error("the sign-on does not answer: {0}")]
    Unreachable(String),
    /// What came back is not the answer to what was asked: another state, nonce, audience or issuer, a used
    /// code, a token that is too old or signed by somebody else.
    #[error("the sign-on's answer does not hold: {0}")]
    Refused(String),
}

/// A way to the provider.
#[derive(Debug, Clone)]
pub struct Provider {
    http: reqwest::Client,
    issuer: IssuerUrl,
    redirect: RedirectUrl,
    config: Config,
}

/// What the server keeps while the browser is away.
#[derive(Debug, Serialize, Deserialize)]
pub struct Kept {
    state: CsrfToken,
    nonce: Nonce,
    verifier: PkceCodeVerifier,
}

/// Who somebody is at the provider.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Subject {
    /// The provider.
    pub issuer: String,
    /// Whom it means; never given to anybody else.
    pub subject: String,
    /// Their mail address, if the provider has seen that it is theirs.
    pub verified_mail: Option<String>,
}

/// What ID tokens may be signed with: a public key of the provider's, never the shared secret.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 3] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// The provider that `config` names. It is not asked yet.
    ///
    /// # Errors
    /// [`SsoError::Settings`].
    pub fn new(config: Config) -> Result<Self, SsoError> {
        let wrong = |fault: &dyn std::fmt::Display| SsoError::Settings(fault.to_string());
        Ok(Self {
            http: http::client().map_err(|fault| wrong(&fault))?,
            issuer: IssuerUrl::new(config.issuer.clone()).map_err(|fault| wrong(&fault))?,
            redirect: RedirectUrl::new(config.redirect.clone()).map_err(|fault| wrong(&fault))?,
            config,
        })
    }

    /// Where to send the browser, and what to keep meanwhile.
    ///
    /// # Errors
    /// [`SsoError::Unreachable`].
    pub async fn begin(&self) -> Result<(Url, Kept), SsoError> {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (url, state, nonce) = self
            .client()
            .await?
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scope(Scope::new("email".into()))
            .set_pkce_challenge(challenge)
            .url();
        let kept = Kept {
            state,
            nonce,
            verifier,
        };
        Ok((url, kept))
    }

    /// Who came back with `state` and `code`. The code is exchanged once; `kept` is consumed.
    ///
    /// # Errors
    /// [`SsoError::Refused`], [`SsoError::Unreachable`].
    pub async fn finish(
        &self,
        now: Instant,
        kept: Kept,
        state: &str,
        code: &str,
    ) -> Result<Subject, SsoError> {
        let refused = |fault: &dyn std::fmt::Display| SsoError::Refused(fault.to_string());
        if kept.state.secret() != state {
            return Err(SsoError::Refused("another state".into()));
        }
        let client = self.client().await?;
        let exchange = client
            .exchange_code(AuthorizationCode::new(code.to_owned()))
            .map_err(|fault| SsoError::Unreachable(fault.to_string()))?;
        let tokens = exchange
            .set_pkce_verifier(kept.verifier)
            .request_async(&|request| http::send(self.http.clone(), request))
            .await
            .map_err(|fault| refused(&fault))?;
        let token = tokens.id_token();
        let token = token.ok_or_else(|| SsoError::Refused("no ID token".into()))?;
        let verifier: CoreIdTokenVerifier<'_> = client
            .id_token_verifier()
            .set_time_fn(move || now)
            .set_allowed_algs(ALGORITHMS);
        let claims = token
            .claims(&verifier, &kept.nonce)
            .map_err(|fault| refused(&fault))?;
        if let Some(expected) = claims.access_token_hash() {
            let algorithm = token.signing_alg().map_err(|fault| refused(&fault))?;
            let key = token
                .signing_key(&verifier)
                .map_err(|fault| refused(&fault))?;
            let actual = AccessTokenHash::from_token(tokens.access_token(), algorithm, key)
                .map_err(|fault| refused(&fault))?;
            if actual != *expected {
                return Err(SsoError::Refused("another access token".into()));
            }
        }
        let mail = claims.email().map(|mail| mail.as_str().to_owned());
        Ok(Subject {
            issuer: claims.issuer().as_str().to_owned(),
            subject: claims.subject().as_str().to_owned(),
            verified_mail: mail.filter(|_| claims.email_verified() == Some(true)),
        })
    }

    /// Asks the provider anew each time: sign-ins are rare, and its keys rotate without a word.
    async fn client(&self) -> Result<Client, SsoError> {
        let metadata = CoreProviderMetadata::discover_async(self.issuer.clone(), &|request| {
            http::send(self.http.clone(), request)
        })
        .await
        .map_err(|fault| SsoError::Unreachable(fault.to_string()))?;
        let secret = self.config.client_secret.expose_secret().to_owned();
        let client = CoreClient::from_provider_metadata(
            metadata,
            ClientId::new(self.config.client_id.clone()),
            Some(ClientSecret::new(secret)),
        );
        Ok(client.set_redirect_uri(self.redirect.clone()))
    }
}
