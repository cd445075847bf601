"""A provider of identities on loopback: the code flow of OpenID Connect Core 1.0 with PKCE, and Discovery 1.0.

https://openid.net/specs/openid-connect-core-1_0.html and https://openid.net/specs/openid-connect-discovery-1_0.html.
It is strict with the portal: what the specifications forbid gets an error. What it says itself can be spoilt by a test.
"""

import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, quote, unquote_plus, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "learning portal", "s3cret/with:signs+100%25"
KEY, OTHER_KEY = (rsa.generate_private_key(public_exponent=65537, key_size=2048) for _ in range(2))
PERSON = {"sub": "248289761001", "name": "Ada Obi", "email": "Ada@Example.org", "email_verified": True}


class Provider(ThreadingHTTPServer):
    """`person` are the claims of whoever signs in there; the other attributes spoil one answer each."""

    daemon_threads = True

    def __init__(self, callback, *, auth_method="client_secret_basic"):
        super().__init__(("127.0.0.1", 0), Handler)
        self.issuer = f"http://127.0.0.1:{self.server_port}/realms/iucn"
        self.callback, self.auth_method = callback, auth_method
        self.person = dict(PERSON)
        self.refusal = ""  # an error code of RFC 6749, 4.1.2.1, or of Core 3.1.2.6
        self.id_token, self.header, self.key = {}, {}, KEY  # changes to the ID Token; None leaves a claim out
        self.userinfo = {}  # changes to what userinfo says
        self.answers = {}  # path: (status, content type, body) in place of the right answer
        self.codes, self.tokens, self.asked = {}, {}, []
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.shutdown()
        self.server_close()

    def url(self, **options):
        """What an operator would give as OPENID_CONNECT_URL."""
        login = f"{quote(CLIENT, safe='')}:{quote(SECRET, safe='')}"
        return f"{self.issuer.replace('://', f'://{login}@')}?{urlencode(options)}"

    # --- Discovery 3 ------------------------------------------------------------------------------------------------
    def configuration(self):
        return {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "userinfo_endpoint": f"{self.issuer}/userinfo",
            "jwks_uri": f"{self.issuer}/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "token_endpoint_auth_methods_supported": [self.auth_method],
            "code_challenge_methods_supported": ["S256"],
        }

    def keys(self):
        """RFC 7517, 5."""
        key = jwt.algorithms.RSAAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return {"keys": [key | {"kid": "one", "use": "sig", "alg": "RS256"}]}

    # --- Core 3.1.2, RFC 6749 4.1.1 and 4.1.2, RFC 7636 4.3 -----------------------------------------------------------
    def authorize(self, asked):
        """Where the browser is sent, or None: a request from nobody known is not redirected (RFC 6749, 3.1.2.4)."""
        if (asked.get("client_id"), asked.get("redirect_uri")) != (CLIENT, self.callback):
            return None
        wrong = asked.get("response_type") != "code" or asked.get("code_challenge_method") != "S256"
        error = "invalid_request" if wrong or "code_challenge" not in asked else self.refusal
        if "openid" not in asked.get("scope", "").split():
            error = "invalid_scope"
        answer = {"error": error} if error else {"code": self.new_code(asked)}
        return f"{self.callback}?{urlencode(answer | {'state': asked['state']})}"

    def new_code(self, asked):
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return code

    # --- Core 3.1.3, RFC 6749 4.1.3, 5.1 and 5.2, RFC 7636 4.6 --------------------------------------------------------
    def token(self, form, authorization):
        if self.client(form, authorization) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        if form.get("grant_type") != "authorization_code":
            return 400, {"error": "unsupported_grant_type"}
        asked = self.codes.pop(form.get("code"), None)
        digest = urlsafe_b64encode(sha256(form.get("code_verifier", "").encode()).digest()).rstrip(b"=").decode()
        if asked is None or form.get("redirect_uri") != asked["redirect_uri"] or digest != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(16)
        self.tokens[access] = self.person
        answer = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        return 200, answer | {"id_token": self.new_id_token(asked)}

    def client(self, form, authorization):
        """Who asks, by the one method that was announced (Core 9; RFC 6749, 2.3.1)."""
        if self.auth_method == "client_secret_post":
            return form.get("client_id"), form.get("client_secret")
        name, _colon, password = b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        return unquote_plus(name), unquote_plus(password)

    def new_id_token(self, asked):
        """Core 2."""
        now = int(time.time())
        claims = {"iss": self.issuer, "sub": self.person["sub"], "aud": CLIENT, "iat": now, "exp": now + 300}
        claims |= {"nonce": asked["nonce"]} if "nonce" in asked else {}
        claims = {name: value for name, value in (claims | self.id_token).items() if value is not None}
        header = {"kid": "one", "alg": "RS256"} | self.header
        named = {"kid": header["kid"]} if header["kid"] else {}
        return jwt.encode(claims, self.key, algorithm=header["alg"], headers=named)

    # --- Core 5.3, RFC 6750 3.1 ---------------------------------------------------------------------------------------
    def about(self, authorization):
        person = self.tokens.get(authorization.removeprefix("Bearer "))
        return (200, person | self.userinfo) if person else (401, {"error": "invalid_token"})


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        parts = urlsplit(self.path)
        path = parts.path.removeprefix("/realms/iucn")
        if path == "/authorize" and path not in self.server.answers:
            asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
            self.server.asked.append(asked)
            return self.redirect(self.server.authorize(asked))
        return self.answer(path, *self.found(path))

    def found(self, path):
        if path == "/.well-known/openid-configuration":
            return 200, self.server.configuration()
        if path == "/jwks":
            return 200, self.server.keys()
        if path == "/userinfo":
            return self.server.about(self.headers.get("Authorization", ""))
        return 404, {}

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        path = urlsplit(self.path).path.removeprefix("/realms/iucn")
        right = self.server.token(form, self.headers.get("Authorization", "")) if path == "/token" else (404, {})
        self.answer(path, *right)

    def redirect(self, where):
        self.send_response(302 if where else 400)
        if where:
            self.send_header("Location", where)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, path, status, words):
        spoilt = self.server.answers.get(path)
        status, kind, content = spoilt or (status, "application/json", json.dumps(words))
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content.encode())))
        self.end_headers()
        self.wfile.write(content.encode())

    def log_message(self, *_):
        pass
