//! The values of one document, sorted into columns.

use super::columns::Columns;
use super::scan::{Kind, Value};
use super::tree::Tree;
use super::walk::{Guesses, Stop, Visit, Walk};

/// Reads documents one after the other; belongs to one thread.
pub(super) struct Rows<'c> {
    state: State<'c>,
    guesses: Guesses,
    name: String,
}

struct State<'c> {
    columns: &'c Columns,
    /// By slot. Values of earlier documents stay, their row number tells.
    cells: Vec<Cell>,
    /// By node: the last row in which it was reached.
    seen: Vec<u32>,
    row: u32,
}

#[derive(Debug, Clone, Copy)]
struct Cell {
    value: Value,
    row: u32,
}

/// A field's value: its text, or that between its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
}

impl<'c> Rows<'c> {
    pub(super) fn new(columns: &'c Columns) -> Self {
        let nothing = Cell { value: Value { kind: Kind::Null, from: 0, to: 0 }, row: 0 };
        Self {
            state: State { columns, cells: vec![nothing; columns.slots], seen: vec![0; columns.tree.len()], row: 0 },
            guesses: Guesses::default(),
            name: String::new(),
        }
    }

    /// Goes on to the next document.
    pub(super) fn read(&mut self, fields: &str) -> Result<(), Stop> {
        self.state.row += 1;
        Walk { visit: &mut self.state, guesses: &mut self.guesses, name: &mut self.name }.document(fields)
    }

    /// The value in a slot; `None` when it is missing. `fields` is the text that was read last.
    #[inline]
    pub(super) fn field<'a>(&self, slot: u32, fields: &'a str) -> Option<Field<'a>> {
        let cell = self.state.cells.get(slot as usize).filter(|cell| cell.row == self.state.row)?;
        let text = fields.get(cell.value.from..cell.value.to)?;
        Some(Field { kind: cell.value.kind, text })
    }
}

impl State<'_> {
    #[inline]
    fn set(&mut self, node: u32, value: Value) {
        let slot = self.columns.tree.slot(node);
        if let Some(cell) = self.cells.get_mut(slot as usize) {
            *cell = Cell { value, row: self.row };
        }
    }

    /// Takes back all that a name held in this row: the same name came again, and the last one counts.
    #[cold]
    fn forget(&mut self, node: u32) {
        let Some(known) = self.columns.tree.get(node) else { return };
        if let Some(cell) = self.cells.get_mut(self.columns.tree.slot(node) as usize) {
            cell.row = 0;
        }
        for child in known.children() {
            if let Some(seen) = self.seen.get_mut(*child as usize) {
                *seen = 0;
            }
            self.forget(*child);
        }
    }
}

impl Visit for &mut State<'_> {
    #[inline]
    fn tree(&self) -> &Tree {
        &self.columns.tree
    }

    fn name(&mut self, parent: u32, name: &str) -> Option<u32> {
        self.columns.tree.find(parent, name)
    }

    #[inline]
    fn reached(&mut self, node: u32) {
        if let Some(seen) = self.seen.get_mut(node as usize) {
            if *seen == self.row {
                self.forget(node);
            } else {
                *seen = self.row;
            }
        }
    }

    #[inline]
    fn leaf(&mut self, node: u32, value: Value) -> Result<(), Stop> {
        self.set(node, value);
        Ok(())
    }

    fn inner(&mut self, node: u32, value: Value) {
        if self.columns.chosen {
            self.set(node, value);
        }
    }

    fn lists(&self) -> bool {
        self.columns.chosen
    }
}
