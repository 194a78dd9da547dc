//! Top level: where data is kept.

use std::path::PathBuf;

use super::key::{Key, Shape, section};

section! {
    /// Where data is kept.
    DataDir "" {
        /// The directory for everything the server writes: the database, the keys, and mail when it goes to
        /// files. Made if it is missing.
        data_dir: PathBuf = Key::new("data_dir", Shape::Text("the path of a directory")).default("./data");
    }
}
