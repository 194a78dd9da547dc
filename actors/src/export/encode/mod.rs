//! Documents as files: CSV, XLSX and NDJSON, as they come and without holding them in memory.
//!
//! The caller owns the threads. A reader fills [`Chunk`]s; any number of threads turn them into [`Piece`]s with a
//! shared [`Encoder`], which does nearly all of the work, compression included; one [`Assembler`] joins the pieces in
//! order.
//!
//! ```
//! use tocsin_actors::export::encode::{Chunk, Columns, CsvOptions, Discovery, Doc, Format, start};
//!
//! let mut chunk = Chunk::new();
//! chunk.push(Doc { id: "1", kind: "order", at_ms: 0, fields: r#"{"customer":{"name":"Ada"},"amount":9.90}"# });
//!
//! // First pass: which columns there are. For chosen fields it is `Columns::chosen`, without this pass.
//! let mut discovery = Discovery::default();
//! discovery.absorb(&Discovery::of(&chunk)?)?;
//!
//! // Second pass.
//! let (encoder, mut assembler) = start(Format::Csv(CsvOptions::default()), Columns::found(&discovery), false);
//! let mut file = Vec::new();
//! assembler.head(&mut file)?;
//! assembler.join(encoder.piece(&chunk, 0)?, &mut file)?;
//! let warnings = assembler.finish(&mut file)?;
//!
//! assert_eq!(file, b"id,type,at,customer.name,amount\r\n1,order,1970-01-01T00:00:00.000Z,Ada,9.90\r\n");
//! assert_eq!(warnings.cut, 0);
//! # Ok::<(), tocsin_actors::export::encode::EncodeError>(())
//! ```

mod chunk;
mod columns;
mod csv;
mod deflate;
mod discovery;
mod encoder;
mod error;
mod gzip;
mod ndjson;
mod neutral;
mod row;
mod scan;
mod text;
mod time;
mod tree;
mod walk;
mod warnings;
mod words;
mod xlsx;

pub use chunk::{Chunk, Doc};
pub use columns::{Chosen, Columns};
pub use csv::{CsvOptions, Delimiter};
pub use discovery::Discovery;
pub use encoder::{Assembler, Encoder, Format, Piece, start};
pub use error::{EncodeError, MAX_COLUMNS};
pub use warnings::Warnings;
