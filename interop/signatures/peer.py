"""Signs and verifies HTTP requests by RFC 9421, with a library of somebody else's.

A request comes in as JSON in a file; what is to be added to its headers, or what its signature says,
goes out as JSON. With --fleet the three components that Fleet derives in its own way are derived in that way; without
it, as the RFC and the library have them.
"""

import argparse
import base64
import datetime
import json
import sys
import urllib.parse

from cryptography.hazmat.primitives.serialization import (
    load_pem_private_key,
    load_pem_public_key,
)
from http_message_signatures import (
    HTTPMessageSigner,
    HTTPMessageVerifier,
    HTTPSignatureComponentResolver,
    HTTPSignatureKeyResolver,
    InvalidSignature,
    algorithms,
)

COMPONENTS = ("@method", "@authority", "@path", "@query", "content-digest")
ALGORITHMS = {
    "p256": algorithms.ECDSA_P256_SHA256,
    "p384": algorithms.ECDSA_P384_SHA384,
}


class Request:
    def __init__(self, given):
        self.method = given["method"]
        self.url = given["url"]
        self.headers = dict(given["headers"])
        self.body = base64.b64decode(given["body"])


class Fleet(HTTPSignatureComponentResolver):
    def get_authority(self):
        return self.headers["host"]

    def get_path(self):
        return urllib.parse.unquote(super().get_path())


class Keys(HTTPSignatureKeyResolver):
    def __init__(self, key, key_id):
        self.key, self.key_id = key, key_id

    def resolve_private_key(self, key_id):
        return self.key

    def resolve_public_key(self, key_id):
        return self.key if key_id == self.key_id else None


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("action", choices=["sign", "verify"])
    parser.add_argument("--request", required=True)
    parser.add_argument("--key", required=True)
    parser.add_argument("--kind", choices=ALGORITHMS, required=True)
    parser.add_argument("--keyid", required=True)
    parser.add_argument("--nonce", default="n")
    parser.add_argument("--alg", action="store_true")
    parser.add_argument("--fleet", action="store_true")
    options = parser.parse_args()
    with open(options.request, encoding="utf-8") as file:
        request = Request(json.load(file))
    with open(options.key, "rb") as file:
        pem = file.read()
    common = {
        "signature_algorithm": ALGORITHMS[options.kind],
        "component_resolver_class": Fleet if options.fleet else HTTPSignatureComponentResolver,
    }
    if options.action == "sign":
        keys = Keys(load_pem_private_key(pem, None), options.keyid)
        HTTPMessageSigner(key_resolver=keys, **common).sign(
            request,
            key_id=options.keyid,
            created=datetime.datetime.now(datetime.timezone.utc),
            nonce=options.nonce,
            label="sig1",
            include_alg=options.alg,
            covered_component_ids=COMPONENTS,
            body=request.body,
        )
        json.dump(request.headers, sys.stdout)
        return 0
    keys = Keys(load_pem_public_key(pem), options.keyid)
    try:
        [found] = HTTPMessageVerifier(key_resolver=keys, **common).verify(
            request,
            max_age=datetime.timedelta(minutes=5),
            require_components=COMPONENTS,
            body=request.body,
        )
    except InvalidSignature as error:
        print(f"invalid: {error}", file=sys.stderr)
        return 3
    json.dump(dict(found.parameters), sys.stdout)
    return 0


sys.exit(main())
