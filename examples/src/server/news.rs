//! News for who allowed a request and wants to know what became of it.
//!
//! ```text
//! transactions/KEY/news   the request as it came, while its outcome has yet to be told
//! ```
//!
//! The request holds its challenge, so only the owner of the folder may read the file, and it goes
//! as soon as the news was heard. While it is there, the client gets no certificate: not after a
//! kill, and not from a poll either, which does not bring the request again. Nor does another
//! request take the place of this one.

use std::fs;
use std::io::{self, Write};

use devicecert::pki::{Certificate, CrlReason, Csr, Limits};
use devicecert::scep::{Authorisation, Decision, FailInfo};

use super::ca::Asked;
use super::policy::refuse;
use super::store::hex;
use super::{
    AnswerError, Ca, Case, Failure, Follower, Judge, JudgeError, Reception, Status, Store,
    StoreError,
};
use crate::files::{self, Readers};

impl Store {
    /// Notes that somebody wants to know what becomes of a request.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn owe_news(&self, key: &str, csr: &Csr) -> Result<(), StoreError> {
        let path = self.transaction_folder(key).join("news");
        Ok(files::replace(&path, Readers::Owner, |file| file.write_all(csr.as_der()))?)
    }

    /// The request whose outcome has yet to be told, if it has.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn owed_news(&self, key: &str) -> Result<Option<Csr>, StoreError> {
        let path = self.transaction_folder(key).join("news");
        match fs::read(&path) {
            Ok(der) => Ok(Some(Csr::parse(&der, &Limits::default())?)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(files::at(&path)(error).into()),
        }
    }

    /// Notes that everybody knows what became of a request.
    ///
    /// # Errors
    /// Names the file.
    pub(super) fn told_news(&self, key: &str) -> Result<(), StoreError> {
        Ok(files::remove(&self.transaction_folder(key).join("news"))?)
    }
}

impl Ca {
    /// Notes that the judge wants to know what becomes of this request, if it does.
    pub(super) fn owe_news(&self, asked: &Asked<'_>, csr: &Csr) -> Result<(), AnswerError> {
        match self.follower() {
            Some(_) => Ok(self.store.owe_news(asked.key.as_str(), csr)?),
            None => Ok(()),
        }
    }

    /// Grants a certificate that is on file, once everybody knows of it who wanted to. One that
    /// must not be handed out after all is revoked.
    pub(super) fn hand_over(
        &self,
        asked: &Asked<'_>,
        authorisation: Authorisation,
        certificate: Certificate,
    ) -> Result<Decision, AnswerError> {
        match self.tell_issued(asked, &certificate)? {
            Reception::Noted => Ok(asked.request.grant(authorisation, certificate)?),
            Reception::Objection(_) => {
                Ok(refuse(FailInfo::BadRequest, "the certificate was revoked"))
            }
        }
    }

    /// Tells what is still to be told of a transaction before another request takes its place:
    /// nobody could be told afterwards.
    pub(super) fn conclude(&self, asked: &Asked<'_>) -> Result<(), AnswerError> {
        match self.store.transaction(asked.key.as_str())? {
            Some((Status::Issued(serial), _)) => {
                let certificate = self.store.certificate(&serial)?;
                // If it was revoked before it was told of, nobody has got it.
                if !self.store.is_revoked(&certificate)? {
                    self.tell_issued(asked, &certificate)?;
                }
            }
            Some((Status::Rejected, _)) => {
                self.tell_failure(asked, Failure::Rejected)?;
            }
            // Nothing has become of it.
            Some((Status::Pending, _)) | None => {}
        }
        Ok(())
    }

    /// Refuses what a person has rejected, once everybody knows.
    pub(super) fn reject(&self, asked: &Asked<'_>) -> Result<Decision, AnswerError> {
        self.tell_failure(asked, Failure::Rejected)?;
        self.store.told_news(asked.key.as_str())?;
        Ok(refuse(FailInfo::BadRequest, "rejected"))
    }

    /// Refuses on behalf of a CA that has expired. Who allowed the request and was told that nothing
    /// comes of it has to allow it again, at whichever CA.
    pub(super) fn expired(&self, asked: &Asked<'_>) -> Result<Decision, AnswerError> {
        let key = asked.key.as_str();
        if self.store.owed_news(key)?.is_some() {
            self.tell_failure(asked, Failure::CaExpired)?;
            self.store.forget(key)?;
            self.store.told_news(key)?;
        }
        Ok(refuse(FailInfo::BadRequest, "this CA has expired; ask for the current one"))
    }

    /// A certificate that somebody objects to is revoked.
    fn tell_issued(
        &self,
        asked: &Asked<'_>,
        certificate: &Certificate,
    ) -> Result<Reception, AnswerError> {
        let reception = self.tell(asked, |follower, case| follower.issued(case, certificate))?;
        if let Reception::Objection(no) = &reception {
            (asked.log)(&format!("revoking what was issued: {no}"));
            let serial = hex(certificate.serial());
            self.store.revoke(&serial, asked.now, CrlReason::CessationOfOperation)?;
        }
        self.store.told_news(asked.key.as_str())?;
        Ok(reception)
    }

    fn tell_failure(&self, asked: &Asked<'_>, failure: Failure) -> Result<(), AnswerError> {
        match self.tell(asked, |follower, case| follower.failed(case, failure))? {
            Reception::Noted => {}
            // There is nothing to take back.
            Reception::Objection(no) => (asked.log)(&format!("nobody noted a failure: {no}")),
        }
        Ok(())
    }

    fn tell(
        &self,
        asked: &Asked<'_>,
        news: impl FnOnce(&dyn Follower, Case<'_>) -> Result<Reception, JudgeError>,
    ) -> Result<Reception, AnswerError> {
        let Some(csr) = self.store.owed_news(asked.key.as_str())? else {
            return Ok(Reception::Noted);
        };
        let follower = self.follower().ok_or(JudgeError::NoFollower)?;
        let case = Case { transaction: asked.request.transaction(), csr: &csr, now: asked.now };
        Ok(news(follower, case)?)
    }

    fn follower(&self) -> Option<&dyn Follower> {
        self.judge.as_deref().and_then(Judge::follower)
    }
}
