//! Keys that generated keys are encrypted with, from the command line.

use devicecert::pki::Secret;

/// A symmetric key for generated keys, and what both sides call it.
#[derive(Clone, Debug)]
pub struct Kek {
    /// Its name.
    pub name: Vec<u8>,
    /// The AES key.
    pub key: Secret,
}

impl Kek {
    /// Reads `NAME:HEX`, for the command line.
    ///
    /// # Errors
    /// Says what could stand there.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, key) = text.rsplit_once(':').ok_or("expected NAME:HEX")?;
        let key = Secret::new(parse_hex(key)?);
        match key.len() {
            16 | 24 | 32 => Ok(Self { name: name.as_bytes().to_vec(), key }),
            _ => Err("an AES key has 16, 24 or 32 octets".to_owned()),
        }
    }
}

/// Reads hexadecimal digits, with or without colons.
///
/// # Errors
/// Says what could stand there.
pub fn parse_hex(text: &str) -> Result<Vec<u8>, String> {
    const EXPECTED: &str = "expected pairs of hexadecimal digits";
    let digits: Vec<u8> = text.bytes().filter(|octet| *octet != b':').collect();
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        return Err(EXPECTED.to_owned());
    }
    let octet = |pair: &[u8; 2]| {
        let pair = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(pair, 16).ok().filter(|_| !pair.starts_with('+'))
    };
    pairs.iter().map(octet).collect::<Option<_>>().ok_or_else(|| EXPECTED.to_owned())
}
