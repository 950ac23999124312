//! `loom signal`, `loom approve`.

use super::Shared;
use super::runs::print;
use crate::args::{Approve, Signal};
use crate::client::Client;
use crate::exit::{Done, Failure};
use crate::{table, when};
use loomwork_api::{AnswerRequest, AnsweredView, QuestionList, SignalRequest, SignalView, Verdict};
use serde_json::Value;

pub async fn signal(shared: &Shared, args: Signal) -> Done {
    let payload = crate::output::value(&crate::sources::json_argument(&args.payload)?);
    let key = args.key.map(|text| serde_json::from_str(&text).unwrap_or(Value::String(text)));
    let request = SignalRequest { name: args.name, key, run: args.run, payload };
    let view: SignalView = Client::new(&args.remote)?.post("/signals", &request).await?;
    print(shared, &view, || match view.heard {
        0 => "nobody listens yet; it is kept for whoever will".to_owned(),
        1 => "1 step heard it".to_owned(),
        steps => format!("{steps} steps heard it"),
    })
}

pub async fn approve(shared: &Shared, args: Approve) -> Done {
    let client = Client::new(&args.remote)?;
    let (Some(run), Some(step)) = (args.run, args.step) else { return list(shared, &client).await };
    let Some(by) = args.who else {
        return Err(Failure::usage("it does not say who answers").hint("Add --as NAME."));
    };
    let form = args.form.as_deref().map(crate::sources::json_argument).transpose()?;
    let form = form.map(|text| crate::output::value(&text));
    let verdict = if args.reject { Verdict::Rejected } else { Verdict::Approved };
    let request = AnswerRequest { by, roles: args.role, verdict, note: args.note, form };
    let view: AnsweredView = client.post(&format!("/approvals/{run}/{step}"), &request).await?;
    print(shared, &view, || match view.complete {
        true => "decided; the run goes on".to_owned(),
        false => "taken; more answers are needed".to_owned(),
    })
}

async fn list(shared: &Shared, client: &Client) -> Done {
    let list: QuestionList = client.get("/approvals", &[]).await?;
    print(shared, &list, || {
        if list.questions.is_empty() {
            return "nothing is to be decided".to_owned();
        }
        let rows = list.questions.iter().map(|it| {
            let who = if it.approvers.is_empty() { "anybody".to_owned() } else { it.approvers.join(", ") };
            let due = it.due.map(when::time).unwrap_or_default();
            let title = it.form["title"].as_str().map_or_else(|| it.form.to_string(), str::to_owned);
            [it.run.clone(), it.step.to_string(), title, who, format!("{} of {}", it.given.len(), it.needed), due]
        });
        table::text(&["run", "step", "what", "who", "answers", "until"], rows)
    })
}
