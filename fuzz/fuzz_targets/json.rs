//! The JSON reader beside `serde_json`: no panic, and the same verdict wherever the rules are the
//! same.
#![no_main]

use jeton_jose::json::{Document, Duplicates, ErrorKind, Options};
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(|text: &[u8]| {
    let strict = Document::parse(text, &options(Duplicates::RefuseAll, false));
    let lossless = Document::parse(text, &options(Duplicates::Keep, true));
    let theirs = serde_json::from_slice::<Value>(text);
    match &strict {
        Ok(document) => {
            assert!(lossless.is_ok(), "strict accepts what lossless refuses");
            assert!(theirs.is_ok(), "accepted what serde_json refuses");
            let root = document.root();
            assert!(root.equals(lossless.as_ref().unwrap().root()));
            let again = Document::parse(
                root.source().as_bytes(),
                &options(Duplicates::RefuseAll, false),
            );
            assert!(
                again.unwrap().root().equals(root),
                "its own source reads otherwise"
            );
        }
        Err(error) => {
            assert!(error.offset <= text.len(), "an offset outside the text");
            let ours_alone = matches!(
                error.kind,
                ErrorKind::DuplicateName | ErrorKind::TooDeep(_) | ErrorKind::TooLarge(_)
            );
            assert!(
                ours_alone || theirs.is_err(),
                "refused what serde_json accepts: {error}"
            );
        }
    }
});

fn options(duplicates: Duplicates, lenient_strings: bool) -> Options {
    Options {
        duplicates,
        max_depth: 32,
        max_len: 64 * 1024,
        lenient_strings,
    }
}
