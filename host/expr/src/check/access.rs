//! Fields and elements: `a.b`, `a.?b`, `a[b]`, `a[?b]`, `has(a.b)`.

use super::facts::Fact;
use super::name::{Start, chain};
use super::report::with_hint;
use super::{Checker, constant};
use crate::Ty;
use crate::ast::{Expr, ExprKind};
use crate::ir::{BinaryOp, Kind, Node};
use loomwork_diagnostic::{Diagnostic, Span, nearest};
use loomwork_value::Value;
use std::sync::Arc;

/// Why a value of a type has no such part.
enum NoPart {
    Field,
    Null,
    Type,
}

impl Checker<'_> {
    pub(super) fn select(&mut self, operand: Node, field: &Arc<str>, optional: bool, span: Span) -> Node {
        match self.field_ty(&operand.ty, field, optional) {
            Ok(Ty::Nullable(inner)) if optional && self.is_record(&operand.ty) => self.null_as_none(operand, field, &inner, span),
            Ok(ty) if optional => {
                let ty = Ty::optional(ty);
                Node { kind: Kind::OptSelect { operand: Box::new(operand), field: field.clone() }, ty, span }
            }
            Ok(ty) => {
                let ty = if matches!(operand.ty, Ty::Optional(_)) { Ty::optional(ty) } else { ty };
                self.narrowed(Node { kind: Kind::Select { operand: Box::new(operand), field: field.clone() }, ty, span })
            }
            Err(reason) => self.no_part(&reason, &operand, field, span),
        }
    }

    /// The type of a field; of an optional, that of the field of what it holds.
    fn field_ty(&self, ty: &Ty, field: &str, optional: bool) -> Result<Ty, NoPart> {
        match ty {
            Ty::Dyn => Ok(Ty::Dyn),
            Ty::Map(key, value) if matches!(**key, Ty::String | Ty::Dyn) => Ok((**value).clone()),
            Ty::Map(..) if self.strict() => Ok(Ty::Dyn),
            Ty::Record(_) => match ty.field(field) {
                Some(ty) => Ok(ty.clone()),
                None if self.strict() => Ok(Ty::Dyn),
                None => Err(NoPart::Field),
            },
            Ty::Optional(inner) => self.field_ty(inner, field, true),
            Ty::Nullable(inner) if optional || self.strict() => self.field_ty(inner, field, optional),
            Ty::Null if optional => Ok(Ty::Dyn),
            Ty::Nullable(_) => Err(NoPart::Null),
            _ => Err(NoPart::Type),
        }
    }

    /// In templates a WIT option is absent or null: both are none.
    fn is_record(&self, ty: &Ty) -> bool {
        !self.strict() && matches!(ty, Ty::Record(_))
    }

    /// `record.?field` of a field that may be null.
    fn null_as_none(&mut self, operand: Node, field: &Arc<str>, inner: &Arc<Ty>, span: Span) -> Node {
        let ty = Ty::Nullable(inner.clone());
        let value = self.narrowed(Node { kind: Kind::Select { operand: Box::new(operand), field: field.clone() }, ty, span });
        self.optional_of_nullable(value, inner, span)
    }

    fn no_part(&mut self, reason: &NoPart, operand: &Node, field: &str, span: Span) -> Node {
        match reason {
            NoPart::Null => self.maybe_null(operand),
            NoPart::Type => {
                let message = format!("{} has no field `{field}`", operand.ty);
                self.problem(Diagnostic::error("expr.no_such_field", span, message))
            }
            NoPart::Field => {
                let record = match &operand.ty {
                    Ty::Optional(inner) | Ty::Nullable(inner) => (**inner).clone(),
                    ty => ty.clone(),
                };
                let Ty::Record(fields) = &record else { return self.maybe_null(operand) };
                let meant = nearest(field, fields.iter().map(|(name, _)| &**name));
                let hint = meant.map(|meant| format!("Did you mean `{meant}`?")).or_else(|| listed(fields));
                let error = Diagnostic::error("expr.no_such_field", span, format!("there is no field `{field}`"));
                self.problem(with_hint(error, hint))
            }
        }
    }

    pub(super) fn index(&mut self, operand: &Expr, index: &Expr, optional: bool, span: Span) -> Node {
        let operand = self.expr(operand);
        let index = self.expr(index);
        if let (Ty::Record(_), Kind::Const(Value::String(field))) = (&operand.ty, &index.kind) {
            let field = field.clone();
            return self.select(operand, &field, optional, span);
        }
        let Some(ty) = self.element_ty(&operand.ty, &index.ty, optional) else {
            if matches!(operand.ty, Ty::Nullable(_)) && !self.strict() {
                return self.maybe_null(&operand);
            }
            return self.no_overload("[]", &[&operand.ty, &index.ty], span);
        };
        let wraps = optional || matches!(operand.ty, Ty::Optional(_));
        let ty = if wraps { Ty::optional(ty) } else { ty };
        let (operand, index) = (Box::new(operand), Box::new(index));
        let kind = if optional { Kind::OptIndex { operand, index } } else { Kind::Index { operand, index } };
        Node { kind, ty, span }
    }

    /// The type of an element, if there can be one.
    fn element_ty(&self, ty: &Ty, index: &Ty, optional: bool) -> Option<Ty> {
        match ty {
            Ty::Dyn | Ty::Record(_) => Some(Ty::Dyn),
            Ty::List(element) => {
                let fits = matches!(index, Ty::Int | Ty::Uint | Ty::Dyn) || self.strict() && *index == Ty::Double;
                fits.then(|| (**element).clone())
            }
            Ty::Map(key, value) => {
                let fits = index == &**key || *index == Ty::Dyn || **key == Ty::Dyn || index.is_number() && key.is_number();
                fits.then(|| (**value).clone())
            }
            Ty::Optional(inner) => self.element_ty(inner, index, true),
            Ty::Nullable(inner) if optional || self.strict() => self.element_ty(inner, index, optional),
            Ty::Null if optional => Some(Ty::Dyn),
            _ => None,
        }
    }

    /// `has(expr)`
    pub(super) fn has(&mut self, expr: &Expr, span: Span) -> Node {
        let ExprKind::Select { operand, field, optional } = &expr.kind else {
            let error = Diagnostic::error("expr.macro", span, "has() asks for a field");
            return self.mistake(error.hint("Write has(a.b)."));
        };
        if *optional {
            let found = self.expr(expr);
            return super::library("hasValue", true, vec![found], Ty::Bool, span);
        }
        match self.guarded_root(expr) {
            Some((root, true)) => Node { kind: Kind::HasRoot(root), ty: Ty::Bool, span },
            Some((root, false)) => {
                let guard = Node { kind: Kind::HasRoot(root), ty: Ty::Bool, span };
                let has = self.knowing(vec![Fact::Present(root)], |own| own.has_in(operand, field, span));
                Node { kind: Kind::And(Box::new(guard), Box::new(has)), ty: Ty::Bool, span }
            }
            None => self.has_in(operand, field, span),
        }
    }

    /// The root that the path begins with, if it must be asked for, and whether it is the whole path.
    fn guarded_root(&self, expr: &Expr) -> Option<(u32, bool)> {
        let (Start::Name { name, rooted }, _, segments) = chain(expr) else { return None };
        if !rooted && self.variable(name).is_some() || segments.iter().any(|segment| segment.optional) {
            return None;
        }
        let resolved = self.resolve(name, &segments)?;
        let whole = resolved.consumed == segments.len() + 1;
        let open = !resolved.certain && !self.strict() && !self.is_present(resolved.root);
        (whole || open).then_some((resolved.root, whole))
    }

    fn has_in(&mut self, operand: &Expr, field: &Arc<str>, span: Span) -> Node {
        let operand = self.expr(operand);
        self.has_field(operand, field, span)
    }

    fn has_field(&mut self, operand: Node, field: &Arc<str>, span: Span) -> Node {
        match &operand.ty {
            Ty::Nullable(inner) if !self.strict() => {
                let inner = Node { ty: (**inner).clone(), ..operand.clone() };
                let guard = is_not_null(operand, span);
                let has = self.has_field(inner, field, span);
                Node { kind: Kind::And(Box::new(guard), Box::new(has)), ty: Ty::Bool, span }
            }
            Ty::Record(_) if matches!(operand.ty.field(field), Some(Ty::Nullable(_))) && !self.strict() => {
                let ty = operand.ty.field(field).cloned().unwrap_or(Ty::Dyn);
                is_not_null(Node { kind: Kind::Select { operand: Box::new(operand), field: field.clone() }, ty, span }, span)
            }
            ty => match self.field_ty(ty, field, false) {
                Ok(_) => Node { kind: Kind::Has { operand: Box::new(operand), field: field.clone() }, ty: Ty::Bool, span },
                Err(reason) => self.no_part(&reason, &operand, field, span),
            },
        }
    }
}

pub(super) fn is_not_null(node: Node, span: Span) -> Node {
    let null = constant(Value::Null, span);
    let kind = Kind::Binary { op: BinaryOp::NotEqual, left: Box::new(node), right: Box::new(null) };
    Node { kind, ty: Ty::Bool, span }
}

fn listed(fields: &[(Arc<str>, Ty)]) -> Option<String> {
    let names: Vec<String> = fields.iter().take(8).map(|(name, _)| format!("`{name}`")).collect();
    (!names.is_empty()).then(|| format!("It has {}.", names.join(", ")))
}
