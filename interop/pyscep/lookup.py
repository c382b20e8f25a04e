"""Ask with PyScep for what exists: lookup.py URL FOLDER cert|crl SERIAL, or lookup.py URL FOLDER next

Signs with key.pem and cert.pem of FOLDER and prints PEM. Exit code 3: refused, with the failInfo on
stdout.
"""

import sys
from pathlib import Path

from scep.Client import Client
from scep.Client.certificate import Certificate
from scep.Client.enums import PKIStatus
from scep.Client.privatekey import PrivateKey


class Parsed(Certificate):
    """PyScep 0.0.14 parses the certificates that it has parsed already once more."""

    @classmethod
    def from_der(cls, der):
        return der if isinstance(der, Certificate) else super().from_der(der)


def main(url, folder, what, serial="0"):
    client = Client(url)
    if what == "next":
        sys.modules["scep.Client.client"].Certificate = Parsed
        for certificate in client.rollover_certificate():
            sys.stdout.write(certificate.to_pem().decode())
        return 0

    folder = Path(folder)
    identity = Certificate.from_pem((folder / "cert.pem").read_bytes())
    key = PrivateKey.from_pem((folder / "key.pem").read_bytes())
    ask = client.get_cert if what == "cert" else client.get_crl
    answer = ask(identity, key, int(serial, 16))
    if answer.status is PKIStatus.FAILURE:
        print("refused", answer.fail_info)
        return 3
    found = answer.certificates[0] if what == "cert" else answer.crl
    sys.stdout.write(found.to_pem().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
