//! Lengths, names and words.

use std::path::Path;

/// The longest file, in lines before its tests.
const LONGEST: usize = 600;

/// Pure tables, which may be longer.
const TABLES: &[&str] = &[];

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 9] = [
    "utils", "util", "helpers", "helper", "common", "misc", "types", "manager", "core",
];

/// Text that does not belong in a file that ends so, and why.
const WORDS: &[(&[&str], &str, &str)] = &[
    (
        &[".rs"],
        concat!("#[", "allow("),
        "use `#[expect(.., reason)]`",
    ),
    (
        &[".rs"],
        concat!("#![", "allow("),
        "use `#![expect(.., reason)]`",
    ),
    (&[".rs"], concat!("dbg", "!("), "left from a search"),
    (&[".rs"], concat!("todo", "!("), "not finished"),
    (&[".rs"], concat!("unimple", "mented!("), "not finished"),
    (
        &[".rs"],
        concat!("fn ", "get_"),
        "name it after what it returns",
    ),
    (
        &[".rs"],
        concat!("unsafe", " {"),
        "unsafe code is forbidden",
    ),
    (
        &[".rs"],
        concat!("unsafe", " fn"),
        "unsafe code is forbidden",
    ),
    (
        &[".rs"],
        concat!("unsafe", " impl"),
        "unsafe code is forbidden",
    ),
    (&[""], concat!("TO", "DO"), "finish it or open an issue"),
    (&[""], concat!("FIX", "ME"), "finish it or open an issue"),
    (&[""], concat!("XX", "X:"), "finish it or open an issue"),
    (&[""], concat!("/", "work/"), "a path of one machine"),
    (&[""], concat!("/", "tmp/"), "a path of one machine"),
    (&[""], concat!("/", "home/"), "a path of one machine"),
    (
        &["package-lock.json"],
        concat!("\"res", "olved\": \"http"),
        "the lock names a registry",
    ),
];

/// Rules on where a file lies and what it is called.
pub(crate) fn name_violations(path: &str) -> Vec<String> {
    let is_empty = |part: &str| {
        let stem = part.split('.').next().unwrap_or(part);
        EMPTY_NAMES.contains(&stem)
    };
    if path.split('/').any(is_empty) {
        return vec![format!(
            "{path}: the name says nothing about what is inside"
        )];
    }
    Vec::new()
}

/// Rules on what a file holds.
pub(crate) fn text_violations(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let is_rust = Path::new(path).extension().is_some_and(|end| end == "rs");
    let lines = production_lines(path, text);
    if lines > LONGEST && !TABLES.contains(&path) {
        found.push(format!("{path}: {lines} lines, {LONGEST} are the most"));
    }
    if path.ends_with("Cargo.toml") && !forbids_unsafe(path, text) {
        found.push(format!("{path}: `[lints] workspace = true` is missing"));
    }
    for (number, line) in text.lines().enumerate() {
        for (endings, word, why) in WORDS {
            if endings.iter().any(|end| path.ends_with(end)) && line.contains(word) {
                found.push(format!("{path}:{}: `{word}`: {why}", number + 1));
            }
        }
        if is_rust
            && let Some(name) = module_name(line)
            && EMPTY_NAMES.contains(&name)
        {
            let number = number + 1;
            found.push(format!("{path}:{number}: module `{name}` says nothing"));
        }
    }
    found
}

/// Lines that are neither tests nor generated; 0 for files that are tests altogether.
fn production_lines(path: &str, text: &str) -> usize {
    let is_source = [".rs", ".ts", ".svelte", ".mjs", ".py"]
        .iter()
        .any(|end| path.ends_with(end));
    let is_test = path.ends_with("/tests.rs") || path.contains("/tests/");
    if !is_source || is_test {
        return 0;
    }
    let lines: Vec<&str> = text.lines().collect();
    let tests = lines
        .windows(2)
        .position(|pair| matches!(pair, ["#[cfg(test)]", next] if next.starts_with("mod tests")));
    tests.unwrap_or(lines.len())
}

/// Whether a manifest takes over the workspace's lints, or states the one that counts.
fn forbids_unsafe(path: &str, manifest: &str) -> bool {
    let outside = ["bench/", "fuzz/"];
    outside.iter().any(|folder| path.starts_with(folder))
        || manifest.contains("[lints]\nworkspace = true")
        || manifest.contains("unsafe_code = \"forbid\"")
}

fn module_name(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let line = line
        .strip_prefix("pub(crate) ")
        .or_else(|| line.strip_prefix("pub "))
        .unwrap_or(line);
    let name = line.strip_prefix("mod ")?;
    Some(name.trim_end_matches([';', '{', ' ']))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RUST: &str = "crates/jose/src/lib.rs";

    #[test]
    fn a_long_file_is_found_and_its_tests_do_not_count() {
        let long = "fn f() {}\n".repeat(LONGEST + 1);
        let found = text_violations(RUST, &long);
        assert_eq!(
            found,
            ["crates/jose/src/lib.rs: 601 lines, 600 are the most"]
        );
        let tests = "// x\n".repeat(700);
        let text = format!("fn f() {{}}\n#[cfg(test)]\nmod tests {{\n{tests}}}\n");
        assert_eq!(text_violations(RUST, &text), Vec::<String>::new());
        assert_eq!(
            text_violations("crates/jose/tests/attacks.rs", &long),
            Vec::<String>::new()
        );
    }

    #[test]
    fn empty_names_are_found() {
        for path in [
            "crates/jose/src/utils.rs",
            "crates/core/src/lib.rs",
            "web/shared/helpers.test.ts",
        ] {
            assert_eq!(name_violations(path).len(), 1, "{path}");
        }
        assert_eq!(name_violations("crates/jose/src/score.rs").len(), 0);
        for line in ["mod utils;", "pub mod types {", "    pub(crate) mod misc;"] {
            assert_eq!(text_violations(RUST, line).len(), 1, "{line}");
        }
        assert_eq!(text_violations(RUST, "mod typescript;").len(), 0);
    }

    #[test]
    fn every_word_is_found_where_it_does_not_belong() {
        for (endings, word, _) in WORDS {
            for ending in *endings {
                let path = format!("docs/page{ending}");
                let found = text_violations(&path, &format!("a\n  {word} b\n"));
                assert_eq!(found.len(), 1, "{word}");
                assert!(found[0].starts_with(&format!("{path}:2: ")), "{}", found[0]);
            }
        }
        assert_eq!(
            text_violations("README.md", concat!("#[", "allow(dead_code)]")).len(),
            0
        );
    }

    #[test]
    fn a_manifest_without_the_lints_is_found() {
        let path = "crates/new/Cargo.toml";
        assert_eq!(text_violations(path, "[package]\n").len(), 1);
        assert_eq!(
            text_violations(path, "[package]\n[lints]\nworkspace = true\n").len(),
            0
        );
    }
}
