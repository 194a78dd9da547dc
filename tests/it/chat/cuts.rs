//! The network of one client is cut in the middle of a conversation, and returns.

use std::net::SocketAddr;

use tempfile::TempDir;
use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::binary::Binary;
use crate::support::conversation::{Conversation, UNTHROTTLED, Witness};

const ROUNDS: usize = 20;

/// How the network fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cut {
    /// Both ends are told.
    Reset,
    /// The server is not told, and goes on sending into nothing.
    Silent,
}

/// A network between one client and the server.
struct Network {
    addr: SocketAddr,
    cuts: watch::Sender<Option<Cut>>,
}

impl Network {
    async fn before(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (cuts, is_cut) = watch::channel(None);
        actix_rt::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                let mut is_cut = is_cut.clone();
                is_cut.mark_unchanged();
                let mut upstream = TcpStream::connect(server).await.unwrap();
                actix_rt::spawn(async move {
                    let cut = tokio::select! {
                        _ = copy_bidirectional(&mut client, &mut upstream) => return,
                        changed = is_cut.changed() => changed.ok().and_then(|()| *is_cut.borrow_and_update()),
                    };
                    // What is under way in either direction is lost.
                    for end in [&client, &upstream] {
                        end.set_zero_linger().unwrap();
                    }
                    drop(client);
                    if cut == Some(Cut::Silent) {
                        let _ = is_cut.wait_for(Option::is_none).await;
                    }
                });
            }
        });
        Self { addr, cuts }
    }

    fn cut(&self, how: Cut) {
        self.cuts.send(Some(how)).unwrap();
    }
}

#[actix_rt::test]
async fn a_client_whose_network_is_cut_misses_nothing_and_doubles_nothing() {
    let dir = TempDir::new().unwrap();
    let server = Binary::serve(dir.path(), &UNTHROTTLED);
    let network = Network::before(server.addr).await;
    let (_direct, direct) = watch::channel(server.addr);
    let (_through, through) = watch::channel(network.addr);
    let people = [("Ann", through), ("Bob", direct.clone()), ("Cid", direct.clone()), ("Dan", direct)];
    let conversation = Conversation::begin(server.addr, people).await;
    let mut witness = Witness::new(server.addr).await;
    for round in 0..ROUNDS {
        // Ann is in the middle of it: two of hers further.
        witness.hear_of("Ann", 2).await;
        network.cut(if round % 2 == 0 { Cut::Reset } else { Cut::Silent });
    }
    witness.hear_of("Ann", 5).await;
    conversation.end(&mut witness, ROUNDS).await;
    network.cuts.send(None).unwrap();
    assert_eq!(server.terminate().0, Some(0));
}
