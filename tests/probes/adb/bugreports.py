"""Bugreports in dumpstate's format, with made-up values and as much log around them as a test wants."""

import io
import zipfile

import adb_samples as samples

RULE = "-" * 79 + "\n"
LOG_LINE = (
    "05-07 20:11:41.123  1000  1234  5678 I ActivityManager: Process com.example.app (pid 1234) has died: prcp TOP\n"
)
ZONE = "[persist.sys.timezone]: [Europe/Berlin]\n"
SETTINGS = "GLOBAL SETTINGS (user 0)\n_id:12 name:preferred_network_mode1 pkg:com.android.phone value:33 default:33\n"


def service(name, text, *, ended="2026-05-07 20:11:51", rank=""):
    return f"{RULE}DUMP OF SERVICE {rank}{name}:\n{text}--------- 0.024s was the duration of dumpsys {name}, ending at: {ended}\n"


def report(*, megabytes=0.0, registry=samples.A15, properties=samples.GETPROP + ZONE, more=""):
    log = LOG_LINE * int(megabytes * 1_000_000 / len(LOG_LINE))
    return (
        "=" * 56 + "\n== dumpstate: 2026-05-07 20:11:40\n" + "=" * 56 + "\n\nBuild: X\nBootloader: unknown\n\n"
        "------ SYSTEM LOG (logcat -v threadtime -d *:v) ------\n--------- beginning of main\n"
        + log
        + "------ 1.234s was the duration of 'SYSTEM LOG' ------\n\n"
        + "------ RADIO LOG (logcat -b radio -v threadtime -d *:v) ------\n"
        + samples.SST_LOG
        + "------ 0.345s was the duration of 'RADIO LOG' ------\n\n"
        + (
            f"------ SYSTEM PROPERTIES (getprop) ------\n{properties}"
            "------ 0.056s was the duration of 'SYSTEM PROPERTIES' ------\n\n"
        )
        + service("SurfaceFlinger", samples.A11, rank="CRITICAL ")
        + (service("telephony.registry", registry) if registry else "")
        + service("isub", samples.ISUB_14)
        + service("settings", SETTINGS)
        + more
    )


def zipped(text, name="bugreport-x-2026-05-07-20-11-40.txt"):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("version.txt", "2.0")
        archive.writestr("main_entry.txt", name)
        archive.writestr("FS/data/anr/anr_1", "mServiceState=no")
        archive.writestr(name, text)
    return out.getvalue()
