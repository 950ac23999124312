//! WIT type syntax: `record { sku: string, quantity: u32 }`, `list<line>`, `option<u8>`.
//!
//! Beyond WIT: records, variants, enums and flags may stand anywhere, the types of `loom:types` (`json`, `datetime`, …) need no `use`, and
//! `@json("unitPrice") unit-price: f64` gives a field, case or name another JSON name. `snake_case` is read as `kebab-case`.

mod lexer;
mod named;

pub use named::{Names, parse_named};

use crate::names::{snake, suggest};
use crate::print::{KEYWORDS, WORDS};
use crate::{Case, Field, Labels, MAX_DEPTH, Record, Type, Variant, well_known};
use lexer::{Lexer, Token};
use loomwork_diagnostic::{Diagnostic, Span};
use named::Measure;
use std::sync::Arc;

/// The longest text of one type, in bytes.
const MOST_TEXT: usize = 64 << 10;

/// How many types one type may hold in all, each use of a name counted in full.
const MOST_PARTS: usize = 10_000;

/// More than any of the well-known types has.
const WELL_KNOWN: Measure = Measure { depth: 4, parts: 16 };

/// Reads one type; `names` are the flow's own. The first mistake is the only one told.
pub fn parse(text: &str, names: &Names) -> Result<Type, Vec<Diagnostic>> {
    measured(text, names).map(|(ty, _)| ty).map_err(|diagnostic| vec![diagnostic])
}

fn measured(text: &str, names: &Names) -> Result<(Type, Measure), Diagnostic> {
    if text.len() > MOST_TEXT {
        return Err(Diagnostic::error("type.too_large", Span::new(0, 0), "the type's text is longer than 64 KiB"));
    }
    let mut parser = Parser { lexer: Lexer::new(text), names, depth: 0, measure: Measure::default() };
    let ty = parser.ty()?;
    match parser.lexer.next()? {
        (Token::End, _) => Ok((ty, parser.measure)),
        (_, span) => Err(syntax(span, "something follows the type")),
    }
}

fn syntax(span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic::error("type.syntax", span, message)
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    names: &'a Names,
    depth: usize,
    measure: Measure,
}

/// The beginning of a field, case or label.
struct Head {
    name: Arc<str>,
    json: Arc<str>,
    docs: Option<Arc<str>>,
    span: Span,
}

type Parsed<T> = Result<T, Diagnostic>;

impl Parser<'_> {
    fn ty(&mut self) -> Parsed<Type> {
        let (token, span) = self.lexer.next()?;
        let Token::Word(word) = token else { return Err(syntax(span, "expected a type")) };
        self.count(span, Measure { depth: 0, parts: 1 })?;
        self.depth += 1;
        let ty = self.after(word, span)?;
        self.depth -= 1;
        Ok(ty)
    }

    /// Adds what was read to the measure, and refuses what is too deep or too large.
    fn count(&mut self, span: Span, part: Measure) -> Parsed<()> {
        self.measure.parts += part.parts;
        self.measure.depth = self.measure.depth.max(self.depth + part.depth);
        if self.measure.depth >= MAX_DEPTH {
            return Err(Diagnostic::error("type.too_deep", span, "the type is nested too deeply"));
        }
        if self.measure.parts > MOST_PARTS {
            return Err(Diagnostic::error("type.too_large", span, "the type has more than 10 000 parts"));
        }
        Ok(())
    }

    fn after(&mut self, word: &str, span: Span) -> Parsed<Type> {
        match word {
            "list" => self.angled(span, 1..=1).map(|mut of| Type::list(of.remove(0))),
            "option" => self.angled(span, 1..=1).map(|mut of| Type::option(of.remove(0))),
            "tuple" => self.angled(span, 1..=64).map(Type::tuple),
            "result" => self.result(),
            "record" => self.record(span),
            "variant" => self.variant(span),
            "enum" => Ok(Type::Enum(Arc::new(self.labels("an enum", span)?))),
            "flags" => Ok(Type::Flags(Arc::new(self.labels("flags", span)?))),
            _ => match KEYWORDS.iter().position(|keyword| *keyword == word).and_then(|place| WORDS.get(place)) {
                Some(scalar) => Ok(scalar.clone()),
                None => self.named(word, span),
            },
        }
    }

    fn named(&mut self, word: &str, span: Span) -> Parsed<Type> {
        let name = word.strip_prefix('%').unwrap_or(word).replace('_', "-");
        if let Some((ty, measure)) = self.names.find(&name) {
            let (ty, measure) = (ty.clone(), *measure);
            self.count(span, measure)?;
            return Ok(ty);
        }
        if let Some(ty) = well_known(&name) {
            self.count(span, WELL_KNOWN)?;
            return Ok(ty);
        }
        let diagnostic = Diagnostic::error("type.unknown_type", span, format!("there is no type `{word}`"));
        let hint = match word {
            "int" | "integer" | "i64" => "Write `s64`, or `u32` and the like for smaller numbers.".into(),
            "i32" => "Write `s32`.".into(),
            "float" | "number" | "double" => "Write `f64`.".into(),
            "boolean" => "Write `bool`.".into(),
            "str" | "text" => "Write `string`.".into(),
            "bytes" => "Write `list<u8>`, or `blob` for large data.".into(),
            "any" | "object" | "map" | "dict" => "Write `json`, or a `record { … }` with its fields.".into(),
            "array" => "Write `list<…>`.".into(),
            "date" | "time" | "timestamp" => "Write `datetime`.".into(),
            _ => match suggest(
                word,
                KEYWORDS[..25].iter().chain(&well_known::NAMES).copied().chain(self.names.iter().map(|(name, _)| name)),
            ) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => "Add it to the flow's `types`, or use one of WIT's.".into(),
            },
        };
        Err(diagnostic.hint(hint))
    }

    fn angled(&mut self, span: Span, count: std::ops::RangeInclusive<usize>) -> Parsed<Vec<Type>> {
        self.expect('<', "`<`")?;
        let mut of = vec![self.ty()?];
        while self.comma('>')? {
            of.push(self.ty()?);
        }
        if !count.contains(&of.len()) {
            return Err(syntax(
                span,
                format!("it takes {} type{}", count.end(), if *count.end() == 1 { "" } else { "s at most" }),
            ));
        }
        Ok(of)
    }

    /// `result`, `result<T>`, `result<T, E>`, `result<_, E>`.
    fn result(&mut self) -> Parsed<Type> {
        if !self.lexer.take('<')? {
            return Ok(Type::result(None, None));
        }
        let ok = if self.lexer.take_word("_")? { None } else { Some(self.ty()?) };
        let err = if self.comma('>')? { Some(self.ty()?) } else { None };
        if err.is_some() && self.comma('>')? {
            let (_, span) = self.lexer.next()?;
            return Err(syntax(span, "a result takes two types at most"));
        }
        Ok(Type::result(ok, err))
    }

    fn record(&mut self, span: Span) -> Parsed<Type> {
        let mut fields = Vec::new();
        self.braced(span, "a record", |parser, head| {
            parser.expect(':', "`:` and the field's type")?;
            let ty = parser.ty()?;
            fields.push(Field { name: head.name, json: head.json, ty, docs: head.docs });
            Ok(())
        })?;
        Ok(Type::Record(Arc::new(Record { name: None, fields })))
    }

    fn variant(&mut self, span: Span) -> Parsed<Type> {
        let mut cases = Vec::new();
        self.braced(span, "a variant", |parser, head| {
            let ty = if parser.lexer.take('(')? { Some(parser.ty()?) } else { None };
            if ty.is_some() {
                parser.expect(')', "`)`")?;
            }
            cases.push(Case { name: head.name, json: head.json, ty, docs: head.docs });
            Ok(())
        })?;
        Ok(Type::Variant(Arc::new(Variant { name: None, cases })))
    }

    fn labels(&mut self, what: &str, span: Span) -> Parsed<Labels> {
        let mut labels = Vec::new();
        self.braced(span, what, |_, head| {
            labels.push((head.name, head.json));
            Ok(())
        })?;
        Ok(Labels { name: None, labels })
    }

    /// Items between braces, a comma between them and one more allowed at the end.
    fn braced(&mut self, span: Span, what: &str, mut item: impl FnMut(&mut Self, Head) -> Parsed<()>) -> Parsed<()> {
        self.expect('{', "`{`")?;
        let mut seen = std::collections::BTreeSet::new();
        let mut more = !self.lexer.take('}')?;
        if !more && what != "a record" {
            return Err(Diagnostic::error("type.empty", span, format!("{what} needs at least one name")));
        }
        while more {
            let head = self.head()?;
            self.count(head.span, Measure { depth: 0, parts: 1 })?;
            // WIT names and JSON names must both tell the items apart.
            for name in [format!("wit {}", head.name), format!("json {}", head.json)] {
                if !seen.insert(name) {
                    let message = format!("`{}` appears twice", head.json);
                    return Err(Diagnostic::error("type.duplicate_name", head.span, message));
                }
            }
            item(self, head)?;
            more = self.comma('}')?;
        }
        Ok(())
    }

    fn head(&mut self) -> Parsed<Head> {
        let mut docs = String::new();
        let mut json = None;
        loop {
            match self.lexer.next()? {
                (Token::Docs(line), _) => {
                    if !docs.is_empty() {
                        docs.push('\n');
                    }
                    docs.push_str(line);
                }
                (Token::Sign('@'), span) => json = Some(self.json_name(span)?),
                (Token::Word(word), span) => {
                    let name = kebab(word, span)?;
                    let json = json.unwrap_or_else(|| snake(&name));
                    return Ok(Head { name, json, docs: (!docs.is_empty()).then(|| docs.into()), span });
                }
                (_, span) => return Err(syntax(span, "expected a name")),
            }
        }
    }

    /// After `@`.
    fn json_name(&mut self, at: Span) -> Parsed<Arc<str>> {
        if !self.lexer.take_word("json")? {
            return Err(syntax(at, "the only annotation is `@json(\"name\")`"));
        }
        self.expect('(', "`(`")?;
        let (token, span) = self.lexer.next()?;
        let Token::Text(text) = token else { return Err(syntax(span, "expected the JSON name in double quotes")) };
        let name = crate::decode_dynamic(text);
        let Ok(loomwork_value::Value::String(name)) = name else {
            return Err(syntax(span, "the JSON name is not a JSON string"));
        };
        self.expect(')', "`)`")?;
        Ok(name)
    }

    /// After an item: true if another follows.
    fn comma(&mut self, close: char) -> Parsed<bool> {
        match self.lexer.next()? {
            (Token::Sign(sign), _) if sign == close => Ok(false),
            (Token::Sign(','), _) => Ok(!self.lexer.take(close)?),
            (_, span) => Err(syntax(span, format!("expected `,` or `{close}`"))),
        }
    }

    fn expect(&mut self, sign: char, what: &str) -> Parsed<()> {
        match self.lexer.next()? {
            (Token::Sign(found), _) if found == sign => Ok(()),
            (Token::Word(_), span) if sign == '{' => {
                Err(syntax(span, "expected `{`").hint("Give a type its name in the flow's `types`, not here."))
            }
            (_, span) => Err(syntax(span, format!("expected {what}"))),
        }
    }
}

/// A WIT name: words of letters and digits joined by `-` (or `_`), each beginning with a letter, in one case.
fn kebab(word: &str, span: Span) -> Parsed<Arc<str>> {
    let name = word.strip_prefix('%').unwrap_or(word).replace('_', "-");
    let good = name.len() <= 128
        && name.split('-').all(|part| {
            let one_case = |upper: bool| {
                part.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_alphabetic() && byte.is_ascii_uppercase() == upper)
            };
            part.starts_with(|first: char| first.is_ascii_alphabetic()) && (one_case(false) || one_case(true))
        });
    if good {
        return Ok(name.into());
    }
    let diagnostic = Diagnostic::error("type.bad_name", span, format!("`{}` is not a WIT name", crate::mismatch::clip(word)));
    let camel = name.len() <= 128
        && name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    Err(match camel {
        true => diagnostic.hint(format!("Write `@json(\"{word}\") {}`.", split_camel(word))),
        false => diagnostic.hint("Write words of lower-case letters and digits joined by `-`, each beginning with a letter."),
    })
}

/// `unitPrice` as `unit-price`.
fn split_camel(word: &str) -> String {
    let mut name = String::new();
    for letter in word.chars() {
        if letter.is_ascii_uppercase() {
            name.push('-');
        }
        name.push(letter.to_ascii_lowercase());
    }
    name
}
