//! The port [`tocsin_actors::ports::Objects`]: in a directory.

mod local;

pub use self::local::Local;
