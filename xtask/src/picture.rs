//! The session in the README: real commands, their real output, drawn as SVG in both themes.

use std::fmt::Write as _;
use std::process::Command;

use anyhow::Context as _;

use crate::process;

/// What is typed, as it is shown, with the words that are run. `KEY` and `TOKEN` stand for files.
const SESSION: &[(&str, &[&str])] = &[
    (
        "jeton decode @token.jwt",
        &["decode", "@TOKEN", "--at", "2026-01-01T12:05:00Z"],
    ),
    (
        "jeton verify @token.jwt --key issuer.jwk --policy access-token --aud https://other.example   # an hour later",
        &[
            "verify",
            "@TOKEN",
            "--key",
            "KEY",
            "--policy",
            "access-token",
            "--aud",
            "https://other.example",
            "--at",
            "2026-01-01T13:15:00Z",
        ],
    ),
];

const SIGN: &[&str] = &[
    "sign",
    "--key",
    "KEY",
    "--typ",
    "at+jwt",
    "--iss",
    "https://id.example",
    "--sub",
    "ada",
    "--aud",
    "https://api.example",
    "--claim",
    "client_id=orders-app",
    "--claim",
    "scope=orders:read",
    "--exp",
    "15m",
    "--jti",
    "5f1c07aa",
    "--at",
    "2026-01-01T12:00:00Z",
];

/// Runs the session with the built binary and draws it.
pub(crate) fn session(binary: &std::path::Path) -> anyhow::Result<String> {
    let folder = process::target().join("picture");
    std::fs::create_dir_all(&folder)?;
    let key = folder.join("issuer.jwk").display().to_string();
    let token = folder.join("token.jwt").display().to_string();
    let run = |words: &[&str]| -> anyhow::Result<String> {
        let mut jeton = Command::new(binary);
        jeton
            .env("TZ", "UTC")
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR");
        jeton.args(
            words
                .iter()
                .map(|word| word.replace("KEY", &key).replace("TOKEN", &token)),
        );
        let output = jeton.output().context("`jeton` could not be started")?;
        let text = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8(text)?)
    };
    let keys = process::root().join("crates/testkit/src/test_keys.json");
    let keys = keys
        .to_str()
        .context("the path of the test keys is not UTF-8")?;
    std::fs::write(&key, run(&["jwks", "select", keys, "--kid", "ed25519"])?)?;
    std::fs::write(&token, run(SIGN)?)?;
    let mut lines = Vec::new();
    for (shown, words) in SESSION {
        lines.push(vec![(String::from("b"), format!("$ {shown}"))]);
        let output = run(&[words, &["--color", "always"][..]].concat())?;
        lines.extend(output.lines().map(spans));
        lines.push(Vec::new());
    }
    Ok(draw(&lines))
}

/// The pieces of a line with the CSS classes that its escape sequences ask for.
fn spans(line: &str) -> Vec<(String, String)> {
    let mut pieces = Vec::new();
    let mut classes = String::new();
    for (position, part) in line.split("\u{1b}[").enumerate() {
        let text = match part.split_once('m') {
            Some((code, text)) if position > 0 => {
                match class(code) {
                    Some(class) => classes = format!("{classes} {class}"),
                    None => classes.clear(),
                }
                text
            }
            _ => part,
        };
        if !text.is_empty() {
            pieces.push((classes.trim().to_owned(), text.to_owned()));
        }
    }
    pieces
}

/// The class of an SGR code; `None` for the reset.
fn class(code: &str) -> Option<&'static str> {
    match code {
        "1" => Some("b"),
        "2" => Some("d"),
        "4" => Some("u"),
        "7" => Some("i"),
        "31" => Some("red"),
        "32" => Some("green"),
        "33" => Some("yellow"),
        "34" => Some("blue"),
        "35" => Some("magenta"),
        "36" => Some("cyan"),
        _ => None,
    }
}

const STYLE: &str = "\
text{font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;white-space:pre;fill:#24292f}
rect{fill:#f6f8fa}.b{font-weight:700}.d{opacity:.65}.u{text-decoration:underline}
.red{fill:#b3261e}.green{fill:#1a7f37}.yellow{fill:#8a6100}.blue{fill:#0550ae}.magenta{fill:#8250df}.cyan{fill:#0a6c74}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}rect{fill:#0d1117}
.red{fill:#ff7b72}.green{fill:#56d364}.yellow{fill:#e3b341}.blue{fill:#79c0ff}.magenta{fill:#d2a8ff}.cyan{fill:#56d4dd}}";

fn draw(lines: &[Vec<(String, String)>]) -> String {
    const LINE: usize = 19;
    let columns = lines
        .iter()
        .map(|line| {
            line.iter()
                .map(|(_, text)| text.chars().count())
                .sum::<usize>()
        })
        .max()
        .unwrap_or(0);
    let (width, height) = (columns * 8 + 40, lines.len() * LINE + 30);
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"jeton decodes, verifies and refuses a token\">\n<style>{STYLE}</style>\n\
         <rect width=\"{width}\" height=\"{height}\" rx=\"8\"/>\n"
    );
    for (row, line) in lines
        .iter()
        .enumerate()
        .filter(|(_, line)| !line.is_empty())
    {
        let y = row * LINE + 30;
        let _ = write!(svg, "<text x=\"20\" y=\"{y}\" xml:space=\"preserve\">");
        for (classes, text) in line {
            // A word on a coloured ground becomes a bold coloured word.
            let classes = classes.replace("i ", "");
            let _ = write!(svg, "<tspan class=\"{classes}\">{}</tspan>", escape(text));
        }
        svg.push_str("</text>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_become_classes() {
        let line = spans("plain \u{1b}[1m\u{1b}[31mbold red\u{1b}[0m end");
        let expected = [("", "plain "), ("b red", "bold red"), ("", " end")];
        assert_eq!(
            line,
            expected.map(|(class, text)| (class.to_owned(), text.to_owned()))
        );
        assert_eq!(escape("<&>"), "&lt;&amp;&gt;");
    }
}
