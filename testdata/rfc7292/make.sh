#!/bin/sh
# Makes every file of this directory anew, in the directory it is run in. All keys are for tests only.
# Needs openssl, keytool, pk12util and certutil of NSS, certtool of GnuTLS, and python3.
set -eu
LC_ALL=C.UTF-8
export LC_ALL

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
days=36500

# A root, an intermediate, and a device with an EC and an RSA key.
issue() {
    name=$1 subject=$2 issuer=$3 extensions=$4
    openssl req -new -key "$work/$name.key" -subj "$subject" -out "$work/$name.csr"
    printf '%b' "$extensions" > "$work/$name.ext"
    openssl x509 -req -in "$work/$name.csr" -CA "$work/$issuer.pem" -CAkey "$work/$issuer.key" \
        -days $days -extfile "$work/$name.ext" -out "$work/$name.pem" 2>/dev/null
}
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days $days \
    -subj /CN=root -keyout "$work/root.key" -out "$work/root.pem" 2>/dev/null
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/issuer.key"
issue issuer /CN=issuer root 'basicConstraints=critical,CA:TRUE\n'
openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out "$work/device.key"
issue device /CN=device issuer 'extendedKeyUsage=clientAuth\n'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out "$work/rsa.key" 2>/dev/null
issue rsa /CN=device-rsa issuer 'extendedKeyUsage=clientAuth\n'
cat "$work/issuer.pem" "$work/root.pem" > "$work/cas.pem"
cat "$work/device.pem" "$work/cas.pem" > "$work/chain.pem"
for name in root issuer device rsa; do
    openssl x509 -in "$work/$name.pem" -outform DER -out $name.cert
done
for name in device rsa; do
    openssl pkcs8 -topk8 -nocrypt -in "$work/$name.key" -outform DER -out $name.pkcs8
done

# OpenSSL.
openssl_p12() {
    out=$1
    shift
    openssl pkcs12 -export -inkey "$work/device.key" -in "$work/device.pem" \
        -certfile "$work/cas.pem" -name laptop-7 -out "$out" "$@"
}
openssl_p12 openssl-modern.p12 -passout pass:secret
openssl pkcs12 -export -inkey "$work/rsa.key" -in "$work/rsa.pem" -certfile "$work/cas.pem" \
    -name laptop-7 -out openssl-rsa.p12 -passout pass:secret
openssl_p12 openssl-3des.p12 -passout pass:secret -macalg sha1 \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
openssl_p12 openssl-2des.p12 -passout pass:secret -legacy -macalg sha1 \
    -keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-2DES
openssl_p12 openssl-legacy.p12 -passout pass:secret -legacy
openssl_p12 openssl-aes128-aes192.p12 -passout pass:secret -macalg sha512 \
    -keypbe AES-128-CBC -certpbe AES-192-CBC
openssl_p12 openssl-pbes2-3des.p12 -passout pass:secret -macalg sha384 \
    -keypbe DES-EDE3-CBC -certpbe DES-EDE3-CBC
openssl_p12 openssl-plain-certificates.p12 -passout pass:secret -certpbe NONE
openssl_p12 openssl-plain.p12 -passout pass:secret -certpbe NONE -keypbe NONE
openssl_p12 openssl-no-mac.p12 -passout pass:secret -nomac
openssl_p12 openssl-no-mac-3des.p12 -passout pass:secret -nomac \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
openssl_p12 openssl-no-protection.p12 -passout pass: -nomac -certpbe NONE -keypbe NONE
openssl_p12 openssl-empty.p12 -passout pass:
openssl_p12 openssl-empty-3des.p12 -passout pass: -macalg sha1 \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
openssl_p12 openssl-unicode.p12 -passout 'pass:Schlüssel € 😀'
openssl_p12 openssl-unicode-3des.p12 -passout 'pass:Schlüssel € 😀' -macalg sha1 \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES
openssl pkcs12 -export -nokeys -in "$work/cas.pem" -passout pass:secret -out openssl-certificates.p12
# One iteration, and none at all written down.
openssl_p12 openssl-one-iteration.p12 -passout pass:secret -macalg sha1 -noiter -nomaciter \
    -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES

# Java. "secret" is as short as its passwords may be.
java_p12() {
    out=$1
    shift
    rm -f "$out"
    keytool -importkeystore -noprompt -srckeystore openssl-modern.p12 -srcstorepass secret \
        -srcstoretype PKCS12 -destkeystore "$out" -deststorepass secret -deststoretype PKCS12 \
        "$@" 2>/dev/null
}
java_pbe() {
    out=$1 pbe=$2 mac=$3
    java_p12 "$out" -J-Dkeystore.pkcs12.keyProtectionAlgorithm="$pbe" \
        -J-Dkeystore.pkcs12.certProtectionAlgorithm="$pbe" -J-Dkeystore.pkcs12.macAlgorithm="$mac"
}
java_p12 keytool.p12
java_p12 keytool-legacy.p12 -J-Dkeystore.pkcs12.legacy
java_pbe keytool-3des.p12 PBEWithSHA1AndDESede HmacPBESHA1
java_pbe keytool-sha1.p12 PBEWithHmacSHA1AndAES_128 HmacPBESHA1
java_pbe keytool-sha224.p12 PBEWithHmacSHA224AndAES_128 HmacPBESHA256
java_pbe keytool-mac-sha224.p12 PBEWithHmacSHA256AndAES_128 HmacPBESHA224
java_pbe keytool-sha384.p12 PBEWithHmacSHA384AndAES_256 HmacPBESHA384
java_pbe keytool-sha512.p12 PBEWithHmacSHA512AndAES_256 HmacPBESHA512
rm -f keytool-certificates.p12 keytool-two-keys.p12
for name in root issuer; do
    keytool -importcert -noprompt -alias $name -file "$work/$name.pem" -storetype PKCS12 \
        -keystore keytool-certificates.p12 -storepass secret 2>/dev/null
done
cp keytool.p12 keytool-two-keys.p12
keytool -genkeypair -alias second -keyalg EC -groupname secp256r1 -dname CN=second \
    -validity $days -keystore keytool-two-keys.p12 -storepass secret 2>/dev/null

# NSS. It writes BER.
nss() {
    certutil -N -d "sql:$work/nss" --empty-password
    pk12util -i openssl-modern.p12 -d "sql:$work/nss" -W secret >/dev/null
}
mkdir "$work/nss"
nss
nss_p12() {
    out=$1
    shift
    pk12util -o "$out" -n laptop-7 -d "sql:$work/nss" -W secret "$@" >/dev/null
}
nss_p12 pk12util.p12
nss_p12 pk12util-aes128.p12 -c aes-128-cbc -C aes-256-cbc
nss_p12 pk12util-3des.p12 -c 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC' \
    -C 'PKCS #12 V2 PBE With SHA-1 And 3KEY Triple DES-CBC'
nss_p12 pk12util-plain-certificates.p12 -C none

# GnuTLS.
gnutls_p12() {
    out=$1
    shift
    certtool --to-p12 --outder --load-privkey "$work/device.key" \
        --load-certificate "$work/chain.pem" \
        --p12-name laptop-7 --outfile "$out" "$@" 2>/dev/null
}
gnutls_p12 certtool.p12 --password secret
gnutls_p12 certtool-3des.p12 --password secret --pkcs-cipher 3des-pkcs12
gnutls_p12 certtool-aes128.p12 --password secret --pkcs-cipher aes-128
gnutls_p12 certtool-sha512.p12 --password secret --hash sha512
gnutls_p12 certtool-empty.p12 --password '' --empty-password
gnutls_p12 certtool-null.p12 --null-password

# PBMAC1 (RFC 9579), which none of the programs above writes yet: over openssl-no-mac.p12.
python3 pbmac1.py openssl-no-mac.p12 pbmac1-sha256.p12 secret sha256 sha256
python3 pbmac1.py openssl-no-mac.p12 pbmac1-sha512.p12 secret sha512 sha512
python3 pbmac1.py openssl-no-mac.p12 pbmac1-sha1-sha384.p12 secret sha1 sha384
chmod 644 ./*.p12 ./*.pkcs8 ./*.cert
