"""What is asked and what is declared: carrier profiles, their editions and requirements, and device sheets.

Everything here is a value read from YAML; nothing knows a link, a probe or a survey.
"""
