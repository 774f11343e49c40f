"""Only listed read forms pass; resets and restores never do."""

import pytest

from harness.links.read_only import is_read, is_scan, is_shell_read

READS = [
    "AT",
    "ATI",
    "ATE0",
    "ATE1",
    "ATV1",
    "AT+CGMI",
    "AT+CGMM",
    "AT+CGMR",
    "AT+CGSN",
    "AT+CIMI",
    "AT+CSQ",
    "AT+CESQ",
    "AT+CMEE=2",
    "AT+COPS=3,2",
    "AT+CEREG=2",
    "AT+CREG?",
    "AT+COPS?",
    "AT+CPIN?",
    'AT+QENG="servingcell"',
    'at+qeng="neighbourcell"',
    "AT+QNWINFO",
    "AT+QCAINFO",
    "AT+QNWINFO;+QCAINFO",
    'AT+QCFG="band"',
    'AT+QNWPREFCFG="lte_band"',
    'AT+QNWPREFCFG="ue_capability_band"',
    "AT+QSPN",
    "AT+QGMR",
    "AT+QCCID",
    "AT+CPSI?",
    'AT+CSYSSEL="nr5g_band"',
    "AT#RFSTS",
    "AT#RFSTS?",
    "AT#SERVINFO",
    "AT#MONI",
    "AT#CAINFO?",
    "AT#BND?",
    "AT#BND=?",
    "AT!GSTATUS?",
    "AT!NRINFO?",
    "AT!BAND?",
    "AT!BAND=?",
    "AT^SMONI",
    'AT^SCFG="Radio/Band/4G"',
    "AT^SCFG?",
    "AT^SCFG=?",
    "AT^HCSQ?",
    "AT^MONSC",
    "AT^SYSINFOEX",
    "AT^SYSCFGEX?",
    "AT+XMCI=1",
    "AT+UCGED=2",
    "AT+UCGED=5",
    "AT+UCGED?",
    "AT^CELLINFO=1",
    'AT%GETCFG="BAND"',
    "AT+SPLBAND=0",
    "AT%XCBAND",
    "AT%XCBAND=?",
    "AT%XMONITOR",
    "AT%XBANDLOCK?",
    "AT+SQNMONI=7",
    "AT+GTACT?",
    "AT+GTCCINFO?",
    "AT^BAND_PREF?",
    "AT^CA_INFO?",
    "AT+EPBSE=?",
    "AT+EPBSE?",
    "AT*BANDIND?",
    "AT$QCBANDPREF?",
    "AT+CNBP?",
    "AT+XACT?",
    "AT + COPS ?",
    "at#5gctl?",
    "AT+SIMCOMATI",
]
CHANGES = [
    "AT&F",
    "ATZ",
    "AT&W",
    "AT+CFUN=1,1",
    "AT+CFUN=4",
    "AT#XRESET",
    "AT+QCAINFO=1;+QCAINFO;+QCAINFO=0",
    "AT+XACT=2,,,0",
    "AT!RESET",
    "AT#REBOOT",
    "AT^BAND_PREF",
    "AT^BAND_PREF_EXT",
    "AT^BAND_PREF=LTE,2,1:2",
    "AT+QPRTPARA",
    'AT+QNWPREFCFG="restore_band"',
    'AT+QNWPREFCFG="all_band_reset"',
    'AT+QNWPREFCFG="lte_band",1:2:3',
    'AT+QNWPREFCFG="restore_band"?',
    'AT+QCFG="band",0,1,0',
    "AT#BND=0,0,1",
    "AT+COPS=0",
    'AT+COPS=1,2,"26201"',
    'AT^SCFG="Radio/Band/4G","1"',
    'AT+CSYSSEL="lte_band",1',
    "AT+SPLBAND=1,0",
    "AT+QNWINFO;+CFUN=0",
    "AT+CGMM;&F",
    "AT+QNWINFO;+QNWINFO=1",
    "ATD123",
    "ATH",
    'AT+CPIN="1234"',
    "AT+EGMR=1,7",
    'AT!ENTERCND="A710"',
    "hello",
    "",
    "AT\rATZ",
    "AT+CGMM\r",
    'AT+QCFG="band";Z',
    "AT+CREG=2;+CFUN=1",
    "AT+CMEE=3",
    'AT+QCFG="band"=1',
    "ATE2",
    'AT%GETCFG="A";%SETCFG="B"',
]


@pytest.mark.parametrize("command", READS)
def test_read_forms_pass(command):
    assert is_read(command)


@pytest.mark.parametrize("command", [*CHANGES, "AT+COPS=?", "AT+QSCAN=3,1", "AT#CSURVC"])
def test_everything_else_is_no_read(command):
    assert not is_read(command)


def test_scans_are_known_as_scans():
    assert is_scan("AT+COPS=?")
    assert is_scan("AT+QSCAN=3,1")
    assert not is_scan("AT+COPS?")
    assert not is_scan("AT+COPS=?;+CFUN=0")


def test_a_family_can_add_reads_but_no_reset():
    forms = (r"AT\+NEWCELL=1", r"AT.*")
    assert not is_read("AT+NEWCELL=1")
    assert is_read("AT+NEWCELL=1", forms)
    assert not is_read("AT&F", forms)
    assert not is_read("AT^BAND_PREF", forms)
    assert not is_read("AT+NEWCELL=1")


@pytest.mark.parametrize(
    "command",
    [
        "getprop",
        "getprop ro.product.model",
        "dumpsys telephony.registry",
        "dumpsys telephony.registry | grep mServiceState",
        "dumpsys isub 2>/dev/null",
        "settings get global preferred_network_mode1",
        "cmd phone get-allowed-network-types-for-users -s 0",
        "logcat -b radio -d",
        "logcat -d -b radio -t 2000",
        "logcat -b radio -d -v time | grep -E 'RILJ|NetworkTypeController' | tail -n 200",
        "pm list packages",
        "pm list packages -d",
        "cat /proc/version",
        "cat /system/build.prop",
        "ip link",
        "pm path com.google.android.gms",
        "uname -a",
    ],
)
def test_shell_reads_pass(command):
    assert is_shell_read(command)


@pytest.mark.parametrize(
    "command",
    [
        "setprop a b",
        "dumpsys battery unplug",
        "dumpsys telephony.registry; reboot",
        "getprop && reboot",
        "getprop $(reboot)",
        "getprop `reboot`",
        "reboot",
        "settings put global x 1",
        "logcat -c",
        "logcat -b radio -c",
        "logcat -b radio",
        "cat /dev/smd7",
        "cat /proc/version > /sdcard/x",
        "getprop | sh",
        "cmd phone set-allowed-network-types-for-users 1",
        "am start -n x",
        "su -c id",
        "getprop\nreboot",
        "pm uninstall x",
        "date 010100002020",
        "getprop | tee /sdcard/x",
        "svc data disable",
        "",
        'getprop | grep "$(reboot)"',
        "grep x",
    ],
)
def test_other_shell_commands_do_not(command):
    assert not is_shell_read(command)


@pytest.mark.parametrize(
    ("command", "allowed"),
    [
        ("content query --uri content://telephony/siminfo --projection sim_id:mcc_string:mnc_string:carrier_id", True),
        ("content query --uri content://telephony/siminfo --projection _id", True),
        ("content query --uri content://telephony/siminfo", False),
        ("content query --uri content://telephony/siminfo --projection number", False),
        ("content query --uri content://telephony/siminfo --projection sim_id:number:mcc", False),
        ("content query --uri content://telephony/siminfo --projection icc_id", False),
        ("content query --uri content://telephony/siminfo --projection display_name", False),
        ("content query --uri content://telephony/siminfo/1", False),
        ("content query --uri content://telephony/carriers", False),
        ("content query --uri content://telephony/carriers/preferapn", False),
        ("content query --uri content://settings/global", True),
    ],
)
def test_of_subscriptions_only_columns_without_a_number_are_asked(command, allowed):
    assert is_shell_read(command) is allowed
    assert is_shell_read(f"{command} | head -1") is allowed
