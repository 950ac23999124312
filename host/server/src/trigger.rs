//! One request to an HTTP trigger: its caller is admitted, its input is built by the flow's type, the flow runs, its end becomes a response.

use crate::guard::Guard;
use crate::host::{Door, Host};
use crate::input::{self, Incoming};
use crate::problem::Problem;
use crate::{response, status};
use axum::body::Body;
use axum::response::Response;
use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt, LengthLimitError, Limited};
use loomwork_flow::{Answer, HttpInput, HttpTrigger};
use loomwork_run::{Deployment, NewRun, Reply};
use loomwork_telemetry::{RouteMeter, TraceContext};
use loomwork_types::Fault;
use serde_json::json;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Bytes of a request's body; more is refused with 413.
pub const MAX_BODY: usize = 8 * 1024 * 1024;
/// How long a client may take to send its body.
const BODY_TIME: Duration = Duration::from_secs(30);

/// A route's target: the trigger of a deployed flow that answers here.
pub struct Target {
    pub host: Host,
    pub door: Door,
    pub guard: Guard,
    pub meter: RouteMeter,
}

/// Answers one request.
pub async fn answer(target: &Target, parameters: &[(&str, String)], request: Request<Body>) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    target.guard.admit(&parts.headers).await?;
    if target.host.is_paused(&target.door.flow, &target.door.id) {
        return Err(paused());
    }
    let body = read_body(body).await?;
    let replay = target.guard.verify(&parts.headers, &body, now_ms()).await?;
    if target.guard.reads_authorization() {
        // It has done its work, and a flow has no business with it.
        parts.headers.remove(header::AUTHORIZATION);
    }
    let trigger = &target.door.trigger;
    let deployment = target.host.deployment(&target.door.flow).await.map_err(|fault| problem(&fault, trigger))?;
    let request = Incoming {
        method: &parts.method,
        path: parts.uri.path(),
        query: parts.uri.query().unwrap_or_default(),
        headers: &parts.headers,
        parameters,
        body: &body,
    };
    let input = match trigger.input {
        HttpInput::Body => input::from_body(&request, deployment.input())?,
        HttpInput::Request => input::whole(&request, deployment.input())?,
    };
    let idempotency = match (&trigger.idempotency, replay) {
        // The flow says by what requests are told apart.
        (Some(_), _) => None,
        // A signed message that comes again, from its sender or from somebody who has overheard it, starts nothing again. Its other headers
        // are not signed and say nothing.
        (None, Some(message)) => Some(format!("signed/{message}")),
        (None, None) => parts.headers.get("idempotency-key").and_then(|key| key.to_str().ok()).map(str::to_owned),
    };
    let caller = caller(&parts.headers);
    let new = NewRun { caller, input, trigger: Some(target.door.id.clone()), idempotency, ..NewRun::default() };
    match trigger.answer {
        Answer::Result => run_and_answer(target, &deployment, NewRun { until_end: true, ..new }).await,
        Answer::Respond => run_and_answer(target, &deployment, new).await,
        Answer::Now => start_and_answer(target, &deployment, new).await,
    }
}

/// Where the request stands in a trace. A header that is none is as good as absent.
pub(crate) fn caller(headers: &HeaderMap) -> Option<TraceContext> {
    headers.get("traceparent").and_then(|value| value.to_str().ok()?.parse().ok())
}

/// Milliseconds since 1970.
fn now_ms() -> i64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis() as i64)
}

async fn run_and_answer(target: &Target, deployment: &Deployment, new: NewRun) -> Result<Response, Problem> {
    match target.host.run(deployment, new).await {
        Ok(Reply::Finished(output)) => response::of_output(output, deployment.output()),
        Ok(Reply::Answered(answer)) => response::of_output(answer, deployment.answer()),
        Ok(Reply::Failed(fault)) | Err(fault) => Err(problem(&fault, &target.door.trigger)),
    }
}

async fn start_and_answer(target: &Target, deployment: &Deployment, new: NewRun) -> Result<Response, Problem> {
    let run = target.host.start(deployment, new).await.map_err(|fault| problem(&fault, &target.door.trigger))?;
    Ok(response::json(StatusCode::ACCEPTED, json!({ "run": run }).to_string()))
}

fn paused() -> Problem {
    let problem = Problem::new(StatusCode::SERVICE_UNAVAILABLE, "trigger.paused", "this trigger is paused and starts nothing");
    problem.hint("Its operator lets it go on with `loom triggers resume`.")
}

fn problem(fault: &Fault, trigger: &HttpTrigger) -> Problem {
    Problem::of_fault(fault, status::of(&fault.code, &trigger.faults))
}

async fn read_body(body: Body) -> Result<Bytes, Problem> {
    let collected = tokio::time::timeout(BODY_TIME, Limited::new(body, MAX_BODY).collect()).await;
    match collected {
        Ok(Ok(body)) => Ok(body.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => {
            let problem =
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "limit.input", format!("the body is larger than {MAX_BODY} bytes"));
            Err(problem.hint("Send large data to blob storage and pass a reference."))
        }
        Ok(Err(_)) => Err(Problem::new(StatusCode::BAD_REQUEST, "http.body", "the body ended before it was complete")),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "http.body", "the body did not arrive in 30 seconds")),
    }
}
