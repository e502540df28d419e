use core::fmt;

use askama::Template;

use super::page::Page;
use super::respond::View;

/// The answer to an application that wants it posted (OAuth 2.0 Form Post Response Mode). The
/// form goes to the application, so it has no secret of ours. Without script it takes a press of
/// the button.
#[derive(Template)]
#[template(path = "form_post.html")]
pub struct FormPost<'a> {
    /// What is around it, with forms that may leave.
    pub page: Page<'a>,
    /// Where it goes: a registered redirect URI.
    pub action: &'a str,
    /// What it carries.
    pub fields: &'a [(&'static str, String)],
}

impl View for FormPost<'_> {
    /// Of the one line in the template.
    const SCRIPT: Option<&'static str> =
        Some("sha256-ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE=");

    /// The application may hold the `Origin` against ours; a path has no business there.
    const REFERRER: &'static str = "strict-origin";

    fn page(&self) -> &Page<'_> {
        &self.page
    }
}

impl fmt::Debug for FormPost<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormPost")
            .field("action", &self.action)
            .finish_non_exhaustive()
    }
}
