//! The fields of a request, taken one by one; what is wrong says where.

use serde_json::{Map, Value};
use tocsin_actors::domain::{Invalid, Refusal};

/// The object of a request.
pub(super) struct Fields<'a>(pub(super) &'a Map<String, Value>);

impl Fields<'_> {
    /// What a field must be, for the sentence that says so.
    fn wrong(name: &str, must: &str) -> Refusal {
        Refusal {
            code: "bad_request",
            detail: format!("The field {name} {must}."),
            path: Some(format!("/{}", name.replace('.', "/"))),
        }
    }

    /// A field that may be left out; `null` counts as left out.
    fn get(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn required(&self, name: &str) -> Result<&Value, Refusal> {
        self.get(name).ok_or_else(|| Self::wrong(name, "is missing"))
    }

    /// A text that may be left out.
    pub(super) fn optional_text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        if self.get(name).is_some() { self.text(name).map(Some) } else { Ok(None) }
    }

    /// A text.
    pub(super) fn text(&self, name: &str) -> Result<&str, Refusal> {
        self.required(name)?.as_str().ok_or_else(|| Self::wrong(name, "must be a string"))
    }

    /// A text of so many characters.
    pub(super) fn sized(&self, name: &str, least: usize, most: usize) -> Result<String, Refusal> {
        let text = self.text(name)?;
        Self::within(name, text, least, most)
    }

    /// The same, that may be left out.
    pub(super) fn optional_sized(&self, name: &str, most: usize) -> Result<Option<String>, Refusal> {
        self.optional_text(name)?.map(|text| Self::within(name, text, 0, most)).transpose()
    }

    fn within(name: &str, text: &str, least: usize, most: usize) -> Result<String, Refusal> {
        // Characters are never more than bytes, so short texts need not be counted.
        let is_short_enough = text.len() <= most || text.chars().count() <= most;
        let is_long_enough = least == 0 || !text.trim().is_empty();
        if is_short_enough && is_long_enough {
            return Ok(text.to_owned());
        }
        Err(Self::wrong(name, &format!("must have {least} to {most} characters")))
    }

    /// A text that is parsed further.
    pub(super) fn parsed<T>(&self, name: &str, parse: impl Fn(&str) -> Result<T, Invalid>) -> Result<T, Refusal> {
        parse(self.text(name)?).map_err(|error| Self::wrong(name, &error.to_string()))
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<bool, Refusal> {
        self.required(name)?.as_bool().ok_or_else(|| Self::wrong(name, "must be true or false"))
    }

    /// The same; `false` when it is left out.
    pub(super) fn optional_flag(&self, name: &str) -> Result<bool, Refusal> {
        if self.get(name).is_some() { self.flag(name) } else { Ok(false) }
    }

    /// A whole number.
    pub(super) fn number(&self, name: &str) -> Result<u64, Refusal> {
        self.required(name)?.as_u64().ok_or_else(|| Self::wrong(name, "must be a whole number, 0 or more"))
    }

    /// The same, that may be left out.
    pub(super) fn optional_number(&self, name: &str) -> Result<Option<u64>, Refusal> {
        if self.get(name).is_some() { self.number(name).map(Some) } else { Ok(None) }
    }

    /// A list of texts that are parsed further; empty when it is left out.
    pub(super) fn list<T>(
        &self,
        name: &str,
        most: usize,
        parse: impl Fn(&str) -> Result<T, Invalid>,
    ) -> Result<Vec<T>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(Vec::new()) };
        let items = value.as_array().filter(|items| items.len() <= most);
        let items = items.ok_or_else(|| Self::wrong(name, &format!("must be a list of at most {most}")))?;
        let item = |(at, item): (usize, &Value)| {
            let name = format!("{name}.{at}");
            let text = item.as_str().ok_or_else(|| Self::wrong(&name, "must be a string"))?;
            parse(text).map_err(|error| Self::wrong(&name, &error.to_string()))
        };
        items.iter().enumerate().map(item).collect()
    }

    /// An object that may be left out, looked into by `read`. Its fields are named with the object before them.
    pub(super) fn object<T>(
        &self,
        name: &str,
        read: impl Fn(&Fields<'_>) -> Result<T, Refusal>,
    ) -> Result<Option<T>, Refusal> {
        let Some(value) = self.get(name) else { return Ok(None) };
        let map = value.as_object().ok_or_else(|| Self::wrong(name, "must be an object"))?;
        read(&Fields(map)).map(Some).map_err(|refusal| {
            let path = format!("/{name}{}", refusal.path.unwrap_or_default());
            Refusal { path: Some(path), ..refusal }
        })
    }
}
