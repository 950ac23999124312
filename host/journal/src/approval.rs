//! Questions that a run puts to people, and when they are answered.

use crate::{RunId, StoreError};

/// What a step asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// The form, JSON.
    pub form: String,
    /// People and roles; empty: everybody.
    pub approvers: Vec<String>,
    /// How many must approve, at least 1. One rejection is enough against it.
    pub needed: u32,
    /// When it closes, milliseconds since 1970.
    pub due: Option<u64>,
    /// False: whoever began the run must not answer.
    pub self_approval: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Approved,
    Rejected,
}

impl Verdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approved => "approved",
            Self::Rejected => "rejected",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Approved, Self::Rejected].into_iter().find(|verdict| verdict.as_str() == text)
    }
}

/// A person answers a question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub run: RunId,
    pub step: u32,
    pub who: String,
    /// What else `who` is.
    pub roles: Vec<String>,
    pub verdict: Verdict,
    /// The filled-in form, JSON.
    pub form: String,
}

/// An answer that a store keeps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    pub who: String,
    pub verdict: Verdict,
    pub form: String,
    pub at: u64,
}

impl Question {
    /// Takes one more answer; what the waiting step hears if it is the last one that was needed. `starter` began the run.
    pub fn take(
        &self,
        given: &mut Vec<Given>,
        answer: &Answer,
        starter: Option<&str>,
        at: u64,
    ) -> Result<Option<String>, StoreError> {
        if self.due.is_some_and(|due| at >= due) {
            return Err(StoreError::Closed { run: answer.run.clone(), step: answer.step });
        }
        let entitled = |approver: &String| *approver == answer.who || answer.roles.contains(approver);
        if !self.approvers.is_empty() && !self.approvers.iter().any(entitled) {
            return Err(StoreError::NotEntitled { who: answer.who.clone() });
        }
        if !self.self_approval && starter == Some(&*answer.who) {
            return Err(StoreError::OwnRun { who: answer.who.clone() });
        }
        if given.iter().any(|one| one.who == answer.who) {
            return Err(StoreError::Answered { who: answer.who.clone() });
        }
        given.push(Given { who: answer.who.clone(), verdict: answer.verdict, form: answer.form.clone(), at });
        let approved = given.iter().filter(|one| one.verdict == Verdict::Approved).count();
        let complete = answer.verdict == Verdict::Rejected || approved >= self.needed.max(1) as usize;
        Ok(complete.then(|| heard(given)))
    }
}

/// `{"approved": …, "answers": [{"by", "approved", "at", "form"}]}`; `at` is in milliseconds since 1970.
fn heard(given: &[Given]) -> String {
    let approved = given.iter().all(|one| one.verdict == Verdict::Approved);
    let mut out = format!(r#"{{"approved":{approved},"answers":["#);
    for (index, one) in given.iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        out.push_str(r#"{"by":"#);
        loomwork_types::writer::string(&one.who, &mut out);
        let approved = one.verdict == Verdict::Approved;
        out.push_str(&format!(r#","approved":{approved},"at":{},"form":{}}}"#, one.at, one.form));
    }
    out.push_str("]}");
    out
}
