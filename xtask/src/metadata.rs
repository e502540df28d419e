//! What `cargo metadata` says, as far as the checks need it.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, anyhow};
use serde_json::Value;

use crate::process::{self, cargo};

/// The packages of the workspace and all that they depend on.
#[derive(Debug, Default)]
pub(crate) struct Metadata {
    /// Every package by its id.
    pub(crate) packages: BTreeMap<String, Package>,
    /// Ids of what each package links in a normal build.
    pub(crate) links: BTreeMap<String, Vec<String>>,
}

/// One package.
#[derive(Clone, Debug, Default)]
pub(crate) struct Package {
    pub(crate) name: String,
    /// Last part of its folder, for members of the workspace only.
    pub(crate) folder: Option<String>,
    pub(crate) dependencies: Vec<Dependency>,
}

/// An entry of a manifest.
#[derive(Clone, Debug, Default)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    pub(crate) is_dev: bool,
}

impl Metadata {
    /// Asks cargo about this workspace.
    pub(crate) fn load() -> anyhow::Result<Self> {
        let json = process::output(&mut cargo("metadata --format-version 1 --all-features"))?;
        Self::parse(&json)
    }

    pub(crate) fn parse(json: &str) -> anyhow::Result<Self> {
        let json: Value = serde_json::from_str(json)?;
        let members: BTreeSet<&str> = array(&json, "workspace_members")?
            .filter_map(Value::as_str)
            .collect();
        let mut metadata = Self::default();
        for package in array(&json, "packages")? {
            let id = text(package, "id")?;
            let package = Package::parse(package, members.contains(id))?;
            metadata.packages.insert(id.to_owned(), package);
        }
        let resolve = json.get("resolve").context("`resolve` is missing")?;
        for node in array(resolve, "nodes")? {
            let mut links = Vec::new();
            for link in array(node, "deps")? {
                if array(link, "dep_kinds")?.any(|kind| kind.get("kind") == Some(&Value::Null)) {
                    links.push(text(link, "pkg")?.to_owned());
                }
            }
            metadata.links.insert(text(node, "id")?.to_owned(), links);
        }
        Ok(metadata)
    }

    /// The members of the workspace.
    pub(crate) fn members(&self) -> impl Iterator<Item = (&str, &Package)> {
        self.packages
            .values()
            .filter_map(|package| Some((package.folder.as_deref()?, package)))
    }

    /// Names of all that a normal build of this package links.
    pub(crate) fn linked_by(&self, name: &str) -> BTreeSet<&str> {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = self
            .packages
            .iter()
            .filter(|(_, package)| package.name == name && package.folder.is_some())
            .map(|(id, _)| id)
            .collect();
        while let Some(id) = open.pop() {
            for next in self.links.get(id).into_iter().flatten() {
                if reached.insert(next) {
                    open.push(next);
                }
            }
        }
        reached
            .into_iter()
            .filter_map(|id| Some(self.packages.get(id)?.name.as_str()))
            .collect()
    }
}

impl Package {
    fn parse(json: &Value, is_member: bool) -> anyhow::Result<Self> {
        let manifest = text(json, "manifest_path")?;
        let folder = manifest.rsplit(['/', '\\']).nth(1).map(str::to_owned);
        let dependencies = array(json, "dependencies")?
            .map(|dependency| {
                Ok(Dependency {
                    name: text(dependency, "name")?.to_owned(),
                    is_dev: dependency.get("kind").and_then(Value::as_str) == Some("dev"),
                })
            })
            .collect::<anyhow::Result<_>>()?;
        Ok(Self {
            name: text(json, "name")?.to_owned(),
            folder: folder.filter(|_| is_member),
            dependencies,
        })
    }
}

fn array<'a>(json: &'a Value, name: &str) -> anyhow::Result<impl Iterator<Item = &'a Value>> {
    let value = json.get(name).and_then(Value::as_array);
    Ok(value
        .ok_or_else(|| anyhow!("`{name}` is not a list"))?
        .iter())
}

fn text<'a>(json: &'a Value, name: &str) -> anyhow::Result<&'a str> {
    let value = json.get(name).and_then(Value::as_str);
    value.ok_or_else(|| anyhow!("`{name}` is not a string"))
}
