//! Where an enrolment stands.

use core::time::Duration;

use devicecert_pki::{Csr, Locked, Secret, Time, Unsigned};
use http::Request;

use super::Issued;
use crate::authentication::Challenge;
use crate::error::Error;

/// A challenge that is being answered.
pub(super) struct Answering {
    pub(super) challenge: Challenge,
    /// Requests under this challenge, the next one included.
    pub(super) count: u32,
    pub(super) nonce: Nonce,
}

/// Where the nonce of a challenge comes from.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nonce {
    /// The server took it, or nothing was answered with it yet.
    First,
    /// It replaced another that had expired, for the request that is on its way.
    Renewed,
}

pub(super) enum State {
    /// The request, if it lacks a signature.
    Sign(Option<Unsigned<Csr>>),
    Send(Request<Vec<u8>>),
    Waiting {
        pause: Duration,
        since: Option<Time>,
    },
    /// The generated key, and everything else.
    Open(Locked<Secret>, Box<Issued>),
    Done(Box<Issued>),
    /// The server refused, or what it sent does not open.
    Failed(Error),
}

impl State {
    /// For `Debug`.
    pub(super) const fn name(&self) -> &'static str {
        match self {
            Self::Sign(_) => "signing the request",
            Self::Send(_) => "sending the request",
            Self::Waiting { .. } => "waiting",
            Self::Open(..) => "opening the generated key",
            Self::Done(_) => "done",
            Self::Failed(_) => "failed",
        }
    }
}
