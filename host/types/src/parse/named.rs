//! The named types of one flow, which may use each other in any order but not in a circle.

use super::lexer::{Lexer, Token};
use super::{kebab, measured};
use crate::print::KEYWORDS;
use crate::{Labels, Record, Type, Variant};
use loomwork_diagnostic::{Diagnostic, Span};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The flow's own types by WIT name.
#[derive(Clone, Debug, Default)]
pub struct Names {
    types: BTreeMap<Arc<str>, (Type, Measure)>,
}

/// How large a type is, so that types which share parts cannot grow without bound.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Measure {
    pub(super) depth: usize,
    pub(super) parts: usize,
}

impl Names {
    pub fn get(&self, name: &str) -> Option<&Type> {
        self.types.get(name).map(|(ty, _)| ty)
    }

    /// By name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Type)> {
        self.types.iter().map(|(name, (ty, _))| (&**name, ty))
    }

    pub(super) fn find(&self, name: &str) -> Option<&(Type, Measure)> {
        self.types.get(name)
    }
}

/// Reads a flow's named types, given as name and text. Each mistake comes with the index of the type it is in; its span is in that
/// type's text. What could be read is in the names.
pub fn parse_named<'a>(types: impl IntoIterator<Item = (&'a str, &'a str)>) -> (Names, Vec<(usize, Diagnostic)>) {
    let mut names = Names::default();
    let mut mistakes = Vec::new();
    let mut waiting = Vec::new();
    let mut defined = BTreeSet::new();
    for (index, (name, text)) in types.into_iter().enumerate() {
        match named(name, &mut defined) {
            Ok(name) => waiting.push(Waiting { index, name, text, uses: words(text) }),
            Err(diagnostic) => mistakes.push((index, diagnostic)),
        }
    }
    let mut undone = defined;
    while !waiting.is_empty() {
        let (ready, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|one| one.uses.is_disjoint(&undone));
        if ready.is_empty() {
            mistakes.extend(rest.iter().map(|one| (one.index, circle(&one.name))));
            break;
        }
        for one in ready {
            undone.remove(&one.name);
            match measured(one.text, &names) {
                Ok((ty, measure)) => drop(names.types.insert(one.name.as_str().into(), (named_type(ty, &one.name), measure))),
                Err(diagnostic) => mistakes.push((one.index, diagnostic)),
            }
        }
        waiting = rest;
    }
    mistakes.sort_by_key(|(index, _)| *index);
    (names, mistakes)
}

/// A type that waits for those it uses.
struct Waiting<'a> {
    index: usize,
    name: String,
    text: &'a str,
    uses: BTreeSet<String>,
}

fn named(name: &str, defined: &mut BTreeSet<String>) -> Result<String, Diagnostic> {
    let span = Span::default();
    let name = kebab(name, span)?.to_string();
    if KEYWORDS.contains(&name.as_str()) {
        return Err(Diagnostic::error("type.bad_name", span, format!("`{name}` is a type of WIT's own")));
    }
    if crate::well_known(&name).is_some() {
        let diagnostic = Diagnostic::error("type.bad_name", span, format!("`{name}` is a type of `loom:types`"));
        return Err(diagnostic.hint("Use it without defining it, or take another name."));
    }
    if !defined.insert(name.clone()) {
        return Err(Diagnostic::error("type.duplicate_name", span, format!("type `{name}` is defined twice")));
    }
    Ok(name)
}

/// The words in type positions: between braces only those after `:`, elsewhere all.
fn words(text: &str) -> BTreeSet<String> {
    let mut words = BTreeSet::new();
    let mut lexer = Lexer::new(text);
    let mut open = Vec::new();
    let mut before = Token::End;
    while let Ok((token, _)) = lexer.next() {
        match token {
            Token::Sign(sign @ ('{' | '<' | '(')) => open.push(sign),
            Token::Sign('}' | '>' | ')') => drop(open.pop()),
            Token::Word(word) if open.last() != Some(&'{') || before == Token::Sign(':') => {
                words.insert(word.strip_prefix('%').unwrap_or(word).replace('_', "-"));
            }
            Token::End => break,
            _ => {}
        }
        before = token;
    }
    words
}

fn circle(name: &str) -> Diagnostic {
    let message = format!("type `{name}` holds itself, or waits for a type that does");
    Diagnostic::error("type.cycle", Span::default(), message).hint("Use `json` where the circle should be cut.")
}

/// Gives a record, variant, enum or flags its name, unless it is another name for a type that has one.
fn named_type(ty: Type, name: &str) -> Type {
    let name = || Some(Arc::from(name));
    match ty {
        Type::Record(of) if of.name.is_none() => Type::Record(Arc::new(Record { name: name(), fields: of.fields.clone() })),
        Type::Variant(of) if of.name.is_none() => Type::Variant(Arc::new(Variant { name: name(), cases: of.cases.clone() })),
        Type::Enum(of) if of.name.is_none() => Type::Enum(Arc::new(Labels { name: name(), labels: of.labels.clone() })),
        Type::Flags(of) if of.name.is_none() => Type::Flags(Arc::new(Labels { name: name(), labels: of.labels.clone() })),
        ty => ty,
    }
}
