//! Chat over plain websockets, as clients see it.

mod crashes;
mod cuts;
mod direct;
mod limits;
mod messages;
mod people;
mod rest;
mod resume;
