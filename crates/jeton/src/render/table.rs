use super::value::{Row, rows};
use crate::terminal::{Page, Text, style};

/// Records in columns; where the page is too narrow for them, one below the other.
pub(crate) fn table(page: &mut Page, headings: &[&'static str], records: &[Vec<Text>]) {
    const GAP: usize = 2;
    let widths: Vec<usize> = headings
        .iter()
        .enumerate()
        .map(|(column, heading)| {
            let cells = records.iter().filter_map(|record| record.get(column)).map(Text::width);
            cells.chain([heading.len()]).max().unwrap_or(0)
        })
        .collect();
    if widths.iter().map(|width| width + GAP).sum::<usize>() > page.width() {
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
    let heading: Vec<Text> = headings.iter().map(|heading| Text::new(style::DIM, heading)).collect();
    page.line(&line(&heading), GAP);
    for record in records {
        page.line(&line(record), GAP);
    }
}

fn stacked(page: &mut Page, headings: &[&'static str], records: &[Vec<Text>]) {
    for (position, record) in records.iter().enumerate() {
        if position > 0 {
            page.blank();
        }
        let filled = headings.iter().zip(record).filter(|(_, cell)| cell.width() > 0);
        let all: Vec<Row> = filled.map(|(heading, cell)| Row::new(heading, "", vec![cell.clone()])).collect();
        rows(page, &all, style::DIM);
    }
}
