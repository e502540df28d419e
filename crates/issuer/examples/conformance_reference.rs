//! Prints the table of the OpenID conformance modules, as Markdown.

#[path = "../tests/conformance/table.rs"]
mod table;

fn main() {
    print!("{}", table::page());
}
