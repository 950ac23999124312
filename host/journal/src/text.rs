//! The text of journal entries, as databases keep it: one entry a line, each payload behind its length, so that payloads are
//! copied as they are, whatever is in them, and reading needs no parser of JSON.
//!
//! ```text
//! loom1
//! start 1763950000000 9007199254740993 30:run_01KAVR2N4F8Q9W3E5R7T1Y0U6P 13:{"total":120} 2:{}
//! called 1763950000001 1 4 1
//! returned 1763950000003 1 16:{"status":"new"}
//! ended 1763950000003 finished 4:"ok"
//! ```

use crate::{End, Entry, Event, Happened, Start};
use loomwork_types::Fault;
use std::fmt::Write;

/// The form's name and version. A later form gets another first line, and this one stays readable.
const HEAD: &str = "loom1\n";

/// The text is not one that [`encode`] made: it is damaged, or of a later version.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("journal text is damaged at byte {at}: {what} was expected")]
pub struct NotAJournal {
    pub at: usize,
    pub what: &'static str,
}

/// Writes entries as text.
pub fn encode(entries: &[Entry]) -> String {
    let size: usize = entries.iter().map(size).sum();
    let mut out = String::with_capacity(HEAD.len() + size);
    out.push_str(HEAD);
    for entry in entries {
        line(&mut out, entry);
        out.push('\n');
    }
    out
}

pub(crate) fn size(entry: &Entry) -> usize {
    let payload = match entry {
        Entry::Told(Event { what: Happened::Start(start), .. }) => start.input.len() + start.vars.len() + start.run.len(),
        Entry::Told(Event { what: Happened::Returned(_, json) | Happened::Heard(_, json), .. }) => json.len(),
        Entry::Told(Event { what: Happened::Threw(_, fault), .. }) => fault_size(fault),
        Entry::Ended { end: End::Finished(json), .. } => json.len(),
        Entry::Ended { end: End::Failed(fault) | End::Cancelled(fault), .. } => fault_size(fault),
        Entry::Told(_) | Entry::Called { .. } => 0,
    };
    payload + 80
}

fn fault_size(fault: &Fault) -> usize {
    fault.code.len() + fault.message.len() + fault.data.as_ref().map_or(0, String::len)
}

fn line(out: &mut String, entry: &Entry) {
    match entry {
        Entry::Told(Event { at, what }) => match what {
            Happened::Start(Start { input, run, seed, vars }) => {
                head(out, "start", *at);
                number(out, *seed);
                for text in [run, input, vars] {
                    counted(out, text);
                }
            }
            Happened::Returned(step, json) => {
                head(out, "returned", *at);
                number(out, *step);
                counted(out, json);
            }
            Happened::Threw(step, fault) => {
                head(out, "threw", *at);
                number(out, *step);
                write_fault(out, fault);
            }
            Happened::Fired(step) => {
                head(out, "fired", *at);
                number(out, *step);
            }
            Happened::Heard(step, json) => {
                head(out, "heard", *at);
                number(out, *step);
                counted(out, json);
            }
            Happened::Stop => head(out, "stop", *at),
        },
        Entry::Called { at, step, node, attempt } => {
            head(out, "called", *at);
            for part in [*step, *node, *attempt] {
                number(out, part);
            }
        }
        Entry::Ended { at, end } => {
            head(out, "ended", *at);
            out.push(' ');
            out.push_str(end.state().as_str());
            match end {
                End::Finished(json) => counted(out, json),
                End::Failed(fault) | End::Cancelled(fault) => write_fault(out, fault),
            }
        }
    }
}

fn head(out: &mut String, kind: &str, at: u64) {
    out.push_str(kind);
    number(out, at);
}

pub(crate) fn number(out: &mut String, value: impl Into<u64>) {
    // Writing to a `String` cannot fail.
    let _ = write!(out, " {}", value.into());
}

pub(crate) fn counted(out: &mut String, text: &str) {
    let _ = write!(out, " {}:", text.len());
    out.push_str(text);
}

fn write_fault(out: &mut String, fault: &Fault) {
    counted(out, &fault.code);
    counted(out, &fault.message);
    match &fault.data {
        Some(data) => counted(out, data),
        None => out.push_str(" -"),
    }
}

/// Reads what [`encode`] wrote. Needs memory in proportion to the text, whatever is in it.
pub fn decode(text: &str) -> Result<Vec<Entry>, NotAJournal> {
    let mut reader = Reader::new(text);
    reader.skip(HEAD, "`loom1`")?;
    let mut entries = Vec::new();
    while !reader.done() {
        entries.push(reader.entry()?);
        reader.skip("\n", "the end of a line")?;
    }
    Ok(entries)
}

pub(crate) struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    pub fn new(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub fn done(&self) -> bool {
        self.at == self.text.len()
    }

    fn entry(&mut self) -> Result<Entry, NotAJournal> {
        let start = self.at;
        let kind = self.word()?;
        let at = self.number()?;
        let what = match kind {
            "start" => {
                let seed = self.number()?;
                let (run, input, vars) = (self.counted()?, self.counted()?, self.counted()?);
                Happened::Start(Start { input, run, seed, vars })
            }
            "returned" => Happened::Returned(self.number()?, self.counted()?),
            "threw" => Happened::Threw(self.number()?, self.fault()?),
            "fired" => Happened::Fired(self.number()?),
            "heard" => Happened::Heard(self.number()?, self.counted()?),
            "stop" => Happened::Stop,
            "called" => return Ok(Entry::Called { at, step: self.number()?, node: self.number()?, attempt: self.number()? }),
            "ended" => return Ok(Entry::Ended { at, end: self.end()? }),
            _ => return Err(NotAJournal { at: start, what: "the name of an entry" }),
        };
        Ok(Entry::Told(Event { at, what }))
    }

    fn end(&mut self) -> Result<End, NotAJournal> {
        self.skip(" ", "a space")?;
        let start = self.at;
        match self.word()? {
            "finished" => Ok(End::Finished(self.counted()?)),
            "failed" => Ok(End::Failed(self.fault()?)),
            "cancelled" => Ok(End::Cancelled(self.fault()?)),
            _ => Err(NotAJournal { at: start, what: "how a run ended" }),
        }
    }

    fn fault(&mut self) -> Result<Fault, NotAJournal> {
        let (code, message) = (self.counted()?, self.counted()?);
        if self.skipped(" -") {
            return Ok(Fault::new(code, message));
        }
        Ok(Fault::new(code, message).data(self.counted()?))
    }

    /// Lower-case letters, at least one.
    pub fn word(&mut self) -> Result<&'t str, NotAJournal> {
        self.span(|byte| byte.is_ascii_lowercase(), "a word")
    }

    pub fn number<N: TryFrom<u64>>(&mut self) -> Result<N, NotAJournal> {
        self.skip(" ", "a space")?;
        let start = self.at;
        self.digits()?.try_into().map_err(|_| NotAJournal { at: start, what: "a smaller number" })
    }

    fn digits(&mut self) -> Result<u64, NotAJournal> {
        let start = self.at;
        let digits = self.span(|byte| byte.is_ascii_digit(), "a number")?;
        digits.parse().map_err(|_| NotAJournal { at: start, what: "a smaller number" })
    }

    pub fn counted(&mut self) -> Result<String, NotAJournal> {
        self.skip(" ", "a space")?;
        let start = self.at;
        let length = self.digits()?;
        self.skip(":", "`:`")?;
        let end = usize::try_from(length).ok().and_then(|length| self.at.checked_add(length));
        let text = end.and_then(|end| self.text.get(self.at..end));
        let text = text.ok_or(NotAJournal { at: start, what: "a length within the text" })?;
        self.at += text.len();
        Ok(text.to_owned())
    }

    fn span(&mut self, fits: impl Fn(&u8) -> bool, what: &'static str) -> Result<&'t str, NotAJournal> {
        let rest = &self.text[self.at..];
        let length = rest.bytes().take_while(|byte| fits(byte)).count();
        if length == 0 {
            return Err(NotAJournal { at: self.at, what });
        }
        self.at += length;
        Ok(&rest[..length])
    }

    pub fn skip(&mut self, expected: &str, what: &'static str) -> Result<(), NotAJournal> {
        if self.skipped(expected) { Ok(()) } else { Err(NotAJournal { at: self.at, what }) }
    }

    /// Goes on behind this if it is next.
    pub fn skipped(&mut self, expected: &str) -> bool {
        let next = self.text[self.at..].starts_with(expected);
        if next {
            self.at += expected.len();
        }
        next
    }
}
