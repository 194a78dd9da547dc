//! The port [`tocsin_actors::ports::Objects`]: in a directory, or in object storage.

mod local;
mod s3;

pub use self::local::Local;
pub use self::s3::{Options as S3Options, S3};
