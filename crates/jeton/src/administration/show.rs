//! Records as people read them: lists as tables, one record as rows.

use jeton_jose::json::{self, Kind, Value, compact};

use super::parsed;
use crate::failure::Failure;
use crate::json_text::Object;
use crate::render::{Row, rows, table};
use crate::session::{Session, print_json, print_page};
use crate::terminal::{Text, style};

/// A column of a table: its heading, and the member that is shown.
pub(crate) type Column = (&'static str, &'static str);

/// A list, as it is or as a table.
pub(crate) fn print_list(session: &Session, json: &str, columns: &[Column]) -> Result<(), Failure> {
    if session.json {
        return print_json(json);
    }
    let document = parsed(json)?;
    let items = document
        .root()
        .as_object()
        .and_then(|page| page.get("items")?.as_array());
    let records: Vec<Vec<Text>> = items
        .into_iter()
        .flat_map(json::Array::iter)
        .map(|item| {
            let cell = |(_, member): &Column| {
                let value = item.as_object().and_then(|item| item.get(member));
                Text::new(style::PLAIN, &value.map(words).unwrap_or_default())
            };
            columns.iter().map(cell).collect()
        })
        .collect();
    let mut page = session.page();
    if records.is_empty() {
        page.line(&Text::new(style::DIM, "there are none"), 0);
    } else {
        let headings: Vec<&'static str> = columns.iter().map(|(heading, _)| *heading).collect();
        table(&mut page, &headings, &records);
    }
    print_page(page)
}

/// One record, as it is or in rows.
pub(crate) fn print_record(session: &Session, json: &str) -> Result<(), Failure> {
    if session.json {
        return print_json(json);
    }
    let document = parsed(json)?;
    let mut all = Vec::new();
    for member in document
        .root()
        .as_object()
        .into_iter()
        .flat_map(json::Object::iter)
    {
        append(&mut all, member.name, member.value);
    }
    let mut page = session.page();
    rows(&mut page, &all, style::DIM);
    print_page(page)
}

/// A record within the record has its members shown beside the others.
fn append(all: &mut Vec<Row>, name: &str, value: Value<'_>) {
    let members = value.as_object().filter(|object| !object.is_empty());
    if let Some(object) = members.filter(|_| matches!(name, "user" | "client" | "audit")) {
        for member in object {
            append(all, member.name, member.value);
        }
        return;
    }
    let text = words(value);
    if !text.is_empty() {
        all.push(Row::new(name, "", vec![Text::new(style::PLAIN, &text)]));
    }
}

/// Says that something was done.
pub(crate) fn print_done(session: &Session, what: &str, name: &str) -> Result<(), Failure> {
    if session.json {
        let mut object = Object::new();
        object.string("done", what);
        object.string("name", name);
        return print_json(&object.finish());
    }
    let mut page = session.page();
    let line = Text::new(style::GOOD, what).with(style::PLAIN, &format!(" {name}"));
    page.line(&line, 0);
    print_page(page)
}

/// A value in words.
fn words(value: Value<'_>) -> String {
    match value.kind() {
        Kind::Null => String::new(),
        Kind::Bool => if value.as_bool() == Some(true) {
            "yes"
        } else {
            "no"
        }
        .to_owned(),
        Kind::String => value.as_str().unwrap_or_default().to_owned(),
        Kind::Array => {
            let items = value.as_array();
            let items = items.into_iter().flat_map(json::Array::iter);
            items.map(words).collect::<Vec<_>>().join(", ")
        }
        Kind::Object => {
            let object = value.as_object();
            let members = object.into_iter().flat_map(json::Object::iter);
            let told = members.filter(|member| !member.value.is_null());
            let told = told.map(|member| format!("{}: {}", member.name, words(member.value)));
            let told = told.collect::<Vec<_>>().join(", ");
            // Something of which nothing is to be told is there all the same.
            if told.is_empty() && object.is_some_and(|object| !object.is_empty()) {
                return "yes".to_owned();
            }
            told
        }
        Kind::Number => compact(value),
    }
}
