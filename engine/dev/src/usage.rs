//! What the running containers use, looked at now and then.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::runtime::{Instance, Usage};

/// What was seen last of each container, its instances together.
#[derive(Clone, Default)]
pub(crate) struct Usages {
    all: Arc<Mutex<BTreeMap<String, Usage>>>,
}

impl Usages {
    /// All of it.
    pub(crate) fn all(&self) -> BTreeMap<String, Usage> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks at the instances of a container.
    pub(crate) async fn look(&self, name: &str, instances: &[Arc<Instance>]) {
        let mut total: Option<Usage> = None;
        for instance in instances {
            if let Some(usage) = instance.usage().await {
                let sum = total.get_or_insert_default();
                sum.cpu_percent += usage.cpu_percent;
                sum.memory += usage.memory;
                sum.memory_limit = usage.memory_limit.map(|limit| limit + sum.memory_limit.unwrap_or(0));
            }
        }
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        match total {
            Some(usage) => _ = all.insert(name.to_owned(), usage),
            None => _ = all.remove(name),
        }
    }
}
