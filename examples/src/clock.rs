//! The time of day, which a demonstration may have begin in the past.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use devicecert::pki::Time;

/// A clock. Its clones are the same clock.
#[derive(Clone, Debug, Default)]
pub struct Clock {
    seconds_behind: Arc<AtomicU64>,
}

impl Clock {
    /// A clock that is so far behind the system's.
    #[must_use]
    pub fn behind(by: Duration) -> Self {
        Self { seconds_behind: Arc::new(by.as_secs().into()) }
    }

    /// The time.
    #[must_use]
    pub fn now(&self) -> Time {
        let behind = self.seconds_behind.load(Ordering::Relaxed);
        Time::from(SystemTime::now()).before(Duration::from_secs(behind))
    }

    /// Sets it by the system's.
    pub fn catch_up(&self) {
        self.seconds_behind.store(0, Ordering::Relaxed);
    }
}
