"""The forms in which a proforma travels, one module a form."""
