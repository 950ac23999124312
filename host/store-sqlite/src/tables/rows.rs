//! One method, one statement.

use super::{COLUMNS, Tables, read_row};
use crate::chain::{self, Head, Link};
use crate::error::{Done, Told, damaged};
use crate::numbers::{ENTRIES, state_number};
use crate::reads::{find_listening, json_list, whole};
use bytes::Bytes;
use loomwork_journal::columns::{end_text, given_text, message_text, question_text, signed as int, unsigned};
use loomwork_journal::rows::{Holder, Payload, RecordKey, Rows, Wanted};
use loomwork_journal::{
    Change, End, Entry, Given, Kind, LEFT, Listening, Message, Project, Prune, Run, RunId, RunRow, Signal, StoreError, encode,
};
use rusqlite::{OptionalExtension, Params};
use std::collections::hash_map::Entry as Slot;

impl Tables {
    fn rows(&mut self, condition: &str, params: impl Params) -> Done<Vec<RunRow>> {
        let mut found = Vec::new();
        {
            let mut statement = self.db.prepare_cached(&format!("SELECT {COLUMNS} {condition}")).told()?;
            let mut rows = statement.query(params).told()?;
            while let Some(row) = rows.next().told()? {
                found.push(read_row(row)?);
            }
        }
        for row in &found {
            if !row.state.ended() {
                self.known.insert(row.id.clone(), row.clone());
            }
        }
        Ok(found)
    }

    fn text(&self, sql: &str, params: impl Params) -> Done<Option<String>> {
        self.db.prepare_cached(sql).told()?.query_row(params, |row| row.get(0)).optional().told()
    }

    fn count(&self, sql: &str, params: impl Params) -> Done<u64> {
        self.db.prepare_cached(sql).told()?.query_row(params, |row| row.get(0)).told().map(unsigned)
    }

    fn id(text: Option<String>) -> Done<Option<RunId>> {
        text.map(|id| id.parse().map_err(damaged)).transpose()
    }

    fn project(&mut self, project: &Project) -> Done<i64> {
        self.names.project(&self.db, project)
    }

    fn flow(&mut self, project: &Project, flow: &str) -> Done<i64> {
        self.names.flow(&self.db, project, flow)
    }

    /// Workers that have runs but no lease any more.
    fn lost_workers(&self, at: u64) -> Done<Vec<String>> {
        let (mut lost, mut last) = (Vec::new(), String::new());
        let next = "SELECT min(owner) FROM runs WHERE owner > ?1";
        while let Some(owner) =
            self.db.prepare_cached(next).told()?.query_row([&last], |row| row.get::<_, Option<String>>(0)).told()?
        {
            let held =
                self.db.prepare_cached("SELECT 1 FROM workers WHERE name = ?1 AND until > ?2").told()?.exists((&owner, int(at)));
            if !held.told()? {
                lost.push(owner.clone());
            }
            last = owner;
        }
        Ok(lost)
    }

    /// The head of a run's journal, the next entry of which is `seq`.
    fn head(&mut self, number: u64, seq: u64) -> Done<&mut Head> {
        match self.heads.entry(number) {
            Slot::Occupied(head) => Ok(head.into_mut()),
            Slot::Vacant(slot) if seq == 0 => Ok(slot.insert(Head::default())),
            Slot::Vacant(slot) => {
                let mut statement = self.db.prepare_cached("SELECT last FROM runs WHERE number = ?1").told()?;
                let last = statement.query_row([int(number)], |row| row.get(0)).optional().told()?.flatten();
                Ok(slot.insert(Head::read(&self.db, last)?))
            }
        }
    }

    /// The last chunk of a run's journal, if it is remembered.
    fn last(&self, number: u64) -> Option<i64> {
        self.heads.get(&number).and_then(Head::last)
    }

    /// As long as a run is open.
    fn remember(&mut self, row: &RunRow) {
        if row.state.ended() {
            self.known.remove(&row.id);
            self.heads.remove(&row.number);
        } else {
            self.known.insert(row.id.clone(), row.clone());
        }
    }

    /// What is not indexed and changes with every append.
    fn save_light(&self, row: &RunRow) -> Done<usize> {
        let sql = "UPDATE runs SET updated = ?2, lost = ?3, next_seq = ?4, messages = ?5, taken = ?6, cancel = ?7, last = coalesce(?8, last) \
            WHERE number = ?1";
        let (updated, lost, next, last) = (int(row.updated), row.lost, int(row.next_seq), self.last(row.number));
        self.execute(sql, (int(row.number), updated, lost, next, int(row.messages), int(row.taken), row.cancel, last))
    }

    fn save_whole(&mut self, row: &RunRow) -> Done<usize> {
        let pin = self.names.pin(&self.db, &row.pin)?;
        let sql = "UPDATE runs SET updated = ?2, lost = ?3, next_seq = ?4, messages = ?5, taken = ?6, cancel = ?7, state = ?8, \
            wake_at = ?9, owner = ?10, fence = ?11, slot = ?12, fault = ?13, pin = ?14, idempotency = ?15, last = coalesce(?16, last), \
            starter = ?17, trace = ?18 WHERE number = ?1";
        self.execute(
            sql,
            rusqlite::params![
                int(row.number),
                int(row.updated),
                row.lost,
                int(row.next_seq),
                int(row.messages),
                int(row.taken),
                row.cancel,
                state_number(row.state),
                row.wake_at.map(int),
                row.owner,
                int(row.fence),
                row.slot,
                row.fault,
                pin,
                row.idempotency,
                self.last(row.number),
                row.starter,
                row.trace,
            ],
        )
    }
}

/// Whether nothing has changed but what [`Tables::save_light`] writes.
fn light(before: &RunRow, after: &RunRow) -> bool {
    let part = |row: &RunRow| (row.state, row.wake_at, row.fence, row.slot);
    let same = part(before) == part(after) && before.owner == after.owner && before.fault == after.fault;
    same && before.pin == after.pin && before.starter == after.starter && before.trace == after.trace
}

impl Rows for Tables {
    fn tell(&mut self, change: Change) {
        self.batch_changes.push(change);
    }

    async fn lock(&mut self, _: &[&str]) -> Done {
        Ok(()) // There is one writer.
    }

    async fn run(&mut self, id: &RunId) -> Done<Option<RunRow>> {
        match self.known.get(id) {
            Some(row) => Ok(Some(row.clone())),
            None => Ok(self.rows("WHERE r.id = ?1", [id.as_str()])?.pop()),
        }
    }

    async fn whole(&mut self, row: RunRow) -> Done<Run> {
        whole(&self.db, row)
    }

    async fn idempotent(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunId>> {
        let flow = self.flow(project, flow)?;
        Self::id(self.text("SELECT id FROM runs WHERE flow = ?1 AND idempotency = ?2", (flow, key))?)
    }

    async fn child(&mut self, parent: &RunId, step: u32) -> Done<Option<RunId>> {
        Self::id(self.text("SELECT id FROM runs WHERE parent = ?1 AND step = ?2", (parent.as_str(), step))?)
    }

    async fn debounced(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunRow>> {
        let flow = self.flow(project, flow)?;
        let condition = "WHERE r.flow = ?1 AND r.debounce = ?2 AND r.state = 0 AND r.fence = 0 ORDER BY r.number LIMIT 1";
        Ok(self.rows(condition, (flow, key))?.pop())
    }

    async fn number(&mut self) -> Done<u64> {
        self.last_run += 1;
        Ok(self.last_run)
    }

    async fn insert(&mut self, row: &RunRow, payload: &Payload<'_>) -> Done {
        let (project, flow) = (self.project(&row.project)?, self.flow(&row.project, &row.flow)?);
        let pin = self.names.pin(&self.db, &row.pin)?;
        let sql = "INSERT INTO runs VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, \
            ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30)";
        let (parent, concurrency) = (row.parent.as_ref(), row.concurrency.as_ref());
        self.execute(
            sql,
            rusqlite::params![
                int(row.number),
                row.id.as_str(),
                project,
                flow,
                pin,
                state_number(row.state),
                int(row.created),
                int(row.updated),
                row.wake_at.map(int),
                row.owner,
                int(row.fence),
                row.lost,
                int(row.next_seq),
                int(row.messages),
                int(row.taken),
                row.slot,
                row.cancel,
                row.fault,
                row.trigger,
                parent.map(|parent| parent.run.as_str()),
                parent.map(|parent| parent.step),
                parent.map(|parent| parent.waits),
                concurrency.map(|it| &it.key),
                concurrency.map(|it| it.limit),
                row.idempotency,
                row.debounce,
                row.origin.as_ref().map(RunId::as_str),
                self.last(row.number),
                row.starter,
                row.trace,
            ],
        )?;
        let end = payload.end.map(|end| end_text(row.updated, end));
        self.execute("INSERT INTO payloads VALUES (?1, ?2, ?3, ?4)", (int(row.number), payload.input, payload.answer, end))?;
        self.tally(flow, row.state, 1);
        self.remember(row);
        Ok(())
    }

    async fn save(&mut self, row: &RunRow) -> Done {
        let before =
            self.known.get(&row.id).ok_or_else(|| damaged(format!("run {} was not read before it was saved", row.id)))?;
        let (same, state) = (light(before, row), before.state);
        if same {
            self.save_light(row)?
        } else {
            self.save_whole(row)?
        };
        if state != row.state {
            let flow = self.flow(&row.project, &row.flow)?;
            self.tally(flow, state, -1);
            self.tally(flow, row.state, 1);
        }
        self.remember(row);
        Ok(())
    }

    async fn set_input(&mut self, number: u64, input: &str) -> Done {
        self.execute("UPDATE payloads SET input = ?2 WHERE run = ?1", (int(number), input)).map(drop)
    }

    async fn set_answer(&mut self, number: u64, answer: &str) -> Done<bool> {
        let sql = "UPDATE payloads SET answer = ?2 WHERE run = ?1 AND answer IS NULL";
        Ok(self.execute(sql, (int(number), answer))? > 0)
    }

    async fn set_end(&mut self, number: u64, end: &End) -> Done {
        self.execute("UPDATE payloads SET \"end\" = ?2 WHERE run = ?1", (int(number), end_text(0, end))).map(drop)
    }

    async fn clear(&mut self, number: u64) -> Done {
        self.execute("DELETE FROM listens WHERE run = ?1", [int(number)])?;
        self.execute("DELETE FROM messages WHERE run = ?1", [int(number)])?;
        self.execute("DELETE FROM snapshots WHERE run = ?1", [int(number)]).map(drop)
    }

    async fn slots(&mut self, project: &Project, key: &str) -> Done<u64> {
        let project = self.project(project)?;
        self.count("SELECT count(*) FROM runs WHERE project = ?1 AND concurrency = ?2 AND slot = 1", (project, key))
    }

    async fn blocked(&mut self, project: &Project, key: &str) -> Done<Option<RunRow>> {
        let project = self.project(project)?;
        let condition = "WHERE r.project = ?1 AND r.concurrency = ?2 AND r.concurrency IS NOT NULL AND r.slot = 0 AND r.state = 0 \
            AND r.fence = 0 AND r.wake_at IS NULL ORDER BY r.number LIMIT 1";
        Ok(self.rows(condition, (project, key))?.pop())
    }

    async fn due(&mut self, at: u64, limit: usize, except: &[String]) -> Done<Vec<RunRow>> {
        if except.is_empty() {
            let condition =
                "WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.wake_at <= ?1 ORDER BY r.wake_at, r.number LIMIT ?2";
            return self.rows(condition, (int(at), limit as i64));
        }
        let condition = "WHERE r.owner IS NULL AND r.wake_at IS NOT NULL AND r.wake_at <= ?1 AND (v.digest NOT IN \
            (SELECT value FROM json_each(?3)) OR (r.cancel AND r.wake_at <= ?4)) ORDER BY r.wake_at, r.number LIMIT ?2";
        self.rows(condition, (int(at), limit as i64, json_list(except), int(at.saturating_sub(LEFT))))
    }

    async fn orphans(&mut self, at: u64, limit: usize) -> Done<Vec<RunRow>> {
        let mut found = Vec::new();
        for worker in self.lost_workers(at)? {
            found.extend(self.rows("WHERE r.owner = ?1 ORDER BY r.number LIMIT ?2", (worker, limit as i64))?);
        }
        found.sort_by_key(|row| row.number);
        found.truncate(limit);
        Ok(found)
    }

    async fn lease(&mut self, worker: &str) -> Done<Option<u64>> {
        let sql = "SELECT until FROM workers WHERE name = ?1";
        let until = self.db.prepare_cached(sql).told()?.query_row([worker], |row| row.get(0)).optional().told()?;
        Ok(until.map(unsigned))
    }

    async fn set_lease(&mut self, worker: &str, until: Option<u64>) -> Done {
        match until {
            Some(until) => {
                let sql = "INSERT INTO workers VALUES (?1, ?2) ON CONFLICT DO UPDATE SET until = excluded.until";
                self.execute(sql, (worker, int(until))).map(drop)
            }
            None => self.execute("DELETE FROM workers WHERE name = ?1", [worker]).map(drop),
        }
    }

    async fn push(&mut self, number: u64, seq: u64, entries: &[Entry]) -> Done {
        if seq + entries.len() as u64 > ENTRIES {
            return Err(StoreError::TooLarge { what: "a run's journal", limit: ENTRIES as usize });
        }
        self.last_chunk += 1;
        let place = self.last_chunk;
        let Link { nth, back, far } = self.head(number, seq)?.link(place);
        self.execute(
            "INSERT INTO chunks VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            (place, int(nth), int(seq), back, far, encode(entries)),
        )
        .map(drop)
    }

    async fn set_snapshot(&mut self, number: u64, seq: u64, state: &Bytes) -> Done {
        self.execute("INSERT OR REPLACE INTO snapshots VALUES (?1, ?2, ?3)", (int(number), int(seq), &state[..])).map(drop)
    }

    async fn post(&mut self, number: u64, message: &Message) -> Done {
        let sql = "INSERT INTO messages VALUES (?1, ?2, ?3)";
        self.execute(sql, (int(number), int(message.number), message_text(message))).map(drop)
    }

    async fn take(&mut self, number: u64, through: u64) -> Done {
        self.execute("DELETE FROM messages WHERE run = ?1 AND number <= ?2", (int(number), int(through))).map(drop)
    }

    async fn listen(&mut self, project: &Project, listening: &Listening) -> Done {
        let project = self.project(project)?;
        let Listening { number, step, name, key, since, question, given, .. } = listening;
        let question = question.as_ref().map(question_text);
        let given: String = given.iter().map(given_text).collect();
        let sql = "INSERT OR REPLACE INTO listens VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
        self.execute(sql, (int(*number), step, project, name, key, int(*since), question, given)).map(drop)
    }

    async fn unlisten(&mut self, number: u64, step: u32) -> Done {
        self.execute("DELETE FROM listens WHERE run = ?1 AND step = ?2", (int(number), step)).map(drop)
    }

    async fn listening(&mut self, number: u64, step: u32) -> Done<Option<Listening>> {
        Ok(find_listening(&self.db, "WHERE l.run = ?1 AND l.step = ?2", (int(number), step))?.pop())
    }

    async fn give(&mut self, number: u64, step: u32, _: usize, given: &Given) -> Done {
        let sql = "UPDATE listens SET given = given || ?3 WHERE run = ?1 AND step = ?2";
        self.execute(sql, (int(number), step, given_text(given))).map(drop)
    }

    async fn listeners(&mut self, signal: &Signal) -> Done<Vec<Listening>> {
        let project = self.project(&signal.project)?;
        let (name, key) = (&signal.name, &signal.key);
        if let Some(run) = &signal.run {
            let condition = "WHERE r.id = ?1 AND l.project = ?2 AND l.name = ?3 AND l.key = coalesce(?4, l.key) \
                AND l.question IS NULL ORDER BY l.step";
            return find_listening(&self.db, condition, (run.as_str(), project, name, key));
        }
        match key {
            Some(key) => {
                let condition =
                    "WHERE l.project = ?1 AND l.name = ?2 AND l.key = ?3 AND l.question IS NULL ORDER BY l.run, l.step";
                find_listening(&self.db, condition, (project, name, key))
            }
            None => {
                let condition = "WHERE l.project = ?1 AND l.name = ?2 AND l.question IS NULL ORDER BY l.run, l.step";
                find_listening(&self.db, condition, (project, name))
            }
        }
    }

    async fn early(&mut self, at: u64, wanted: &Wanted<'_>) -> Done<Option<String>> {
        let project = self.project(wanted.project)?;
        let sql = "SELECT number, payload FROM early WHERE project = ?1 AND name = ?2 AND key IS ?3 AND run IS ?4 AND until > ?5 \
            ORDER BY number LIMIT 1";
        let mut first: Option<(i64, String)> = None;
        for key in [None, Some(wanted.key)] {
            for run in [None, Some(wanted.run.as_str())] {
                let mut statement = self.db.prepare_cached(sql).told()?;
                let found = statement.query_row((project, wanted.name, key, run, int(at)), |row| Ok((row.get(0)?, row.get(1)?)));
                let found: Option<(i64, String)> = found.optional().told()?;
                first = first.into_iter().chain(found).min();
            }
        }
        if let Some((number, _)) = &first {
            self.execute("DELETE FROM early WHERE number = ?1", [number])?;
        }
        Ok(first.map(|(_, payload)| payload))
    }

    async fn keep(&mut self, at: u64, signal: &Signal, limit: usize) -> Done<bool> {
        let project = self.project(&signal.project)?;
        let Signal { name, key, run, payload, until, .. } = signal;
        let run = run.as_ref().map(RunId::as_str);
        let alike = "SELECT count(*) FROM early WHERE project = ?1 AND name = ?2 AND key IS ?3 AND run IS ?4 AND until > ?5";
        let room = self.count(alike, (project, name, key, run, int(at)))? < limit as u64;
        if room {
            let sql = "INSERT INTO early (project, name, key, run, until, payload) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
            self.execute(sql, (project, name, key, run, int(*until), payload))?;
        }
        Ok(room)
    }

    async fn expire(&mut self, at: u64, limit: usize) -> Done {
        let sql = "DELETE FROM early WHERE number IN (SELECT number FROM early WHERE until <= ?1 LIMIT ?2)";
        self.execute(sql, (int(at), limit as i64)).map(drop)
    }

    async fn record(&mut self, project: &Project, kind: Kind, name: &str) -> Done<Option<Bytes>> {
        let project = self.project(project)?;
        let sql = "SELECT value FROM records WHERE project = ?1 AND kind = ?2 AND name = ?3";
        let mut statement = self.db.prepare_cached(sql).told()?;
        let value = statement.query_row((project, kind.as_str(), name), |row| row.get::<_, Vec<u8>>(0)).optional().told()?;
        Ok(value.map(Bytes::from))
    }

    async fn set_record(&mut self, at: u64, key: &RecordKey<'_>, value: Option<&Bytes>) -> Done {
        let project = self.project(key.project)?;
        let (kind, name) = (key.kind.as_str(), key.name);
        match value {
            Some(value) => {
                let sql = "INSERT INTO records VALUES (?1, ?2, ?3, ?4, ?5) \
                    ON CONFLICT DO UPDATE SET updated = excluded.updated, value = excluded.value";
                self.execute(sql, (project, kind, name, int(at), &value[..])).map(drop)
            }
            None => self
                .execute("DELETE FROM records WHERE project = ?1 AND kind = ?2 AND name = ?3", (project, kind, name))
                .map(drop),
        }
    }

    async fn hold(&mut self, holder: &Holder, digests: &[String]) -> Done {
        for digest in digests {
            match holder {
                Holder::Run(number) => self.execute("INSERT OR IGNORE INTO run_blobs VALUES (?1, ?2)", (digest, int(*number)))?,
                Holder::Record(project, kind, name) => {
                    let project = self.project(project)?;
                    let sql = "INSERT OR IGNORE INTO record_blobs VALUES (?1, ?2, ?3, ?4)";
                    self.execute(sql, (digest, project, kind.as_str(), name))?
                }
            };
        }
        Ok(())
    }

    async fn release(&mut self, holder: &Holder) -> Done {
        match holder {
            Holder::Run(number) => self.execute("DELETE FROM run_blobs WHERE run = ?1", [int(*number)]).map(drop),
            Holder::Record(project, kind, name) => {
                let project = self.project(project)?;
                let sql = "DELETE FROM record_blobs WHERE project = ?1 AND kind = ?2 AND name = ?3";
                self.execute(sql, (project, kind.as_str(), name)).map(drop)
            }
        }
    }

    async fn outdated(&mut self, prune: &Prune) -> Done<Vec<u64>> {
        let project = self.project(&prune.project)?;
        let flow = prune.flow.as_ref().map(|flow| self.names.flow(&self.db, &prune.project, flow)).transpose()?;
        let scope = if flow.is_some() { "flow = ?1" } else { "project = ?1" };
        let scope_id = flow.unwrap_or(project);
        let last = format!("SELECT number FROM runs WHERE {scope} AND state >= 3 ORDER BY number DESC LIMIT 1 OFFSET ?2");
        let surplus: Option<i64> = match prune.keep {
            Some(keep) => {
                self.db.prepare_cached(&last).told()?.query_row((scope_id, int(keep)), |row| row.get(0)).optional().told()?
            }
            None => None,
        };
        let surplus = surplus.unwrap_or(-1);
        let all = format!("SELECT number, created, updated, state FROM runs WHERE {scope} ORDER BY number");
        let mut statement = self.db.prepare_cached(&all).told()?;
        let mut rows = statement.query([scope_id]).told()?;
        let mut outdated = Vec::new();
        while let Some(row) = rows.next().told()?
            && outdated.len() < prune.limit
        {
            let value = |column| row.get::<_, i64>(column).told();
            let (number, created, updated, state) = (value(0)?, value(1)?, value(2)?, value(3)?);
            // What was created later cannot have ended before: nothing behind this is outdated.
            if number > surplus && unsigned(created) >= prune.before {
                break;
            }
            if state >= 3 && (number <= surplus || unsigned(updated) < prune.before) {
                outdated.push(unsigned(number));
            }
        }
        Ok(outdated)
    }

    async fn forget(&mut self, number: u64) -> Done {
        let sql = "DELETE FROM runs WHERE number = ?1 RETURNING flow, state, last";
        let gone = {
            let mut statement = self.db.prepare_cached(sql).told()?;
            statement.query_row([int(number)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).optional().told()?
        };
        if let Some((flow, state, last)) = gone {
            self.batch_tallies.push(((flow, state), -1));
            chain::remove(&self.db, last)?;
        }
        self.execute("DELETE FROM payloads WHERE run = ?1", [int(number)])?;
        self.release(&Holder::Run(number)).await
    }
}
