//! `loom runs watch`: what happens in runs, line by line. A connection that is lost is made again, from where it was.

use super::word;
use crate::client::Client;
use crate::commands::Shared;
use crate::events::{Event, Events};
use crate::exit::{Done, Failure};
use crate::{output, when};
use loomwork_api::{Happening, RunEvent, RunState, RunView};
use std::time::{Duration, Instant};

const AGAIN: Duration = Duration::from_secs(1);
/// A server that is away for longer is taken for gone.
const PATIENCE: Duration = Duration::from_secs(60);

pub async fn watch(shared: &Shared, client: &Client, run: Option<&str>) -> Done {
    let query: Vec<(&str, String)> = run.map(|run| ("run", run.to_owned())).into_iter().collect();
    let (mut last, mut seen) = (None, Instant::now());
    loop {
        let mut events = match client.events("/runs/events", &query, last.as_deref()).await {
            Ok(events) => events,
            Err(Failure::Unavailable(_)) if last.is_some() && seen.elapsed() < PATIENCE => {
                tokio::time::sleep(AGAIN).await;
                continue;
            }
            Err(failure) => return Err(failure),
        };
        if let Some(done) = follow(shared, client, run, &mut events).await? {
            return done;
        }
        // Where it was; none was given by a server that has said nothing.
        last = events.last_id().map(str::to_owned).or(last);
        seen = Instant::now();
        tokio::time::sleep(AGAIN).await;
    }
}

/// Tells what comes until the connection is lost; gives how the run ended, if it has.
async fn follow(shared: &Shared, client: &Client, run: Option<&str>, events: &mut Events) -> Result<Option<Done>, Failure> {
    // What had ended before it was watched is told by nobody.
    if let Some(done) = look(shared, client, run).await? {
        return Ok(Some(done));
    }
    while let Some(Event { name, data }) = events.next().await {
        if name == "lagged" {
            lagged(shared);
            if let Some(done) = look(shared, client, run).await? {
                return Ok(Some(done));
            }
            continue;
        }
        let Ok(event) = serde_json::from_str::<RunEvent>(&data) else { continue };
        tell(shared, &event);
        if let (Some(_), Happening::Ended { state, .. }) = (run, &event.what) {
            return Ok(Some(end(*state)));
        }
    }
    Ok(None)
}

/// The run's end, if it is at it.
async fn look(shared: &Shared, client: &Client, run: Option<&str>) -> Result<Option<Done>, Failure> {
    let Some(run) = run else { return Ok(None) };
    let view: RunView = client.get(&format!("/runs/{run}"), &[]).await?;
    let summary = view.summary;
    if matches!(summary.state, RunState::Queued | RunState::Running | RunState::Waiting) {
        return Ok(None);
    }
    let what = Happening::Ended { state: summary.state, fault: summary.fault };
    tell(shared, &RunEvent { run: summary.id, flow: summary.flow, at: summary.updated_at, what });
    Ok(Some(end(summary.state)))
}

fn end(state: RunState) -> Done {
    if state == RunState::Finished { Ok(()) } else { Err(Failure::Faulted) }
}

fn lagged(shared: &Shared) {
    if shared.json {
        output::line(r#"{"what":"lagged"}"#);
    } else {
        output::line("… something was missed");
    }
}

fn tell(shared: &Shared, event: &RunEvent) {
    if shared.json {
        output::line(&serde_json::to_string(event).unwrap_or_default());
    } else {
        output::line(&text(event));
    }
}

fn text(event: &RunEvent) -> String {
    let said = match &event.what {
        Happening::Begun { trigger, parent } => {
            let by = parent.as_ref().map(|parent| format!(", called by {parent}"));
            let by = by.or_else(|| trigger.as_ref().map(|trigger| format!(", by {trigger}")));
            format!("begun{}", by.unwrap_or_default())
        }
        Happening::StepBegan { step, node, attempt } => format!("{node} began (step {step}, try {attempt})"),
        Happening::StepEnded { step, node, took_us, state, fault, .. } => {
            let took = format!("{:.1} ms", *took_us as f64 / 1_000.0);
            format!("{node} {state}{} (step {step}, {took})", because(fault.as_deref()))
        }
        Happening::Waiting { until: Some(until) } => format!("waits until {}", when::time(*until)),
        Happening::Waiting { until: None } => "waits".to_owned(),
        Happening::Ended { state, fault } => format!("{}{}", word(*state), because(fault.as_deref())),
    };
    format!("{}  {}  {}  {said}", when::time(event.at), event.run, event.flow)
}

fn because(fault: Option<&str>) -> String {
    fault.map(|fault| format!(": {fault}")).unwrap_or_default()
}
