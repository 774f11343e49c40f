"""What may be sent to a device without permission to change it: lists of read forms, never a rule on the shape alone.

An AT command that is not listed here is refused, but for the read forms of the family that answers on the link: what is
allowed on one port is allowed on no other. What is on the list of commands that change a device cannot be allowed at all.
"""

from __future__ import annotations

import re
from functools import lru_cache

from harness.at_commands import has_second_at, split_joined

_NAME = r"[+^#$%*!][A-Z0-9_]{2,}"

_NEVER = re.compile(
    r"AT(?:&F.*|&W.*|Z.*|D.*|H.*|A|O.*|\+CFUN=[^?].*|!RESET.*|#REBOOT.*|\^RESET.*|\+QPOWD.*|\+QPRTPARA.*|\^BAND_PREF(?:_EXT)?"
    r"|\+QNWPREFCFG=\"(?:RESTORE_BAND|ALL_BAND_RESET|RESTORE_[A-Z_]*)\".*|\+EGMR=1.*|\+CMGS.*|\+CMGD.*|\+CPWD.*"
    r"|\+CLCK=\"[A-Z]+\",[01].*)"
)
"""Resets, restores and calls. Bare ^BAND_PREF restores the defaults: a write that looks like a read."""

_SCANS = re.compile(
    r"AT(?:\+COPS=\?|\+QSCAN=.*|#CSURV.*|\+CNETSCAN.*|\+GTCELLSCAN.*|\^NETSCAN.*|\+VZWSCAN.*|%NCELLMEAS.*)"
)
"""Up to 180 s, and service is disturbed meanwhile (at-level: TS 27.007 clause 7.3)."""

_ONE = r'"[A-Z0-9_/]+"'

_READS: tuple[str, ...] = (
    rf"AT{_NAME}(?:=\?|\?)",
    r"AT|ATI\d?|AT&V\d?|ATE[01]|ATV1|ATQ0",
    r"AT\+(?:CGMI|CGMM|CGMR|GMI|GMM|GMR|CGSN(?:=[0-3])?|GSN|CIMI|CSQ|CESQ|CCID|ICCID|CLAC|CNUM|GCAP|CEER)",
    # Settings that are lost at power-off, and only decide how answers are written.
    r"AT\+CMEE=[012]|AT\+COPS=3,[012]|AT\+C(?:G|E|5G)?REG=[0-5]|AT\+UCGED=[025]|AT\^CURC=[01]|AT\+CSCS=\"(?:GSM|IRA)\"",
    # Quectel, MeiG
    r"AT\+(?:QNWINFO|QCAINFO|QSPN|QGMR|QCCID|QSIMSTAT|QTEMP|QENDC|QGETCAPABILITY|QCSQ|QRSRP|QRSRQ|QSINR)",
    r'AT\+(?:QENG|MENG)="(?:SERVINGCELL|NEIGHBOURCELL)"',
    r'AT\+QCFG="[A-Z0-9_/]+"\??',
    rf"AT\+QNWPREFCFG={_ONE}\??|AT\+QNWCFG={_ONE}|AT\+QNWLOCK={_ONE}|AT\+QMBNCFG=\"(?:LIST|SELECT|AUTOSEL)\"",
    # SIMCom
    rf"AT\+CSYSSEL={_ONE}|AT\+CMGRMI=4|AT\+SIMEI|AT\+CICCID|AT\+SIMCOMATI",
    # Telit, Foxconn
    r"AT#(?:RFSTS|SERVINFO|MONI|CGMI|CGMM|CGMR|CGSN|CIMI|CCID|SWPKGV|CAINFO|QSS)",
    # Sierra
    r"AT!(?:GSTATUS|NRINFO|LTEINFO|LTECA|BAND|SELRAT|PRIID|IMAGE|GETBAND)",
    # Huawei, Cinterion
    r"AT\^(?:MONSC|MONNC|SYSINFOEX|SYSINFO|HCSQ|SMONI|SMONP|CSNR|VERSION|SIND|HVER|MONSSC)",
    r'AT\^SCFG="RADIO/BAND(?:/[0-9A-Z]+)?"|AT\^CELLINFO=1|AT\^CICRET',
    # Fibocom, MediaTek, Unisoc, Altair, Nordic, Sequans, Qualcomm, ZTE
    r"AT\+XMCI=[01]|AT\+(?:GTCCINFO|GTCAINFO|ECELL|XCCINFO|XLEC)|AT\+SPLBAND=[0]|AT\+SPLBAND=3",
    r'AT%GETCFG="[A-Z0-9_]+"|AT%(?:XCBAND|XMONITOR|XICCID|SHORTSWVER|HWVERSION|PCONI|NBRGRSRP|STATUS)',
    r"AT\+SQNMONI(?:=[0-9])?|AT\$QC(?:RSRP|RSRQ|SQ)|AT\+Z(?:CAINFO|CELLINFO|PAS)|AT\+DEVCONINFO|AT\+VZWRSR[PQ]",
)

_OF_SIM = (
    r"(?:_id|sim_id|mcc|mnc|mcc_string|mnc_string|carrier_id|is_embedded|is_opportunistic|subscription_type|profile_class"
    r"|enabled_mobile_data_policies|allowed_network_types_for_reasons|volte_vt_enabled|wfc_ims_enabled|nr_advanced_calling)"
)
_SHELL: tuple[str, ...] = (
    r"getprop(?: [\w.:-]+)?",
    # Services by name: `dumpsys battery unplug` and its like do change a handset.
    r"dumpsys (?:telephony\.registry|isub|carrier_config|connectivity|phone|telecom|telephony_ims|telephony\.ims"
    r"|iphonesubinfo|netpolicy|netstats|wifi|usb|package com\.android\.phone)",
    r"settings get (?:global|system|secure) \w+",
    r"cmd phone(?: (?:help|get-allowed-network-types-for-users(?: -s \d)?|cc get-value(?: -s \d)? -p))?",
    r"cmd package list packages(?: -[a-z])*|cmd -l",
    r"pm (?:list packages(?: -[a-zA-Z])*(?: [\w.]+)?|path [\w.]+|list features)",
    r"logcat(?= .*-(?:d|t)\b)(?: -(?:b [\w,]+|d|t \d+|v \w+|s))+(?: [\w*]+:[VDIWEFS])*",
    r"(?:cat|ls(?: -[a-zA-Z]+)?)(?: /(?!dev/)[\w./*-]+)+",
    r"ip (?:-\d )?(?:link|addr|route)(?: show)?|ifconfig|netcfg",
    r"uname(?: -[a-z]+)?|id|date(?: \+[%\w:-]+)?|uptime|whoami|echo(?: [\w./:-]+)*|wm size|true",
    r"service (?:list|check \w+)|content query --uri content://settings/[\w/.-]+",
    # Columns by name: a subscription's row holds its phone number, ICCID and the name that its user gave it.
    rf"content query --uri content://telephony/siminfo --projection {_OF_SIM}(?::{_OF_SIM})*",
    r"id -u|command -v su",
)

_FILTERS = re.compile(
    r"(?:grep|egrep|fgrep)(?: -[a-zA-Z]+(?: ?\d+)?)* (?:[\w.:=/^*-]+|'[^']*'|\"[^\"$`\\]*\")"
    r"|(?:head|tail)(?: -n)? -?\d+|wc -[lc]|cat|tr -d '[^']*'|sort|uniq"
)
_CHANGING_SHELL = re.compile(r"[;&`$<>\\\n\r\0{}()]")


@lru_cache(maxsize=1024)
def is_read(command: str, forms: tuple[str, ...] = ()) -> bool:
    """Whether an AT command (or each of several joined by `;`) only reads. Scans of networks are no plain reads.

    `forms` are read forms of the modem's family: regular expressions for the whole command, in capitals, `AT` included.
    """
    parts = single_commands(command)
    return bool(parts) and all(
        _reads(forms).fullmatch(part) and not _NEVER.fullmatch(part) and not _SCANS.fullmatch(part) for part in parts
    )


@lru_cache(maxsize=1024)
def is_scan(command: str, forms: tuple[str, ...] = ()) -> bool:
    """Whether an AT command searches for networks: it changes nothing, but takes minutes and disturbs service."""
    parts = single_commands(command)
    return any(_SCANS.fullmatch(part) for part in parts) and all(
        _SCANS.fullmatch(part) or _reads(forms).fullmatch(part) for part in parts
    )


@lru_cache(maxsize=1024)
def is_shell_read(command: str) -> bool:
    """Whether a shell command only reads: a listed command, perhaps through filters such as grep."""
    text = command.strip().replace("2>/dev/null", "").replace("2>&1", "").strip()
    first, *filters = _pipeline(text)
    if _CHANGING_SHELL.search(first) or not _shell().fullmatch(first.strip()):
        return False
    return all(_FILTERS.fullmatch(part.strip()) for part in filters)


def is_one_command(command: str) -> bool:
    """Whether a shell takes it for one command, perhaps with a pipe: no list, no redirection, no expansion."""
    return bool(command.strip()) and not _CHANGING_SHELL.search(command)


@lru_cache(maxsize=1024)
def single_commands(command: str) -> tuple[str, ...]:
    """The commands of one line in capitals; empty where it is no AT command, or one that a modem splits otherwise."""
    text = command.strip(" ")
    if text[:2].upper() != "AT" or not text.isascii() or not text.isprintable() or has_second_at(text):
        return ()
    return tuple(part.upper() for part in split_joined(text))


@lru_cache(maxsize=64)
def _reads(forms: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in (*_READS, *forms)))


@lru_cache(maxsize=1)
def _shell() -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in _SHELL))


def _pipeline(text: str) -> list[str]:
    parts, last = [], 0
    for match in re.finditer(r"'[^']*'|\"[^\"]*\"|\|", text):
        if match[0] == "|":
            parts.append(text[last : match.start()])
            last = match.end()
    return [*parts, text[last:]]
