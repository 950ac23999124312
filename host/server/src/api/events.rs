//! `/api/runs/events`: what happens in runs, as server-sent events. Each carries a mark as its id, with which whoever was cut off goes on at
//! this server or another one.

use super::{Closing, Query, refused, run_id};
use crate::problem::Problem;
use axum::body::Body;
use axum::extract::State;
use axum::response::Response;
use futures::stream;
use http::{HeaderMap, HeaderValue, header};
use loomwork_run::{Mark, Runner, Watch, Watched};
use serde::Deserialize;
use std::convert::Infallible;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    run: Option<String>,
}

pub async fn watch(
    State(runner): State<Runner>,
    State(closing): State<Closing>,
    Query(wanted): Query<Wanted>,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let run = wanted.run.as_deref().map(run_id).transpose()?;
    // One that cannot be read is of another server: whoever sends it is told that it has missed something.
    let mark = |value: &HeaderValue| value.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or_else(Mark::unknown);
    let after = headers.get("last-event-id").filter(|value| !value.is_empty()).map(mark);
    let watch = runner.watch(run.as_ref(), after).await.map_err(refused)?;
    // How soon to come back, and from where on.
    let first = format!("retry: 1000\nid: {}\n\n", watch.mark());
    let events = stream::unfold((watch, Some(first), closing), |(mut watch, first, closing)| async move {
        let text = match first {
            Some(first) => first,
            None => next(&mut watch, &closing).await?,
        };
        Some((Ok::<_, Infallible>(text), (watch, None, closing)))
    });
    let mut response = Response::new(Body::from_stream(events));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // A proxy that gathers answers would keep what happens to itself.
    headers.insert("x-accel-buffering", HeaderValue::from_static("no"));
    Ok(response)
}

async fn next(watch: &mut Watch, closing: &Closing) -> Option<String> {
    let (mark, watched) = tokio::select! {
        () = closing.0.cancelled() => return None,
        next = watch.next() => next?,
    };
    Some(match watched {
        Watched::Event(body) => format!("id: {mark}\ndata: {}\n\n", String::from_utf8_lossy(&body)),
        Watched::Lagged => format!("id: {mark}\nevent: lagged\ndata: {{}}\n\n"),
        // Without data it is no event, and its mark counts all the same.
        Watched::Still => format!("id: {mark}\n\n"),
    })
}
