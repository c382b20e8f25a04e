"""An HTTP server that asks for NTLM, and leaves the asking to a library of somebody else's.

Behind it is a page like the admin page of NDES. Prints the port, then a line for each verdict.
"""

import argparse
import base64
import http.server
import os

PAGE = """<HTML><Head><Meta HTTP-Equiv="Content-Type" Content="text/html; charset=UTF-8"></Head>
<Body><P> You are {who}.
<P> The enrollment challenge password is: <B> {challenge} </B>
</Body></HTML>"""


class Pyspnego:
    """pyspnego's own NTLM, in Python."""

    def __init__(self, binding):
        import spnego
        from spnego.channel_bindings import GssChannelBindings

        bindings = GssChannelBindings(application_data=binding) if binding else None
        self.context = spnego.server(
            protocol="ntlm",
            options=spnego.NegotiateOptions.use_ntlm,
            channel_bindings=bindings,
        )

    def step(self, token):
        return self.context.step(token)

    def complete(self):
        return self.context.complete

    def who(self):
        return self.context.client_principal or ""


class Gssntlmssp:
    """gss-ntlmssp, in C, below MIT's GSSAPI."""

    NTLMSSP = "1.3.6.1.4.1.311.2.2.10"

    def __init__(self, binding):
        import gssapi
        from gssapi.raw import ChannelBindings

        mechanism = gssapi.OID.from_int_seq(self.NTLMSSP)
        credentials = gssapi.Credentials(usage="accept", mechs=[mechanism])
        bindings = ChannelBindings(application_data=binding) if binding else None
        self.context = gssapi.SecurityContext(
            creds=credentials, usage="accept", channel_bindings=bindings
        )

    def step(self, token):
        return self.context.step(token)

    def complete(self):
        return self.context.complete

    def who(self):
        # The name comes with the zero that ends it in C.
        return str(self.context.initiator_name).rstrip("\0")


class Handler(http.server.BaseHTTPRequestHandler):
    # One handler a connection: what NTLM authenticates is a connection.
    protocol_version = "HTTP/1.1"
    context = None

    def do_GET(self):
        scheme, _, token = self.headers.get("Authorization", "").partition(" ")
        if scheme != options.scheme:
            return self.refuse([options.scheme])
        try:
            if self.context is None:
                self.context = options.library(options.binding)
            answer = self.context.step(base64.b64decode(token, validate=True))
            if not self.context.complete():
                text = base64.b64encode(answer).decode()
                return self.refuse([f"{options.scheme} {text}"])
            who = self.context.who()
        except Exception as error:  # whatever the library raises, the answer is no
            print(f"refused: {type(error).__name__}: {error}".replace("\n", " "), flush=True)
            self.context = None
            return self.refuse([options.scheme])
        print(f"accepted: {who}", flush=True)
        self.context = None
        self.page(who)

    def refuse(self, schemes):
        self.send_response(401)
        for scheme in schemes:
            self.send_header("WWW-Authenticate", scheme)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def page(self, who):
        page = PAGE.format(who=who, challenge=options.challenge).encode("utf-16-le")
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        pass


parser = argparse.ArgumentParser()
parser.add_argument("--library", choices=["pyspnego", "gssntlmssp"], required=True)
parser.add_argument("--users", required=True, help="DOMAIN:USER:PASSWORD, line by line")
parser.add_argument("--scheme", default="NTLM")
parser.add_argument("--challenge", required=True)
parser.add_argument("--binding", type=bytes.fromhex, help="channel binding, in hexadecimal")
options = parser.parse_args()
options.library = {"pyspnego": Pyspnego, "gssntlmssp": Gssntlmssp}[options.library]
os.environ["NTLM_USER_FILE"] = options.users

server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(f"port {server.server_address[1]}", flush=True)
server.serve_forever()
