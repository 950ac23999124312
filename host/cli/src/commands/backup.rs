//! `loom backup`, `loom restore`.

use super::Shared;
use super::runs::print;
use crate::args::{Backup, Restore};
use crate::backup;
use crate::client::Client;
use crate::data::DATABASE;
use crate::exit::{Done, Failure};
use loomwork_api::BackupView;
use loomwork_store_sqlite::SqliteStore;
use serde_json::json;

pub async fn backup(shared: &Shared, args: Backup) -> Done {
    let view = match args.data {
        Some(folder) => {
            let unusable = |why: String| Failure::Unavailable(format!("{}: {why}", folder.display()));
            let to = args.to.ok_or_else(|| Failure::usage("--data needs --to FOLDER, where the copy is to be"))?;
            if !folder.join(DATABASE).is_file() {
                return Err(Failure::usage(format!("{} is not a server's folder: it has no {DATABASE}", folder.display())));
            }
            let store = SqliteStore::open(folder.join(DATABASE)).await.map_err(|error| unusable(error.to_string()))?;
            backup::copy(&store, &folder, &to).await.map_err(unusable)?;
            BackupView { folder: to.display().to_string() }
        }
        None => Client::new(&args.remote)?.post("/backups", &json!({})).await?,
    };
    print(shared, &view, || format!("{}\nThe keys of secrets are not in it: keep a copy of secrets.keys elsewhere.", view.folder))
}

pub async fn restore(shared: &Shared, args: Restore) -> Done {
    backup::restore(&args.backup, &args.data).await?;
    let keys = backup::has_keys(&args.data);
    let view = json!({ "folder": args.data.display().to_string(), "keys": keys });
    print(shared, &view, || match keys {
        true => format!("{} is as the backup was", args.data.display()),
        false => format!(
            "{} is as the backup was; put secrets.keys into it before you serve, or secrets cannot be opened",
            args.data.display()
        ),
    })
}
