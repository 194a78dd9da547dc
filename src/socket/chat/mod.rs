//! Chat on the wire: requests become commands ([`decode`]), events and answers become frames ([`encode`]), for plain
//! websockets ([`plain`]) and for Socket.IO alike.

pub mod decode;
pub mod encode;
mod fields;
pub mod plain;
pub mod socketio;

use std::sync::Arc;

use actix::{Actor as _, Addr};
use tocsin_actors::domain::{Person, Principal};
use tocsin_actors::session::chat::SessionActor;
use tocsin_actors::session::outbox::{Close, Outbox};

use super::Sockets;
use super::connections::Place;
use super::entrance::settle;

/// Begins the session of a principal who has just been recognised. `None` when the connection cannot stay; its outbox
/// is closed then.
fn begin(
    sockets: &Sockets,
    place: &mut Place,
    principal: &Principal,
    outbox: &Arc<Outbox>,
) -> Option<Addr<SessionActor>> {
    let Principal::Person { user_id, name, role, .. } = principal else {
        outbox.close(Close::NotSignedIn);
        return None;
    };
    let person = Person { id: *user_id, name: name.as_str().into() };
    let parts = sockets.chat.clone();
    settle(sockets, place, principal, outbox)
        .then(|| SessionActor::new(parts, person, role.is_admin(), Arc::clone(outbox)).start())
}
