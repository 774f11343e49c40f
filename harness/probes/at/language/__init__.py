"""What all modems have in common: answers, facts made of fields, the bases of band numbers."""
