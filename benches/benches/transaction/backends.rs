//! The two backends, and a provider whose enrolments repeat.

use devicecert::pki::{Decryptor, KeyKind, Provider, Signer, WithRandom};
use devicecert::{crypto_aws_lc, crypto_rust};

/// A private key of either backend.
pub(crate) trait Key: Signer + Decryptor {}

impl<K: Signer + Decryptor> Key for K {}

pub(crate) struct Backend {
    pub(crate) name: &'static str,
    pub(crate) provider: &'static dyn Provider,
    /// The same, with a predictable generator.
    pub(crate) repeating: &'static dyn Provider,
    pub(crate) generate: fn() -> Box<dyn Key>,
    /// What a whole transaction may cost, in sums of its primitives.
    pub(crate) target: f64,
}

const RSA: KeyKind = KeyKind::Rsa { bits: 2048 };

pub(crate) static RUST: Backend = Backend {
    name: "crypto-rust",
    provider: &crypto_rust::RustCrypto,
    repeating: &REPEATING_RUST,
    generate: || Box::new(crypto_rust::PrivateKey::generate(RSA).unwrap()),
    target: 1.03,
};

pub(crate) static AWS_LC: Backend = Backend {
    name: "aws-lc",
    provider: &crypto_aws_lc::AwsLc,
    repeating: &REPEATING_AWS_LC,
    generate: || Box::new(crypto_aws_lc::PrivateKey::generate(RSA).unwrap()),
    target: 1.10,
};

/// Every enrolment with this provider has the same transactionID and nonce, so that one prepared
/// reply fits all of them.
const fn repeating(provider: &'static dyn Provider) -> WithRandom {
    WithRandom::new(provider, |out| {
        out.fill(0x42);
        Ok(())
    })
}

static REPEATING_RUST: WithRandom = repeating(&crypto_rust::RustCrypto);
static REPEATING_AWS_LC: WithRandom = repeating(&crypto_aws_lc::AwsLc);
