#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in.
set -eu

openssl x509 -inform DER -in ../rfc5652/rsa.crt -out rsa.pem
{
    printf ' 0 s:O = Example, CN = RSA signer\n'
    openssl x509 -inform DER -in ../rfc5652/rsa.crt -text
    printf ' 1 s:O = Example, CN = EC signer\n'
    openssl x509 -inform DER -in ../rfc5652/ec.crt -text
} > two-with-text.pem
