"""Signing in by an OpenID Connect provider: a real one as a process, and answers forged in every way."""

import base64
import hashlib
import hmac
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest
import requests
from django.test import Client
from joserfc import jwt
from joserfc.jwk import RSAKey

from tests.factories.office import Office, office
from zijing.people.models import Account, SignIn

pytestmark = pytest.mark.django_db
CLIENT = {"client_id": "zijing", "client_secret": "a secret of this installation"}


@pytest.fixture
def made() -> Office:
    return office()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def use(settings: Any, issuer: str) -> None:
    settings.OIDC = {**CLIENT, "issuer": issuer, "claim": "preferred_username", "title": "统一认证"}


def begin(client: Client, expect: int = 302) -> dict[str, str]:
    answer = client.get("/sign-in/service/?next=/map/")
    assert answer.status_code == expect
    return {k: v[0] for k, v in parse_qs(urlparse(answer["Location"]).query).items()} | {"url": answer["Location"]}


@pytest.fixture(scope="module")
def provider() -> Iterator[str]:
    """oidc-provider-mock, as a process of its own on loopback."""
    port = free_port()
    claims = {"sub": "known", "preferred_username": "known", "nickname": "known"}
    command = [
        sys.executable,
        "-W",
        "ignore",
        "-m",
        "oidc_provider_mock",
        "--port",
        str(port),
        "--user-claims",
        json.dumps(claims),
    ]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        address = f"http://localhost:{port}"
        for _n in range(150):
            try:
                requests.get(f"{address}/.well-known/openid-configuration", timeout=1)
                break
            except requests.RequestException:
                time.sleep(0.1)
        yield address
        process.terminate()


def test_a_real_provider_lets_an_existing_account_in(made: Office, provider: str, settings: Any) -> None:
    use(settings, provider)
    account = made.account("section")
    Account.objects.filter(pk=account.pk).update(username="known")
    client = Client()
    asked = begin(client)
    assert (asked["response_type"], asked["code_challenge_method"]) == ("code", "S256")
    back = requests.post(asked["url"], data={"sub": "known"}, allow_redirects=False, timeout=5).headers["Location"]
    answer = client.get(f"/sign-in/service/back/?{urlparse(back).query}")
    assert (answer.status_code, answer["Location"]) == (302, "/map/")
    assert SignIn.objects.filter(account=account, way="oidc", outcome="in").exists()
    again = client.get(f"/sign-in/service/back/?{urlparse(back).query}")
    assert again.status_code == 403, "code and state are good once"


def test_a_real_provider_makes_no_account(made: Office, provider: str, settings: Any) -> None:
    use(settings, provider)
    client, before = Client(), Account.objects.count()
    back = requests.post(begin(client)["url"], data={"sub": "stranger"}, allow_redirects=False, timeout=5).headers[
        "Location"
    ]
    assert client.get(f"/sign-in/service/back/?{urlparse(back).query}").status_code in {403, 422}
    assert Account.objects.count() == before
    assert "_auth_user_id" not in client.session


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Forger:
    """A provider that signs what it is told to; ``forge`` changes claims, key or algorithm of the next ID token."""

    def __init__(self) -> None:
        self.key, self.other = (RSAKey.generate_key(2048, {"kid": "k1"}) for _n in range(2))
        self.port, self.nonce, self.forge = free_port(), "", dict[str, Any]()
        self.issuer, self.offers, self.verifier = f"http://127.0.0.1:{self.port}", ["RS256", "none", "HS256"], ""

    def answer(self, path: str, body: dict[str, list[str]]) -> dict[str, Any]:
        if path.endswith("openid-configuration"):
            return {
                "issuer": self.forge.get("issuer", self.issuer), "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/jwks",
                "id_token_signing_alg_values_supported": self.offers,
            }  # fmt: skip
        if path == "/jwks":
            return {"keys": [self.key.as_dict(private=False)]}
        self.verifier = body.get("code_verifier", [""])[0]
        return {"access_token": "x", "token_type": "Bearer"} | (
            {} if self.forge.get("bare") else {"id_token": self.token()}
        )

    def token(self) -> str:
        now = int(time.time())
        claims = {
            "iss": self.issuer, "aud": "zijing", "sub": "1", "iat": now, "exp": now + 60, "nonce": self.nonce,
            "preferred_username": "known",
        } | self.forge.get("claims", {})  # fmt: skip
        claims = {k: v for k, v in claims.items() if v is not None}
        if alg := self.forge.get("alg"):
            signed = ".".join(_text(json.dumps(p).encode()) for p in ({"alg": alg, "kid": "k1"}, claims))
            public = self.key.as_pem(private=False)
            return signed + "." + ("" if alg == "none" else _text(hmac.digest(public, signed.encode(), "sha256")))
        return jwt.encode({"alg": "RS256", "kid": "k1"}, claims, self.other if self.forge.get("key") else self.key)


@pytest.fixture(scope="module")
def forger() -> Iterator[Forger]:
    made = Forger()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            said = json.dumps(made.answer(self.path, parse_qs(self.rfile.read(length).decode()))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(said)

        do_POST = do_GET  # noqa: N815  # the name the server asks for

        def log_message(self, *_args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", made.port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


def come_back(made: Office, forger: Forger, settings: Any, **forge: Any) -> tuple[Client, Any]:
    use(settings, forger.issuer)
    Account.objects.filter(pk=made.account("section").pk).update(username="known")
    forger.forge, forger.verifier = {}, ""
    client = Client()
    asked = begin(client)
    forger.nonce, forger.forge = asked["nonce"], forge
    answer = client.get("/sign-in/service/back/", {"code": "c", "state": forge.get("state", asked["state"])})
    if forger.verifier:
        assert _text(hashlib.sha256(forger.verifier.encode()).digest()) == asked["code_challenge"]
    return client, answer


def test_what_is_sound_is_let_in(made: Office, forger: Forger, settings: Any) -> None:
    client, answer = come_back(made, forger, settings)
    assert answer.status_code == 302 and "_auth_user_id" in client.session


FORGED: dict[str, dict[str, Any]] = {
    "signed by another key": {"key": "other"},
    "not signed at all": {"alg": "none"},
    "signed with the public key as a shared secret": {"alg": "HS256"},
    "for another audience": {"claims": {"aud": "somebody-else"}},
    "of another issuer": {"claims": {"iss": "http://evil.example"}},
    "with another nonce": {"claims": {"nonce": "replayed"}},
    "without a nonce": {"claims": {"nonce": None}},
    "expired": {"claims": {"exp": int(time.time()) - 600, "iat": int(time.time()) - 1200}},
    "without an expiry": {"claims": {"exp": None}},
    "without an ID token": {"bare": True},
    "with a state of nobody": {"state": "invented"},
    "described by another issuer": {"issuer": "http://evil.example"},
}


@pytest.mark.parametrize("how", FORGED)
def test_a_forged_answer_signs_nobody_in(made: Office, forger: Forger, settings: Any, how: str) -> None:
    client, answer = come_back(made, forger, settings, **FORGED[how])
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session
    assert client.get("/today/").status_code == 302
    assert SignIn.objects.latest("pk").outcome == SignIn.Outcome.FORGED


def test_an_answer_to_another_browser_is_refused(made: Office, forger: Forger, settings: Any) -> None:
    use(settings, forger.issuer)
    forger.forge = {}
    state = begin(Client())["state"]
    assert Client().get("/sign-in/service/back/", {"code": "c", "state": state}).status_code == 403


def test_a_locked_account_is_not_let_in(made: Office, forger: Forger, settings: Any) -> None:
    Account.objects.filter(pk=made.account("section").pk).update(is_active=False)
    assert come_back(made, forger, settings)[1].status_code == 422


def test_a_provider_that_does_not_answer_is_said(settings: Any) -> None:
    use(settings, f"http://127.0.0.1:{free_port()}")
    assert Client().get("/sign-in/service/").status_code == 403


def test_without_the_setting_there_is_no_such_door(client: Client) -> None:
    assert client.get("/sign-in/service/").status_code == 404
    assert client.get("/sign-in/service/back/").status_code == 404
    assert b"/sign-in/service/" not in client.get("/sign-in/").content
