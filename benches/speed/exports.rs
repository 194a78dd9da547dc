//! Exports of a million documents, by `tocsin export` beside other programs that write the same file in the same run, and
//! by a server that has other things to do. `EXPORT_PARTS=csv,xlsx,memory,beside` chooses among the parts.

mod beside;
mod spent;

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use self::spent::{Spent, spent};

const DOCUMENTS: usize = 1_000_000;
/// Rows of the workbooks that are compared.
const SHEET_ROWS: usize = 200_000;
/// Each program is measured so often, in turn; the median counts.
const ROUNDS: usize = 3;

pub(crate) async fn run() {
    let parts = std::env::var("EXPORT_PARTS").unwrap_or_else(|_| "csv,xlsx,memory,beside".to_owned());
    let wanted = |part: &str| parts.split(',').any(|one| one == part);
    let store = Store::seeded();
    if wanted("csv") {
        csv(&store);
    }
    if wanted("xlsx") {
        xlsx(&store);
    }
    if wanted("memory") {
        memory(&store);
    }
    if wanted("beside") {
        beside::run(&store.dir).await;
    }
}

/// A database full of orders, and room for files.
struct Store {
    dir: TempDir,
}

impl Store {
    fn seeded() -> Self {
        let store = Self { dir: TempDir::new().unwrap() };
        let mut seed = store.tocsin(&["seed", "--types", "order", "--documents", &DOCUMENTS.to_string()]);
        let took = spent(&mut seed, Path::new("/dev/null"));
        println!("exports: {DOCUMENTS} orders seeded in {:.1} s", took.wall.as_secs_f64());
        store
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn tocsin(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tocsin"));
        command
            .current_dir(self.dir.path())
            .args(["--profile", "development", "--set"])
            .arg(format!("data_dir={}", self.path("data").display()))
            .args(arguments);
        command
    }

    /// So many documents to standard output, all columns.
    fn export(&self, format: &str, size: usize) -> Command {
        self.tocsin(&["export", "--type", "order", "--format", format, "--size", &size.to_string(), "-o", "-"])
    }
}

/// Everything as CSV, beside the sqlite3 shell: the same rows in the same order, and the same columns by `->>`. It is
/// told what the columns are, and leaves `at` the number that is stored.
fn csv(store: &Store) {
    let columns = [
        "order_id",
        "customer.name",
        "customer.city",
        "customer.vip",
        "amount",
        "quantity",
        "items",
        "deliver_on",
        "note",
        "coupon",
    ];
    let columns: String = columns.iter().map(|path| format!(", fields ->> '$.{path}' AS \"{path}\"")).collect();
    let sql = format!(
        "SELECT id, 'order' AS type, at{columns} FROM documents
         WHERE type_id = (SELECT id FROM document_types WHERE name = 'order') ORDER BY at, seq;"
    );
    let ours = || store.export("csv", DOCUMENTS);
    let peer = || {
        let mut command = Command::new("sqlite3");
        command.args(["-csv", "-header"]).arg(store.path("data/tocsin.db")).arg(&sql);
        command
    };
    let figures = in_turn(store, &[&ours, &peer]);
    let lines = |file: &str| std::fs::read(store.path(file)).unwrap().iter().filter(|byte| **byte == b'\n').count();
    assert_eq!(lines("0.out"), lines("1.out"), "the same rows, with the same line breaks in them");
    tell("exports, CSV of 1,000,000", &["Tocsin", "sqlite3 -csv"], &figures);
}

/// Workbooks, beside the streaming writers of two libraries. These read the documents from a file, a line each, which is
/// part of what they do as reading the database is part of ours; they are told what the columns are.
fn xlsx(store: &Store) {
    let documents = store.path("documents.ndjson");
    spent(&mut store.export("ndjson", SHEET_ROWS), &documents);
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/speed/exports/peers");
    let python = std::env::var_os("TOCSIN_BENCH_PYTHON").unwrap_or_else(|| "python3".into());
    let peer = |program: &Path, script: &str| {
        let mut command = Command::new(program);
        command.arg(peers.join(script)).arg(&documents).arg(store.path("peer.xlsx"));
        command
    };
    let ours = || store.export("xlsx", SHEET_ROWS);
    let exceljs = || peer(Path::new("node"), "exceljs.mjs");
    let xlsxwriter = || peer(Path::new(&python), "xlsxwriter_peer.py");
    let figures = in_turn(store, &[&ours, &exceljs, &xlsxwriter]);
    tell("exports, XLSX of 200,000", &["Tocsin", "exceljs, streaming", "XlsxWriter, constant memory"], &figures);
}

/// The most memory that one export takes, beyond that of an export of one row, at two sizes.
fn memory(store: &Store) {
    for format in ["csv", "xlsx", "ndjson"] {
        let peak = |size| spent(&mut store.export(format, size), Path::new("/dev/null")).peak_mib;
        let (none, some, all) = (peak(1), peak(DOCUMENTS / 10), peak(DOCUMENTS));
        println!(
            "exports, memory, {format}: {none:.1} MiB at 1 row, {some:.1} at 100,000, {all:.1} at 1,000,000: \
             +{:.1} MiB, ratio {:.2}",
            all - none,
            all / some
        );
    }
}

/// Runs the programs in turn, several times; the median of each.
fn in_turn(store: &Store, programs: &[&dyn Fn() -> Command]) -> Vec<Spent> {
    let mut figures = vec![Vec::new(); programs.len()];
    for _ in 0..ROUNDS {
        for (at, program) in programs.iter().enumerate() {
            figures[at].push(spent(&mut program(), &store.path(&format!("{at}.out"))));
        }
    }
    figures.into_iter().map(Spent::median).collect()
}

/// Prints them, and how many times longer the others take than the first.
fn tell(what: &str, names: &[&str], figures: &[Spent]) {
    let ours = &figures[0];
    for (name, one) in names.iter().zip(figures) {
        println!(
            "{what}: {name:<28} {:>6.2} s, {:>6.2} s of CPU, {:>6.1} MiB at most; {:.2} × the wall, {:.2} × the CPU of ours",
            one.wall.as_secs_f64(),
            one.cpu.as_secs_f64(),
            one.peak_mib,
            one.wall.as_secs_f64() / ours.wall.as_secs_f64(),
            one.cpu.as_secs_f64() / ours.cpu.as_secs_f64(),
        );
    }
}
