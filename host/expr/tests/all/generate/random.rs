//! Random expressions, most of them well typed, over the names of [`super::names`].

/// A small generator of numbers: the same seed gives the same expressions.
pub struct Random(u64);

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    Int,
    Uint,
    Double,
    Bool,
    Text,
    Bytes,
    Ints,
    Texts,
    Counts,
    Optional,
    Duration,
    Timestamp,
    Dyn,
}

const KINDS: [Kind; 13] = [
    Kind::Int,
    Kind::Uint,
    Kind::Double,
    Kind::Bool,
    Kind::Text,
    Kind::Bytes,
    Kind::Ints,
    Kind::Texts,
    Kind::Counts,
    Kind::Optional,
    Kind::Duration,
    Kind::Timestamp,
    Kind::Dyn,
];

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// An expression of a random type.
    pub fn expression(&mut self) -> String {
        let kind = KINDS[self.below(KINDS.len())];
        let depth = 1 + self.below(5);
        self.of(kind, depth, 0)
    }

    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % bound
    }

    /// Picks a form and fills it: `I`, `U`, `D`, `B`, `S`, `Y`, `L`, `T`, `M`, `O`, `P`, `W`, `X` become expressions of these kinds, `#` the name of a
    /// loop variable, and `@` one that is in scope.
    fn of(&mut self, kind: Kind, depth: usize, scope: usize) -> String {
        // Now and then something of another type, to be refused when it runs.
        let kind = if self.below(40) == 0 { KINDS[self.below(KINDS.len())] } else { kind };
        let (leaves, forms) = forms(kind);
        let forms = if depth == 0 { leaves } else { forms };
        let mut form = forms[self.below(forms.len())];
        if depth > 0 && self.below(6) == 0 {
            form = ANY[self.below(ANY.len())];
        }
        self.fill(form, kind, depth.saturating_sub(1), scope)
    }

    fn fill(&mut self, form: &str, own: Kind, depth: usize, scope: usize) -> String {
        let mut out = String::new();
        let inner = scope + form.contains('#') as usize;
        let mut bound = false;
        for c in form.chars() {
            let kind = match c {
                'I' => Kind::Int,
                'U' => Kind::Uint,
                'D' => Kind::Double,
                'B' => Kind::Bool,
                'S' => Kind::Text,
                'Y' => Kind::Bytes,
                'L' => Kind::Ints,
                'T' => Kind::Texts,
                'M' => Kind::Counts,
                'O' => Kind::Optional,
                'P' => Kind::Duration,
                'W' => Kind::Timestamp,
                'X' => Kind::Dyn,
                '_' => own,
                '#' => {
                    bound = true;
                    out.push_str(&format!("n{scope}"));
                    continue;
                }
                other => {
                    out.push(other);
                    continue;
                }
            };
            let scope = if bound { inner } else { scope };
            if bound && kind == Kind::Int && self.below(2) == 0 {
                out.push_str(&format!("n{}", scope - 1));
            } else {
                out.push_str(&self.of(kind, depth, scope));
            }
        }
        out
    }
}

/// What can be of any type.
const ANY: &[&str] =
    &["(B ? _ : _)", "cel.bind(#, I, _)", "[_, _][I]", "{'k': _}.k", "dyn(_)", "optional.of(_).orValue(_)", "(_)"];

type Forms = &'static [&'static str];

/// What needs nothing more, and what has parts.
fn forms(kind: Kind) -> (Forms, Forms) {
    match kind {
        Kind::Int => {
            (&["0", "1", "-1", "7", "9223372036854775807", "-9223372036854775808", "i", "j", "r.total", "nodes.late"], INT)
        }
        Kind::Uint => (&["0u", "1u", "18446744073709551615u", "u", "v"], UINT),
        Kind::Double => (&["0.0", "1.5", "-2.0", "1e300", "d", "e"], DOUBLE),
        Kind::Bool => (&["true", "false", "b", "c"], BOOL),
        Kind::Text => (&["''", "'a'", "'done'", "'日本'", "s", "t"], TEXT),
        Kind::Bytes => (&["b''", "b'ab'", "b'\\xff'"], BYTES),
        Kind::Ints => (&["[]", "[1, 2]", "l"], INTS),
        Kind::Texts => (&["['a']", "['b', 'a', 'b']"], TEXTS),
        Kind::Counts => (&["{}", "{'a': 1}", "m"], COUNTS),
        Kind::Optional => (&["optional.none()", "optional.of(1)", "nodes.?late"], OPTIONAL),
        Kind::Duration => (&["duration('1h')", "duration('-250ms')"], DURATION),
        Kind::Timestamp => (&["timestamp('2024-02-29T12:34:56.789Z')", "timestamp(0)"], TIMESTAMP),
        Kind::Dyn => (&["x", "y", "x.total", "null", "dyn(1)", "dyn('a')"], DYN),
    }
}

const INT: Forms = &[
    "I + I",
    "(I + I)",
    "(I - I)",
    "(I * I)",
    "(I / I)",
    "(I % I)",
    "-(I)",
    "size(S)",
    "size(L)",
    "size(M)",
    "int(U)",
    "int(D)",
    "int(S)",
    "L[I]",
    "M[S]",
    "math.abs(I)",
    "math.greatest(I, I)",
    "math.least(L)",
    "S.indexOf(S)",
    "O.orValue(I)",
    "O.value()",
    "(has(nodes.late) ? nodes.late : I)",
    "W.getFullYear()",
    "W.getHours('+02:00')",
    "P.getSeconds()",
    "math.bitAnd(I, I)",
    "(I / 10)",
    "(I % 3)",
    "(I * 2)",
    "(I - 1)",
    "int(X)",
];
const UINT: Forms =
    &["(U + U)", "(U - U)", "(U * U)", "(U / U)", "(U % U)", "uint(I)", "uint(D)", "(U / 3u)", "math.bitShiftRight(U, I)"];
const DOUBLE: Forms =
    &["(D + D)", "(D - D)", "(D * D)", "(D / D)", "-(D)", "double(I)", "double(U)", "double(S)", "math.sqrt(D)", "math.round(D)"];
const BOOL: Forms = &[
    "(B && B)",
    "(B || B)",
    "!(B)",
    "(I < I)",
    "(I <= I)",
    "(U > U)",
    "(U >= U)",
    "(D < D)",
    "(D >= D)",
    "(S < S)",
    "(I == I)",
    "(U != U)",
    "(D == D)",
    "(S == S)",
    "(B == B)",
    "(L == L)",
    "(M == M)",
    "(X == X)",
    "(X != X)",
    "(I < D)",
    "(I == U)",
    "(X < X)",
    "(I in L)",
    "(S in M)",
    "(X in L)",
    "L.all(#, B)",
    "L.all(#, 10 / I > I)",
    "L.exists(#, B)",
    "L.exists(#, I / I == I)",
    "L.exists_one(#, I > I)",
    "M.all(#, B)",
    "X.exists(#, B)",
    "S.contains(S)",
    "S.startsWith(S)",
    "S.matches('a+')",
    "has(X.total)",
    "has(r.total)",
    "has(nodes.late)",
    "O.hasValue()",
    "(X && B)",
    "(B || X)",
    "(I / I == 1 && B)",
    "(I / I == 1 || B)",
    "(B && I / I == 1 && B)",
    "(W < W)",
    "(P == P)",
    "(O == O)",
    "math.isNaN(D)",
    "bool(S)",
    "(Y < Y)",
    "L.exists(#, L.all(#, B))",
    "M.exists(#, #v, B)",
];
const TEXT: Forms = &[
    "(S + S)",
    "string(I)",
    "string(U)",
    "string(D)",
    "string(B)",
    "S.lowerAscii()",
    "S.replace(S, S)",
    "S.substring(I)",
    "T.join(S)",
    "S.trim()",
    "S.charAt(I)",
    "T[I]",
    "'%d-%s'.format([I, X])",
    "string(P)",
    "string(W)",
    "string(type(X))",
    "S.reverse()",
    "base64.encode(Y)",
    "string(X)",
];
const BYTES: Forms = &["(Y + Y)", "bytes(S)", "base64.decode(S)"];
const INTS: Forms = &[
    "[I, I, I]",
    "(L + L)",
    "L.map(#, I)",
    "L.map(#, B, I)",
    "L.filter(#, B)",
    "L.slice(0, I)",
    "L.sort()",
    "L.distinct()",
    "lists.range(I)",
    "[L, L].flatten()",
    "[?O, I]",
    "L.transformList(#, #w, I)",
    "L.map(#, L.map(#, I).size())",
    "L.filter(#, I > 0).map(#, I)",
];
const TEXTS: Forms = &["[S, S]", "S.split(S)", "T.sort()", "T.filter(#, B)", "(T + T)", "L.map(#, S)", "M.filter(#, B)"];
const COUNTS: Forms = &[
    "{'a': I, S: I}",
    "{S: I}",
    "{'k': I, ?'o': O}",
    "M.transformMap(#, #w, I)",
    "M.transformMap(#, #w, B, I)",
    "M.transformMapEntry(#, #w, {S: I})",
];
const OPTIONAL: Forms = &[
    "optional.of(I)",
    "M[?S]",
    "L[?I]",
    "M.?a",
    "O.optMap(#, I)",
    "O.optFlatMap(#, O)",
    "O.or(O)",
    "optional.ofNonZeroValue(I)",
    "(B ? O : O)",
    "nodes.?late",
    "X.?total.optMap(#, I)",
];
const DURATION: Forms = &["(P + P)", "(W - W)", "(P - P)", "duration(string(I) + 's')", "-(P)"];
const TIMESTAMP: Forms = &["(W + P)", "(W - P)", "timestamp(I)"];
const DYN: Forms = &[
    "dyn(I)",
    "dyn(D)",
    "dyn(L)",
    "dyn(M)",
    "(X + X)",
    "(X - X)",
    "(X * X)",
    "(X / X)",
    "(X % X)",
    "-(X)",
    "X.total",
    "X[X]",
    "X[?I].orValue(X)",
    "[I, S, D]",
    "[X, B, U][I]",
    "(B ? I : S)",
    "{'total': X}",
    "X.map(#, X)",
    "X.filter(#, B)",
    "optional.of(X)",
    "type(X)",
    "X.?total",
];
