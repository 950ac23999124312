//! How a run's chunks hang together: each names the one before it, and one farther back, so that any of them is found from the last in
//! few steps.
//!
//! Chunks are numbered from 0. The far one of a chunk is that with its number without the lowest bit: from 7 it is 6, from 6 it is 4, from 4
//! it is 0. Where that is the chunk before it, it is not written again.

use crate::error::{Done, Told, damaged};
use loomwork_journal::columns::unsigned;
use loomwork_journal::{Entry, decode};
use rusqlite::{Connection, OptionalExtension};

/// What the next chunk of a run may name: the last one, its far one, the far one of that, and so on; the last at the end. By number and
/// place.
#[derive(Debug, Default)]
pub(crate) struct Head(Vec<(u64, i64)>);

/// How a new chunk stands in the table.
pub(crate) struct Link {
    pub nth: u64,
    pub back: Option<i64>,
    pub far: Option<i64>,
}

impl Head {
    /// Of a run whose last chunk this is.
    pub fn read(db: &Connection, last: Option<i64>) -> Done<Self> {
        let (mut found, mut next) = (Vec::new(), last);
        while let Some(place) = next {
            let chunk = Chunk::read(db, place)?;
            found.push((chunk.nth, place));
            next = chunk.far.or(chunk.back);
        }
        found.reverse();
        Ok(Self(found))
    }

    pub fn last(&self) -> Option<i64> {
        self.0.last().map(|(_, place)| *place)
    }

    /// Puts a chunk behind the last one.
    pub fn link(&mut self, place: i64) -> Link {
        let nth = self.0.last().map_or(0, |(nth, _)| nth + 1);
        let back = self.last();
        let far = nth & nth.wrapping_sub(1);
        while self.0.last().is_some_and(|(other, _)| *other > far) {
            self.0.pop();
        }
        let far = self.last().filter(|far| Some(*far) != back);
        self.0.push((nth, place));
        Link { nth, back, far }
    }
}

struct Chunk {
    nth: u64,
    /// Of its first entry.
    seq: u64,
    back: Option<i64>,
    far: Option<i64>,
}

impl Chunk {
    fn read(db: &Connection, place: i64) -> Done<Self> {
        let mut statement = db.prepare_cached("SELECT nth, seq, back, far FROM chunks WHERE place = ?1").told()?;
        let found = statement.query_row([place], |row| {
            let number = |column| row.get(column).map(unsigned);
            Ok(Self { nth: number(0)?, seq: number(1)?, back: row.get(2)?, far: row.get(3)? })
        });
        found.optional().told()?.ok_or_else(|| damaged(format!("a journal's chunk {place} is missing")))
    }
}

/// The entries from `from` on, at most so many, of the run whose last chunk this is.
pub(crate) fn entries(db: &Connection, last: Option<i64>, from: u64, limit: usize) -> Done<Vec<Entry>> {
    let end = from.saturating_add(limit as u64);
    let mut texts = Vec::new();
    let mut next = before(db, last, end)?;
    let mut first = from;
    while let Some(place) = next {
        let mut statement = db.prepare_cached("SELECT seq, text, back FROM chunks WHERE place = ?1").told()?;
        let (seq, text, back) =
            statement.query_row([place], |row| Ok((row.get(0)?, row.get::<_, String>(1)?, row.get(2)?))).told()?;
        texts.push(text);
        first = unsigned(seq);
        next = if first > from { back } else { None };
    }
    let mut found = Vec::new();
    for text in texts.iter().rev() {
        found.extend(decode(text).map_err(damaged)?);
    }
    let skipped = usize::try_from(from.saturating_sub(first)).unwrap_or(usize::MAX);
    Ok(found.into_iter().skip(skipped).take(limit).collect())
}

/// The last chunk that begins before this entry.
fn before(db: &Connection, last: Option<i64>, seq: u64) -> Done<Option<i64>> {
    let Some(mut place) = last else { return Ok(None) };
    let mut chunk = Chunk::read(db, place)?;
    while chunk.seq >= seq {
        let far = chunk.far.map(|far| Chunk::read(db, far).map(|chunk| (far, chunk))).transpose()?;
        (place, chunk) = match (far.filter(|(_, far)| far.seq >= seq), chunk.back) {
            (Some(far), _) => far,
            (None, Some(back)) => (back, Chunk::read(db, back)?),
            (None, None) => return Ok(None),
        };
    }
    Ok(Some(place))
}

/// Removes all chunks of the run whose last chunk this is.
pub(crate) fn remove(db: &Connection, last: Option<i64>) -> Done {
    let mut next = last;
    while let Some(place) = next {
        let mut statement = db.prepare_cached("DELETE FROM chunks WHERE place = ?1 RETURNING back").told()?;
        next = statement.query_row([place], |row| row.get(0)).optional().told()?.flatten();
    }
    Ok(())
}

/// The place of the chunk that was written last, of any run; 0 if there is none.
pub(crate) fn newest(db: &Connection) -> Done<i64> {
    let newest: Option<i64> = db.query_row("SELECT max(place) FROM chunks", [], |row| row.get(0)).told()?;
    Ok(newest.unwrap_or_default())
}
