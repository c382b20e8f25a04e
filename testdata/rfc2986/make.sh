#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in, except ours*.der, which
# this crate wrote. The private keys are those of ../openssl.
set -eu

rsa=../openssl/rsa2048.pkcs8.pem
ec=../openssl/p256.pkcs8.pem

cat > req.cnf <<'CNF'
[req]
prompt = no
string_mask = utf8only
distinguished_name = name
[name]
O = Example
CN = device 7
[challenge]
challengePassword = one-time password
[utf8_challenge]
challengePassword = p@ssw*rd_ü
[extensions]
keyUsage = critical, digitalSignature, keyEncipherment
extendedKeyUsage = clientAuth
subjectAltName = @names
[names]
DNS.1 = device7.example.com
email.1 = device7@example.com
URI.1 = urn:example:device:7
IP.1 = 192.0.2.7
IP.2 = 2001:db8::7
RID.1 = 1.2.3.4
dirName.1 = name
otherName.1 = 1.3.6.1.4.1.311.20.2.3;UTF8:device7@example.com
CNF

{ cat req.cnf; } > plain.cnf
sed 's/^prompt = no/&\nattributes = challenge\nreq_extensions = extensions/' req.cnf > full.cnf
sed 's/^prompt = no/&\nattributes = utf8_challenge/' req.cnf > utf8.cnf

openssl req -new -utf8 -config plain.cnf -key $rsa -sha256 -outform DER -out plain.der
openssl req -new -utf8 -config full.cnf -key $rsa -sha256 -outform DER -out full.der
openssl req -new -utf8 -config utf8.cnf -key $ec -sha256 -outform DER -out utf8-ec.der
openssl req -new -utf8 -config plain.cnf -key $rsa -md5 -outform DER -out md5.der
openssl req -new -utf8 -config plain.cnf -key $rsa -sha256 -sigopt rsa_padding_mode:pss \
    -outform DER -out pss.der

rm -f ./*.cnf
