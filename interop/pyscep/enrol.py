"""Enrol one device with PyScep: enrol.py URL CHALLENGE FOLDER

Writes key.pem and cert.pem into FOLDER. Exit code 0: issued; 3: refused, with the failInfo on
stdout; 4: still pending after a minute of polling.
"""

import sys
import time
from pathlib import Path

from scep.Client import Client, PKIStatus, SigningRequest

USAGE = {"digital_signature", "key_encipherment"}


def main(url, challenge, folder):
    folder = Path(folder)
    request, key = SigningRequest.generate_csr("pyscep-1", USAGE, password=challenge)
    identity, _ = SigningRequest.generate_self_signed("pyscep-1", USAGE, private_key=key)
    (folder / "key.pem").write_bytes(key.to_pem())

    client = Client(url)
    answer = client.enrol(request, identity, key)
    for _ in range(60):
        if answer.status is not PKIStatus.PENDING:
            break
        print("pending", answer.transaction_id, flush=True)
        time.sleep(1)
        answer = client.poll(identity, key, identity.subject, answer.transaction_id)

    if answer.status is PKIStatus.FAILURE:
        print("refused", answer.fail_info)
        return 3
    if answer.status is PKIStatus.PENDING:
        return 4
    # The leaf is the certificate for our key, wherever it stands in the list.
    ours = key.public_key.to_der()
    leaf = next(cert for cert in answer.certificates if cert.public_key.to_der() == ours)
    (folder / "cert.pem").write_bytes(leaf.to_pem())
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
