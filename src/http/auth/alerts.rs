//! `/api/v1/auth/me/alerts`: what one wants to be mailed about.

use std::collections::BTreeMap;

use actix_web::web;
use serde::{Deserialize, Serialize};
use tocsin_actors::domain::{Choice, Mails, RuleId};
use utoipa::ToSchema;

use super::super::principal::Authenticated;
use super::super::problem::Problem;
use super::super::rules::invalid;
use super::super::state::State;
use super::person;

/// What somebody wants to be mailed about.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AlertChoice, example = json!({"mails": "as_named", "rules": {"01a3dc18-7f50-77f0-bace-9f35bfe37b4d": false}}))]
pub(in super::super) struct ChoiceBody {
    /// `as_named`: the mails of rules that name one's address, or `@admins` where one is one; `all`: of every rule; `none`.
    #[schema(pattern = "^(as_named|all|none)$")]
    mails: &'static str,
    /// Single rules, whatever holds in general: by their ids, whether one wants their mails.
    rules: BTreeMap<String, bool>,
}

impl From<Choice> for ChoiceBody {
    fn from(choice: Choice) -> Self {
        let rules = choice.rules.into_iter().map(|(rule, wants)| (rule.to_string(), wants)).collect();
        Self { mails: choice.mails.as_str(), rules }
    }
}

/// What of it changes.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AlertChoiceChange, example = json!({"mails": "none", "rules": {"01a3dc18-7f50-77f0-bace-9f35bfe37b4d": true}}))]
pub(in super::super) struct ChoicePatch {
    /// `as_named`, `all` or `none`.
    #[schema(pattern = "^(as_named|all|none)$")]
    mails: Option<String>,
    /// By the id of a rule: `true`, `false`, or `null` for what holds in general. At most 1,000 in all.
    #[serde(default)]
    rules: BTreeMap<String, Option<bool>>,
}

impl ChoicePatch {
    fn applied(&self, mut choice: Choice) -> Result<Choice, Problem> {
        let mut wrong = Vec::new();
        match self.mails.as_deref().map(Mails::parse) {
            None => {}
            Some(Some(mails)) => choice.mails = mails,
            Some(None) => wrong.push(("/mails".to_owned(), "must be one of as_named all none".to_owned())),
        }
        for (id, wants) in &self.rules {
            match (id.parse::<RuleId>(), wants) {
                (Ok(rule), Some(wants)) => drop(choice.rules.insert(rule, *wants)),
                (Ok(rule), None) => drop(choice.rules.remove(&rule)),
                (Err(_), _) => wrong.push(("/rules".to_owned(), "has an id that is none".to_owned())),
            }
        }
        if choice.rules.len() > Choice::MAX_RULES {
            wrong.push(("/rules".to_owned(), format!("must be at most {} rules in all", Choice::MAX_RULES)));
        }
        if wrong.is_empty() { Ok(choice) } else { Err(invalid(wrong)) }
    }
}

/// What one wants to be mailed about.
#[utoipa::path(get, path = "/api/v1/auth/me/alerts", tag = "auth", operation_id = "getAlertChoice", security(("bearer" = [])), responses((status = 200, description = "The choice.", body = ChoiceBody)))]
pub(in super::super) async fn read(
    state: web::Data<State>,
    who: Authenticated,
) -> Result<web::Json<ChoiceBody>, Problem> {
    Ok(web::Json(state.choices.get(person(&who)?).await?.into()))
}

/// Chooses what one wants to be mailed about. It holds for what is told from then on.
#[utoipa::path(patch, path = "/api/v1/auth/me/alerts", tag = "auth", operation_id = "changeAlertChoice", request_body = ChoicePatch, security(("bearer" = [])), responses(
    (status = 200, description = "The choice as it is now.", body = ChoiceBody),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
))]
pub(in super::super) async fn change(
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<ChoicePatch>,
) -> Result<web::Json<ChoiceBody>, Problem> {
    let user = person(&who)?;
    let choice = body.applied(state.choices.get(user).await?)?;
    state.choices.put(user, choice.clone()).await?;
    Ok(web::Json(choice.into()))
}
