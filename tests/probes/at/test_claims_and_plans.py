"""Which family takes a modem, by maker and model, and what it is then asked (names of models: the makers' lists)."""

from __future__ import annotations

import pytest

from harness.probes.at.language.answer import Modem
from harness.probes.at.registry import dialect, our_dialects


def claimed_by(maker: str | None, model: str | None, firmware: str | None = None) -> set[str]:
    return {family.name for family in our_dialects() if family.claims(Modem(maker, model, firmware))}


@pytest.mark.parametrize(
    ("maker", "model", "families"),
    [
        ("Quectel", None, {"quectel"}),
        (None, "EC25-E", {"quectel"}),
        (None, "RM520N-GL", {"quectel"}),
        (None, "BG95-M3", {"quectel"}),
        (None, "XEC25", set()),
        ("Other", "EC25-E", set()),
        ("Telit", None, {"telit"}),
        (None, "LE910C1-EU", {"telit"}),
        (None, "FN990A28", {"telit"}),
        (None, "ME310G1", {"telit"}),
        ("Telit Cinterion", "PLS63-W", {"cinterion"}),
        ("Sierra Wireless, Incorporated", None, {"sierra"}),
        (None, "EM7565", {"sierra"}),
        (None, "EM9191", {"sierra"}),
        (None, "HL7812", {"sierra"}),
        (None, "DW5811e", {"sierra"}),
        ("u-blox", None, {"u-blox"}),
        ("ublox AG", None, {"u-blox"}),
        (None, "SARA-R410M", {"u-blox"}),
        (None, "LARA-R211", {"u-blox"}),
        ("SIMCOM INCORPORATED", None, {"simcom"}),
        ("SimTech", None, {"simcom"}),
        (None, "SIM7600G-H", {"simcom"}),
        (None, "SIMCOM_SIM7600G", {"simcom"}),
        (None, "A7672S", {"simcom"}),
        ("Huawei Technologies Co., Ltd.", None, {"huawei"}),
        ("HiSilicon", None, {"huawei"}),
        ("TD Tech", None, {"huawei"}),
        (None, "ME909s-120", {"huawei"}),
        ("Fibocom Wireless Inc.", None, {"fibocom"}),
        (None, "L850-GL", {"fibocom"}),
        (None, "FM350-GL", {"fibocom"}),
        (None, "FM150-AE", {"fibocom"}),
        ("Cinterion", None, {"cinterion"}),
        ("Gemalto M2M", None, {"cinterion"}),
        ("THALES", None, {"cinterion"}),
        (None, "PLS62-W", {"cinterion"}),
        ("Foxconn", None, {"foxconn"}),
        (None, "T99W175", {"foxconn"}),
        (None, "DW5821e", {"foxconn"}),
        (None, "MV31-W", {"foxconn"}),
        ("Nordic Semiconductor ASA", None, {"nordic"}),
        (None, "nRF9160-SICA", {"nordic"}),
        ("SEQUANS Communications", None, {"sequans"}),
        (None, "GM02S", {"sequans"}),
        ("ZTE CORPORATION", None, {"zte"}),
        ("GOSUNCN", None, {"zte"}),
        ("Azte", None, set()),
        (None, "MF286D", {"zte"}),
        ("MeiG", None, {"meig"}),
        (None, "SLM750", {"meig"}),
        ("Altair", None, {"altair"}),
        (None, "ALT1250", {"altair"}),
        ("MediaTek Inc.", None, {"mediatek"}),
        ("MTK", None, {"mediatek"}),
        (None, "MTK6789", {"mediatek"}),
        ("Unisoc", None, {"unisoc"}),
        ("Spreadtrum", None, {"unisoc"}),
        (None, "UIS8581", {"unisoc"}),
        ("Marvell", None, {"asr"}),
        (None, "ASR1802", {"asr"}),
        (None, "Air780E", {"asr"}),
        ("Intel Corporation", None, {"intel"}),
        (None, "XMM 7360", {"intel"}),
        ("QUALCOMM INCORPORATED", None, {"qualcomm"}),
        (None, "RC400L", {"qualcomm"}),
        ("MikroTik", None, {"mikrotik"}),
        (None, "R11e-LTE6", {"mikrotik"}),
        ("Askey", None, {"askey"}),
        (None, "RTL6300", {"askey"}),
        (None, "RTL63000", set()),
        ("Inseego", None, {"inseego"}),
        ("Novatel Wireless", None, {"inseego"}),
        (None, "nvtl", {"inseego"}),
        ("Nobody", "Nothing", set()),
        (None, None, set()),
    ],
)
def test_a_modem_is_of_one_family_or_of_none(maker: str | None, model: str | None, families: set[str]) -> None:
    assert claimed_by(maker, model) == families


SERVING_5G = 'AT+QENG="servingcell";+QCAINFO'
XACT = ("AT+XACT=?", "AT+XACT?", "AT+XLEC?;+XMCI=1", "AT+XCCINFO?")


@pytest.mark.parametrize(
    ("name", "model", "plan"),
    [
        ("quectel", "BG95-M3", ('AT+QCFG="band"', 'AT+QENG="servingcell"', "AT+QNWINFO", "AT+CEREG?;+CPIN?;+CIMI")),
        ("quectel", "EC25-E", ('AT+QCFG="band"', 'AT+QENG="servingcell"', "AT+QNWINFO", "AT+QCAINFO",
                               "AT+CEREG?;+CPIN?;+CIMI", 'AT+QNWLOCK="common/lte"')),
        ("quectel", "RM500U-CN", (SERVING_5G, "AT+QNWPREFCFG=?", 'AT+QNWPREFCFG="lte_band";+QNWPREFCFG="nr5g_band"',
                                  "AT+CEREG?;+C5GREG?;+CPIN?;+CIMI", 'AT+QNWLOCK="common/lte";+QNWLOCK="common/5g"')),
        ("telit", "LE910C1-EU", ("AT#BND=?", "AT#BND?", "AT#RFSTS", "AT#MONI")),
        ("telit", "LN960A16", ("AT^SLBAND?", "AT^DEBUG?", "AT^CA_INFO?")),
        ("sierra", "EM7565", ("AT!BAND=?", "AT!BAND?", "AT!GSTATUS?", "AT!LTEINFO?", "AT!PRIID?")),
        ("sierra", "HL7812", ("AT+KBNDCFG?",)),
        ("u-blox", "SARA-R510S", ("AT+UBANDMASK=?", "AT+UBANDMASK?", "AT+UCGED?", "AT+URAT?;+UMNOPROF?")),
        ("u-blox", "TOBY-L4906", ("AT+UACT=?", "AT+UACT?", "AT+UCGED?")),
        ("u-blox", "LARA-R211", ("AT+UBANDSEL=?", "AT+UBANDSEL?", "AT+UCGED?")),
        ("simcom", "SIM7080G", ("AT+CBANDCFG=?", "AT+CBANDCFG?", "AT+CPSI?", "AT+CMNB?")),
        ("simcom", "SIM7600G-H", ("AT+CNBP?", "AT+CPSI?", "AT+CNMP?", "AT+CMGRMI=4")),
        ("simcom", "SIM8262E-M2", ("AT+CNBP?", 'AT+CSYSSEL="lte_band"', 'AT+CSYSSEL="nsa_nr5g_band"',
                                   'AT+CSYSSEL="nr5g_band"', "AT+CPSI?")),
        ("fibocom", "L850-GL", XACT),
        ("fibocom", "FM350-GL", ("AT+GTACT=?", "AT+GTACT?", "AT+GTCCINFO?", "AT+GTCAINFO?;+EMMCHLCK?")),
        ("fibocom", "FM150-AE", ("AT+GTACT=?", "AT+GTACT?", "AT+GTCCINFO?", "AT+GTCAINFO?;+GTCELLLOCK?")),
        ("foxconn", "T99W175", ("AT^BAND_PREF_EXT?", "AT^BAND_PREF?", "AT^DEBUG?", "AT^CA_INFO?;^LTE_LOCK?")),
        ("foxconn", "T99W640", ("AT+BAND_PREF?", "AT+DEBUG?", "AT+CA_INFO?")),
        ("foxconn", "T77W968", ("AT^SLBAND?", "AT^DEBUG?", "AT^CA_INFO?")),
        ("foxconn", "T77W676", ("AT^SLBAND?", "AT^RFSTS?", "AT^CA_INFO?")),
        ("asr", "ASR1802", ("AT*BAND?", "AT+EEMGINFO?", "AT*BANDIND?")),
        ("asr", "Air780E", ("AT*BAND?", "AT+CCED=0,1", "AT*BANDIND?")),
        ("meig", "SLM750", ("AT^SYSCFGEX=?", "AT^SYSCFGEX?", 'AT+MENG="servingcell"', "AT^CELLLOCK?")),
        ("meig", "SRM825", ("AT^SYSCFGEX=?", "AT^SYSCFGEX?", "AT^CELLINFO=1", "AT^CELLLOCK?")),
        ("intel", "XMM 7360", XACT),
    ],
)  # fmt: skip
def test_a_model_is_asked_what_it_knows(name: str, model: str, plan: tuple[str, ...]) -> None:
    assert dialect(name).plan(Modem(model=model)) == plan


def test_lists_of_5g_modules_of_quectel_that_share_names_are_asked_one_by_one() -> None:
    plan = dialect("quectel").plan(Modem(model="RM520N-GL"))
    assert plan[0] == SERVING_5G
    for name in ("rf_band", "policy_band", "ue_capability_band"):
        assert f'AT+QNWPREFCFG="{name}"' in plan
