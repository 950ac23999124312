//! Approvals.

use crate::testing::make::*;
use crate::{Answer, Happened, Listen, Next, Outcome, Progress, Question, Store, StoreError, Verdict, Write};

fn asks(step: u32, approvers: &[&str], needed: u32, due: Option<u64>) -> Listen {
    let approvers = approvers.iter().map(|name| (*name).to_owned()).collect();
    let question = Question { form: r#"{"note": "string"}"#.to_owned(), approvers, needed, due, self_approval: true };
    Listen { step, name: "approval".to_owned(), key: "null".to_owned(), question: Some(question) }
}

fn asking(listens: Vec<Listen>) -> Progress {
    Progress { listens, next: Next::Released { until: None }, ..Progress::default() }
}

fn answer(step: u32, who: &str, verdict: Verdict) -> Answer {
    Answer {
        run: id(1),
        step,
        who: who.to_owned(),
        roles: vec!["staff".to_owned()],
        verdict,
        form: r#"{"note":"ok"}"#.to_owned(),
    }
}

async fn payload(store: &dyn Store) -> String {
    let mut inbox = store.inbox(&id(1)).await.expect("the store can be read");
    match inbox.pop().expect("there is a message").what {
        Happened::Heard(_, payload) => payload,
        other => panic!("an answer is heard, not {other:?}"),
    }
}

pub async fn a_question_takes_as_many_answers_as_it_needs(store: &dyn Store) {
    one(store, T, create(begun(1, asking(vec![asks(3, &["ada", "staff"], 2, None)])))).await;
    let first = one(store, T + 1, Write::Answer(answer(3, "ada", Verdict::Approved))).await;
    assert_eq!(first, Outcome::Answered { complete: false });
    let given = store.listening(&id(1)).await.expect("the store can be read").remove(0).given;
    assert_eq!((given.len(), given[0].who.as_str(), given[0].at), (1, "ada", T + 1));
    let again = attempt(store, T + 2, Write::Answer(answer(3, "ada", Verdict::Rejected))).await;
    assert_eq!(again, Err(StoreError::Answered { who: "ada".to_owned() }));
    let second = one(store, T + 3, Write::Answer(answer(3, "bob \"b\"", Verdict::Approved))).await;
    assert_eq!(second, Outcome::Answered { complete: true });
    let (a, b) = (T + 1, T + 3);
    let answers = format!(
        r#"{{"by":"ada","approved":true,"at":{a},"form":{{"note":"ok"}}}},{{"by":"bob \"b\"","approved":true,"at":{b},"form":{{"note":"ok"}}}}"#
    );
    assert_eq!(payload(store).await, format!(r#"{{"approved":true,"answers":[{answers}]}}"#));
    let late = attempt(store, T + 4, Write::Answer(answer(3, "cy", Verdict::Approved))).await;
    assert_eq!(late, Err(StoreError::Closed { run: id(1), step: 3 }));
}

pub async fn one_rejection_is_enough(store: &dyn Store) {
    one(store, T, create(begun(1, asking(vec![asks(1, &[], 5, None)])))).await;
    one(store, T + 1, Write::Answer(answer(1, "ada", Verdict::Approved))).await;
    let no = one(store, T + 2, Write::Answer(answer(1, "bob", Verdict::Rejected))).await;
    assert_eq!(no, Outcome::Answered { complete: true });
    assert!(payload(store).await.starts_with(r#"{"approved":false,"answers":[{"by":"ada","approved":true,"#));
}

pub async fn who_may_not_answer_is_refused(store: &dyn Store) {
    let both = vec![asks(1, &["boss"], 1, Some(T + 10)), asks(2, &[], 1, Some(T + 10))];
    one(store, T, create(begun(1, asking(both)))).await;
    let ada = |step| Write::Answer(answer(step, "ada", Verdict::Approved));
    assert_eq!(attempt(store, T, ada(1)).await, Err(StoreError::NotEntitled { who: "ada".to_owned() }));
    assert_eq!(attempt(store, T + 10, ada(2)).await, Err(StoreError::Closed { run: id(1), step: 2 }));
    assert_eq!(attempt(store, T, ada(7)).await, Err(StoreError::Closed { run: id(1), step: 7 }));
    let unknown = Answer { run: id(8), ..answer(1, "ada", Verdict::Approved) };
    assert_eq!(attempt(store, T, Write::Answer(unknown)).await, Err(StoreError::NoRun { run: id(8) }));
    // Signals do not answer questions.
    let signal = crate::Signal {
        project: project(),
        name: "approval".to_owned(),
        key: None,
        run: None,
        payload: "1".to_owned(),
        until: 0,
    };
    assert_eq!(one(store, T, Write::Signal(signal)).await, Outcome::Delivered(0));
    assert_eq!(one(store, T + 9, ada(2)).await, Outcome::Answered { complete: true });
}

pub async fn who_began_the_run_may_be_kept_from_answering(store: &dyn Store) {
    let mut others = asks(2, &["staff"], 1, Some(T + 10));
    others.question.as_mut().expect("it is a question").self_approval = false;
    let own = crate::Create { starter: Some("ada".to_owned()), ..begun(1, asking(vec![asks(1, &[], 2, None), others.clone()])) };
    one(store, T, create(own)).await;
    assert_eq!(run(store, 1).await.row.starter.as_deref(), Some("ada"));
    let kept = store.listening(&id(1)).await.expect("the store can be read");
    let asked: Vec<bool> = kept.iter().flat_map(|it| it.question.as_ref().map(|question| question.self_approval)).collect();
    assert_eq!(asked, [true, false]);
    for verdict in [Verdict::Approved, Verdict::Rejected] {
        let refused = attempt(store, T, Write::Answer(answer(2, "ada", verdict))).await;
        assert_eq!(refused, Err(StoreError::OwnRun { who: "ada".to_owned() }));
    }
    assert_eq!(one(store, T, Write::Answer(answer(1, "ada", Verdict::Approved))).await, Outcome::Answered { complete: false });
    assert_eq!(one(store, T, Write::Answer(answer(2, "bob", Verdict::Approved))).await, Outcome::Answered { complete: true });
    // Of a run that began by itself nobody is kept out.
    one(store, T, create(begun(2, asking(vec![others])))).await;
    let bob = Answer { run: id(2), ..answer(2, "ada", Verdict::Approved) };
    assert_eq!(one(store, T, Write::Answer(bob)).await, Outcome::Answered { complete: true });
}

pub async fn open_questions_are_listed(store: &dyn Store) {
    let plain = Listen { question: None, ..asks(9, &[], 1, None) };
    one(store, T, create(begun(1, asking(vec![asks(1, &["ada"], 1, None), plain, asks(4, &[], 1, None)])))).await;
    one(store, T, create(begun(2, asking(vec![asks(2, &[], 3, Some(T + 5))])))).await;
    let all = store.questions(&project(), None, 10).await.expect("the store can be read");
    let steps: Vec<_> = all.iter().map(|it| (it.run.clone(), it.step)).collect();
    assert_eq!(steps, [(id(1), 1), (id(1), 4), (id(2), 2)]);
    assert_eq!(all[2].question, asks(2, &[], 3, Some(T + 5)).question);
    let rest = store.questions(&project(), Some((all[0].number, all[0].step)), 1).await.expect("the store can be read");
    assert_eq!(rest, all[1..2]);
    assert_eq!(store.questions(&crate::Project::local(), None, 10).await, Ok(Vec::new()));
}
