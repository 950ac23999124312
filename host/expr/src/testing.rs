//! Random expressions that are well typed by construction, for tests of both back ends and for fuzzing.
//!
//! The same entropy gives the same expression. When it runs out, the simplest expression of each type is taken, so that any
//! bytes give something finite.

use crate::Ty;
use crate::environment::{Environment, Resolved};
use loomwork_value::{Duration, Timestamp, Value};
use std::sync::LazyLock;

/// Names of every type, as a flow might have them.
pub struct World;

/// A name of [`World`], its type and its value.
type Thing = (&'static str, Ty, Value);

/// The names of [`World`], by root number.
static THINGS: LazyLock<Vec<Thing>> = LazyLock::new(things);

fn things() -> Vec<Thing> {
    let order = [("id", Value::Int(7)), ("note", Value::Null), ("total", Value::Double(12.5))];
    let prices = vec![Value::Double(1.5), Value::Double(-2.0), Value::Double(0.0)];
    vec![
        ("count", Ty::Int, Value::Int(3)),
        ("size", Ty::Uint, Value::Uint(18_446_744_073_709_551_615)),
        ("price", Ty::Double, Value::Double(2.5)),
        ("open", Ty::Bool, Value::Bool(true)),
        ("name", Ty::String, Value::from("Ünïcode and more")),
        ("raw", Ty::Bytes, Value::from(vec![0, 255, 65])),
        ("at", Ty::Timestamp, Value::Timestamp(Timestamp { nanos: 1_234_567_890_123_456_789 })),
        ("wait", Ty::Duration, Value::Duration(Duration { nanos: 90_000_000_000 })),
        ("numbers", Ty::list(Ty::Int), Value::from(vec![Value::Int(1), Value::Int(-5), Value::Int(i64::MAX)])),
        ("prices", Ty::list(Ty::Double), Value::from(prices)),
        ("names", Ty::list(Ty::String), Value::from(vec![Value::from("b"), Value::from("a"), Value::from("")])),
        ("order", Ty::record([("id", Ty::Int), ("note", Ty::nullable(Ty::String)), ("total", Ty::Double)]), Value::record(order)),
        (
            "any",
            Ty::Dyn,
            Value::from(vec![Value::Null, Value::Int(1), Value::from("x"), Value::record([("a", Value::Double(0.5))])]),
        ),
    ]
}

/// The root that may be absent, and is: `nodes.late`.
const LATE: u32 = 1000;

impl Environment for World {
    fn resolve(&self, path: &[&str]) -> Option<Resolved> {
        if let ["nodes", "late", ..] = path {
            return Some(Resolved { root: LATE, consumed: 2, ty: Ty::Int, certain: false });
        }
        let root = THINGS.iter().position(|(name, ..)| *name == path[0])?;
        Some(Resolved { root: root as u32, consumed: 1, ty: THINGS[root].1.clone(), certain: true })
    }

    fn names(&self) -> Vec<String> {
        THINGS.iter().map(|(name, ..)| (*name).to_owned()).chain(["nodes.late".to_owned()]).collect()
    }
}

impl crate::Roots for World {
    fn get(&self, root: u32) -> Option<Value> {
        THINGS.get(root as usize).map(|(_, _, value)| value.clone())
    }
}

/// What an expression is to give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wanted {
    Int,
    Double,
    Bool,
    Text,
    Ints,
    Texts,
    Time,
    Optional,
    Any,
}

/// An expression that [`World`] gives a meaning to, in template mode.
pub fn expression(entropy: &[u8]) -> String {
    const ALL: [Wanted; 9] = [
        Wanted::Int,
        Wanted::Double,
        Wanted::Bool,
        Wanted::Text,
        Wanted::Ints,
        Wanted::Texts,
        Wanted::Time,
        Wanted::Optional,
        Wanted::Any,
    ];
    let mut maker = Maker { entropy: entropy.iter(), room: 200 };
    let wanted = ALL[maker.below(ALL.len())];
    maker.make(wanted, 6)
}

/// Whether a value is one of those that its static type promises.
pub fn has_type(value: &Value, ty: &Ty) -> bool {
    match (ty, value) {
        (Ty::Dyn, _) | (Ty::Nullable(_), Value::Null) => true,
        (Ty::Nullable(inner), value) => has_type(value, inner),
        (Ty::Optional(inner), Value::Optional(held)) => held.as_ref().is_none_or(|held| has_type(held, inner)),
        (Ty::List(element), Value::List(list)) => list.iter().all(|value| has_type(value, element)),
        (Ty::Map(key, value), Value::Map(map)) => {
            map.entries.iter().all(|(k, v)| has_type(&k.to_value(), key) && has_type(v, value))
        }
        (Ty::Record(fields), Value::Map(map)) => {
            map.len() == fields.len() && fields.iter().all(|(name, ty)| map.field(name).is_some_and(|value| has_type(value, ty)))
        }
        (Ty::Null, Value::Null) | (Ty::Bool, Value::Bool(_)) | (Ty::Int, Value::Int(_)) | (Ty::Uint, Value::Uint(_)) => true,
        (Ty::Double, Value::Double(_)) | (Ty::String, Value::String(_)) | (Ty::Bytes, Value::Bytes(_)) => true,
        (Ty::Timestamp, Value::Timestamp(_)) | (Ty::Duration, Value::Duration(_)) | (Ty::Type, Value::Type(_)) => true,
        _ => false,
    }
}

struct Maker<'a> {
    entropy: std::slice::Iter<'a, u8>,
    /// How many more forms may be filled.
    room: usize,
}

impl Maker<'_> {
    fn below(&mut self, bound: usize) -> usize {
        self.entropy.next().map_or(0, |byte| usize::from(*byte) % bound)
    }

    /// Takes one of the forms for the type; each `$` with a letter becomes an expression in turn.
    fn make(&mut self, wanted: Wanted, depth: usize) -> String {
        let forms = forms(wanted);
        self.room = self.room.saturating_sub(1);
        let simple = depth == 0 || self.room == 0;
        let form = forms[if simple { self.below(2) } else { self.below(forms.len()) }];
        let mut parts = form.split('$');
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            if let Some(wanted) = part.chars().next().and_then(wanted_of) {
                out += &self.make(wanted, depth.saturating_sub(1));
                out += &part[1..];
            }
        }
        out
    }
}

fn wanted_of(letter: char) -> Option<Wanted> {
    Some(match letter {
        'I' => Wanted::Int,
        'D' => Wanted::Double,
        'B' => Wanted::Bool,
        'T' => Wanted::Text,
        'L' => Wanted::Ints,
        'S' => Wanted::Texts,
        'W' => Wanted::Time,
        'O' => Wanted::Optional,
        'X' => Wanted::Any,
        _ => return None,
    })
}

/// The forms of each type; the first two need nothing else.
#[rustfmt::skip]
fn forms(wanted: Wanted) -> &'static [&'static str] {
    match wanted {
        Wanted::Int => &[
            "1", "count", "-9223372036854775808", "($I + $I)", "($I - $I)", "($I * $I)", "($I / $I)", "($I % $I)",
            "-($I)", "$T.size()", "size($L)", "int($D)", "int($T)", "$L[$I]", "($B ? $I : $I)", "$O.orValue($I)",
            "$T.indexOf($T)", "math.abs($I)", "math.bitAnd($I, $I)", "cel.bind(v, $I, v + v)", "$W.getHours()", "order.id",
            "(has(nodes.late) ? nodes.late : $I)", "math.greatest($I, $I)", "$L.first().orValue($I)", "wait.getSeconds()",
        ],
        Wanted::Double => &[
            "0.5", "price", "($D + $D)", "($D * 2)", "(1 - $D)", "($D / $D)", "double($I)", "math.floor($D)", "-($D)",
            "order.total", "prices[$I]", "math.sqrt($I)", "($B ? $D : 0)",
        ],
        Wanted::Bool => &[
            "true", "open", "!$B", "($B && $B)", "($B || $B)", "($I == $D)", "($I < $I)", "(dyn($X) == $X)", "($I in $L)",
            "$L.all(v, v > $I)", "$L.exists(v, v / $I == 1)", "$S.exists_one(v, v == $T)", "$T.contains($T)",
            "$T.matches('[a-z]+')", "$O.hasValue()", "has(order.note)", "$L.all(k, v, k < v)", "($W < $W)", "math.isNaN($D)",
            "has(nodes.late)", "sets.contains($L, $L)", "bool($T)",
        ],
        Wanted::Text => &[
            "'a'", "name", "($T + $T)", "string($I)", "string($D)", "$T.substring($I)", "$T.replace($T, $T)", "$S.join($T)",
            "$T.charAt($I)", "$T.trim()", "$T.reverse()", "'%d %s'.format([$I, $X])", "order.note.orValue($T)", "string($W)",
            "(order.note != null ? order.note : $T)", "order.?note.orValue($T)", "base64.encode(bytes($T))", "strings.quote($T)",
        ],
        Wanted::Ints => &[
            "[]", "numbers", "[$I, $I]", "($L + $L)", "$L.map(v, v + $I)", "$L.filter(v, v > $I)", "$L.sort()", "$L.reverse()",
            "$L.slice(0, $I)", "$L.distinct()", "lists.range($I)", "[$I, ?$O]", "$L.sortBy(v, -v)", "[$L, $L].flatten()",
            "$L.transformList(k, v, k != $I, k * v)", "$S.map(v, v.size())",
        ],
        Wanted::Texts => &[
            "['b']", "names", "$T.split($T)", "$L.map(v, string(v))", "$S.filter(v, v != $T)", "[$T, $T]", "{'a': $I, 'b': $X}.map(k, k)",
        ],
        Wanted::Time => &["at", "timestamp(0)", "($W + wait)", "($W - duration('1h'))", "timestamp($I)"],
        Wanted::Optional => &[
            "optional.none()", "optional.of(1)", "$L.first()", "$L[?$I]", "$O.optMap(v, v + 1)", "nodes.?late", "$O.or($O)",
            "optional.ofNonZeroValue($I)", "{'a': $I}.?a",
        ],
        Wanted::Any => &[
            "any", "null", "$I", "$D", "$T", "$L", "any[$I]", "{'a': $X, 'b': [$X]}", "type($X)", "($B ? $X : $X)", "[$X, $X]",
            "{$I: $X}", "any[3].a * $I", "(any[$I] + 1)", "$L.transformMap(k, v, $X)", "dyn($X)", "raw", "size",
        ],
    }
}
