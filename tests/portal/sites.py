"""Web sites on loopback, as well-behaved or as nasty as a test wants them."""

import datetime
import ipaddress
import socket
import ssl
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.asked.append((self.command, self.path, self.headers))
        try:
            self.server.pages[self.path](self)
        except OSError:  # who asked has gone
            self.close_connection = True

    do_HEAD = do_GET  # noqa: N815

    def log_message(self, *args):
        pass


class Site(ThreadingHTTPServer):
    """`pages` maps a path to what answers there, a function of the handler; `lines` counts connections."""

    def __init__(self, pages=None, tls=None):
        super().__init__(("127.0.0.1", 0), Handler)
        self.pages = pages or {}
        self.tls = tls
        self.asked = []
        self.lines = 0

    def process_request(self, request, client_address):
        self.lines += 1
        super().process_request(request, client_address)

    def finish_request(self, request, client_address):
        if self.tls is None:
            return super().finish_request(request, client_address)
        with self.tls.wrap_socket(request, server_side=True) as secure:
            return super().finish_request(secure, client_address)

    def handle_error(self, request, client_address):
        """A test looks at the side that asks."""

    def __enter__(self):
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()

    @property
    def port(self):
        return self.server_address[1]

    def url(self, path="/", host="127.0.0.1"):
        return f"{'https' if self.tls else 'http'}://{host}:{self.port}{path}"


def page(body=b"", status=200, **headers):
    """Answers with a status, a body and headers, whose names are written with underscores."""

    def answer(handler):
        handler.send_response(status)
        if status != 304:
            handler.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.end_headers()
        if handler.command != "HEAD":
            handler.wfile.write(body)

    return answer


def leads_to(url, status=302, **headers):
    return page(status=status, Location=url, **headers)


def raw(*parts, pause=0.0):
    """Sends bytes as they are, with a pause in seconds before each part but the first, and hangs up."""

    def answer(handler):
        handler.close_connection = True
        for number, part in enumerate(parts):
            time.sleep(pause if number else 0)
            handler.wfile.write(part)

    return answer


class Mute:
    """Takes connections; sends what it is told, byte by byte with a pause in seconds, and never hangs up."""

    def __init__(self, says=b"", pause=0.05):
        self.says, self.pause = says, pause
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.is_over = threading.Event()

    def _serve(self):
        while not self.is_over.is_set():
            line, _ = self.socket.accept()
            threading.Thread(target=self._say, args=(line,), daemon=True).start()

    def _say(self, line):
        with line:
            for one in self.says:
                if self.is_over.wait(self.pause):
                    return
                try:
                    line.sendall(bytes([one]))
                except OSError:  # who asked has gone
                    return
            self.is_over.wait()

    def __enter__(self):
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.is_over.set()
        socket.create_connection(("127.0.0.1", self.port)).close()
        self.socket.close()


def certificate(folder, name):
    """A self-made certificate for a name, good for a day: the file with it, and a server's TLS context."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([_written(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / f"{name}.crt", folder / f"{name}.key"
    public.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(public, private)
    return public, tls


def _written(name):
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)
