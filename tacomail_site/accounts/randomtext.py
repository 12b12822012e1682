"""Random text that a person can read, say and type."""

from __future__ import annotations

import secrets

from aliases.services.names import LETTERS

GROUPS, GROUP_LETTERS = 4, 4  # 79 random bits


def random_text() -> str:
    """Like `7xk2-9fbm-qrt4-h3wz`: small letters and digits without those that are taken for one another."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(GROUP_LETTERS)) for _ in range(GROUPS))
