//! Hears of saved files and takes them up: hot reload.

use crate::folder::{Deployed, Folder};
use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc;

/// Editors save in several steps; what happens within this time is one save.
const SETTLE: Duration = Duration::from_millis(40);

/// Watches the folder until the handle is dropped.
pub(crate) struct Watch {
    _watcher: RecommendedWatcher,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Watch {
    fn drop(&mut self) {
        self.task.abort();
    }
}

pub(crate) fn watch(folder: Arc<Folder>, told: impl Fn(&Deployed) + Send + 'static) -> notify::Result<Watch> {
    // One place is enough: a change that finds the channel full is covered by the one that waits in it.
    let (changed, mut changes) = mpsc::channel(1);
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        if event.is_ok_and(|event| !event.kind.is_access()) {
            changed.try_send(()).ok();
        }
    })?;
    watcher.watch(folder.path(), RecursiveMode::Recursive)?;
    let task = tokio::spawn(async move {
        while changes.recv().await.is_some() {
            tokio::time::sleep(SETTLE).await;
            while changes.try_recv().is_ok() {}
            match folder.refresh().await {
                Ok(changed) => changed.iter().for_each(&told),
                Err(error) => tracing::error!(%error, "the folder of flows cannot be read"),
            }
        }
    });
    Ok(Watch { _watcher: watcher, task })
}
