//! What other processes do to the same store. Sent when it has been committed; if that is lost together with its process, the end of
//! that process' lease makes the others look.

use crate::error::{Done, Told};
use crate::link::{Session, first};
use crate::settings::Plan;
use futures::stream::poll_fn;
use futures::{Stream, StreamExt};
use loomwork_journal::{Change, Hub, Kind, Project, State, StoreError};
use std::borrow::Cow;
use std::sync::{Arc, Weak};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::task::JoinHandle;
use tokio_postgres::{AsyncMessage, Client, NoTls};

/// Bytes of one notification; Postgres takes less than 8 000.
const MOST: usize = 7_900;

/// The listening task, which ends when this is dropped.
#[derive(Debug)]
pub(crate) struct News {
    name: Arc<str>,
    task: JoinHandle<()>,
}

impl Drop for News {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl News {
    /// Begins to listen, so that nothing that happens from now on is missed.
    pub async fn start(plan: &Arc<Plan>, hub: &Arc<Hub>) -> Done<Self> {
        let heard = listen(plan).await?;
        let name: Arc<str> = heard.name.clone().into();
        let task = tokio::spawn(follow(plan.clone(), Arc::downgrade(hub), name.clone(), heard));
        Ok(Self { name, task })
    }

    /// Under which this process tells its own changes.
    pub fn name(&self) -> Arc<str> {
        self.name.clone()
    }
}

type Messages = std::pin::Pin<Box<dyn Stream<Item = Result<AsyncMessage, tokio_postgres::Error>> + Send>>;

struct Heard {
    /// The connection lives as long as its client.
    _client: Client,
    messages: Messages,
    name: String,
}

async fn listen(plan: &Plan) -> Done<Heard> {
    let (client, mut messages) = if let Some(connector) = &plan.connector {
        let (client, mut connection) = plan.config.connect(connector.clone()).await.told()?;
        let messages: Messages = Box::pin(poll_fn(move |context| connection.poll_message(context)));
        (client, messages)
    } else {
        let (client, mut connection) = plan.config.connect(NoTls).await.told()?;
        let messages: Messages = Box::pin(poll_fn(move |context| connection.poll_message(context)));
        (client, messages)
    };
    let name = {
        let begin = async {
            client.batch_execute(&format!("LISTEN {}", channel(plan))).await.told()?;
            let rows = client.query("SELECT gen_random_uuid()::text", &[]).await.told()?;
            Ok::<String, StoreError>(first(&rows)?.unwrap_or_default())
        };
        tokio::pin!(begin);
        // The connection moves only as its messages are asked for.
        loop {
            tokio::select! {
                name = &mut begin => break name?,
                message = messages.next() => match message {
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return Err(error).told(),
                    None => return Err(StoreError::Unavailable("Postgres has closed the connection".to_owned())),
                }
            }
        }
    };
    Ok(Heard { _client: client, messages, name })
}

fn channel(plan: &Plan) -> String {
    format!("loom_{}", plan.schema)
}

async fn follow(plan: Arc<Plan>, hub: Weak<Hub>, name: Arc<str>, first: Heard) {
    let mut connection = Some(first);
    while hub.strong_count() > 0 {
        let Some(mut heard) = connection.take() else {
            tokio::time::sleep(Duration::from_millis(500)).await;
            connection = listen(&plan).await.ok();
            if let (Some(_), Some(hub)) = (&connection, hub.upgrade()) {
                hub.tell(&[Change::Missed]);
            }
            continue;
        };
        while let Some(Ok(message)) = heard.messages.next().await {
            let Some(hub) = hub.upgrade() else { return };
            if let AsyncMessage::Notification(note) = message
                && let Some(text) = foreign(&name, note.payload())
            {
                hub.tell(&read(text));
            }
        }
    }
}

/// What a notification tells, if it is not our own.
fn foreign<'t>(name: &str, payload: &'t str) -> Option<&'t str> {
    let (from, text) = payload.split_once('\n')?;
    (from != name).then_some(text)
}

/// What nothing else tells other processes.
pub(crate) fn to_tell<'c>(plan: &Plan, changes: &'c [Change]) -> Cow<'c, [Change]> {
    if !plan.carried {
        return Cow::Borrowed(changes);
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis() as u64;
    let ours = |change: &&Change| match change {
        Change::Due { at, .. } => *at > now,
        Change::Record { .. } | Change::Missed => true,
        Change::Message { .. } | Change::Answered { .. } | Change::Ended { .. } => false,
    };
    changes.iter().filter(ours).cloned().collect()
}

/// Tells other processes, without waiting for it.
pub(crate) async fn tell(session: &Session, schema: &str, name: &str, changes: &[Change]) -> Done {
    let channel = format!("loom_{schema}");
    for text in texts(name, changes) {
        session.query("SELECT pg_notify($1, $2)", &[&channel, &text]).await?;
    }
    Ok(())
}

fn texts(name: &str, changes: &[Change]) -> Vec<String> {
    let mut texts: Vec<String> = Vec::new();
    for change in changes {
        let line = line(change);
        match texts.last_mut() {
            Some(last) if last.len() + line.len() <= MOST => last.push_str(&line),
            _ => texts.push(format!("{name}\n{line}")),
        }
    }
    texts
}

fn line(change: &Change) -> String {
    match change {
        Change::Due { run, at } => format!("due {run} {at}\n"),
        Change::Message { run, owner } if !owner.contains('\n') => format!("message {run} {owner}\n"),
        Change::Answered { run } => format!("answered {run}\n"),
        Change::Ended { run, state } => format!("ended {run} {}\n", state.as_str()),
        Change::Record { project, kind, name } => {
            let words = [&*project.org, &*project.name, name];
            let plain = words.iter().all(|word| !word.is_empty() && !word.contains([' ', '\n']));
            match plain {
                true => format!("record {} {} {} {name}\n", kind.as_str(), project.org, project.name),
                false => "missed\n".to_owned(),
            }
        }
        Change::Message { .. } | Change::Missed => "missed\n".to_owned(),
    }
}

/// A line that cannot be read stands for anything.
fn read(text: &str) -> Vec<Change> {
    text.lines().map(|line| read_line(line).unwrap_or(Change::Missed)).collect()
}

fn read_line(line: &str) -> Option<Change> {
    let (kind, rest) = line.split_once(' ')?;
    if kind == "record" {
        return record(rest);
    }
    let (run, detail) = rest.split_once(' ').unwrap_or((rest, ""));
    let run = run.parse().ok()?;
    match kind {
        "due" => Some(Change::Due { run, at: detail.parse().ok()? }),
        "message" => Some(Change::Message { run, owner: detail.to_owned() }),
        "answered" => Some(Change::Answered { run }),
        "ended" => Some(Change::Ended { run, state: State::parse(detail)? }),
        _ => None,
    }
}

fn record(text: &str) -> Option<Change> {
    let mut words = text.splitn(4, ' ');
    let (kind, org, project, name) = (words.next()?, words.next()?, words.next()?, words.next()?);
    let project = Project::new(org, project);
    Some(Change::Record { project, kind: Kind::parse(kind)?, name: name.to_owned() })
}
