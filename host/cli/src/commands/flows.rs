//! `loom deploy`, `loom flows`, `loom rollback`.

use super::Shared;
use super::runs::print;
use crate::args::{Deploy, Flows, Rollback, Undeploy};
use crate::client::Client;
use crate::exit::{Done, Failure};
use crate::{table, when};
use loomwork_api::{DeployRequest, FlowList, FlowView, RollbackRequest, VersionList};

pub async fn deploy(shared: &Shared, args: Deploy) -> Done {
    let client = Client::new(&args.remote)?;
    let mut views = Vec::new();
    for file in &args.files {
        let document = std::fs::read_to_string(file).map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?;
        let view: FlowView = client.post("/flows", &DeployRequest { document }).await?;
        views.push(view);
    }
    let list = FlowList { flows: views };
    print(shared, &list, || list.flows.iter().map(|flow| format!("{} v{}", flow.id, flow.version)).collect::<Vec<_>>().join("\n"))
}

pub async fn flows(shared: &Shared, args: Flows) -> Done {
    let client = Client::new(&args.remote)?;
    if let Some(flow) = args.flow {
        let list: VersionList = client.get(&format!("/flows/{flow}/versions"), &[]).await?;
        return print(shared, &list, || {
            let rows = list.versions.iter().rev().map(|it| {
                let active = if it.active { "new runs take it" } else { "" };
                [it.version.to_string(), when::time(it.deployed_at), it.digest.chars().take(19).collect(), active.to_owned()]
            });
            table::text(&["version", "deployed", "digest", ""], rows)
        });
    }
    let list: FlowList = client.get("/flows", &[]).await?;
    print(shared, &list, || {
        if list.flows.is_empty() {
            return "no flow is deployed".to_owned();
        }
        let rows = list.flows.iter().map(|flow| {
            let triggers: Vec<_> = flow.triggers.iter().map(|trigger| trigger.about.clone()).collect();
            [flow.id.clone(), flow.version.to_string(), flow.durability.clone(), triggers.join(", ")]
        });
        table::text(&["flow", "version", "kept", "starts with"], rows)
    })
}

pub async fn rollback(shared: &Shared, args: Rollback) -> Done {
    let request = RollbackRequest { version: args.version };
    let view: FlowView = Client::new(&args.remote)?.post(&format!("/flows/{}/rollback", args.flow), &request).await?;
    print(shared, &view, || format!("new runs of {} take version {}", view.id, view.version))
}

pub async fn undeploy(shared: &Shared, args: Undeploy) -> Done {
    let view: FlowView = Client::new(&args.remote)?.delete(&format!("/flows/{}", args.flow)).await?;
    print(shared, &view, || format!("nothing starts {} any more; `loom rollback {0} {}` brings it back", view.id, view.version))
}
