#!/bin/sh
# What OpenSSL envelopes to a password.
set -eu
cd "$(dirname "$0")"

printf 'a certification request' > content.txt

for cipher in aes128 aes192 aes256 des3; do
    openssl cms -encrypt -binary -in content.txt -outform DER -out "$cipher.der" "-$cipher" \
        -pwri_password secret
done
# The password is the second recipient.
openssl x509 -inform DER -in ../rfc5652/rsa.crt -out rsa.pem
openssl cms -encrypt -binary -in content.txt -outform DER -out beside-rsa.der -aes128 \
    -pwri_password secret -recip rsa.pem
rm rsa.pem
