#!/usr/bin/env bash
# Makes the stores in this folder with the JDK's keytool and OpenSSL. They are test data: the keys guard nothing, every password is "changeit".
set -euo pipefail
cd "$(dirname "$0")"
rm -f ./*.p12 ./*.jks ./*.pem ./*.pfx
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT
pass=(-storepass changeit -keypass changeit)
keytool -genkeypair -alias ca -dname 'CN=kconsole test CA' -keyalg EC -groupname secp256r1 -validity 36500 -ext bc:c -keystore "$work/ca.p12" "${pass[@]}" 2>/dev/null
keytool -exportcert -alias ca -rfc -keystore "$work/ca.p12" -storepass changeit > ca.pem
keytool -genkeypair -alias client -dname 'CN=client' -keyalg EC -groupname secp256r1 -validity 36500 -keystore keytool.p12 "${pass[@]}" 2>/dev/null
keytool -certreq -alias client -keystore keytool.p12 -storepass changeit \
  | keytool -gencert -alias ca -keystore "$work/ca.p12" -storepass changeit -validity 36500 -rfc > "$work/client.pem"
keytool -importcert -noprompt -alias ca -file ca.pem -keystore keytool.p12 -storepass changeit 2>/dev/null
keytool -importcert -noprompt -alias client -file "$work/client.pem" -keystore keytool.p12 -storepass changeit 2>/dev/null
keytool -importcert -noprompt -alias ca -file ca.pem -keystore keytool-trust.p12 -storetype PKCS12 -storepass changeit 2>/dev/null
keytool -J-Dkeystore.pkcs12.legacy -importcert -noprompt -alias ca -file ca.pem -keystore keytool-java8-trust.p12 -storetype PKCS12 -storepass changeit 2>/dev/null
keytool -importcert -noprompt -alias ca -file ca.pem -keystore trust.jks -storetype JKS -storepass changeit 2>/dev/null
openssl pkcs12 -in keytool.p12 -passin pass:changeit -nodes -nocerts 2>/dev/null > "$work/key.pem"
cat "$work/client.pem" ca.pem > "$work/chain.pem"
out() { openssl pkcs12 -export -in "$work/chain.pem" -inkey "$work/key.pem" -passout "pass:$1" -out "$2" "${@:3}"; }
out changeit openssl-aes.p12
out changeit openssl-3des.p12 -legacy -certpbe PBE-SHA1-3DES -keypbe PBE-SHA1-3DES -macalg sha1
out changeit openssl-rc2.p12 -legacy
out changeit openssl-plain-certs.p12 -certpbe NONE
out '비밀번호' openssl-korean-password.p12 -macalg sha512
openssl pkcs12 -export -nokeys -in ca.pem -passout pass:changeit -out openssl-trust.p12
