//! Rooms: Tocsin's, and those of its peers, on one core; the members on the other.

mod room;

use std::time::{Duration, Instant};

use self::room::{Kind, Place, keep_off_the_first_core};
use crate::server::quantile;

const WARM_UP: Duration = Duration::from_secs(2);
const WINDOW: Duration = Duration::from_secs(5);
/// Each is measured so often, in turn; the median counts.
const ROUNDS: usize = 3;

/// A thousand members, a hundred messages a second.
pub(crate) async fn fan_out() {
    keep_off_the_first_core();
    let kinds = [Kind::Tocsin, Kind::Bun, Kind::BunChat, Kind::Ws, Kind::Durable, Kind::TocsinSocketIo, Kind::SocketIo];
    compare("fan-out, 1,000 members, 100 messages/s", &kinds, async |kind| {
        let place = Place::open(kind, 100).await;
        let crowd = place.fill(1_000).await;
        let (cpu, seen) = crowd.steady(&place.server, 100, WARM_UP, WINDOW).await;
        (cpu, seen.messages.get())
    })
    .await;
}

/// Thirty-two members, each of which waits for all the others.
pub(crate) async fn closed_loop() {
    keep_off_the_first_core();
    let kinds = [Kind::Tocsin, Kind::Bun, Kind::BunChat, Kind::Ws, Kind::Durable, Kind::TocsinSocketIo, Kind::SocketIo];
    compare("closed loop, 32 members", &kinds, async |kind| {
        let place = Place::open(kind, 32).await;
        let crowd = place.fill(32).await;
        let (cpu, seen) = crowd.closed_loop(&place.server, WARM_UP, WINDOW).await;
        (cpu, seen.messages.get())
    })
    .await;
}

async fn compare(what: &str, kinds: &[Kind], mut measure: impl AsyncFnMut(Kind) -> (Duration, u64)) {
    let wanted = std::env::var("CHAT_KINDS").ok();
    let kinds: Vec<Kind> = kinds
        .iter()
        .copied()
        .filter(|kind| wanted.as_ref().is_none_or(|wanted| wanted.split(',').any(|name| format!("{kind:?}") == name)))
        .collect();
    let mut figures = vec![Vec::new(); kinds.len()];
    let mut rates = vec![Vec::new(); kinds.len()];
    for _ in 0..ROUNDS {
        for (at, kind) in kinds.iter().enumerate() {
            let (cpu, messages) = measure(*kind).await;
            figures[at].push(cpu.as_secs_f64() * 1e6 / messages as f64);
            rates[at].push(messages as f64 / WINDOW.as_secs_f64());
        }
    }
    for (at, kind) in kinds.iter().enumerate() {
        figures[at].sort_by(f64::total_cmp);
        rates[at].sort_by(f64::total_cmp);
        println!(
            "{what}: {:<30} {:.2} µs of CPU a delivered message ({:.2} to {:.2}), {:.0} a second",
            kind.name(),
            quantile(&figures[at], 0.5),
            figures[at][0],
            figures[at][ROUNDS - 1],
            quantile(&rates[at], 0.5),
        );
    }
}

/// What a connection costs that is signed in and does nothing.
pub(crate) async fn idle_sockets() {
    const SOCKETS: usize = 4_000;
    keep_off_the_first_core();
    for kind in [Kind::Tocsin, Kind::TocsinSocketIo, Kind::Bun, Kind::Ws, Kind::SocketIo] {
        let place = Place::open(kind, 100).await;
        // What is allocated once is allocated before.
        drop(place.fill(100).await);
        tokio::time::sleep(Duration::from_secs(1)).await;
        let before = place.server.memory_mib("VmRSS");
        let mut sockets = Vec::new();
        for number in 0..SOCKETS {
            sockets.push(place.connect(number).await);
        }
        let took = place.server.memory_mib("VmRSS") - before;
        println!("sockets: {:<30} {:.1} KiB for each of {SOCKETS}", kind.name(), took * 1024.0 / SOCKETS as f64);
    }
}

/// Ten thousand who come at once, and hear one message.
pub(crate) async fn crowd() {
    const MEMBERS: usize = 10_000;
    keep_off_the_first_core();
    let place = Place::open(Kind::Tocsin, 1_000).await;
    let mut sockets = Vec::new();
    for number in 0..MEMBERS {
        sockets.push(place.connect(number).await);
    }
    let began = Instant::now();
    let place = std::rc::Rc::new(place);
    let joins: Vec<_> = sockets
        .into_iter()
        .map(|(mut writer, mut reader)| {
            let place = std::rc::Rc::clone(&place);
            actix_rt::spawn(async move {
                place.join(&mut writer, &mut reader).await;
                (writer, reader)
            })
        })
        .collect();
    let mut sockets = Vec::new();
    for join in joins {
        sockets.push(join.await.unwrap());
    }
    let joined = began.elapsed();
    let mut reached = Vec::new();
    for round in 0..11_u64 {
        // Summaries of the joins are over.
        tokio::time::sleep(Duration::from_millis(1_500)).await;
        let sent = Instant::now();
        sockets[0]
            .0
            .text(&format!(r#"{{"type":"send","id":9,"room":"bench","text":"to all","client_id":"{round}"}}"#))
            .await
            .unwrap();
        let hears: Vec<_> = sockets
            .drain(..)
            .map(|(writer, mut reader)| {
                actix_rt::spawn(async move {
                    reader.wait_for(|text| text.starts_with(br#"{"type":"message""#)).await.unwrap();
                    (writer, reader)
                })
            })
            .collect();
        for hear in hears {
            sockets.push(hear.await.unwrap());
        }
        reached.push(sent.elapsed().as_secs_f64() * 1e3);
    }
    reached.sort_by(f64::total_cmp);
    println!(
        "crowd: {MEMBERS} sockets in one room within {:.1} s; a message has reached all after {:.0} ms (median of {}), {:.0} ms at most; {:.0} MiB resident",
        joined.as_secs_f64(),
        quantile(&reached, 0.5),
        reached.len(),
        reached[reached.len() - 1],
        place.server.memory_mib("VmRSS"),
    );
}

/// One reader in a hundred stops reading.
pub(crate) async fn stalled() {
    const MEMBERS: usize = 1_000;
    keep_off_the_first_core();
    let mut figures = [const { Vec::new() }; 2];
    let mut grew = Vec::new();
    for round in 0..2 * ROUNDS {
        let stalls = round % 2 == 1;
        let place = Place::open(Kind::Tocsin, 100).await;
        let mut crowd = place.fill(MEMBERS).await;
        // Their sockets stay open, and nobody reads from them.
        let stalled: Vec<_> =
            if stalls { crowd.readers.drain(MEMBERS - MEMBERS / 100..).collect() } else { Vec::new() };
        let before = place.server.memory_mib("VmRSS");
        let (_, seen) = crowd.steady(&place.server, 100, WARM_UP, WINDOW * 2).await;
        if stalls {
            grew.push(place.server.memory_mib("VmHWM") - before);
        }
        let mut latencies = seen.latencies.borrow_mut();
        latencies.sort_by(f64::total_cmp);
        figures[usize::from(stalls)].push(quantile(&latencies, 0.99));
        drop(stalled);
    }
    for figure in &mut figures {
        figure.sort_by(f64::total_cmp);
    }
    grew.sort_by(f64::total_cmp);
    println!(
        "stalled: p99 from sending to receiving {:.2} ms when all read, {:.2} ms when one in 100 does not; memory grows by {:.1} MiB",
        quantile(&figures[0], 0.5),
        quantile(&figures[1], 0.5),
        quantile(&grew, 0.5),
    );
}
