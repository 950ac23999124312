//! The functions expressions can call: one table, in the order that numbers them.
//!
//! A row's arguments have the receiver first. Names that begin with `@` cannot be written in source: the checker uses them.
//! Each function charges the meter for what it reads and makes, and fails rather than panics, whatever it is given.

mod encoding;
mod format;
mod list;
mod math;
mod optional;
mod pattern;
mod set;
mod string;
mod template;
mod time;
mod timezone;

use crate::ops::{self, Result};
use crate::{EvalError, Meter, Value};

/// One function.
#[derive(Clone, Copy)]
pub struct Row {
    /// As written: `charAt`, `math.abs`.
    pub name: &'static str,
    pub style: Style,
    /// How many arguments it takes, the receiver included.
    pub min: usize,
    pub max: usize,
    /// The part of the runtime it needs.
    pub slice: Slice,
    pub call: Call,
}

/// A function on values. The number of arguments is within the row's bounds, else it fails with `expr.no_overload`.
pub type Call = fn(&mut Meter, &[Value]) -> Result;

/// How a function is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `f(a, b)`
    Global,
    /// `a.f(b)`
    Method,
    /// Both.
    Either,
}

/// A part of the runtime that can be left out where nothing uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Slice {
    Core,
    Regex,
    Zones,
}

/// As many arguments as one likes.
pub const ANY: usize = usize::MAX;

/// The number of the function with this name, style and number of arguments (receiver included).
pub fn find(name: &str, method: bool, arguments: usize) -> Option<u32> {
    let fits = |row: &Row| row.name == name && row.written(method) && (row.min..=row.max).contains(&arguments);
    FUNCTIONS.iter().position(fits).map(|index| index as u32)
}

/// Calls a function by its number.
pub fn call(meter: &mut Meter, function: u32, arguments: &[Value]) -> Result {
    let row = FUNCTIONS.get(function as usize);
    let row = row.ok_or_else(|| EvalError::new("expr.unknown_function", "no such function"))?;
    row.apply(meter, arguments)
}

impl Row {
    /// Calls it. Inlined, so that a row known when it is compiled becomes a call of its function.
    #[inline(always)]
    pub fn apply(&self, meter: &mut Meter, arguments: &[Value]) -> Result {
        if !(self.min..=self.max).contains(&arguments.len()) {
            return Err(mismatch(self.name, arguments));
        }
        (self.call)(meter, arguments)
    }

    /// Whether it can be written this way.
    pub fn written(&self, method: bool) -> bool {
        match self.style {
            Style::Global => !method,
            Style::Method => method,
            Style::Either => true,
        }
    }
}

/// The error of a function that was given what it cannot take.
fn mismatch(name: &str, arguments: &[Value]) -> EvalError {
    EvalError::no_overload(name, &arguments.iter().collect::<Vec<_>>())
}

const fn core(name: &'static str, style: Style, min: usize, max: usize, call: Call) -> Row {
    Row { name, style, min, max, slice: Slice::Core, call }
}

const fn global(name: &'static str, count: usize, call: Call) -> Row {
    core(name, Style::Global, count, count, call)
}

const fn method(name: &'static str, min: usize, max: usize, call: Call) -> Row {
    core(name, Style::Method, min, max, call)
}

const fn zoned(name: &'static str, call: Call) -> Row {
    Row { name, style: Style::Method, min: 2, max: 2, slice: Slice::Zones, call }
}

/// Every function. The number of a function is its place here.
pub const FUNCTIONS: &[Row] = &[
    // Of every type.
    core("size", Style::Either, 1, 1, |meter, args| ops::size(meter, &args[0])),
    global("type", 1, |_, args| Ok(ops::type_of(&args[0]))),
    global("dyn", 1, |_, args| Ok(args[0].clone())),
    global("int", 1, |_, args| ops::to_int(&args[0])),
    global("uint", 1, |_, args| ops::to_uint(&args[0])),
    global("double", 1, |_, args| ops::to_double(&args[0])),
    global("string", 1, |meter, args| ops::to_string(meter, &args[0])),
    global("bytes", 1, |meter, args| ops::to_bytes(meter, &args[0])),
    global("bool", 1, |_, args| ops::to_bool(&args[0])),
    global("timestamp", 1, |_, args| ops::to_timestamp(&args[0])),
    global("duration", 1, |_, args| ops::to_duration(&args[0])),
    // Of templates.
    core("@text", Style::Global, 0, ANY, template::text),
    global("@add", 2, template::add),
    global("@subtract", 2, template::subtract),
    global("@multiply", 2, template::multiply),
    global("@divide", 2, template::divide),
    global("@modulo", 2, template::modulo),
    // Texts.
    method("contains", 2, 2, string::contains),
    method("startsWith", 2, 2, string::starts_with),
    method("endsWith", 2, 2, string::ends_with),
    method("charAt", 2, 2, string::char_at),
    method("indexOf", 2, 3, string::index_of),
    method("lastIndexOf", 2, 3, string::last_index_of),
    method("substring", 2, 3, string::substring),
    method("replace", 3, 4, string::replace),
    method("split", 2, 3, string::split),
    method("join", 1, 2, string::join),
    method("trim", 1, 1, string::trim),
    method("lowerAscii", 1, 1, string::lower_ascii),
    method("upperAscii", 1, 1, string::upper_ascii),
    method("reverse", 1, 1, string::reverse),
    method("format", 2, 2, format::format),
    global("strings.quote", 1, string::quote),
    Row { name: "matches", style: Style::Either, min: 2, max: 2, slice: Slice::Regex, call: pattern::matches },
    // Numbers.
    core("math.greatest", Style::Global, 1, ANY, math::greatest),
    core("math.least", Style::Global, 1, ANY, math::least),
    global("math.abs", 1, math::abs),
    global("math.sign", 1, math::sign),
    global("math.ceil", 1, math::ceil),
    global("math.floor", 1, math::floor),
    global("math.round", 1, math::round),
    global("math.trunc", 1, math::trunc),
    global("math.sqrt", 1, math::sqrt),
    global("math.isNaN", 1, math::is_nan),
    global("math.isInf", 1, math::is_inf),
    global("math.isFinite", 1, math::is_finite),
    global("math.bitAnd", 2, math::bit_and),
    global("math.bitOr", 2, math::bit_or),
    global("math.bitXor", 2, math::bit_xor),
    global("math.bitNot", 1, math::bit_not),
    global("math.bitShiftLeft", 2, math::bit_shift_left),
    global("math.bitShiftRight", 2, math::bit_shift_right),
    // Bytes.
    global("base64.encode", 1, encoding::encode),
    global("base64.decode", 1, encoding::decode),
    // Lists and sets.
    method("slice", 3, 3, list::slice),
    method("flatten", 1, 2, list::flatten),
    method("sort", 1, 1, list::sort),
    global("@sortByKeys", 2, list::sort_by_keys),
    method("distinct", 1, 1, list::distinct),
    global("lists.range", 1, list::range),
    method("first", 1, 1, list::first),
    method("last", 1, 1, list::last),
    global("sets.contains", 2, set::contains),
    global("sets.equivalent", 2, set::equivalent),
    global("sets.intersects", 2, set::intersects),
    // Optionals. `or` and `orValue` evaluate their argument only when needed: the checker expands them.
    global("optional.of", 1, optional::of),
    global("optional.ofNonZeroValue", 1, optional::of_non_zero_value),
    global("optional.none", 0, optional::none),
    method("hasValue", 1, 1, optional::has_value),
    method("value", 1, 1, |_, args| ops::value_of_optional(&args[0])),
    global("optional.unwrap", 1, optional::unwrap),
    method("unwrapOpt", 1, 1, optional::unwrap),
    // Time.
    method("getFullYear", 1, 1, time::full_year),
    method("getMonth", 1, 1, time::month),
    method("getDate", 1, 1, time::date),
    method("getDayOfMonth", 1, 1, time::day_of_month),
    method("getDayOfWeek", 1, 1, time::day_of_week),
    method("getDayOfYear", 1, 1, time::day_of_year),
    method("getHours", 1, 1, time::hours),
    method("getMinutes", 1, 1, time::minutes),
    method("getSeconds", 1, 1, time::seconds),
    method("getMilliseconds", 1, 1, time::milliseconds),
    zoned("getFullYear", timezone::full_year),
    zoned("getMonth", timezone::month),
    zoned("getDate", timezone::date),
    zoned("getDayOfMonth", timezone::day_of_month),
    zoned("getDayOfWeek", timezone::day_of_week),
    zoned("getDayOfYear", timezone::day_of_year),
    zoned("getHours", timezone::hours),
    zoned("getMinutes", timezone::minutes),
    zoned("getSeconds", timezone::seconds),
    zoned("getMilliseconds", timezone::milliseconds),
];
