//! `/api/v1/rooms/{room}/messages`: what is said, and saying something.

use std::time::Instant;

use actix_web::{HttpResponse, web};
use serde::{Deserialize, Serialize};
use tocsin_actors::chat::Said;
use tocsin_actors::domain::message::{CLIENT_ID_MAX_CHARS, MENTIONS_MAX, TEXT_MAX_CHARS};
use tocsin_actors::domain::{Author, ChatMessage, Principal, UserId};
use tocsin_actors::ports;
use utoipa::{IntoParams, ToSchema};

use super::{asker, invalid, named, problem, shown};
use crate::http::paging::Page;
use crate::http::principal::Authenticated;
use crate::http::problem::Problem;
use crate::http::{State, query};
use crate::wire::chat::PlacedBody;

/// The longest page, and a page that was not asked for otherwise.
const LIMITS: ((u64, u64), u64) = ((1, 200), 50);

/// Which messages.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(in crate::http) struct MessagesQuery {
    /// The last ones before this place.
    #[param(value_type = Option<u64>)]
    before: Option<String>,
    /// The first ones after this place.
    #[param(value_type = Option<u64>)]
    after: Option<String>,
    /// `next_cursor` of the page before: the same as `before`.
    cursor: Option<String>,
    /// At most so many, 1 to 200.
    #[param(value_type = Option<u64>, minimum = 1, maximum = 200, default = 50)]
    limit: Option<String>,
}

/// Something to be said.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct NewMessage {
    /// 1 to 8,000 characters.
    #[schema(example = "deployed 1.2.3")]
    text: String,
    /// Up to 64 characters. The same of the same sender in the same room again is the same message, for good.
    #[schema(example = "deploy-1.2.3")]
    client_id: Option<String>,
    /// Users whom it calls, up to 50.
    #[serde(default)]
    mentions: Vec<String>,
}

/// What was said.
#[derive(Debug, Serialize, ToSchema)]
pub(in crate::http) struct Posted {
    /// The message.
    #[schema(format = Uuid)]
    message_id: String,
    /// Its place in the room.
    seq: u64,
    /// When it was stored.
    #[schema(format = DateTime)]
    at: String,
}

/// Reads what was said, in its order; the latest when neither `before` nor `after` is given
///
/// `next_cursor` leads to older messages.
#[utoipa::path(get, path = "/api/v1/rooms/{room}/messages", tag = "chat", operation_id = "listMessages", security(("bearer" = [])), params(("room" = String, Path), MessagesQuery), responses(
    (status = 200, description = "A page.", body = Page<PlacedBody<'static>>),
    (status = 404, description = "`unknown_room`: there is none, or not for you"),
    (status = 503, description = "`busy`: see Retry-After"),
))]
pub(in super::super) async fn list(
    state: web::Data<State>,
    who: Authenticated,
    room: web::Path<String>,
    query: web::Query<MessagesQuery>,
) -> Result<HttpResponse, Problem> {
    let MessagesQuery { before, after, cursor, limit } = query.into_inner();
    let limit = query::number("limit", limit.as_deref(), LIMITS.0, LIMITS.1)?;
    let limit = usize::try_from(limit).unwrap_or(1);
    let place = |name, text: Option<&str>| query::number(name, text, (0, u64::MAX), 0);
    let page = match (before.or(cursor), after) {
        (None, None) => ports::Page::Latest,
        (Some(seq), None) => ports::Page::Before(place("before", Some(&seq))?),
        (None, Some(seq)) => ports::Page::After(place("after", Some(&seq))?),
        (Some(_), Some(_)) => return Err(Problem::bad_parameter("after", "excludes before and cursor")),
    };
    let messages = state.chat.history(asker(&who), &named(&room)?, page, limit).await.map_err(problem)?;
    let is_full = messages.len() == limit && !matches!(page, ports::Page::After(_));
    let next_cursor = messages.first().filter(|first| is_full && first.seq > 1).map(|first| first.seq.to_string());
    let items: Vec<PlacedBody<'_>> = messages.iter().map(PlacedBody::from).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Says something
///
/// A person must have joined the room; a service speaks in groups, by its key's name.
#[utoipa::path(post, path = "/api/v1/rooms/{room}/messages", tag = "chat", operation_id = "postMessage", request_body = NewMessage, security(("bearer" = [])), params(("room" = String, Path)), responses(
    (status = 201, description = "It is stored, or was there already under this `client_id`.", body = Posted),
    (status = 403, description = "`not_joined`: join the room first"),
    (status = 404, description = "`unknown_room`: there is none, or not for you"),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
))]
pub(in super::super) async fn post(
    state: web::Data<State>,
    who: Authenticated,
    room: web::Path<String>,
    body: web::Json<NewMessage>,
) -> Result<HttpResponse, Problem> {
    let accepted_at = Instant::now();
    let NewMessage { text, client_id, mentions } = body.into_inner();
    if text.trim().is_empty() || text.chars().count() > TEXT_MAX_CHARS {
        return Err(invalid("/text", &format!("must have 1 to {TEXT_MAX_CHARS} characters")));
    }
    if client_id.as_ref().is_some_and(|id| id.chars().count() > CLIENT_ID_MAX_CHARS) {
        return Err(invalid("/client_id", &format!("must have at most {CLIENT_ID_MAX_CHARS} characters")));
    }
    if mentions.len() > MENTIONS_MAX {
        return Err(invalid("/mentions", &format!("must be a list of at most {MENTIONS_MAX}")));
    }
    let mention = |(at, id): (usize, &String)| -> Result<UserId, Problem> {
        id.parse().map_err(|_| invalid(&format!("/mentions/{at}"), "must be a UUID"))
    };
    let mentions = mentions.iter().enumerate().map(mention).collect::<Result<_, _>>()?;
    let room = named(&room)?;
    let said = Said { text, client_id, mentions, accepted_at };
    let posted = state.chat.post(author(&who), &room, said, None).await;
    let ChatMessage { id, seq, at, .. } = posted.map_err(problem)?;
    Ok(HttpResponse::Created().json(Posted { message_id: id.to_string(), seq, at: at.to_string() }))
}

fn author(who: &Authenticated) -> Author {
    match (&who.0, shown(who)) {
        (_, Some(person)) => Author::Person(person),
        (Principal::Service { key_id, name, .. }, None) => {
            Author::Service { key_id: *key_id, name: name.as_str().into() }
        }
        (Principal::Person { .. }, None) => Author::System,
    }
}
