//! The running platform: the world behind its lock, and the tasks that carry webhooks.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::runtime::Handle;
use tokio::sync::watch;

use crate::webhook::post::carry;
use crate::world::World;

/// Shared by both hosts, the controls and the couriers.
#[derive(Debug)]
pub(crate) struct Platform {
    world: Mutex<World>,
    /// Counts changes, so that pages and tests can wait for the next one.
    changes: watch::Sender<u64>,
    pub(crate) http: reqwest::Client,
    runtime: Handle,
}

impl Platform {
    pub(crate) fn new(world: World, http: reqwest::Client, runtime: Handle) -> Arc<Self> {
        Arc::new(Self {
            world: Mutex::new(world),
            changes: watch::Sender::new(0),
            http,
            runtime,
        })
    }

    /// Changes the world, sends off the webhooks this gave rise to, and tells those who wait.
    pub(crate) fn change<R>(self: &Arc<Self>, deed: impl FnOnce(&mut World) -> R) -> R {
        let (result, ready) = {
            let mut world = self.lock();
            let result = deed(&mut world);
            (result, world.courier.take_ready())
        };
        for id in ready {
            self.runtime.spawn(carry(Arc::clone(self), id));
        }
        self.changes.send_modify(|count| *count += 1);
        result
    }

    /// Looks at the world.
    pub(crate) fn look<R>(&self, glance: impl FnOnce(&World) -> R) -> R {
        glance(&self.lock())
    }

    /// Hears of every change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changes.subscribe()
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
