//! Of several processes one sweeps.

use bytes::Bytes;
use loomwork_blob::{Blobs, Swept};
use loomwork_journal::MemoryStore;
use std::time::Duration;

const EVERY: Duration = Duration::from_secs(3600);
const GRACE: Duration = Duration::from_secs(3 * 3600);

#[tokio::test]
async fn one_sweeps_and_the_next_waits_for_its_time() {
    let (blobs, store) = (Blobs::memory(), MemoryStore::new());
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("it is later").as_millis() as u64;
    blobs.put(Bytes::from("nobody refers to it"), now).await.expect("kept");
    let at = |hours: u64| now + hours * 3_600_000;
    let sweep = async |at| blobs.sweep_in_turn(&store, at, EVERY, GRACE).await.expect("it works");
    let (one, other) = tokio::join!(sweep(at(0)), sweep(at(0)));
    assert_eq!([one, other].iter().flatten().map(|swept| swept.kept).collect::<Vec<_>>(), [1], "{one:?} {other:?}");
    assert_eq!(sweep(at(1) - 1).await, None);
    assert_eq!(sweep(at(4)).await.map(|Swept { deleted, .. }| deleted), Some(1));
}
