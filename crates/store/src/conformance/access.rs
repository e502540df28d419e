use std::collections::BTreeSet;

use jeton_oauth::Resource;

use super::*;
use crate::access::{Api, Group, Role, Template};

pub(super) const CASES: &[Case] = &[
    (
        "an account may what its roles and groups permit",
        entitlements,
    ),
    ("APIs are kept with their scopes and template", apis),
];

fn names(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn role(name: &str, permissions: &[&str]) -> Role {
    Role {
        name: name.to_owned(),
        description: String::new(),
        permissions: names(permissions),
    }
}

fn entitlements(store: &dyn Store) {
    for role in [
        role("clerk", &["orders:read"]),
        role("boss", &["orders:read", "orders:write"]),
    ] {
        wait(|reply| store.save_role(role, act(0), reply)).unwrap();
    }
    let sales = Group {
        name: "sales".to_owned(),
        description: String::new(),
        roles: names(&["clerk", "gone"]),
    };
    wait(|reply| store.save_group(sales.clone(), act(0), reply)).unwrap();
    let mut ada = account("ada");
    ada.roles = names(&["boss", "unknown"]);
    ada.groups = names(&["sales", "nobody"]);
    wait(|reply| store.create_account(ada, act(0), reply)).unwrap();
    let read = || wait(|reply| store.entitlements(AccountId::new("id-ada"), reply)).unwrap();
    let held = read().unwrap();
    assert_eq!(held.groups, names(&["sales"]));
    assert_eq!(held.roles, names(&["boss", "clerk"]));
    assert_eq!(held.permissions, names(&["orders:read", "orders:write"]));
    let delete = || wait(|reply| store.delete_role("boss".to_owned(), act(1), reply)).unwrap();
    assert!(delete());
    assert!(!delete());
    assert_eq!(read().unwrap().permissions, names(&["orders:read"]));
    wait(|reply| store.save_role(role("clerk", &["orders:list"]), act(2), reply)).unwrap();
    assert_eq!(read().unwrap().permissions, names(&["orders:list"]));
    let all = wait(|reply| store.roles(reply)).unwrap();
    assert_eq!(all, [role("clerk", &["orders:list"])]);
    assert_eq!(wait(|reply| store.groups(reply)).unwrap(), [sales]);
    wait(|reply| store.delete_group("sales".to_owned(), act(3), reply)).unwrap();
    assert_eq!(read().unwrap().permissions, names(&[]));
    let nobody = wait(|reply| store.entitlements(AccountId::new("id-bob"), reply)).unwrap();
    assert_eq!(nobody, None);
}

fn apis(store: &dyn Store) {
    let api = |uri: &str, roles| Api {
        resource: Resource::parse(uri).unwrap(),
        name: "Orders".to_owned(),
        scopes: [("orders:read".to_owned(), "See your orders".to_owned())].into(),
        open: false,
        template: Template {
            roles,
            permissions: false,
            claims: [("tenant".to_owned(), "company".to_owned())].into(),
        },
    };
    for api in [
        api("https://b.example", false),
        api("https://a.example", false),
        api("https://b.example", true),
    ] {
        wait(|reply| store.save_api(api, act(0), reply)).unwrap();
    }
    let all = || wait(|reply| store.apis(reply)).unwrap();
    assert_eq!(
        all(),
        [
            api("https://a.example", false),
            api("https://b.example", true)
        ]
    );
    let gone = Resource::parse("https://b.example").unwrap();
    assert!(wait(|reply| store.delete_api(gone.clone(), act(1), reply)).unwrap());
    assert!(!wait(|reply| store.delete_api(gone, act(1), reply)).unwrap());
    assert_eq!(all().len(), 1);
}
