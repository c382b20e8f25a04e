//! Who gets a certificate.

use std::time::Duration;

use devicecert::pki::{Certificate, KeyKind, Secret};
use devicecert::scep::{Authorisation, Content, Decision, Enrol, FailInfo, Refusal};

use super::ca::Asked;
use super::store::hex;
use super::{AnswerError, Ca, Case, Judgement, Jurisdiction, Status, Verdict, Wanted};

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

/// Who lets a first request or a renewal in.
enum Door {
    /// What this CA knows itself: a challenge, a permit, the certificate that is renewed.
    Own(Authorisation),
    /// The judge.
    Judge(Authorisation),
    /// Nobody.
    Shut,
}

impl Ca {
    pub(super) fn decide(&self, asked: &Asked<'_>) -> Result<Decision, AnswerError> {
        let Asked { request, key, generation, now, .. } = *asked;
        match request.content() {
            Content::Enrol(enrol) => self.decide_enrol(asked, enrol),
            Content::GetCert(wanted) => self.decide_get_cert(request, wanted, now),
            Content::GetCrl(_) => self.decide_get_crl(request, generation, now),
            Content::Poll => match self.store.transaction(key.as_str())? {
                Some((status, wanted)) => {
                    let decision = self.resume(asked, &status, &wanted)?;
                    self.to_password(asked, decision)
                }
                None => Ok(refuse(FailInfo::BadCertId, "no such transaction")),
            },
            // The library answers it as it must be answered, whatever is decided.
            Content::Unreadable(_) => Ok(Decision::Refuse(Refusal::new(FailInfo::BadMessageCheck))),
        }
    }

    fn decide_enrol(&self, asked: &Asked<'_>, enrol: &Enrol) -> Result<Decision, AnswerError> {
        let key = asked.key;
        let Ok(wanted) = Wanted::of(enrol.csr()) else {
            return Ok(refuse(FailInfo::BadRequest, "unreadable alternative names"));
        };
        if wanted.subject.is_empty() && wanted.alt_names.is_empty() {
            return Ok(refuse(FailInfo::BadRequest, "the request names nobody"));
        }
        if matches!(wanted.public_key.kind(), KeyKind::Rsa { bits } if bits < 2048) {
            return Ok(refuse(FailInfo::BadRequest, "the key is too small"));
        }
        let renewal = self.renewal(asked)?;
        if let Some((status, earlier)) = self.store.transaction(key.as_str())? {
            // The same request again, from the same key, is a retry or a client's way to poll.
            if earlier == wanted && !self.is_over(asked, &status, renewal.as_ref())? {
                return self.resume(asked, &status, &earlier);
            }
            // A person may be looking at the other one right now.
            if status == Status::Pending && earlier != wanted {
                return Ok(refuse(FailInfo::BadRequest, "another request is pending"));
            }
        }
        match (self.door(asked, enrol, &wanted, renewal)?, self.policy.approval) {
            (Door::Own(authorisation), Approval::Auto) => {
                self.begin(asked, &wanted)?;
                self.issue(asked, authorisation, &wanted)
            }
            (Door::Judge(authorisation), Approval::Auto) => {
                self.begin(asked, &wanted)?;
                self.owe_news(asked, enrol.csr())?;
                self.issue(asked, authorisation, &wanted)
            }
            (Door::Own(_), Approval::Manual) => {
                self.begin(asked, &wanted)?;
                self.defer(asked, enrol)
            }
            (Door::Judge(_), Approval::Manual) => {
                self.begin(asked, &wanted)?;
                self.owe_news(asked, enrol.csr())?;
                self.defer(asked, enrol)
            }
            // Without any challenge to give, a person is the only judge.
            (Door::Shut, Approval::Manual)
                if self.policy.challenges.is_empty() && self.judge.is_none() =>
            {
                self.begin(asked, &wanted)?;
                self.defer(asked, enrol)
            }
            (Door::Shut, Approval::Auto | Approval::Manual) => {
                Ok(refuse(FailInfo::BadRequest, "the challenge is missing or wrong"))
            }
        }
    }

    fn door(
        &self,
        asked: &Asked<'_>,
        enrol: &Enrol,
        wanted: &Wanted,
        renewal: Option<(Vec<u8>, Authorisation)>,
    ) -> Result<Door, AnswerError> {
        let jurisdiction = self.judge.as_ref().map(|judge| judge.jurisdiction());
        match (renewal, jurisdiction) {
            (Some((_, authorisation)), None | Some(Jurisdiction::FirstRequests)) => {
                return Ok(Door::Own(authorisation));
            }
            (None, _) | (_, Some(Jurisdiction::EveryRequest)) => {}
        }
        if let Some(authorisation) = self.challenge(asked, enrol, wanted)? {
            return Ok(Door::Own(authorisation));
        }
        let Some(judge) = &self.judge else {
            return Ok(Door::Shut);
        };
        let transaction = asked.request.transaction();
        match judge.judge(Case { transaction, csr: enrol.csr(), now: asked.now })? {
            Judgement::Allow(authorisation) => Ok(Door::Judge(authorisation)),
            Judgement::Refuse(no) => {
                (asked.log)(&format!("not allowed, transactionID {}: {no}", transaction.id()));
                Ok(Door::Shut)
            }
        }
    }

    /// Whether what a transaction led to is behind: its certificate is being renewed, or expired.
    fn is_over(
        &self,
        asked: &Asked<'_>,
        status: &Status,
        renewal: Option<&(Vec<u8>, Authorisation)>,
    ) -> Result<bool, AnswerError> {
        let Status::Issued(serial) = status else {
            return Ok(false);
        };
        let renewed = renewal.is_some_and(|(renewed, _)| hex(renewed) == *serial);
        let certificate = self.store.certificate(serial)?;
        Ok(renewed || certificate.validity().not_after < asked.now)
    }

    /// Proof that the client holds a certificate of this CA, or of one before it, that the CA
    /// remembers and has not revoked, and its serial number.
    fn renewal(&self, asked: &Asked<'_>) -> Result<Option<(Vec<u8>, Authorisation)>, AnswerError> {
        let Ok(evidence) = asked.request.renewal(&asked.generation.authority, asked.now) else {
            return Ok(None);
        };
        let serial = evidence.serial().to_vec();
        let is_good = self.is_good(evidence.certificate(), asked.now)?;
        Ok(is_good.then(|| (serial, evidence.accept())))
    }

    fn challenge(
        &self,
        asked: &Asked<'_>,
        enrol: &Enrol,
        wanted: &Wanted,
    ) -> Result<Option<Authorisation>, AnswerError> {
        let Some(challenge) = enrol.csr().challenge_password() else { return Ok(None) };
        let Asked { key, now, .. } = *asked;
        let (authorisation, one_time) = match self.permits.find(challenge, now, self.provider)? {
            Some(permit) => (permit.authorise(enrol).ok(), true),
            None => (enrol.challenge_matches(&self.policy.challenges), self.policy.one_time),
        };
        match authorisation {
            Some(_)
                if one_time
                    && !self.store.use_challenge(
                        challenge,
                        key.as_str(),
                        wanted,
                        self.provider,
                    )? =>
            {
                Ok(None)
            }
            authorisation => Ok(authorisation),
        }
    }

    fn begin(&self, asked: &Asked<'_>, wanted: &Wanted) -> Result<(), AnswerError> {
        self.conclude(asked)?;
        let id = asked.request.transaction().id().as_str();
        Ok(self.store.begin(asked.key.as_str(), id, wanted, self.provider)?)
    }

    fn defer(&self, asked: &Asked<'_>, enrol: &Enrol) -> Result<Decision, AnswerError> {
        self.remember_password(asked, enrol)?;
        self.store.set_status(asked.key.as_str(), &Status::Pending)?;
        Ok(Decision::Defer)
    }

    /// Answers for a transaction that is on file.
    fn resume(
        &self,
        asked: &Asked<'_>,
        status: &Status,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let key = asked.key;
        let authorisation = Authorisation::by_administrator();
        match status {
            Status::Pending => match self.store.verdict(key.as_str(), wanted, self.provider)? {
                None => Ok(Decision::Defer),
                Some(Verdict::Approved) => self.issue(asked, authorisation, wanted),
                Some(Verdict::Rejected) => {
                    self.store.set_status(key.as_str(), &Status::Rejected)?;
                    self.reject(asked)
                }
            },
            Status::Rejected => self.reject(asked),
            Status::Issued(serial) => {
                let certificate = self.store.certificate(serial)?;
                match self.store.is_revoked(&certificate)? {
                    true => {
                        // If somebody had yet to be told of it, nobody has got it.
                        self.store.told_news(key.as_str())?;
                        Ok(refuse(FailInfo::BadRequest, "the certificate was revoked"))
                    }
                    false => self.hand_over(asked, authorisation, certificate),
                }
            }
        }
    }

    fn issue(
        &self,
        asked: &Asked<'_>,
        authorisation: Authorisation,
        wanted: &Wanted,
    ) -> Result<Decision, AnswerError> {
        let Asked { key, generation, now, .. } = *asked;
        let crl =
            self.crl_folder.as_ref().map(|url| format!("{url}/crl-{}.crl", generation.number));
        let (ca, lifetime) = (generation.authority.ca(), self.policy.lifetime);
        if ca.validity().not_after < now {
            return self.expired(asked);
        }
        let certificate = loop {
            let certificate: Certificate = wanted
                .certificate(ca, now, lifetime, crl.as_deref(), self.provider)?
                .sign(&generation.ca_key)?;
            if self.store.record(&certificate)? {
                break certificate;
            }
        };
        self.store.set_status(key.as_str(), &Status::Issued(hex(certificate.serial())))?;
        self.hand_over(asked, authorisation, certificate)
    }
}

pub(super) fn refuse(fail_info: FailInfo, text: &str) -> Decision {
    Decision::Refuse(Refusal::new(fail_info).because(text))
}
