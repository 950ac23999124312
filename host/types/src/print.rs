//! Types as WIT text: the same syntax that [`crate::parse`] reads.

use crate::names::snake;
use crate::{Labels, Record, Type, Variant, writer};
use std::fmt::{self, Display, Formatter, Write};

/// Writes the whole type; named types are written out. `{:#}` gives each field its line, with its docs.
impl Display for Type {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let layout = if f.alternate() { Layout::Lines(0) } else { Layout::Line };
        Printer { out: f, names: false }.ty(self, layout)
    }
}

/// The type as a signature shows it: `list<order>`. Named types by their name, all others written out.
pub fn short(ty: &Type) -> String {
    let mut out = String::new();
    Printer { out: &mut out, names: true }.ty(ty, Layout::Line).expect("writing to a String succeeds");
    out
}

#[derive(Clone, Copy)]
enum Layout {
    Line,
    /// One field a line, indented by this many steps.
    Lines(usize),
}

struct Printer<'a> {
    out: &'a mut dyn Write,
    names: bool,
}

/// What stands between the braces of a record, variant, enum or flags.
struct Item<'a> {
    name: &'a str,
    json: &'a str,
    docs: Option<&'a str>,
    payload: Payload<'a>,
}

enum Payload<'a> {
    None,
    /// `name: type`
    Field(&'a Type),
    /// `name(type)`
    Case(&'a Type),
}

impl Printer<'_> {
    fn ty(&mut self, ty: &Type, layout: Layout) -> fmt::Result {
        if let (true, Some(name)) = (self.names, name(ty)) {
            return self.out.write_str(name);
        }
        match ty {
            Type::List(of) => self.angled("list", &[Some(of)], layout),
            Type::Option(of) => self.angled("option", &[Some(of)], layout),
            Type::Tuple(of) => self.angled("tuple", &of.iter().map(Some).collect::<Vec<_>>(), layout),
            Type::Result(of) => match (&of.ok, &of.err) {
                (None, None) => self.out.write_str("result"),
                (ok, None) => self.angled("result", &[ok.as_ref()], layout),
                (ok, err) => self.angled("result", &[ok.as_ref(), err.as_ref()], layout),
            },
            Type::Record(of) => self.braced("record", fields(of), layout),
            Type::Variant(of) => self.braced("variant", cases(of), layout),
            Type::Enum(of) => self.braced("enum", labels(of), layout),
            Type::Flags(of) => self.braced("flags", labels(of), layout),
            scalar => self.out.write_str(keyword(scalar)),
        }
    }

    fn angled(&mut self, word: &str, of: &[Option<&Type>], layout: Layout) -> fmt::Result {
        self.out.write_str(word)?;
        for (index, ty) in of.iter().enumerate() {
            self.out.write_str(if index == 0 { "<" } else { ", " })?;
            match ty {
                Some(ty) => self.ty(ty, layout)?,
                None => self.out.write_char('_')?,
            }
        }
        self.out.write_char('>')
    }

    fn braced(&mut self, word: &str, items: Vec<Item<'_>>, layout: Layout) -> fmt::Result {
        self.out.write_str(word)?;
        if items.is_empty() {
            return self.out.write_str(" {}");
        }
        self.out.write_str(" {")?;
        let inner = if let Layout::Lines(depth) = layout { Layout::Lines(depth + 1) } else { Layout::Line };
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.out.write_char(',')?;
            }
            self.item(item, inner)?;
        }
        match layout {
            Layout::Line => self.out.write_str(" }"),
            Layout::Lines(depth) => {
                self.out.write_char(',')?;
                self.line(depth)?;
                self.out.write_char('}')
            }
        }
    }

    fn item(&mut self, item: &Item<'_>, layout: Layout) -> fmt::Result {
        if let (Layout::Lines(depth), Some(docs)) = (layout, item.docs) {
            for docs in docs.lines() {
                self.line(depth)?;
                self.out.write_str(if docs.is_empty() { "///" } else { "/// " })?;
                self.out.write_str(docs)?;
            }
        }
        match layout {
            Layout::Line => self.out.write_char(' ')?,
            Layout::Lines(depth) => self.line(depth)?,
        }
        if *snake(item.name) != *item.json {
            let mut quoted = String::new();
            writer::string(item.json, &mut quoted);
            write!(self.out, "@json({quoted}) ")?;
        }
        if KEYWORDS.contains(&item.name) {
            self.out.write_char('%')?;
        }
        self.out.write_str(item.name)?;
        match item.payload {
            Payload::None => Ok(()),
            Payload::Field(ty) => {
                self.out.write_str(": ")?;
                self.ty(ty, layout)
            }
            Payload::Case(ty) => {
                self.out.write_char('(')?;
                self.ty(ty, layout)?;
                self.out.write_char(')')
            }
        }
    }

    fn line(&mut self, depth: usize) -> fmt::Result {
        self.out.write_char('\n')?;
        (0..depth).try_for_each(|_| self.out.write_str("  "))
    }
}

fn fields(of: &Record) -> Vec<Item<'_>> {
    of.fields
        .iter()
        .map(|field| Item {
            name: &field.name,
            json: &field.json,
            docs: field.docs.as_deref(),
            payload: Payload::Field(&field.ty),
        })
        .collect()
}

fn cases(of: &Variant) -> Vec<Item<'_>> {
    of.cases
        .iter()
        .map(|case| Item {
            name: &case.name,
            json: &case.json,
            docs: case.docs.as_deref(),
            payload: case.ty.as_ref().map_or(Payload::None, Payload::Case),
        })
        .collect()
}

fn labels(of: &Labels) -> Vec<Item<'_>> {
    of.labels.iter().map(|(name, json)| Item { name, json, docs: None, payload: Payload::None }).collect()
}

fn name(ty: &Type) -> Option<&str> {
    match ty {
        Type::Record(of) => of.name.as_deref(),
        Type::Variant(of) => of.name.as_deref(),
        Type::Enum(of) | Type::Flags(of) => of.name.as_deref(),
        _ => None,
    }
}

/// The types that are one word, and the words that begin the others.
pub(crate) const KEYWORDS: [&str; 26] = [
    "bool", "s8", "s16", "s32", "s64", "u8", "u16", "u32", "u64", "f32", "f64", "char", "string", "json", "datetime", "duration",
    "blob", "list", "option", "result", "tuple", "record", "variant", "enum", "flags", "_",
];

/// Types in the order of [`KEYWORDS`], as far as they are one word.
pub(crate) const WORDS: [Type; 17] = [
    Type::Bool,
    Type::S8,
    Type::S16,
    Type::S32,
    Type::S64,
    Type::U8,
    Type::U16,
    Type::U32,
    Type::U64,
    Type::F32,
    Type::F64,
    Type::Char,
    Type::String,
    Type::Json,
    Type::Datetime,
    Type::Duration,
    Type::Blob,
];

fn keyword(ty: &Type) -> &'static str {
    let place = WORDS.iter().position(|word| word == ty);
    place.map_or("_", |place| KEYWORDS[place])
}
