//! One sign-in with the tokens that came of it, as far as they were answered.

use std::io::Result;

use crate::http::{Answer, Connection};
use crate::served::{PASSWORD, SECRET};

/// How somebody got in, and so how the refresh token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// An application with a code, which keeps the refresh token.
    Code,
    /// By password at the service's own sign-in, which keeps the refresh token in a cookie.
    Password,
}

/// What was asked for last, and whether the answer came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    Live,
    /// It may have a next token that nobody knows.
    Refreshing,
    /// It may be revoked.
    Revoking,
    Revoked,
}

#[derive(Debug)]
pub(crate) struct Life {
    pub(crate) way: Way,
    pub(crate) state: State,
    /// The refresh tokens that were answered, oldest first.
    pub(crate) tokens: Vec<String>,
    /// The last access token that was answered.
    pub(crate) access: String,
    /// Access tokens whose revocation was answered.
    pub(crate) revoked: Vec<String>,
    /// The access token whose revocation was asked for last.
    doubtful: Option<String>,
    /// What the last refresh before a kill was answered with.
    pub(crate) last: Option<String>,
}

const COOKIE: &str = "__Host-jeton-refresh";

impl Life {
    pub(crate) fn by_code(connection: &mut Connection, code: &str) -> Result<Self> {
        let form = [("grant_type", "authorization_code"), ("code", code)];
        let answer = as_app(connection, "/token", &form)?;
        Ok(Self::begun(Way::Code, &answer))
    }

    pub(crate) fn by_password(connection: &mut Connection, name: &str) -> Result<Self> {
        Ok(Self::begun(Way::Password, &log_in(connection, name)?))
    }

    pub(crate) fn begun(way: Way, answer: &Answer) -> Self {
        assert_eq!(answer.status, 200, "{answer:?}");
        Self {
            way,
            state: State::Live,
            tokens: vec![way.token(answer)],
            access: answer.string("access_token"),
            revoked: Vec::new(),
            doubtful: None,
            last: None,
        }
    }

    /// The refresh token that counts, as far as was answered.
    pub(crate) fn token(&self) -> &str {
        self.tokens.last().unwrap()
    }

    /// Presents a refresh token.
    pub(crate) fn present(&self, connection: &mut Connection, token: &str) -> Result<Answer> {
        match self.way {
            Way::Code => {
                let form = [("grant_type", "refresh_token"), ("refresh_token", token)];
                as_app(connection, "/token", &form)
            }
            Way::Password => connection.ask("POST", "/refresh", &with_cookie(token), ""),
        }
    }

    pub(crate) fn refresh(&mut self, connection: &mut Connection) -> Result<Answer> {
        self.state = State::Refreshing;
        let answer = self.present(connection, self.token())?;
        assert_eq!(answer.status, 200, "{answer:?}");
        let next = self.way.token(&answer);
        assert!(!self.tokens.contains(&next), "a token was issued twice");
        self.tokens.push(next);
        self.access = answer.string("access_token");
        self.last = Some(answer.text.clone());
        self.state = State::Live;
        Ok(answer)
    }

    /// Ends it. Its access token counts no more either.
    pub(crate) fn revoke(&mut self, connection: &mut Connection) -> Result<()> {
        self.state = State::Revoking;
        let answer = match self.way {
            Way::Code => as_app(connection, "/revoke", &[("token", self.token())])?,
            Way::Password => connection.ask("POST", "/logout", &with_cookie(self.token()), "")?,
        };
        assert!(matches!(answer.status, 200 | 204), "{answer:?}");
        self.state = State::Revoked;
        self.revoked.push(self.access.clone());
        Ok(())
    }

    /// Revokes the access token alone.
    pub(crate) fn revoke_access(&mut self, connection: &mut Connection) -> Result<()> {
        if self.way == Way::Password {
            return Ok(());
        }
        self.doubtful = Some(self.access.clone());
        let answer = as_app(connection, "/revoke", &[("token", &self.access)])?;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.revoked.push(self.access.clone());
        Ok(())
    }

    /// Whether its access token may have been revoked.
    pub(crate) fn is_doubtful(&self) -> bool {
        self.doubtful.as_ref() == Some(&self.access)
    }

    /// Whether an access token of this life counts.
    pub(crate) fn counts(&self, connection: &mut Connection, access: &str) -> Result<bool> {
        match self.way {
            Way::Code => is_active(connection, access),
            Way::Password => {
                let bearer = format!("Authorization: Bearer {access}\r\n");
                Ok(connection.get("/me", &bearer)?.status == 200)
            }
        }
    }
}

impl Way {
    fn token(self, answer: &Answer) -> String {
        match self {
            Self::Code => answer.string("refresh_token"),
            Self::Password => {
                let start = format!("{COOKIE}=");
                let mut cookies = answer.headers("set-cookie");
                let cookie = cookies.find_map(|cookie| cookie.strip_prefix(&start));
                let cookie = cookie.unwrap_or_else(|| panic!("no cookie in {answer:?}"));
                cookie.split(';').next().unwrap().to_owned()
            }
        }
    }
}

fn with_cookie(token: &str) -> String {
    format!("Cookie: {COOKIE}={token}\r\nSec-Fetch-Site: same-origin\r\n")
}

/// Signs in at the service itself, as `page` does.
pub(crate) fn log_in(connection: &mut Connection, name: &str) -> Result<Answer> {
    let headers = "Content-Type: application/json\r\nSec-Fetch-Site: same-origin\r\n";
    let body = format!(r#"{{"client_id":"page","username":"{name}","password":"{PASSWORD}"}}"#);
    connection.ask("POST", "/login", headers, &body)
}

/// Posts a form as the client `app`.
pub(crate) fn as_app(
    connection: &mut Connection,
    path: &str,
    form: &[(&str, &str)],
) -> Result<Answer> {
    let client = [("client_id", "app"), ("client_secret", SECRET)];
    connection.post(path, &[form, &client].concat())
}

/// What the introspection endpoint says of a token of `app`.
pub(crate) fn is_active(connection: &mut Connection, token: &str) -> Result<bool> {
    let answer = as_app(connection, "/introspect", &[("token", token)])?;
    assert_eq!(answer.status, 200, "{answer:?}");
    Ok(answer.string("active") == "true")
}
