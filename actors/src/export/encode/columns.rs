//! What stands in which column, and what is written above it.

use std::collections::{HashMap, HashSet};

use super::discovery::Discovery;
use super::error::{EncodeError, MAX_COLUMNS};
use super::neutral;
use super::tree::{self, NONE, ROOT, Tree};

/// The columns of a file.
#[derive(Debug, Default)]
pub struct Columns {
    pub(super) tree: Tree,
    pub(super) columns: Vec<Column>,
    /// How many different fields are looked for.
    pub(super) slots: usize,
    /// Whether the caller chose the fields: then objects may be columns, and paths may have positions in lists.
    pub(super) chosen: bool,
}

/// One column.
#[derive(Debug)]
pub(super) struct Column {
    /// As it was found or chosen; unique, also after what can run as a formula was made harmless.
    pub(super) header: String,
    pub(super) source: Source,
}

/// Where a column's values come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// The document's id.
    Id,
    /// The document's type.
    Kind,
    /// When it happened.
    At,
    /// A field, by the slot it is put in.
    Field(u32),
}

/// A field that the caller chose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The names from the outside in. `id`, `type` and `at` alone are the document's own; a number is also a position
    /// in a list.
    pub names: Vec<String>,
    /// What is written above the column; the path if nothing is given.
    pub header: Option<String>,
}

impl Columns {
    /// All that documents have: `id`, `type` and `at`, then what was found.
    #[must_use]
    pub fn found(discovery: &Discovery) -> Self {
        let mut columns = Self::default();
        let mut headers = HashSet::new();
        for (header, source) in [("id", Source::Id), ("type", Source::Kind), ("at", Source::At)] {
            headers.insert(header.to_owned());
            columns.columns.push(Column { header: header.to_owned(), source });
        }
        // How far the numbers behind a text have come, so that making many headers unique takes no longer than it must.
        let mut numbers: HashMap<String, usize> = HashMap::new();
        for names in discovery.paths() {
            let path = tree::escaped(&names);
            let mut header = path.clone();
            // Paths differ from each other, but two may look the same once they are harmless.
            while !headers.insert(neutral::header(&header)) {
                let number = numbers.entry(neutral::header(&path)).or_insert(1);
                *number += 1;
                header = format!("{path} ({number})");
            }
            let source = columns.slot(&names);
            columns.columns.push(Column { header, source });
        }
        columns
    }

    /// Those that the caller chose, in that order.
    ///
    /// # Errors
    /// When there are none or too many, or two have the same header.
    pub fn chosen(fields: &[Chosen]) -> Result<Self, EncodeError> {
        if fields.is_empty() {
            return Err(EncodeError::NothingChosen);
        }
        if fields.len() > MAX_COLUMNS {
            return Err(EncodeError::TooManyChosen(fields.len()));
        }
        let mut columns = Self { chosen: true, ..Self::default() };
        let mut headers = HashSet::new();
        for field in fields {
            let header = field.header.clone().unwrap_or_else(|| tree::escaped(&field.names));
            if !headers.insert(neutral::header(&header)) {
                return Err(EncodeError::SameName(header));
            }
            let source = match field.names.as_slice() {
                [name] if name == "id" => Source::Id,
                [name] if name == "type" => Source::Kind,
                [name] if name == "at" => Source::At,
                names => columns.slot(names),
            };
            columns.columns.push(Column { header, source });
        }
        Ok(columns)
    }

    /// The slot of a field, which it gets if it has none.
    fn slot(&mut self, names: &[String]) -> Source {
        let node = names.iter().fold(ROOT, |parent, name| self.tree.find_or_add(parent, name));
        let next = u32::try_from(self.slots).unwrap_or(NONE);
        if self.tree.slot(node) == NONE {
            self.tree.set_slot(node, next);
            self.slots += 1;
        }
        Source::Field(self.tree.slot(node))
    }

    /// What is written above the columns, in order.
    pub fn headers(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|column| column.header.as_str())
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.columns.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.columns.is_empty()
    }
}

#[cfg(test)]
#[path = "columns_tests.rs"]
mod tests;
