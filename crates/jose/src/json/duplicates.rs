//! Finding a member name that occurs twice.

use super::document::{Detail, Node, Tape};
use super::{Error, ErrorKind};

/// Up to so many members, a small filter tells which names to look at twice; above, all are sorted.
const FEW: usize = 64;

/// Refuses the closed object at `node` if a name occurs twice in it.
pub(super) fn refuse(text: &str, tape: &Tape, node: u32) -> Result<(), Error> {
    let names = Names {
        text,
        tape,
        next: node as usize + 1,
        left: count(tape, node),
    };
    let second = if names.left <= FEW {
        among_few(&names)
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
fn among_few(names: &Names<'_>) -> Option<Node> {
    let mut filter = [0u64; 16];
    for (index, (name, node)) in names.clone().enumerate() {
        let hash = hash(name.as_bytes());
        let word = filter.get_mut((hash >> 6 & 0xF) as usize)?;
        let mark = 1 << (hash & 0x3F);
        let may_be_known = *word & mark != 0;
        if may_be_known
            && names
                .clone()
                .take(index)
                .any(|(earlier, _)| earlier == name)
        {
            return Some(node);
        }
        *word |= mark;
    }
    None
}

/// Ten bits of a name's two ends and its length.
fn hash(name: &[u8]) -> u64 {
    let ends = if let (Some(first), Some(last)) = (name.first_chunk::<8>(), name.last_chunk::<8>())
    {
        u64::from_le_bytes(*first) ^ u64::from_le_bytes(*last).rotate_left(29)
    } else if let (Some(first), Some(last)) = (name.first_chunk::<4>(), name.last_chunk::<4>()) {
        u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << 32
    } else {
        name.iter()
            .fold(0, |ends, byte| ends << 8 | u64::from(*byte))
    };
    // The multiplier is 2⁶⁴ divided by the golden ratio.
    (ends ^ name.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 54
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
#[derive(Clone)]
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
