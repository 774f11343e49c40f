"""Whether the links of a device belong to one piece: every pair is held against each other by what both sides tell.

`bound` by the signs on which they agree, `contradicted` by one on which they differ, else `unbound`: then the user's word
alone makes one device of them. That they agree in maker or in the network of the SIM binds nothing: many devices do.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Literal

from harness.carriers.sheet_signs import form_of
from harness.observations import Identity, Sim

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Observation
    from harness.survey.survey import Survey

Standing = Literal["bound", "unbound", "contradicted"]

FILES = "uecap"
"""The link of capability files: they tell no sign of whose they are."""
WORDS = {"adb": "ADB", "at": "AT", "qmi": "QMI", FILES: "the UE capability"}
BY_WORD = "by the user's word alone"
_ASKED_LINKS = ("adb", "at", "qmi")

_CHIP_MAKERS = re.compile(
    r"qualcomm|qti\b|mediatek|\bmtk\b|unisoc|spreadtrum|hisilicon|\bintel\b|marvell|\basr\b|nvidia|sequans|altair|nordic",
    re.IGNORECASE,
)
"""A baseband may name its own maker in place of the device's: then maker and model are those of the chip."""
_NO_MODEL = re.compile(
    r"\W*|[0-9]+|.*mobile broadband.*|.*generic.*"
    r"|(?:(?:MDM|MSM|SDM|APQ|QCM|QCS|QSC|SM|SA|MT)\d{3,}|(?:SDX|MDM9X)\d{2,})\w*",
    re.IGNORECASE,
)
_LEAST_FIRMWARE = 6
"""A shorter version is none that could tell two builds apart."""


@dataclass(frozen=True, slots=True)
class Bond:
    """Two links of one survey held against each other."""

    links: tuple[str, str]
    standing: Standing
    by: tuple[str, ...] = ()
    """The signs on which both sides agree, in words."""
    why: str = ""
    """Where they contradict each other: what each of them says."""

    def __str__(self) -> str:
        one, other = (WORDS.get(link, link) for link in self.links)
        if self.standing == "contradicted":
            return f"{one} and {other} are of two devices: {self.why}"
        if self.standing == "bound":
            return f"{one} and {other}: bound by {', '.join(self.by)}"
        return f"{one} and {other}: nothing that both tell binds them, they are one device {BY_WORD}"


@dataclass(frozen=True, slots=True)
class LinksHeld:
    """All pairs of links of one device, and which of its links are hardly its own."""

    bonds: tuple[Bond, ...] = ()
    contradicted: frozenset[str] = frozenset()
    """Links of another device than the first one is of: what they alone tell is of nobody."""
    unbound: frozenset[str] = frozenset()
    """Links, capability files among them, that the user's word alone binds to the first one."""
    files: str = ""
    """Names of the files that the user's word alone binds; else empty."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What the user should know: the pairs that are not bound."""
        return tuple(str(one) for one in self.bonds if one.standing != "bound")

    def why(self, link: str) -> str:
        """What shows that the link is of another device, in words."""
        bond = next((one for one in self.bonds if link in one.links and one.standing == "contradicted"), None)
        return str(bond) if bond else ""

    def loose(self, links: Iterable[str]) -> str:
        """That these links are bound by the user's word alone, as a remark behind a reason."""
        names = [self.files if link == FILES and self.files else WORDS.get(link, link) for link in links]
        return f"that {' and '.join(names)} {'is' if len(names) == 1 else 'are'} of this device is known {BY_WORD}"


NO_LINKS = LinksHeld()


def hold_links(survey: Survey) -> LinksHeld:
    """Every pair of a survey's links held against each other. Pure."""
    links = links_of(survey)
    asked = [link for link in links if link in _ASKED_LINKS]
    files = ", ".join(survey.loose_files)
    loose = frozenset({FILES}) if files and asked else frozenset()
    if len(asked) < 2:
        return LinksHeld(unbound=loose, files=files)
    signs = {link: _Signs.of(survey, link) for link in asked}
    bonds = tuple(
        _through_the_shell(one, other)
        if one == "adb" and other in survey.through_shell
        else _held(signs[one], signs[other])
        for one, other in combinations(asked, 2)
    )
    first, *others = asked
    own = _joined(first, bonds)
    contradicted = frozenset(link for link in others if _is_of_another(link, own, bonds))
    unbound = frozenset(others) - own - contradicted
    return LinksHeld(bonds, contradicted, unbound | loose, files)


def links_of(survey: Survey) -> tuple[str, ...]:
    """The links that a survey was read over, the one that identifies the device first."""
    found = dict.fromkeys(link for link, _ in survey.exchanges) or dict.fromkeys(
        item.source.link for item in survey.observations if item.source and item.source.link
    )
    order = (*_ASKED_LINKS, FILES)
    return tuple(sorted(found, key=lambda link: order.index(link) if link in order else len(order)))


def is_told_over(item: Observation, links: frozenset[str]) -> bool:
    """Whether a fact was read over one of these links."""
    return item.source is not None and item.source.link in links


def same_usb_device(handset: str, port: str | None) -> bool | None:
    """Whether a handset's place as adb tells it (`usb:1-2`) and a tty's (`1-2:1.3`) are one USB device.

    None where one of them is not told: a handset on the network, a port that is no USB one.
    """
    if not handset.startswith("usb:") or not port:
        return None
    return handset.removeprefix("usb:") == port.partition(":")[0]


def _joined(first: str, bonds: Sequence[Bond]) -> frozenset[str]:
    """The links that are bound to the first one, be it through another."""
    found = {first}
    for _ in bonds:
        found |= {link for one in bonds if one.standing == "bound" and found & {*one.links} for link in one.links}
    return frozenset(found)


def _is_of_another(link: str, own: frozenset[str], bonds: Sequence[Bond]) -> bool:
    """Whether a pair with a link of the device contradicts it; two that deny each other are both of nobody."""
    against = [one for one in bonds if one.standing == "contradicted" and link in one.links]
    return any(link not in own or (own - {link}) & {*one.links} for one in against)


def _through_the_shell(one: str, other: str) -> Bond:
    return Bond((one, other), "bound", ("the handset's own shell, through which it was asked",))


@dataclass(frozen=True, slots=True)
class _Signs:
    """What one link tells of the device behind it."""

    link: str
    imeis: frozenset[str]
    tacs: frozenset[str]
    usb: str | None
    makers: tuple[str, ...]
    models: tuple[str, ...]
    firmware: tuple[str, ...]
    plmns: frozenset[str]

    @classmethod
    def of(cls, survey: Survey, link: str) -> _Signs:
        """The signs among the facts that were read over the link."""
        own = [item for item in survey.observations if is_told_over(item, frozenset({link}))]
        told = [item for item in own if isinstance(item, Identity)]
        makers = _words(told, "manufacturer", "brand")
        chip = any(_CHIP_MAKERS.search(maker) for maker in makers)
        names = _words(told, "model", "market_name", "codename", "hardware")
        builds = _words(told, "baseband") if link == "adb" else _words(told, "baseband", "build")
        return cls(
            link,
            frozenset(survey.imei_keys.get(link, ())),
            frozenset(_words(told, "tac_imei")),
            survey.usb_places.get(link),
            () if chip and link != "adb" else makers,
            () if chip and link != "adb" else tuple(name for name in names if not _NO_MODEL.fullmatch(name)),
            tuple(one for one in builds if len(_plain(one)) >= _LEAST_FIRMWARE),
            frozenset(item.plmn for item in own if isinstance(item, Sim) and item.plmn),
        )


def _words(told: Iterable[Identity], *parts: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for item in told for part in parts if (value := getattr(item, part))))


def _held(one: _Signs, other: _Signs) -> Bond:
    """One pair: a sign that differs outweighs all that agree."""
    agree: list[str] = []
    differ: list[str] = []
    pair = one.link, other.link

    def say(what: str, left: Iterable[str], right: Iterable[str]) -> str:
        sides = zip((left, right), pair, strict=True)
        return f"{what} is {', '.join(f'{chr(32).join(sorted(words))} over {WORDS[link]}' for words, link in sides)}"

    if one.imeis and other.imeis:
        same = bool(one.imeis & other.imeis)
        (agree if same else differ).append("IMEI on both links" if same else "the IMEI on each is another")
    if one.tacs and other.tacs:
        if not one.tacs & other.tacs:
            differ.append(say("the TAC of the IMEI", one.tacs, other.tacs))
        elif "IMEI on both links" not in agree:
            agree.append("the TAC of the IMEI on both links")
    if one.usb and other.usb:
        same = one.usb == other.usb
        (agree if same else differ).append("their place on USB" if same else say("USB place", [one.usb], [other.usb]))
    for what, left, right, alike, clash in (
        ("maker", one.makers, other.makers, _same_maker, _always),
        ("model", one.models, other.models, _same_model, _same_form if "adb" in pair else _always),
        ("baseband", one.firmware, other.firmware, _same_firmware, _same_family),
    ):
        if not left or not right:
            continue
        if any(alike(a, b) for a in left for b in right):
            if what != "maker":
                agree.append(f"the {what} on both links")
        elif any(clash(a, b) for a in left for b in right):
            differ.append(say(f"the {what}", left, right))
    if one.plmns and other.plmns and not one.plmns & other.plmns:
        differ.append(say("the SIM", one.plmns, other.plmns))
    if differ:
        return Bond(pair, "contradicted", tuple(agree), "; ".join(differ))
    return Bond(pair, "bound" if agree else "unbound", tuple(agree))


def _always(_: str, __: str) -> bool:
    return True


def _plain(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _same_maker(one: str, other: str) -> bool:
    """ "Quectel Wireless Solutions" is Quectel: one is the other's first word or words."""
    a, b = _plain(one), _plain(other)
    return a.startswith(b) or b.startswith(a)


def _same_model(one: str, other: str) -> bool:
    """Equal but for punctuation, or the one a word of the other: SM-G991U is not SM-G991U1."""
    a, b = ({_plain(text), *map(_plain, re.split(r"[\s,;()]+", text))} for text in (one, other))
    return _plain(one) in b or _plain(other) in a


def _same_form(one: str, other: str) -> bool:
    """Of one naming: a model number and a marketing name of one phone differ and do not contradict each other."""
    return form_of(one).casefold() == form_of(other).casefold() or (_is_number(one) and _head(one) == _head(other))


def _is_number(text: str) -> bool:
    """Whether a name of a model is one word of letters and digits."""
    return re.fullmatch(r"[A-Za-z]+\S*\d\S*", text.strip()) is not None


def _head(text: str) -> str:
    """The letters that a name begins with: of SM-G991U1 they are sm."""
    return re.sub(r"[^a-z].*", "", text.strip().casefold(), flags=re.DOTALL)


def _same_firmware(one: str, other: str) -> bool:
    """Equal but for punctuation, one the beginning of the other (handsets cut it), or with a version in common."""
    a, b = _plain(one), _plain(other)
    return a.startswith(b) or b.startswith(a) or bool(_versions(one) & _versions(other)) or _bare_in(one, other)


def _versions(text: str) -> set[str]:
    parts = (part.casefold() for part in re.split(r"[\s,_/\[\]]+", text))
    return {part for part in parts if len(part) >= _LEAST_FIRMWARE and re.search(r"\d\D*\d", part)}


def _bare_in(one: str, other: str) -> bool:
    """A version without the chip's name stands in the longer one: `4.0.c2.6-00335` in `MPSS.AT.4.0.c2.6-00335-X`."""
    bare = [(re.match(r"\d+(?:\.\w+)+-\d+", text.strip()), beside) for text, beside in ((one, other), (other, one))]
    return any(
        found and len(found[0]) > _LEAST_FIRMWARE and found[0].casefold() in beside.casefold() for found, beside in bare
    )


def _same_family(one: str, other: str) -> bool:
    """Of one naming: only then do two versions that differ tell two builds."""
    return (_head(one) == _head(other) != "") or form_of(one).casefold() == form_of(other).casefold()
