//! The names inside documents, as a tree that is walked beside the text.

use std::collections::HashMap;

/// Stands for no node.
pub(super) const NONE: u32 = u32::MAX;
/// The node of the document itself.
pub(super) const ROOT: u32 = 0;
/// Children that are compared one by one; beyond that a map is cheaper.
const FEW: usize = 8;

/// A name somewhere in the documents.
#[derive(Debug, Default)]
pub(super) struct Node {
    /// The decoded name.
    name: Box<str>,
    parent: u32,
    children: Vec<u32>,
    /// By name, once there are more than a few. A sender chooses the names, so the map is the standard one, which
    /// cannot be made slow on purpose.
    by_name: HashMap<Box<str>, u32>,
}

/// What a walk needs of a node, close together.
#[derive(Debug, Default)]
pub(super) struct Member {
    /// `"name":` as JSON writes it without white space, if the name needs no escapes; else empty.
    text: Box<[u8]>,
    /// Its first eight bytes, and which of them there are.
    first: u64,
    mask: u64,
    /// Its last eight bytes, if there are that many.
    last: u64,
    /// Which slot of a row its value goes to, or [`NONE`].
    pub(super) slot: u32,
}

/// All of them. A node is its number.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
    members: Vec<Member>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node { parent: NONE, ..Node::default() }], members: vec![Member::new(Vec::new())] }
    }
}

impl Tree {
    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A node.
    #[inline]
    pub(super) fn get(&self, node: u32) -> Option<&Node> {
        self.nodes.get(node as usize)
    }

    /// Its member.
    #[inline]
    pub(super) fn member(&self, node: u32) -> Option<&Member> {
        self.members.get(node as usize)
    }

    /// Its slot, or [`NONE`].
    #[inline]
    pub(super) fn slot(&self, node: u32) -> u32 {
        self.member(node).map_or(NONE, |member| member.slot)
    }

    /// Gives it a slot.
    pub(super) fn set_slot(&mut self, node: u32, slot: u32) {
        if let Some(member) = self.members.get_mut(node as usize) {
            member.slot = slot;
        }
    }

    /// The child of that name.
    pub(super) fn find(&self, parent: u32, name: &str) -> Option<u32> {
        let node = self.get(parent)?;
        if node.children.len() > FEW {
            return node.by_name.get(name).copied();
        }
        let named = |child: &u32| self.get(*child).is_some_and(|node| &*node.name == name);
        node.children.iter().copied().find(named)
    }

    /// The child of that name, which is made if there is none.
    pub(super) fn find_or_add(&mut self, parent: u32, name: &str) -> u32 {
        if let Some(known) = self.find(parent, name) {
            return known;
        }
        let child = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let plain = !name.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
        let member = if plain { format!("\"{name}\":").into_bytes() } else { Vec::new() };
        self.members.push(Member::new(member));
        self.nodes.push(Node { name: name.into(), parent, ..Node::default() });
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.children.push(child);
        }
        self.index(parent, child);
        child
    }

    /// Keeps the map of a node with many children up to date.
    fn index(&mut self, parent: u32, child: u32) {
        let entry = |node: u32| self.get(node).map(|known| (known.name.clone(), node));
        let fresh: Vec<_> = match self.get(parent) {
            Some(node) if node.children.len() == FEW + 1 => node.children.iter().copied().filter_map(entry).collect(),
            Some(node) if node.children.len() > FEW => entry(child).into_iter().collect(),
            _ => return,
        };
        if let Some(node) = self.nodes.get_mut(parent as usize) {
            node.by_name.extend(fresh);
        }
    }

    /// The names from the outside in.
    pub(super) fn names(&self, node: u32) -> Vec<&str> {
        let mut names = Vec::new();
        let mut at = node;
        while let Some(node) = self.get(at).filter(|node| node.parent != NONE) {
            names.push(&*node.name);
            at = node.parent;
        }
        names.reverse();
        names
    }
}

impl Member {
    fn new(text: Vec<u8>) -> Self {
        let mut first = [0; 8];
        let mut mask = [0; 8];
        for ((byte, first), mask) in text.iter().zip(&mut first).zip(&mut mask) {
            (*first, *mask) = (*byte, 0xff);
        }
        let last = text.last_chunk().map_or(0, |last| u64::from_le_bytes(*last));
        let (first, mask) = (u64::from_le_bytes(first), u64::from_le_bytes(mask));
        Self { text: text.into(), first, mask, last, slot: NONE }
    }

    /// How many bytes of `text` it takes, if `text` begins with it.
    ///
    /// Most names are short: two words are compared, and the call of a comparison is saved.
    #[inline]
    pub(super) fn begins(&self, text: &[u8]) -> Option<usize> {
        let length = self.text.len();
        let Some(word) = text.first_chunk() else {
            // Near the end of the document.
            return (length > 0 && text.starts_with(&self.text)).then_some(length);
        };
        if u64::from_le_bytes(*word) & self.mask != self.first || length == 0 {
            return None;
        }
        if length > 8 {
            let last = text.get(length - 8..)?.first_chunk()?;
            if u64::from_le_bytes(*last) != self.last || (length > 16 && !text.starts_with(&self.text)) {
                return None;
            }
        }
        Some(length)
    }
}

impl Node {
    /// The nodes inside it.
    pub(super) fn children(&self) -> &[u32] {
        &self.children
    }

    /// Its own name.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// The node it is in.
    pub(super) fn parent(&self) -> u32 {
        self.parent
    }
}

/// Names as one text, with points between them. A point or a backslash that belongs to a name has a backslash before
/// it, so that no two lists of names share a text.
pub(super) fn escaped(names: &[impl AsRef<str>]) -> String {
    let mut path = String::new();
    for (at, name) in names.iter().enumerate() {
        if at > 0 {
            path.push('.');
        }
        for character in name.as_ref().chars() {
            if matches!(character, '.' | '\\') {
                path.push('\\');
            }
            path.push(character);
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_however_many_there_are() {
        let mut tree = Tree::default();
        for n in 0..50 {
            let node = tree.find_or_add(ROOT, &format!("n{n}"));
            assert_eq!(tree.find_or_add(ROOT, &format!("n{n}")), node);
            for known in 0..=n {
                assert!(tree.find(ROOT, &format!("n{known}")).is_some(), "{known} of {n}");
            }
            assert_eq!(tree.find(ROOT, "other"), None);
        }
        let inner = tree.find_or_add(7, "a.b");
        assert_eq!(escaped(&tree.names(inner)), r"n6.a\.b");
        assert_eq!(tree.names(ROOT), Vec::<&str>::new());
    }
}
