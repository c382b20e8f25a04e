//! Who gets a certificate.

use std::time::{Duration, SystemTime};

use devicecert::pki::{Certificate, KeyKind, Secret};
use devicecert::scep::{
    Authorisation, Content, Decision, Enrol, FailInfo, Refusal, Request, TransactionKey,
};

use super::store::hex;
use super::{AnswerError, Ca, Case, Status, Verdict, Wanted};

/// Whether a person has to say yes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub enum Approval {
    /// Who has the challenge gets the certificate at once
    #[default]
    Auto,
    /// Requests are PENDING until somebody approves them
    Manual,
}

/// The rules of a CA.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The challenges that open the door. Without one, only approval by a person does.
    pub challenges: Vec<Secret>,
    /// Whether a challenge is good for one device only.
    pub one_time: bool,
    /// Whether a person has to say yes.
    pub approval: Approval,
    /// How long certificates last.
    pub lifetime: Duration,
}

impl Ca {
    pub(super) fn decide(
        &self,
        request: &Request,
        key: &TransactionKey,
    ) -> Result<Decision, AnswerError> {
        match request.content() {
            Content::Enrol(enrol) => self.decide_enrol(request, enrol, key),
            Content::Poll => match self.store.transaction(key)? {
                Some((status, wanted)) => self.resume(request, key, &status, &wanted),
                None => Ok(refuse(FailInfo::BadCertId, "no such transaction")),
            },
            // The library answers it as it must be answered, whatever is decided.
            Content::Unreadable(_) => Ok(Decision::Refuse(Refusal::new(FailInfo::BadMessageCheck))),
        }
    }

    fn decide_enrol(
        &self,
        request: &Request,
        enrol: &Enrol,
        key: &TransactionKey,
    ) -> Result<Decision, AnswerError> {
        let Ok(wanted) = Wanted::of(enrol.csr()) else {
            return Ok(refuse(FailInfo::BadRequest, "unreadable alternative names"));
        };
        if wanted.subject.is_empty() && wanted.alt_names.is_empty() {
            return Ok(refuse(FailInfo::BadRequest, "the request names nobody"));
        }
        if matches!(wanted.public_key.kind(), KeyKind::Rsa { bits } if bits < 2048) {
            return Ok(refuse(FailInfo::BadRequest, "the key is too small"));
        }
        let renewal = self.renewal(request);
        if let Some((status, earlier)) = self.store.transaction(key)? {
            // The same request again, from the same key, is a retry or a client's way to poll.
            if earlier == wanted && !self.is_over(&status, renewal.as_ref())? {
                return self.resume(request, key, &status, &earlier);
            }
            // A person may be looking at the other one right now.
            if status == Status::Pending && earlier != wanted {
                return Ok(refuse(FailInfo::BadRequest, "another request is pending"));
            }
        }
        let authorisation = match renewal {
            Some((_, authorisation)) => Some(authorisation),
            None => match (self.challenge(enrol, key, &wanted)?, &self.judge) {
                (None, Some(judge)) => {
                    judge.judge(Case { transaction: request.transaction(), enrol })?
                }
                (authorisation, _) => authorisation,
            },
        };
        let approval = self.policy.approval;
        match (authorisation, approval) {
            (Some(authorisation), Approval::Auto) => {
                self.store.begin(key, request.transaction().id(), &wanted, self.provider)?;
                self.issue(request, key, authorisation, &wanted)
            }
            (Some(_), Approval::Manual) => self.defer(request, key, &wanted),
            // Without any challenge to give, a person is the only judge.
            (None, Approval::Manual)
                if self.policy.challenges.is_empty() && self.judge.is_none() =>
            {
                self.defer(request, key, &wanted)
            }
            (None, Approval::Auto | Approval::Manual) => {
                Ok(refuse(FailInfo::BadRequest, "the challenge is missing or wrong"))
            }
        }
    }

    /// Whether what a transaction led to is behind: its certificate is being renewed, or expired.
    fn is_over(
        &self,
        status: &Status,
        renewal: Option<&(Vec<u8>, Authorisation)>,
    ) -> Result<bool, AnswerError> {
        let Status::Issued(serial) = status else {
            return Ok(false);
        };
        let renewed = renewal.is_some_and(|(renewed, _)| hex(renewed) == *serial);
        let certificate = self.store.certificate(serial)?;
        Ok(renewed || !certificate.validity().contains(SystemTime::now().into()))
    }

    /// Proof that the client holds a certificate of this CA that the CA remembers, and its serial
    /// number.
    fn renewal(&self, request: &Request) -> Option<(Vec<u8>, Authorisation)> {
        let now = SystemTime::now().into();
        let evidence = request.renewal(&self.authority, now).ok()?;
        let serial = evidence.serial().to_vec();
        self.store.has_issued(&serial).then(|| (serial, evidence.accept()))
    }

    fn challenge(
        &self,
        enrol: &Enrol,
        key: &TransactionKey,
        wanted: &Wanted,
    ) -> Result<Option<Authorisation>, AnswerError> {
        let Some(challenge) = enrol.csr().challenge_password() else { return Ok(None) };
        let now = SystemTime::now().into();
        let (authorisation, one_time) = match self.permits.find(challenge, now, self.provider)? {
            Some(permit) => (permit.authorise(enrol).ok(), true),
            None => (enrol.challenge_matches(&self.policy.challenges), self.policy.one_time),
        };
        match authorisation {
            Some(_)
                if one_time
                    && !self.store.use_challenge(challenge, key, wanted, self.provider)? =>
            {
                Ok(None)
            }
            authorisation => Ok(authorisation),
        }
    }

    fn defer(
        &self,
        request: &Request,
        key: &TransactionKey,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        self.store.begin(key, request.transaction().id(), wanted, self.provider)?;
        self.store.set_status(key, &Status::Pending)?;
        Ok(Decision::Defer)
    }

    /// Answers for a transaction that is on file.
    fn resume(
        &self,
        request: &Request,
        key: &TransactionKey,
        status: &Status,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let authorisation = Authorisation::by_administrator();
        match status {
            Status::Pending => match self.store.verdict(key, wanted, self.provider)? {
                None => Ok(Decision::Defer),
                Some(Verdict::Approved) => self.issue(request, key, authorisation, wanted),
                Some(Verdict::Rejected) => {
                    self.store.set_status(key, &Status::Rejected)?;
                    Ok(refuse(FailInfo::BadRequest, "rejected"))
                }
            },
            Status::Rejected => Ok(refuse(FailInfo::BadRequest, "rejected")),
            Status::Issued(serial) => {
                Ok(request.grant(authorisation, self.store.certificate(serial)?)?)
            }
        }
    }

    fn issue(
        &self,
        request: &Request,
        key: &TransactionKey,
        authorisation: Authorisation,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let certificate = loop {
            let certificate: Certificate = wanted
                .certificate(self.authority.ca(), self.policy.lifetime, self.provider)?
                .sign(&self.ca_key)?;
            if self.store.record(&certificate)? {
                break certificate;
            }
        };
        self.store.set_status(key, &Status::Issued(hex(certificate.serial())))?;
        Ok(request.grant(authorisation, certificate)?)
    }
}

fn refuse(fail_info: FailInfo, text: &str) -> Decision {
    Decision::Refuse(Refusal::new(fail_info).because(text))
}
