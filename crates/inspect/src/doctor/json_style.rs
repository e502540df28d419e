//! A JSON text as other writers would have written it.

use core::fmt::Write as _;

use jeton_jose::json::{Document, Object, Options, Value, write_string};

/// Most members whose orders are all tried.
const MOST_PERMUTED: usize = 4;

/// A way to write, and what comes out.
pub(super) struct Restyled {
    pub(super) words: String,
    /// Whether it differs in the order of members.
    pub(super) reordered: bool,
    pub(super) text: Vec<u8>,
}

/// The text in the known styles but its own, the likeliest first: at most `most` of them, and
/// whether that kept it from some.
pub(super) fn restyle(text: &[u8], most: usize) -> (Vec<Restyled>, bool) {
    let Ok(document) = Document::parse(text, &Options::lossless()) else {
        return (Vec::new(), false);
    };
    let root = document.root();
    let mut seen = vec![text.to_vec()];
    let mut styles = Vec::new();
    let mut add = |words: String, reordered, text: Vec<u8>| {
        if !seen.contains(&text) {
            seen.push(text.clone());
            styles.push(Restyled {
                words,
                reordered,
                text,
            });
        }
        styles.len() < most
    };
    // Spaces alone change no order: the first of equal texts is the simpler explanation.
    let all = in_order(root, Order::Kept, "")
        .chain(ends(text))
        .chain(in_order(root, Order::Sorted, " and sorted by name"))
        .chain(in_order(root, Order::Reversed, " and in reverse order"))
        .chain(permuted(root));
    let mut cut = false;
    for (words, reordered, text) in all {
        if !add(words, reordered, text) {
            cut = true;
            break;
        }
    }
    (styles, cut)
}

/// In words, whether the order differs, and what comes out.
type Written = (String, bool, Vec<u8>);

fn in_order<'d>(
    root: Value<'d>,
    order: Order<'static>,
    order_words: &'static str,
) -> impl Iterator<Item = Written> + use<'d> {
    STYLES.iter().map(move |(style, words)| {
        let text = rewrite(root, *style, order).into_bytes();
        (format!("{words}{order_words}"), order != Order::Kept, text)
    })
}

fn ends(text: &[u8]) -> [Written; 3] {
    let with = |end: &str, words: &str| {
        let text = [text, end.as_bytes()].concat();
        (words.to_owned(), false, text)
    };
    let trimmed = text.trim_ascii().to_vec();
    [
        with("\n", "with a line break at the end"),
        with("\r\n", "with CR LF at the end"),
        ("without white space around it".to_owned(), false, trimmed),
    ]
}

fn permuted(root: Value<'_>) -> impl Iterator<Item = Written> {
    permutations(root).into_iter().flat_map(move |order| {
        let written = |(style, words): &(Style, &str)| {
            let text = rewrite(root, *style, Order::Given(&order)).into_bytes();
            (format!("{words} and in another order"), true, text)
        };
        let all: Vec<_> = STYLES.iter().take(2).map(written).collect();
        all
    })
}

/// How to write.
#[derive(Clone, Copy)]
struct Style {
    /// After a comma, where lines are not broken.
    comma: &'static str,
    colon: &'static str,
    /// One step of indentation, if lines are broken.
    indent: Option<&'static str>,
    line: &'static str,
    strings: Strings,
}

#[derive(Clone, Copy)]
enum Strings {
    /// As they are.
    Kept,
    /// With the fewest escapes.
    Plain,
    /// What is not ASCII escaped.
    Ascii,
    /// Slashes escaped.
    Slashes,
    /// Both.
    SlashesAscii,
    /// `<`, `>` and `&` escaped.
    Html,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Order<'o> {
    Kept,
    Sorted,
    Reversed,
    /// Of the outermost members.
    Given(&'o [usize]),
}

const COMPACT: Style = Style {
    comma: ",",
    colon: ":",
    indent: None,
    line: "\n",
    strings: Strings::Kept,
};

const fn indented(indent: &'static str, line: &'static str) -> Style {
    Style {
        indent: Some(indent),
        colon: ": ",
        line,
        ..COMPACT
    }
}

const fn strings(strings: Strings) -> Style {
    Style { strings, ..COMPACT }
}

const SPACED: Style = Style {
    comma: ", ",
    colon: ": ",
    ..COMPACT
};

const STYLES: &[(Style, &str)] = &[
    (COMPACT, "without spaces"),
    (SPACED, "with a space after commas and colons"),
    (indented("  ", "\n"), "with two spaces of indentation"),
    (strings(Strings::Plain), "without needless escapes"),
    (
        strings(Strings::Ascii),
        "with \\u escapes for what is not ASCII",
    ),
    (strings(Strings::Slashes), "with escaped slashes"),
    (indented("    ", "\n"), "with four spaces of indentation"),
    (indented("\t", "\n"), "indented with tabs"),
    (
        indented("  ", "\r\n"),
        "with two spaces of indentation and CR LF",
    ),
    (strings(Strings::Html), "with \\u escapes for <, > and &"),
    (
        strings(Strings::SlashesAscii),
        "with escaped slashes and \\u escapes",
    ),
    (
        Style {
            strings: Strings::Ascii,
            ..SPACED
        },
        "with spaces and \\u escapes",
    ),
];

fn rewrite(value: Value<'_>, style: Style, order: Order<'_>) -> String {
    let mut out = String::with_capacity(value.source().len() * 2);
    let mut writer = Writer {
        style,
        order,
        out: &mut out,
    };
    writer.value(value, 0);
    out
}

struct Writer<'w> {
    style: Style,
    order: Order<'w>,
    out: &'w mut String,
}

impl Writer<'_> {
    /// Recursion is bounded by the depth that the reader admits.
    fn value(&mut self, value: Value<'_>, depth: usize) {
        if let Some(array) = value.as_array() {
            self.out.push('[');
            for (at, element) in array.iter().enumerate() {
                self.separate(at, depth);
                self.value(element, depth + 1);
            }
            self.close(array.is_empty(), depth);
            self.out.push(']');
        } else if let Some(object) = value.as_object() {
            self.out.push('{');
            let mut members: Vec<_> = object.iter().collect();
            match self.order {
                Order::Sorted => members.sort_by_key(|member| member.name),
                Order::Reversed => members.reverse(),
                Order::Given(order) if depth == 0 => {
                    members = order
                        .iter()
                        .filter_map(|at| members.get(*at).cloned())
                        .collect();
                }
                Order::Given(_) | Order::Kept => {}
            }
            for (at, member) in members.iter().enumerate() {
                self.separate(at, depth);
                self.string(member.name_source(), member.name);
                self.out.push_str(self.style.colon);
                self.value(member.value, depth + 1);
            }
            self.close(members.is_empty(), depth);
            self.out.push('}');
        } else if let Some(contents) = value.as_str() {
            self.string(value.source(), contents);
        } else {
            self.out.push_str(value.source());
        }
    }

    fn separate(&mut self, at: usize, depth: usize) {
        if at > 0 {
            self.out.push_str(match self.style.indent {
                Some(_) => ",",
                None => self.style.comma,
            });
        }
        self.new_line(depth + 1);
    }

    fn close(&mut self, empty: bool, depth: usize) {
        if !empty {
            self.new_line(depth);
        }
    }

    fn new_line(&mut self, depth: usize) {
        if let Some(indent) = self.style.indent {
            self.out.push_str(self.style.line);
            self.out.extend(core::iter::repeat_n(indent, depth));
        }
    }

    fn string(&mut self, source: &str, contents: &str) {
        let mut plain = String::with_capacity(source.len());
        write_string(&mut plain, contents);
        for character in match self.style.strings {
            Strings::Kept => return self.out.push_str(source),
            _ => plain.chars(),
        } {
            match (self.style.strings, character) {
                (Strings::Slashes | Strings::SlashesAscii, '/') => self.out.push_str("\\/"),
                (Strings::Ascii | Strings::SlashesAscii, c) if !c.is_ascii() => self.escape(c),
                (Strings::Html, c @ ('<' | '>' | '&' | '\u{2028}' | '\u{2029}')) => self.escape(c),
                (_, c) => self.out.push(c),
            }
        }
    }

    fn escape(&mut self, character: char) {
        for unit in character.encode_utf16(&mut [0; 2]) {
            // Writing to a string cannot fail.
            let _ = write!(self.out, "\\u{unit:04x}");
        }
    }
}

/// Every order of the outermost members, if they are few.
fn permutations(value: Value<'_>) -> Vec<Vec<usize>> {
    let count = value.as_object().map_or(0, Object::len);
    if !(2..=MOST_PERMUTED).contains(&count) {
        return Vec::new();
    }
    let mut orders: Vec<Vec<usize>> = vec![Vec::new()];
    for next in 0..count {
        orders = orders
            .into_iter()
            .flat_map(|order| {
                (0..=order.len()).map(move |at| {
                    let mut longer = order.clone();
                    longer.insert(at, next);
                    longer
                })
            })
            .collect();
    }
    orders
}
