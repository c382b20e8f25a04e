#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in. All keys are for tests only.
set -eu

# Keys, in the three armours that OpenSSL writes, and two that must be refused.
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa2048.pkcs8.pem
openssl rsa -in rsa2048.pkcs8.pem -traditional -text -out rsa2048.pkcs1.pem
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024 -out rsa1024.pkcs8.pem
openssl ecparam -name prime256v1 -genkey -out p256.sec1.pem
openssl pkcs8 -topk8 -nocrypt -in p256.sec1.pem -out p256.pkcs8.pem
openssl ecparam -name secp384r1 -genkey -out p384.sec1.pem
openssl pkcs8 -topk8 -nocrypt -in p384.sec1.pem -out p384.pkcs8.pem
openssl genpkey -algorithm ED25519 -out ed25519.pkcs8.pem
openssl pkcs8 -topk8 -in p256.sec1.pem -passout pass:test -out p256.encrypted.pem
for key in rsa2048 rsa1024 p256 p384; do
    openssl pkey -in $key.pkcs8.pem -pubout -outform DER -out $key.spki.der
done

# Signatures over one message.
printf 'a message that OpenSSL signed' > message.txt
for digest in md5 sha1 sha256 sha384 sha512; do
    openssl dgst -$digest -sign rsa2048.pkcs8.pem -out rsa2048-$digest.sig message.txt
done
for digest in sha1 sha256 sha512; do
    openssl dgst -$digest -sign rsa1024.pkcs8.pem -out rsa1024-$digest.sig message.txt
done
for digest in sha1 sha256 sha384 sha512; do
    openssl dgst -$digest -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest \
        -sign rsa2048.pkcs8.pem -out rsa2048-pss-$digest.sig message.txt
    openssl dgst -$digest -sign p256.pkcs8.pem -out p256-$digest.sig message.txt
    openssl dgst -$digest -sign p384.pkcs8.pem -out p384-$digest.sig message.txt
done
openssl dgst -sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20 \
    -sign rsa2048.pkcs8.pem -out rsa2048-pss-sha256-salt20.sig message.txt

# A content key of 16 octets, wrapped to rsa2048.
printf '0123456789abcdef' > content.key
wrap() {
    out=$1
    shift
    openssl pkeyutl -encrypt -pubin -keyform DER -inkey rsa2048.spki.der -in content.key -out "$out" "$@"
}
wrap rsa2048-pkcs1.wrapped -pkeyopt rsa_padding_mode:pkcs1
for digest in sha1 sha256 sha384 sha512; do
    wrap rsa2048-oaep-$digest.wrapped -pkeyopt rsa_padding_mode:oaep \
        -pkeyopt rsa_oaep_md:$digest -pkeyopt rsa_mgf1_md:$digest
done
wrap rsa2048-oaep-sha256-mgf1-sha1.wrapped -pkeyopt rsa_padding_mode:oaep \
    -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha1

# Blocks that no honest sender makes (RFC 8017 §7.2.2), encrypted to rsa2048 without padding.
mkdir -p bad
block() {
    python3 -c "
import sys
start, end = bytes.fromhex(sys.argv[1]), bytes.fromhex(sys.argv[2])
filler = bytes([0xa5]) * (256 - len(start) - len(end))
sys.stdout.buffer.write(start + filler + end)" "$2" "$3" > bad/block
    openssl pkeyutl -encrypt -pubin -keyform DER -inkey rsa2048.spki.der \
        -pkeyopt rsa_padding_mode:none -in bad/block -out "bad/$1.wrapped"
    rm bad/block
}
key=30313233343536373839616263646566
block first-octet-not-zero 0102 00$key
block block-type-1 0001 00$key
block block-type-0 0000 00$key
block no-separator 0002 a5
block padding-of-7-octets 0002a5a5a5a5a5a5a500 a5
block separator-right-after-type 000200 a5
block key-too-short 0002 00303132333435363738396162636465
block key-too-long 0002 00${key}67
block key-empty 0002 00
block random 5ac3 a5
