//! Prints the table of the OpenID conformance modules, as Markdown.

#[expect(dead_code, reason = "the tests use what is left")]
#[path = "../tests/conformance/table.rs"]
mod table;

fn main() {
    print!("{}", table::page());
}
