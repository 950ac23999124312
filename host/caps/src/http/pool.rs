//! Connections, shared within a project and between nobody else.
//!
//! Requests with different reach use different pools: a kept connection was admitted under the reach it was made with.

use super::resolve::Judged;
use super::tls::{self, TlsUnavailable};
use super::{HttpError, HttpSettings, Reach};
use reqwest::Client;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::{OnceCell, Semaphore};

/// Projects whose connections are kept; with more, those used longest ago are closed.
const MAX_PROJECTS: usize = 1_024;
const IDLE: Duration = Duration::from_secs(60);

pub(super) struct Pools {
    settings: HttpSettings,
    tls: OnceCell<rustls::ClientConfig>,
    projects: Mutex<Projects>,
}

#[derive(Default)]
struct Projects {
    of: HashMap<Arc<str>, Project>,
    uses: u64,
}

struct Project {
    clients: HashMap<Reach, Client>,
    gate: Arc<Semaphore>,
    used: u64,
}

impl Pools {
    pub(super) fn new(settings: HttpSettings) -> Self {
        Self { settings, tls: OnceCell::new(), projects: Mutex::default() }
    }

    /// Limits how many exchanges of a project run at once.
    pub(super) fn gate(&self, project: &Arc<str>) -> Arc<Semaphore> {
        self.with(project, |project| project.gate.clone())
    }

    /// The client of a project that connects only where `reach` admits.
    pub(super) async fn client(&self, project: &Arc<str>, reach: Reach) -> Result<Client, HttpError> {
        if let Some(client) = self.with(project, |project| project.clients.get(&reach).cloned()) {
            return Ok(client);
        }
        let client = self.connectable(reach).await?;
        Ok(self.with(project, |project| project.clients.entry(reach).or_insert(client).clone()))
    }

    async fn connectable(&self, reach: Reach) -> Result<Client, TlsUnavailable> {
        let tls = self.tls.get_or_try_init(|| self.tls()).await?.clone();
        Client::builder()
            .tls_backend_preconfigured(tls)
            .dns_resolver(Judged { resolver: self.settings.resolver.clone(), reach })
            .connect_timeout(self.settings.connect_timeout)
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(32)
            .http2_max_header_list_size(super::headers::MAX_BYTES as u32)
            .build()
            .map_err(TlsUnavailable::new)
    }

    async fn tls(&self) -> Result<rustls::ClientConfig, TlsUnavailable> {
        match &self.settings.tls {
            Some(config) => Ok(tls::negotiating(config)),
            None => {
                let config = tokio::task::spawn_blocking(tls::client_config).await.map_err(TlsUnavailable::new)??;
                Ok(tls::negotiating(&config))
            }
        }
    }

    fn with<T>(&self, name: &Arc<str>, act: impl FnOnce(&mut Project) -> T) -> T {
        let mut projects = self.projects.lock().unwrap_or_else(PoisonError::into_inner);
        projects.uses += 1;
        let used = projects.uses;
        if !projects.of.contains_key(name) {
            projects.make_room();
            let gate = Arc::new(Semaphore::new(self.settings.concurrency.clamp(1, Semaphore::MAX_PERMITS)));
            projects.of.insert(name.clone(), Project { clients: HashMap::new(), gate, used });
        }
        let project = projects.of.get_mut(name).expect("it was there or has just been inserted");
        project.used = used;
        act(project)
    }
}

impl Projects {
    fn make_room(&mut self) {
        if self.of.len() < MAX_PROJECTS {
            return;
        }
        let oldest = self.of.iter().min_by_key(|(_, project)| project.used).map(|(name, _)| name.clone());
        if let Some(name) = oldest {
            self.of.remove(&name);
        }
    }
}
