//! Conditions on fields, as the API and the store write them.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use tocsin_actors::domain::{FieldPath, Filter, Invalid, Operator, Scalar};
use utoipa::ToSchema;

/// One condition on one field.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[schema(as = Filter, example = json!({"field": "customer.city", "op": "=", "value": "Lyon"}))]
#[serde(deny_unknown_fields)]
pub(crate) struct FilterBody {
    /// The field, by its path: `amount`, `customer.city`, `items.0.price`; also `type` and `id`. A point that belongs to
    /// a name is written `\.`.
    #[schema(max_length = 256)]
    field: String,
    /// `=` `!=` `>` `>=` `<` `<=` `in` `contains` `exists`.
    #[schema(pattern = "^(=|!=|>|>=|<|<=|in|contains|exists)$")]
    op: String,
    /// To compare with: a text, a number, `true`, `false` or `null`; for `in` a list of up to 100 of them; for `exists`
    /// `true` or `false`.
    #[schema(value_type = serde_json::Value)]
    value: Box<RawValue>,
}

impl FilterBody {
    /// As the domain has it.
    ///
    /// # Errors
    /// With the field of this object that is wrong, and why.
    pub(crate) fn parse(&self) -> Result<Filter, (&'static str, Invalid)> {
        let field = FieldPath::parse(&self.field).map_err(|error| ("field", error))?;
        let operator = Operator::parse(&self.op).map_err(|error| ("op", error))?;
        let value = self.value.get();
        let values = match operator {
            Operator::In => {
                let list: Vec<Box<RawValue>> =
                    serde_json::from_str(value).map_err(|_| ("value", Invalid("must be a list, for in".into())))?;
                list.iter().map(|one| Scalar::of_json(one.get())).collect()
            }
            _ => vec![Scalar::of_json(value)],
        };
        Filter::new(field, operator, values).map_err(|error| ("value", error))
    }
}

impl From<&Filter> for FilterBody {
    fn from(filter: &Filter) -> Self {
        let values: Vec<String> = filter.values.iter().map(Scalar::to_json).collect();
        let json = match (filter.operator, values.as_slice()) {
            (Operator::In, all) => format!("[{}]", all.join(",")),
            (_, [one, ..]) => one.clone(),
            (_, []) => "null".to_owned(),
        };
        let value = RawValue::from_string(json).unwrap_or_else(|_| RawValue::NULL.to_owned());
        Self { field: filter.field.as_str().to_owned(), op: filter.operator.as_str().to_owned(), value }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn conditions_come_back_as_they_went() {
        for json in [
            r#"{"field":"a","op":"=","value":null}"#,
            r#"{"field":"a.b","op":">=","value":10000.01}"#,
            r#"{"field":"a","op":"!=","value":9007199254740993}"#,
            r#"{"field":"a","op":"in","value":["x",1,true,null]}"#,
            r#"{"field":"a\\.b","op":"contains","value":"é\"\\"}"#,
            r#"{"field":"a","op":"exists","value":false}"#,
        ] {
            let body: FilterBody = serde_json::from_str(json).unwrap();
            let filter = body.parse().unwrap();
            assert_eq!(serde_json::to_string(&FilterBody::from(&filter)).unwrap(), json);
        }
        for (json, wrong) in [
            (r#"{"field":"","op":"=","value":1}"#, "field"),
            (r#"{"field":"a","op":"like","value":1}"#, "op"),
            (r#"{"field":"a","op":"in","value":1}"#, "value"),
            (r#"{"field":"a","op":">","value":{}}"#, "value"),
        ] {
            let body: FilterBody = serde_json::from_str(json).unwrap();
            assert_eq!(body.parse().unwrap_err().0, wrong, "{json}");
        }
    }
}
