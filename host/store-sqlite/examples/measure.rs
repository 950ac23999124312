//! What writes cost: time of one commit, runs a second, and microseconds of the writer's thread. Run it with optimisation:
//! `cargo run --release -p loomwork-store-sqlite --example measure -- FOLDER`.

use loomwork_journal::{
    Append, Batch, Create, End, Entry, Event, Happened, Next, Pin, Progress, Project, RunId, Start, Store, StoreError, Write,
};
use loomwork_store_sqlite::SqliteStore;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

const T: u64 = 1_700_000_000_000;
const SPAN: Duration = Duration::from_secs(2);

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("name a folder on the disk to be measured")?;
    let path = std::path::Path::new(&folder).join(format!("measure-{}.db", std::process::id()));
    let fsync = fsync_time(&path.with_extension("fsync"))?;
    println!("fsync of 4 KiB                      {fsync:>10.1?}");
    let store = Arc::new(SqliteStore::open(&path).await?);
    let numbers = Arc::new(AtomicU64::new(1));
    for tasks in [1, 32, 256] {
        spread(&store, &numbers, tasks, "short runs, one write each", short_run).await?;
    }
    for tasks in [1, 32, 256] {
        spread(&store, &numbers, tasks, "runs of 40 appends of two entries", long_run).await?;
    }
    let size = std::fs::metadata(&path)?.len();
    println!("{:<36}{:>7.0} bytes a run", "on disk", size as f64 / numbers.load(Ordering::Relaxed) as f64);
    drop(store);
    for ending in ["db", "db-wal", "db-shm", "db.lock"] {
        let _ = std::fs::remove_file(path.with_extension(ending));
    }
    Ok(())
}

fn fsync_time(path: &std::path::Path) -> std::io::Result<Duration> {
    use std::io::Write;
    let mut file = std::fs::File::create(path)?;
    let begun = Instant::now();
    for _ in 0..200 {
        file.write_all(&[7; 4_096])?;
        file.sync_data()?;
    }
    std::fs::remove_file(path)?;
    Ok(begun.elapsed() / 200)
}

/// Does the work in so many tasks for a while, and prints what it has cost.
async fn spread<F>(
    store: &Arc<SqliteStore>,
    numbers: &Arc<AtomicU64>,
    tasks: usize,
    what: &str,
    work: fn(Arc<SqliteStore>, u64) -> F,
) -> Result<(), StoreError>
where
    F: Future<Output = Result<(), StoreError>> + Send + 'static,
{
    let (before, begun) = (store.statistics(), Instant::now());
    let running: Vec<_> = (0..tasks)
        .map(|_| {
            let (store, numbers) = (store.clone(), numbers.clone());
            tokio::spawn(async move {
                let mut runs = 0;
                while begun.elapsed() < SPAN {
                    work(store.clone(), numbers.fetch_add(1, Ordering::Relaxed)).await?;
                    runs += 1;
                }
                Ok::<u64, StoreError>(runs)
            })
        })
        .collect();
    let mut runs = 0;
    for task in running {
        runs += task.await.map_err(|error| StoreError::Unavailable(error.to_string()))??;
    }
    let (after, spent) = (store.statistics(), begun.elapsed());
    let (commits, writes) = (after.commits - before.commits, after.writes - before.writes);
    let micros = |time: Duration, by: u64| time.as_secs_f64() * 1e6 / by.max(1) as f64;
    println!("{what}, {tasks} at once");
    println!("    {:>9.0} runs/s, {:>9.0} writes/s", runs as f64 / spent.as_secs_f64(), writes as f64 / spent.as_secs_f64());
    println!("    {:>9.1} writes a commit", writes as f64 / commits.max(1) as f64);
    println!("    {:>9.1} µs of the writer to apply one", micros(after.applying - before.applying, writes));
    println!("    {:>9.1} µs to commit", micros(after.committing - before.committing, commits));
    Ok(())
}

fn told(what: Happened) -> Entry {
    Entry::Told(Event { at: T, what })
}

fn create(number: u64, progress: Progress) -> Batch {
    let pin = Pin { version: 1, digest: "sha256:5f2c0bd4".to_owned() };
    let input = r#"{"customer": "ada", "lines": [{"sku": "A-1", "count": 2}], "total": 120}"#;
    let create = Create {
        start_at: T,
        trigger: Some("http".to_owned()),
        begin: Some(("worker".to_owned(), progress)),
        ..Create::new(RunId::new(T, number.into()), Project::local(), "orders", pin, input)
    };
    Batch::new(T, [Write::Create(Box::new(create))])
}

fn start(number: u64) -> Entry {
    let input = r#"{"customer": "ada", "lines": [{"sku": "A-1", "count": 2}], "total": 120}"#.to_owned();
    told(Happened::Start(Start { input, run: format!("run_{number}"), seed: number, vars: "{}".to_owned() }))
}

async fn short_run(store: Arc<SqliteStore>, number: u64) -> Result<(), StoreError> {
    let mut entries = vec![start(number)];
    entries.extend((1..4).map(|step| told(Happened::Returned(step, r#"{"status": "new", "sum": 120}"#.to_owned()))));
    let next = Next::Ended(End::Finished(r#"{"status": 200, "body": "accepted"}"#.to_owned()));
    store.commit(create(number, Progress { entries, next, ..Progress::default() })).await.map(drop)
}

async fn long_run(store: Arc<SqliteStore>, number: u64) -> Result<(), StoreError> {
    store.commit(create(number, Progress { entries: vec![start(number)], ..Progress::default() })).await?;
    for step in 1..=40 {
        let returned = told(Happened::Returned(step - 1, r#"{"status": 201, "id": "ord_4711"}"#.to_owned()));
        let entries = vec![returned, Entry::Called { at: T, step, node: step, attempt: 1 }];
        let last = Next::Ended(End::Finished("true".to_owned()));
        let next = if step == 40 { last } else { Next::Running };
        let seq = 1 + u64::from(step - 1) * 2;
        let append = Append {
            run: RunId::new(T, number.into()),
            fence: 1,
            seq,
            progress: Progress { entries, next, ..Progress::default() },
        };
        store.commit(Batch::new(T, [Write::Append(Box::new(append))])).await?;
    }
    Ok(())
}
