//! Nodes, wires and the JSON they are made of, each at the place of the part that asks for it.

use super::super::read::Transition;
use super::Builder;
use crate::located::{Located, Member, Shape};
use loomwork_diagnostic::Span;

impl Builder<'_, '_> {
    pub(super) fn push(&mut self, node: Located, aliases: &[(&str, &str)]) {
        self.nodes.push(node);
        self.aliases.push(aliases.iter().map(|(name, node)| ((*name).to_owned(), (*node).to_owned())).collect());
    }

    pub(super) fn node(
        &mut self,
        id: &str,
        scope: Option<&str>,
        span: Span,
        uses: &str,
        with: Vec<(&str, Located)>,
        aliases: &[(&str, &str)],
    ) {
        self.push(node(id, scope, span, uses, with), aliases);
    }

    /// A value of a type.
    pub(super) fn value(&mut self, id: &str, scope: Option<&str>, span: Span, of: Located, ty: &str, aliases: &[(&str, &str)]) {
        let with = vec![("of", of), ("type", text(span, ty.to_owned()))];
        self.node(id, scope, span, "value", with, aliases);
    }

    /// A value of the type that the machine's data have.
    pub(super) fn data(&mut self, id: &str, scope: Option<&str>, span: Span, of: Located) {
        let ty = text(self.machine.data_span, self.data_type());
        self.node(id, scope, span, "value", vec![("of", of), ("type", ty)], &[]);
    }

    /// A node whose value can be the round's result.
    pub(super) fn result(&mut self, id: &str, of: Located, aliases: &[(&str, &str)]) {
        self.results.push(id.to_owned());
        let span = of.span;
        self.value(id, Some("_machine"), span, of, "json", aliases);
    }

    /// A branch with cases by name and condition.
    pub(super) fn branch(
        &mut self,
        id: &str,
        scope: Option<&str>,
        span: Span,
        cases: Vec<(String, String)>,
        aliases: &[(&str, &str)],
    ) {
        let case = |(name, when): (String, String)| object(span, vec![("name", text(span, name)), ("when", text(span, when))]);
        let cases = list(span, cases.into_iter().map(case).collect());
        self.node(id, scope, span, "branch", vec![("cases", cases)], aliases);
    }

    /// A branch by the guards of transitions, each at its own place.
    pub(super) fn guards(&mut self, id: &str, span: Span, of: &[(usize, &Transition)], aliases: &[(&str, &str)]) {
        let case = |(place, transition): &(usize, &Transition)| {
            let when = transition.when.clone().unwrap_or_else(|| text(transition.span, "{{ true }}".to_owned()));
            object(transition.span, vec![("name", text(transition.span, format!("t{place}"))), ("when", when)])
        };
        let cases = list(span, of.iter().map(case).collect());
        self.node(id, Some("_machine"), span, "branch", vec![("cases", cases)], aliases);
    }

    pub(super) fn wire(&mut self, span: Span, from: &str, port: &str, to: &str) {
        let mut members = vec![("from", text(span, from.to_owned()))];
        if port != "ok" {
            members.push(("port", text(span, port.to_owned())));
        }
        members.push(("to", text(span, to.to_owned())));
        self.wires.push(object(span, members));
    }
}

fn node(id: &str, scope: Option<&str>, span: Span, uses: &str, with: Vec<(&str, Located)>) -> Located {
    let mut members = vec![("id", text(span, id.to_owned())), ("use", text(span, uses.to_owned()))];
    members.extend(scope.map(|scope| ("in", text(span, scope.to_owned()))));
    members.push(("with", object(span, with)));
    object(span, members)
}

pub(super) fn text(span: Span, text: String) -> Located {
    Located { span, value: Shape::String(text) }
}

pub(super) fn number(span: Span, digits: &str) -> Located {
    Located { span, value: Shape::Number(digits.to_owned()) }
}

pub(super) fn list(span: Span, items: Vec<Located>) -> Located {
    Located { span, value: Shape::List(items) }
}

pub(super) fn object(span: Span, members: Vec<(&str, Located)>) -> Located {
    Located { span, value: Shape::Object(members.into_iter().map(|(name, value)| member(name, value)).collect()) }
}

pub(super) fn member(name: &str, value: Located) -> Member {
    Member { key: name.to_owned(), key_span: value.span, value }
}
