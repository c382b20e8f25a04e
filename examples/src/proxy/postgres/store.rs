//! What a proxy asks the database: each question one statement, which is done or not done.

use devicecert::fleet::proxy::{
    CaType, Claim, ManagedCertificate, Passcode, Profile, ProfileUuid, Record, Resend, Slot, Store,
    UpstreamFailure,
};
use devicecert::pki::Time;
use devicecert::pki::algorithm::DigestAlgorithm;

use crate::keys::Backend;

use super::rows::{certificate, get, profile, system_time, time};
use super::{Postgres, PostgresError};

impl Store for Postgres {
    type Error = PostgresError;

    async fn record(&self, record: Record) -> Result<(), PostgresError> {
        match record {
            Record::Passcode { slot, passcode, made_at } => {
                self.query(
                    "insert into scep_proxy.passcodes \
                     (host_uuid, profile_uuid, ca_name, digest, made_at) \
                     values ($1, $2, $3, $4, $5) on conflict do nothing",
                    &[
                        &slot.host(),
                        &slot.profile().as_str(),
                        &slot.ca(),
                        &digest(&passcode)?,
                        &system_time(made_at),
                    ],
                )
                .await?;
            }
            Record::Certificate(certificate) => self.put(&certificate).await?,
            _ => return Err(PostgresError::UnknownRecord),
        }
        Ok(())
    }

    async fn managed_certificate(
        &self,
        slot: &Slot,
    ) -> Result<Option<ManagedCertificate>, PostgresError> {
        let rows = self
            .query(
                "select type, challenge_retrieved_at, not_valid_before, not_valid_after, serial \
             from scep_proxy.managed_certificates \
             where host_uuid = $1 and profile_uuid = $2 and ca_name = $3",
                &[&slot.host(), &slot.profile().as_str(), &slot.ca()],
            )
            .await?;
        rows.first().map(|row| certificate(slot, row)).transpose()
    }

    async fn profile(
        &self,
        host: &str,
        uuid: &ProfileUuid,
    ) -> Result<Option<Profile>, PostgresError> {
        let rows = self
            .query(
                "select status, operation, detail, retries from scep_proxy.profiles \
             where host_uuid = $1 and profile_uuid = $2",
                &[&host, &uuid.as_str()],
            )
            .await?;
        rows.first().map(profile).transpose()
    }

    async fn set_profile(
        &self,
        host: &str,
        uuid: &ProfileUuid,
        state: Profile,
    ) -> Result<(), PostgresError> {
        let retries = i32::try_from(state.retries).unwrap_or(i32::MAX);
        self.query(
            "insert into scep_proxy.profiles \
             (host_uuid, profile_uuid, status, operation, detail, retries) \
             values ($1, $2, $3, $4, $5, $6) \
             on conflict (host_uuid, profile_uuid) do update set status = excluded.status, \
             operation = excluded.operation, detail = excluded.detail, retries = excluded.retries",
            &[
                &host,
                &uuid.as_str(),
                &state.status.text(),
                &state.operation.text(),
                &state.detail,
                &retries,
            ],
        )
        .await?;
        Ok(())
    }

    async fn consume_passcode(
        &self,
        slot: &Slot,
        claimed: Claim<'_>,
    ) -> Result<Option<Time>, PostgresError> {
        let (host, uuid, ca) = (slot.host(), slot.profile().as_str(), slot.ca());
        let rows = match claimed {
            // Of two that come at the same time, the second waits for the first, and finds nothing.
            Claim::Presented(passcode) => {
                self.query(
                    "delete from scep_proxy.passcodes where host_uuid = $1 \
                     and profile_uuid = $2 and ca_name = $3 and digest = $4 returning made_at",
                    &[&host, &uuid, &ca, &digest(passcode)?],
                )
                .await?
            }
            // The second takes the next one.
            Claim::OnFile => {
                self.query(
                    "delete from scep_proxy.passcodes where host_uuid = $1 \
                     and profile_uuid = $2 and ca_name = $3 and digest = ( \
                     select digest from scep_proxy.passcodes where host_uuid = $1 \
                     and profile_uuid = $2 and ca_name = $3 \
                     order by made_at limit 1 for update skip locked) returning made_at",
                    &[&host, &uuid, &ca],
                )
                .await?
            }
        };
        Ok(rows.first().map(|row| time(row, 0)).transpose()?.flatten())
    }

    async fn remove_passcodes_made_before(&self, before: Time) -> Result<u64, PostgresError> {
        let rows = self
            .query(
                "with removed as ( \
             delete from scep_proxy.passcodes where made_at < $1 returning 1) \
             select count(*) from removed",
                &[&system_time(before)],
            )
            .await?;
        let removed = rows.first().map_or(Ok(0), |row| get::<i64>(row, 0))?;
        Ok(removed.unsigned_abs())
    }

    async fn resend(
        &self,
        host: &str,
        uuid: &ProfileUuid,
        resend: Resend,
        now: Time,
    ) -> Result<(), PostgresError> {
        match resend {
            Resend::StatusOnly => {
                self.query(
                    "update scep_proxy.profiles set status = null \
                     where host_uuid = $1 and profile_uuid = $2 and operation = 'install'",
                    &[&host, &uuid.as_str()],
                )
                .await?;
            }
            Resend::Full => {
                self.query(
                    "update scep_proxy.profiles set status = null, detail = '', retries = 0, \
                     command_uuid = '', variables_updated_at = $3 \
                     where host_uuid = $1 and profile_uuid = $2 and operation = 'install'",
                    &[&host, &uuid.as_str(), &system_time(now)],
                )
                .await?;
            }
        }
        Ok(())
    }

    async fn fail_profile(
        &self,
        host: &str,
        uuid: &ProfileUuid,
        failure: UpstreamFailure,
    ) -> Result<(), PostgresError> {
        self.query(
            "update scep_proxy.profiles set status = 'failed', detail = $3 \
             where host_uuid = $1 and profile_uuid = $2 and operation = 'install' \
             and status in ('pending', 'verifying', 'failed')",
            &[&host, &uuid.as_str(), &failure.to_string()],
        )
        .await?;
        Ok(())
    }

    async fn clear_failure(&self, host: &str, uuid: &ProfileUuid) -> Result<(), PostgresError> {
        self.query(
            "update scep_proxy.profiles set status = 'verifying', detail = '' \
             where host_uuid = $1 and profile_uuid = $2 and operation = 'install' \
             and status = 'failed' and starts_with(detail, $3)",
            &[&host, &uuid.as_str(), &UpstreamFailure::DETAIL],
        )
        .await?;
        Ok(())
    }
}

impl Postgres {
    async fn put(&self, certificate: &ManagedCertificate) -> Result<(), PostgresError> {
        let ManagedCertificate { host, profile, ca, ca_type, .. } = certificate;
        self.query(
            "insert into scep_proxy.managed_certificates (host_uuid, profile_uuid, ca_name, type, \
             challenge_retrieved_at, not_valid_before, not_valid_after, serial) \
             values ($1, $2, $3, $4, $5, $6, $7, $8) \
             on conflict (host_uuid, profile_uuid, ca_name) do update set type = excluded.type, \
             challenge_retrieved_at = excluded.challenge_retrieved_at, \
             not_valid_before = excluded.not_valid_before, \
             not_valid_after = excluded.not_valid_after, serial = excluded.serial",
            &[
                host,
                &profile.as_str(),
                ca,
                &ca_type.map(CaType::text),
                &certificate.challenge_retrieved_at.map(system_time),
                &certificate.validity.map(|validity| system_time(validity.not_before)),
                &certificate.validity.map(|validity| system_time(validity.not_after)),
                &certificate.serial,
            ],
        )
        .await?;
        Ok(())
    }
}

/// What stands in the table for a passcode.
fn digest(passcode: &Passcode) -> Result<Vec<u8>, PostgresError> {
    let text = passcode.expose().as_bytes();
    Ok(Backend::default().provider().digest(DigestAlgorithm::Sha256, text)?)
}
