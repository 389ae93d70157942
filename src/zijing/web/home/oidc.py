"""Signing in by an OpenID Connect provider, by setting only: code flow with PKCE, state and nonce.

OpenID Connect Core 1.0 §3.1.3.7 lists what an ID token must prove; Authlib proves it. The account must exist here.
"""

from authlib.integrations.base_client import OAuthError
from authlib.integrations.django_client import OAuth
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from joserfc.errors import JoseError
from requests import RequestException

from zijing.core.errors import DomainError, Refused
from zijing.core.origin import address_of
from zijing.people import signing
from zijing.web.access import without_post
from zijing.web.home.signing import first_step_done, safe_next

# Signatures by a key the provider alone has; "none" and shared secrets are not among them, whatever it offers.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
WAIT = 10


def _service() -> "OAuth":
    """The provider of the settings, with its published description; a new client each time holds nothing stale."""
    if not settings.OIDC["issuer"]:
        raise Http404
    service = OAuth().register(
        "oidc",
        client_id=settings.OIDC["client_id"],
        client_secret=settings.OIDC["client_secret"],
        server_metadata_url=f"{settings.OIDC['issuer']}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid profile", "code_challenge_method": "S256", "timeout": WAIT},
    )
    described = service.load_server_metadata()
    if described.get("issuer", "").rstrip("/") != settings.OIDC["issuer"]:
        raise OAuthError(error="wrong_issuer")
    offered = described.get("id_token_signing_alg_values_supported", [])
    described["id_token_signing_alg_values_supported"] = [a for a in offered if a in ALGORITHMS] or ["RS256"]
    return service


@without_post
@never_cache
def begin(request: HttpRequest) -> HttpResponse:
    """Send the browser to the provider; what comes back must name the state kept in this session."""
    request.session["oidc-next"] = safe_next(request)
    try:
        away: HttpResponse = _service().authorize_redirect(request, request.build_absolute_uri(reverse("oidc-back")))
    except (OAuthError, RequestException, ValueError):
        return _refused(request, Refused(_("The sign-in service does not answer. Sign in with your password.")))
    return away


@without_post
@never_cache
def back(request: HttpRequest) -> HttpResponse:
    """What the provider answered. Whatever is not proved is refused, logged, and signs nobody in."""
    if not settings.OIDC["issuer"]:
        raise Http404
    address, at = address_of(request), timezone.now()
    leads_to = request.session.get("oidc-next", "today")
    try:
        signing.refuse_too_many("", address, at)
        claims = _claims(request)
    except (OAuthError, JoseError, ValueError, KeyError, TypeError):
        signing.note_forged(address=address, at=at)
        return _refused(request, Refused(_("The answer of the sign-in service is not valid. Begin again.")))
    except RequestException:
        return _refused(request, Refused(_("The sign-in service does not answer. Sign in with your password.")))
    except DomainError as error:
        return _refused(request, error)
    try:
        account = signing.by_claim(name=str(claims.get(settings.OIDC["claim"]) or ""), address=address, at=at)
    except DomainError as error:
        return _refused(request, error)
    return first_step_done(request, account, "oidc", leads_to)


def _claims(request: HttpRequest) -> dict[str, object]:
    """The proved claims of the ID token; anything missing or wrong raises."""
    service = _service()
    answer = service.authorize_access_token(request, claims_options=_asked(service), leeway=60)
    if not answer.get("userinfo"):
        raise OAuthError(error="no_id_token")
    return dict(answer["userinfo"])


def _asked(service: "OAuth") -> dict[str, dict[str, object]]:
    return {
        "iss": {"essential": True, "values": [service.server_metadata["issuer"]]},
        "aud": {"essential": True, "values": [settings.OIDC["client_id"]]},
        "exp": {"essential": True},
        "nonce": {"essential": True},
    }


def _refused(request: HttpRequest, error: DomainError) -> HttpResponse:
    context = {"error": str(error), "service": settings.OIDC["title"]}
    return render(request, "home/sign_in.html", context, status=error.status)
