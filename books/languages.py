"""Languages that a person may choose, by their ISO 639-2 codes, and how sources name them."""

from __future__ import annotations

from tame.lib.words import normalise

LANGUAGES = {
    "eng": "English",
    "ara": "Arabic",
    "chi": "Chinese",
    "cze": "Czech",
    "dan": "Danish",
    "dut": "Dutch",
    "fin": "Finnish",
    "fre": "French",
    "ger": "German",
    "gre": "Greek",
    "heb": "Hebrew",
    "hin": "Hindi",
    "hun": "Hungarian",
    "ita": "Italian",
    "jpn": "Japanese",
    "kor": "Korean",
    "lat": "Latin",
    "nor": "Norwegian",
    "pol": "Polish",
    "por": "Portuguese",
    "rum": "Romanian",
    "rus": "Russian",
    "spa": "Spanish",
    "swe": "Swedish",
    "tur": "Turkish",
    "ukr": "Ukrainian",
}
OTHERS = {"cat": "Catalan", "epo": "Esperanto", "ice": "Icelandic", "san": "Sanskrit"}
TWO_LETTERS = {
    "ar": "ara", "ca": "cat", "cs": "cze", "da": "dan", "de": "ger", "el": "gre", "en": "eng",
    "eo": "epo", "es": "spa", "fi": "fin", "fr": "fre", "he": "heb", "hi": "hin", "hu": "hun",
    "is": "ice", "it": "ita", "ja": "jpn", "ko": "kor", "la": "lat", "nb": "nor", "nl": "dut",
    "no": "nor", "pl": "pol", "pt": "por", "ro": "rum", "ru": "rus", "sa": "san", "sv": "swe",
    "tr": "tur", "uk": "ukr", "zh": "chi",
}  # fmt: skip
TERMINOLOGICAL = {
    "ces": "cze", "deu": "ger", "ell": "gre", "fra": "fre", "isl": "ice", "nld": "dut",
    "nob": "nor", "ron": "rum", "zho": "chi",
}  # fmt: skip
OWN_NAMES = {
    "deutsch": "ger", "francais": "fre", "espanol": "spa", "castilian": "spa", "italiano": "ita",
    "nederlands": "dut", "portugues": "por", "polski": "pol", "svenska": "swe", "dansk": "dan",
    "norsk": "nor", "suomi": "fin", "latina": "lat",
}  # fmt: skip
NAMES = {normalise(name): code for code, name in (LANGUAGES | OTHERS).items()} | OWN_NAMES


def code_of(text: str) -> str:
    """The ISO 639-2 code of a language named by a code of two or three letters or by its name, as
    in en, en-GB, deu, English, Ancient Greek; empty for what is not known."""
    words = normalise(text).split()
    for word in words[:1] + words[-1:]:
        known = TERMINOLOGICAL.get(word, word)
        if known in LANGUAGES or known in OTHERS:
            return known
        if code := TWO_LETTERS.get(word) or NAMES.get(word):
            return code
    return ""
