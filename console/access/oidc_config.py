"""Do the settings of the login by OpenID Connect fit together? Said at the start."""

from __future__ import annotations

from typing import get_args

from console.access.oidc_account import ALL
from console.actor import Role
from infra.oidc_settings import safe_url
from infra.settings import Settings
from models.taxonomy import load_taxonomy
from schemas.errors import UserError

LEAST = 16  # characters


def fits(settings: Settings) -> None:
    """UserError names what does not; without an issuer nothing is asked."""
    if not settings.oidc_issuer:
        return
    # A login's cookie is signed with a key made from the secret: nobody may be able to guess it.
    if not settings.oidc_client_id or len(settings.oidc_client_secret.get_secret_value()) < LEAST:
        raise UserError("setting oidc_issuer needs oidc_client_id and an oidc_client_secret of at "
                        f"least {LEAST} characters", "let the provider make one")  # fmt: skip
    if not safe_url(settings.console_url):
        raise UserError("setting oidc_issuer needs console_url, an https address or loopback's",
                        "set how people reach the console")  # fmt: skip
    known = set(get_args(Role)) - {"service"}
    if bad := set(settings.oidc_roles.values()) - known:
        raise UserError(f"setting oidc_roles: no role {bad.pop()!r}", f"one of {sorted(known)}")
    departments = {each.id for each in load_taxonomy(settings.config)[1].departments} | {ALL}
    if bad := set(settings.oidc_departments.values()) - departments:
        raise UserError(f"setting oidc_departments: no department {bad.pop()!r}",
                        'an id of departments.yaml, or "*"')  # fmt: skip
