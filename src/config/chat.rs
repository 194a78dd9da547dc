//! `[chat]`: rooms, and what goes on in them.

use std::time::Duration;

use super::key::{Key, Unit, section};

section! {
    /// Rooms, and what goes on in them.
    Chat "chat" {
        /// Groups that there may be; the next gets `too_many_rooms`.
        rooms: u64 = Key::count("chat.rooms", 1..=10_000_000).default("10000");
        /// Rooms that live at once; asking for one more gets `busy`.
        live_rooms: usize = Key::count("chat.live_rooms", 1..=1_000_000).default("10000");
        /// How long a room lives on after the last one went.
        room_idle: Duration = Key::number("chat.room_idle_seconds", 1..=86_400, Unit::Seconds).default("60");
        /// Members of a room; the next gets `room_full`.
        members_per_room: usize = Key::count("chat.members_per_room", 2..=1_000_000).default("20000");
        /// Members that the answer to `join` lists; the others are read by REST.
        members_listed: usize = Key::count("chat.members_listed", 1..=1_000).default("100");
        /// Rooms that one connection may be in; the next gets `too_many_rooms`.
        rooms_per_connection: usize = Key::count("chat.rooms_per_connection", 1..=100_000).default("500");
        /// Messages and changes that are replayed to who comes back; who missed more reads the history.
        replay: usize = Key::count("chat.replay", 0..=10_000).default("500");
        /// Events that are held back for one connection while its `join` is answered; past that it is closed with 4408.
        held_events: usize = Key::count("chat.held_events", 1..=100_000).default("1024");
        /// Messages of one room that wait to be stored; when it is full, the next gets `busy`.
        pending: usize = Key::count("chat.pending_messages", 1..=1_000_000).default("1024");
        /// Messages of one room that are stored in one transaction.
        batch: usize = Key::count("chat.batch_messages", 1..=10_000).default("64");
        /// Requests of one connection that wait for the one before; when it is full, the next gets `too_many`.
        queue: usize = Key::count("chat.requests_waiting", 1..=10_000).default("64");
        /// Somebody who is back so soon was never gone: nobody hears that they left and joined.
        reconnect_grace: Duration =
            Key::number("chat.reconnect_grace_ms", 0..=60_000, Unit::Milliseconds).default("2000");
        /// How long "is typing" lasts when nothing more is heard.
        typing: Duration = Key::number("chat.typing_seconds", 1..=60, Unit::Seconds).default("6");
        /// How often at most a room hears that the same person still types.
        typing_interval: Duration =
            Key::number("chat.typing_interval_ms", 100..=60_000, Unit::Milliseconds).default("2000");
        /// People of one room whose typing is told of at the same time.
        typing_people: usize = Key::count("chat.typing_people", 0..=1_000).default("20");
        /// With more people than this, a room hears who comes and goes as numbers, and not whose presence or read mark
        /// changed.
        crowd: usize = Key::count("chat.crowd", 1..=100_000).default("200");
        /// How often those numbers are told.
        crowd_interval: Duration =
            Key::number("chat.crowd_interval_ms", 100..=60_000, Unit::Milliseconds).default("1000");
    }
}
