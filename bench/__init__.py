"""How long things take: each module prints one line to read and one line of JSON."""
