//! Conditions, `!`, `?:`, and the junctions `&&` and `||`, which may absorb an error on either side.

use super::Generator;
use super::boxing::Repr;
use super::code::{Code, Label};
use crate::Ty;
use crate::ir::Node;
use wasm_encoder::{Instruction as I, ValType};

/// `&&` or `||`: they differ in which answer decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Junction {
    And,
    Or,
}

impl Junction {
    /// The answer of one side that makes the other side's irrelevant.
    pub fn decisive(self) -> i32 {
        match self {
            Junction::And => 0,
            Junction::Or => 1,
        }
    }

    /// Appends a test that is true when the answer on the stack decides.
    pub fn decides(self, code: &mut Code) {
        if self == Junction::And {
            code.plain(I::I32Eqz);
        }
    }
}

impl Generator<'_> {
    /// Code that leaves 0 or 1; a value that is no bool fails.
    pub(super) fn condition(&mut self, node: &Node, fail: Label) -> Code {
        self.value_as(node, &Ty::Bool, fail)
    }

    pub(super) fn not(&mut self, operand: &Node, ty: &Ty, fail: Label) -> Code {
        let mut code = self.condition(operand, fail);
        code.plain(I::I32Eqz);
        self.convert(&mut code, &Ty::Bool, ty, fail);
        code
    }

    pub(super) fn choice(&mut self, condition: &Node, branches: [&Node; 2], ty: &Ty, fail: Label) -> Code {
        let mut code = self.condition(condition, fail);
        let [then, otherwise] = branches.map(|branch| self.value_as(branch, ty, fail));
        code.if_else(Some(Repr::of(ty).val_type()), then, otherwise);
        code
    }

    pub(super) fn junction(&mut self, junction: Junction, sides: [&Node; 2], ty: &Ty, fail: Label) -> Code {
        let failed = self.label("left_failed");
        let left = self.condition(sides[0], failed);
        let mut code = if left.reaches(failed) {
            self.absorbing(junction, left, failed, sides[1], fail)
        } else {
            self.short(junction, left, sides[1], fail)
        };
        self.convert(&mut code, &Ty::Bool, ty, fail);
        code
    }

    /// The left side cannot fail: an error on the right is the error of the whole.
    fn short(&mut self, junction: Junction, left: Code, right: &Node, fail: Label) -> Code {
        let right = self.condition(right, fail);
        let mut decided = Code::new();
        decided.i32(junction.decisive());
        let mut code = left;
        match junction {
            Junction::And => code.if_else(Some(ValType::I32), right, decided),
            Junction::Or => code.if_else(Some(ValType::I32), decided, right),
        };
        code
    }

    /// The left side may fail: its error is held while the right side has its say.
    fn absorbing(&mut self, junction: Junction, left: Code, failed: Label, right: &Node, fail: Label) -> Code {
        let answer = self.temporary(ValType::I32, "answer");
        let erred = self.temporary(ValType::I32, "erred");
        let slot = self.held;
        self.held += 1;
        let (decided, joined) = (self.label("decided"), self.label("joined"));

        let mut attempt = left;
        attempt.tee(answer);
        junction.decides(&mut attempt);
        attempt.branch_if(decided).i32(0).set(erred).branch(joined);
        let mut first = Code::new();
        first.block(failed, None, attempt);
        first.i32(slot).runtime("hold").plain(I::I32Eqz).branch_if(fail).i32(1).set(erred);

        let mut body = Code::new();
        body.block(joined, None, first);
        body.append(self.right_side(junction, right, (answer, erred, slot), (decided, fail)));
        let mut code = Code::new();
        code.block(decided, None, body).get(answer);
        self.held -= 1;
        self.release(answer);
        self.release(erred);
        code
    }

    /// Decides, or falls through with the left answer confirmed, or fails with the left error if there is one.
    fn right_side(&mut self, junction: Junction, right: &Node, locals: (u32, u32, i32), labels: (Label, Label)) -> Code {
        let (answer, erred, slot) = locals;
        let (decided, fail) = labels;
        let failed = self.label("right_failed");
        let mut attempt = self.condition(right, failed);
        attempt.tee(answer);
        junction.decides(&mut attempt);
        attempt.branch_if(decided).get(erred).plain(I::I32Eqz).branch_if(decided);
        let mut code = Code::new();
        code.block(failed, None, attempt);
        let mut again = Code::new();
        again.i32(slot).runtime("rethrow");
        code.get(erred).if_else(None, again, Code::new()).branch(fail);
        code
    }
}
