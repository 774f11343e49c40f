"""Properties that say otherwise which device it is: the models and codenames of the partitions, SKU, boot state.

`ro.product.*` exists once a partition (product, odm, vendor, system, system_ext), and any of them can be set by whoever
built that image. A shared image bears a name of its own in place of the device's: that is no sign.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from harness.observations import Identity, IdentitySign

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PARTS = ("", "odm.", "vendor.", "vendor_dlkm.", "system_ext.", "system.", "product.", "bootimage.")
_MODELS = (*(f"ro.product.{part}model" for part in _PARTS), "ro.product.cert", "ro.boot.em.model", "ro.em.model")
_CODENAMES = (*(f"ro.product.{part}device" for part in _PARTS), "ro.build.product", "ro.vendor.product.device")
_SKUS = ("ro.boot.hardware.sku", "ro.boot.product.hardware.sku", "ro.boot.product.vendor.sku")
_FINGERPRINTS = ("ro.build.fingerprint", "ro.vendor.build.fingerprint", "ro.odm.build.fingerprint")
_SHARED = re.compile(
    r"(?:q|m|o|mi|aos|ms|u)?ssi(?:[_ ].*)?|missi.*|m?ssi_.*|generic.*|gsi.*|mainline|system|common|treble.*|phh.*|aosp.*"
    r"|.*\b(?:on|for) arm(?:64)?\b.*|mivendor|.*system image.*|miproduct.*|unknown|default"
    r"|qualcomm|msm\w*|sm\d{4}|mt\d{4}\w*|kona|lahaina",
    re.IGNORECASE,
)
"""Names of images that several devices share, and of chips."""
_BOOT_STATES = frozenset({"green", "yellow", "orange", "red"})


def boot_state(props: Mapping[str, str]) -> str | None:
    """The verified boot state: `orange` is an unlocked boot loader."""
    told = props.get("ro.boot.verifiedbootstate", "").strip().lower()
    if told in _BOOT_STATES:
        return told
    return "orange" if props.get("ro.boot.flash.locked", "").strip() == "0" else None


def identity_signs(props: Mapping[str, str], identity: Identity) -> Iterator[IdentitySign]:
    """The signs that name another model or codename than the identity does, each value once."""
    known = {
        _plain(word) for word in (identity.model, identity.market_name, identity.hardware, identity.codename) if word
    }
    seen: set[tuple[str, str]] = set()
    for what, place, value in (*_models(props), *_codenames(props)):
        plain = _plain(value)
        if plain and plain not in known and (what, plain) not in seen and not _SHARED.fullmatch(value):
            seen.add((what, plain))
            yield IdentitySign(what="model" if what == "model" else "codename", place=place, value=value)


def _models(props: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for key in (*_MODELS, *_SKUS):
        value = props.get(key, "").replace("\n", "").strip()
        # A bare number, or a word without a digit, is an index or a region and no model.
        if re.search(r"[A-Za-z]", value) and (key in _MODELS or re.search(r"\d", value)):
            yield "model", key, value


def _codenames(props: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    for key in _CODENAMES:
        yield "codename", key, props.get(key, "").replace("\n", "").strip()
    for key in _FINGERPRINTS:
        parts = props.get(key, "").split(":")[0].split("/")
        if len(parts) == 3:
            yield "codename", key, parts[2].strip()


def _plain(word: str) -> str:
    return word.strip().casefold().removesuffix("_sprout")
