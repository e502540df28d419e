//! What an HTTP face says when it refuses: problem bodies (RFC 9457) and challenges (RFC 6750).
//!
//! Everything that has a stable code is [`Coded`]: the core's codes, those of a request
//! ([`RequestCode`]), and the ones that other crates have for their own errors. A body carries the
//! code, never a token, a key or a claim's value. This crate knows no server and no client.
//!
//! To add a code that any HTTP face may need, add a row to the table in `request.rs`.

mod challenge;
mod problem;
mod request;

pub use challenge::Challenge;
pub use problem::Problem;
pub use request::RequestCode;

/// Something with a stable code, which programs match on, and what a person should know about it.
pub trait Coded {
    /// The code as programs see it; it never changes its meaning.
    fn code(&self) -> &'static str;
    /// What it means.
    fn cause(&self) -> &'static str;
    /// What to do about it.
    fn remedy(&self) -> &'static str;
}

impl Coded for jeton_jose::Code {
    fn code(&self) -> &'static str {
        self.as_str()
    }

    fn cause(&self) -> &'static str {
        (*self).cause()
    }

    fn remedy(&self) -> &'static str {
        (*self).remedy()
    }
}

/// Where a code is explained: the generated reference.
pub fn reference(code: &str) -> String {
    format!(
        "{}/blob/main/docs/reference/errors.md#{code}",
        env!("CARGO_PKG_REPOSITORY")
    )
}
