//! Where Fleet's server looks at signatures.

/// Whether Fleet's server checks the signature of a request to this path, which is the decoded one.
///
/// Everywhere else a signature proves nothing to Fleet, whether it is right or wrong.
///
/// ```
/// use devicecert_fleet::message_signature::accepts;
///
/// assert!(accepts("/api/v1/fleet/certificate_authorities/7/request_certificate"));
/// assert!(accepts("/api/fleet/orbit/config"));
/// assert!(!accepts("/api/fleet/orbit/ping")); // tells what the server can do, to everybody
/// assert!(!accepts("/api/v1/fleet/hosts"));
/// ```
#[must_use]
pub fn accepts(path: &str) -> bool {
    const ORBIT: &str = "/api/fleet/orbit/";
    let is_certificate = crate::request_certificate::AuthorityId::from_path(path).is_some();
    let is_agent = path.starts_with(ORBIT) || path.contains("/osquery/");
    is_certificate || (is_agent && !path.ends_with("/api/fleet/orbit/ping"))
}
