//! What databases keep in one column, as text of the same make as journals, or as a number.

use crate::text::{NotAJournal, Reader, counted, number};
use crate::{End, Entry, Event, Given, Message, Question, State, Verdict, decode, encode};

/// A journal of one entry.
pub fn end_text(at: u64, end: &End) -> String {
    encode(&[Entry::Ended { at, end: end.clone() }])
}

pub fn read_end(text: &str) -> Result<End, NotAJournal> {
    match decode(text)?.pop() {
        Some(Entry::Ended { end, .. }) => Ok(end),
        _ => Err(NotAJournal { at: 0, what: "the end of a run" }),
    }
}

/// A journal of one entry; the message's number has a column of its own.
pub fn message_text(message: &Message) -> String {
    encode(&[Entry::Told(Event { at: message.at, what: message.what.clone() })])
}

pub fn read_message(number: u64, text: &str) -> Result<Message, NotAJournal> {
    match decode(text)?.pop() {
        Some(Entry::Told(Event { at, what })) => Ok(Message { number, at, what }),
        _ => Err(NotAJournal { at: 0, what: "a message" }),
    }
}

/// How many must approve, when it closes, whether only others than who began the run may answer, the form, the approvers.
pub fn question_text(question: &Question) -> String {
    let mut out = "question".to_owned();
    number(&mut out, question.needed);
    match question.due {
        Some(due) => number(&mut out, due),
        None => out.push_str(" -"),
    }
    if !question.self_approval {
        out.push_str(OTHERS);
    }
    counted(&mut out, &question.form);
    for approver in &question.approvers {
        counted(&mut out, approver);
    }
    out
}

/// A length stands here in questions that whoever began the run may answer.
const OTHERS: &str = " others";

pub fn read_question(text: &str) -> Result<Question, NotAJournal> {
    let mut reader = Reader::new(text);
    reader.skip("question", "a question")?;
    let needed = reader.number()?;
    let due = if reader.skipped(" -") { None } else { Some(reader.number()?) };
    let self_approval = !reader.skipped(OTHERS);
    let form = reader.counted()?;
    let mut approvers = Vec::new();
    while !reader.done() {
        approvers.push(reader.counted()?);
    }
    Ok(Question { form, approvers, needed, due, self_approval })
}

/// One line; lines of several answers are put behind each other.
pub fn given_text(given: &Given) -> String {
    let mut out = given.verdict.as_str().to_owned();
    number(&mut out, given.at);
    counted(&mut out, &given.who);
    counted(&mut out, &given.form);
    out.push('\n');
    out
}

pub fn read_given(lines: &str) -> Result<Vec<Given>, NotAJournal> {
    let mut reader = Reader::new(lines);
    let mut all = Vec::new();
    while !reader.done() {
        let verdict = Verdict::parse(reader.word()?).ok_or(NotAJournal { at: 0, what: "a verdict" })?;
        let at = reader.number()?;
        all.push(Given { verdict, at, who: reader.counted()?, form: reader.counted()? });
        reader.skip("\n", "the end of a line")?;
    }
    Ok(all)
}

/// Open states have the numbers below 3.
pub fn state_number(state: State) -> i16 {
    match state {
        State::Queued => 0,
        State::Running => 1,
        State::Waiting => 2,
        State::Finished => 3,
        State::Failed => 4,
        State::Cancelled => 5,
    }
}

pub fn read_state(number: i16) -> Option<State> {
    State::ALL.into_iter().find(|state| state_number(*state) == number)
}

/// Databases' integers have a sign. What is above the largest, which only a time without end is, becomes that.
pub fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

pub fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or_default()
}
