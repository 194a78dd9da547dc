//! Reading a file piece by piece, each when it is asked for.

use std::fs::File;
use std::io::{ErrorKind, Read as _, Seek as _, SeekFrom};
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use tocsin_actors::ports::{MAX_PIECE, Pieces, PortError};

use super::{blocking, fault, there};

/// A stretch of a file that is still to be read.
struct Stretch {
    file: File,
    left: u64,
}

/// Opens the file and finds the stretch; `None` when there is no such file. Blocks.
pub(super) fn open(path: &Path, range: Range<u64>) -> Result<Option<Pieces>, PortError> {
    let Some(mut file) = there(File::open(path), path)? else { return Ok(None) };
    let size = file.metadata().map_err(|error| fault(&error, path))?.len();
    let left = range.end.min(size).saturating_sub(range.start);
    if left > 0 {
        file.seek(SeekFrom::Start(range.start)).map_err(|error| fault(&error, path))?;
    }
    Ok(Some(pieces(Stretch { file, left })))
}

fn pieces(stretch: Stretch) -> Pieces {
    stream::try_unfold(stretch, async |stretch| {
        if stretch.left == 0 {
            return Ok(None);
        }
        blocking(move || next(stretch)).await.map(Some)
    })
    .boxed()
}

/// The next piece, and what is left. Blocks.
fn next(mut stretch: Stretch) -> Result<(Bytes, Stretch), PortError> {
    let most = stretch.left.min(MAX_PIECE as u64);
    let mut piece = Vec::with_capacity(MAX_PIECE.min(usize::try_from(most).unwrap_or(MAX_PIECE)));
    let read = (&stretch.file).take(most).read_to_end(&mut piece);
    let error = match read {
        Ok(0) => ErrorKind::UnexpectedEof.into(),
        Ok(_) => {
            stretch.left -= piece.len() as u64;
            return Ok((piece.into(), stretch));
        }
        Err(error) => error,
    };
    Err(PortError::Failed(format!("a file of storage.url cannot be read to its end: {error}")))
}
