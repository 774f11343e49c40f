"""Recordings composed for the tests."""

from harness.recording.exchange import Exchange, Recording, RecordingInfo


def at_answer(*lines, final="OK"):
    body = "".join(f"\r\n{line}" for line in lines)
    return (f"{body}\r\n" if lines else "").encode() + f"\r\n{final}\r\n".encode()


def modem_recording(name, answers, *, elapsed_ms=2.0, **extra):
    """Answers: request -> tuple of lines (OK follows), or bytes as they are."""
    exchanges = tuple(
        Exchange(request, answer if isinstance(answer, bytes) else at_answer(*answer), elapsed_ms=elapsed_ms)
        for request, answer in answers.items()
    )
    return Recording(RecordingInfo(name, "composed", extra={"simulation": extra} if extra else {}), {"at": exchanges})


def handset_recording(name, answers, *, elapsed_ms=2.0):
    """Answers: command -> bytes, or (stdout, stderr, exit code)."""
    exchanges = []
    for request, answer in answers.items():
        stdout, stderr, code = answer if isinstance(answer, tuple) else (answer, b"", 0)
        exchanges.append(Exchange(request, stdout, code, stderr, elapsed_ms=elapsed_ms))
    return Recording(RecordingInfo(name, "composed"), {"adb": tuple(exchanges)})


COMMON = {
    "AT+GCAP": ("+GCAP: +CGSM,+CLTE2",),
    "AT+CGSN": ("490154203237518",),
    "AT+CIMI": ("310410123456789",),
    "AT+CPIN?": ("+CPIN: READY",),
    "AT+CFUN?": ("+CFUN: 1",),
    "AT+CSQ": ("+CSQ: 20,99",),
    "AT+CREG?": ('+CREG: 2,1,"1A2D","0105FF0B",7',),
    "AT+CGREG?": ('+CGREG: 2,1,"1A2D","0105FF0B",7',),
    "AT+CEREG?": ('+CEREG: 2,1,"1A2D","0105FF0B",7',),
    "AT+COPS?": ('+COPS: 0,0,"AT&T",7',),
    "AT+CGDCONT=?": (
        '+CGDCONT: (1-16),"IP",,,(0),(0)',
        '+CGDCONT: (1-16),"IPV6",,,(0),(0)',
        '+CGDCONT: (1-16),"IPV4V6",,,(0),(0)',
    ),
    "AT+CLCK=?": ('+CLCK: ("SC","FD","PS")',),
    "AT+CSCS=?": ('+CSCS: ("GSM","IRA","UCS2")',),
    'AT+CLCK="SC",2': ("+CLCK: 0",),
    'AT+CLCK="FD",2': ("+CLCK: 0",),
    'AT+CLCK="PS",2': ("+CLCK: 0",),
    "AT+CRSM=176,12258,0,0,10": ('+CRSM: 144,0,"98101430121181157002"',),
    "AT+CNUM": (),
}
OPERATOR = {"long": "AT&T", "short": "AT&T", "numeric": "310410"}

TELIT = {
    **COMMON,
    "ATI": ("Telit", "LE910C1-NF", "25.20.001"),
    "AT+CGMI": ("Telit",),
    "AT+CGMM": ("LE910C1-NF",),
    "AT+CGMR": ("25.20.001",),
    "AT#SWPKGV": ("25.20.001-P0F.250700", "M0F.250007", "P0F.250700", "A0F.250007"),
    "AT+WS46=?": ("+WS46: (12,22,25,28,29,30,31)",),
    "AT+WS46?": ("+WS46: 31",),
    "AT#BND=?": ("#BND: (0),(0-11,17,18),(1-381A)",),
    "AT#BND?": ("#BND: 0,11,2808",),
    "AT#RFSTS": ('#RFSTS: "310 410",5110,-95,-66,-10,1A2D,FF,,1280,19,1,105FF0B,"310410123456789","AT&T",3,12,89,0,0',),
}
U_BLOX = {
    **COMMON,
    "ATI": ("Manufacturer: u-blox", "Model: TOBY-L200-02S-01", "Revision: 09.71"),
    "AT+CGMI": ("u-blox",),
    "AT+CGMM": ("TOBY-L200",),
    "AT+CGMR": ("09.71",),
    "AT+WS46=?": ("+WS46: (12,22,25,28,29,30,31)",),
    "AT+WS46?": ("+WS46: 31",),
    "AT+URAT=?": ("+URAT: (0-6),(0,2,3)",),
    "AT+URAT?": ("+URAT: 4,3",),
    "AT+UBANDSEL=?": ("+UBANDSEL: (700,850,1700,1900,2600)",),
    "AT+UBANDSEL?": ("+UBANDSEL: 700,850,1700,1900",),
    "AT+UPINCNT": ("+UPINCNT: 3,10,3,10",),
    "AT+CCID": ("+CCID: 8901410321111851072",),
}
CINTERION = {
    **COMMON,
    "ATI": ("Cinterion", "PLS62-W", "REVISION 02.000"),
    "AT+CGMI": ("Cinterion",),
    "AT+CGMM": ("PLS62-W",),
    "AT+CGMR": ("REVISION 02.000",),
    "AT+WS46=?": ("+WS46: (12,22,25,28,29,30,31)",),
    "AT+WS46?": ("+WS46: 31",),
    "AT^SCFG=?": (
        '^SCFG: "Radio/Band/2G",("00000001"-"0000000f"),,("0","1")',
        '^SCFG: "Radio/Band/3G",("00000001"-"00000099"),,("0","1")',
        '^SCFG: "Radio/Band/4G",("00000001"-"080808df"),("00000001"-"000001e0"),("0","1")',
    ),
    "AT^SCFG?": (
        '^SCFG: "Radio/Band/2G","0000000f"',
        '^SCFG: "Radio/Band/3G","00000099"',
        '^SCFG: "Radio/Band/4G","0808000a","00000100"',
    ),
    'AT^SCFG="Radio/Band/4G"': ('^SCFG: "Radio/Band/4G","0808000a","00000100"',),
    'AT^SCFG="Radio/Band/3G"': ('^SCFG: "Radio/Band/3G","00000099"',),
}

MODEM_FILES = modem_recording("modem", TELIT, elapsed_ms=1.0)


def write_recording(folder, recording):
    from harness.recording.writer import RecordingWriter

    with RecordingWriter(folder, recording.info, reveal=True) as writer:
        for kind, exchanges in recording.links.items():
            for exchange in exchanges:
                writer.append(kind, exchange)
    return folder
