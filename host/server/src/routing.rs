//! Which trigger answers where, as the deployed flows say just now.

use crate::guard::Guard;
use crate::host::{Door, Host};
use crate::routes::Routes;
use crate::serve;
use crate::trigger::Target;
use http::Method;
use std::sync::{Arc, PoisonError, RwLock};

/// The routes of a host's flows, made anew when a request comes after others were deployed.
pub(crate) struct Routing {
    host: Host,
    made: RwLock<Option<Made>>,
}

#[derive(Clone)]
struct Made {
    /// Of which flows.
    generation: u64,
    routes: Arc<Routes<Target>>,
}

impl Routing {
    pub fn new(host: Host) -> Self {
        Self { host, made: RwLock::default() }
    }

    pub fn routes(&self) -> Arc<Routes<Target>> {
        let generation = self.host.generation();
        if let Some(made) = &*self.made.read().unwrap_or_else(PoisonError::into_inner)
            && made.generation == generation
        {
            return made.routes.clone();
        }
        let routes = Arc::new(self.make());
        *self.made.write().unwrap_or_else(PoisonError::into_inner) = Some(Made { generation, routes: routes.clone() });
        routes
    }

    fn make(&self) -> Routes<Target> {
        let mut routes = Routes::default();
        for door in self.host.doors() {
            let (flow, id) = (door.flow.clone(), door.id.clone());
            if let Err(reason) = self.add(&mut routes, door) {
                tracing::error!(flow, trigger = id, "{reason}");
            }
        }
        routes
    }

    fn add(&self, routes: &mut Routes<Target>, door: Door) -> Result<(), String> {
        let path = door.trigger.path.clone();
        if self.is_own(&path) {
            return Err(format!("the server itself answers {path}"));
        }
        let method = door.trigger.method.parse().unwrap_or(Method::POST);
        let guard = Guard {
            capabilities: self.host.platform().capabilities().clone(),
            project: self.host.platform().project().clone(),
            token: door.trigger.auth.clone(),
            signature: door.trigger.verify.clone(),
        };
        let meter = self.host.platform().telemetry().metrics().route_meter(&path);
        routes.add(method, &path, Target { host: self.host.clone(), door, guard, meter })
    }

    /// Paths that are not for flows.
    fn is_own(&self, path: &str) -> bool {
        let path = path.trim_matches('/');
        let api = matches!(self.host, Host::Kept(_)) && (path == "api" || path.starts_with("api/"));
        api || serve::OWN.iter().any(|own| own.trim_matches('/') == path)
    }
}
