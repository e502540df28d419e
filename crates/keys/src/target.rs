use http::Uri;
use http::uri::Scheme;
use rustls::pki_types::ServerName;

use crate::{Config, FetchError};

/// A URL that may be fetched, in the pieces a request is made of.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// The host without brackets, in lower case.
    pub(crate) host: String,
    pub(crate) port: u16,
    /// What the certificate must be for.
    pub(crate) server: ServerName<'static>,
    /// What the request asks for, and whom: `/keys?v=1`, `example.com:8443`.
    pub(crate) path: String,
    pub(crate) authority: String,
}

/// The longest URL, in bytes.
const LONGEST: usize = 2048;

impl Target {
    pub(crate) fn parse(url: &str, config: &Config) -> Result<Self, FetchError> {
        let refused = |reason| FetchError::Url { reason };
        if url.len() > LONGEST {
            return Err(refused(format!("it is longer than {LONGEST} bytes")));
        }
        let uri: Uri = url
            .parse()
            .map_err(|_| refused("it is no absolute URL in ASCII".to_owned()))?;
        if uri.scheme() != Some(&Scheme::HTTPS) {
            return Err(refused("it is not `https`".to_owned()));
        }
        let authority = uri
            .authority()
            .ok_or_else(|| refused("it has no host".to_owned()))?;
        if authority.as_str().contains('@') {
            return Err(refused("it has a user name".to_owned()));
        }
        // `Authority::port` takes a port that is no number for none.
        let port = match authority.as_str().strip_prefix(authority.host()) {
            Some("") => Some(443),
            Some(rest) => rest.strip_prefix(':').and_then(|port| port.parse().ok()),
            None => None,
        };
        let port = port.ok_or_else(|| refused("its port is no number".to_owned()))?;
        if !config.ports.contains(&port) {
            return Err(refused(format!("port {port} is not admitted")));
        }
        let host = bare_host(authority.host());
        let server = ServerName::try_from(host.clone())
            .map_err(|_| refused("its host is no name that a certificate could have".to_owned()))?;
        Ok(Self {
            server,
            port,
            path: uri
                .path_and_query()
                .map_or("/", |path| path.as_str())
                .to_owned(),
            authority: authority.as_str().to_owned(),
            host,
        })
    }
}

fn bare_host(host: &str) -> String {
    host.trim_start_matches('[')
        .trim_end_matches(']')
        .to_ascii_lowercase()
}

/// The host that a URL names, as it is to be repeated when a fetch is confirmed.
pub(crate) fn host_of(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    uri.host().map(bare_host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_in_its_pieces() {
        let config = Config {
            ports: vec![443, 8443],
            ..Config::default()
        };
        let target = Target::parse("https://Keys.Example.com:8443/a/b?c=d#e", &config).unwrap();
        assert_eq!(target.host, "keys.example.com");
        assert_eq!(target.port, 8443);
        assert_eq!(target.path, "/a/b?c=d");
        let target = Target::parse("https://[::1]", &config).unwrap();
        assert_eq!((target.host.as_str(), target.path.as_str()), ("::1", "/"));
    }

    #[test]
    fn what_is_not_fetched() {
        let config = Config::default();
        for url in [
            "",
            "keys",
            "/keys",
            "http://example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "https://",
            "https:///keys",
            "https://user@example.com/",
            "https://u:p@example.com/",
            "https://example.com:80/",
            "https://example.com:8443/",
            "https://example.com:0/",
            "https://example.com:99999/",
            "https://exa mple.com/",
            "https://example.com/\r\nX: y",
            "https://é.example/",
            "https://a..b/",
        ] {
            assert!(
                matches!(Target::parse(url, &config), Err(FetchError::Url { .. })),
                "{url}"
            );
        }
        let long = format!("https://example.com/{}", "a".repeat(LONGEST));
        assert!(Target::parse(&long, &config).is_err());
    }
}
