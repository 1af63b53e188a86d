"""Tokens that are not right, cookies, and from claims to accounts: the pure parts of OIDC."""

from __future__ import annotations

import hmac
import json
from base64 import urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, OKPKey, RSAKey
from pydantic import ValidationError

from console.access import oidc_flow, oidc_token
from console.access.oidc_account import Person, Refused, account, granted, person
from console.access.oidc_config import fits
from console.access.oidc_flow import BadFlow
from console.access.oidc_token import BadToken, UnknownKey
from console.access.store import new_user, reset
from infra.settings import Settings
from schemas.errors import UserError

NOW = datetime(2026, 3, 1, tzinfo=UTC)
AT = int(NOW.timestamp())
ISSUER, CLIENT, NONCE = "https://id.example", "tingchao", "n-1"
RSA = RSAKey.generate_key(2048, {"kid": "rsa"})
EC = ECKey.generate_key("P-256", {"kid": "ec"})
OKP = OKPKey.generate_key("Ed25519", {"kid": "okp"})
KEYS = oidc_token.keys_of(KeySet([RSA, EC, OKP]).as_dict())
GOOD = {"iss": ISSUER, "sub": "s-1", "aud": CLIENT, "exp": AT + 300, "iat": AT, "nonce": NONCE}


def made(claims: dict[str, Any], key: Any = RSA, alg: str = "RS256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, claims, key, algorithms=[alg])


def check(token: str, keys: KeySet = KEYS) -> dict[str, Any]:
    return oidc_token.checked(token, keys, ISSUER, CLIENT, NONCE, NOW)


def part(value: dict[str, Any]) -> str:
    return urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_good_tokens() -> None:
    for key, alg in ((RSA, "RS256"), (RSA, "PS256"), (EC, "ES256"), (OKP, "EdDSA")):
        assert check(made(GOOD, key, alg))["sub"] == "s-1"
    several = {"aud": [CLIENT, "another"], "azp": CLIENT}
    assert check(made(GOOD | several)) and check(made(GOOD | {"aud": [CLIENT]}))
    assert check(made(GOOD | {"exp": AT - 30, "iat": AT + 30}))  # clocks differ


@pytest.mark.parametrize(
    "changed",
    [
        {"iss": "https://id.example/"}, {"iss": None}, {"aud": "another"}, {"aud": []}, {"aud": 1},
        {"aud": [CLIENT, "another"]}, {"aud": [CLIENT, "another"], "azp": "another"},
        {"azp": "another"}, {"nonce": "n-2"}, {"nonce": None}, {"exp": AT - 61}, {"exp": "later"},
        {"exp": None}, {"iat": AT + 61}, {"iat": None}, {"nbf": AT + 61}, {"sub": ""},
        {"sub": None}, {"sub": 7}, {"sub": "x" * 256}, {"sub": "張"},
        {"sub": "a\nb"}, {"exp": float("nan")},
    ],
)  # fmt: skip
def test_claims_that_do_not_fit(changed: dict[str, Any]) -> None:
    claims = {name: value for name, value in (GOOD | changed).items() if value is not None}
    with pytest.raises(BadToken) as error:
        check(made(claims))
    assert "eyJ" not in str(error.value)
    for name in ("iss", "aud", "exp", "iat", "nonce", "sub"):
        with pytest.raises(BadToken):
            check(made({key: value for key, value in GOOD.items() if key != name}))


def test_signatures_that_are_none() -> None:
    public = RSA.as_pem(private=False)
    head, body = part({"alg": "HS256", "kid": "rsa"}), part(GOOD)
    for secret in (public, public.strip(), RSA.as_dict()["n"].encode()):  # taken as a MAC's key
        mac = urlsafe_b64encode(hmac.digest(secret, f"{head}.{body}".encode(), "sha256"))
        with pytest.raises(BadToken, match="unsupported_algorithm"):
            check(f"{head}.{body}.{mac.decode().rstrip('=')}")
    for alg in ("none", "None", "NONE", "", "HS256", "RS256", "ES256"):
        for signature in ("", "AAAA"):
            with pytest.raises(BadToken):
                check(f"{part({'alg': alg, 'kid': 'rsa'})}.{body}.{signature}")
    head, _, signature = made(GOOD).split(".")
    with pytest.raises(BadToken):
        check(f"{head}.{part(GOOD | {'sub': 's-2'})}.{signature}")
    other = RSAKey.generate_key(2048, {"kid": "rsa"})
    with pytest.raises(BadToken):
        check(made(GOOD, other))
    with pytest.raises(BadToken):  # its own key along with it
        check(made(GOOD, other, jwk=other.as_dict(private=False)))
    with pytest.raises(UnknownKey):
        check(made(GOOD, RSAKey.generate_key(2048, {"kid": "new"})))
    for wrong in (
        "",
        "a.b.c",
        "x" * 100_000,
        "é.é.é",
        part({}) * 3,
        f"{head}.{part({})}.e30.e30.x",
    ):
        with pytest.raises(BadToken):
            check(wrong)


@given(st.text(max_size=200))
def test_any_text_is_a_bad_token_at_most(text: str) -> None:
    with pytest.raises(BadToken):
        check(text)


def test_published_keys_of_any_shape() -> None:
    secret = OctKey.generate_key(256, {"kid": "mac"}).as_dict()
    listed: list[Any] = [secret, {"kty": "RSA", "kid": "broken"}, 7, {"kty": "AKP"},
                         RSA.as_dict(private=False) | {"use": "enc"}, EC.as_dict()]  # fmt: skip
    assert [key.kid for key in oidc_token.keys_of({"keys": listed})] == ["ec"]
    for shape in (None, [], {}, {"keys": None}, {"keys": "x"}):
        assert not list(oidc_token.keys_of(shape))


def test_a_flow_is_of_its_browser_its_time_and_its_state() -> None:
    flow = oidc_flow.begun("/alerts", NOW)
    cookie, answer = oidc_flow.sealed(flow, "secret"), {"state": flow.state}
    assert oidc_flow.opened(cookie, answer, "secret", NOW + oidc_flow.LASTS) == flow
    late = NOW + oidc_flow.LASTS + timedelta(seconds=1)
    for bad, state, secret, now, why in (
        ("", flow.state, "secret", NOW, "no login"), (cookie, flow.state, "other", NOW, "not ours"),
        (cookie + "0", flow.state, "secret", NOW, "not ours"),
        ("A" + cookie, flow.state, "secret", NOW, "not ours"),
        (cookie, flow.state, "secret", late, "too late"), (cookie, "", "secret", NOW, "state"),
        (cookie, oidc_flow.begun("/", NOW).state, "secret", NOW, "state"),
    ):  # fmt: skip
        with pytest.raises(BadFlow, match=why):
            oidc_flow.opened(bad, {"state": state}, secret, now)
    url = oidc_flow.asked(flow, "https://id.example/a?x=1", CLIENT, "https://c/done", "openid")
    query = parse_qs(urlsplit(url).query)
    assert query["x"] == ["1"] and query["nonce"] == [flow.nonce] and flow.verifier not in url


def settings(**more: Any) -> Settings:
    known = {"oidc_issuer": ISSUER, "oidc_client_id": CLIENT, "oidc_roles": {"a": "analyst"},
             "oidc_client_secret": "0123456789abcdef",
             "console_url": "https://c.example"}  # fmt: skip
    return Settings(**(known | more))


def test_from_claims_to_a_person() -> None:
    found = person({"sub": "s", "preferred_username": " Li.Si ", "groups": ["a", 7], "name": "李"},
                   settings())  # fmt: skip
    assert found == Person(f"{ISSUER} s", "li.si", "李", frozenset({"a"}))
    mail = settings(oidc_claim="email", oidc_groups_claim="role")
    found = person({"sub": "s", "email": "li@x.example", "role": "a", "name": 7}, mail)
    assert (found.login, found.name, found.groups) == ("li@x.example", "", {"a"})
    for wrong in (None, 7, "", "a b", "x" * 51, "<b>", "\ud800"):
        with pytest.raises(Refused):
            person({"sub": "s", "preferred_username": wrong}, settings())


LI = Person(f"{ISSUER} s", "li", "李四", frozenset({"a"}))


def test_from_a_person_to_an_account() -> None:
    first = account(LI, None, None, settings(), NOW)
    assert (first.id, first.name, first.password, first.oidc) == ("li", "李四", "", LI.key)
    assert first.roles == ["analyst"] and not first.must_change and first.last_login == NOW
    for namesake in (new_user("li", "", ["admin"], [], "x", "$argon2"), first):
        with pytest.raises(Refused):
            account(LI, None, namesake, settings(), NOW)
    changed = account(LI, first, None, settings(oidc_roles={"a": "office"}), NOW)
    assert changed.roles == ["office"] and changed.created_at == first.created_at
    kept = account(LI, first, None, settings(oidc_roles={}), NOW)  # roles are given in the console
    assert kept.roles == ["analyst"]
    with pytest.raises(Refused):
        account(LI, None, None, settings(oidc_roles={}), NOW)
    first.disabled = True
    with pytest.raises(Refused, match="disabled"):
        account(LI, first, first, settings(oidc_roles={}), NOW)
    with pytest.raises(UserError):
        reset(first, "$argon2")


def test_nobody_without_a_department_sees_all() -> None:
    roles = {"a": "analyst", "d": "department", "h": "office"}
    config = settings(oidc_roles=roles, oidc_departments={"e": "energy", "c": "credit", "h": "*"})

    def of(*groups: str, config: Settings = config) -> tuple[list[str], list[str]]:
        return granted(Person("", "li", "", frozenset(groups)), config)

    assert of("a", "e", "c", "other") == (["analyst"], ["credit", "energy"])
    assert of("h") == (["office"], []) and of("a", "h", "e") == (["analyst", "office"], [])
    assert of("a", config=settings(oidc_roles=roles)) == (["analyst"], [])
    for groups in (("a",), ("d",), ("e",), (), ("d", "h")):
        with pytest.raises(Refused):
            of(*groups)
    with pytest.raises(Refused):
        of("d", config=settings(oidc_roles=roles))


def test_settings_that_do_not_fit_are_said_at_the_start() -> None:
    fits(Settings())
    fits(settings(oidc_departments={"a": "energy", "b": "*"}))
    fits(settings(console_url="http://127.0.0.1:8000", oidc_issuer="http://localhost:9/realm"))
    for wrong in (
        {"console_url": ""}, {"console_url": "http://c.example"}, {"oidc_client_id": ""},
        {"oidc_client_secret": "short"}, {"oidc_roles": {"a": "root"}},
        {"oidc_roles": {"a": "service"}}, {"oidc_departments": {"a": "nowhere"}},
    ):  # fmt: skip
        with pytest.raises(UserError):
            fits(settings(**wrong))
    for issuer in ("http://id.example", "ftp://localhost", "id.example", "https://", "https://x?y",
                   "https://a@b", "https://x#y", "https://x y", "https://[", "https://x:y",
                   "https:/x"):  # fmt: skip
        with pytest.raises(ValidationError):
            settings(oidc_issuer=issuer)
