//! `/api/v1/people`: whom one can talk to.

use actix_web::{HttpResponse, web};
use tocsin_actors::ports::ListUsers;

use super::dto::{PeopleQuery, Somebody};
use super::search;
use crate::http::State;
use crate::http::paging::{self, Page};
use crate::http::problem::Problem;

/// Accounts that are read at once while people are looked for.
const READ_AT_ONCE: usize = 500;

/// Lists people, those first who came first; what others see of them, and not their addresses
#[utoipa::path(get, path = "/api/v1/people", tag = "chat", operation_id = "listPeople", security(("bearer" = [])), params(PeopleQuery), responses(
    (status = 200, description = "A page.", body = Page<Somebody>),
    (status = 503, description = "`busy`: see Retry-After"),
))]
pub(in super::super) async fn list(
    state: web::Data<State>,
    query: web::Query<PeopleQuery>,
) -> Result<HttpResponse, Problem> {
    let PeopleQuery { search: wanted, limit, cursor } = query.into_inner();
    let (limit, wanted) = (paging::limit(limit.as_deref())?, search(wanted)?.to_lowercase());
    let list = format!("people {wanted:?}");
    let after = cursor.map(|cursor| {
        let position = paging::decode(&list, &cursor)?;
        position.parse().map_err(|_| Problem::bad_parameter("cursor", "is not of this list"))
    });
    let mut after = after.transpose()?;
    let mut items = Vec::new();
    loop {
        // All of them, because the list of accounts looks into addresses too, which are nobody's business here.
        let rows = state.users.list(ListUsers { containing: String::new(), after, limit: READ_AT_ONCE }).await?;
        let is_last = rows.len() < READ_AT_ONCE;
        for row in rows {
            let user = row.user;
            if user.disabled_at.is_some() || !user.name.to_lowercase().contains(&wanted) {
                after = Some(user.id);
                continue;
            }
            if items.len() == limit {
                let next_cursor = after.map(|last| paging::encode(&list, &last.to_string()));
                return Ok(HttpResponse::Ok().json(Page { items, next_cursor }));
            }
            after = Some(user.id);
            let online = state.chat.people.is_online(user.id);
            items.push(Somebody { id: user.id.to_string(), name: user.name, online });
        }
        if is_last {
            return Ok(HttpResponse::Ok().json(Page { items, next_cursor: None }));
        }
    }
}
