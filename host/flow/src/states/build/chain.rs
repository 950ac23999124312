//! Actions one after the other, each seeing the data as the one before it left them.

use super::super::read::Action;
use super::Builder;
use super::node::{member, object, text};
use crate::located::{Located, Member, Shape};
use loomwork_diagnostic::{Diagnostic, nearest};

/// Where the next node is wired to.
pub(super) struct At {
    pub node: String,
    pub port: String,
}

/// How far actions have come.
pub(super) struct Chain {
    pub at: At,
    /// The node that holds the machine's data.
    pub data: String,
    /// The node that holds the event's payload.
    event: Option<String>,
}

impl Chain {
    pub fn begin(at: At, data: &str, event: Option<&str>) -> Self {
        Self { at, data: data.to_owned(), event: event.map(str::to_owned) }
    }
}

impl Builder<'_, '_> {
    /// Appends actions; one that fails goes on at `failed`.
    pub(super) fn actions(&mut self, chain: &mut Chain, actions: &[Action], id: &str, scope: Option<&str>, failed: Option<&str>) {
        for (place, action) in actions.iter().enumerate() {
            let own = action.id.clone().unwrap_or_else(|| format!("{id}{place}"));
            let mut members = match action.uses.as_str() {
                "set" => self.set(action),
                _ => action.members.clone(),
            };
            members.insert(0, member("id", text(action.span, own.clone())));
            if let Some(scope) = scope {
                members.push(member("in", text(action.span, scope.to_owned())));
            }
            let data = chain.data.clone();
            let mut aliases = vec![("data", data.as_str())];
            aliases.extend(chain.event.as_deref().map(|event| ("event", event)));
            self.push(Located { span: action.span, value: Shape::Object(members) }, &aliases);
            self.wire(action.span, &chain.at.node, &chain.at.port, &own);
            if let Some(failed) = failed {
                self.wire(action.span, &own, "error", failed);
            }
            if action.uses == "set" {
                chain.data = own.clone();
            }
            chain.at = At { node: own, port: "ok".to_owned() };
        }
    }

    /// `set` changes fields of the data: all of them again, in a value of their type.
    fn set(&mut self, action: &Action) -> Vec<Member> {
        let with = action.members.iter().find(|member| member.key == "with").map(|member| &member.value);
        let given = with.map(Located::members).unwrap_or_default();
        for member in given.iter().filter(|member| !self.machine.data.iter().any(|data| data.name == member.key)) {
            let hint = nearest(&member.key, self.machine.data.iter().map(|data| data.name.as_str()));
            let hint = hint.map_or("Declare it in the machine's `data`.".to_owned(), |near| format!("Did you mean `{near}`?"));
            let message = format!("the machine's data have no `{}`", crate::scan::shorten(&member.key));
            self.problems.report(Diagnostic::error("machine.unknown_data", member.key_span, message).hint(hint));
        }
        let field = |name: &str| match given.iter().find(|member| member.key == name) {
            Some(member) => member.value.clone(),
            None => text(action.span, format!("{{{{ data.{name} }}}}")),
        };
        let fields = self.machine.data.iter().map(|data| (data.name.as_str(), field(&data.name))).collect();
        let span = with.map_or(action.span, |with| with.span);
        let with = vec![("of", object(span, fields)), ("type", text(self.machine.data_span, self.data_type()))];
        let mut members: Vec<Member> = action.members.iter().filter(|m| m.key != "with" && m.key != "use").cloned().collect();
        members.push(member("use", text(action.span, "value".to_owned())));
        members.push(member("with", object(span, with)));
        members
    }
}
