"""How handsets print: braces, words, what pasting puts around it."""
