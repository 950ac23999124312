//! Spans reach a collector: with the ids of the trace they belong to, and without secrets.

use crate::collector::{Collector, Export};
use loomwork_telemetry::{ExportError, Exporter, ExporterConfig, Redact, RunEnded, ShowAll, StepEnded, Telemetry, TraceContext};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::Span;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Hides one secret.
pub struct Hide(pub &'static str);

impl Redact for Hide {
    fn redact<'t>(&self, text: &'t str) -> Cow<'t, str> {
        Cow::Owned(text.replace(self.0, "[secret:token]"))
    }
}

fn started() -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(1_700_000_000_000)
}

fn run(caller: Option<TraceContext>) -> RunEnded<'static> {
    RunEnded {
        project: "shop",
        flow: "orders",
        run: "r1",
        trigger: "http",
        state: "failed",
        fault: Some(("http.status", "answered 500 to Bearer hunter2 hunter2")),
        caller,
        started: started(),
        took: Duration::from_millis(250),
    }
}

fn step(step: u32, attempt: u32, caller: Option<TraceContext>) -> StepEnded<'static> {
    StepEnded {
        project: "shop",
        flow: "orders",
        run: "r1",
        node: "price",
        step,
        attempt,
        function: "http/client#send",
        fault: None,
        caller,
        started: started(),
        took: Duration::from_micros(1500),
    }
}

fn spans(exports: Vec<Export>) -> Vec<Span> {
    let resources = exports.into_iter().flat_map(|export| export.body.resource_spans);
    resources.flat_map(|resource| resource.scope_spans).flat_map(|scope| scope.spans).collect()
}

fn attribute(span: &Span, key: &str) -> String {
    let found = span.attributes.iter().find(|pair| pair.key == key).and_then(|pair| pair.value.clone()?.value);
    match found {
        Some(Value::StringValue(text)) => text,
        Some(Value::IntValue(number)) => number.to_string(),
        other => panic!("{key}: {other:?}"),
    }
}

#[tokio::test]
async fn one_span_for_each_attempt_below_the_runs_below_the_callers() {
    let collector = Collector::start([]).await;
    let headers = vec![("x-key".to_owned(), "k1".to_owned())];
    let resource = vec![("service.instance.id".to_owned(), "w1".to_owned())];
    let exporter =
        Exporter::start(ExporterConfig { headers, resource, ..ExporterConfig::new(&collector.url) }).expect("an exporter");
    let telemetry = Telemetry::new(Some(exporter), Arc::new(Hide("hunter2")));
    let caller: TraceContext = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01".parse().expect("a header");

    telemetry.step(&step(1, 1, Some(caller)));
    telemetry.step(&step(1, 2, Some(caller)));
    telemetry.run_ended(&run(Some(caller)));
    telemetry.flush().await;

    let exports = collector.exports();
    assert_eq!(exports.len(), 1, "spans are sent together");
    assert_eq!((exports[0].path.as_str(), exports[0].key.as_deref()), ("/v1/traces", Some("k1")));
    assert_eq!(exports[0].kind.as_deref(), Some("application/x-protobuf"));
    let resource = exports[0].body.resource_spans[0].resource.clone().expect("a resource");
    let keys: Vec<&str> = resource.attributes.iter().map(|pair| pair.key.as_str()).collect();
    assert_eq!(keys, ["service.name", "service.instance.id"]);

    let spans = spans(exports);
    let [first, second, run] = &spans[..] else { panic!("three spans: {spans:?}") };
    for span in &spans {
        assert_eq!(
            span.trace_id,
            [0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36]
        );
        assert_eq!((attribute(span, "loom.run"), attribute(span, "loom.flow")), ("r1".to_owned(), "orders".to_owned()));
    }
    assert_eq!(run.parent_span_id, [0x00, 0xf0, 0x67, 0xaa, 0x0b, 0xa9, 0x02, 0xb7]);
    assert_eq!((&first.parent_span_id, &second.parent_span_id), (&run.span_id, &run.span_id));
    assert_ne!(first.span_id, second.span_id);
    assert_eq!((attribute(second, "loom.step"), attribute(second, "loom.attempt")), ("1".to_owned(), "2".to_owned()));
    assert_eq!(attribute(first, "loom.function"), "http/client#send");
    assert_eq!(first.end_time_unix_nano - first.start_time_unix_nano, 1_500_000);
    assert_eq!(first.start_time_unix_nano, 1_700_000_000_000_000_000);
    assert_eq!(attribute(run, "error.type"), "http.status");
    let message = &run.status.as_ref().expect("a status").message;
    assert_eq!(message, "answered 500 to Bearer [secret:token] [secret:token]");

    // What a request of the second attempt carries leads to the second span.
    let header = telemetry.context("r1", 1, 2, Some(caller)).header();
    let span: String = second.span_id.iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(header, format!("00-4bf92f3577b34da6a3ce929d0e0e4736-{span}-01"));
}

#[tokio::test]
async fn what_is_not_sampled_is_not_sent() {
    let collector = Collector::start([]).await;
    let exporter = Exporter::start(ExporterConfig { share: 0.0, ..ExporterConfig::new(&collector.url) }).expect("an exporter");
    let telemetry = Telemetry::new(Some(exporter), Arc::new(ShowAll));
    let unsampled = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-00".parse().expect("a header");
    telemetry.step(&step(1, 1, None));
    telemetry.step(&step(1, 1, Some(unsampled)));
    telemetry.flush().await;
    assert!(collector.exports().is_empty());
    assert!(telemetry.metrics().render().contains("loom_steps_total"), "but it is counted");
}

#[tokio::test]
async fn a_collector_that_is_busy_is_asked_again_and_one_that_refuses_is_not() {
    let collector = Collector::start([503, 200, 400]).await;
    let exporter = Exporter::start(ExporterConfig::new(format!("{}/v1/traces", collector.url))).expect("an exporter");
    let telemetry = Telemetry::new(Some(exporter.clone()), Arc::new(ShowAll));
    telemetry.step(&step(1, 1, None));
    telemetry.flush().await;
    assert_eq!((collector.exports().len(), exporter.lost()), (2, 0));
    telemetry.step(&step(2, 1, None));
    telemetry.flush().await;
    assert_eq!((collector.exports().len(), exporter.lost()), (1, 1));
    assert!(telemetry.metrics().render().contains("loom_spans_lost_total 1"), "{}", telemetry.metrics().render());
}

#[tokio::test]
async fn nobody_waits_for_a_collector_that_is_not_there() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("an address");
    let exporter = Exporter::start(ExporterConfig::new(format!("http://{closed}"))).expect("an exporter");
    let telemetry = Telemetry::new(Some(exporter.clone()), Arc::new(ShowAll));
    // On one thread the exporter's task does not run before the loop ends: what is too much is dropped at once.
    (0..10_000).for_each(|n| telemetry.step(&step(n, 1, None)));
    assert_eq!(exporter.lost(), 10_000 - 8192);
}

#[tokio::test]
async fn bad_settings_are_told_without_their_values() {
    for endpoint in ["", "collector:4318", "ftp://collector", "/v1/traces"] {
        assert_eq!(Exporter::start(ExporterConfig::new(endpoint)).expect_err(endpoint), ExportError::Endpoint);
    }
    let headers = vec![("x-key".to_owned(), "hunter2\n".to_owned())];
    let config = ExporterConfig { headers, ..ExporterConfig::new("http://127.0.0.1:4318") };
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(Exporter::start(config).expect_err("a header").to_string(), "`x-key` is not a header, or its value cannot be one");
}
