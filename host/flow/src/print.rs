//! The canonical text of a document: one layout for everybody, made so that Git merges it well.
//!
//! Two spaces of indentation. Each wire, parameter, package and node field has its own line; other lists and objects are on
//! one line if they fit in [`WIDTH`] columns, else broken with one element a line.

use crate::document::Flow;
use crate::json::Json;
use crate::write;
use std::fmt::Write;

/// How long a line with a list or an object on it may be.
const WIDTH: usize = 100;

/// Prints a flow in canonical form, with a line break at the end. Reading it gives the same flow.
pub fn print(flow: &Flow) -> String {
    let mut printer = Printer { out: String::new() };
    match &flow.machine {
        Some(machine) => printer.broken(&machine.source, &MACHINE, 0),
        None => printer.broken(&write::to_json(flow), &LAYOUT, 0),
    }
    printer.out.push('\n');
    printer.out
}

/// Prints any JSON value on one line, without spaces at its ends.
pub fn print_json(json: &Json) -> String {
    let mut printer = Printer { out: String::new() };
    printer.one_line(json);
    printer.out
}

/// Which parts are broken into lines however short they are.
enum Layout {
    /// On one line if it fits.
    Fit,
    /// Always on one line.
    Line,
    /// Always broken; the members named have their own layout, the others the last.
    Broken(&'static [(&'static str, Layout)], &'static Layout),
}

const FIT_MEMBERS: Layout = Layout::Broken(&[], &Layout::Fit);
const LAYOUT: Layout = Layout::Broken(
    &[
        ("packages", FIT_MEMBERS),
        ("types", FIT_MEMBERS),
        ("triggers", FIT_MEMBERS),
        ("nodes", Layout::Broken(&[], &Layout::Broken(&[("with", FIT_MEMBERS)], &Layout::Fit))),
        ("wires", Layout::Broken(&[], &Layout::Line)),
        ("view", Layout::Broken(&[], &FIT_MEMBERS)),
    ],
    &Layout::Fit,
);

const STATES: Layout =
    Layout::Broken(&[], &Layout::Broken(&[("entry", FIT_MEMBERS), ("on", FIT_MEMBERS), ("after", FIT_MEMBERS)], &Layout::Fit));
const MACHINE: Layout = Layout::Broken(
    &[
        ("packages", FIT_MEMBERS),
        ("types", FIT_MEMBERS),
        ("triggers", FIT_MEMBERS),
        ("data", FIT_MEMBERS),
        ("states", STATES),
        ("view", Layout::Broken(&[], &FIT_MEMBERS)),
    ],
    &Layout::Fit,
);

struct Printer {
    out: String,
}

impl Printer {
    fn value(&mut self, json: &Json, layout: &Layout, indent: usize) {
        match layout {
            Layout::Line => self.one_line(json),
            Layout::Fit if !self.fits(json, indent) => self.broken(json, layout, indent),
            Layout::Fit => self.one_line(json),
            Layout::Broken(..) => self.broken(json, layout, indent),
        }
    }

    fn broken(&mut self, json: &Json, layout: &Layout, indent: usize) {
        match json {
            Json::List(items) if !items.is_empty() => {
                let within = layout.of("");
                self.out.push('[');
                for (i, item) in items.iter().enumerate() {
                    self.line(i, indent + 2);
                    self.value(item, within, indent + 2);
                }
                self.end(']', indent);
            }
            Json::Object(members) if !members.is_empty() => {
                self.out.push('{');
                for (i, (name, value)) in members.iter().enumerate() {
                    self.line(i, indent + 2);
                    self.text(name);
                    self.out.push_str(": ");
                    self.value(value, layout.of(name), indent + 2);
                }
                self.end('}', indent);
            }
            _ => self.one_line(json),
        }
    }

    fn line(&mut self, i: usize, indent: usize) {
        self.out.push_str(if i > 0 { ",\n" } else { "\n" });
        self.indent(indent);
    }

    fn end(&mut self, bracket: char, indent: usize) {
        self.out.push('\n');
        self.indent(indent);
        self.out.push(bracket);
    }

    fn indent(&mut self, indent: usize) {
        self.out.extend(std::iter::repeat_n(' ', indent));
    }

    /// Whether the value, a name before it and a comma after it fit on the line begun.
    fn fits(&self, json: &Json, indent: usize) -> bool {
        let begun = self.out.len() - self.out.rfind('\n').map_or(0, |at| at + 1);
        let room = WIDTH.saturating_sub(begun.max(indent) + 1);
        matches!(json, Json::Null | Json::Bool(_) | Json::Number(_) | Json::String(_)) || width(json, room).is_some()
    }

    fn one_line(&mut self, json: &Json) {
        match json {
            Json::Null => self.out.push_str("null"),
            Json::Bool(value) => self.out.push_str(if *value { "true" } else { "false" }),
            Json::Number(digits) => self.out.push_str(digits),
            Json::String(text) => self.text(text),
            Json::List(items) => {
                self.out.push('[');
                for (i, item) in items.iter().enumerate() {
                    self.out.push_str(if i > 0 { ", " } else { "" });
                    self.one_line(item);
                }
                self.out.push(']');
            }
            Json::Object(members) if members.is_empty() => self.out.push_str("{}"),
            Json::Object(members) => {
                self.out.push_str("{ ");
                for (i, (name, value)) in members.iter().enumerate() {
                    self.out.push_str(if i > 0 { ", " } else { "" });
                    self.text(name);
                    self.out.push_str(": ");
                    self.one_line(value);
                }
                self.out.push_str(" }");
            }
        }
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        for letter in text.chars() {
            match letter {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                _ if letter.is_control() => {
                    write!(self.out, "\\u{:04x}", letter as u32).expect("writing to a text cannot fail");
                }
                _ => self.out.push(letter),
            }
        }
        self.out.push('"');
    }
}

impl Layout {
    fn of(&self, name: &str) -> &Layout {
        match self {
            Self::Broken(named, others) => named.iter().find(|(member, _)| *member == name).map_or(others, |(_, layout)| layout),
            Self::Fit | Self::Line => &Self::Fit,
        }
    }
}

/// The bytes that the value takes on one line, or None as soon as that is more than `room`.
fn width(json: &Json, room: usize) -> Option<usize> {
    let taken = match json {
        Json::Null => 4,
        Json::Bool(value) => 5 - usize::from(*value),
        Json::Number(digits) => digits.len(),
        Json::String(text) => text.len() + 2,
        Json::List(items) => items.iter().try_fold(2, |sum, item| add(sum, width(item, room)?, room))?,
        Json::Object(members) => {
            members.iter().try_fold(4, |sum, (name, value)| add(sum, name.len() + 4 + width(value, room)?, room))?
        }
    };
    (taken <= room).then_some(taken)
}

fn add(sum: usize, more: usize, room: usize) -> Option<usize> {
    Some(sum + more + 2).filter(|sum| *sum <= room + 2)
}
