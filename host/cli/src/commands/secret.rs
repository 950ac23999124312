//! `loom secret`

use super::Shared;
use super::runs::print;
use crate::args::{Secret, SecretCommand};
use crate::client::Client;
use crate::data::{Damage, Data, Place};
use crate::exit::{Done, Failure};
use loomwork_api::{SecretChanged, SecretList, SecretRequest};
use loomwork_vault::Keys;
use serde_json::json;
use std::io::{IsTerminal, Read};
use std::path::Path;

pub async fn run(shared: &Shared, args: Secret) -> Done {
    match args.command {
        SecretCommand::List { remote } => {
            let list: SecretList = Client::new(&remote)?.get("/secrets", &[]).await?;
            print(shared, &list, || match list.secrets.is_empty() {
                true => "there are no secrets".to_owned(),
                false => list.secrets.iter().map(|it| it.name.as_str()).collect::<Vec<_>>().join("\n"),
            })
        }
        SecretCommand::Set { name, from, host, remote } => {
            let hosts = (!host.is_empty()).then_some(host);
            let request = SecretRequest { value: value(from.as_deref())?, hosts };
            let changed: SecretChanged = Client::new(&remote)?.put(&path(&name)?, &request).await?;
            print(shared, &changed, || format!("{name} is set"))
        }
        SecretCommand::Rotate { data, database } => rotate(shared, &data, database.as_deref()).await,
        SecretCommand::Delete { name, remote } => {
            let changed: SecretChanged = Client::new(&remote)?.delete(&path(&name)?).await?;
            print(shared, &changed, || format!("{name} is deleted"))
        }
    }
}

/// The new key is on disk before anything is sealed with it, and the old one goes when nothing needs it.
async fn rotate(shared: &Shared, folder: &Path, database: Option<&str>) -> Done {
    let unusable = |error: &dyn std::fmt::Display| Failure::Unavailable(format!("{}: {error}", folder.display()));
    let file = folder.join(crate::data::KEYS);
    let keys = Keys::open(&file).and_then(|keys| keys.with_new()).map_err(|error| unusable(&error))?;
    let data = Data::open(&Place { folder, database, blobs: None, carried: false }, Damage::Refuse).await?;
    keys.save(&file).map_err(|error| unusable(&error))?;
    data.vault.set_keys(keys.clone());
    let rotated = data.vault.rotate().await.map_err(|error| unusable(&error))?;
    if rotated.closed.is_empty() {
        keys.without_old().save(&file).map_err(|error| unusable(&error))?;
    }
    let view = json!({ "sealed": rotated.sealed, "closed": rotated.closed });
    print(shared, &view, || match rotated.closed.is_empty() {
        true => format!("{} secrets are sealed with a new key", rotated.sealed),
        false => format!("no key opens these; they and the old keys stay as they are:\n{}", rotated.closed.join("\n")),
    })
}

/// The name becomes part of an address, so that it is looked at here too.
fn path(name: &str) -> Result<String, Failure> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.".contains(&byte);
    if name.is_empty() || name.starts_with('.') || !name.bytes().all(plain) {
        return Err(
            Failure::usage(format!("`{name}` cannot be the name of a secret")).hint("Use letters, digits, `_`, `-` and `.`.")
        );
    }
    Ok(format!("/secrets/{name}"))
}

fn value(from: Option<&Path>) -> Result<String, Failure> {
    let mut text = match from {
        Some(file) => std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?,
        None => {
            if std::io::stdin().is_terminal() {
                eprintln!("The value, then Ctrl-D:");
            }
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map_err(|error| Failure::usage(format!("standard input: {error}")))?;
            text
        }
    };
    text.truncate(text.trim_end_matches(['\r', '\n']).len());
    Ok(text)
}
