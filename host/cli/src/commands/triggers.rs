//! `loom triggers`

use super::Shared;
use super::runs::print;
use crate::args::{Triggers, TriggersCommand};
use crate::client::Client;
use crate::exit::Done;
use crate::{table, when};
use loomwork_api::{TriggerList, TriggerState};
use serde_json::json;

pub async fn run(shared: &Shared, args: Triggers) -> Done {
    match args.command {
        None => list(shared, &Client::new(&args.remote)?, args.flow).await,
        Some(TriggersCommand::Pause { flow, trigger, remote }) => {
            let view = change(&Client::new(&remote)?, &flow, &trigger, "pause").await?;
            print(shared, &view, || format!("{trigger} of {flow} is paused"))
        }
        Some(TriggersCommand::Resume { flow, trigger, remote }) => {
            let view = change(&Client::new(&remote)?, &flow, &trigger, "resume").await?;
            print(shared, &view, || match view.next {
                Some(at) => format!("{trigger} of {flow} goes on; it fires next at {}", when::time(at)),
                None => format!("{trigger} of {flow} goes on"),
            })
        }
    }
}

async fn change(client: &Client, flow: &str, trigger: &str, what: &str) -> Result<TriggerState, crate::exit::Failure> {
    client.post(&format!("/flows/{flow}/triggers/{trigger}/{what}"), &json!({})).await
}

async fn list(shared: &Shared, client: &Client, flow: Option<String>) -> Done {
    let query: Vec<_> = flow.map(|flow| ("flow", flow)).into_iter().collect();
    let list: TriggerList = client.get("/triggers", &query).await?;
    print(shared, &list, || {
        if list.triggers.is_empty() {
            return "nothing starts a flow here, except people".to_owned();
        }
        let rows = list.triggers.iter().map(|it| {
            let next = it.next.map(|at| format!("next at {}", when::time(at))).unwrap_or_default();
            let state = if it.paused { "paused".to_owned() } else { next };
            [it.flow.clone(), it.id.clone(), it.kind.clone(), it.about.clone(), state]
        });
        table::text(&["flow", "trigger", "kind", "starts with", ""], rows)
    })
}
