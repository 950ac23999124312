//! Where things stand in the document: what a studio needs to show the place of a step, a parameter or an expression.

use loomwork_diagnostic::Span;
use loomwork_expr::template::{Piece, split};
use loomwork_flow::{Flow, Json, Node, SourceMap, pointer_step};
use loomwork_types::writer;

/// JSON, one entry a node by its index, spans in bytes of the canonical document:
/// `{"nodes":[{"id":"a","span":[12,80],"with":{"value":[40,60]},"expressions":[{"at":"/with/value/total","span":[44,55]}]}]}`.
pub(crate) fn source_map(document: &str, flow: &Flow) -> String {
    let (_, map, _) = loomwork_flow::parse(document);
    let nodes = flow.nodes.iter().enumerate().map(|(place, node)| entry(node, &format!("/nodes/{place}"), &map));
    format!("{{\"nodes\":[{}]}}", nodes.collect::<Vec<_>>().join(","))
}

fn entry(node: &Node, pointer: &str, map: &SourceMap) -> String {
    let with = node.with.iter().map(|(name, _)| {
        let span = map.span(&format!("{pointer}/with/{}", pointer_step(name)));
        format!("{}:{}", text(name), range(span))
    });
    let mut expressions = Expressions { map, node: pointer, found: Vec::new() };
    node.with.iter().for_each(|(name, value)| expressions.value(value, &format!("/with/{}", pointer_step(name))));
    if let Some(when) = node.retry.as_ref().and_then(|retry| retry.when.as_ref()) {
        expressions.text(when, "/retry/when");
    }
    let (id, span) = (text(&node.id), range(map.span(pointer)));
    let with = with.collect::<Vec<_>>().join(",");
    format!("{{\"id\":{id},\"span\":{span},\"with\":{{{with}}},\"expressions\":[{}]}}", expressions.found.join(","))
}

/// The expressions of one node, in the order in which they stand there.
struct Expressions<'a> {
    map: &'a SourceMap,
    /// The node's pointer.
    node: &'a str,
    found: Vec<String>,
}

impl Expressions<'_> {
    fn value(&mut self, json: &Json, at: &str) {
        match json {
            Json::String(text) => self.text(text, at),
            Json::List(items) => items.iter().enumerate().for_each(|(ix, item)| self.value(item, &format!("{at}/{ix}"))),
            Json::Object(members) => {
                members.iter().for_each(|(name, value)| self.value(value, &format!("{at}/{}", pointer_step(name))))
            }
            Json::Null | Json::Bool(_) | Json::Number(_) => {}
        }
    }

    fn text(&mut self, template: &str, at: &str) {
        let pieces = if template.contains("{{") { split(template).unwrap_or_default() } else { Vec::new() };
        for piece in pieces {
            let Piece::Expr { span, .. } = piece else { continue };
            let span = range(self.map.inside(&format!("{}{at}", self.node), span));
            self.found.push(format!("{{\"at\":{},\"span\":{span}}}", text(at)));
        }
    }
}

fn range(span: Span) -> String {
    format!("[{},{}]", span.start, span.end)
}

fn text(text: &str) -> String {
    let mut out = String::new();
    writer::string(text, &mut out);
    out
}
