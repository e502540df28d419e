mod samples;

use std::collections::BTreeSet;
use std::path::Path;

use http::{StatusCode, header};
use jeton_jose::base64url;
use jeton_store::Sha256;
use samples::{Shown, Words, pages};

use super::*;

const HOSTILE: [&str; 6] = [
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)>",
    "' onfocus='alert(1)' x='",
    "\u{202e}}}{{ 7*7 }}{% raw %}\u{0}",
    "</title></textarea></main><form action=//evil.example>",
    "&quot;&lt;b&gt; -->",
];

/// A tag with the names of its attributes and their values.
#[derive(Clone, Debug, PartialEq)]
struct Tag {
    name: String,
    attributes: Vec<(String, String)>,
}

impl Tag {
    fn attribute(&self, name: &str) -> Option<&str> {
        let mut found = self.attributes.iter().filter(|(known, _)| known == name);
        found.next().map(|(_, value)| value.as_str())
    }
}

/// The tags of a page, as strictly as a browser is lenient: anything odd fails the test.
fn tags(html: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let end = after
            .find(|c: char| c.is_whitespace() || c == '>')
            .expect("a tag ends");
        let (name, mut inside) = after.split_at(end);
        let mut attributes = Vec::new();
        loop {
            inside = inside.trim_start();
            if let Some(after) = inside.strip_prefix('>') {
                rest = after;
                break;
            }
            let end = inside
                .find(|c: char| c.is_whitespace() || "=>".contains(c))
                .unwrap();
            let (name, after) = inside.split_at(end);
            let value = if let Some(quoted) = after.strip_prefix("=\"") {
                let (value, after) = quoted.split_once('"').unwrap();
                inside = after;
                value
            } else {
                inside = after;
                ""
            };
            attributes.push((name.to_owned(), value.to_owned()));
        }
        tags.push(Tag {
            name: name.trim_end_matches('/').to_owned(),
            attributes,
        });
    }
    tags
}

/// What no text may change: the tags and the names of their attributes. Which picture a device
/// gets is decided by its text.
fn skeleton(html: &str) -> Vec<(String, Vec<String>)> {
    let names = |tag: Tag| {
        let attributes = tag.attributes.into_iter().map(|(name, _)| name);
        (tag.name, attributes.collect())
    };
    let drawn = |tag: &Tag| ["path", "rect", "circle"].contains(&tag.name.as_str());
    let tags = tags(html).into_iter();
    tags.filter(|tag| !drawn(tag)).map(names).collect()
}

#[test]
fn no_text_becomes_part_of_a_page() {
    let long = "<i>\"'é".repeat(2000);
    let harmless = pages(Words::all("word"));
    for text in HOSTILE.into_iter().chain([long.as_str()]) {
        for (hostile, harmless) in pages(Words::all(text)).iter().zip(&harmless) {
            let is_same = skeleton(&hostile.html) == skeleton(&harmless.html);
            assert!(is_same, "{} with {text:.40}", hostile.name);
        }
    }
}

#[test]
fn long_texts_are_clipped_where_they_are_shown() {
    let long = "x".repeat(10_000);
    let spaced = |html: &str| {
        html.split(['<', '>'])
            .any(|text| text.starts_with(&long[..200]))
    };
    for shown in pages(Words {
        service: "service",
        ..Words::all(&long)
    }) {
        assert!(!spaced(&shown.html), "{}", shown.name);
    }
}

#[test]
fn nothing_runs_and_nothing_is_styled_in_a_page() {
    for shown in pages(Words::real()) {
        for tag in tags(&shown.html) {
            let Shown { name, .. } = &shown;
            assert!(tag.name != "style", "{name}");
            assert!(tag.name != "script" || name == "form-post", "{name}");
            assert_eq!(tag.attribute("style"), None, "{name}");
            let runs = |(attribute, _): &(String, String)| attribute.starts_with("on");
            assert!(!tag.attributes.iter().any(runs), "{name}: {tag:?}");
        }
    }
}

#[test]
fn the_only_script_is_the_one_that_the_policy_names() {
    let shown = pages(Words::real());
    let shown = shown.iter().find(|one| one.name == "form-post").unwrap();
    let (_, after) = shown.html.split_once("<script>").unwrap();
    let (script, _) = after.split_once("</script>").unwrap();
    let digest = base64url::encode(Sha256::of(script.as_bytes()).as_bytes());
    let digest = digest.replace('-', "+").replace('_', "/");
    let policy = shown.headers[header::CONTENT_SECURITY_POLICY]
        .to_str()
        .unwrap();
    let wanted = format!("script-src 'sha256-{digest}='");
    assert!(policy.contains(&wanted), "{policy}, not {wanted}");
}

#[test]
fn every_form_of_ours_is_posted_with_its_secret() {
    let mut forms = 0;
    for shown in pages(Words::real()) {
        for form in shown.html.split("<form").skip(1) {
            let form = form.split_once("</form>").expect("forms end").0;
            let tags = tags(&format!("<form{form}"));
            assert_eq!(tags[0].attribute("method"), Some("post"), "{}", shown.name);
            assert!(tags[0].attribute("action").is_some(), "{}", shown.name);
            let secrets = tags
                .iter()
                .filter(|tag| tag.attribute("name") == Some("form_token"))
                .map(|tag| tag.attribute("value").unwrap())
                .collect::<Vec<_>>();
            // The secret is ours: an application never gets it.
            let wanted: &[&str] = if shown.name == "form-post" {
                &[]
            } else {
                &["8f3kq2"]
            };
            assert_eq!(secrets, wanted, "{}", shown.name);
            forms += 1;
        }
    }
    assert!(forms > 20, "{forms}");
}

#[test]
fn every_field_has_a_name_for_people_and_one_for_password_managers() {
    for shown in pages(Words::real()) {
        let tags = tags(&shown.html);
        let named = |attribute: &str| -> Vec<&str> {
            tags.iter()
                .filter_map(|tag| tag.attribute(attribute))
                .collect()
        };
        let ids: BTreeSet<&str> = named("id").into_iter().collect();
        assert_eq!(ids.len(), named("id").len(), "ids of {}", shown.name);
        for name in ["for", "aria-describedby", "aria-labelledby"] {
            for target in named(name) {
                assert!(ids.contains(target), "{name}={target} of {}", shown.name);
            }
        }
        let labels = named("for");
        for input in tags.iter().filter(|tag| tag.name == "input") {
            let kind = input.attribute("type").unwrap();
            if kind == "hidden" || kind == "checkbox" {
                continue;
            }
            assert!(
                input.attribute("autocomplete").is_some(),
                "{}: {input:?}",
                shown.name
            );
            let is_labelled = input.attribute("id").is_some_and(|id| labels.contains(&id));
            let is_hidden = input.attribute("aria-hidden") == Some("true");
            assert!(is_labelled || is_hidden, "{}: {input:?}", shown.name);
            assert!(
                kind != "password" || input.attribute("value").is_none(),
                "{}",
                shown.name
            );
        }
    }
}

#[test]
fn errors_are_announced_and_named_in_the_title() {
    let shown = pages(Words::real());
    let html = |name: &str| &shown.iter().find(|one| one.name == name).unwrap().html;
    assert!(html("sign-in-wrong").contains("<title>Error: Sign in · Example Accounts</title>"));
    assert!(html("sign-in-wrong").contains("role=\"alert\""));
    assert!(html("sign-in-wrong").contains("Please wait 45 seconds"));
    assert!(html("account").contains("<title>Your account · "));
    assert!(html("account").contains("role=\"status\""));
    assert!(html("setup-flawed").contains("aria-invalid=\"true\""));
    let focused = tags(html("setup-flawed"))
        .into_iter()
        .find(|tag| tag.attribute("autofocus").is_some());
    assert_eq!(focused.unwrap().attribute("id"), Some("username"));
    let focused = tags(html("reset"))
        .into_iter()
        .find(|tag| tag.attribute("autofocus").is_some());
    assert_eq!(focused.unwrap().attribute("id"), Some("password"));
    assert!(html("error-Application").contains("invalid_request"));
}

#[test]
fn what_was_forgotten_is_answered_alike_whether_there_is_an_account() {
    let shown = pages(Words::real());
    let sent = shown.iter().find(|one| one.name == "mail-sent").unwrap();
    assert!(!sent.html.contains("ada"));
    assert!(sent.html.contains("for 60 minutes"));
}

#[test]
fn every_page_has_its_headers() {
    for shown in pages(Words::real()) {
        let header = |name: &str| {
            let value = shown.headers.get(name);
            value.map_or("", |value| value.to_str().unwrap())
        };
        let name = shown.name.as_str();
        assert_eq!(header("content-type"), "text/html; charset=utf-8");
        assert_eq!(header("cache-control"), "no-store");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert_eq!(header("x-frame-options"), "DENY");
        assert!(header("permissions-policy").contains("camera=()"));
        let policy = header("content-security-policy");
        for rule in [
            "default-src 'none'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(rule), "{name}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{name}: {policy}");
        assert_eq!(policy.contains("script-src"), name == "form-post");
        let is_popup = name.ends_with("-popup");
        let opener = header("cross-origin-opener-policy");
        assert_eq!(opener, if is_popup { "" } else { "same-origin" }, "{name}");
        let referrer = if name == "form-post" {
            "strict-origin"
        } else {
            "same-origin"
        };
        assert_eq!(header("referrer-policy"), referrer, "{name}");
    }
}

#[test]
fn only_what_may_lead_to_an_application_lets_forms_leave() {
    for shown in pages(Words::real()) {
        let policy = shown.headers[header::CONTENT_SECURITY_POLICY].to_str();
        let stays = policy.unwrap().contains("form-action 'self'");
        let leaves = [
            "sign-in",
            "choose",
            "consent",
            "sign-out",
            "signed-out",
            "form-post",
        ];
        let leaves = leaves.iter().any(|name| shown.name.starts_with(name));
        assert_eq!(
            stays,
            !leaves || shown.name == "sign-in-plain",
            "{}",
            shown.name
        );
    }
}

#[test]
fn errors_have_their_status_and_say_when_to_come_back() {
    for shown in pages(Words::real()) {
        let Some(trouble) = shown.name.strip_prefix("error-") else {
            continue;
        };
        assert!(shown.status.is_client_error() || shown.status.is_server_error());
        let wait = shown.headers.get(header::RETRY_AFTER);
        let wait = wait.map(|value| value.to_str().unwrap());
        match trouble {
            "TooMany" => {
                assert_eq!(shown.status, StatusCode::TOO_MANY_REQUESTS);
                assert_eq!(wait, Some("180"));
            }
            "Busy" | "Unavailable" | "Full" => {
                assert_eq!(shown.status, StatusCode::SERVICE_UNAVAILABLE);
                assert!(wait.is_some());
            }
            _ => assert_eq!(wait, None, "{trouble}"),
        }
    }
}

#[test]
fn secrets_are_not_in_debug() {
    let form = Form {
        action: "/reset",
        token: "sesame",
        hidden: &[Hidden {
            name: "ticket",
            value: "sesame",
        }],
    };
    let posted = FormPost {
        page: Page::new("", ""),
        action: "https://app.example/",
        fields: &[("code", "sesame".to_owned())],
    };
    for debug in [
        format!("{form:?}"),
        format!("{posted:?}"),
        format!("{:?}", FormToken("sesame")),
    ] {
        assert!(!debug.contains("sesame"), "{debug}");
    }
}

#[test]
fn every_address_is_below_the_path_of_the_issuer() {
    let shown = RegistrationPending {
        page: Page::new("service", "/tenant"),
        email: "ada@example.org".into(),
    };
    let html = askama::Template::render(&shown).unwrap();
    assert!(html.contains("href=\"/tenant/style.css?v="));
}

/// Writes every page to `target/pages`, to be looked at:
/// `cargo test -p jeton-issuer pages::tests::to_be_looked_at -- --ignored`
#[test]
#[ignore = "writes files for people"]
fn to_be_looked_at() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/pages");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("style.css"), stylesheet::STYLE).unwrap();
    for shown in pages(Words::real()) {
        let html = shown.html.replace("\"/style.css", "\"style.css");
        let html = html.replace("<script>", "<script type=\"text/plain\">");
        std::fs::write(folder.join(format!("{}.html", shown.name)), html).unwrap();
    }
}
