//! A resolver whose answers the test chooses.

use loomwork_caps::http::{HttpSettings, Resolver};
use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers the first lookup with the first list, and so on; the last list stays.
pub struct Scripted {
    answers: Vec<Vec<IpAddr>>,
    asked: AtomicUsize,
}

impl Scripted {
    pub fn new(answers: &[&[&str]]) -> Arc<Self> {
        let parse = |list: &&[&str]| list.iter().map(|ip| ip.parse().expect("an address")).collect();
        Arc::new(Self { answers: answers.iter().map(parse).collect(), asked: AtomicUsize::new(0) })
    }

    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

pub fn settings(resolver: &Arc<Scripted>) -> HttpSettings {
    HttpSettings { resolver: Arc::new(Shared(resolver.clone())), ..HttpSettings::default() }
}

struct Shared(Arc<Scripted>);

#[async_trait::async_trait]
impl Resolver for Shared {
    async fn lookup(&self, _name: &str) -> std::io::Result<Vec<IpAddr>> {
        let index = self.0.asked.fetch_add(1, Ordering::SeqCst);
        Ok(self.0.answers[index.min(self.0.answers.len() - 1)].clone())
    }
}
