//! A browser as far as the service can tell: it keeps cookies, follows our redirects, and sends the
//! forms that it was shown.

use std::collections::BTreeMap;

use axum::body::Body;
use http::{Request, StatusCode, header};

use crate::house::{Answer, House, URL};

pub(crate) struct Browser<'h> {
    house: &'h House,
    cookies: BTreeMap<String, String>,
    /// What is shown.
    pub(crate) page: Answer,
}

/// A form of a page.
#[derive(Debug)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) hidden: Vec<(String, String)>,
}

impl<'h> Browser<'h> {
    pub(crate) fn new(house: &'h House) -> Self {
        Self {
            house,
            cookies: BTreeMap::new(),
            page: Answer::nothing(),
        }
    }

    pub(crate) async fn open(house: &'h House, path: &str) -> Self {
        let mut browser = Self::new(house);
        browser.go(path).await;
        browser
    }

    /// Goes to an address of ours and where it leads, until there is a page, or a way elsewhere.
    pub(crate) async fn go(&mut self, path: &str) -> &Answer {
        let request = Request::get(path).header("sec-fetch-site", "none");
        let request = request.body(Body::empty()).unwrap();
        let request = self.with_cookies(request);
        self.send(request).await
    }

    /// Posts a form of another site, with which no cookie goes that is `SameSite=Lax`.
    pub(crate) async fn post_from_elsewhere(
        &mut self,
        path: &str,
        fields: &[(String, String)],
    ) -> &Answer {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::ORIGIN, "https://elsewhere.example")
            .header("sec-fetch-site", "cross-site")
            .body(Body::from(text.finish()))
            .unwrap();
        self.send(with_host(request)).await
    }

    /// Presses a button of the first form that posts to this path, with these fields filled in.
    pub(crate) async fn submit(&mut self, action: &str, filled: &[(&str, &str)]) -> &Answer {
        let form = self.form(action);
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(&form.hidden);
        text.extend_pairs(filled);
        let request = Request::post(&form.action)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(text.finish()))
            .unwrap();
        let request = self.with_cookies(request);
        self.send(request).await
    }

    /// Sends a form with these fields and nothing else.
    pub(crate) async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> &Answer {
        let mut text = form_urlencoded::Serializer::new(String::new());
        text.extend_pairs(fields);
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(text.finish()))
            .unwrap();
        let request = self.with_cookies(request);
        self.send(request).await
    }

    /// What a form carries beside what is typed.
    pub(crate) fn hidden(&self, action: &str, name: &str) -> String {
        let hidden = self.form(action).hidden;
        let mut found = hidden.into_iter().filter(|(known, _)| known == name);
        found.next().unwrap().1
    }

    /// Whether the page says this.
    pub(crate) fn says(&self, text: &str) -> bool {
        self.page.text.contains(text)
    }

    /// Asserts that the page says this.
    pub(crate) fn must_say(&self, text: &str) {
        assert!(self.says(text), "no {text:?} in {}", self.page.text);
    }

    /// Loses a cookie.
    pub(crate) fn forget(&mut self, name: &str) {
        self.cookies.remove(name).unwrap();
    }

    /// The first form of the page that posts to this path.
    pub(crate) fn form(&self, action: &str) -> Form {
        let html = &self.page.text;
        let start = html
            .match_indices("<form")
            .map(|(at, _)| &html[at..])
            .find(|form| attribute(form, "action").as_deref() == Some(action))
            .unwrap_or_else(|| panic!("no form to {action} in {html}"));
        let form = &start[..start.find("</form>").unwrap()];
        let inputs = form.match_indices("<input").map(|(at, _)| &form[at..]);
        let hidden = inputs.filter(|input| attribute(input, "type").as_deref() == Some("hidden"));
        Form {
            action: action.to_owned(),
            hidden: hidden
                .map(|input| {
                    let name = attribute(input, "name").unwrap();
                    (name, attribute(input, "value").unwrap_or_default())
                })
                .collect(),
        }
    }

    /// Where the browser was sent that is not ours.
    pub(crate) fn left_to(&self) -> Option<&str> {
        let location = self.page.headers.get(header::LOCATION)?.to_str().unwrap();
        (!location.starts_with('/')).then_some(location)
    }

    pub(crate) fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.get(name).map(String::as_str)
    }

    async fn send(&mut self, mut request: Request<Body>) -> &Answer {
        loop {
            self.page = self.house.ask(request).await;
            self.keep_cookies();
            let location = self.page.headers.get(header::LOCATION);
            let location = location.map(|location| location.to_str().unwrap().to_owned());
            match location {
                Some(location) if location.starts_with('/') => {
                    assert_eq!(self.page.status, StatusCode::SEE_OTHER);
                    let next = Request::get(location).header("sec-fetch-site", "same-origin");
                    request = self.with_cookies(next.body(Body::empty()).unwrap());
                }
                _ => return &self.page,
            }
        }
    }

    fn with_cookies(&self, mut request: Request<Body>) -> Request<Body> {
        let pairs: Vec<String> = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let headers = request.headers_mut();
        if !pairs.is_empty() {
            headers.insert(header::COOKIE, pairs.join("; ").parse().unwrap());
        }
        with_host(request)
    }

    fn keep_cookies(&mut self) {
        for line in self.page.headers.get_all(header::SET_COOKIE) {
            let line = line.to_str().unwrap();
            let (pair, attributes) = line.split_once("; ").unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if attributes.contains("Max-Age=0") {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }
}

fn with_host(mut request: Request<Body>) -> Request<Body> {
    let headers = request.headers_mut();
    let host = URL.strip_prefix("https://").unwrap();
    headers.insert(header::HOST, host.parse().unwrap());
    let agent = "Mozilla/5.0 Firefox/140.0".parse().unwrap();
    headers.insert(header::USER_AGENT, agent);
    request
}

/// The value of an attribute of the first tag of a text, unescaped.
fn attribute(text: &str, name: &str) -> Option<String> {
    let tag = &text[..text.find('>')?];
    let start = tag.find(&format!(" {name}=\""))? + name.len() + 3;
    let value = &tag[start..];
    let value = &value[..value.find('"')?];
    let mut value = value.to_owned();
    for (escaped, plain) in [
        ("&#38;", "&"),
        ("&amp;", "&"),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#60;", "<"),
        ("&#62;", ">"),
    ] {
        value = value.replace(escaped, plain);
    }
    Some(value)
}
