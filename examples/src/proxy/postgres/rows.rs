//! Rows as values, and times as PostgreSQL has them.

use std::time::{Duration, SystemTime};

use devicecert::fleet::proxy::{
    CaType, ManagedCertificate, Profile, ProfileOperation, ProfileStatus, Slot,
};
use devicecert::pki::{Time, Validity};
use tokio_postgres::Row;
use tokio_postgres::types::FromSql;

use super::PostgresError;

/// A certificate of a place, from `type`, `challenge_retrieved_at`, `not_valid_before`,
/// `not_valid_after` and `serial`.
pub(super) fn certificate(slot: &Slot, row: &Row) -> Result<ManagedCertificate, PostgresError> {
    let mut certificate = ManagedCertificate::unproxied(slot.host(), slot.profile().clone());
    certificate.ca = Some(slot.ca().to_owned());
    certificate.ca_type = match get::<Option<String>>(row, 0)? {
        None => None,
        Some(text) => Some(CaType::from_text(&text).ok_or_else(|| PostgresError::Value {
            column: "scep_proxy.managed_certificates.type",
            expected: "ndes, smallstep, custom_scep_proxy, digicert or NULL",
            found: text,
        })?),
    };
    certificate.challenge_retrieved_at = time(row, 1)?;
    certificate.validity = time(row, 2)?
        .zip(time(row, 3)?)
        .map(|(not_before, not_after)| Validity { not_before, not_after });
    certificate.serial = get(row, 4)?;
    Ok(certificate)
}

/// A profile, from `status`, `operation`, `detail` and `retries`.
pub(super) fn profile(row: &Row) -> Result<Profile, PostgresError> {
    let status = get::<Option<String>>(row, 0)?;
    let known = ProfileStatus::from_text(status.as_deref());
    let mut profile = Profile::new(known.ok_or_else(|| PostgresError::Value {
        column: "scep_proxy.profiles.status",
        expected: "pending, delivering, delivered, verifying, verified, failed or NULL",
        found: status.unwrap_or_default(),
    })?);
    let operation = get::<String>(row, 1)?;
    profile.operation =
        ProfileOperation::from_text(&operation).ok_or_else(|| PostgresError::Value {
            column: "scep_proxy.profiles.operation",
            expected: "install or remove",
            found: operation,
        })?;
    profile.detail = get(row, 2)?;
    // The table holds none below zero.
    profile.retries = u32::try_from(get::<i32>(row, 3)?).unwrap_or_default();
    Ok(profile)
}

/// A column of a row.
pub(super) fn get<'row, T: FromSql<'row>>(
    row: &'row Row,
    column: usize,
) -> Result<T, PostgresError> {
    Ok(row.try_get(column)?)
}

/// A time, or NULL.
pub(super) fn time(row: &Row, column: usize) -> Result<Option<Time>, PostgresError> {
    Ok(get::<Option<SystemTime>>(row, column)?.map(Time::from))
}

/// A time for a column of PostgreSQL.
pub(super) fn system_time(time: Time) -> SystemTime {
    let distance = Duration::from_secs(time.unix().unsigned_abs());
    let moved = match time.unix() {
        0.. => SystemTime::UNIX_EPOCH.checked_add(distance),
        _ => SystemTime::UNIX_EPOCH.checked_sub(distance),
    };
    moved.unwrap_or(SystemTime::UNIX_EPOCH)
}
