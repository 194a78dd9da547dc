//! The first pass: which columns there are.

use super::chunk::Chunk;
use super::error::{EncodeError, MAX_COLUMNS};
use super::scan::{Kind, Value};
use super::tree::{NONE, Tree};
use super::walk::{Guesses, Stop, Visit, Walk};

/// `id`, `type` and `at` stand before the columns of the fields.
const OWN: usize = 3;

/// Which fields documents have, in the order in which they first appear.
///
/// Chunks are looked at on several threads, and what was found is joined in the order of the documents. Memory is
/// bounded by [`MAX_COLUMNS`].
#[derive(Debug, Default)]
pub struct Discovery {
    found: Found,
    guesses: Guesses,
    name: String,
}

#[derive(Debug, Default)]
struct Found {
    tree: Tree,
    /// In the order in which they were found; a node's slot is its place in here.
    columns: Vec<Column>,
    /// Where the next value stands; the same for all where documents come in the order of the file.
    here: Place,
    /// Whether documents come in another order.
    is_placed: bool,
}

/// Where a value stands in the file, among all values: when its document happened, how many documents came before that
/// one, and how many values are before it in the document.
type Place = (i64, u64, u32);

#[derive(Debug, Clone, Copy)]
struct Column {
    node: u32,
    /// Only `null` was seen there.
    only_null: bool,
    /// The first place of all.
    first: Place,
}

impl Discovery {
    /// What a chunk has, of documents that come in the order of the file.
    ///
    /// # Errors
    /// When there are too many columns, or a document is damaged.
    pub fn of(chunk: &Chunk) -> Result<Self, EncodeError> {
        let mut found = Self::default();
        for doc in chunk.docs() {
            found.look(doc.fields).map_err(|stop| stop.into_error(doc.id))?;
        }
        Ok(found)
    }

    /// The same of documents that come as they were stored, after `before` others, for a file that has them by time:
    /// those of one instant as they come, or all of it the other way round.
    ///
    /// # Errors
    /// As those of [`Discovery::of`].
    pub fn placed(chunk: &Chunk, before: u64, newest_first: bool) -> Result<Self, EncodeError> {
        let mut all = Self::default();
        all.found.is_placed = true;
        for (doc, number) in chunk.docs().zip(before..) {
            // What is not a number turned over is the same order the other way round.
            let (at, number) = if newest_first { (!doc.at_ms, !number) } else { (doc.at_ms, number) };
            all.found.here = (at, number, 0);
            all.look(doc.fields).map_err(|stop| stop.into_error(doc.id))?;
        }
        Ok(all)
    }

    /// Looks at the fields of one document.
    pub(super) fn look(&mut self, fields: &str) -> Result<(), Stop> {
        Walk { visit: &mut self.found, guesses: &mut self.guesses, name: &mut self.name }.document(fields)
    }

    /// Adds what was found in documents that come after those looked at so far; in any order where they are
    /// [`placed`](Self::placed).
    ///
    /// # Errors
    /// When there are too many columns together.
    pub fn absorb(&mut self, later: &Self) -> Result<(), EncodeError> {
        let mut own = Vec::with_capacity(later.found.tree.len());
        for node in (0..).map_while(|node| later.found.tree.get(node)) {
            let parent = own.get(node.parent() as usize).copied();
            own.push(parent.map_or(0, |parent| self.found.tree.find_or_add(parent, node.name())));
        }
        for column in &later.found.columns {
            let node = own.get(column.node as usize).copied().unwrap_or_default();
            self.found.here = column.first;
            self.found.note(node, column.only_null).map_err(|_| EncodeError::TooManyColumns)?;
        }
        Ok(())
    }

    /// The names of each column's field, in order.
    pub(super) fn paths(&self) -> Vec<Vec<String>> {
        let tree = &self.found.tree;
        let counts = |column: &&Column| {
            // Where there is null instead of an object, the columns of the object are enough.
            !column.only_null || tree.get(column.node).is_none_or(|node| node.children().is_empty())
        };
        let names = |column: &Column| tree.names(column.node).into_iter().map(str::to_owned).collect();
        let mut columns: Vec<&Column> = self.found.columns.iter().filter(counts).collect();
        columns.sort_by_key(|column| column.first);
        columns.into_iter().map(names).collect()
    }
}

impl Found {
    #[inline]
    fn note(&mut self, node: u32, null: bool) -> Result<(), Stop> {
        let slot = self.tree.slot(node);
        match self.columns.get_mut(slot as usize) {
            Some(column) => {
                column.only_null &= null;
                column.first = column.first.min(self.here);
            }
            None => {
                if self.columns.len() >= MAX_COLUMNS - OWN {
                    return Err(Stop::TooManyColumns);
                }
                self.tree.set_slot(node, u32::try_from(self.columns.len()).unwrap_or(NONE));
                self.columns.push(Column { node, only_null: null, first: self.here });
            }
        }
        Ok(())
    }
}

impl Visit for &mut Found {
    #[inline]
    fn tree(&self) -> &Tree {
        &self.tree
    }

    fn name(&mut self, parent: u32, name: &str) -> Option<u32> {
        Some(self.tree.find_or_add(parent, name))
    }

    fn reached(&mut self, _: u32) {}

    #[inline]
    fn leaf(&mut self, node: u32, value: Value) -> Result<(), Stop> {
        if self.is_placed {
            self.here.2 += 1;
        }
        self.note(node, value.kind == Kind::Null)
    }

    fn inner(&mut self, _: u32, _: Value) {}

    fn lists(&self) -> bool {
        false
    }
}

impl Stop {
    /// As an error, of the document with that id.
    pub(super) fn into_error(self, id: &str) -> EncodeError {
        match self {
            Self::TooManyColumns => EncodeError::TooManyColumns,
            Self::Damaged => EncodeError::Damaged(id.to_owned()),
        }
    }
}
