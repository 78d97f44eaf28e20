"""An Audiobookshelf on loopback that reads a real folder and has the quirks that were measured.

A scan answers at once, is done later, and is dropped while another runs; a filter it does not know
lists everything; authors as plain texts wipe all authors; a 401 is plain text; what it says of a
person holds a token that never expires. The demo runs it, and the tests make it misbehave.
"""
