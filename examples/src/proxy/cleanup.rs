//! Passcodes that nobody can use any more are removed.

use std::time::{Duration, SystemTime};

use devicecert::fleet::proxy::{Proxy, Store};
use devicecert::pki::Time;

use super::in_full;
use crate::listen::Log;

const PAUSE: Duration = Duration::from_secs(3600);

/// Removes passcodes that are too old, every hour, for ever. Several proxies may do it to one store.
pub async fn clean_up<S: Store>(store: &S, proxy: &Proxy, log: &Log) {
    loop {
        let now = Time::from(SystemTime::now());
        match store.remove_passcodes_made_before(proxy.oldest_passcode(now)).await {
            Ok(0) => {}
            Ok(removed) => log(&format!("{removed} passcodes were not used and have expired")),
            // The next time is soon enough.
            Err(error) => log(&format!("old passcodes were not removed: {}", in_full(&error))),
        }
        tokio::time::sleep(PAUSE).await;
    }
}
