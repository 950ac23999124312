//! Reads an answer piece by piece and stops at the limit: neither endless bytes nor a small body that unpacks to a
//! huge one is ever held.

use super::HttpError;

/// The body, unpacked. `limit` is in bytes.
pub(super) async fn read(mut answer: reqwest::Response, limit: u64) -> Result<Vec<u8>, HttpError> {
    let too_large = || HttpError::TooLarge(format!("the answer is larger than {limit} bytes"));
    let stated = answer.content_length().unwrap_or(0);
    if stated > limit {
        return Err(too_large());
    }
    let expected = usize::try_from(stated).unwrap_or(0).min(1 << 20);
    let mut body = Vec::with_capacity(expected);
    while let Some(piece) = answer.chunk().await? {
        if (body.len() + piece.len()) as u64 > limit {
            return Err(too_large());
        }
        body.extend_from_slice(&piece);
    }
    Ok(body)
}
