//! NEGOTIATE_MESSAGE.

use devicecert_ca::ndes::ntlm::NEGOTIATE;

use crate::common::hex;

#[test]
fn the_message() {
    // Flags: 56, 128, VERSION, TARGET_INFO, EXTENDED_SESSIONSECURITY, ALWAYS_SIGN, NTLM,
    // REQUEST_TARGET, UNICODE. Neither KEY_EXCH nor SIGN nor SEAL, and no LM_KEY.
    let message =
        "4e544c4d53535000 01000000 058288a2 0000000028000000 0000000028000000 0a0000000000000f";
    assert_eq!(NEGOTIATE.to_vec(), hex(message));
}
