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
    /// `"name":` as JSON writes it without white space, if the name needs no escapes; else empty.
    member: Box<[u8]>,
    parent: u32,
    children: Vec<u32>,
    /// By name, once there are more than a few. A sender chooses the names, so the map is the standard one, which
    /// cannot be made slow on purpose.
    by_name: HashMap<Box<str>, u32>,
    /// Which slot of a row its value goes to, or [`NONE`].
    pub(super) slot: u32,
}

/// All of them. A node is its number.
#[derive(Debug)]
pub(super) struct Tree {
    nodes: Vec<Node>,
}

impl Default for Tree {
    fn default() -> Self {
        Self { nodes: vec![Node { slot: NONE, parent: NONE, ..Node::default() }] }
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

    /// A node, to change it.
    pub(super) fn get_mut(&mut self, node: u32) -> Option<&mut Node> {
        self.nodes.get_mut(node as usize)
    }

    /// The child of that name.
    pub(super) fn find(&self, parent: u32, name: &[u8]) -> Option<u32> {
        let node = self.get(parent)?;
        if node.children.len() > FEW {
            return node.by_name.get(std::str::from_utf8(name).ok()?).copied();
        }
        let named = |child: &u32| self.get(*child).is_some_and(|node| node.name.as_bytes() == name);
        node.children.iter().copied().find(named)
    }

    /// The child of that name, which is made if there is none.
    pub(super) fn find_or_add(&mut self, parent: u32, name: &str) -> u32 {
        if let Some(known) = self.find(parent, name.as_bytes()) {
            return known;
        }
        let child = u32::try_from(self.nodes.len()).unwrap_or(NONE);
        let plain = !name.bytes().any(|byte| byte < 0x20 || matches!(byte, b'"' | b'\\'));
        let member = if plain { format!("\"{name}\":").into_bytes() } else { Vec::new() };
        self.nodes.push(Node { name: name.into(), member: member.into(), parent, slot: NONE, ..Node::default() });
        if let Some(node) = self.get_mut(parent) {
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
        if let Some(node) = self.get_mut(parent) {
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

impl Node {
    /// The nodes inside it.
    pub(super) fn children(&self) -> &[u32] {
        &self.children
    }

    /// The text that names it in an object, or nothing if that has escapes.
    #[inline]
    pub(super) fn member(&self) -> &[u8] {
        &self.member
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
                assert!(tree.find(ROOT, format!("n{known}").as_bytes()).is_some(), "{known} of {n}");
            }
            assert_eq!(tree.find(ROOT, b"other"), None);
        }
        let inner = tree.find_or_add(7, "a.b");
        assert_eq!(escaped(&tree.names(inner)), r"n6.a\.b");
        assert_eq!(tree.names(ROOT), Vec::<&str>::new());
    }
}
