//! The workbench of jeton as WebAssembly, for the debugger page and nothing else.
//!
//! One function: the name of an operation and the JSON of a request in, the JSON of the answer
//! out. What the operations are is `jeton_inspect::workbench`'s; the cryptography is pure Rust, its
//! randomness the browser's, and the time is the caller's.

use jeton_inspect::workbench::{self, Setting};
use jeton_jose::UnixTime;
use jeton_jose::backend::RustCrypto;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers one request. `now_seconds` is the present, in seconds since 1970.
///
/// # Errors
/// The JSON of why there is no answer, `{"error":{"code":...,"message":...}}`. A token that is not
/// valid is an answer.
#[wasm_bindgen]
pub fn call(operation: &str, request_json: &str, now_seconds: f64) -> Result<String, String> {
    let setting = Setting {
        backend: &RustCrypto,
        now: time(now_seconds),
    };
    workbench::call(operation, request_json, &setting).map_err(|failure| failure.to_json())
}

/// The version of jeton that this is.
#[wasm_bindgen]
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").to_owned()
}

/// Whole seconds: a clock's milliseconds say nothing about a token.
fn time(seconds: f64) -> UnixTime {
    #[expect(
        clippy::cast_possible_truncation,
        reason = "the cast saturates, and what is no number becomes 0"
    )]
    let seconds = seconds.floor() as i64;
    UnixTime::from_seconds(seconds)
}
