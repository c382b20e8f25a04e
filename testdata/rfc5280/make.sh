#!/bin/sh
# Makes the CRLs here that are not ours, with OpenSSL. `ours-ca.crt` is the CA, its key is
# ../openssl/rsa2048.pkcs8.pem.
set -eu
cd "$(dirname "$0")"
here=$(pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
openssl x509 -inform DER -in ours-ca.crt -out "$work/ca.pem"
cp ../openssl/rsa2048.pkcs8.pem "$work/ca.key"
cd "$work"
cat >ca.cnf <<'END'
[ca]
default_ca = ca_default
[ca_default]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 3650
[full]
authorityKeyIdentifier = keyid:always
[partial]
issuingDistributionPoint = critical, @users
[users]
onlyuser = TRUE
[delta]
2.5.29.27 = critical, DER:02:01:01
END
# status, expiry, revocation with its reason, serial number, file, subject
{
    printf 'R\t360101000000Z\t260301000000Z,keyCompromise\t0102\tunknown\t/CN=one\n'
    printf 'R\t360101000000Z\t260302000000Z\t80\tunknown\t/CN=two\n'
    printf 'R\t360101000000Z\t260303000000Z,superseded\t7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF\tunknown\t/CN=three\n'
    printf 'V\t360101000000Z\t\t0A\tunknown\t/CN=four\n'
} >index.txt
crl() {
    echo "$2" >crlnumber
    openssl ca -config ca.cnf -gencrl -keyfile ca.key -cert ca.pem $3 \
        -crl_lastupdate 20260401000000Z -crl_nextupdate 20260501000000Z -out crl.pem
    openssl crl -in crl.pem -outform DER -out "$here/$1.crl"
}
crl full 01A4 '-crlexts full'
crl partial 02 '-crlexts partial'
crl delta 03 '-crlexts delta'
# Version 1 has no number.
sed -i '/^crlnumber/d' ca.cnf
sed -i 's/,keyCompromise//; s/,superseded//' index.txt
crl version-1 04 ''
