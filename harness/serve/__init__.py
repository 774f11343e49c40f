"""The bench page: what is plugged in, what runs, what people are asked. An extra, but for `feed`, which runs write."""
