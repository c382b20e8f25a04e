//! The admin page of NDES: a challenge, or the reason why there is none.

use devicecert_pki::Secret;
use devicecert_pki::error::LimitExceeded;

use super::Error;
use super::text::decode;
use crate::limits::Limits;

/// What stands before the challenge, with one space wherever there is white space.
const BEFORE: &str = "the enrollment challenge password is: <b>";
const CACHE_FULL: &str = "The password cache is full.";
const NO_PERMISSION: &str = "You do not have sufficient permission to enroll with SCEP.";

/// Reads the challenge from an admin page of NDES, or of what imitates it.
///
/// `content_type` is the header of that name. The page may be UTF-16LE, with or without a byte order
/// mark, UTF-16BE, UTF-8, or anything else that keeps ASCII as it is. White space and letter case
/// around the challenge may be anything; the challenge itself ends at white space or at a tag.
///
/// ```
/// use devicecert_ca::{Limits, ndes};
///
/// let page = b"<P> The enrollment challenge password is: <B> 8CE317021F690069 </B>";
/// let challenge = ndes::challenge_of_page(page, Some("text/html"), &Limits::default())?;
/// assert_eq!(challenge.expose(), b"8CE317021F690069");
/// # Ok::<(), ndes::Error>(())
/// ```
///
/// # Errors
/// [`Error::CacheFull`] and [`Error::InsufficientPermissions`] for the pages that say so,
/// [`Error::NoChallenge`] for every other page, [`Error::LimitExceeded`].
pub fn challenge_of_page(
    page: &[u8],
    content_type: Option<&str>,
    limits: &Limits,
) -> Result<Secret, Error> {
    limits.check_body(page)?;
    let text = decode(page, content_type);
    match challenge(&text) {
        Some(challenge) => {
            let found = challenge.len();
            LimitExceeded::check("the challenge (bytes)", limits.challenge_bytes, found)?;
            Ok(Secret::from(challenge))
        }
        None if text.contains(CACHE_FULL) => Err(Error::CacheFull),
        None if text.contains(NO_PERMISSION) => Err(Error::InsufficientPermissions),
        None => Err(Error::NoChallenge),
    }
}

/// The first challenge on the page that is not empty.
fn challenge(text: &str) -> Option<&str> {
    let mut starts = text.match_indices([BEFORE_FIRST, BEFORE_FIRST.to_ascii_uppercase()]);
    starts.find_map(|(start, _)| {
        let rest = after(text.get(start..)?, BEFORE)?.trim_start();
        // A page that ends here was cut short, and the challenge with it.
        let (challenge, _) = rest.split_once(|c: char| c.is_whitespace() || c == '<')?;
        Some(challenge).filter(|challenge| !challenge.is_empty())
    })
}

/// The first letter of [`BEFORE`].
const BEFORE_FIRST: char = 't';

/// What follows `words` at the start of `text`: ASCII in any case, white space of any kind and
/// length for each space.
fn after<'a>(text: &'a str, words: &str) -> Option<&'a str> {
    let mut rest = text;
    for word in words.chars() {
        rest = match word {
            ' ' => {
                let trimmed = rest.trim_start();
                (trimmed.len() < rest.len()).then_some(trimmed)?
            }
            letter => {
                let mut characters = rest.chars();
                characters.next().filter(|found| found.eq_ignore_ascii_case(&letter))?;
                characters.as_str()
            }
        };
    }
    Some(rest)
}
