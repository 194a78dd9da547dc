//! What an export is asked for, as the API and the store write it.

use serde::{Deserialize, Serialize};
use tocsin_actors::domain::event::ExportView;
use tocsin_actors::domain::{
    CsvStyle, DocumentQuery, ExportField, ExportFormat, ExportSpec, FieldPath, Invalid, RuleSource, Selection,
    Timestamp,
};
use tocsin_actors::export::sample::Sample;
use utoipa::ToSchema;

use super::filter::FilterBody;
use super::rule::Wrong;

/// An export as it is asked for.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = NewExport, example = json!({"type": "order", "size": 1000, "format": "xlsx"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct ExportInput {
    /// The type of the documents, or `any`.
    #[serde(rename = "type")]
    #[schema(pattern = "^[A-Za-z0-9_.-]{1,64}$", example = "order")]
    kind: String,
    /// At most so many, the first in the order; or `all`.
    #[serde(default)]
    size: SizeBody,
    /// `csv`, `xlsx` or `ndjson`.
    #[schema(pattern = "^(csv|xlsx|ndjson)$")]
    format: String,
    /// Which fields, in this order: paths such as `customer.city`, or objects that also name the column. Also `id`, `type`
    /// and `at`. All fields that the documents have, when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 1000)]
    fields: Option<Vec<FieldBody>>,
    /// Not before this time: RFC 3339, or milliseconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<TimeBody>,
    /// Before this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    to: Option<TimeBody>,
    /// All of these must hold for a document; at most 16.
    #[serde(default, rename = "where", skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 16)]
    filters: Vec<FilterBody>,
    /// By time: `asc` for oldest first, `desc` for newest first.
    #[serde(default = "ascending")]
    #[schema(pattern = "^(asc|desc)$", default = "asc")]
    order: String,
    /// How CSV is written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    csv: Option<CsvBody>,
    /// `gzip` for a compressed file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(pattern = "^gzip$")]
    compression: Option<String>,
}

/// How many.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ExportSize, example = 1000)]
enum SizeBody {
    /// At most so many.
    Some(u64),
    /// `all` of them.
    Word(String),
}

impl Default for SizeBody {
    fn default() -> Self {
        Self::Word("all".to_owned())
    }
}

/// A column.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ExportField, example = "customer.city")]
enum FieldBody {
    /// By its path, under that name.
    Path(String),
    /// By its path, under another name.
    Named(NamedField),
}

/// A column under a name of its own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NamedExportField)]
struct NamedField {
    /// The path of the field.
    #[schema(max_length = 256)]
    field: String,
    /// What the column is called.
    #[schema(max_length = 255)]
    name: String,
}

/// An instant.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(untagged)]
#[schema(as = Instant, example = "2026-11-26T00:00:00Z")]
enum TimeBody {
    /// Milliseconds since 1970.
    Millis(i64),
    /// RFC 3339.
    Text(String),
}

/// How CSV is written.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = CsvStyle)]
struct CsvBody {
    /// Between two fields: `,` `;` `|` or a tab.
    #[serde(default = "comma")]
    #[schema(default = ",", min_length = 1, max_length = 1)]
    delimiter: String,
    /// Whether a byte order mark comes first, by which Excel knows UTF-8.
    #[serde(default)]
    bom: bool,
}

fn ascending() -> String {
    "asc".to_owned()
}

fn comma() -> String {
    ",".to_owned()
}

impl ExportInput {
    /// As the domain has it.
    ///
    /// # Errors
    /// All that is wrong, each with its path.
    pub(crate) fn parse(&self) -> Result<ExportSpec, Vec<Wrong>> {
        let mut wrong: Vec<Wrong> = Vec::new();
        let kind = keep(RuleSource::parse(&self.kind), "/type", &mut wrong);
        let size = keep(size(&self.size), "/size", &mut wrong);
        let format = keep(ExportFormat::parse(&self.format), "/format", &mut wrong);
        let fields = self.fields(&mut wrong);
        let from = keep(time(self.from.as_ref()), "/from", &mut wrong).flatten();
        let to = keep(time(self.to.as_ref()), "/to", &mut wrong).flatten();
        if from.zip(to).is_some_and(|(from, to)| to <= from) {
            wrong.push(("/to".into(), "must be later than from".into()));
        }
        let filters = self.filters(&mut wrong);
        let descending = match self.order.as_str() {
            "asc" | "desc" => self.order == "desc",
            _ => {
                wrong.push(("/order".into(), "must be asc or desc".into()));
                false
            }
        };
        if self.csv.is_some() && format.is_some_and(|format| format != ExportFormat::Csv) {
            wrong.push(("/csv".into(), "must be left out, where the format is not csv".into()));
        }
        let csv = self.csv.as_ref().map_or(Some(CsvStyle::default()), |csv| {
            let delimiter = keep(CsvStyle::delimiter(&csv.delimiter), "/csv/delimiter", &mut wrong)?;
            Some(CsvStyle { delimiter, bom: csv.bom })
        });
        if self.compression.as_deref().is_some_and(|compression| compression != "gzip") {
            wrong.push(("/compression".into(), "must be gzip, or left out".into()));
        }
        let gzip = self.compression.is_some();
        if gzip && format == Some(ExportFormat::Xlsx) {
            wrong.push(("/compression".into(), "must be left out: a workbook is compressed already".into()));
        }
        match (kind, size, format, csv) {
            (Some(source), Some(size), Some(format), Some(csv)) if wrong.is_empty() => {
                let query = DocumentQuery { selection: Selection { source, filters }, from, to, descending, size };
                Ok(ExportSpec { query, fields, format, csv, gzip })
            }
            _ => Err(wrong),
        }
    }

    fn filters(&self, wrong: &mut Vec<Wrong>) -> Vec<tocsin_actors::domain::Filter> {
        if self.filters.len() > Selection::MAX_FILTERS {
            wrong.push(("/where".into(), format!("must have at most {} conditions", Selection::MAX_FILTERS)));
        }
        let one = |(index, filter): (usize, &FilterBody)| match filter.parse() {
            Ok(filter) => Some(filter),
            Err((field, error)) => {
                wrong.push((format!("/where/{index}/{field}"), error.to_string()));
                None
            }
        };
        self.filters.iter().take(Selection::MAX_FILTERS).enumerate().filter_map(one).collect()
    }

    fn fields(&self, wrong: &mut Vec<Wrong>) -> Option<Vec<ExportField>> {
        let fields = self.fields.as_ref()?;
        if !(1..=ExportField::MAX).contains(&fields.len()) {
            wrong.push(("/fields".into(), format!("must be 1 to {} fields, or left out", ExportField::MAX)));
            return None;
        }
        let mut columns: Vec<ExportField> = Vec::with_capacity(fields.len());
        let mut names: std::collections::HashSet<&str> = std::collections::HashSet::new();
        for (index, field) in fields.iter().enumerate() {
            let (path, name, at) = match field {
                FieldBody::Path(path) => (path, None, format!("/fields/{index}")),
                FieldBody::Named(named) => (&named.field, Some(&named.name), format!("/fields/{index}/field")),
            };
            let Some(parsed) = keep(FieldPath::parse(path), &at, wrong) else { continue };
            if name.is_some_and(|name| name.is_empty() || name.chars().count() > ExportField::NAME_CHARS) {
                let message = format!("must have 1 to {} characters", ExportField::NAME_CHARS);
                wrong.push((format!("/fields/{index}/name"), message));
            }
            if !names.insert(name.unwrap_or(path)) {
                wrong.push((
                    format!("/fields/{index}"),
                    "is called like a column before it: give it another name".into(),
                ));
            }
            columns.push(ExportField { path: parsed, name: name.cloned() });
        }
        Some(columns)
    }
}

fn keep<T>(parsed: Result<T, Invalid>, path: &str, wrong: &mut Vec<Wrong>) -> Option<T> {
    parsed.map_err(|error| wrong.push((path.to_owned(), error.to_string()))).ok()
}

fn size(size: &SizeBody) -> Result<Option<u64>, Invalid> {
    match size {
        SizeBody::Some(n) if *n > 0 => Ok(Some(*n)),
        SizeBody::Word(word) if word == "all" => Ok(None),
        _ => Err(Invalid("must be a whole number from 1 on, or \"all\"".into())),
    }
}

fn time(time: Option<&TimeBody>) -> Result<Option<Timestamp>, Invalid> {
    match time {
        None => Ok(None),
        Some(TimeBody::Millis(millis)) => Timestamp::from_millis(*millis).map(Some),
        Some(TimeBody::Text(text)) => Timestamp::parse_rfc3339(text).map(Some),
    }
}

impl From<&ExportSpec> for ExportInput {
    fn from(spec: &ExportSpec) -> Self {
        let query = &spec.query;
        let field = |field: &ExportField| match &field.name {
            None => FieldBody::Path(field.path.as_str().to_owned()),
            Some(name) => FieldBody::Named(NamedField { field: field.path.as_str().to_owned(), name: name.clone() }),
        };
        let time = |at: Timestamp| TimeBody::Text(at.to_string());
        Self {
            kind: query.selection.source.as_str().to_owned(),
            size: query.size.map_or_else(SizeBody::default, SizeBody::Some),
            format: spec.format.as_str().to_owned(),
            fields: spec.fields.as_ref().map(|fields| fields.iter().map(field).collect()),
            from: query.from.map(time),
            to: query.to.map(time),
            filters: query.selection.filters.iter().map(FilterBody::from).collect(),
            order: if query.descending { "desc" } else { "asc" }.to_owned(),
            csv: (spec.format == ExportFormat::Csv)
                .then(|| CsvBody { delimiter: char::from(spec.csv.delimiter).to_string(), bom: spec.csv.bom }),
            compression: spec.gzip.then(|| "gzip".to_owned()),
        }
    }
}

/// An export.
#[derive(Debug, Clone, Serialize, ToSchema)]
#[schema(as = Export)]
pub(crate) struct ExportBody {
    /// Its id.
    #[schema(format = Uuid)]
    pub(crate) id: String,
    /// `queued`, `running`, `done`, `failed` or `cancelled`.
    #[schema(pattern = "^(queued|running|done|failed|cancelled)$")]
    pub(crate) status: &'static str,
    /// What was asked for.
    #[serde(flatten)]
    spec: ExportInput,
    /// How far it is.
    progress: ProgressBody,
    /// Documents in the file; `null` before it is done.
    rows: Option<u64>,
    /// The size of the file in bytes; `null` before it is done.
    bytes: Option<u64>,
    /// SHA-256 of the file, in hexadecimal; `null` before it is done.
    sha256: Option<String>,
    /// What a download is called.
    file_name: String,
    /// The link: whoever has it may open the file, until it expires. `null` while there is no file.
    pub(crate) url: Option<String>,
    /// When the link ends and the file is removed; `null` before it is done.
    #[schema(format = DateTime)]
    expires_at: Option<String>,
    /// Why it failed; `null` when it did not.
    error: Option<String>,
    /// What could not be written as it was sent, in words.
    warnings: Vec<String>,
    /// When it was asked for.
    #[schema(format = DateTime)]
    created_at: String,
    /// When it was begun.
    #[schema(format = DateTime)]
    started_at: Option<String>,
    /// When it was over.
    #[schema(format = DateTime)]
    ended_at: Option<String>,
}

/// The first rows of a file.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ExportSample)]
pub(crate) struct SampleBody {
    /// The columns that these rows have.
    columns: Vec<String>,
    /// The first rows, at most 50; `null` where a document has nothing.
    #[schema(max_items = 50)]
    rows: Vec<Vec<Option<String>>>,
    /// Rows of the whole file; `null` where it would have to be read for that.
    total: Option<u64>,
}

impl From<Sample> for SampleBody {
    fn from(sample: Sample) -> Self {
        let Sample { columns, rows, total } = sample;
        Self { columns, rows, total }
    }
}

/// How far an export is.
#[derive(Debug, Clone, Copy, Serialize, ToSchema)]
#[schema(as = ExportProgress)]
struct ProgressBody {
    /// Documents that are written.
    rows: u64,
    /// Documents in all; `null` before they are counted.
    total: Option<u64>,
}

impl From<&ExportView> for ExportBody {
    fn from(view: &ExportView) -> Self {
        let ExportView { export, written, total, url } = view;
        let file = export.file.as_ref();
        let time = |at: Option<Timestamp>| at.map(|at| at.to_string());
        Self {
            id: export.id.to_string(),
            status: export.status.as_str(),
            spec: ExportInput::from(&export.spec),
            progress: ProgressBody { rows: *written, total: *total },
            rows: file.map(|file| file.rows),
            bytes: file.map(|file| file.bytes),
            sha256: file.map(|file| file.sha256.clone()),
            file_name: export.spec.file_name(export.created_at),
            url: url.clone(),
            expires_at: time(export.expires_at),
            error: export.error.clone(),
            warnings: file.map(|file| file.warnings.clone()).unwrap_or_default(),
            created_at: export.created_at.to_string(),
            started_at: time(export.started_at),
            ended_at: time(export.ended_at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(json: &str) -> Result<ExportSpec, Vec<Wrong>> {
        serde_json::from_str::<ExportInput>(json).unwrap().parse()
    }

    #[test]
    fn what_is_asked_for_comes_back() {
        for json in [
            r#"{"type":"A","format":"csv"}"#,
            r#"{"type":"any","size":"all","format":"ndjson","order":"desc","compression":"gzip"}"#,
            r#"{"type":"order","size":1000,"format":"xlsx","from":1764000000000,"to":"2026-01-01T00:00:00+01:00"}"#,
            r#"{"type":"order","format":"csv","csv":{"delimiter":"\t","bom":true},
                "fields":["id",{"field":"customer.city","name":"City"},"a\\.b"],
                "where":[{"field":"amount","op":">","value":10}]}"#,
        ] {
            let spec = parse(json).unwrap();
            let written = serde_json::to_string(&ExportInput::from(&spec)).unwrap();
            assert_eq!(parse(&written).unwrap(), spec, "{written}");
        }
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (json, path) in [
            (r#"{"type":"a b","format":"csv"}"#, "/type"),
            (r#"{"type":"A","format":"pdf"}"#, "/format"),
            (r#"{"type":"A","format":"csv","size":0}"#, "/size"),
            (r#"{"type":"A","format":"csv","size":"many"}"#, "/size"),
            (r#"{"type":"A","format":"csv","fields":[]}"#, "/fields"),
            (r#"{"type":"A","format":"csv","fields":["a",""]}"#, "/fields/1"),
            (r#"{"type":"A","format":"csv","fields":["a","a"]}"#, "/fields/1"),
            (r#"{"type":"A","format":"csv","fields":[{"field":"a","name":""}]}"#, "/fields/0/name"),
            (r#"{"type":"A","format":"csv","from":"yesterday"}"#, "/from"),
            (r#"{"type":"A","format":"csv","from":2,"to":2}"#, "/to"),
            (r#"{"type":"A","format":"csv","order":"up"}"#, "/order"),
            (r#"{"type":"A","format":"xlsx","csv":{}}"#, "/csv"),
            (r#"{"type":"A","format":"csv","csv":{"delimiter":"x"}}"#, "/csv/delimiter"),
            (r#"{"type":"A","format":"csv","compression":"zip"}"#, "/compression"),
            (r#"{"type":"A","format":"xlsx","compression":"gzip"}"#, "/compression"),
            (r#"{"type":"A","format":"csv","where":[{"field":"a","op":"~","value":1}]}"#, "/where/0/op"),
        ] {
            let wrong = parse(json).unwrap_err();
            assert_eq!(wrong.iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), [path], "{json}");
        }
    }
}
