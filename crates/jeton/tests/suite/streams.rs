//! What goes in and out: the standard input, many tokens, huge and broken input, closed pipes.

use std::io::Read as _;
use std::process::{Command, Stdio};

use crate::runner::{content, file, jeton};

const NOW: &str = "2026-01-01T00:00:00Z";

#[test]
fn the_token_may_come_from_the_standard_input() {
    let token = content("files/famous.jwt");
    for arguments in [&["decode", "-", "--json"][..], &["decode", "--json"]] {
        let text = jeton(arguments)
            .stdin(format!("  Bearer {token}\r\n"))
            .text();
        assert!(text.contains("\"name\": \"John Doe\""), "{text}");
    }
}

#[test]
fn the_key_may_come_from_the_standard_input() {
    let token = format!("@{}", file("files/access.jwt"));
    let key = content("keys/test-es256-public.jwk");
    let ended = jeton(&["verify", &token, "--key", "-", "--at", NOW])
        .stdin(key)
        .end();
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}

#[test]
fn the_secret_may_come_from_the_standard_input() {
    let token = format!("@{}", file("files/famous.jwt"));
    let run =
        jeton(&["verify", &token, "--secret-file", "-", "--at", NOW]).stdin("your-256-bit-secret");
    assert!(run.text().contains("VALID   ⚠ WEAK KEY"));
}

#[test]
fn a_secret_without_a_terminal_is_an_error() {
    // Detached from any terminal, there is nobody to ask.
    let mut command = Command::new("setsid");
    command.args(["-w", env!("CARGO_BIN_EXE_jeton"), "verify", "x", "--secret"]);
    let Ok(output) = command.stdin(Stdio::null()).output() else {
        println!("skipped: there is no setsid here");
        return;
    };
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("--secret-env"));
}

#[test]
fn empty_and_binary_input_is_refused() {
    for (input, message) in [
        (&b""[..], "found nothing"),
        (b" \n", "found nothing"),
        (b"\xff\xfe\x00", "is not text"),
    ] {
        let ended = jeton(&["decode", "-"]).stdin(input).end();
        assert_eq!(ended.code, Some(2));
        assert!(
            ended.stderr.starts_with("error: ") && ended.stderr.contains(message),
            "{}",
            ended.stderr
        );
        assert!(ended.stdout.is_empty());
    }
}

#[test]
fn huge_input_is_refused_before_it_is_read() {
    let huge = vec![b'a'; (1 << 20) + 1];
    let ended = jeton(&["decode", "-"]).stdin(huge).end();
    assert_eq!(ended.code, Some(2));
    assert_eq!(
        ended.stderr,
        "error: the standard input is longer than 1 MiB, too long for a token\n"
    );
    let ended = jeton(&["key", "inspect", "/dev/zero"]).end();
    assert_eq!(ended.code, Some(2));
    assert!(
        ended.stderr.contains("`/dev/zero` is longer than 1 MiB"),
        "{}",
        ended.stderr
    );
}

#[test]
fn a_million_dots_are_no_token() {
    let ended = jeton(&["decode", "-", "--json"])
        .stdin(vec![b'.'; 1_000_000])
        .end();
    assert_eq!(ended.code, Some(1));
    assert!(ended.text().contains("\"code\": \"token_format\""));
}

#[test]
fn thousands_of_tokens_in_one_run() {
    let good = content("files/famous.jwt");
    let bad = good.replace(".SflK", ".TflK");
    assert_ne!(good, bad);
    let lines = format!("{good}\n{{\"token\":\"{bad}\"}}\n").repeat(2500);
    let ended = jeton(&["verify", "--batch", "--secret-env", "S", "--at", NOW])
        .env("S", "your-256-bit-secret")
        .stdin(lines)
        .end();
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stderr,
        "5000 tokens: 2500 valid, 2500 invalid (signature_mismatch 2500)\n"
    );
    let text = ended.text();
    assert_eq!(text.lines().count(), 5000);
    assert!(
        text.lines()
            .all(|line| line.starts_with("{\"line\":") && line.ends_with('}'))
    );
}

#[test]
fn a_batch_of_good_tokens_answers_yes() {
    let token = content("files/famous.jwt");
    let ended = jeton(&["verify", "--batch", "-", "--secret-env", "S"])
        .env("S", "your-256-bit-secret")
        .stdin(token)
        .end();
    assert_eq!(
        (ended.code, ended.stderr.as_str()),
        (Some(0), "1 token: 1 valid\n")
    );
    let ended = jeton(&["decode", "--batch"]).end();
    assert_eq!((ended.code, ended.stderr.as_str()), (Some(0), "0 tokens\n"));
}

#[test]
fn a_broken_line_of_a_batch_breaks_no_other() {
    let token = content("files/famous.jwt");
    let mut lines = vec![b'a'; (1 << 20) + 7];
    lines.extend_from_slice(b"\n\xff\xfe\n\n");
    lines.extend_from_slice(token.as_bytes());
    let ended = jeton(&["decode", "--batch"]).stdin(lines).end();
    let text = ended.text();
    let verdicts: Vec<_> = text
        .lines()
        .map(|line| line.get(..40).unwrap_or_default())
        .collect();
    assert_eq!(ended.code, Some(1));
    assert_eq!(verdicts.len(), 3, "{verdicts:?}");
    assert!(
        verdicts[0].contains("\"line\":1,\"verdict\":\"invalid\""),
        "{verdicts:?}"
    );
    assert!(
        verdicts[1].contains("\"line\":2,\"verdict\":\"invalid\""),
        "{verdicts:?}"
    );
    assert!(
        verdicts[2].contains("\"line\":4,\"verdict\":\"unverified\""),
        "{verdicts:?}"
    );
}

#[test]
fn a_closed_pipe_ends_a_run_quietly() {
    let token = content("files/famous.jwt");
    let lines = format!("{token}\n").repeat(20_000);
    let path = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(path.path(), lines).expect("the file is written");
    let mut child = Command::new(env!("CARGO_BIN_EXE_jeton"))
        .args(["decode", "--batch", &format!("@{}", path.path().display())])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command starts");
    let mut start = [0; 64];
    let mut stdout = child.stdout.take().expect("the output is a pipe");
    stdout.read_exact(&mut start).expect("there is output");
    drop(stdout);
    let output = child.wait_with_output().expect("the command ends");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_hostile_token_sends_nothing_to_the_terminal() {
    let token = format!("@{}", file("files/hostile.jwt"));
    for (arguments, escaped) in [
        (
            &["decode", &token, "--color", "always"][..],
            "\\u{202e}raw bidi",
        ),
        (&["decode", &token, "--json"], "\"\\u202eraw bidi\""),
    ] {
        let text = jeton(arguments).text();
        assert!(text.contains("user\\u001b[31mred\\u202enimda"), "{text}");
        assert!(text.contains(escaped), "{text}");
        assert!(!text.contains('\u{202e}'));
        assert!(only_styles(&text), "an escape sequence that is no style");
        assert!(!text.contains("\u{1b}[31mred"));
    }
}

#[test]
fn a_hostile_argument_sends_nothing_to_the_terminal() {
    for argument in ["\u{1b}[31mred", "@\u{1b}]0;title\u{7}", "\u{9b}2J"] {
        for arguments in [
            &["decode", argument][..],
            &["decode", "x", argument],
            &[argument],
        ] {
            let ended = jeton(arguments).env("CLICOLOR_FORCE", "1").end();
            assert_ne!(ended.code, Some(0));
            let shown = format!("{}{}", ended.text(), ended.stderr);
            assert!(only_styles(&shown), "{shown:?}");
            assert!(!shown.contains("\u{1b}[31mred"), "{shown:?}");
        }
    }
}

/// Whether each control character is a line break or part of a style.
fn only_styles(text: &str) -> bool {
    let style = |rest: &str| {
        let parameters = rest.strip_prefix('[').and_then(|rest| rest.split_once('m'));
        parameters.is_some_and(|(numbers, _)| {
            numbers
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b';')
        })
    };
    let others = |c: char| c.is_control() && c != '\n' && c != '\u{1b}';
    text.split('\u{1b}').skip(1).all(style) && !text.contains(others)
}

#[test]
fn colours_are_for_terminals() {
    let token = format!("@{}", file("files/famous.jwt"));
    assert!(!jeton(&["decode", &token]).text().contains('\u{1b}'));
    assert!(
        jeton(&["decode", &token, "--color", "always"])
            .text()
            .contains('\u{1b}')
    );
    assert!(
        !jeton(&["decode", &token, "--color", "never"])
            .text()
            .contains('\u{1b}')
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let token = format!("@{}", file("files/hostile.jwt"));
    for width in [30, 40, 60, 80, 120] {
        let text = jeton(&["decode", &token, "--at", NOW])
            .env("COLUMNS", &width.to_string())
            .text();
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}
