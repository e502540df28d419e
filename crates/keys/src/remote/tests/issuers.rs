use super::*;

const JSON: &str = "200 OK\r\nContent-Type: application/json";

/// Serves documents by path; the rest is not found.
fn pages(pages: &[(&str, String)]) -> impl FnMut(&str) -> Reply + Send + 'static {
    let pages: Vec<(String, String)> = pages
        .iter()
        .map(|(path, body)| (format!("GET {path} "), answer(JSON, body)))
        .collect();
    move |head| {
        let found = pages.iter().find(|(start, _)| head.starts_with(start));
        let missing = || answer("404 Not Found", "");
        Reply::Text(found.map_or_else(missing, |(_, text)| text.clone()))
    }
}

fn metadata(issuer: &str, url: &str) -> String {
    format!(r#"{{"issuer":"{issuer}","jwks_uri":"{url}","scopes_supported":["openid"]}}"#)
}

fn of_issuer(server: &Server, issuer: &str) -> RemoteKeySet {
    RemoteKeySet::of_issuer(issuer, retrieval(server.fetcher())).unwrap()
}

#[tokio::test]
async fn an_issuer_leads_to_its_keys() {
    for well_known in [
        "/tenant/.well-known/openid-configuration",
        "/.well-known/oauth-authorization-server/tenant",
    ] {
        let server = Server::start(|_| Reply::Never).await;
        let issuer = server.url("/tenant");
        server.answer(pages(&[
            (well_known, metadata(&issuer, &server.url("/keys"))),
            ("/keys", set(&["a"])),
        ]));
        let remote = of_issuer(&server, &issuer);
        assert!(remote.has("a", at(0)).await.unwrap(), "{well_known}");
        let before = server.requests();
        assert!(remote.has("a", at(599)).await.unwrap());
        assert_eq!(server.requests(), before);
        // The set may move to another place.
        server.answer(pages(&[
            (well_known, metadata(&issuer, &server.url("/moved"))),
            ("/moved", set(&["b"])),
        ]));
        assert!(remote.has("b", at(599)).await.unwrap());
    }
}

#[tokio::test]
async fn metadata_of_another_issuer_leads_nowhere() {
    let server = Server::start(|_| Reply::Never).await;
    let issuer = server.url("");
    for named in [server.url("/"), server.url("/other"), String::new()] {
        server.answer(pages(&[
            (
                "/.well-known/openid-configuration",
                metadata(&named, &server.url("/keys")),
            ),
            ("/keys", set(&["a"])),
        ]));
        let error = of_issuer(&server, &issuer).keys_for(None, at(0)).await;
        let error = error.unwrap_err();
        assert!(
            matches!(error, KeySetError::MetadataContent(_)),
            "{error:?}"
        );
    }
    let asked = server.requests.lock().unwrap().join("");
    assert!(!asked.contains("/keys"), "{asked}");
}

#[tokio::test]
async fn where_metadata_points_is_guarded_as_well() {
    let server = Server::start(|_| Reply::Never).await;
    let issuer = server.url("");
    for url in [
        "http://keys.test/",
        "https://169.254.169.254/",
        "https://127.0.0.1/",
        "file:///etc/passwd",
        "",
    ] {
        server.answer(pages(&[(
            "/.well-known/openid-configuration",
            metadata(&issuer, url),
        )]));
        let config = crate::Config {
            ports: vec![server.port, 443],
            ..server.config.clone()
        };
        let fetcher = config.build(Arc::new(Mixed)).unwrap();
        let remote = RemoteKeySet::of_issuer(&issuer, retrieval(fetcher)).unwrap();
        let error = remote.keys_for(None, at(0)).await.unwrap_err();
        assert!(
            matches!(
                code(&error),
                FetchCode::UrlRefused | FetchCode::AddressRefused
            ),
            "{url}: {error:?}"
        );
    }
}

#[tokio::test]
async fn metadata_that_fails_is_no_reason_to_lose_keys() {
    let server = Server::start(|_| Reply::Never).await;
    let issuer = server.url("");
    server.answer(pages(&[
        (
            "/.well-known/openid-configuration",
            metadata(&issuer, &server.url("/keys")),
        ),
        ("/keys", set(&["a"])),
    ]));
    let remote = of_issuer(&server, &issuer);
    assert!(remote.has("a", at(0)).await.unwrap());
    server.answer(fails());
    assert!(remote.has("a", at(600)).await.unwrap());
    let error = remote.status().last_error.unwrap();
    assert!(matches!(error, KeySetError::Metadata(_)), "{error:?}");
    assert_eq!(code(&error), FetchCode::FetchStatus);
}

/// `keys.test` is here, an address itself.
#[derive(Debug)]
struct Mixed;

impl crate::Resolve for Mixed {
    fn resolve<'a>(&'a self, host: &'a str) -> crate::Answer<'a> {
        let address = host.parse().unwrap_or([127, 0, 0, 1].into());
        Box::pin(async move { Ok(vec![address]) })
    }
}
