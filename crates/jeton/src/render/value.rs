//! Values of JSON as rows of text.

use jeton_jose::json::{Kind, Value, compact, pretty};

use crate::terminal::{Page, Text, style};

/// A name, its meaning, and its value on one or more lines.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) label: &'static str,
    pub(crate) lines: Vec<Text>,
}

impl Row {
    pub(crate) fn new(name: &str, label: &'static str, lines: Vec<Text>) -> Self {
        Self {
            name: name.to_owned(),
            label,
            lines,
        }
    }
}

/// Rows with their columns aligned; on a narrow page, values stand below their names.
pub(crate) fn rows(page: &mut Page, rows: &[Row], name_style: anstyle::Style) {
    const MOST: usize = 20;
    let widest = |width: fn(&Row) -> usize| {
        rows.iter()
            .map(width)
            .filter(|width| *width <= MOST)
            .max()
            .unwrap_or(0)
    };
    let names = widest(|row| Text::new(style::PLAIN, &row.name).width());
    let labels = widest(|row| row.label.len());
    let stacked = page.is_narrow() && labels > 0;
    let label_column = 2 + names + 2;
    let value_column = label_column + if labels > 0 { labels + 2 } else { 0 };
    for row in rows {
        let mut head = Text::new(style::PLAIN, "  ").with(name_style, &row.name);
        if !row.label.is_empty() {
            head = head.pad_to(label_column).with(style::DIM, row.label);
        }
        let below = stacked || head.width() + 2 > value_column;
        let column = if stacked { 4 } else { value_column };
        if below {
            page.line(&head, 4);
        }
        for (position, line) in row.lines.iter().enumerate() {
            let start = if position == 0 && !below {
                head.clone()
            } else {
                Text::default()
            };
            page.line(&start.pad_to(column).and(line), column);
        }
    }
}

/// A value as a person reads it: text without quotes where that is unambiguous.
pub(crate) fn lines(value: Value<'_>, room: usize) -> Vec<Text> {
    match value.kind() {
        Kind::String => vec![Text::new(style::PLAIN, &readable(value))],
        Kind::Array | Kind::Object => {
            let one = compact(value);
            if one.chars().count() <= room {
                return vec![Text::new(style::PLAIN, &one)];
            }
            pretty(value)
                .lines()
                .map(|line| Text::new(style::PLAIN, line))
                .collect()
        }
        Kind::Null | Kind::Bool | Kind::Number => vec![Text::new(style::BOLD, value.source())],
    }
}

/// Quotes and escapes stay where the text could be taken for something else.
fn readable(value: Value<'_>) -> String {
    let text = value.as_str().unwrap_or_default();
    let looks_like_json = matches!(text, "true" | "false" | "null")
        || text.starts_with(['"', '{', '[', '-'])
        || text.starts_with(|c: char| c.is_ascii_digit()) && text.parse::<f64>().is_ok();
    let ambiguous = looks_like_json
        || text.is_empty()
        || text.trim() != text
        || text.contains(char::is_control);
    if ambiguous {
        value.source().to_owned()
    } else {
        text.to_owned()
    }
}
