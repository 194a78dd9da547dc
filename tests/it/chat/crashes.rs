//! `kill -9` in the middle of a conversation: what was answered is there once, in order, for everyone.

use std::path::Path;

use tempfile::TempDir;
use tokio::sync::watch;

use crate::support::binary::Binary;
use crate::support::conversation::{Conversation, UNTHROTTLED, Witness};

const ROUNDS: usize = 20;

#[actix_rt::test]
async fn what_was_answered_is_there_once_and_in_order_for_everyone() {
    let dir = TempDir::new().unwrap();
    let serve = |dir: &Path| {
        let public_url = ["--set", "server.public_url=http://localhost"];
        Binary::serve(dir, &[&UNTHROTTLED[..], &public_url].concat())
    };
    let mut server = serve(dir.path());
    let (address, receiver) = watch::channel(server.addr);
    let people = ["Ann", "Bob", "Cid", "Dan"].map(|name| (name, receiver.clone()));
    let conversation = Conversation::begin(server.addr, people).await;
    let mut witness = Witness::new(server.addr).await;
    for _ in 0..ROUNDS {
        // In the middle of it: some messages further, whatever the machine's pace.
        witness.hear(7).await;
        server.kill();
        server = serve(dir.path());
        address.send(server.addr).unwrap();
        witness.reconnect(server.addr).await;
    }
    witness.hear(20).await;
    conversation.end(&mut witness, ROUNDS).await;
    assert_eq!(server.terminate().0, Some(0));
}
