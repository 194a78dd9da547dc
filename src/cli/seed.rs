//! `tocsin seed`: dummy documents, believable and the same every time.

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tocsin_actors::domain::{Document, DocumentId, DocumentType, Timestamp};
use tocsin_actors::ports::{Clock as _, Documents};

use super::Failure;
use super::progress::Progress;
use crate::adapters::clock::SystemClock;

/// Documents in one transaction.
const BATCH: u64 = 5_000;
const DAY: Duration = Duration::from_secs(24 * 3_600);

/// Stores dummy documents, for trying things
///
/// They are spread over the 30 days before today, so that no rule rings for them. The same number makes the same
/// documents: what is there already is left as it is.
#[derive(Debug, clap::Args)]
pub(super) struct Seed {
    /// How many documents
    #[arg(long, value_name = "N")]
    documents: u64,
    /// Of which types, in equal parts
    #[arg(long, value_delimiter = ',', default_values_t = ["A", "B", "C", "D", "error"].map(String::from), value_name = "TYPES")]
    types: Vec<String>,
    /// Another number makes other documents
    #[arg(long, default_value_t = 1, value_name = "N")]
    seed: u64,
}

impl Seed {
    /// Stores them.
    ///
    /// # Errors
    /// One line that says what went wrong; what was stored before stays.
    pub(super) async fn run(self, documents: Arc<dyn Documents>) -> Result<(), Failure> {
        let kinds: Vec<DocumentType> = self
            .types
            .iter()
            .map(|kind| DocumentType::parse(kind).map_err(|error| Failure::new(format!("--types: {kind:?} {error}"))))
            .collect::<Result<_, _>>()?;
        let now = SystemClock.now();
        let day_ms = i64::try_from(DAY.as_millis()).unwrap_or(i64::MAX);
        let today = Timestamp::clamped(now.as_millis() / day_ms * day_ms);
        let progress = Progress::of(self.documents, "documents");
        let mut stored = 0;
        for first in (0..self.documents).step_by(usize::try_from(BATCH).unwrap_or(usize::MAX)) {
            let last = (first + BATCH).min(self.documents);
            let batch: Vec<Document> = (first..last).filter_map(|n| dummy(self.seed, n, &kinds, today, now)).collect();
            let count = batch.len() as u64;
            let appended = documents.append(batch, None, now).await.map_err(|error| {
                Failure::new(format!("documents cannot be stored: {error}; {stored} were stored before"))
            })?;
            stored += appended.places.iter().flatten().count() as u64;
            progress.add(count);
        }
        progress.finish();
        let known = self.documents - stored;
        let rest = if known > 0 { format!(", {known} were there already") } else { String::new() };
        super::print(&format!("{stored} documents stored{rest}\n"))
    }
}

/// The `n`-th document of a seed.
fn dummy(seed: u64, n: u64, kinds: &[DocumentType], today: Timestamp, now: Timestamp) -> Option<Document> {
    let kind = kinds.get(usize::try_from(n % kinds.len().max(1) as u64).ok()?)?.clone();
    let mut random = fastrand::Rng::with_seed(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ n);
    let back = Duration::from_millis(random.u64(1..u64::try_from(30 * DAY.as_millis()).unwrap_or(u64::MAX)));
    let fields = if kind.as_str() == "error" { error(&mut random, n) } else { order(&mut random, n, today) };
    Some(Document {
        id: DocumentId::parse(&format!("seed-{seed}-{kind}-{n}")).ok()?,
        kind,
        at: today.minus(back),
        received_at: now,
        fields: fields.to_string(),
    })
}

fn order(random: &mut fastrand::Rng, n: u64, today: Timestamp) -> serde_json::Value {
    let cities = ["Köln", "Zürich", "São Paulo", "東京", "Reykjavík", "Łódź", "Nairobi", "Québec"];
    let names = ["Ada", "Björn", "Chiara", "Đorđe", "Ümit", "Zoë", "Nguyễn", "Aoife"];
    let mut pick = |list: &[&str]| random.choice(list.iter().copied()).map(str::to_owned);
    let (name, city) = (pick(&names), pick(&cities));
    let note = pick(&["", "gift, \"wrap\" it", "call first\nthen deliver", "=1+1", "🚚 express", "-"]);
    let cents = random.u32(100..2_000_000);
    let mut order = json!({
        "order_id": format!("{:07}", n),
        "customer": {"name": name, "city": city, "vip": random.u8(..10) == 0},
        "amount": f64::from(cents) / 100.0,
        "quantity": random.u16(1..50),
        "items": (0..random.usize(0..4)).map(|_| random.u16(1000..9999)).collect::<Vec<_>>(),
        "deliver_on": today.plus(DAY * random.u32(1..60)).to_string().get(..10),
        "note": note,
    });
    if let Some(order) = order.as_object_mut() {
        match random.u8(..4) {
            0 => drop(order.insert("coupon".into(), serde_json::Value::Null)),
            1 => drop(order.insert("coupon".into(), format!("{:03}", random.u16(..999)).into())),
            _ => {}
        }
    }
    order
}

fn error(random: &mut fastrand::Rng, n: u64) -> serde_json::Value {
    let services = ["checkout", "search", "mail", "billing"];
    let messages =
        ["connection reset by peer", "payment failed: card declined", "queue is full", "no such file or directory"];
    json!({
        "message": random.choice(messages),
        "service": random.choice(services),
        "code": random.u16(500..512),
        "trace": {"id": format!("{:032x}", random.u128(..)), "span": n},
        "retried": random.bool(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_makes_the_same_document() {
        let kinds = [DocumentType::parse("A").unwrap(), DocumentType::parse("error").unwrap()];
        let (today, now) = (Timestamp::clamped(1_764_028_800_000), Timestamp::clamped(1_764_060_000_000));
        for n in 0..200 {
            let one = dummy(7, n, &kinds, today, now).unwrap();
            assert_eq!(Some(&one), dummy(7, n, &kinds, today, now).as_ref());
            assert!(one.at < today && one.at > today.minus(31 * DAY));
            assert!(serde_json::from_str::<serde_json::Value>(&one.fields).unwrap().is_object());
        }
        assert_ne!(dummy(7, 0, &kinds, today, now), dummy(8, 0, &kinds, today, now));
    }
}
