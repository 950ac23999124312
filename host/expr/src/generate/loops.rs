//! The macros that go over a list or the keys of a map, each as a WebAssembly loop.
//!
//! Every round is charged before it runs. What a round puts into the runtime's arena is released at its end, so that a long
//! loop needs no more memory than its result.

use super::Generator;
use super::code::{Code, Label};
use super::logic::Junction;
use crate::Ty;
use crate::ir::{Loop, LoopKind};
use wasm_encoder::{Instruction as I, ValType};

/// The WebAssembly locals of one loop.
struct Place {
    range: u32,
    /// Elements in all.
    count: u32,
    /// Elements done.
    done: u32,
    /// How far the arena was filled when the loop began.
    mark: u32,
    /// A builder, a count, or a bool, by the kind of loop.
    result: u32,
}

/// Where a round may go.
struct Exits {
    /// No further round is needed.
    decided: Label,
    /// On to the next element.
    next: Label,
    fail: Label,
}

impl Generator<'_> {
    pub(super) fn each(&mut self, each: &Loop, ty: &Ty, fail: Label) -> Code {
        let mut code = self.handle(&each.range, fail);
        let place = Place {
            range: self.temporary(ValType::I32, "range"),
            count: self.temporary(ValType::I32, "count"),
            done: self.temporary(ValType::I32, "done"),
            mark: self.temporary(ValType::I32, "mark"),
            result: self.temporary(ValType::I32, "result"),
        };
        code.tee(place.range).runtime("range").tee(place.count).i32(0).plain(I::I32LtS).branch_if(fail);
        start_result(&mut code, each.what, &place);
        code.i32(0).set(place.done).runtime("mark").set(place.mark);
        let own = match each.what {
            LoopKind::All => self.junction_loop(Junction::And, each, &place, &mut code, fail),
            LoopKind::Exists => self.junction_loop(Junction::Or, each, &place, &mut code, fail),
            LoopKind::ExistsOne => self.count_loop(each, &place, &mut code, fail),
            _ => self.building_loop(each, &place, &mut code, fail),
        };
        for local in [place.range, place.count, place.done, place.mark, place.result] {
            self.release(local);
        }
        self.convert(&mut code, &own, ty, fail);
        code
    }

    /// `all` and `exists`: a deciding answer ends the loop; an error counts only if none decides.
    fn junction_loop(&mut self, junction: Junction, each: &Loop, place: &Place, code: &mut Code, fail: Label) -> Ty {
        let slot = self.held;
        self.held += 1;
        let failed = self.label("element_failed");
        let erred = self.temporary(ValType::I32, "erred");
        let exits = self.exits(fail);
        let mut absorbs = false;
        let rounds = self.rounds(each, place, &exits, |own, round| {
            let mut attempt = own.condition(&each.body, failed);
            junction.decides(&mut attempt);
            attempt.plain(I::I32Eqz).branch_if(exits.next).i32(junction.decisive()).set(place.result).branch(exits.decided);
            absorbs = attempt.reaches(failed);
            round.block(failed, None, attempt);
            if absorbs {
                round.i32(slot).runtime("hold").plain(I::I32Eqz).branch_if(fail).i32(1).set(erred);
            }
        });
        if absorbs {
            code.i32(0).set(erred);
        }
        let mut body = rounds;
        if absorbs {
            let mut again = Code::new();
            again.i32(slot).runtime("rethrow").branch(fail);
            body.get(erred).if_else(None, again, Code::new());
        }
        code.block(exits.decided, None, body).get(place.result);
        self.release(erred);
        self.held -= 1;
        Ty::Bool
    }

    /// `exists_one`: counts; an error ends it.
    fn count_loop(&mut self, each: &Loop, place: &Place, code: &mut Code, fail: Label) -> Ty {
        let exits = self.exits(fail);
        let rounds = self.rounds(each, place, &exits, |own, round| {
            round.append(own.condition(&each.body, fail));
            round.get(place.result).plain(I::I32Add).set(place.result);
        });
        code.block(exits.decided, None, rounds).get(place.result).i32(1).plain(I::I32Eq);
        Ty::Bool
    }

    /// `map`, `filter` and the transforms: build a list or a map.
    fn building_loop(&mut self, each: &Loop, place: &Place, code: &mut Code, fail: Label) -> Ty {
        let exits = self.exits(fail);
        let rounds = self.rounds(each, place, &exits, |own, round| {
            if let Some(filter) = &each.filter {
                round.append(own.condition(filter, fail)).plain(I::I32Eqz).branch_if(exits.next);
            }
            own.build(each, place, round, &exits);
        });
        code.block(exits.decided, None, rounds).get(place.result);
        code.runtime(if builds_map(each.what) { "map_done" } else { "list_done" });
        self.received_handle(code, fail);
        Ty::Dyn
    }

    fn build(&mut self, each: &Loop, place: &Place, round: &mut Code, exits: &Exits) {
        match each.what {
            LoopKind::Filter => {
                round.append(self.condition(&each.body, exits.fail)).plain(I::I32Eqz).branch_if(exits.next);
                round.get(place.result).append(self.variable_handle(each.first, exits.fail)).runtime("list_push");
            }
            LoopKind::TransformMap => {
                round
                    .get(place.result)
                    .append(self.variable_handle(each.first, exits.fail))
                    .append(self.handle(&each.body, exits.fail));
                round.runtime("map_put").plain(I::I32Eqz).branch_if(exits.fail);
            }
            LoopKind::TransformMapEntry => {
                round.get(place.result).append(self.handle(&each.body, exits.fail)).runtime("map_merge");
                round.plain(I::I32Eqz).branch_if(exits.fail);
            }
            _ => {
                round.get(place.result).append(self.handle(&each.body, exits.fail)).runtime("list_push");
            }
        }
    }

    /// The loop itself: charge, bind, the round, release, next.
    fn rounds(&mut self, each: &Loop, place: &Place, exits: &Exits, body: impl FnOnce(&mut Self, &mut Code)) -> Code {
        let (again, end) = (self.label("again"), self.label("end"));
        let mut code = Code::new();
        code.get(place.done).get(place.count).plain(I::I32GeU).branch_if(end);
        code.i32(each.cost as i32).runtime("charge").plain(I::I32Eqz).branch_if(exits.fail);
        self.bind_variables(each, place, &mut code);
        let mut round = Code::new();
        body(self, &mut round);
        code.block(exits.next, None, round);
        self.unbind(each.first);
        each.second.into_iter().for_each(|second| self.unbind(second));
        code.get(place.mark).runtime("release").get(place.done).i32(1).plain(I::I32Add).set(place.done).branch(again);
        let mut looped = Code::new();
        looped.repeat(again, code);
        let mut whole = Code::new();
        whole.block(end, None, looped);
        whole
    }

    fn bind_variables(&mut self, each: &Loop, place: &Place, code: &mut Code) {
        let (key, value) = element_types(&each.range.ty);
        match each.second {
            None => {
                let element = if matches!(each.range.ty, Ty::List(_)) { value } else { key };
                self.bind_element(each.first, &element, "element", place, code);
            }
            Some(second) => {
                self.bind_element(each.first, &key, "entry_key", place, code);
                self.bind_element(second, &value, "entry_value", place, code);
            }
        }
    }

    fn bind_element(&mut self, variable: u32, ty: &Ty, function: &'static str, place: &Place, code: &mut Code) {
        code.get(place.range).get(place.done).runtime(function);
        self.unbox(code, ty);
        let local = self.bind(variable, ty, function);
        code.set(local);
    }

    /// The handle of a bound variable.
    fn variable_handle(&mut self, variable: u32, fail: Label) -> Code {
        let bound = self.variables[variable as usize].clone().expect("the loop has bound it");
        let mut code = Code::new();
        code.get(bound.local);
        self.convert(&mut code, &bound.ty, &Ty::Dyn, fail);
        code
    }

    fn exits(&mut self, fail: Label) -> Exits {
        Exits { decided: self.label("decided"), next: self.label("next"), fail }
    }
}

/// The types of (index, element) or (key, value), as far as they are known.
fn element_types(range: &Ty) -> (Ty, Ty) {
    match range {
        Ty::List(element) => (Ty::Int, (**element).clone()),
        Ty::Map(key, value) => ((**key).clone(), (**value).clone()),
        Ty::Record(_) => (Ty::String, Ty::Dyn),
        _ => (Ty::Dyn, Ty::Dyn),
    }
}

fn builds_map(what: LoopKind) -> bool {
    matches!(what, LoopKind::TransformMap | LoopKind::TransformMapEntry)
}

fn start_result(code: &mut Code, what: LoopKind, place: &Place) {
    match what {
        LoopKind::All => code.i32(1),
        LoopKind::Exists | LoopKind::ExistsOne => code.i32(0),
        LoopKind::Filter => code.i32(0).runtime("list_new"),
        _ if builds_map(what) => code.i32(0).runtime("map_new"),
        _ => code.get(place.count).runtime("list_new"),
    };
    code.set(place.result);
}
