//! Questions and their answers.

use super::index::Key;
use super::state::State;
use crate::limits::PAGE;
use crate::{
    Counts, Entry, Filter, Kind, Listening, Message, Order, Project, Record, RecordPage, Run, RunId, RunRow, Snapshot, Worker,
};
use std::collections::BTreeSet;
use std::ops::Bound;

impl State {
    pub fn list(&self, filter: &Filter) -> Vec<RunRow> {
        let fits = |row: &&RunRow| fits(filter, row);
        let rows = self.runs.iter().map(|(_, run)| &run.row);
        let limit = filter.limit.min(PAGE);
        match filter.order {
            Order::NewestFirst => rows.rev().filter(fits).take(limit).cloned().collect(),
            Order::OldestFirst => rows.filter(fits).take(limit).cloned().collect(),
        }
    }

    pub fn counts(&self, project: &Project, flow: Option<&str>) -> Counts {
        let mut counts = Counts::new();
        for (_, Run { row, .. }) in self.runs.iter() {
            if row.project == *project && flow.is_none_or(|flow| flow == row.flow) {
                *counts.entry(row.state).or_default() += 1;
            }
        }
        counts
    }

    pub fn entries(&self, run: &RunId, from: u64, limit: usize) -> Vec<Entry> {
        let Some(number) = self.number(run) else { return Vec::new() };
        let entries = self.entries.range((number, from)..=(number, u64::MAX));
        entries.map(|(_, entry)| entry.clone()).take(limit).collect()
    }

    pub fn snapshot(&self, run: &RunId) -> Option<Snapshot> {
        self.snapshots.get(&self.number(run)?).cloned()
    }

    pub fn inbox(&self, run: &RunId) -> Vec<Message> {
        let Some(number) = self.number(run) else { return Vec::new() };
        self.messages.range((number, 0)..=(number, u64::MAX)).map(|(_, message)| message.clone()).collect()
    }

    pub fn listening(&self, run: &RunId) -> Vec<Listening> {
        let Some(number) = self.number(run) else { return Vec::new() };
        self.listens.range((number, 0)..=(number, u32::MAX)).map(|(_, listening)| listening.clone()).collect()
    }

    pub fn questions(&self, project: &Project, after: Option<(u64, u32)>, limit: usize) -> Vec<Listening> {
        let ours = |it: &&Listening| self.runs.get(&it.number).is_some_and(|run| run.row.project == *project);
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        let listens = self.listens.range((from, Bound::Unbounded)).map(|(_, it)| it);
        listens.filter(|it| it.question.is_some()).filter(ours).take(limit.min(PAGE)).cloned().collect()
    }

    pub fn next_due(&self, except: &[String]) -> Option<u64> {
        let due = self.between(Key::Due(0, 0), Key::Due(u64::MAX, u64::MAX)).map(|run| &run.row);
        due.filter(|row| !except.contains(&row.pin.digest)).find_map(|row| row.wake_at)
    }

    pub fn workers(&self) -> Vec<Worker> {
        self.leases.iter().map(|(name, until)| Worker { name: name.clone(), until: *until }).collect()
    }

    pub fn record(&self, project: &Project, kind: Kind, name: &str) -> Option<Record> {
        self.records.get(&(project.clone(), kind, name.to_owned())).cloned()
    }

    pub fn page(&self, project: &Project, kind: Kind, page: &RecordPage) -> Vec<Record> {
        let key = |name: &String| (project.clone(), kind, name.clone());
        let from = match &page.after {
            Some(after) if *after >= page.prefix => Bound::Excluded(key(after)),
            _ => Bound::Included(key(&page.prefix)),
        };
        let rows = self
            .records
            .range((from, Bound::Unbounded))
            .take_while(|((of, what, name), _)| of == project && *what == kind && name.starts_with(&page.prefix));
        rows.map(|(_, record)| record.clone()).take(page.limit.min(PAGE)).collect()
    }

    pub fn projects(&self, kind: Kind) -> Vec<Project> {
        let projects = self.records.iter().filter(|((_, what, _), _)| *what == kind).map(|((project, ..), _)| project.clone());
        projects.collect::<BTreeSet<_>>().into_iter().collect()
    }

    pub fn held(&self, after: Option<&str>, limit: usize) -> Vec<String> {
        let digests =
            self.blobs.iter().map(|((digest, _), ())| digest).filter(|digest| after.is_none_or(|after| digest.as_str() > after));
        let digests: BTreeSet<&String> = digests.collect();
        digests.into_iter().take(limit.min(PAGE)).cloned().collect()
    }
}

fn fits(filter: &Filter, row: &RunRow) -> bool {
    let same = |wanted: &Option<String>, has: Option<&String>| wanted.is_none() || wanted.as_ref() == has;
    let behind = |after: u64| match filter.order {
        Order::NewestFirst => row.number < after,
        Order::OldestFirst => row.number > after,
    };
    row.project == filter.project
        && same(&filter.flow, Some(&row.flow))
        && same(&filter.trigger, row.trigger.as_ref())
        && (filter.states.is_empty() || filter.states.contains(&row.state))
        && filter.parent.as_ref().is_none_or(|parent| row.parent.as_ref().is_some_and(|it| it.run == *parent))
        && filter.from.is_none_or(|from| row.created >= from)
        && filter.to.is_none_or(|to| row.created < to)
        && filter.id.as_ref().is_none_or(|id| row.id.as_str().starts_with(id.as_str()))
        && filter.after.is_none_or(behind)
}
