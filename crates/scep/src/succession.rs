//! A device between two CAs (RFC 8894 §5.1).

use devicecert_pki::{Certificate, Time};

/// The certificate in use and the one of the next CA, which is kept until its time has come.
///
/// ```
/// # use devicecert_pki::{Certificate, Time};
/// use devicecert_scep::Succession;
///
/// # fn show(current: Vec<Certificate>, next: Vec<Certificate>, now: Time) {
/// let succession = Succession::new(current, next);
/// println!("changes over on {}", succession.changes_over());
/// let chain: &[Certificate] = succession.chain(now);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Succession {
    current: Vec<Certificate>,
    next: Vec<Certificate>,
}

impl Succession {
    /// Of two chains, each with the device's certificate first.
    #[must_use]
    pub const fn new(current: Vec<Certificate>, next: Vec<Certificate>) -> Self {
        Self { current, next }
    }

    /// The chain of the current CA.
    #[must_use]
    pub fn current(&self) -> &[Certificate] {
        &self.current
    }

    /// The chain of the next CA.
    #[must_use]
    pub fn next(&self) -> &[Certificate] {
        &self.next
    }

    /// When the device changes over: the first second in which every certificate of the next chain
    /// is valid. A next CA whose certificate is valid from a later date announces that date so.
    #[must_use]
    pub fn changes_over(&self) -> Time {
        let since = |certificate: &Certificate| certificate.validity().not_before;
        self.next.iter().map(since).max().unwrap_or(Time::from_unix(i64::MAX))
    }

    /// The chain to use now.
    #[must_use]
    pub fn chain(&self, now: Time) -> &[Certificate] {
        match now < self.changes_over() {
            true => &self.current,
            false => &self.next,
        }
    }
}
