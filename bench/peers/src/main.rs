//! jeton beside the bare primitive and other libraries: who needs how long for the same work.
//!
//! Everyone verifies the same tokens under the same keys: signature, `iss`, `aud` and `exp`, all
//! claims handed out; and everyone signs the same claims. Those that encrypt decrypt the same
//! tokens and encrypt the same claims. Contestants take turns in many short rounds, so that a slow
//! moment of the machine hits all of them, and the median round counts. To add a contestant,
//! implement [`contestant::Contestant`].

mod case;
mod contestant;
mod count;
mod rounds;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["time", folder] => rounds::time(Path::new(folder), ""),
        ["time", folder, filter] => rounds::time(Path::new(folder), filter),
        ["count"] => count::all(),
        ["spin", who, case, times, keys] => count::spin(who, case, times.parse()?, Path::new(keys)),
        _ => anyhow::bail!("usage: time INTEROP_FOLDER [FILTER] | count"),
    }
}
