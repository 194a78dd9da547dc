//! `/api/v1/dev/mails`: the mail that was written instead of sent. In the development profile only.

use std::sync::Arc;

use actix_web::{HttpResponse, web};
use serde::Serialize;
use utoipa::ToSchema;

use super::State;
use super::paging::{self, Page, PageQuery};
use super::problem::Problem;
use super::state::{DevMail, DevMails};

/// Mails that can be looked at, the newest.
const MAX_MAILS: usize = 1_000;

/// A line of the list.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailSummary {
    /// Its id.
    id: String,
    /// The recipient.
    to: String,
    /// The subject.
    subject: String,
    /// When it was written.
    #[schema(format = DateTime)]
    at: String,
}

/// A mail as it was written.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailBody {
    #[serde(flatten)]
    summary: MailSummary,
    /// The sender.
    from: String,
    /// The plain text part.
    text: String,
    /// The HTML part.
    html: String,
    /// Every header, in order.
    headers: Vec<MailHeader>,
}

/// A header of a mail.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct MailHeader {
    /// Its name.
    name: String,
    /// Its value, unfolded.
    value: String,
}

impl From<DevMail> for MailSummary {
    fn from(mail: DevMail) -> Self {
        Self { id: mail.id, to: mail.to, subject: mail.subject, at: mail.at.to_string() }
    }
}

impl From<DevMail> for MailBody {
    fn from(mut mail: DevMail) -> Self {
        let (from, text, html) =
            (std::mem::take(&mut mail.from), std::mem::take(&mut mail.text), std::mem::take(&mut mail.html));
        let headers = std::mem::take(&mut mail.headers).into_iter().map(|(name, value)| MailHeader { name, value });
        Self { from, text, html, headers: headers.collect(), summary: mail.into() }
    }
}

fn mails(state: &State) -> Result<&Arc<dyn DevMails>, Problem> {
    state.dev_mails.as_ref().ok_or_else(Problem::unknown_route)
}

/// List the mails that were written
///
/// Newest first. In the development profile only.
#[utoipa::path(
    get, path = "/api/v1/dev/mails", tag = "development", operation_id = "listDevMails",
    security(("bearer" = [])), params(PageQuery),
    responses(
        (status = 200, description = "A page.", body = Page<MailSummary>),
        (status = 404, description = "`unknown_route`: not in this profile"),
    ),
)]
pub(super) async fn list(state: web::Data<State>, query: web::Query<PageQuery>) -> Result<HttpResponse, Problem> {
    let mails = mails(&state)?;
    let limit = paging::limit(query.limit.as_deref())?;
    let all: Vec<MailSummary> = mails.list(MAX_MAILS).await?.into_iter().map(MailSummary::from).collect();
    let page = paging::page_of("mails", all, |mail| mail.id.clone(), limit, query.cursor.as_deref())?;
    Ok(HttpResponse::Ok().json(page))
}

/// Read one mail that was written
///
/// In the development profile only.
#[utoipa::path(
    get, path = "/api/v1/dev/mails/{id}", tag = "development", operation_id = "getDevMail",
    security(("bearer" = [])), params(("id" = String, Path, description = "The mail's id.")),
    responses(
        (status = 200, description = "The mail.", body = MailBody),
        (status = 404, description = "`not_found`: there is none. `unknown_route`: not in this profile"),
    ),
)]
pub(super) async fn read(state: web::Data<State>, id: web::Path<String>) -> Result<HttpResponse, Problem> {
    let mail = mails(&state)?.get(id.into_inner()).await?.ok_or_else(|| Problem::not_found("mail"))?;
    Ok(HttpResponse::Ok().json(MailBody::from(mail)))
}
