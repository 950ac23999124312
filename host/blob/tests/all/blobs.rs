//! What is brought can be fetched, and nothing else.

use crate::now;
use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use loomwork_blob::{BlobError, Blobs, Digest};

const ABC: &str = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

#[tokio::test]
async fn a_blob_is_what_its_digest_says() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let blobs = Blobs::folder(folder.path().join("blobs")).expect("it can be made");
    let digest = blobs.put(Bytes::from("abc"), now()).await.expect("it is kept");
    assert_eq!(digest.as_str(), ABC);
    assert_eq!(blobs.get(&digest, 3).await.expect("it is there"), "abc");
    assert_eq!(blobs.size(&digest).await.expect("it can be asked"), Some(3));
    assert!(matches!(blobs.get(&digest, 2).await, Err(BlobError::TooLarge { size: 3, limit: 2, .. })));
    let other = Digest::of(b"other");
    assert!(matches!(blobs.get(&other, 10).await, Err(BlobError::Missing(digest)) if digest == other));
    assert_eq!(blobs.size(&other).await.expect("it can be asked"), None);
    let again = Blobs::folder(folder.path().join("blobs")).expect("it is there");
    assert_eq!(again.get(&digest, 3).await.expect("it is there"), "abc");
    let hex = &ABC["sha256:".len()..];
    std::fs::write(folder.path().join("blobs/sha256/ba").join(hex), "abd").expect("it can be written");
    assert!(matches!(blobs.get(&digest, 3).await, Err(BlobError::Damaged(_))));
    let pieces: Result<Vec<Bytes>, _> = blobs.stream(&digest).await.expect("it is there").try_collect().await;
    assert!(matches!(pieces, Err(BlobError::Damaged(_))));
}

#[tokio::test]
async fn what_comes_in_pieces_is_the_same_blob() {
    let folder = tempfile::tempdir().expect("there is a place for tests");
    let blobs = Blobs::folder(folder.path()).expect("it can be made");
    let piece = Bytes::from(vec![7; 1 << 20]);
    let pieces = futures::stream::iter(vec![piece; 12]).map(Ok);
    let (digest, size) = blobs.put_stream(pieces).await.expect("it is kept");
    assert_eq!((digest.clone(), size), (Digest::of(&vec![7; 12 << 20]), 12 << 20));
    let lengths = blobs.stream(&digest).await.expect("it is there").map_ok(|piece| piece.len());
    assert_eq!(lengths.try_fold(0, async |sum, length| Ok(sum + length)).await.expect("it is whole"), 12 << 20);
    let broken = futures::stream::iter([Ok(Bytes::from("abc")), Err(std::io::Error::other("gone"))]);
    assert!(matches!(blobs.put_stream(broken).await, Err(BlobError::Source(_))));
    assert_eq!(blobs.size(&Digest::of(b"abc")).await.expect("it can be asked"), None);
}

#[test]
fn a_digest_is_nothing_else() {
    for text in ["", "sha256:", "abc", &ABC.to_uppercase(), &ABC[..70], &format!("{ABC}0"), "sha256:../../../etc/passwd"] {
        assert!(text.parse::<Digest>().is_err(), "{text}");
    }
    assert_eq!(ABC.parse::<Digest>().map(|digest| digest.to_string()), Ok(ABC.to_owned()));
}
