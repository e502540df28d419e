//! The token service beside oidc-provider: what a second, a request and a megabyte buy.
//!
//! Both servers run bound to the same processor, the load comes from the other one over plain HTTP
//! on connections that are kept alive. They take turns, round by round, and so do the bare
//! primitives, so that a slow moment of the machine hits all of them; the median round counts. To
//! add a row, extend [`work::Work`]; to add a server, implement [`contestant::Contestant`].

mod bare;
mod connection;
mod contestant;
mod load;
mod process;
mod rounds;
mod storm;
mod syncs;
mod work;

use std::path::Path;

fn main() -> anyhow::Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bare", name] => bare::print(name),
        ["time", peers, rest @ ..] => {
            process::step_aside()?;
            let runtime = tokio::runtime::Builder::new_current_thread();
            let runtime = { runtime }.enable_all().build()?;
            runtime.block_on(rounds::time(Path::new(peers), rest.first().map(Path::new)))
        }
        _ => anyhow::bail!("usage: time INTEROP_FOLDER [JETON]"),
    }
}
