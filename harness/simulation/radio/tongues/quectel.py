"""Quectel modules as they answer: +QCFG masks, +QNWPREFCFG lists, +QENG and +QNWINFO."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, ClassVar

from harness.simulation.modem.text import ScriptedAnswer
from harness.simulation.radio.locks import read_list, write_list
from harness.simulation.radio.masks import one_less
from harness.simulation.radio.tongue import OK, Tongue

if TYPE_CHECKING:
    from harness.simulation.radio.air import AirCell
    from harness.simulation.radio.memory import ModemMemory
    from harness.simulation.radio.radio import Radio

_SERVING = 'AT+QENG="servingcell"'
_WORDS = {"lte": "FDD LTE", "nr": "FDD NR5G", "lte_m": "eMTC", "nb_iot": "CAT-NB1"}


def _mask_of(*bands: int) -> str:
    return f"{sum(1 << (band - 1) for band in bands):x}"


def _bands_of(mask: str) -> set[int]:
    value = int(mask, 16)
    return {bit + 1 for bit in range(value.bit_length()) if value >> bit & 1}


def _qeng(radio: Radio) -> ScriptedAnswer:
    cell, leg = radio.camped(), radio.leg()
    if leg is not None:
        return _qeng_en_dc(cell, leg)
    if cell is None:
        return ScriptedAnswer(('+QENG: "servingcell","SEARCH"',))
    mcc, mnc = cell.plmn[:3], cell.plmn[3:]
    if cell.rat == "nr":
        line = (
            f'"NR5G-SA","FDD",{mcc},{mnc},{cell.cell:X},{cell.pci},{cell.tac:X},{cell.arfcn},{cell.band},12,'
            f"{cell.rsrp},-11,17,1,-"
        )
    else:
        word = {"lte": "LTE", "lte_m": "eMTC", "nb_iot": "NBIoT"}[cell.rat]
        line = (
            f'"{word}","FDD",{mcc},{mnc},{cell.cell:X},{cell.pci},{cell.arfcn},{cell.band},3,3,{cell.tac:X},'
            f"{cell.rsrp},-10,-63,15,11,200,-"
        )
    return ScriptedAnswer((f'+QENG: "servingcell","NOCONN",{line}',))


def _qeng_en_dc(cell: AirCell | None, leg: AirCell) -> ScriptedAnswer:
    """State, anchor and leg, a line each."""
    lines = ['+QENG: "servingcell","NOCONN"']
    if cell is not None:
        mcc, mnc = cell.plmn[:3], cell.plmn[3:]
        lines.append(
            f'+QENG: "LTE","FDD",{mcc},{mnc},{cell.cell:X},{cell.pci},{cell.arfcn},{cell.band},3,3,{cell.tac:X},'
            f"{cell.rsrp},-10,-63,15,11,200,-"
        )
    lines.append(
        f'+QENG:"NR5G-NSA",{leg.plmn[:3]},{leg.plmn[3:]},{leg.pci},{leg.rsrp},17,-11,{leg.arfcn},{leg.band},12,1'
    )
    return ScriptedAnswer(tuple(lines))


def _qcainfo(radio: Radio) -> ScriptedAnswer:
    cell, leg = radio.camped(), radio.leg()
    if cell is None or cell.rat != "lte":
        return OK
    lines = [f'+QCAINFO: "PCC",{cell.arfcn},50,"LTE BAND {cell.band}",1,{cell.pci},{cell.rsrp},-10,-63,15']
    if leg is not None:
        lines.append(f'+QCAINFO: "SCC",{leg.arfcn},12,"NR5G BAND {leg.band}",{leg.pci}')
    return ScriptedAnswer(tuple(lines))


_SCANNED = {"1": ("lte",), "2": ("nr", "nr_nsa")}


def _qscan(kind: str, radio: Radio) -> ScriptedAnswer:
    """What is on air of LTE or NR; a leg without a level."""
    lines = []
    for cell in radio.heard(*_SCANNED[kind]):
        word = "LTE" if cell.rat == "lte" else "NR5G"
        levels = "-,-,-,-" if cell.rat == "nr_nsa" else f"{cell.rsrp},-11,30,{1 if word == 'NR5G' else 18}"
        lines.append(f'+QSCAN: "{word}",{cell.plmn[:3]},{cell.plmn[3:]},{cell.arfcn},{cell.pci},{levels}')
    return ScriptedAnswer(tuple(lines))


def _neighbours(radio: Radio) -> ScriptedAnswer:
    """Cells beside the one that it is on."""
    own = radio.camped()
    cells = [one for one in radio.heard("lte") if own is not None and one is not own]
    return ScriptedAnswer(
        tuple(f'+QENG: "neighbourcell inter","LTE",{one.arfcn},{one.pci},-11,{one.rsrp},-60,-,-,-,-,-' for one in cells)
    )


def _qnwinfo(radio: Radio) -> ScriptedAnswer:
    cell = radio.camped()
    if cell is None:
        return ScriptedAnswer(("+QNWINFO: No Service",))
    kind = "NR5G" if cell.rat == "nr" else "LTE"
    return ScriptedAnswer((f'+QNWINFO: "{_WORDS[cell.rat]}","{cell.plmn}","{kind} BAND {cell.band}",{cell.arfcn}',))


class _Quectel(Tongue):
    maker = "Quectel"

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """The serving cell alike on all of them."""
        if part == _SERVING:
            return _qeng(radio)
        return _qnwinfo(radio) if part == "AT+QNWINFO" else None


class QuectelLte(_Quectel):
    """EG25-G: one line of masks, in force at once where its last field is 1."""

    model = "EG25-G"
    revision = "EG25GGBR07A08M2G"
    lists = ("band",)
    lasting: ClassVar[dict[str, str]] = {
        "band": f"f0,{_mask_of(2, 4, 5, 12, 13, 17, 25, 26, 66, 71, 3, 7, 20, 28, 1, 8, 38, 41)},0",
        "nwscanmode": "0",
    }
    _place: ClassVar[dict[str, int]] = {"lte": 1}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """By mask and mode."""
        fields = memory.get("band").split(",")
        return {rat: _bands_of(fields[place]) for rat, place in self._place.items()}

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Masks and modes."""
        memory = radio.memory
        if part == 'AT+QCFG="band"':
            shown = ",".join(f"0x{one}" for one in memory.get("band").split(","))
            return read_list(radio, "band", f'+QCFG: "band",{shown}')
        if match := re.fullmatch(r'AT\+QCFG="band",([0-9A-Fa-f,]+),([01])', part):
            return self._masks(match[1].lower().split(","), radio)
        if match := re.fullmatch(r'AT\+QCFG="(nwscanmode|iotopmode)"(?:,(\d)(?:,1)?)?', part):
            if match[1] not in self.lasting:
                return ScriptedAnswer((), "ERROR")
            if match[2] is None:
                return ScriptedAnswer((f'+QCFG: "{match[1]}",{memory.get(match[1])}',))
            memory.put(match[1], match[2])
            radio.changed("now")
            return OK
        if part == 'AT+QNWLOCK="common/lte"' and "nwscanmode" in self.lasting and len(self._place) == 1:
            return ScriptedAnswer(('+QNWLOCK: "common/lte",0,0,0,0',))
        if part == 'AT+QENG="neighbourcell"' and "lte" in self._place:
            return _neighbours(radio)
        return super().own(part, radio)

    def narrowed(self, key: str, memory: ModemMemory) -> str:
        """One band less in the first mask of bands."""
        fields = memory.found[key].split(",")
        fields[1] = f"{one_less(int(fields[1], 16)):x}"
        return ",".join(fields)

    def _masks(self, fields: list[str], radio: Radio) -> ScriptedAnswer:
        """A field of 0 means "leave as it is"."""
        old = radio.memory.get("band").split(",")
        if len(fields) != len(old):
            return ScriptedAnswer((), "ERROR")
        kept = [before if int(new, 16) == 0 else new for new, before in zip(fields, old, strict=True)]
        more = ",".join((kept[0], f"{int(kept[1], 16) | 4:x}", *kept[2:]))
        return write_list(radio, "band", ",".join(kept), other=more)


class QuectelTwoMasks(QuectelLte):
    """EC200A-EU: two masks, and no word of when they hold."""

    model = "EC200A-EU"
    revision = "EC200AEUHAR01A07M16"
    lasting: ClassVar[dict[str, str]] = {
        "band": f"d0,{_mask_of(2, 4, 5, 12, 13, 17, 25, 26, 14, 3, 7, 20, 28, 1, 8, 38, 39, 40, 41, 30)}",
        "nwscanmode": "0",
    }

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Masks without a third field."""
        if match := re.fullmatch(r'AT\+QCFG="band",([0-9A-Fa-f]+,[0-9A-Fa-f]+)', part):
            return self._masks(match[1].lower().split(","), radio)
        return None if part.startswith('AT+QCFG="band",') else super().own(part, radio)


class QuectelIot(QuectelLte):
    """BG95-M3: three masks, and the choice of LTE-M and NB-IoT beside them."""

    model = "BG95-M3"
    revision = "BG95M3LAR02A04"
    lasting: ClassVar[dict[str, str]] = {
        "band": f"f,{_mask_of(2, 4, 5, 12, 13, 25, 26, 66, 71, 85, 3, 8, 20, 28)},{_mask_of(2, 4, 5, 12, 66, 3, 8, 20, 28)}",
        "nwscanmode": "0",
        "iotopmode": "2",
    }
    _place: ClassVar[dict[str, int]] = {"lte_m": 1, "nb_iot": 2}

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """The mode leaves one of them, or both."""
        found = super().enabled(memory)
        drop = {"0": "nb_iot", "1": "lte_m"}.get(memory.get("iotopmode"))
        return {rat: bands for rat, bands in found.items() if rat != drop}


class QuectelFiveG(_Quectel):
    """RM520N-GL: a list for each technology, and the mode."""

    model = "RM520N-GL"
    revision = "RM520NGLAAR03A03M4G"
    registrations = ("CEREG", "C5GREG")
    lists: ClassVar[tuple[str, ...]] = ("lte_band", "nr5g_band", "nsa_nr5g_band")
    lasting: ClassVar[dict[str, str]] = {
        "lte_band": "1:2:3:4:5:7:8:12:13:14:17:18:19:20:25:26:28:38:39:40:41:42:43:48:66:71",
        "nr5g_band": "1:2:3:5:7:8:12:13:14:18:20:25:26:28:30:38:40:41:48:66:70:71:77:78",
        "nsa_nr5g_band": "1:2:3:5:7:8:12:20:25:28:38:40:41:48:66:71:77:78:79",
        "gw_band": "1:2:4:5:8:19",
        "mode_pref": "AUTO",
        "nr5g_disable_mode": "0",
    }

    def takes_s(self, command: str) -> float:
        """A scan takes long."""
        return 25.0 if command.startswith("AT+QSCAN=") else super().takes_s(command)

    def enabled(self, memory: ModemMemory) -> dict[str, set[int]]:
        """The lists of the technologies that the mode allows."""
        mode = memory.get("mode_pref")
        modes = {"LTE", "NR5G"} if mode == "AUTO" else set(mode.split(":"))
        off = memory.nv.get("nr5g_disable_mode", "0")
        allowed = {
            "lte_band": "LTE" in modes,
            "nr5g_band": "NR5G" in modes and off != "1",
            "nsa_nr5g_band": modes >= {"LTE", "NR5G"} and off != "2",
        }
        rats = {"lte_band": "lte", "nr5g_band": "nr", "nsa_nr5g_band": "nr_nsa"}
        return {
            rats[key]: {int(band) for band in memory.get(key).split(":") if band != "0"}
            for key in self.lists
            if allowed[key]
        }

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Lists, mode and locks."""
        if match := re.fullmatch(r'AT\+QNWPREFCFG="(\w+)"(?:,(.+))?', part):
            key, value = match[1].lower(), match[2]
            if key in {"rf_band", "policy_band", "ue_capability_band"} and value is None:
                names = ("gw_band", "lte_band", "nsa_nr5g_band", "nr5g_band")
                return ScriptedAnswer(tuple(f'+QNWPREFCFG: "{name}",{self.lasting[name]}' for name in names))
            return self._item(key, value, radio)
        free = {
            'AT+QNWLOCK="common/4g"': '+QNWLOCK: "common/4g",0',
            'AT+QNWLOCK="common/5g"': '+QNWLOCK: "common/5g",0',
            'AT+QNWCFG="lte_earfcn_lock"': '+QNWCFG: "lte_earfcn_lock",0',
            'AT+QNWCFG="nr5g_earfcn_lock"': '+QNWCFG: "nr5g_earfcn_lock",0',
        }
        if part in free:
            return ScriptedAnswer((radio.memory.volatile.get(part, free[part]),))
        if part == "AT+QCAINFO":
            return _qcainfo(radio)
        if part == "AT+QENDC":
            return ScriptedAnswer((f"+QENDC: 1,1,0,{0 if radio.leg() is None else 1}",))
        if match := re.fullmatch(r"AT\+QSCAN=([12])", part):
            return _qscan(match[1], radio)
        return super().own(part, radio)

    def _item(self, key: str, value: str | None, radio: Radio) -> ScriptedAnswer | None:
        memory = radio.memory
        if key not in self.lasting:
            return ScriptedAnswer((), "ERROR")
        if value is None:
            line = f'+QNWPREFCFG: "{key}",{memory.get(key)}'
            return read_list(radio, key, line) if key in self.lists else ScriptedAnswer((line,))
        if key in self.lists:
            return write_list(radio, key, value, other=f"{value}:1")
        memory.put(key, value)
        radio.changed("now")
        return OK


class QuectelUnisoc(QuectelFiveG):
    """RM500U-EA: the same lists, none of NSA; a free cell lock is a bare name."""

    model = "RM500U-EA"
    revision = "RM500UEAAAR03A15M2G"
    lists = ("lte_band", "nr5g_band")
    lasting: ClassVar[dict[str, str]] = {
        "lte_band": "1:2:3:4:5:7:8:12:13:17:20:25:26:28:38:39:40:41:66:71",
        "nr5g_band": "1:2:3:5:7:8:12:20:25:28:38:40:41:48:66:71:77:78:79",
        "gw_band": "1:5:8",
        "mode_pref": "AUTO",
    }

    def own(self, part: str, radio: Radio) -> ScriptedAnswer | None:
        """Cell locks by other names."""
        if match := re.fullmatch(r'AT\+QNWLOCK="(common/(?:lte|5g))"', part):
            return ScriptedAnswer((f'+QNWLOCK: "{match[1]}"{radio.memory.volatile.get(match[1], "")}',))
        if part == "AT+QNWPREFCFG=?":
            lines = (f'+QNWPREFCFG: "{key}",({self.lasting[key]})' for key in ("lte_band", "nr5g_band"))
            return ScriptedAnswer(tuple(lines))
        if re.search(
            r"nsa_nr5g_band|rf_band|policy_band|ue_capability|nr5g_disable|QNWCFG|QSCAN|QENDC|common/4g", part
        ):
            return ScriptedAnswer((), "+CME ERROR: 4")
        return super().own(part, radio)
