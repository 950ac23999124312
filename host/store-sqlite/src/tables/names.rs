//! Projects, flows and pins stand in rows as numbers.

use crate::error::{Done, Told};
use loomwork_journal::columns::signed as int;
use loomwork_journal::{Pin, Project};
use rusqlite::{Connection, OptionalExtension, Params};
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// Names that are remembered; above it all are forgotten.
const REMEMBERED: usize = 50_000;

#[derive(Default)]
pub(super) struct Names {
    projects: HashMap<Project, Known>,
    pins: HashMap<Pin, i64>,
    flows: usize,
}

struct Known {
    id: i64,
    flows: HashMap<String, i64>,
}

impl Names {
    pub fn project(&mut self, db: &Connection, project: &Project) -> Done<i64> {
        self.known(db, project).map(|known| known.id)
    }

    pub fn flow(&mut self, db: &Connection, project: &Project, flow: &str) -> Done<i64> {
        if self.flows > REMEMBERED {
            *self = Self::default();
        }
        let known = self.known(db, project)?;
        if let Some(id) = known.flows.get(flow) {
            return Ok(*id);
        }
        let project = known.id;
        let find = "SELECT id FROM flows WHERE project = ?1 AND name = ?2";
        let make = "INSERT INTO flows (project, name) VALUES (?1, ?2)";
        let id = find_or_make(db, find, make, (project, flow))?;
        known.flows.insert(flow.to_owned(), id);
        self.flows += 1;
        Ok(id)
    }

    pub fn pin(&mut self, db: &Connection, pin: &Pin) -> Done<i64> {
        if let Some(id) = self.pins.get(pin) {
            return Ok(*id);
        }
        if self.pins.len() > REMEMBERED {
            self.pins.clear();
        }
        let find = "SELECT id FROM pins WHERE version = ?1 AND digest = ?2";
        let make = "INSERT INTO pins (version, digest) VALUES (?1, ?2)";
        let id = find_or_make(db, find, make, (int(pin.version), &pin.digest))?;
        self.pins.insert(pin.clone(), id);
        Ok(id)
    }

    fn known(&mut self, db: &Connection, project: &Project) -> Done<&mut Known> {
        match self.projects.entry(project.clone()) {
            Entry::Occupied(known) => Ok(known.into_mut()),
            Entry::Vacant(unknown) => {
                let find = "SELECT id FROM projects WHERE org = ?1 AND name = ?2";
                let make = "INSERT INTO projects (org, name) VALUES (?1, ?2)";
                let id = find_or_make(db, find, make, (&*project.org, &*project.name))?;
                Ok(unknown.insert(Known { id, flows: HashMap::new() }))
            }
        }
    }
}

fn find_or_make(db: &Connection, find: &str, make: &str, names: impl Params + Clone) -> Done<i64> {
    let found = db.prepare_cached(find).told()?.query_row(names.clone(), |row| row.get(0)).optional().told()?;
    match found {
        Some(id) => Ok(id),
        None => {
            db.prepare_cached(make).told()?.execute(names).told()?;
            Ok(db.last_insert_rowid())
        }
    }
}
