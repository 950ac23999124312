//! Parameters with expressions in them, built against the type that is expected: `flow.type_mismatch`, `flow.no_text`.

use super::expression::Source;
use super::infer::{list_of, record, type_of};
use super::params::Slot;
use super::{Builder, Spot};
use crate::plan::{Part, Template};
use crate::report::{brief, listed};
use loomwork_expr::ir::Checked;
use loomwork_expr::template::{Piece, split};
use loomwork_expr::{Fit, Ty, fits};
use loomwork_flow::{Json, pointer_step};
use loomwork_types::{Field, Type, short};

/// A template with the type of what it gives.
pub(super) struct Built {
    pub template: Template,
    pub ty: Type,
}

impl Builder<'_, '_, '_> {
    /// Checks a value that may hold expressions at any depth. Without an expected type, anything goes and the type is worked out.
    pub(super) fn template(&mut self, json: &Json, expected: Option<&Type>, pointer: &str, spot: Spot) -> Option<Built> {
        match json {
            Json::String(text) if text.contains("{{") => self.text(text, expected, pointer, spot),
            Json::List(items) if holds_templates(json) => self.list(items, expected, pointer, spot),
            Json::Object(members) if holds_templates(json) => self.object(members, expected, pointer, spot),
            _ => self.literal(json, expected, pointer),
        }
    }

    fn text(&mut self, text: &str, expected: Option<&Type>, pointer: &str, spot: Spot) -> Option<Built> {
        let pieces = match split(text) {
            Ok(pieces) => pieces,
            Err(diagnostic) => {
                self.report.inner(pointer, 0, vec![diagnostic]);
                return None;
            }
        };
        match pieces.as_slice() {
            [Piece::Expr { source, span }] => {
                let source_at = Source { pointer, offset: span.start as usize };
                let value = self.expression(source, source_at, spot)?;
                self.whole(value, expected, pointer)
            }
            pieces if pieces.iter().all(|piece| matches!(piece, Piece::Text(_))) => {
                let text: String = pieces
                    .iter()
                    .map(|piece| match piece {
                        Piece::Text(text) => &**text,
                        Piece::Expr { .. } => "",
                    })
                    .collect();
                self.literal(&Json::String(text), expected, pointer)
            }
            pieces => self.mixed(pieces, expected, pointer, spot),
        }
    }

    /// Exactly `{{ expr }}`: the value keeps its type.
    fn whole(&mut self, value: Checked, expected: Option<&Type>, pointer: &str) -> Option<Built> {
        let Some(expected) = expected else {
            let ty = type_of(&value.root.ty);
            return Some(Built { template: Template::Expr { value, ty: ty.clone() }, ty });
        };
        if fits(&value.root.ty, expected) == Fit::No {
            let found = match &value.root.ty {
                Ty::Optional(_) => "an optional value; add `.orValue(…)`".to_owned(),
                ty => named(&type_of(ty)),
            };
            self.mismatch(pointer, expected, &found);
            return None;
        }
        Some(Built { template: Template::Expr { value, ty: expected.clone() }, ty: expected.clone() })
    }

    /// Text with expressions in it.
    fn mixed(&mut self, pieces: &[Piece], expected: Option<&Type>, pointer: &str, spot: Spot) -> Option<Built> {
        let ty = expected.cloned().unwrap_or(Type::String);
        if !takes_text(&ty) {
            self.mismatch(pointer, &ty, "text: other words stand around `{{ … }}`");
        }
        let mut parts = Vec::new();
        let mut sound = takes_text(&ty);
        for piece in pieces {
            match piece {
                Piece::Text(text) => parts.push(Part::Text(text.as_str().into())),
                Piece::Expr { source, span } => {
                    let offset = span.start as usize;
                    let value = self.expression(source, Source { pointer, offset }, spot);
                    let value = value.filter(|value| self.is_text(value, pointer, offset, source.len()));
                    sound &= value.is_some();
                    parts.extend(value.map(Part::Expr));
                }
            }
        }
        sound.then_some(Built { template: Template::Text(parts), ty })
    }

    /// Null, and what may be null or none, has no text.
    fn is_text(&mut self, value: &Checked, pointer: &str, offset: usize, len: usize) -> bool {
        let what = match value.root.ty {
            Ty::Null => "null has no text",
            Ty::Nullable(_) => "this may be null, which has no text",
            Ty::Optional(_) => "this may be none, which has no text",
            Ty::Bytes => "bytes have no text",
            Ty::Type => "a type has no text",
            _ => return true,
        };
        let span = self.report.inside(pointer, loomwork_diagnostic::Span::new(offset, offset + len));
        let hint = "Say what should stand there instead: `{{ x != null ? x : \"none\" }}`, or `.orValue(\"none\")`.";
        self.report.push(loomwork_diagnostic::Diagnostic::error("flow.no_text", span, what).hint(hint));
        false
    }

    fn list(&mut self, items: &[Json], expected: Option<&Type>, pointer: &str, spot: Spot) -> Option<Built> {
        let element = |ix: usize| match expected.map(inner) {
            Some(Type::List(of)) => Some(Some((**of).clone())),
            Some(Type::Tuple(of)) => of.get(ix).cloned().map(Some),
            Some(Type::Json) => Some(Some(Type::Json)),
            None => Some(None),
            Some(_) => None,
        };
        let right_length = !matches!(expected.map(inner), Some(Type::Tuple(of)) if of.len() != items.len());
        let elements: Option<Vec<Option<Type>>> = (0..items.len()).map(element).collect();
        let Some(elements) = elements.filter(|_| right_length) else {
            self.mismatch(pointer, expected.unwrap_or(&Type::Json), "a list");
            return None;
        };
        let mut built = Vec::new();
        for (ix, (item, ty)) in items.iter().zip(elements).enumerate() {
            built.push(self.template(item, ty.as_ref(), &format!("{pointer}/{ix}"), spot));
        }
        let built: Vec<Built> = built.into_iter().collect::<Option<_>>()?;
        let ty = expected.cloned().unwrap_or_else(|| list_of(built.iter().map(|one| one.ty.clone())));
        Some(Built { template: Template::List(built.into_iter().map(|one| one.template).collect()), ty })
    }

    fn object(&mut self, members: &[(String, Json)], expected: Option<&Type>, pointer: &str, spot: Spot) -> Option<Built> {
        match expected.map(inner) {
            None | Some(Type::Json) => self.free_object(members, expected.is_some(), pointer, spot),
            Some(Type::Record(of)) => {
                let template = self.record(members, &of.fields, pointer, spot)?;
                Some(Built { template, ty: expected.cloned().unwrap_or(Type::Json) })
            }
            Some(Type::Variant(of)) => self.one_case(members, pointer, spot, expected, |name| {
                of.cases.iter().find(|case| *case.json == *name).and_then(|case| case.ty.clone())
            }),
            Some(Type::Result(of)) => self.one_case(members, pointer, spot, expected, |name| match name {
                "ok" => of.ok.clone(),
                "err" => of.err.clone(),
                _ => None,
            }),
            Some(Type::Option(of)) => {
                self.one_case(members, pointer, spot, expected, |name| (name == "some").then(|| (**of).clone()))
            }
            Some(_) => {
                self.mismatch(pointer, expected.unwrap_or(&Type::Json), "an object");
                None
            }
        }
    }

    /// Members as they come. With `json` expected each is `json`, else each has its own type.
    pub(super) fn free_object(&mut self, members: &[(String, Json)], json: bool, pointer: &str, spot: Spot) -> Option<Built> {
        let mut built = Vec::new();
        for (name, value) in members {
            let expected = json.then_some(&Type::Json);
            built.push((name, self.template(value, expected, &format!("{pointer}/{}", pointer_step(name)), spot)));
        }
        let built: Vec<(&String, Built)> = built.into_iter().map(|(name, one)| Some((name, one?))).collect::<Option<_>>()?;
        let ty = match json {
            true => Type::Json,
            false => record(built.iter().map(|(name, one)| (name.as_str(), one.ty.clone()))),
        };
        let fields = built.into_iter().map(|(name, one)| (name.as_str().into(), one.template)).collect();
        Some(Built { template: Template::Record(fields), ty })
    }

    /// Members by the fields of a record: in the record's order, options filled up with null.
    pub(super) fn record(&mut self, members: &[(String, Json)], fields: &[Field], pointer: &str, spot: Spot) -> Option<Template> {
        for (name, _) in members.iter().filter(|(name, _)| !fields.iter().any(|field| *field.json == **name)) {
            let names = || fields.iter().map(|field| &*field.json);
            let hint = self.report.did_you_mean(name, names()).unwrap_or_else(|| match fields {
                [] => "There are none.".to_owned(),
                _ => format!("There are {}.", listed(names())),
            });
            let at = format!("{pointer}/{}", pointer_step(name));
            self.report.error_name("flow.unknown_parameter", &at, format!("there is no `{}` here", brief(name)), hint);
        }
        let mut built = Vec::new();
        for field in fields {
            let member = members.iter().find(|(name, _)| **name == *field.json);
            built.push(match member {
                Some((name, value)) => {
                    let at = format!("{pointer}/{}", pointer_step(name));
                    self.template(value, Some(&field.ty), &at, spot).map(|one| (field.json.clone(), one.template))
                }
                None if matches!(field.ty, Type::Option(_)) => Some((field.json.clone(), Template::Literal("null".into()))),
                None => {
                    self.missing(&Slot { name: &field.json, what: &format!("of type `{}`", short(&field.ty)) }, pointer);
                    None
                }
            });
        }
        Some(Template::Record(built.into_iter().collect::<Option<_>>()?))
    }

    /// `{"case": payload}`
    fn one_case(
        &mut self,
        members: &[(String, Json)],
        pointer: &str,
        spot: Spot,
        expected: Option<&Type>,
        payload: impl Fn(&str) -> Option<Type>,
    ) -> Option<Built> {
        let expected = expected.unwrap_or(&Type::Json);
        let [(name, value)] = members else {
            self.mismatch(pointer, expected, "an object that is not one `{\"case\": payload}`");
            return None;
        };
        let Some(ty) = payload(name) else {
            self.mismatch(pointer, expected, &format!("`{}`, which is none of its cases with a payload", brief(name)));
            return None;
        };
        let built = self.template(value, Some(&ty), &format!("{pointer}/{}", pointer_step(name)), spot)?;
        let template = Template::Record(vec![(name.as_str().into(), built.template)]);
        Some(Built { template, ty: expected.clone() })
    }

    pub(super) fn mismatch(&mut self, pointer: &str, expected: &Type, found: &str) {
        let message = format!("expected {}, found {found}", named(expected));
        self.report.error("flow.type_mismatch", pointer, message);
    }
}

/// A type for a message: in words, and as written where that says more.
fn named(ty: &Type) -> String {
    match ty {
        Type::List(_) | Type::Option(_) | Type::Record(_) | Type::Tuple(_) => format!("{} (`{}`)", ty.noun(), short(ty)),
        _ => ty.noun().to_owned(),
    }
}

/// The text of the single expression that a template is, and where it begins.
pub(crate) fn single_expression(text: &str) -> Option<(&str, usize)> {
    match split(text).ok()?.as_slice() {
        [Piece::Expr { span, .. }] => Some((text.get(span.start as usize..span.end as usize)?, span.start as usize)),
        _ => None,
    }
}

fn holds_templates(json: &Json) -> bool {
    match json {
        Json::String(text) => text.contains("{{"),
        Json::List(items) => items.iter().any(holds_templates),
        Json::Object(members) => members.iter().any(|(_, value)| holds_templates(value)),
        Json::Null | Json::Bool(_) | Json::Number(_) => false,
    }
}

/// What is inside an option whose value is written without `some`.
fn inner(ty: &Type) -> &Type {
    match ty {
        Type::Option(of) if !of.may_be_null() => of,
        _ => ty,
    }
}

/// Types whose JSON may be a text put together when it runs.
fn takes_text(ty: &Type) -> bool {
    match ty {
        Type::String | Type::Json | Type::Char | Type::Datetime | Type::Duration | Type::Enum(_) => true,
        Type::Option(of) => !of.may_be_null() && takes_text(of) || **of == Type::Json,
        _ => false,
    }
}
