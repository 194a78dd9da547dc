//! One pass over the fields of a document, beside the tree of names.
//!
//! Documents of one type mostly have their names in the same order. So the walk remembers which name came after which,
//! compares the text with that guess, and only looks a name up when the guess is wrong.

use super::scan::{Cursor, Kind, Value};
use super::text;
use super::tree::{NONE, ROOT, Tree};

/// Objects deeper than this stay one column of JSON text.
pub(super) const MAX_DEPTH: usize = 64;

/// Why a walk ended early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stop {
    /// The text is no JSON object.
    Damaged,
    /// There are too many columns.
    TooManyColumns,
}

/// What takes part in a walk.
pub(super) trait Visit {
    /// The names that are known.
    fn tree(&self) -> &Tree;
    /// A name at which no guess was right. `None`: what it names is stepped over.
    fn name(&mut self, parent: u32, name: &str) -> Option<u32>;
    /// A node was reached in the text; its value comes next.
    fn reached(&mut self, node: u32);
    /// A value that is no object to go into.
    fn leaf(&mut self, node: u32, value: Value) -> Result<(), Stop>;
    /// The value of a node is a list, or an object that was gone into.
    fn inner(&mut self, node: u32, value: Value);
    /// Whether lists are gone into as objects whose names are positions.
    fn lists(&self) -> bool;
}

/// For each node, the node that came first inside it and the one that came after it, the last time.
#[derive(Debug, Default)]
pub(super) struct Guesses(Vec<Guess>);

/// The last two that differed, the latest first: where a field is there only now and then, one of them is right.
#[derive(Debug, Clone, Copy)]
struct Guess {
    first: [u32; 2],
    next: [u32; 2],
}

/// Where a name stands: first in an object, or after another name.
#[derive(Debug, Clone, Copy)]
enum Before {
    Start(u32),
    Name(u32),
}

impl Guesses {
    #[inline]
    fn get(&self, before: Before) -> [u32; 2] {
        match before {
            Before::Start(node) => self.0.get(node as usize).map_or([NONE; 2], |guess| guess.first),
            Before::Name(node) => self.0.get(node as usize).map_or([NONE; 2], |guess| guess.next),
        }
    }

    fn set(&mut self, before: Before, came: u32) {
        let (Before::Start(node) | Before::Name(node)) = before;
        if self.0.len() <= node as usize {
            self.0.resize(node as usize + 1, Guess { first: [NONE; 2], next: [NONE; 2] });
        }
        if let Some(guess) = self.0.get_mut(node as usize) {
            let pair = match before {
                Before::Start(_) => &mut guess.first,
                Before::Name(_) => &mut guess.next,
            };
            *pair = [came, pair[0]];
        }
    }
}

/// A walk over many documents.
pub(super) struct Walk<'w, V> {
    pub(super) visit: V,
    pub(super) guesses: &'w mut Guesses,
    /// For names with escapes.
    pub(super) name: &'w mut String,
}

impl<V: Visit> Walk<'_, V> {
    /// Walks over the fields of one document.
    pub(super) fn document(&mut self, fields: &str) -> Result<(), Stop> {
        let mut cursor = Cursor::new(fields);
        if !cursor.eat(b'{') {
            return Err(Stop::Damaged);
        }
        self.object(&mut cursor, ROOT, 1)
    }

    /// The inside of an object; the opening brace is behind.
    fn object(&mut self, cursor: &mut Cursor<'_>, parent: u32, depth: usize) -> Result<(), Stop> {
        cursor.space();
        if cursor.eat(b'}') {
            return Ok(());
        }
        let mut before = Before::Start(parent);
        loop {
            let node = self.next_name(cursor, parent, before)?;
            cursor.space();
            match node {
                Some(node) => {
                    before = Before::Name(node);
                    self.visit.reached(node);
                    self.value(cursor, node, depth)?;
                }
                None => drop(cursor.value().ok_or(Stop::Damaged)?),
            }
            if !cursor.eat(b',') {
                cursor.space();
                if cursor.eat(b'}') {
                    return Ok(());
                }
                if !cursor.eat(b',') {
                    return Err(Stop::Damaged);
                }
            }
            cursor.space();
        }
    }

    /// Steps over a name and its colon.
    #[inline(always)]
    fn next_name(&mut self, cursor: &mut Cursor<'_>, parent: u32, before: Before) -> Result<Option<u32>, Stop> {
        let [first, second] = self.guesses.get(before);
        let tree = self.visit.tree();
        if cursor.eat_member(tree.member(first)) {
            return Ok(Some(first));
        }
        if cursor.eat_member(tree.member(second)) {
            self.guesses.set(before, second);
            return Ok(Some(second));
        }
        let name = cursor.string().ok_or(Stop::Damaged)?;
        cursor.space();
        if !cursor.eat(b':') {
            return Err(Stop::Damaged);
        }
        let raw = cursor.slice(name.from, name.to);
        let node = if name.kind == Kind::Escaped {
            text::decode(raw, self.name);
            self.visit.name(parent, self.name)
        } else {
            self.visit.name(parent, raw)
        };
        if let Some(node) = node {
            self.guesses.set(before, node);
        }
        Ok(node)
    }

    #[inline(always)]
    fn value(&mut self, cursor: &mut Cursor<'_>, node: u32, depth: usize) -> Result<(), Stop> {
        match cursor.peek() {
            Some(b'{') => self.nested(cursor, node, depth),
            Some(b'[') if self.visit.lists() => self.list(cursor, node, depth),
            _ => {
                let value = cursor.value().ok_or(Stop::Damaged)?;
                self.visit.leaf(node, value)
            }
        }
    }

    /// An object that is a value.
    fn nested(&mut self, cursor: &mut Cursor<'_>, node: u32, depth: usize) -> Result<(), Stop> {
        let mut inside = *cursor;
        inside.eat(b'{');
        inside.space();
        if depth >= MAX_DEPTH || inside.peek() == Some(b'}') {
            let value = cursor.value().ok_or(Stop::Damaged)?;
            return self.visit.leaf(node, value);
        }
        let from = cursor.at();
        *cursor = inside;
        self.object(cursor, node, depth + 1)?;
        self.visit.inner(node, Value { kind: Kind::Json, from, to: cursor.at() });
        Ok(())
    }

    /// A list that is a value, for paths with positions in them.
    fn list(&mut self, cursor: &mut Cursor<'_>, node: u32, depth: usize) -> Result<(), Stop> {
        let positions = self.visit.tree().get(node).is_some_and(|node| !node.children().is_empty());
        if depth >= MAX_DEPTH || !positions {
            let value = cursor.value().ok_or(Stop::Damaged)?;
            return self.visit.leaf(node, value);
        }
        let from = cursor.at();
        cursor.eat(b'[');
        cursor.space();
        let mut position = 0_usize;
        while !cursor.eat(b']') {
            match self.visit.name(node, &position.to_string()) {
                Some(element) => {
                    self.visit.reached(element);
                    self.value(cursor, element, depth + 1)?;
                }
                None => drop(cursor.value().ok_or(Stop::Damaged)?),
            }
            position += 1;
            cursor.space();
            if cursor.eat(b',') {
                cursor.space();
            } else if cursor.peek() != Some(b']') {
                return Err(Stop::Damaged);
            }
        }
        self.visit.inner(node, Value { kind: Kind::Json, from, to: cursor.at() });
        Ok(())
    }
}
