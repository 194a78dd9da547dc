//! Reading the few fields that rules look at out of a document, in one pass and without building the rest of it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::domain::{Document, FieldPath, Scalar};

/// Which fields are read. Each has a slot, numbered from 0.
#[derive(Debug, Clone, Default)]
pub struct Lens {
    inside: Vec<Node>,
    slots: usize,
    kind: Option<usize>,
    id: Option<usize>,
}

/// A name that is looked at.
#[derive(Debug, Clone, Default)]
struct Node {
    name: String,
    /// As a position, for lists.
    index: Option<usize>,
    slot: Option<usize>,
    inside: Vec<Node>,
}

impl Lens {
    /// Looks at one more field, if it is not one already; its slot.
    pub fn slot(&mut self, path: &FieldPath) -> usize {
        let next = self.slots;
        let slot = match path.names() {
            // These are kept apart from the fields.
            [name] if name == "type" => self.kind.get_or_insert(next),
            [name] if name == "id" => self.id.get_or_insert(next),
            names => place(&mut self.inside, names, next),
        };
        let slot = *slot;
        self.slots = self.slots.max(slot + 1);
        slot
    }

    /// How many fields are looked at.
    #[must_use]
    pub fn len(&self) -> usize {
        self.slots
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots == 0
    }

    /// What is in the slots of a document.
    #[must_use]
    pub fn read(&self, document: &Document) -> Vec<Scalar> {
        self.read_parts(document.kind.as_str(), document.id.as_str(), &document.fields)
    }

    /// The same from the parts of a document.
    #[must_use]
    pub fn read_parts(&self, kind: &str, id: &str, fields: &str) -> Vec<Scalar> {
        let mut found = vec![Scalar::Nothing; self.slots];
        look(&self.inside, fields, &mut found);
        for (slot, text) in [(self.kind, kind), (self.id, id)] {
            if let Some(place) = slot.and_then(|slot| found.get_mut(slot)) {
                *place = Scalar::Text(text.to_owned());
            }
        }
        found
    }
}

fn place<'a>(nodes: &'a mut Vec<Node>, names: &[String], next: usize) -> &'a mut usize {
    let (name, rest) = names.split_first().map_or(("", names), |(name, rest)| (name.as_str(), rest));
    let at = nodes.iter().position(|node| node.name == name).unwrap_or(nodes.len());
    if at == nodes.len() {
        nodes.push(Node { name: name.to_owned(), index: name.parse().ok(), ..Node::default() });
    }
    // It was found or pushed.
    #[expect(clippy::indexing_slicing)]
    let node = &mut nodes[at];
    if rest.is_empty() { node.slot.get_or_insert(next) } else { place(&mut node.inside, rest, next) }
}

/// Reads what `nodes` look at in the JSON text of an object or a list. What is no JSON holds nothing.
fn look(nodes: &[Node], json: &str, found: &mut [Scalar]) {
    if nodes.is_empty() {
        return;
    }
    let mut reader = serde_json::Deserializer::from_str(json);
    let inside = Inside { nodes, found };
    // Documents were checked when they came.
    let _ = match json.trim_ascii_start().as_bytes().first() {
        Some(b'{') => reader.deserialize_map(inside),
        Some(b'[') => reader.deserialize_seq(inside),
        _ => Ok(()),
    };
}

struct Inside<'a> {
    nodes: &'a [Node],
    found: &'a mut [Scalar],
}

impl Inside<'_> {
    fn take(&mut self, node: &Node, value: &RawValue) {
        let json = value.get();
        if let Some(place) = node.slot.and_then(|slot| self.found.get_mut(slot)) {
            *place = Scalar::of_json(json);
        }
        look(&node.inside, json, self.found);
    }
}

impl<'de> Visitor<'de> for Inside<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or a list")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        let nodes = self.nodes;
        while let Some(node) = map.next_key_seed(Name(nodes))? {
            match node {
                Some(node) => self.take(node, map.next_value()?),
                None => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        let nodes = self.nodes;
        let mut index = 0;
        while let Some(value) = list.next_element::<&RawValue>()? {
            if let Some(node) = nodes.iter().find(|node| node.index == Some(index)) {
                self.take(node, value);
            }
            index += 1;
        }
        Ok(())
    }
}

/// Finds the node of a key, without keeping the key.
struct Name<'a>(&'a [Node]);

impl<'de, 'a> DeserializeSeed<'de> for Name<'a> {
    type Value = Option<&'a Node>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'a> Visitor<'_> for Name<'a> {
    type Value = Option<&'a Node>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().find(|node| node.name == name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_found_wherever_they_are() {
        let fields = r#" {"a":1,"b":{"c":"x","d":{"e":true}},"l":[{"p":2},{"p":3}],"a.b":4,"n":null,"big":1e999,
            "esc\u0061pe":5,"b2":{"c":6},"z":{"9":7}}"#;
        let mut lens = Lens::default();
        assert!(lens.is_empty());
        for (path, expected) in [
            ("a", "1"),
            ("b.c", "\"x\""),
            ("b.d.e", "true"),
            ("b.d", "{}"),
            ("b.missing", "null"),
            ("a.c", "null"),
            ("l.1.p", "3"),
            ("l.2.p", "null"),
            ("l.p", "null"),
            (r"a\.b", "4"),
            ("n", "null"),
            ("big", "1e999"),
            ("escape", "5"),
            ("z.9", "7"),
            ("type", "\"error\""),
            ("id", "\"e1\""),
        ] {
            let slot = lens.slot(&FieldPath::parse(path).unwrap());
            assert_eq!(lens.slot(&FieldPath::parse(path).unwrap()), slot, "{path} keeps its slot");
            let found = lens.read_parts("error", "e1", fields);
            assert_eq!(found.len(), lens.len());
            assert_eq!(found[slot], Scalar::of_json(expected), "{path}");
        }
    }

    #[test]
    fn the_last_of_several_fields_of_one_name_counts() {
        let mut lens = Lens::default();
        let slot = lens.slot(&FieldPath::parse("a").unwrap());
        assert_eq!(lens.read_parts("", "", r#"{"a":1,"a":2}"#)[slot], Scalar::of_json("2"));
    }
}
