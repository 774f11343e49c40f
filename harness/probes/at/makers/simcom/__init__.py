"""SIMCom modems."""
