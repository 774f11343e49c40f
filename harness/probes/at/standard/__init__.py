"""3GPP commands of TS 27.007 and 27.005, which every modem answers."""
