//! A checked expression: names resolved, macros expanded to loops, operators chosen by static type.
//!
//! Both back ends start here: the evaluator walks it, the code generator turns it into WebAssembly. It has no
//! syntax left in it, and nothing for a back end to decide.

use crate::Ty;
use loomwork_diagnostic::Span;
use loomwork_value::Value;

/// A checked expression, ready for either back end.
#[derive(Clone, Debug)]
pub struct Checked {
    pub root: Node,
    /// How many locals its loops and bindings need; [`Kind::Local`] indexes them.
    pub locals: u32,
    /// What is charged when evaluation starts: the number of nodes outside any loop body. See [`crate::cost`].
    pub cost: u32,
}

/// One operation with the static type of its result.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub ty: Ty,
    pub span: Span,
}

#[derive(Clone, Debug)]
pub enum Kind {
    Const(Value),
    /// A loop variable or a binding.
    Local(u32),
    /// Something the environment provides: `input`, `nodes.x`, `each.item` …, by the number its resolver gave.
    Root(u32),
    /// Always fails with this code and message: an unknown name in an untyped context.
    Fail {
        code: &'static str,
        message: String,
    },
    /// `operand.field` on a map or record.
    Select {
        operand: Box<Node>,
        field: std::sync::Arc<str>,
    },
    /// `has(operand.field)`.
    Has {
        operand: Box<Node>,
        field: std::sync::Arc<str>,
    },
    /// `has(root)` where the root itself may be absent: `has(nodes.x)`.
    HasRoot(u32),
    /// `operand.?field`; also on optionals and on absent roots.
    OptSelect {
        operand: Box<Node>,
        field: std::sync::Arc<str>,
    },
    /// A root that may be absent, as an optional: `nodes.?x`.
    OptRoot(u32),
    Index {
        operand: Box<Node>,
        index: Box<Node>,
    },
    OptIndex {
        operand: Box<Node>,
        index: Box<Node>,
    },
    Not(Box<Node>),
    Negate(Box<Node>),
    Binary {
        op: BinaryOp,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// Both sides may fail: a `false` on either side wins over an error on the other.
    And(Box<Node>, Box<Node>),
    /// A `true` on either side wins over an error on the other.
    Or(Box<Node>, Box<Node>),
    If {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    List(Vec<Element>),
    Map(Vec<Entry>),
    /// One of the macros that go over a list's elements or a map's keys.
    Loop(Box<Loop>),
    /// `cel.bind` and what the optional macros need: `let local = value in body`.
    Bind {
        local: u32,
        value: Box<Node>,
        body: Box<Node>,
    },
    /// `optional.optMap(v, body)` (wraps) and `optFlatMap` (does not): none stays none, else body with the local bound.
    OptBind {
        local: u32,
        operand: Box<Node>,
        body: Box<Node>,
        wrap: bool,
    },
    /// A function of the library, by its row in [`loomwork_value::library`]; arguments already have the receiver first.
    Call {
        function: u32,
        args: Vec<Node>,
    },
    /// A literal number in a typed template, adapted to its neighbour by the checker, or a statically known conversion.
    Coerce(Box<Node>),
}

/// An operator on two operands that are both evaluated. The operands' static types say which instruction it becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum BinaryOp {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    In,
}

#[derive(Clone, Debug)]
pub struct Element {
    pub value: Node,
    /// `[?x]`: left out when none.
    pub optional: bool,
}

#[derive(Clone, Debug)]
pub struct Entry {
    pub key: Node,
    pub value: Node,
    /// `{?k: v}`: left out when none.
    pub optional: bool,
}

#[derive(Clone, Debug)]
pub struct Loop {
    pub what: LoopKind,
    pub range: Node,
    /// One variable: list element or map key. Two variables: (index, element) or (key, value).
    pub first: u32,
    pub second: Option<u32>,
    /// `filter` of a three-argument `map`, or of `transformList` / `transformMap`.
    pub filter: Option<Node>,
    /// The predicate, or what each element becomes.
    pub body: Node,
    /// What each iteration charges: 1 + the nodes of filter and body outside inner loops.
    pub cost: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LoopKind {
    All,
    Exists,
    ExistsOne,
    Map,
    Filter,
    TransformMap,
    /// `transformMapEntry`: body gives a map whose entries are merged.
    TransformMapEntry,
}
