"""(edition, survey) -> verdicts. Pure."""
