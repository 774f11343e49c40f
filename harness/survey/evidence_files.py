"""Files from outside that a user gives as evidence of a device: UE capabilities (`--evidence uecap=FILE`, bench file).

What is kept of a file is what a capability is made of, in the recording's `uecap.yaml`, one exchange a file: RRC
messages and containers as octets, trees of other decoders as JSON. Anything else in a capture or log (attach requests,
addresses of the bench) is left out: it can hold an IMSI. Vendors' tables are kept as they are, scrubbed like any text.
The facts are always read from what was kept, so that a replay reads the same.
"""

from __future__ import annotations

import re
import shlex
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from harness.errors import InputError, ParseError, RecordingError, UnknownName, UsageError
from harness.recording.exchange import Exchange
from harness.survey.live.plan import LivePlan, live_option, walk_option
from harness.survey.live.session import WORD as SESSION
from harness.survey.live.session import session_of
from harness.survey.live_targets import with_live, with_walk

from .bench import EVIDENCE_KINDS
from .evidence_trees import FORMAT, read_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from harness.observations import Reading
    from harness.probes.uecap.account import Account
    from harness.probes.uecap.attach import Attach

    from .survey import Survey
    from .targets import Target

LARGEST = 512 * 1024 * 1024
_WORDS = ("model", "build", "date")
_TABLES = {"0xB0CD", "0xB826"}
_MESSAGES = {"lte_ul", "lte_dl", "nr_ul", "nr_dl", "s1ap", "ngap", "rat_list"}
_PATCH_SLACK_DAYS = 31
"""A build may leave the maker some weeks before the day of the security patch that it carries."""


@dataclass(frozen=True, slots=True)
class Given:
    """One file, and what the user says it was taken from: model, build, day of the capture."""

    path: Path
    model: str = ""
    build: str = ""
    date: str = ""

    @property
    def request(self) -> str:
        """How the exchange of the file is named: `uecap mix2.hex model='Mi MIX 2'`."""
        from harness.recording.scrubbing.scrub import scrub

        told = [f"{word}={value}" for word in _WORDS if (value := getattr(self, word))]
        return shlex.join(["uecap", *(scrub(text)[0] for text in (self.path.name, *told))])


def parse_option(text: str) -> tuple[str, Given]:
    """`[DEVICE:]uecap=FILE[,model=…][,build=…][,date=YYYY-MM-DD]` -> device (or empty) and file. Raises UsageError."""
    way_out = (
        "write --evidence uecap=FILE, or --evidence DEVICE:uecap=FILE,model=MODEL,build=BUILD,date=YYYY-MM-DD; "
        "--evidence uecap=live asks the handset's diagnostic port, bands=live looks at MediaTek's band screen"
    )
    found = re.fullmatch(rf"(?:(.+?):)??({'|'.join(EVIDENCE_KINDS)})=(.+)", text, re.DOTALL)
    if not found:
        raise UsageError(f"--evidence {text!r} names no kind and file", way_out=way_out)
    name, *told = re.split(rf",(?=(?:{'|'.join(_WORDS)})=)", found[3])
    words = dict(one.split("=", 1) for one in told)
    if words.get("date"):
        from datetime import date

        try:
            date.fromisoformat(words["date"])
        except ValueError:
            raise UsageError(f"--evidence date={words['date']} is no day", way_out=way_out) from None
    return found[1] or "", Given(Path(name), **words)


def with_evidence(
    targets: Sequence[Target], options: Iterable[str] = (), *, live: LivePlan | None = None
) -> tuple[Target, ...]:
    """The targets with what is kept of their files, read before any device is asked, and what is captured live.

    `live` is how a live capture is made where an option or the bench asks for one. Raises UsageError for an option that
    names no device of the run, and where a live capture cannot be made here; InputError for a file that cannot be read
    (and where the extra `uecap` is not installed).
    """
    by_device: dict[str, list[Given]] = {one.device: list(_of_bench(one)) for one in targets}
    asked: dict[str, float] = {one.device: 0.0 for one in targets if one.live is not None}
    walks: set[str] = set()
    for text in options:
        if (named := walk_option(text)) is not None:
            walks.add(_device(named, targets, text))
            continue
        if (wait := live_option(text)) is not None:
            asked[_device(wait[0], targets, text)] = wait[1]
            continue
        named, given = parse_option(text)
        by_device[_device(named, targets, text)].append(given)
    with_files = (
        with_walk(replace(one, given=keep(by_device[one.device])), one.device in walks, live) for one in targets
    )
    return tuple(
        with_live(one, replace(live or LivePlan(), wait_s=asked[one.device])) if one.device in asked else one
        for one in with_files
    )


def given_of(target: Target) -> tuple[Exchange, ...]:
    """What is kept of the files of one target, also where only its bench entry names them. Raises as `keep`."""
    return target.given or keep(tuple(_of_bench(target)))


def _of_bench(target: Target) -> Iterable[Given]:
    return (Given(path) for paths in target.evidence.values() for path in paths)


def _device(named: str, targets: Sequence[Target], text: str) -> str:
    if not named:
        if len(targets) == 1:
            return targets[0].device
        raise UsageError(
            f"--evidence {text}: which of the {len(targets)} devices?", way_out=f"--evidence DEVICE:{text}"
        )
    plain = named.removeprefix("bench:")
    found = [one.device for one in targets if plain == one.device or named in one.addresses]
    if not found:
        raise UnknownName("device of this run", named, tuple(one.device for one in targets)[:3])
    return found[0]


def keep(files: Sequence[Given]) -> tuple[Exchange, ...]:
    """What is kept of the files of one device, an exchange each. Raises InputError."""
    if not files:
        return ()
    from .evidence_reduction import kept_of

    return tuple(
        Exchange(given.request, kept)
        for given, kept in zip(files, kept_of([_content(one) for one in files]), strict=True)
    )


def _content(given: Given) -> tuple[str, bytes]:
    try:
        if given.path.is_file() and given.path.stat().st_size > LARGEST:
            raise InputError(f"{given.path} is larger than {LARGEST >> 20} MB", way_out="cut the log around the attach")
        return given.path.name, given.path.read_bytes()
    except OSError as error:
        raise InputError(f"evidence {given.path} cannot be read: {error.strerror or error}") from None


def with_facts(survey: Survey, exchanges: Sequence[Exchange]) -> Survey:
    """The survey with its files' facts. Files of another device decide nothing, and say so in `refused`.

    Of a device that was not read nothing is known that a file could be held against: its files tell nothing then.
    Raises InputError where the extra `uecap` is not installed.
    """
    if not exchanges:
        return survey
    first = len(survey.exchanges)
    survey = replace(survey, exchanges=(*survey.exchanges, *(("uecap", one) for one in exchanges)))
    if survey.kind is None or (survey.trouble and not survey.observations):
        return survey
    clashes = [clash for one in exchanges if (clash := _clash(one, survey))]
    if clashes:
        refused = f"the UE capability given is of another device: {'; '.join(dict.fromkeys(clashes))}"
        return replace(survey, refused=refused, warnings=(*survey.warnings, f"{refused}; it decides nothing"))
    unbound = [_words(one)[0] for one in exchanges if not _is_bound(one)]
    remarks = [f"{', '.join(unbound)}: that it is of this device is the user's word alone"] if unbound else []
    sessions = [one for one in map(session_of, exchanges) if one is not None]
    remarks += [text for one in sessions for text in (one.remark, one.left) if text]
    if nothing := next((one.remark for one in sessions if not one.came), ""):
        survey = replace(survey, refused=nothing)
    reading = read_kept(exchanges, first)
    return replace(
        survey,
        observations=(*survey.observations, *reading.observations),
        loose_files=tuple(unbound),
        warnings=(*survey.warnings, *reading.warnings, *remarks),
    )


def _is_bound(exchange: Exchange) -> bool:
    """Whether something ties the capability to the device, or there is none to be tied."""
    session = session_of(exchange)
    return not session.came or session.bound if session else bool({"model", "build"} & _words(exchange)[1].keys())


def _words(exchange: Exchange) -> tuple[str, dict[str, str]]:
    """File name, and what the user said of it. Raises RecordingError for a request that somebody else wrote."""
    try:
        _, name, *told = shlex.split(exchange.request)
        return name, dict([one.split("=", 1) for one in told])
    except ValueError:
        raise RecordingError(f"{exchange.request[:80]!r} is no request of a capability file") from None


def _clash(exchange: Exchange, survey: Survey) -> str | None:
    """What the device says otherwise than the user did of the file, or than the port did; None where nothing does."""
    identity = survey.identity
    if session := session_of(exchange):
        return session.clash(survey.exchanges) or None if session.came else None
    name, told = _words(exchange)
    known = {
        "model": (identity.model, identity.market_name, identity.codename, identity.hardware),
        "build": (identity.build, identity.rom_version, identity.fingerprint, identity.baseband),
    }
    for word, values in known.items():
        said, own = told.get(word), [value for value in values if value]
        if said and own and not any(_same(said, value, part=word == "build") for value in own):
            return f"{name} is of {word} {said}, the device says {own[0]}"
    patch = identity.security_patch
    if told.get("date") and patch and _days_between(told["date"], patch) > _PATCH_SLACK_DAYS:
        return f"{name} was taken {told['date']}, before the build on the device (security patch {patch})"
    return None


def _same(said: str, value: str, *, part: bool) -> bool:
    """Equal but for case and punctuation; of a fingerprint a whole part suffices."""
    plain = re.sub(r"\W+", "", said).lower()
    values = [value, *re.split(r"[/:]", value)] if part else [value]
    return any(plain == re.sub(r"\W+", "", one).lower() for one in values)


def _days_between(earlier: str, later: str) -> int:
    from datetime import date

    try:
        return (date.fromisoformat(later) - date.fromisoformat(earlier)).days
    except ValueError:
        return 0


def read_kept(exchanges: Sequence[Exchange], first: int = 0) -> Reading:
    """The facts of what was kept of one device's files; `first` is the number of their first exchange in the survey."""
    from harness.observations import Reading, Source
    from harness.probes.uecap.attach import Attach
    from harness.probes.uecap.merging import merge

    attach = Attach()
    seen: set[bytes] = set()
    for exchange in exchanges:
        name, digest = _words(exchange)[0], sha256(exchange.response).digest()
        if digest in seen:
            attach.warnings.append(f"{name}: the same content was given twice; it counts once")
            continue
        seen.add(digest)
        try:
            _feed(attach, exchange.response, name)
        except ParseError as error:
            attach.warnings.append(f"{name}: {error.message}")
    attach.finish()
    names = ", ".join(dict.fromkeys(_words(one)[0] for one in exchanges))
    if not attach.accounts:
        return Reading((), tuple(attach.warnings))
    return merge(attach.accounts, Source(f"UE capability {names}"[:200], None, "uecap", first), attach.warnings)


def _feed(attach: Attach, kept: bytes, name: str) -> None:
    """Take what was kept of one file. Raises ParseError."""
    from harness.probes.uecap.recognising import take

    lines = kept.split(b"\n")
    if lines[0].strip() != FORMAT.encode():
        take(attach, kept, name)
        return
    attach.begin()
    doubts = []
    known = len(attach.accounts)
    for number, line in enumerate(lines[1:], 1):
        text = line.decode("utf-8", "replace")
        if text.startswith("doubt "):
            doubts.append(text.removeprefix("doubt "))
        elif text.startswith("radio "):
            attach.next_radio()
        elif text.strip() and not text.startswith(f"{SESSION} "):
            _record(attach, text, f"{name} part {number}")
    if doubts:
        attach.accounts[known:] = [_doubted(one, doubts) for one in attach.accounts[known:]]
        attach.warnings += [f"{name}: {one}" for one in doubts]


def _doubted(account: Account, doubts: Sequence[str]) -> Account:
    """An account beside which messages were lost: absence proves nothing, and with a wrong check sum nothing does."""
    account = replace(account, asked=None)
    if any(one.startswith("CRC mismatch") for one in doubts):
        return replace(account, doubts=(*account.doubts, "frames came with a wrong check sum"))
    return account


def _record(attach: Attach, line: str, origin: str) -> None:
    """One record: `lte_ul 3801…`, `eutra DDB8…`, `0xB0CD …`, `tree eutra 0 {…}`, `enquiry {…}`. Raises ParseError."""
    from harness.probes.uecap.tables import ca_binary

    word, _, rest = line.partition(" ")
    try:
        if word == "enquiry":
            attach.enquiry(read_tree(rest))
        elif word == "tree":
            kind, numeric, text = rest.split(" ", 2)
            attach.decoded(read_tree(text), kind, origin, numeric=numeric == "1")  # type: ignore[arg-type]
        elif word in _TABLES:
            attach.add(ca_binary.read_item(bytes.fromhex(rest), word, origin))  # type: ignore[arg-type]
        elif word in {"eutra", "nr", "mrdc"}:
            attach.container(bytes.fromhex(rest), word, origin)  # type: ignore[arg-type]
        elif word == "same":
            one, other = (len(attach.accounts) - int(back) for back in rest.split(" ", 1))
            if min(one, other) < 0:
                raise ParseError(f"{origin}: there is no such container before it")
            attach.same(one, other)
        elif word in _MESSAGES:
            attach.message(bytes.fromhex(rest), word, origin)  # type: ignore[arg-type]
        else:
            raise ParseError(f"{origin}: {word[:20]!r} is no kind of record")
    except (ValueError, RecursionError) as error:
        raise ParseError(f"{origin}: {str(error)[:200]}") from error
