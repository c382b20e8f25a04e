"""Adds a PBMAC1 (RFC 9579) to a PKCS #12 file that has no MAC.

python3 pbmac1.py FROM TO PASSWORD KDF-HASH MAC-HASH
"""

import hashlib
import hmac
import os
import sys

HMAC_OIDS = {"sha1": 7, "sha256": 9, "sha384": 10, "sha512": 11}


def der(tag, *parts):
    content = b"".join(parts)
    size = len(content)
    if size < 128:
        return bytes([tag, size]) + content
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(octets)]) + octets + content


def split(octets):
    """Content of the first value, and what is behind it."""
    size, start = octets[1], 2
    if size & 0x80:
        start += size & 0x7F
        size = int.from_bytes(octets[2:start], "big")
    return octets[start : start + size], octets[start + size :]


def hmac_identifier(name):
    return der(0x30, der(6, bytes.fromhex("2a864886f70d02") + bytes([HMAC_OIDS[name]])), der(5))


def main(source, target, password, kdf_hash, mac_hash):
    with open(source, "rb") as file:
        pfx, _ = split(file.read())
    _, auth_safe = split(pfx)  # behind the version
    info, _ = split(auth_safe)
    _, explicit = split(info)  # behind the content type
    content, _ = split(split(explicit)[0])

    salt, length = os.urandom(16), hashlib.new(mac_hash).digest_size
    key = hashlib.pbkdf2_hmac(kdf_hash, password.encode(), salt, 2048, length)
    mac = hmac.new(key, content, mac_hash).digest()
    pbkdf2 = der(
        0x30,
        der(6, bytes.fromhex("2a864886f70d01050c")),
        der(
            0x30,
            der(4, salt),
            der(2, (2048).to_bytes(2, "big")),
            der(2, bytes([length])),
            # The default must not be written in DER.
            b"" if kdf_hash == "sha1" else hmac_identifier(kdf_hash),
        ),
    )
    pbmac1 = der(
        0x30,
        der(6, bytes.fromhex("2a864886f70d01050e")),
        der(0x30, pbkdf2, hmac_identifier(mac_hash)),
    )
    mac_data = der(0x30, der(0x30, pbmac1, der(4, mac)), der(4, b"NOT USED"), der(2, b"\x01"))
    with open(target, "wb") as file:
        file.write(der(0x30, pfx, mac_data))


main(*sys.argv[1:])
