//! Between the store, which keeps who answered what, and the machine, which hears a decision.

use loomwork_check::{Question, Vote};
use loomwork_types::Fault;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What one person says, as the store keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Said {
    #[serde(default)]
    pub note: Option<String>,
    /// The filled-in form.
    #[serde(default)]
    pub answer: Option<Value>,
}

/// What the store tells of a question that is decided.
#[derive(Deserialize)]
struct Told {
    answers: Vec<ToldAnswer>,
}

#[derive(Deserialize)]
struct ToldAnswer {
    by: String,
    approved: bool,
    at: u64,
    form: Said,
}

/// What the store is asked to wait for. One that cannot be read is a question to everybody.
pub(crate) fn asked(about: String, due: Option<u64>) -> loomwork_journal::Question {
    let (approvers, needed, self_approval) = match Question::read(&about) {
        Ok(question) => (question.approvers, question.count, question.self_approval),
        Err(_) => (Vec::new(), 1, true),
    };
    loomwork_journal::Question { form: about, approvers, needed, due, self_approval }
}

/// The decision that the store's answers make; none if they make none.
pub(crate) fn decision(about: &str, told: &str) -> Option<String> {
    let question = Question::read(about).ok()?;
    let told: Told = serde_json::from_str(told).ok()?;
    let vote = |it: ToldAnswer| Vote {
        who: it.by,
        at: it.at,
        approved: it.approved,
        note: it.form.note,
        answer: it.form.answer.map(|answer| answer.to_string()),
    };
    question.decision(&told.answers.into_iter().map(vote).collect::<Vec<_>>())
}

/// What a person says, checked against the form, as the store is to keep it.
pub(crate) fn said(about: &str, approved: bool, note: Option<String>, answer: Option<&str>) -> Result<String, Fault> {
    let question = Question::read(about)?;
    let answer =
        question.accept(approved, answer).map_err(|mismatch| Fault::new("approval.form", mismatch.sentence().into_owned()))?;
    let answer = answer.map(|answer| serde_json::from_str(&answer)).transpose();
    let answer: Option<Value> = answer.map_err(|error| Fault::new("approval.form", error.to_string()))?;
    serde_json::to_string(&Said { note, answer }).map_err(|error| Fault::new("approval.form", error.to_string()))
}
