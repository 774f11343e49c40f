"""The harness tells a person what to type and never dials: no module can send a code, nor open a screen that sets bands."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from harness.errors import CommandRefused
from harness.links.read_only import is_shell_read
from harness.survey.live.band_walk import _Walk
from harness.survey.live.diag_guidance import guidance_for

ROOT = Path(__file__).parents[3]
_SENDS = re.compile(
    r"intent\.action\.(?:DIAL|CALL)|SECRET_CODE|android_secret_code|\btel:%2A|settings[/.]+\.?BandMode\b|usb\.config\s+diag",
    re.IGNORECASE,
)
_CODE = re.compile(r"[*#]{1,2}\d[\d*#]{2,}#")
ERASING = ("*2767*3855#", "*#*#7780#*#*", "*#*#362#*#*", "##2947322243##", "*#8778#", "*#9090#", "*#*#700#", "*#7284#")


def modules() -> dict[str, str]:
    return {file.relative_to(ROOT).as_posix(): file.read_text() for file in (ROOT / "harness").rglob("*.py")}


def test_no_module_sends_a_code_or_opens_the_band_screen_of_android() -> None:
    assert {name for name, text in modules().items() if _SENDS.search(text)} == set()


def test_codes_stand_in_the_guidance_alone_and_none_of_those_that_erase() -> None:
    with_codes = {name for name, text in modules().items() if _CODE.search(text)}
    assert with_codes == {"harness/survey/live/diag_guidance.py"}
    text = modules()["harness/survey/live/diag_guidance.py"]
    assert not [code for code in ERASING if code in text]
    page = (ROOT / "docs" / "unrooted.md").read_text(encoding="utf-8")
    never = page[page.index("**Never dial**") :].partition("\n\n")[0]
    assert [code for code in ERASING if code not in never] == []


@pytest.mark.parametrize(
    "command",
    [
        "am start -a android.intent.action.CALL -d tel:%2A%230808%23",
        "am broadcast -a android.provider.Telephony.SECRET_CODE -d android_secret_code://4636",
        "am start -n com.android.phone/.settings.BandMode",
        "setprop sys.usb.config diag,adb",
        "input text '*#0808#'",
    ],
)
def test_a_link_that_only_reads_refuses_to(command: str) -> None:
    assert not is_shell_read(command)


def test_the_walk_takes_no_other_step() -> None:
    class Phone:
        address = "SERIAL"

        def run(self, commands: list[str], *, deadline_s: float) -> list[None]:
            raise AssertionError(commands)

    for command in ("input keyevent 5", "input tap 1 2; reboot", "input text 1", "am start -n com.android.phone/.X"):
        with pytest.raises(CommandRefused):
            _Walk(Phone(), 1e9).ask(command)  # type: ignore[arg-type]


@pytest.mark.parametrize("maker", ["samsung", "Xiaomi", "LGE", "OPPO", "motorola", "Google", "nobody", None])
def test_every_maker_gets_one_way_out_with_its_warning(maker: str | None) -> None:
    way = guidance_for(maker)
    assert way.way_out
    if way.do:
        assert way.back in way.way_out
        assert "dial nothing else" in way.way_out
