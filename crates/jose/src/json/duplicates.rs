//! Finding a member name that occurs twice.

use super::document::{Detail, Node, Tape};
use super::{Error, ErrorKind};

/// Up to so many members, each name is compared with each other one; above, names are sorted.
const FEW: usize = 16;

/// Refuses the closed object at `node` if a name occurs twice in it.
pub(super) fn refuse(text: &str, tape: &Tape, node: u32) -> Result<(), Error> {
    let names = Names {
        text,
        tape,
        next: node as usize + 1,
        left: count(tape, node),
    };
    let second = if names.left <= FEW {
        among_few(names)
    } else {
        among_many(names)
    };
    match second {
        Some(name) => Err(Error {
            kind: ErrorKind::DuplicateName,
            offset: name.start as usize,
        }),
        None => Ok(()),
    }
}

/// The first name that equals an earlier one.
fn among_few(names: Names<'_>) -> Option<Node> {
    let mut seen = [""; FEW];
    for (index, (name, node)) in names.enumerate() {
        let (earlier, rest) = seen.split_at_mut_checked(index)?;
        if earlier.iter().any(|other| *other == name) {
            return Some(node);
        }
        *rest.first_mut()? = name;
    }
    None
}

fn among_many(names: Names<'_>) -> Option<Node> {
    let mut names: Vec<_> = names.collect();
    // Stable, so that of equal names the later one comes second.
    names.sort_by_key(|(name, _)| *name);
    let pairs = names.windows(2).filter_map(|pair| match pair {
        [(one, _), (two, node)] if one == two => Some(*node),
        _ => None,
    });
    pairs.min_by_key(|node| node.start)
}

fn count(tape: &Tape, node: u32) -> usize {
    tape.nodes
        .get(node as usize)
        .map_or(0, |node| node.detail.1 as usize)
}

/// The member names of one object.
struct Names<'t> {
    text: &'t str,
    tape: &'t Tape,
    next: usize,
    left: usize,
}

impl<'t> Iterator for Names<'t> {
    type Item = (&'t str, Node);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let name = *self.tape.nodes.get(self.next)?;
        let value = *self.tape.nodes.get(self.next + 1)?;
        let container = matches!(
            self.text.as_bytes().get(value.start as usize),
            Some(b'{' | b'[')
        );
        let Detail(after, _) = value.detail;
        self.next = if container {
            after as usize
        } else {
            self.next + 2
        };
        Some((name.string(self.text, &self.tape.unescaped), name))
    }
}
