"""The questions that a history answers, one module a question: a store in, one table out."""
