//! Which crate may use which.

use std::collections::BTreeSet;

use crate::metadata::Metadata;

/// A crate's folder and the folders that it may use; `["*"]` is everything.
///
/// The table is the plan of the house: not all of these crates exist yet.
const TABLE: &[(&str, &[&str])] = &[
    ("jose", &[]),
    ("inspect", &["jose"]),
    ("wasm", &["jose", "inspect"]),
    ("keys", &["jose", "settings"]),
    ("problem", &["jose"]),
    ("settings", &[]),
    ("oauth", &["jose"]),
    ("llm", &[]),
    ("store", &["oauth", "jose"]),
    ("store-sqlite", &["store"]),
    ("store-postgres", &["store"]),
    (
        "issuer",
        &["oauth", "jose", "keys", "store", "problem", "settings"],
    ),
    (
        "gateway",
        &[
            "jose", "inspect", "keys", "oauth", "llm", "problem", "settings",
        ],
    ),
    (
        "debugger",
        &[
            "jose",
            "inspect",
            "keys",
            "problem",
            "settings",
            "web-assets",
        ],
    ),
    (
        "portal",
        &["oauth", "store", "problem", "settings", "web-assets"],
    ),
    ("web-assets", &[]),
    ("jeton", &["*"]),
    ("testkit", &["*"]),
    ("xtask", &[]),
];

/// What a crate's normal build must not link, directly or through others.
const UNLINKED: &[(&str, &[&str])] = &[
    (
        "jose",
        &["tokio", "async-std", "serde_json", "chrono", "jiff", "time"],
    ),
    ("inspect", &["tokio", "async-std", "chrono", "time"]),
    ("oauth", &["tokio", "async-std", "chrono", "jiff", "time"]),
    ("store", &["tokio", "async-std", "chrono", "jiff", "time"]),
    (
        "store-sqlite",
        &["tokio", "async-std", "chrono", "jiff", "time"],
    ),
    ("llm", &["tokio", "async-std", "chrono", "jiff", "time"]),
    ("wasm", &["tokio", "async-std", "chrono", "time"]),
];

/// A heavy dependency and the only folders that may name it.
const FENCED: &[(&str, &[&str])] = &[
    ("rusqlite", &["store-sqlite"]),
    ("libsqlite3-sys", &["store-sqlite"]),
    ("postgres", &["store-postgres"]),
    ("tokio-postgres", &["store-postgres"]),
    ("sqlx", &["store-sqlite", "store-postgres"]),
    ("pingora", &["gateway"]),
    ("pingora-core", &["gateway"]),
    ("pingora-proxy", &["gateway"]),
];

/// Only tests may use it.
const TEST_ONLY: &str = "testkit";

pub(crate) fn violations(metadata: &Metadata) -> Vec<String> {
    let mut found = edges(metadata);
    for (folder, package) in metadata.members() {
        let linked = metadata.linked_by(&package.name);
        for name in lookup(UNLINKED, folder).into_iter().flatten() {
            if linked.contains(name) {
                found.push(format!("{folder} must not link {name}"));
            }
        }
        for dependency in &package.dependencies {
            let owners = lookup(FENCED, &dependency.name);
            if owners.is_some_and(|owners| !owners.contains(&folder)) {
                found.push(format!("{folder} must not name {}", dependency.name));
            }
        }
    }
    found
}

fn edges(metadata: &Metadata) -> Vec<String> {
    let folder_of = |name: &str| {
        let mut members = metadata.members();
        members.find_map(|(folder, package)| (package.name == name).then_some(folder))
    };
    let mut found = BTreeSet::new();
    for (folder, package) in metadata.members() {
        let Some(granted) = lookup(TABLE, folder) else {
            found.insert(format!("{folder} is not in the table of crates"));
            continue;
        };
        for dependency in &package.dependencies {
            let Some(used) = folder_of(&dependency.name) else {
                continue;
            };
            let allowed = match used {
                TEST_ONLY => dependency.is_dev,
                // A crate may name itself in its own tests.
                used if used == folder => dependency.is_dev,
                // Endpoints are tested on a real store.
                used if used.starts_with("store-") && dependency.is_dev => true,
                used => granted.contains(&"*") || granted.contains(&used),
            };
            if !allowed {
                found.insert(format!("{folder} must not use {used}"));
            }
        }
    }
    found.into_iter().collect()
}

fn lookup<'a>(table: &[(&str, &'a [&'a str])], key: &str) -> Option<&'a [&'a str]> {
    let row = table.iter().find(|(name, _)| *name == key);
    row.map(|(_, value)| *value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metadata::{Dependency, Package};

    fn workspace(edges: &[(&str, &str, bool)]) -> Metadata {
        let mut metadata = Metadata::default();
        for (from, to, is_dev) in edges {
            for name in [from, to] {
                let member = lookup(TABLE, name).is_some() || *name == "stray";
                let package = metadata.packages.entry((*name).to_owned()).or_default();
                package.name = format!("jeton-{name}");
                package.folder = member.then(|| (*name).to_owned());
                if !member {
                    package.name = (*name).to_owned();
                }
            }
            let name = metadata.packages[*to].name.clone();
            let package: &mut Package = metadata.packages.get_mut(*from).unwrap();
            package.dependencies.push(Dependency {
                name,
                is_dev: *is_dev,
            });
            if !is_dev {
                let links = metadata.links.entry((*from).to_owned()).or_default();
                links.push((*to).to_owned());
            }
        }
        metadata
    }

    #[test]
    fn the_planned_house_stands() {
        let plan: Vec<_> = TABLE
            .iter()
            .flat_map(|(from, uses)| uses.iter().map(|to| (*from, *to, false)))
            .filter(|(_, to, _)| *to != "*")
            .chain([("jose", "testkit", true), ("jose", "serde", false)])
            .collect();
        assert_eq!(violations(&workspace(&plan)), Vec::<String>::new());
    }

    #[test]
    fn an_edge_outside_the_table_is_found() {
        let found = violations(&workspace(&[("jose", "inspect", false)]));
        assert_eq!(found, ["jose must not use inspect"]);
        let found = violations(&workspace(&[("gateway", "issuer", false)]));
        assert_eq!(found, ["gateway must not use issuer"]);
        let found = violations(&workspace(&[("inspect", "jeton", false)]));
        assert_eq!(found, ["inspect must not use jeton"]);
    }

    #[test]
    fn a_test_edge_is_an_edge() {
        let found = violations(&workspace(&[("portal", "issuer", true)]));
        assert_eq!(found, ["portal must not use issuer"]);
    }

    #[test]
    fn testkit_is_for_tests_only() {
        let found = violations(&workspace(&[("inspect", "testkit", false)]));
        assert_eq!(found, ["inspect must not use testkit"]);
        let found = violations(&workspace(&[("jeton", "testkit", false)]));
        assert_eq!(found, ["jeton must not use testkit"]);
    }

    #[test]
    fn an_unplanned_crate_is_found() {
        let found = violations(&workspace(&[("stray", "jose", false)]));
        assert_eq!(found, ["stray is not in the table of crates"]);
    }

    #[test]
    fn what_jose_links_is_followed_through_others() {
        let found = violations(&workspace(&[
            ("jose", "innocent", false),
            ("innocent", "tokio", false),
            ("jose", "serde_json", true),
        ]));
        assert_eq!(found, ["jose must not link tokio"]);
    }

    #[test]
    fn a_fenced_dependency_stays_behind_its_fence() {
        let found = violations(&workspace(&[
            ("portal", "sqlx", false),
            ("store-sqlite", "sqlx", false),
        ]));
        assert_eq!(found, ["portal must not name sqlx"]);
    }
}
