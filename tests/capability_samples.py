"""The files of each set of real UE capabilities, by the name of the set."""

SAMPLES = {
    "ueCapHexEutra": ("ueCapHexEutra.hex",),
    "ueCapHexNr": ("ueCapHexNr.hex",),
    "ueCapHexMrdcSplit": (
        "ueCapHexMrdcSplit_eutra.hex",
        "ueCapHexMrdcSplit_nr.hex",
        "ueCapHexMrdcSplit_eutra-nr.hex",
    ),
    "exportedPduMrdcMixedSplit": ("exportedPduMrdcMixedSplit.pcap",),
    "nsgNr": ("nsgNr.txt",),
    "0xB0CD-v32": ("0xB0CD-v32.txt",),
}
