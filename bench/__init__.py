"""How long things take, and how often the judge is right: lines to read, and a line of JSON."""
