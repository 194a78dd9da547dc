//! `/api/v1/rooms` and `/api/v1/people`: chat for services, and the lists of the chat page.

mod dto;
pub(super) mod messages;
pub(super) mod people;

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use tocsin_actors::domain::room::TOPIC_MAX_CHARS;
use tocsin_actors::domain::{Answer, History, Person, Principal, Refusal, Room, RoomKind, RoomName, UserId};
use tocsin_actors::ports::{ListRooms, PortError};

use self::dto::{ListQuery, Member, NewRoom, RoomBody, RoomPatch, Topic};
use super::State;
use super::auth::person;
use super::paging::{self, Page, PageQuery};
use super::principal::Authenticated;
use super::problem::Problem;

/// The longest text that is looked for, in bytes.
const SEARCH_MAX: usize = 320;

/// Whoever asks, where it is a person; a service sees groups alone.
fn asker(who: &Authenticated) -> Option<UserId> {
    person(who).ok()
}

/// The person who asks, as others see them.
fn shown(who: &Authenticated) -> Option<Person> {
    match &who.0 {
        Principal::Person { user_id, name, .. } => Some(Person { id: *user_id, name: name.as_str().into() }),
        Principal::Service { .. } => None,
    }
}

fn problem(refusal: Refusal) -> Problem {
    let Refusal { code, detail, path } = refusal;
    let with = |status| Problem::new(status, code, detail.clone());
    match code {
        "bad_request" => invalid(&path.unwrap_or_default(), &detail),
        "unknown_room" | "unknown_message" | "unknown_user" => with(StatusCode::NOT_FOUND),
        "room_exists" | "too_many_rooms" | "room_full" => with(StatusCode::CONFLICT),
        "not_joined" | "not_yours" => with(StatusCode::FORBIDDEN),
        "busy" => PortError::Busy("chat").into(),
        "full" => PortError::Full.into(),
        _ => Problem::internal(&detail),
    }
}

fn invalid(path: &str, message: &str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid_input", "A field is not acceptable.")
        .with_error(path, message)
}

fn named(room: &str) -> Result<RoomName, Problem> {
    RoomName::parse(room).map_err(|_| problem(Refusal::unknown_room()))
}

fn search(text: Option<String>) -> Result<String, Problem> {
    let text = text.map(|text| text.trim().to_owned()).unwrap_or_default();
    if text.len() > SEARCH_MAX {
        return Err(Problem::bad_parameter("search", format!("must have at most {SEARCH_MAX} bytes")));
    }
    Ok(text)
}

/// A room, if it exists for whoever asks.
async fn found(state: &State, who: &Authenticated, room: &str) -> Result<Room, Problem> {
    let room = state.chat.rooms.parts().rooms.get(named(room)?).await?;
    let admits = |room: &Room| match asker(who) {
        Some(user) => room.kind.admits(user),
        None => room.kind == RoomKind::Group,
    };
    room.filter(admits).ok_or_else(|| problem(Refusal::unknown_room()))
}

/// Lists groups, by name; with `mine` the rooms that the person who asks is a member of, with what is unread
#[utoipa::path(get, path = "/api/v1/rooms", tag = "chat", operation_id = "listRooms", security(("bearer" = [])), params(ListQuery), responses(
    (status = 200, description = "A page.", body = Page<RoomBody>),
    (status = 403, description = "`person_required`: `mine` is for people"),
    (status = 503, description = "`busy`: see Retry-After"),
))]
pub(super) async fn list(
    state: web::Data<State>,
    who: Authenticated,
    query: web::Query<ListQuery>,
) -> Result<HttpResponse, Problem> {
    let ListQuery { search: wanted, mine, limit, cursor } = query.into_inner();
    let (limit, containing) = (paging::limit(limit.as_deref())?, search(wanted)?);
    if mine == Some(true) {
        let user = asker(&who).ok_or_else(Problem::person_required)?;
        let mine = state.chat.rooms_of(user).await.map_err(problem)?;
        let all: Vec<RoomBody> = mine
            .iter()
            .filter(|room| room.name.as_str().contains(&containing.to_lowercase()))
            .map(|room| RoomBody::of_mine(room, &state.chat))
            .collect();
        let page = paging::page_of(&format!("my rooms {user}"), all, RoomBody::key, limit, cursor.as_deref())?;
        return Ok(HttpResponse::Ok().json(page));
    }
    let list = format!("rooms {containing:?}");
    let after = cursor.map(|cursor| named(&paging::decode(&list, &cursor)?)).transpose()?;
    let query = ListRooms { containing, after, limit: limit + 1 };
    let mut rooms = state.chat.rooms.parts().rooms.list(query).await?;
    let more = rooms.len() > limit;
    rooms.truncate(limit);
    let next_cursor = rooms.last().filter(|_| more).map(|last| paging::encode(&list, last.name.as_str()));
    let items: Vec<RoomBody> = rooms.iter().map(|room| RoomBody::of(room, &state.chat)).collect();
    Ok(HttpResponse::Ok().json(Page { items, next_cursor }))
}

/// Makes a group
#[utoipa::path(post, path = "/api/v1/rooms", tag = "chat", operation_id = "createRoom", request_body = NewRoom, security(("bearer" = [])), responses(
    (status = 201, description = "The room.", body = RoomBody),
    (status = 409, description = "`room_exists`; `too_many_rooms`: as many as `chat.rooms` allows"),
    (status = 422, description = "`invalid_input`: fields that are not acceptable, each named"),
))]
pub(super) async fn create(
    state: web::Data<State>,
    who: Authenticated,
    body: web::Json<NewRoom>,
) -> Result<HttpResponse, Problem> {
    let NewRoom { name, room, topic, history } = body.into_inner();
    let name = name.or(room).ok_or_else(|| invalid("/name", "is missing"))?;
    let name = RoomName::parse_group(&name).map_err(|error| invalid("/name", &error.to_string()))?;
    let topic = topic.unwrap_or_default();
    checked_topic(&topic)?;
    let history = history.as_deref().map_or(Ok(History::Durable), History::parse);
    let history = history.map_err(|error| invalid("/history", &error.to_string()))?;
    let room = state.chat.create(shown(&who).as_ref(), name, topic, history).await.map_err(problem)?;
    Ok(HttpResponse::Created().json(RoomBody::of(&room, &state.chat)))
}

fn checked_topic(topic: &str) -> Result<(), Problem> {
    if topic.chars().count() > TOPIC_MAX_CHARS {
        return Err(invalid("/topic", &format!("must have at most {TOPIC_MAX_CHARS} characters")));
    }
    Ok(())
}

/// Reads a room
#[utoipa::path(get, path = "/api/v1/rooms/{room}", tag = "chat", operation_id = "getRoom", security(("bearer" = [])), params(("room" = String, Path)), responses(
    (status = 200, description = "The room.", body = RoomBody),
    (status = 404, description = "`unknown_room`: there is none, or not for you"),
    (status = 503, description = "`busy`: see Retry-After"),
))]
pub(super) async fn read(
    state: web::Data<State>,
    who: Authenticated,
    room: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let room = found(&state, &who, &room).await?;
    Ok(HttpResponse::Ok().json(RoomBody::of(&room, &state.chat)))
}

/// Sets what a group is about
#[utoipa::path(patch, path = "/api/v1/rooms/{room}", tag = "chat", operation_id = "changeRoom", request_body = RoomPatch, security(("bearer" = [])), params(("room" = String, Path)), responses(
    (status = 200, description = "The topic as it is now.", body = Topic),
    (status = 404, description = "`unknown_room`: there is none, or not for you"),
    (status = 422, description = "`invalid_input`: a topic that is too long, or a direct room"),
))]
pub(super) async fn change(
    state: web::Data<State>,
    who: Authenticated,
    room: web::Path<String>,
    body: web::Json<RoomPatch>,
) -> Result<HttpResponse, Problem> {
    let by = shown(&who).ok_or_else(Problem::person_required)?;
    let RoomPatch { topic } = body.into_inner();
    checked_topic(&topic)?;
    let topic = match state.chat.set_topic(&by, &named(&room)?, topic).await.map_err(problem)? {
        Answer::Topic { topic } => topic,
        _ => String::new(),
    };
    Ok(HttpResponse::Ok().json(Topic { topic }))
}

/// Lists the members of a room, by name
#[utoipa::path(get, path = "/api/v1/rooms/{room}/members", tag = "chat", operation_id = "listMembers", security(("bearer" = [])), params(("room" = String, Path), PageQuery), responses(
    (status = 200, description = "A page.", body = Page<Member>),
    (status = 404, description = "`unknown_room`: there is none, or not for you"),
    (status = 503, description = "`busy`: see Retry-After"),
))]
pub(super) async fn members(
    state: web::Data<State>,
    who: Authenticated,
    room: web::Path<String>,
    query: web::Query<PageQuery>,
) -> Result<HttpResponse, Problem> {
    let PageQuery { limit, cursor } = query.into_inner();
    let limit = paging::limit(limit.as_deref())?;
    let room = found(&state, &who, &room).await?;
    let parts = state.chat.rooms.parts();
    let mut members = parts.membership.members(room.name.clone(), parts.limits.members).await?;
    members.sort_by(|one, other| (&one.person.name, one.person.id).cmp(&(&other.person.name, other.person.id)));
    let online = state.chat.rooms.living(&room.name).map(|(_, hub)| hub.people()).unwrap_or_default();
    let all = members.into_iter().map(|member| Member::of(&member, online.contains(&member.person.id))).collect();
    let page = paging::page_of(&format!("members {}", room.name), all, Member::key, limit, cursor.as_deref())?;
    Ok(HttpResponse::Ok().json(page))
}
