//! What the reader takes and refuses, and that its views and writers agree with the text.

mod against_serde_json;
mod grammar;
mod limits;
mod number;
mod serde;
mod value;

use super::*;

const ALL: [Options; 3] = [Options::strict(), Options::claims(), Options::lossless()];

fn parse(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes(), &Options::strict()).unwrap()
}

fn lossless(text: &str) -> Document<'_> {
    Document::parse(text.as_bytes(), &Options::lossless()).unwrap()
}

fn refused(text: impl AsRef<[u8]>, options: &Options) -> (ErrorKind, usize) {
    let error = Document::parse(text.as_ref(), options).unwrap_err();
    assert_eq!(
        Document::from_vec(text.as_ref().to_vec(), options).unwrap_err(),
        error
    );
    (error.kind, error.offset)
}
