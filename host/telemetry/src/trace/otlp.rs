//! Spans as the protocol's messages.

use super::span::{Attribute, Span};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span as Message, Status};
use prost::Message as _;

/// The body of one export: what the service and its attributes are, and the spans.
pub(super) fn request(resource: &[(String, String)], spans: &[Span]) -> Vec<u8> {
    let attributes = resource.iter().map(|(key, value)| pair(key, Value::StringValue(value.clone()))).collect();
    let scope =
        InstrumentationScope { name: "loomwork".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned(), ..Default::default() };
    let scope_spans = ScopeSpans { scope: Some(scope), spans: spans.iter().map(message).collect(), ..Default::default() };
    let resource = Resource { attributes, ..Default::default() };
    let spans = ResourceSpans { resource: Some(resource), scope_spans: vec![scope_spans], ..Default::default() };
    ExportTraceServiceRequest { resource_spans: vec![spans] }.encode_to_vec()
}

fn message(span: &Span) -> Message {
    let attribute = |(name, value): &(&'static str, Attribute)| match value {
        Attribute::Text(text) => pair(name, Value::StringValue(text.clone())),
        Attribute::Number(number) => pair(name, Value::IntValue(*number)),
    };
    let status = match &span.failed {
        Some(message) => Status { message: message.clone(), code: StatusCode::Error.into() },
        None => Status { message: String::new(), code: StatusCode::Ok.into() },
    };
    Message {
        trace_id: span.context.trace.0.to_vec(),
        span_id: span.context.span.0.to_vec(),
        parent_span_id: span.parent.map(|parent| parent.0.to_vec()).unwrap_or_default(),
        flags: u32::from(span.context.sampled),
        name: span.name.clone(),
        kind: SpanKind::Internal.into(),
        start_time_unix_nano: span.start,
        end_time_unix_nano: span.end,
        attributes: span.attributes.iter().map(attribute).collect(),
        status: Some(status),
        ..Default::default()
    }
}

fn pair(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..Default::default() }
}
