//! A call's arguments: JSON by parameter name, checked against the parameters' types before anything of the guest runs.

use super::lower::{Flat, MOST_FLAT, flat, store};
use loomwork_types::{Fault, Field, Record, Type};
use loomwork_value::{Key, Value};
use std::mem::MaybeUninit;
use std::sync::Arc;
use wasmtime::component::__internal::{CanonicalAbiInfo, InstanceType, InterfaceType, LowerContext};
use wasmtime::component::{ComponentNamedList, ComponentType, Lower};
use wasmtime::{Result, ValRaw, bail};

/// The values of a function's parameters, in their order.
pub(crate) struct Arguments {
    params: Arc<Record>,
    values: Vec<Value>,
}

impl Arguments {
    /// Reads `{"name": value, …}`. Absent options are null; a function without parameters takes empty text and `null` too.
    pub fn read(params: &Arc<Record>, input: &str) -> Result<Self, Fault> {
        if params.fields.is_empty() && matches!(input.trim(), "" | "null") {
            return Ok(Self { params: params.clone(), values: Vec::new() });
        }
        let given = loomwork_types::decode(&Type::Record(params.clone()), input)?;
        let values = params.fields.iter().map(|field| field_of(&given, field).cloned().unwrap_or(Value::Null)).collect();
        Ok(Self { params: params.clone(), values })
    }
}

/// What a decoded record holds under a field's name.
pub(super) fn field_of<'v>(record: &'v Value, field: &Field) -> Option<&'v Value> {
    let Value::Map(map) = record else { return None };
    let found = map.entries.iter().find(|(key, _)| matches!(key, Key::String(key) if *key == field.json));
    found.map(|(_, value)| value)
}

// SAFETY: `Lower` is a plain array of `ValRaw`, as many as a component's function takes at most. What is written there are plain
// numbers that the guest alone interprets, and its memory is written through wasmtime's checked slices only, so a type that does
// not fit the function gives an error or nonsense inside the sandbox, never harm to the host.
unsafe impl ComponentType for Arguments {
    type Lower = [ValRaw; MOST_FLAT];
    /// Never asked for: arguments are not nested in other values.
    const ABI: CanonicalAbiInfo = CanonicalAbiInfo::ZERO;

    /// Each value is checked while it is lowered.
    fn typecheck(_ty: &InterfaceType, _types: &InstanceType<'_>) -> Result<()> {
        Ok(())
    }
}

// SAFETY: see above; the type stands for the whole list of parameters.
unsafe impl ComponentNamedList for Arguments {}

// SAFETY: every slot of `dst` is written.
unsafe impl Lower for Arguments {
    fn linear_lower_to_flat<T>(
        &self,
        cx: &mut LowerContext<'_, T>,
        ty: InterfaceType,
        dst: &mut MaybeUninit<Self::Lower>,
    ) -> Result<()> {
        let InterfaceType::Tuple(index) = ty else { bail!("a function's parameters are a tuple") };
        let types = cx.types;
        let tuple = &types[index];
        if tuple.types.len() != self.values.len() {
            bail!("the component's function has other parameters than its package says");
        }
        let mut slots = Flat::default();
        let params = self.params.fields.iter().zip(&self.values).zip(&tuple.types);
        if tuple.abi.flat_count(MOST_FLAT).is_some() {
            for ((field, value), ty) in params {
                flat(cx, value, &field.ty, *ty, &mut slots)?;
            }
        } else {
            let start = cx.realloc(0, 0, tuple.abi.align32, tuple.abi.size32 as usize)?;
            let mut offset = start;
            for ((field, value), ty) in params {
                let place = types.canonical_abi(ty).next_field32_size(&mut offset);
                store(cx, value, &field.ty, *ty, place)?;
            }
            slots.push(start as u64)?;
        }
        dst.write(slots.slots);
        Ok(())
    }

    fn linear_lower_to_memory<T>(&self, _cx: &mut LowerContext<'_, T>, _ty: InterfaceType, _offset: usize) -> Result<()> {
        bail!("arguments are not nested in other values")
    }
}
