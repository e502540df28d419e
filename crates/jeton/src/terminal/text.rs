use std::fmt::Write as _;

use anstyle::Style;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use super::escape::visible;

/// Styled text on one line. All that is pushed is escaped.
#[derive(Clone, Debug, Default)]
pub(crate) struct Text {
    spans: Vec<(Style, String)>,
}

impl Text {
    pub(crate) fn new(style: Style, text: &str) -> Self {
        Self::default().with(style, text)
    }

    #[must_use]
    pub(crate) fn with(mut self, style: Style, text: &str) -> Self {
        if !text.is_empty() {
            self.spans.push((style, visible(text).into_owned()));
        }
        self
    }

    /// Followed by another text.
    #[must_use]
    pub(crate) fn and(mut self, other: &Self) -> Self {
        self.spans.extend(other.spans.iter().cloned());
        self
    }

    /// Spaces up to a column.
    #[must_use]
    pub(crate) fn pad_to(self, column: usize) -> Self {
        let missing = column.saturating_sub(self.width());
        self.with(Style::new(), &" ".repeat(missing))
    }

    /// Columns it takes.
    pub(crate) fn width(&self) -> usize {
        self.cells().map(|cell| cell.width).sum()
    }

    fn cells(&self) -> impl Iterator<Item = Cell> {
        self.spans.iter().flat_map(|(style, text)| {
            text.chars().map(|char| Cell {
                char,
                style: *style,
                width: char.width().unwrap_or(0),
            })
        })
    }

    /// Breaks at spaces, and inside of words that are longer than a line. Lines after the first
    /// have `hanging` columns less.
    fn wrap(&self, width: usize, hanging: usize) -> Vec<Vec<Cell>> {
        let cells: Vec<Cell> = self.cells().collect();
        let mut lines = Lines {
            full: Vec::new(),
            line: Vec::new(),
            used: 0,
            width,
            hanging,
        };
        for word in cells.chunk_by(|a, b| (a.char == ' ') == (b.char == ' ')) {
            lines.push_word(word);
        }
        lines.end_line();
        lines.full
    }
}

/// Lines in the making. `used` counts the hanging columns.
struct Lines {
    full: Vec<Vec<Cell>>,
    line: Vec<Cell>,
    used: usize,
    width: usize,
    hanging: usize,
}

impl Lines {
    fn push_word(&mut self, word: &[Cell]) {
        let wide: usize = word.iter().map(|cell| cell.width).sum();
        if self.used.saturating_add(wide) > self.width && self.used > self.hanging {
            self.end_line();
        }
        let space = word.first().is_some_and(|cell| cell.char == ' ');
        if space && self.line.is_empty() && !self.full.is_empty() {
            return;
        }
        for cell in word {
            if self.used + cell.width > self.width && !self.line.is_empty() {
                self.end_line();
            }
            self.used += cell.width;
            self.line.push(*cell);
        }
    }

    fn end_line(&mut self) {
        let mut line = std::mem::take(&mut self.line);
        while line.last().is_some_and(|cell| cell.char == ' ') {
            line.pop();
        }
        self.full.push(line);
        self.used = self.hanging;
    }
}

#[derive(Clone, Copy)]
struct Cell {
    char: char,
    style: Style,
    width: usize,
}

/// What stands before the lines of a page inside another.
const MARGIN: &str = "  │ ";

/// Lines, laid out for a width.
#[derive(Debug)]
pub(crate) struct Page {
    out: String,
    width: usize,
}

impl Page {
    pub(crate) fn new(width: usize) -> Self {
        Self {
            out: String::new(),
            width,
        }
    }

    pub(crate) fn width(&self) -> usize {
        self.width
    }

    pub(crate) fn is_narrow(&self) -> bool {
        self.width < 60
    }

    pub(crate) fn blank(&mut self) {
        self.out.push('\n');
    }

    /// A line; where it has to be broken, what follows hangs at the column.
    pub(crate) fn line(&mut self, text: &Text, hanging: usize) {
        let hanging = hanging.min(self.width / 2);
        for (position, line) in text.wrap(self.width, hanging).iter().enumerate() {
            if position > 0 {
                self.out.extend(std::iter::repeat_n(' ', hanging));
            }
            self.cells(line);
            self.out.push('\n');
        }
    }

    /// An empty page for what is to stand inside this one.
    pub(crate) fn inside(&self) -> Self {
        Self::new(self.width.saturating_sub(MARGIN.width()).max(1))
    }

    /// Appends the lines of a page made by [`Page::inside`], set in.
    pub(crate) fn nest(&mut self, inside: &Self) {
        for line in inside.out.lines() {
            let margin = if line.is_empty() {
                MARGIN.trim_end()
            } else {
                MARGIN
            };
            let _ = writeln!(self.out, "{margin}{line}");
        }
        self.blank();
    }

    /// The lines with their styles as escape sequences.
    pub(crate) fn into_string(self) -> String {
        self.out
    }

    fn cells(&mut self, line: &[Cell]) {
        let mut current = Style::new();
        for cell in line {
            if cell.style != current {
                let _ = write!(self.out, "{current:#}{}", cell.style);
                current = cell.style;
            }
            self.out.push(cell.char);
        }
        let _ = write!(self.out, "{current:#}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn laid_out(width: usize, hanging: usize, text: &str) -> Vec<String> {
        let mut page = Page::new(width);
        page.line(&Text::new(Style::new(), text), hanging);
        page.into_string().lines().map(str::to_owned).collect()
    }

    #[test]
    fn breaks_at_spaces_and_hangs() {
        assert_eq!(
            laid_out(12, 4, "aud  one two three"),
            ["aud  one two", "    three"]
        );
        assert_eq!(
            laid_out(80, 4, "aud  one two three"),
            ["aud  one two three"]
        );
        assert_eq!(
            laid_out(usize::MAX, 4, "no width, no break"),
            ["no width, no break"]
        );
    }

    #[test]
    fn long_words_are_cut() {
        assert_eq!(
            laid_out(10, 2, "abcdefghijklmnopqrstuvwxyz"),
            ["abcdefghij", "  klmnopqr", "  stuvwxyz"]
        );
        assert_eq!(
            laid_out(10, 4, "k: abcdefghijkl"),
            ["k: abcdefg", "    hijkl"]
        );
        assert_eq!(
            laid_out(10, 4, "kind abcdefghijkl"),
            ["kind", "    abcdef", "    ghijkl"]
        );
    }

    #[test]
    fn wide_characters_take_two_columns() {
        assert_eq!(laid_out(6, 2, "東京東京"), ["東京東", "  京"]);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        for width in 20..60 {
            for line in laid_out(
                width,
                30,
                "the quick brown fox jumps over aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            ) {
                assert!(line.chars().count() <= width, "{width}: {line}");
            }
        }
    }

    #[test]
    fn hostile_text_is_escaped_on_the_way_in() {
        let mut page = Page::new(80);
        page.line(&Text::new(Style::new(), "x\u{1b}]0;owned\u{7}\u{202e}"), 0);
        assert_eq!(page.into_string(), "x\\u{1b}]0;owned\\u{7}\\u{202e}\n");
    }
}
