use super::value::{Row, rows};
use crate::terminal::{Page, Text, style};

/// Records in columns, of which the last may be broken; where the page is too narrow for them, one below the other.
pub(crate) fn table(page: &mut Page, headings: &[&'static str], records: &[Vec<Text>]) {
    const GAP: usize = 2;
    const LEAST_LAST: usize = 20;
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(column, heading)| {
            let cells = records
                .iter()
                .filter_map(|record| record.get(column))
                .map(Text::width);
            cells.chain([heading.len()]).max().unwrap_or(0)
        })
        .collect();
    let (last, fixed) = widths.split_last().unwrap_or((&0, &[]));
    let last_column: usize = fixed.iter().map(|width| width + GAP).sum();
    if last_column + (*last).min(LEAST_LAST) > page.width() {
        return stacked(page, headings, records);
    }
    let line = |cells: &[Text]| {
        let mut column = 0;
        let mut line = Text::default();
        for (cell, width) in cells.iter().zip(&widths) {
            line = line.pad_to(column).and(cell);
            column += width + GAP;
        }
        line
    };
    let heading: Vec<Text> = headings
        .iter()
        .map(|heading| Text::new(style::DIM, heading))
        .collect();
    page.line(&line(&heading), GAP);
    for record in records {
        page.line(&line(record), last_column);
    }
}

fn stacked(page: &mut Page, headings: &[&'static str], records: &[Vec<Text>]) {
    for (position, record) in records.iter().enumerate() {
        if position > 0 {
            page.blank();
        }
        let filled = headings
            .iter()
            .zip(record)
            .filter(|(_, cell)| cell.width() > 0);
        let all: Vec<Row> = filled
            .map(|(heading, cell)| Row::new(heading, "", vec![cell.clone()]))
            .collect();
        rows(page, &all, style::DIM);
    }
}
