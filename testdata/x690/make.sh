#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in. The same CMS message in
# BER as OpenSSL streams it (*.ber), and as OpenSSL writes it again in DER (*.der).
set -eu

rsa=../openssl/rsa2048.pkcs8.pem
openssl x509 -inform DER -in ../rfc5652/rsa.crt -out rsa.pem
# Longer than one chunk of OpenSSL's streams.
for i in $(seq 1 1000); do printf 'line %04d\n' "$i"; done > content.txt

again() {
    openssl cms -cmsout -inform DER -in "$1.ber" -outform DER -out "$1.der"
}
openssl cms -sign -stream -binary -nodetach -md sha256 -in content.txt \
    -signer rsa.pem -inkey $rsa -outform DER -out signed.ber
again signed
openssl cms -encrypt -stream -binary -aes-128-cbc -in content.txt -recip rsa.pem \
    -outform DER -out enveloped.ber
again enveloped
# The shape of SCEP: an enveloped message in a signed one, both in BER.
openssl cms -sign -stream -binary -nodetach -md sha256 -in enveloped.ber \
    -signer rsa.pem -inkey $rsa -outform DER -out signed-enveloped.ber
again signed-enveloped

rm -f rsa.pem
