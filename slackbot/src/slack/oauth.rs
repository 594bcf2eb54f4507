//! How a workspace gives its permission: the consent page, and `oauth.v2.access`.
//!
//! The client library's own call puts the code into the address and cannot read the answer of an organisation.

use super::{Failed, Slack};
use crate::config::Secret;
use serde::{Deserialize, Deserializer};
use url::{Url, form_urlencoded};

const ACCESS: &str = "oauth.v2.access";

/// What the app is to Slack.
#[derive(Debug, Clone)]
pub struct Client {
    /// Its public name.
    pub id: String,
    /// What only it knows.
    pub secret: Secret,
}

/// What Slack grants: at an installation, and with each new token.
#[derive(Debug, Deserialize)]
pub struct Grant {
    /// With what Slack is called.
    #[serde(deserialize_with = "secret")]
    pub access_token: Secret,
    /// `bot`, or something that is not for us.
    #[serde(default)]
    pub token_type: String,
    /// With what a new token is had; nothing where tokens do not rotate.
    #[serde(default, deserialize_with = "perhaps_secret")]
    pub refresh_token: Option<Secret>,
    /// For how many seconds the token is good; nothing where it is for ever.
    pub expires_in: Option<i64>,
    /// What the bot may do, with commas between.
    #[serde(default)]
    pub scope: String,
    /// The bot's user.
    #[serde(default)]
    pub bot_user_id: String,
    /// The workspace; nothing for a whole organisation.
    pub team: Option<Named>,
    /// The organisation.
    pub enterprise: Option<Named>,
    /// Whether the whole organisation gave its permission.
    #[serde(default)]
    pub is_enterprise_install: bool,
    /// Who installed it.
    pub authed_user: Option<Named>,
}

/// Something with an id.
#[derive(Debug, Default, Deserialize)]
pub struct Named {
    /// Its id.
    #[serde(default)]
    pub id: String,
}

fn secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    Ok(Secret::new(&String::deserialize(deserializer)?))
}

fn perhaps_secret<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Secret>, D::Error> {
    let text: Option<String> = Option::deserialize(deserializer)?;
    Ok(text.filter(|text| !text.is_empty()).map(|text| Secret::new(&text)))
}

impl Slack {
    /// Where a person agrees that the bot may do what `scopes` name; then Slack leads them to `redirect` with `state`.
    pub fn consent_page(&self, client: &Client, scopes: &[&str], redirect: &Url, state: &str) -> Url {
        // The stand-in for Slack has its consent page beside its methods, as Slack has.
        let mut page = self.api.clone();
        page.set_path("/oauth/v2/authorize");
        page.query_pairs_mut()
            .clear()
            .append_pair("state", state)
            .append_pair("client_id", &client.id)
            .append_pair("scope", &scopes.join(","))
            .append_pair("user_scope", "")
            .append_pair("redirect_uri", redirect.as_str());
        page
    }

    /// What was granted for a code.
    ///
    /// # Errors
    /// When Slack does not take the code, or does not answer.
    pub async fn exchange(&self, client: &Client, code: &str, redirect: &Url) -> Result<Grant, Failed> {
        self.access(client, &[("code", code), ("redirect_uri", redirect.as_str())]).await
    }

    /// A new token for a refresh token, which is used up by that.
    ///
    /// # Errors
    /// When Slack does not take it, or does not answer.
    pub async fn refresh(&self, client: &Client, refresh_token: &Secret) -> Result<Grant, Failed> {
        let form = [("grant_type", "refresh_token"), ("refresh_token", refresh_token.reveal())];
        self.access(client, &form).await
    }

    async fn access(&self, client: &Client, form: &[(&str, &str)]) -> Result<Grant, Failed> {
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let connector = &self.client.http_api.connector;
        let answer = connector.post_form(ACCESS, &client.id, client.secret.reveal(), form).await;
        self.judged(answer).map_err(Failed::from)
    }
}
