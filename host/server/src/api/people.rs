//! `/api/signals`, `/api/approvals`

use super::{Answer, Body, Path, json, refused, run_id, view};
use axum::extract::State;
use loomwork_api::{AnswerRequest, AnsweredView, GivenView, QuestionList, QuestionView, SignalRequest, SignalView, Verdict};
use loomwork_run::{Answered, Listening, Runner};

pub async fn signal(State(runner): State<Runner>, Body(request): Body<SignalRequest>) -> Answer<SignalView> {
    let run = request.run.as_deref().map(run_id).transpose()?;
    let key = request.key.map(|key| key.to_string());
    let heard = runner.signal(&request.name, key.as_deref(), run, &request.payload.to_string()).await.map_err(refused)?;
    json(SignalView { heard })
}

pub async fn questions(State(runner): State<Runner>) -> Answer<QuestionList> {
    let redact = runner.redact();
    let listening = runner.questions().await.map_err(refused)?;
    json(QuestionList { questions: listening.into_iter().filter_map(|it| question(it, &redact)).collect() })
}

fn question(listening: Listening, redact: &loomwork_run::Redact) -> Option<QuestionView> {
    let question = listening.question?;
    let given =
        listening.given.into_iter().map(|given| GivenView { by: given.who, verdict: verdict(given.verdict), at: given.at });
    Some(QuestionView {
        run: listening.run.to_string(),
        step: listening.step,
        since: listening.since,
        form: view::value(&question.form, redact),
        approvers: question.approvers,
        needed: question.needed,
        due: question.due,
        given: given.collect(),
    })
}

fn verdict(verdict: loomwork_run::Verdict) -> Verdict {
    match verdict {
        loomwork_run::Verdict::Approved => Verdict::Approved,
        loomwork_run::Verdict::Rejected => Verdict::Rejected,
    }
}

pub async fn answer(
    State(runner): State<Runner>,
    Path((run, step)): Path<(String, u32)>,
    Body(request): Body<AnswerRequest>,
) -> Answer<AnsweredView> {
    let approved = request.verdict == Verdict::Approved;
    let answered = Answered {
        who: request.by,
        roles: request.roles,
        approved,
        note: request.note,
        form: request.form.map(|form| form.to_string()),
    };
    let complete = runner.answer(&run_id(&run)?, step, answered).await.map_err(refused)?;
    json(AnsweredView { complete })
}
