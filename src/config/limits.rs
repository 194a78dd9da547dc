//! `[limits]`: how much anybody may ask for.

use std::time::Duration;

use super::key::{Key, Unit, section};
use super::setting::ByteSize;

section! {
    /// How much anybody may ask for.
    Limits "limits" {
        /// How deep arrays and objects may nest in JSON; past that 400.
        json_depth: usize = Key::count("limits.json_depth", 1..=128).default("64");
        /// The size of a request's body; past that 413.
        body: ByteSize = Key::number("limits.body_mib", 1..=1024, Unit::MiB).default("16");
        /// What the bodies of all requests may take at once; past that 503.
        bodies: ByteSize = Key::number("limits.bodies_mib", 16..=65_536, Unit::MiB).default("64");
        /// Documents in one request; past that 413.
        documents_per_request: usize = Key::count("limits.documents_per_request", 1..=1_000_000).default("10000");
        /// Connections to the whole server; more wait in the kernel's queue.
        connections: usize = Key::count("limits.connections", 1..=1_000_000).default("10000");
        /// Websockets of one user; the next is closed with 4429.
        connections_per_user: usize = Key::count("limits.connections_per_user", 1..=100_000).default("50");
        /// Websockets from one address; the next gets 429.
        connections_per_ip: usize = Key::count("limits.connections_per_ip", 1..=1_000_000).default("200");
        /// Frames that may wait for a reader of a websocket; when it is full, the socket is closed with 4408.
        outbox_frames: usize = Key::count("limits.outbox_frames", 8..=65_536).default("256");
        /// The size of a message from a websocket; past that it is closed with 1009.
        frame: ByteSize = Key::number("limits.frame_kib", 1..=16_384, Unit::KiB).default("64");
        /// How long a peer may take nothing of what is sent to it before its socket is cut.
        stalled: Duration = Key::number("limits.stalled_seconds", 1..=600, Unit::Seconds).default("10");
        /// Bytes of a connection that the kernel may hold unsent; what is more waits in the websocket's outbox.
        unsent: ByteSize = Key::number("limits.unsent_kib", 16..=16_384, Unit::KiB).default("128");
        /// How often a websocket is pinged; one that has not answered by the next ping is closed.
        heartbeat: Duration = Key::number("limits.heartbeat_seconds", 1..=300, Unit::Seconds).default("25");
        /// How long a Socket.IO client may take to answer a ping before it is closed.
        ping_timeout: Duration = Key::number("limits.ping_timeout_seconds", 1..=300, Unit::Seconds).default("20");
        /// How long a websocket may take to sign in before it is closed with 4401.
        sign_in: Duration = Key::number("limits.sign_in_seconds", 1..=60, Unit::Seconds).default("5");
        /// Messages a second from one websocket; past that they are refused.
        messages_per_second: u32 = Key::count("limits.messages_per_second", 1..=100_000).default("20");
        /// Messages a second from all websockets of one user together; past that they are refused.
        messages_per_second_of_user: u32 =
            Key::count("limits.messages_per_second_of_user", 1..=1_000_000).default("60");
        /// Messages that may wait for one actor; what happens to the next is said where it is sent.
        mailbox: usize = Key::count("limits.mailbox", 16..=1_000_000).default("1024");
        /// API keys of one user; the next gets 409.
        api_keys_per_user: usize = Key::count("limits.api_keys_per_user", 1..=10_000).default("50");
    }
}
