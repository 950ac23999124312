//! Loops: what the macros became.

use super::build::key_of;
use super::{Evaluation, Outcome, is_limit};
use crate::ir::{Loop, LoopKind};
use loomwork_value::{EvalError, Map, Value, ops};

impl Evaluation<'_> {
    pub(super) fn repeat(&mut self, each: &Loop) -> Outcome {
        let range = self.value(&each.range)?;
        match each.what {
            LoopKind::All => self.quantified(each, &range, false),
            LoopKind::Exists => self.quantified(each, &range, true),
            LoopKind::ExistsOne => self.exists_one(each, &range),
            LoopKind::Map | LoopKind::Filter => self.collected(each, &range),
            LoopKind::TransformMap | LoopKind::TransformMapEntry => self.mapped(each, &range),
        }
    }

    /// Calls `round` with the loop's variables bound, until it says that it has seen enough.
    fn rounds(
        &mut self,
        each: &Loop,
        range: &Value,
        mut round: impl FnMut(&mut Self) -> Result<Next, EvalError>,
    ) -> Result<(), EvalError> {
        let (firsts, seconds) = match each.second {
            None => (ops::range(range)?, None),
            Some(second) => {
                let (firsts, seconds): (Vec<_>, Vec<_>) = ops::entries(range)?.into_iter().unzip();
                (firsts.into(), Some((second, seconds)))
            }
        };
        for (at, first) in firsts.iter().enumerate() {
            self.meter.charge(u64::from(each.cost))?;
            self.locals[each.first as usize] = first.clone();
            if let Some((second, seconds)) = &seconds {
                self.locals[*second as usize] = seconds[at].clone();
            }
            if round(self)? == Next::Enough {
                break;
            }
        }
        Ok(())
    }

    /// `all` and `exists`: one deciding answer is enough; an error counts only if there is none.
    fn quantified(&mut self, each: &Loop, range: &Value, decisive: bool) -> Outcome {
        let mut decided = false;
        let mut failed = None;
        self.rounds(each, range, |own| {
            match own.truth(&each.body) {
                Err(error) if is_limit(&error) => return Err(error),
                Err(error) => failed = Some(error),
                Ok(answer) => decided = answer == decisive,
            }
            Ok(if decided { Next::Enough } else { Next::More })
        })?;
        match failed {
            Some(error) if !decided => Err(error),
            _ => Ok(Value::Bool(decided == decisive)),
        }
    }

    fn exists_one(&mut self, each: &Loop, range: &Value) -> Outcome {
        let mut count = 0;
        self.rounds(each, range, |own| {
            count += i32::from(own.truth(&each.body)?);
            Ok(Next::More)
        })?;
        Ok(Value::Bool(count == 1))
    }

    /// `map`, `filter` and `transformList`.
    fn collected(&mut self, each: &Loop, range: &Value) -> Outcome {
        let mut values = Vec::new();
        self.rounds(each, range, |own| {
            if own.passes(each)? {
                if each.what == LoopKind::Map {
                    values.push(own.value(&each.body)?);
                } else if own.truth(&each.body)? {
                    values.push(own.locals[each.first as usize].clone());
                }
            }
            Ok(Next::More)
        })?;
        Ok(Value::from(values))
    }

    /// `transformMap` and `transformMapEntry`.
    fn mapped(&mut self, each: &Loop, range: &Value) -> Outcome {
        let mut entries = Vec::new();
        self.rounds(each, range, |own| {
            if own.passes(each)? {
                let value = own.value(&each.body)?;
                match (each.what, value) {
                    (LoopKind::TransformMap, value) => entries.push((key_of(&own.locals[each.first as usize])?, value)),
                    (_, Value::Map(map)) => {
                        own.meter.elements(map.len())?;
                        entries.extend(map.entries.iter().cloned());
                    }
                    (_, other) => return Err(EvalError::no_overload("transformMapEntry", &[&other])),
                }
            }
            Ok(Next::More)
        })?;
        Map::new(entries).map(Value::from)
    }

    fn passes(&mut self, each: &Loop) -> Result<bool, EvalError> {
        each.filter.as_ref().map_or(Ok(true), |filter| self.truth(filter))
    }
}

#[derive(PartialEq)]
enum Next {
    More,
    Enough,
}
