//! One method, one statement. What only writes is sent and not waited for.

use super::{Tables, int, read_row};
use crate::error::{Done, Told, damaged};
use crate::link::{Param, first};
use crate::reads::{read_listening, whole};
use crate::tables::row::columns;
use bytes::Bytes;
use loomwork_journal::columns::{end_text, given_text, message_text, question_text, state_number, unsigned};
use loomwork_journal::rows::{Holder, Payload, RecordKey, Rows, Wanted};
use loomwork_journal::{
    Change, End, Entry, Given, Kind, LEFT, Listening, Message, Project, Prune, Run, RunId, RunRow, Signal, StoreError, encode,
};
use tokio_postgres::types::ToSql;

pub(super) const NAMED: &str = concat!("SELECT ", columns!(), " FROM runs WHERE id = ANY($1) ORDER BY id FOR UPDATE");
pub(super) const NUMBERS: &str = "SELECT nextval('runs_number_seq') FROM generate_series(1, $1::bigint)";

/// What is not indexed: Postgres keeps such a change on the row's page.
const SAVE_LIGHT: &str =
    "UPDATE runs SET updated = $2, lost = $3, next_seq = $4, messages = $5, taken = $6, cancel = $7 WHERE number = $1";
const SAVE_WHOLE: &str = "UPDATE runs SET updated = $2, lost = $3, next_seq = $4, messages = $5, taken = $6, cancel = $7, state = $8, \
    wake_at = $9, owner = $10, fence = $11, slot = $12, fault = $13, version = $14, digest = $15, idempotency = $16, \
    starter = $17, trace = $18 WHERE number = $1";

/// Values to be sent later.
macro_rules! params {
    ($($value:expr),* $(,)?) => { vec![$(Box::new($value) as Param),*] };
}

fn bytes(text: String) -> Vec<u8> {
    text.into_bytes()
}

/// What is not known of a run's journal has not happened: its entries are counted, so this is never reached by honest means.
const ENTRIES: u64 = 1 << 24;

impl Tables {
    async fn rows(&mut self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Done<Vec<RunRow>> {
        let found: Done<Vec<RunRow>> = self.ask(sql, params).await?.iter().map(read_row).collect();
        let found = found?;
        for row in &found {
            self.known.insert(row.id.clone(), Some(row.clone()));
        }
        Ok(found)
    }

    async fn id(&mut self, sql: &'static str, params: &[&(dyn ToSql + Sync)]) -> Done<Option<RunId>> {
        let rows = self.ask(sql, params).await?;
        first::<&str>(&rows)?.map(|id| id.parse().map_err(damaged)).transpose()
    }

    fn light(&self, row: &RunRow) -> bool {
        let part = |row: &RunRow| (row.state, row.wake_at, row.fence, row.slot);
        let same = |before: &RunRow| {
            let same = part(before) == part(row) && before.owner == row.owner && before.fault == row.fault;
            same && before.pin == row.pin && before.starter == row.starter && before.trace == row.trace
        };
        self.known.get(&row.id).and_then(Option::as_ref).is_some_and(same)
    }
}

fn lost(row: &RunRow) -> i32 {
    i32::try_from(row.lost).unwrap_or(i32::MAX)
}

impl Rows for Tables {
    fn tell(&mut self, change: Change) {
        self.batch_changes.push(change);
    }

    async fn lock(&mut self, topic: &[&str]) -> Done {
        self.send("SELECT pg_advisory_xact_lock(hashtextextended($1, 7812738612))", params![topic.join("\u{1f}")]).await
    }

    async fn run(&mut self, id: &RunId) -> Done<Option<RunRow>> {
        if let Some(known) = self.known.get(id) {
            return Ok(known.clone());
        }
        const SQL: &str = concat!("SELECT ", columns!(), " FROM runs WHERE id = $1 FOR UPDATE");
        let row = self.rows(SQL, &[&id.as_str()]).await?.pop();
        if row.is_none() {
            self.known.insert(id.clone(), None);
        }
        Ok(row)
    }

    async fn whole(&mut self, row: RunRow) -> Done<Run> {
        whole(&self.session.clone(), row).await
    }

    async fn idempotent(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunId>> {
        const SQL: &str = "SELECT id FROM runs WHERE org = $1 AND project = $2 AND flow = $3 AND idempotency = $4";
        self.id(SQL, &[&&*project.org, &&*project.name, &flow, &key]).await
    }

    async fn child(&mut self, parent: &RunId, step: u32) -> Done<Option<RunId>> {
        self.id("SELECT id FROM runs WHERE parent = $1 AND step = $2", &[&parent.as_str(), &i64::from(step)]).await
    }

    async fn debounced(&mut self, project: &Project, flow: &str, key: &str) -> Done<Option<RunRow>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE org = $1 AND project = $2 AND flow = $3 AND debounce = $4 AND debounce IS NOT NULL AND state = 0 \
             AND fence = 0 ORDER BY number LIMIT 1 FOR UPDATE"
        );
        Ok(self.rows(SQL, &[&&*project.org, &&*project.name, &flow, &key]).await?.pop())
    }

    async fn number(&mut self) -> Done<u64> {
        if let Some(number) = self.numbers.pop_front() {
            return Ok(number);
        }
        let rows = self.ask(NUMBERS, &[&1_i64]).await?;
        first(&rows)?.map(unsigned).ok_or_else(|| damaged("the numbers of runs have run out"))
    }

    async fn insert(&mut self, row: &RunRow, payload: &Payload<'_>) -> Done {
        let (parent, concurrency) = (row.parent.as_ref(), row.concurrency.as_ref());
        const SQL: &str = concat!(
            "INSERT INTO runs (",
            columns!(),
            ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
             $25, $26, $27, $28, $29, $30, $31)"
        );
        let values = params![
            int(row.number),
            row.id.to_string(),
            row.project.org.to_string(),
            row.project.name.to_string(),
            row.flow.clone(),
            int(row.pin.version),
            row.pin.digest.clone(),
            state_number(row.state),
            int(row.created),
            int(row.updated),
            row.wake_at.map(int),
            row.owner.clone(),
            int(row.fence),
            lost(row),
            int(row.next_seq),
            int(row.messages),
            int(row.taken),
            row.slot,
            row.cancel,
            row.fault.clone(),
            row.trigger.clone(),
            parent.map(|parent| parent.run.to_string()),
            parent.map(|parent| i64::from(parent.step)),
            parent.map(|parent| parent.waits),
            concurrency.map(|it| it.key.clone()),
            concurrency.map(|it| i64::from(it.limit)),
            row.idempotency.clone(),
            row.debounce.clone(),
            row.origin.as_ref().map(RunId::to_string),
            row.starter.clone(),
            row.trace.clone(),
        ];
        self.send(SQL, values).await?;
        let end = payload.end.map(|end| bytes(end_text(row.updated, end)));
        let (input, answer) = (payload.input.as_bytes().to_vec(), payload.answer.map(|answer| answer.as_bytes().to_vec()));
        self.send("INSERT INTO payloads VALUES ($1, $2, $3, $4)", params![int(row.number), input, answer, end]).await?;
        self.tally(row, row.state, 1);
        self.known.insert(row.id.clone(), Some(row.clone()));
        Ok(())
    }

    async fn save(&mut self, row: &RunRow) -> Done {
        let before = self.known.get(&row.id).and_then(Option::as_ref).map(|row| row.state);
        let before = before.ok_or_else(|| damaged(format!("run {} was not read before it was saved", row.id)))?;
        let mut values = params![
            int(row.number),
            int(row.updated),
            lost(row),
            int(row.next_seq),
            int(row.messages),
            int(row.taken),
            row.cancel,
        ];
        if self.light(row) {
            self.send(SAVE_LIGHT, values).await?;
        } else {
            values.extend(params![
                state_number(row.state),
                row.wake_at.map(int),
                row.owner.clone(),
                int(row.fence),
                row.slot,
                row.fault.clone(),
                int(row.pin.version),
                row.pin.digest.clone(),
                row.idempotency.clone(),
                row.starter.clone(),
                row.trace.clone(),
            ]);
            self.send(SAVE_WHOLE, values).await?;
        }
        if before != row.state {
            self.tally(row, before, -1);
            self.tally(row, row.state, 1);
        }
        self.known.insert(row.id.clone(), Some(row.clone()));
        Ok(())
    }

    async fn set_input(&mut self, number: u64, input: &str) -> Done {
        self.send("UPDATE payloads SET input = $2 WHERE run = $1", params![int(number), input.as_bytes().to_vec()]).await
    }

    async fn set_answer(&mut self, number: u64, answer: &str) -> Done<bool> {
        const SQL: &str = "UPDATE payloads SET answer = $2 WHERE run = $1 AND answer IS NULL RETURNING 1";
        Ok(!self.ask(SQL, &[&int(number), &answer.as_bytes()]).await?.is_empty())
    }

    async fn set_end(&mut self, number: u64, end: &End) -> Done {
        self.send("UPDATE payloads SET ending = $2 WHERE run = $1", params![int(number), bytes(end_text(0, end))]).await
    }

    async fn clear(&mut self, number: u64) -> Done {
        self.send("DELETE FROM listens WHERE run = $1", params![int(number)]).await?;
        self.send("DELETE FROM messages WHERE run = $1", params![int(number)]).await?;
        self.send("DELETE FROM snapshots WHERE run = $1", params![int(number)]).await
    }

    async fn slots(&mut self, project: &Project, key: &str) -> Done<u64> {
        const SQL: &str = "SELECT count(*) FROM runs WHERE org = $1 AND project = $2 AND concurrency = $3 AND slot";
        let rows = self.ask(SQL, &[&&*project.org, &&*project.name, &key]).await?;
        Ok(first(&rows)?.map_or(0, unsigned))
    }

    async fn blocked(&mut self, project: &Project, key: &str) -> Done<Option<RunRow>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE org = $1 AND project = $2 AND concurrency = $3 AND concurrency IS NOT NULL AND NOT slot AND state = 0 \
             AND fence = 0 AND wake_at IS NULL ORDER BY number LIMIT 1 FOR UPDATE"
        );
        Ok(self.rows(SQL, &[&&*project.org, &&*project.name, &key]).await?.pop())
    }

    async fn due(&mut self, at: u64, limit: usize, except: &[String]) -> Done<Vec<RunRow>> {
        const ANY: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE owner IS NULL AND wake_at IS NOT NULL AND wake_at <= $1 ORDER BY wake_at, number LIMIT $2 \
             FOR UPDATE SKIP LOCKED"
        );
        const OTHERS: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE owner IS NULL AND wake_at IS NOT NULL AND wake_at <= $1 AND (digest <> ALL($3) OR (cancel AND \
             wake_at <= $4)) ORDER BY wake_at, number LIMIT $2 FOR UPDATE SKIP LOCKED"
        );
        match except {
            [] => self.rows(ANY, &[&int(at), &(limit as i64)]).await,
            _ => self.rows(OTHERS, &[&int(at), &(limit as i64), &except, &int(at.saturating_sub(LEFT))]).await,
        }
    }

    async fn orphans(&mut self, at: u64, limit: usize) -> Done<Vec<RunRow>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM runs WHERE owner IN (SELECT o.owner FROM (SELECT DISTINCT owner FROM runs WHERE owner IS NOT NULL) o \
             WHERE NOT EXISTS (SELECT 1 FROM workers w WHERE w.name = o.owner AND w.until > $1)) \
             ORDER BY number LIMIT $2 FOR UPDATE SKIP LOCKED"
        );
        self.rows(SQL, &[&int(at), &(limit as i64)]).await
    }

    async fn lease(&mut self, worker: &str) -> Done<Option<u64>> {
        let rows = self.ask("SELECT until FROM workers WHERE name = $1", &[&worker]).await?;
        Ok(first(&rows)?.map(unsigned))
    }

    async fn set_lease(&mut self, worker: &str, until: Option<u64>) -> Done {
        match until {
            Some(until) => {
                const SQL: &str = "INSERT INTO workers VALUES ($1, $2) ON CONFLICT (name) DO UPDATE SET until = excluded.until";
                self.send(SQL, params![worker.to_owned(), int(until)]).await
            }
            None => self.send("DELETE FROM workers WHERE name = $1", params![worker.to_owned()]).await,
        }
    }

    async fn push(&mut self, number: u64, seq: u64, entries: &[Entry]) -> Done {
        if seq + entries.len() as u64 > ENTRIES {
            return Err(StoreError::TooLarge { what: "a run's journal", limit: ENTRIES as usize });
        }
        self.send("INSERT INTO journal VALUES ($1, $2, $3)", params![int(number), int(seq), bytes(encode(entries))]).await
    }

    async fn set_snapshot(&mut self, number: u64, seq: u64, state: &Bytes) -> Done {
        const SQL: &str = "INSERT INTO snapshots VALUES ($1, $2, $3) \
            ON CONFLICT (run) DO UPDATE SET seq = excluded.seq, state = excluded.state";
        self.send(SQL, params![int(number), int(seq), state.to_vec()]).await
    }

    async fn post(&mut self, number: u64, message: &Message) -> Done {
        let values = params![int(number), int(message.number), bytes(message_text(message))];
        self.send("INSERT INTO messages VALUES ($1, $2, $3)", values).await
    }

    async fn take(&mut self, number: u64, through: u64) -> Done {
        self.send("DELETE FROM messages WHERE run = $1 AND number <= $2", params![int(number), int(through)]).await
    }

    async fn listen(&mut self, project: &Project, listening: &Listening) -> Done {
        let Listening { number, run, step, name, key, since, question, given } = listening;
        const SQL: &str = "INSERT INTO listens VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (run, step) DO UPDATE \
            SET name = excluded.name, key = excluded.key, since = excluded.since, question = excluded.question, given = excluded.given";
        let values = params![
            int(*number),
            i64::from(*step),
            run.to_string(),
            project.org.to_string(),
            project.name.to_string(),
            name.clone(),
            key.clone(),
            int(*since),
            question.as_ref().map(|question| bytes(question_text(question))),
            bytes(given.iter().map(given_text).collect()),
        ];
        self.send(SQL, values).await
    }

    async fn unlisten(&mut self, number: u64, step: u32) -> Done {
        self.send("DELETE FROM listens WHERE run = $1 AND step = $2", params![int(number), i64::from(step)]).await
    }

    async fn listening(&mut self, number: u64, step: u32) -> Done<Option<Listening>> {
        const SQL: &str = "SELECT run, id, step, name, key, since, question, given FROM listens WHERE run = $1 AND step = $2";
        let rows = self.ask(SQL, &[&int(number), &i64::from(step)]).await?;
        rows.first().map(read_listening).transpose()
    }

    async fn give(&mut self, number: u64, step: u32, _: usize, given: &Given) -> Done {
        const SQL: &str = "UPDATE listens SET given = given || $3 WHERE run = $1 AND step = $2";
        self.send(SQL, params![int(number), i64::from(step), bytes(given_text(given))]).await
    }

    async fn listeners(&mut self, signal: &Signal) -> Done<Vec<Listening>> {
        let Signal { project, name, key, run, .. } = signal;
        let run = run.as_ref().map(RunId::as_str);
        const SQL: &str = "SELECT run, id, step, name, key, since, question, given FROM listens \
            WHERE org = $1 AND project = $2 AND name = $3 AND ($4::text IS NULL OR key = $4) AND ($5::text IS NULL OR id = $5) \
            AND question IS NULL ORDER BY run, step FOR UPDATE";
        let rows = self.ask(SQL, &[&&*project.org, &&*project.name, name, key, &run]).await?;
        rows.iter().map(read_listening).collect()
    }

    async fn early(&mut self, at: u64, wanted: &Wanted<'_>) -> Done<Option<String>> {
        const SQL: &str = "DELETE FROM early WHERE number = (SELECT number FROM early WHERE org = $1 AND project = $2 AND name = $3 \
            AND (key IS NULL OR key = $4) AND (run IS NULL OR run = $5) AND until > $6 ORDER BY number LIMIT 1) RETURNING payload";
        let project = wanted.project;
        let rows =
            self.ask(SQL, &[&&*project.org, &&*project.name, &wanted.name, &wanted.key, &wanted.run.as_str(), &int(at)]).await?;
        first::<Vec<u8>>(&rows)?.map(crate::link::text).transpose()
    }

    async fn keep(&mut self, at: u64, signal: &Signal, limit: usize) -> Done<bool> {
        let Signal { project, name, key, run, payload, until } = signal;
        let run = run.as_ref().map(RunId::to_string);
        const ALIKE: &str = "SELECT count(*) FROM early WHERE org = $1 AND project = $2 AND name = $3 \
            AND key IS NOT DISTINCT FROM $4 AND run IS NOT DISTINCT FROM $5 AND until > $6";
        let rows = self.ask(ALIKE, &[&&*project.org, &&*project.name, name, key, &run, &int(at)]).await?;
        let room = first(&rows)?.map_or(0, unsigned) < limit as u64;
        if room {
            const SQL: &str =
                "INSERT INTO early (org, project, name, key, run, until, payload) VALUES ($1, $2, $3, $4, $5, $6, $7)";
            let (org, project) = (project.org.to_string(), project.name.to_string());
            let payload = payload.as_bytes().to_vec();
            self.send(SQL, params![org, project, name.clone(), key.clone(), run, int(*until), payload]).await?;
        }
        Ok(room)
    }

    async fn expire(&mut self, at: u64, limit: usize) -> Done {
        const SQL: &str = "DELETE FROM early WHERE number IN (SELECT number FROM early WHERE until <= $1 LIMIT $2)";
        self.send(SQL, params![int(at), limit as i64]).await
    }

    async fn record(&mut self, project: &Project, kind: Kind, name: &str) -> Done<Option<Bytes>> {
        const SQL: &str = "SELECT value FROM records WHERE org = $1 AND project = $2 AND kind = $3 AND name = $4";
        let rows = self.ask(SQL, &[&&*project.org, &&*project.name, &kind.as_str(), &name]).await?;
        Ok(first::<Vec<u8>>(&rows)?.map(Bytes::from))
    }

    async fn set_record(&mut self, at: u64, key: &RecordKey<'_>, value: Option<&Bytes>) -> Done {
        let mut values = params![
            key.project.org.to_string(),
            key.project.name.to_string(),
            key.kind.as_str().to_owned(),
            key.name.to_owned(),
        ];
        match value {
            Some(value) => {
                const SQL: &str = "INSERT INTO records VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (org, project, kind, name) \
                    DO UPDATE SET updated = excluded.updated, value = excluded.value";
                values.extend(params![int(at), value.to_vec()]);
                self.send(SQL, values).await
            }
            None => self.send("DELETE FROM records WHERE org = $1 AND project = $2 AND kind = $3 AND name = $4", values).await,
        }
    }

    async fn hold(&mut self, holder: &Holder, digests: &[String]) -> Done {
        for digest in digests {
            let digest = digest.clone();
            match holder {
                Holder::Run(number) => {
                    self.send("INSERT INTO run_blobs VALUES ($1, $2) ON CONFLICT DO NOTHING", params![digest, int(*number)])
                        .await?;
                }
                Holder::Record(project, kind, name) => {
                    let (org, project, kind) = (project.org.to_string(), project.name.to_string(), kind.as_str().to_owned());
                    let values = params![digest, org, project, kind, name.clone()];
                    self.send("INSERT INTO record_blobs VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING", values).await?;
                }
            }
        }
        Ok(())
    }

    async fn release(&mut self, holder: &Holder) -> Done {
        match holder {
            Holder::Run(number) => self.send("DELETE FROM run_blobs WHERE run = $1", params![int(*number)]).await,
            Holder::Record(project, kind, name) => {
                let (org, project, kind) = (project.org.to_string(), project.name.to_string(), kind.as_str().to_owned());
                let sql = "DELETE FROM record_blobs WHERE org = $1 AND project = $2 AND kind = $3 AND name = $4";
                self.send(sql, params![org, project, kind, name.clone()]).await
            }
        }
    }

    async fn outdated(&mut self, prune: &Prune) -> Done<Vec<u64>> {
        let Prune { project, flow, before, keep, limit } = prune;
        // Sums that have grown long are shortened on the way.
        const TALLIES: &str = "WITH gone AS (DELETE FROM tallies WHERE org = $1 AND project = $2 RETURNING *) \
            INSERT INTO tallies SELECT org, project, flow, state, sum(runs) FROM gone GROUP BY org, project, flow, state \
            HAVING sum(runs) <> 0";
        self.send(TALLIES, params![project.org.to_string(), project.name.to_string()]).await?;
        const LAST: &str = "SELECT number FROM runs WHERE org = $1 AND project = $2 AND ($3::text IS NULL OR flow = $3) AND state >= 3 \
            ORDER BY number DESC LIMIT 1 OFFSET $4";
        let surplus: Option<i64> = match keep {
            Some(keep) => first(&self.ask(LAST, &[&&*project.org, &&*project.name, flow, &int(*keep)]).await?)?,
            None => None,
        };
        // What was created later cannot have ended before.
        const SQL: &str = "SELECT number FROM runs WHERE org = $1 AND project = $2 AND ($3::text IS NULL OR flow = $3) AND state >= 3 \
            AND (number <= $4 OR (created < $5 AND updated < $5)) ORDER BY number LIMIT $6 FOR UPDATE SKIP LOCKED";
        let surplus = surplus.unwrap_or(-1);
        let rows = self.ask(SQL, &[&&*project.org, &&*project.name, flow, &surplus, &int(*before), &(*limit as i64)]).await?;
        rows.iter().map(|row| row.try_get(0).told().map(unsigned)).collect()
    }

    async fn forget(&mut self, number: u64) -> Done {
        const SQL: &str = concat!("DELETE FROM runs WHERE number = $1 RETURNING ", columns!());
        for row in self.ask(SQL, &[&int(number)]).await? {
            let row = read_row(&row)?;
            self.tally(&row, row.state, -1);
            self.known.insert(row.id, None);
        }
        self.send("DELETE FROM payloads WHERE run = $1", params![int(number)]).await?;
        self.send("DELETE FROM journal WHERE run = $1", params![int(number)]).await?;
        self.release(&Holder::Run(number)).await
    }
}
