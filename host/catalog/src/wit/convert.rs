//! WIT's types as ours. A type that is no value says why.

use super::words;
use loomwork_types::{Case, Field, Labels, MAX_DEPTH, Record, ResultType, Type, Variant, names::snake, well_known};
use std::collections::HashMap;
use std::sync::Arc;
use wit_parser::{Handle, Resolve, Type as Wit, TypeDef, TypeDefKind, TypeId, TypeOwner};

/// How many types one type may hold in all, each use of a name counted in full.
const MOST_PARTS: usize = 10_000;

/// Converts each type once.
pub(super) struct Converter<'a> {
    resolve: &'a Resolve,
    done: HashMap<TypeId, Result<Measured, String>>,
    depth: usize,
}

/// A type and how large it is when written out.
#[derive(Clone)]
struct Measured {
    ty: Type,
    parts: usize,
    depth: usize,
}

/// Adds up the parts of one type.
#[derive(Default)]
struct Sum {
    parts: usize,
    depth: usize,
}

type Converted<T> = Result<T, String>;

impl<'a> Converter<'a> {
    pub(super) fn new(resolve: &'a Resolve) -> Self {
        Self { resolve, done: HashMap::new(), depth: 0 }
    }

    pub(super) fn ty(&mut self, ty: &Wit) -> Converted<Type> {
        self.measured(ty).map(|measured| measured.ty)
    }

    fn measured(&mut self, ty: &Wit) -> Converted<Measured> {
        let Wit::Id(id) = ty else {
            return scalar(ty).map(|ty| Measured { ty, parts: 1, depth: 1 });
        };
        if let Some(done) = self.done.get(id) {
            return done.clone();
        }
        if self.depth >= MAX_DEPTH - 1 {
            return Err("is nested too deeply".into());
        }
        self.depth += 1;
        let converted = self.defined(&self.resolve.types[*id]);
        self.depth -= 1;
        let converted = converted.and_then(|measured| match measured {
            Measured { depth, .. } if depth >= MAX_DEPTH => Err("is nested too deeply".into()),
            Measured { parts, .. } if parts > MOST_PARTS => Err(format!("has more than {MOST_PARTS} parts")),
            measured => Ok(measured),
        });
        self.done.insert(*id, converted.clone());
        converted
    }

    fn part(&mut self, ty: &Wit, sum: &mut Sum) -> Converted<Type> {
        let Measured { ty, parts, depth } = self.measured(ty)?;
        sum.parts = sum.parts.saturating_add(parts);
        sum.depth = sum.depth.max(depth);
        Ok(ty)
    }

    fn maybe(&mut self, ty: &Option<Wit>, sum: &mut Sum) -> Converted<Option<Type>> {
        ty.as_ref().map(|ty| self.part(ty, sum)).transpose()
    }

    fn defined(&mut self, def: &TypeDef) -> Converted<Measured> {
        if let Some(ty) = self.known(def) {
            return Ok(Measured { ty, parts: 1, depth: 1 });
        }
        if let TypeDefKind::Type(same) = &def.kind {
            return self.measured(same);
        }
        let mut sum = Sum::default();
        let ty = self.kind(def, &mut sum)?;
        Ok(Measured { ty, parts: sum.parts.saturating_add(1), depth: sum.depth + 1 })
    }

    fn kind(&mut self, def: &TypeDef, sum: &mut Sum) -> Converted<Type> {
        let name = || def.name.as_deref().map(Arc::from);
        Ok(match &def.kind {
            TypeDefKind::Record(of) => {
                sum.parts += of.fields.len();
                let mut fields = Vec::with_capacity(of.fields.len());
                for field in &of.fields {
                    let ty = self.part(&field.ty, sum).map_err(|reason| format!("has a field `{}` that {reason}", field.name))?;
                    fields.push(Field { docs: words(&field.docs), ..Field::new(&field.name, ty) });
                }
                Type::Record(Arc::new(Record { name: name(), fields }))
            }
            TypeDefKind::Variant(of) => {
                sum.parts += of.cases.len();
                let mut cases = Vec::with_capacity(of.cases.len());
                for case in &of.cases {
                    let ty = self.maybe(&case.ty, sum).map_err(|reason| format!("has a case `{}` that {reason}", case.name))?;
                    cases.push(Case { docs: words(&case.docs), ..Case::new(&case.name, ty) });
                }
                Type::Variant(Arc::new(Variant { name: name(), cases }))
            }
            TypeDefKind::Enum(of) => Type::Enum(Arc::new(labels(name(), of.cases.iter().map(|case| case.name.as_str()), sum))),
            TypeDefKind::Flags(of) => Type::Flags(Arc::new(labels(name(), of.flags.iter().map(|flag| flag.name.as_str()), sum))),
            TypeDefKind::Tuple(of) => {
                let types: Converted<Vec<Type>> = of.types.iter().map(|ty| self.part(ty, sum)).collect();
                Type::tuple(types?)
            }
            TypeDefKind::Option(of) => Type::option(self.part(of, sum)?),
            TypeDefKind::List(of) => Type::list(self.part(of, sum)?),
            TypeDefKind::Result(of) => {
                Type::Result(Arc::new(ResultType { ok: self.maybe(&of.ok, sum)?, err: self.maybe(&of.err, sum)? }))
            }
            TypeDefKind::Type(same) => self.part(same, sum)?,
            TypeDefKind::Resource | TypeDefKind::Handle(Handle::Own(_) | Handle::Borrow(_)) => {
                return Err("is a resource; a value would have to outlive the call".into());
            }
            TypeDefKind::Future(_) => return Err("is a future; a node gives its whole answer at once".into()),
            TypeDefKind::Stream(_) => return Err("is a stream; a node gives its whole answer at once".into()),
            TypeDefKind::Map(..) => return Err("is a map, which components cannot pass yet".into()),
            TypeDefKind::FixedLengthList(..) => return Err("is a list of fixed length, which components cannot pass yet".into()),
            TypeDefKind::Unknown => return Err("is of an unknown type".into()),
        })
    }

    /// The types of `loom:types/types`, by name and never by shape.
    fn known(&self, def: &TypeDef) -> Option<Type> {
        let TypeOwner::Interface(interface) = def.owner else { return None };
        let interface = &self.resolve.interfaces[interface];
        let package = &self.resolve.packages[interface.package?].name;
        if (package.namespace.as_str(), package.name.as_str(), interface.name.as_deref()?) != ("loom", "types", "types") {
            return None;
        }
        Some(match def.name.as_deref()? {
            "json" => Type::Json,
            "datetime" => Type::Datetime,
            "duration" => Type::Duration,
            "blob" => Type::Blob,
            name => return well_known(name),
        })
    }
}

fn labels<'a>(name: Option<Arc<str>>, of: impl ExactSizeIterator<Item = &'a str>, sum: &mut Sum) -> Labels {
    sum.parts += of.len();
    Labels { name, labels: of.map(|label| (label.into(), snake(label))).collect() }
}

fn scalar(ty: &Wit) -> Converted<Type> {
    Ok(match ty {
        Wit::Bool => Type::Bool,
        Wit::U8 => Type::U8,
        Wit::U16 => Type::U16,
        Wit::U32 => Type::U32,
        Wit::U64 => Type::U64,
        Wit::S8 => Type::S8,
        Wit::S16 => Type::S16,
        Wit::S32 => Type::S32,
        Wit::S64 => Type::S64,
        Wit::F32 => Type::F32,
        Wit::F64 => Type::F64,
        Wit::Char => Type::Char,
        Wit::String => Type::String,
        _ => return Err("is an error context, which is no value".into()),
    })
}
