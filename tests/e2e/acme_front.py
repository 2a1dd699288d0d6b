"""Stands before pebble on a host of the lab: https, one file of its own, Debian's Python alone.

    python3 acme_front.py FOLDER ADDRESS

FOLDER has authority.pem, certificate.pem and key.pem, and the files refusal and asked.log: a
refusal of `status seconds type detail` is the answer to whoever orders a certificate;
asked.log has a line for each order, refused or not. Pebble knows no rate limits by itself.
"""

import http.client
import json
import ssl
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PEBBLE = ("127.0.0.1", 14001)
NEW_ORDER = "/order-plz"
OWN_HEADERS = ("connection", "content-length", "date", "server", "transfer-encoding")


class Front(BaseHTTPRequestHandler):
    folder: Path

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        refusal = ""
        if self.path == NEW_ORDER:
            refusal = (self.folder / "refusal").read_text().strip()
            with (self.folder / "asked.log").open("a") as log:
                log.write(f"{self.client_address[0]}\n")
        if refusal:
            self._refuse(*refusal.split(" ", 3))
        else:
            self._hand_on(body)

    do_HEAD = do_POST = do_GET  # noqa: N815 # named by http.server

    def _refuse(self, status: str, seconds: str, kind: str, detail: str) -> None:
        problem = {
            "type": f"urn:ietf:params:acme:error:{kind}",
            "detail": detail,
            "status": int(status),
        }
        headers = [("Content-Type", "application/problem+json"), ("Retry-After", seconds)]
        self._answer(int(status), headers, json.dumps(problem).encode())

    def _hand_on(self, body: bytes) -> None:
        context = ssl.create_default_context(cafile=self.folder / "authority.pem")
        pebble = http.client.HTTPSConnection(*PEBBLE, timeout=60, context=context)
        headers = {k: v for k, v in self.headers.items() if k.lower() != "connection"}
        # With the Host that was asked, which pebble makes its addresses from.
        pebble.request(self.command, self.path, body or None, headers)
        answer = pebble.getresponse()
        self._answer(answer.status, answer.getheaders(), answer.read())
        pebble.close()

    def _answer(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            if name.lower() not in OWN_HEADERS:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body if self.command != "HEAD" else b"")


def main() -> None:
    folder, address = Path(sys.argv[1]), sys.argv[2]
    Front.folder = folder
    server = ThreadingHTTPServer((address, 14000), Front)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    # One visitor's handshake keeps no other one waiting.
    server.socket = context.wrap_socket(
        server.socket, server_side=True, do_handshake_on_connect=False
    )
    server.serve_forever()


if __name__ == "__main__":
    main()
