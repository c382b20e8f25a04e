#!/bin/sh
# Certificates for the EC keys of ../openssl, and what OpenSSL envelopes to them.
set -eu
cd "$(dirname "$0")"

printf 'a certification request' > content.txt

for key in p256 p384; do
    openssl req -x509 -new -key "../openssl/$key.pkcs8.pem" -subj "/CN=$key" -days 36500 \
        -set_serial 0x11 -outform DER -out "$key.crt"
    openssl x509 -inform DER -in "$key.crt" -out "$key.pem"
done

# envelope NAME CIPHER KEY [KEYOPT...]
envelope() {
    name=$1 cipher=$2 key=$3
    shift 3
    options=
    for option; do options="$options -keyopt $option"; done
    # shellcheck disable=SC2086
    openssl cms -encrypt -binary -in content.txt -outform DER -out "$name.der" "-$cipher" \
        -recip "$key.pem" $options
}

envelope p256-default aes128 p256
for digest in sha1 sha256 sha384 sha512; do
    for key in p256 p384; do
        envelope "$key-$digest" aes128 "$key" "ecdh_kdf_md:$digest"
    done
done
envelope p256-cofactor aes128 p256 ecdh_kdf_md:sha256 ecdh_cofactor_mode:1
envelope p256-aes192 aes192 p256
envelope p384-aes256 aes256 p384
# The key wrap of Triple DES (RFC 3217), which is not supported.
envelope p256-3des des3 p256

# Two recipients on one curve in one KeyAgreeRecipientInfo are nothing that OpenSSL writes: it
# writes one for each.
openssl cms -encrypt -binary -in content.txt -outform DER -out both.der -aes128 p384.pem p256.pem
openssl cms -encrypt -binary -keyid -in content.txt -outform DER -out p256-ski.der -aes128 \
    -recip p256.pem

# The shared secret of the two keys on P-256 and P-384, and of one made for this; ANSI X9.63.
for key in p256 p384; do
    curve=$(echo "$key" | sed 's/p/P-/')
    openssl genpkey -algorithm EC -pkeyopt "ec_paramgen_curve:$curve" -out sender.pem
    openssl pkey -in sender.pem -pubout -outform DER -out "$key-sender.spki.der"
    openssl pkey -in sender.pem -pubout -out sender.pub
    openssl pkeyutl -derive -inkey "../openssl/$key.pkcs8.pem" -peerkey sender.pub \
        -out "$key.secret"
done
for digest in SHA1 SHA256 SHA384 SHA512; do
    openssl kdf -keylen 100 -kdfopt "digest:$digest" -binary \
        -kdfopt "hexsecret:000102030405060708090a0b0c0d0e0f" -kdfopt hexinfo:a0a1a2a3 \
        -out "x963-$digest.bin" X963KDF
done
rm sender.pem sender.pub p256.pem p384.pem
