#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in, except ours-*.der, which
# this crate wrote. The private keys are those of ../openssl.
set -eu

rsa=../openssl/rsa2048.pkcs8.pem
ec=../openssl/p256.pkcs8.pem
printf 'content that OpenSSL signed and enveloped' > content.txt
printf '' > empty.txt

# One certificate for each key. -subj is taken outermost first.
self_signed() {
    key=$1 name=$2 serial=$3
    shift 3
    openssl req -x509 -new -key "$key" -utf8 -subj "/O=Example/CN=$name" -set_serial "$serial" \
        -days 36500 -sha256 -addext keyUsage=critical,digitalSignature,keyEncipherment "$@"
}
self_signed $rsa 'RSA signer' 0x1001 -out rsa.pem
self_signed $ec 'EC signer' 0x1002 -out ec.pem
self_signed ../openssl/rsa1024.pkcs8.pem 'Somebody else' 0x1003 -out other.pem
for name in rsa ec other; do
    openssl x509 -in $name.pem -outform DER -out $name.crt
done

# A CRL without entries.
cat > ca.cnf <<'CNF'
[ca]
default_ca = it
[it]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 36500
CNF
: > index.txt
echo 01 > crlnumber
openssl ca -config ca.cnf -gencrl -keyfile $rsa -cert rsa.pem -out crl.pem
openssl crl -in crl.pem -outform DER -out empty.crl
rm -f ca.cnf index.txt* crlnumber*

# SignedData.
sign() {
    out=$1
    shift
    openssl cms -sign -binary -in content.txt -outform DER -out "$out" "$@"
}
for digest in md5 sha1 sha256 sha384 sha512; do
    sign signed-$digest.der -nodetach -md $digest -signer rsa.pem -inkey $rsa
done
sign signed-ec.der -nodetach -md sha256 -signer ec.pem -inkey $ec
sign signed-pss.der -nodetach -md sha256 -signer rsa.pem -inkey $rsa -keyopt rsa_padding_mode:pss
sign signed-ski.der -nodetach -md sha256 -keyid -signer rsa.pem -inkey $rsa
sign signed-noattr.der -nodetach -md sha256 -noattr -signer rsa.pem -inkey $rsa
sign signed-nocerts.der -nodetach -md sha256 -nocerts -signer rsa.pem -inkey $rsa
sign signed-detached.der -md sha256 -signer rsa.pem -inkey $rsa
sign signed-typed.der -nodetach -md sha256 -econtent_type 1.2.840.113549.1.9.16.1.4 \
    -signer rsa.pem -inkey $rsa
sign signed-twice.der -nodetach -md sha256 -signer rsa.pem -inkey $rsa -signer ec.pem -inkey $ec
openssl cms -sign -binary -in empty.txt -outform DER -nodetach -md sha256 \
    -signer rsa.pem -inkey $rsa -out signed-empty.der
openssl smime -sign -binary -in content.txt -outform DER -nodetach -md sha256 \
    -signer rsa.pem -inkey $rsa -out signed-pkcs7.der

# Certs-only.
cat rsa.pem ec.pem other.pem > three.pem
openssl crl2pkcs7 -nocrl -certfile three.pem -outform DER -out certs-only.der
openssl crl2pkcs7 -in crl.pem -certfile rsa.pem -outform DER -out certs-and-crl.der

# EnvelopedData.
envelope() {
    out=$1
    shift
    openssl cms -encrypt -binary -in content.txt -outform DER -out "$out" "$@"
}
for cipher in aes-128-cbc aes-192-cbc aes-256-cbc des-ede3-cbc; do
    envelope enveloped-$cipher.der -$cipher -recip rsa.pem
done
envelope enveloped-des-cbc.der -provider legacy -provider default -des-cbc -recip rsa.pem
envelope enveloped-oaep-sha1.der -aes-128-cbc -recip rsa.pem -keyopt rsa_padding_mode:oaep
envelope enveloped-oaep-sha256.der -aes-128-cbc -recip rsa.pem \
    -keyopt rsa_padding_mode:oaep -keyopt rsa_oaep_md:sha256
envelope enveloped-ski.der -aes-128-cbc -keyid -recip rsa.pem
envelope enveloped-other-first.der -aes-128-cbc -recip other.pem -recip rsa.pem
envelope enveloped-other-only.der -aes-128-cbc -recip other.pem
envelope enveloped-kinds.der -aes-128-cbc -pwri_password secret \
    -secretkey 000102030405060708090a0b0c0d0e0f -secretkeyid 01 -recip ec.pem -recip rsa.pem
openssl cms -encrypt -binary -in empty.txt -outform DER -aes-128-cbc -recip rsa.pem \
    -out enveloped-empty.der

rm -f ./*.pem

# Recipients that share an AES key with the sender (kekri): octets 0, 1, 2, … as key, kek as name.
for bits in 128 192 256; do
    key=$(python3 -c "print(bytes(range($bits // 8)).hex())")
    openssl cms -encrypt -binary -in content.txt -aes-$bits-cbc -secretkey $key -secretkeyid 6b656b \
        -outform DER -out enveloped-kek-$bits.der
done
