use jeton_jose::UnixTime;
use jiff::tz::TimeZone;

use crate::failure::Failure;
use crate::json_text::pretty;
use crate::terminal::{self, Page, escape_json};

/// What a run is given from outside: when it is, how wide and in which form to answer.
#[derive(Clone, Debug)]
pub(crate) struct Session {
    pub(crate) now: UnixTime,
    pub(crate) zone: TimeZone,
    pub(crate) width: usize,
    /// Answer with one JSON object.
    pub(crate) json: bool,
}

/// How a run that could answer ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    Yes,
    No,
}

impl Session {
    pub(crate) fn page(&self) -> Page {
        Page::new(self.width)
    }

    /// With the time that the person set instead of the clock's.
    pub(crate) fn at(&self, now: UnixTime) -> Self {
        Self {
            now,
            ..self.clone()
        }
    }
}

pub(crate) fn print_page(page: Page) -> Result<(), Failure> {
    written(terminal::print(&page.into_string()))
}

/// A JSON text, on lines of its own.
pub(crate) fn print_json(json: &str) -> Result<(), Failure> {
    print_data(&format!("{}\n", escape_json(&pretty(json))))
}

/// Data that may be piped on; as it is.
pub(crate) fn print_data(text: &str) -> Result<(), Failure> {
    written(terminal::print_bytes(text.as_bytes()))
}

pub(crate) fn written(result: std::io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| Failure::io("cannot write to the standard output", &error))
}
