//! `tocsin export`: documents into a file, without a server.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};
use tocsin_actors::domain::ExportSpec;
use tocsin_actors::export::press::{Bounds, Emit, Pressed, press};
use tocsin_actors::export::progress::Progress;
use tocsin_actors::export::state::Fault;
use tocsin_actors::ports::{PortError, Snapshots};

use super::Failure;
use super::progress::Progress as Bar;
use crate::wire::export::ExportInput;

/// Write documents into a file: CSV, an Excel workbook or NDJSON
///
/// Reads the database of the configuration itself, beside a server that may run. The file appears when it is whole.
#[derive(Debug, clap::Args)]
pub(super) struct Export {
    /// Of this type, or any
    #[arg(long = "type", value_name = "TYPE")]
    kind: String,
    /// At most so many, or all
    #[arg(long, default_value = "all", value_name = "N")]
    size: String,
    /// csv, xlsx or ndjson; left out, the ending of the file says
    #[arg(long, value_name = "FORMAT")]
    format: Option<String>,
    /// Which fields, in this order, with commas between them; customer.city=City also names the column
    #[arg(long, value_delimiter = ',', value_name = "FIELDS")]
    fields: Vec<String>,
    /// Not before this time: RFC 3339, or milliseconds since 1970
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Before this time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// A condition as the API has it: '{"field": "amount", "op": ">", "value": 100}'; may be given several times
    #[arg(long = "where", value_name = "JSON")]
    filters: Vec<String>,
    /// asc for oldest first, desc for newest first
    #[arg(long, default_value = "asc", value_name = "ORDER")]
    order: String,
    /// Between two fields of CSV: , ; | or a tab
    #[arg(long, value_name = "CHARACTER")]
    delimiter: Option<String>,
    /// Begin CSV with a byte order mark, by which Excel knows UTF-8
    #[arg(long)]
    bom: bool,
    /// Compress the file
    #[arg(long)]
    gzip: bool,
    /// Where to; - for standard output
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
}

impl Export {
    /// Writes the file.
    ///
    /// # Errors
    /// One line that says what went wrong; there is no file then.
    pub(super) fn run(self, snapshots: &dyn Snapshots, bounds: Bounds) -> Result<(), Failure> {
        let spec = self.spec()?;
        let mut snapshot = snapshots.open().map_err(|error| Failure::new(error.to_string()))?;
        let known = snapshot.knows(&spec.query).map_err(|error| Failure::new(error.to_string()))?;
        if !known && self.kind != "any" {
            return Err(Failure::new(format!("--type: there is no document of the type {}", self.kind)));
        }
        let most = snapshot.count(&spec.query).map_err(|error| Failure::new(error.to_string()))?;
        let bar = Bar::of(most.min(spec.query.size.unwrap_or(u64::MAX)), "documents");
        let progress = Progress::default();
        let mut write = |out: &mut dyn Write| {
            let mut shown = 0;
            let mut emit = |bytes: Vec<u8>| {
                bar.add(progress.rows() - shown);
                shown = progress.rows();
                out.write_all(&bytes).map_err(|error| Fault::Storing(PortError::Failed(error.to_string())))
            };
            let emit: &mut Emit<'_> = &mut emit;
            press(&mut *snapshot, &spec, bounds, &progress, emit).map_err(|fault| Failure::new(fault.to_string()))
        };
        let pressed = if self.output == Path::new("-") {
            write(&mut io::stdout().lock())?
        } else {
            into_file(&self.output, write)?
        };
        bar.finish();
        for warning in &pressed.warnings {
            say(&format!("note: {warning}"));
        }
        say(&format!("{} documents written", pressed.rows));
        Ok(())
    }

    fn spec(&self) -> Result<ExportSpec, Failure> {
        let ending = || {
            let name = self.output.to_string_lossy().into_owned();
            let name = name.strip_suffix(".gz").unwrap_or(&name).to_owned();
            name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase())
        };
        let format = self.format.clone().or_else(ending).unwrap_or_else(|| "csv".to_owned());
        let number_or_text = |text: &str| text.parse::<i64>().map_or_else(|_| Value::from(text), Value::from);
        let mut input = Map::new();
        let mut put = |name: &str, value: Value| drop(input.insert(name.to_owned(), value));
        put("type", self.kind.as_str().into());
        put("format", format.into());
        put("order", self.order.as_str().into());
        put("size", number_or_text(&self.size));
        for (name, time) in [("from", &self.from), ("to", &self.to)] {
            if let Some(time) = time {
                put(name, number_or_text(time));
            }
        }
        if !self.fields.is_empty() {
            let field = |text: &String| match text.split_once('=') {
                Some((field, name)) => json!({"field": field, "name": name}),
                None => text.as_str().into(),
            };
            put("fields", self.fields.iter().map(field).collect());
        }
        if !self.filters.is_empty() {
            let filter = |text: &String| {
                serde_json::from_str::<Value>(text)
                    .map_err(|error| Failure::new(format!("--where: {text} is not JSON: {error}")))
            };
            put("where", self.filters.iter().map(filter).collect::<Result<_, _>>()?);
        }
        if self.delimiter.is_some() || self.bom {
            put("csv", json!({"bom": self.bom, "delimiter": self.delimiter.as_deref().unwrap_or(",")}));
        }
        if self.gzip {
            put("compression", "gzip".into());
        }
        let input: ExportInput =
            serde_json::from_value(input.into()).map_err(|error| Failure::new(error.to_string()))?;
        input.parse().map_err(|wrong| {
            let one = |(path, message): &(String, String)| format!("{} {message}", path.trim_start_matches('/'));
            Failure::new(wrong.iter().map(one).collect::<Vec<_>>().join("; "))
        })
    }
}

/// Writes beside the file first, so that it is there whole or not at all.
fn into_file(path: &Path, write: impl FnOnce(&mut dyn Write) -> Result<Pressed, Failure>) -> Result<Pressed, Failure> {
    let failed = |error: io::Error| Failure::new(format!("{} cannot be written: {error}", path.display()));
    let name = path.file_name().ok_or_else(|| Failure::new("--output: give the name of a file".to_owned()))?;
    let unfinished = path.with_file_name(format!(".{}.unfinished", name.to_string_lossy()));
    let file = File::create(&unfinished).map_err(failed)?;
    let written = (|| {
        let mut out = BufWriter::with_capacity(1 << 18, &file);
        let pressed = write(&mut out)?;
        out.flush().and_then(|()| file.sync_all()).and_then(|()| fs::rename(&unfinished, path)).map_err(failed)?;
        Ok(pressed)
    })();
    if written.is_err() {
        // It may not even be there.
        let _ = fs::remove_file(&unfinished);
    }
    written
}

/// Tells the person, where standard output may be the file.
fn say(text: &str) {
    // Nobody is left to tell when standard error is closed.
    let _ = writeln!(io::stderr().lock(), "{text}");
}
