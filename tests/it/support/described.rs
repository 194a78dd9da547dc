//! The description of the API, for tests that hold answers and pages against it.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use reqwest::Method;
use serde_json::Value;

/// One operation of `docs/openapi.json`.
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) tag: String,
    responses: Value,
}

/// The whole text.
pub(crate) const TEXT: &str = include_str!("../../../docs/openapi.json");

/// Every operation.
pub(crate) static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    let described: Value = serde_json::from_str(TEXT).unwrap();
    let items = described["paths"].as_object().unwrap().iter();
    let found: Vec<Operation> = items
        .flat_map(|(path, item)| {
            item.as_object().unwrap().iter().map(move |(method, operation)| Operation {
                method: method.to_uppercase().parse().unwrap(),
                path: path.clone(),
                tag: operation["tags"][0].as_str().unwrap().to_owned(),
                responses: operation["responses"].clone(),
            })
        })
        .collect();
    assert!(found.len() > 40);
    found
});

impl Operation {
    /// That of a request; a path without variables comes first.
    pub(crate) fn of(method: &Method, path: &str) -> Option<&'static Self> {
        let method = if *method == Method::HEAD { &Method::GET } else { method };
        let path = path.split('?').next().unwrap_or_default();
        let of_method = || OPERATIONS.iter().filter(|operation| operation.method == *method);
        of_method().find(|operation| operation.path == path).or_else(|| of_method().find(|o| o.takes(path)))
    }

    fn takes(&self, path: &str) -> bool {
        let (ours, theirs): (Vec<&str>, Vec<&str>) = (self.path.split('/').collect(), path.split('/').collect());
        ours.len() == theirs.len()
            && ours
                .iter()
                .zip(theirs)
                .all(|(ours, theirs)| *ours == theirs || (ours.starts_with('{') && !theirs.is_empty()))
    }

    /// What is said of a status.
    pub(crate) fn says(&self, status: &str) -> &str {
        self.responses[status]["description"].as_str().unwrap_or_default()
    }

    /// The errors it may answer: status and code.
    pub(crate) fn errors(&self) -> BTreeSet<(String, String)> {
        let statuses = self.responses.as_object().unwrap().keys();
        let statuses = statuses.filter(|status| *status == "default" || status.starts_with(['4', '5']));
        statuses
            .flat_map(|status| {
                let shown = if status == "default" { "500" } else { status.as_str() };
                slugs(self.says(status)).into_iter().map(move |code| (shown.to_owned(), code.to_owned()))
            })
            .collect()
    }
}

/// Whether a word could be a code.
pub(crate) fn is_slug(word: &str) -> bool {
    !word.is_empty() && word.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_'))
}

/// The words in backticks that could be codes. In what is said of an error, they are.
pub(crate) fn slugs(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).filter(|word| is_slug(word)).collect()
}

/// Whether the description tells of this answer. An error without a code, and one of no operation, is not its matter.
pub(crate) fn is_told(method: &Method, path: &str, status: u16, body: &Value) -> bool {
    let Some(code) = body["code"].as_str().filter(|_| status >= 400) else { return true };
    let Some(operation) = Operation::of(method, path) else { return true };
    operation.errors().contains(&(status.to_string(), code.to_owned()))
}

/// Looks at every answer that a test gets.
pub(crate) fn look_at(method: &Method, path: &str, status: u16, body: &Value) {
    assert!(
        is_told(method, path, status, body),
        "docs/openapi.json does not tell that {method} {path} answers {status} {}: say so beside its handler, or in \
         src/http/openapi/problems.rs",
        body["code"]
    );
}
