//! Workbooks of Excel 2007 and later (ECMA-376, Office Open XML).

use super::chunk::Chunk;
use super::columns::Columns;
use super::encoder::Piece;
use super::error::EncodeError;

#[derive(Debug, Default)]
pub(super) struct Workbook {}

pub(super) fn piece(_: &Columns, _: &Chunk, _: u64) -> Result<Piece, EncodeError> {
    Err(EncodeError::Compression)
}

impl Workbook {
    pub(super) fn head(&mut self, _: &mut Vec<u8>) {}
    pub(super) fn join(&mut self, _: &Columns, _: Piece, _: &mut Vec<u8>) -> Result<(), EncodeError> {
        Ok(())
    }
    pub(super) fn finish(&mut self, _: &Columns, _: &mut Vec<u8>) -> Result<(), EncodeError> {
        Ok(())
    }
}
