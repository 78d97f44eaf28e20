"""Words that are spelt in several ways: one key for all spellings of a word.

`spelling` is sure: British and American English. `loose_key` is for an index, whose finds are
looked at more closely: umlauts, the several ways of writing Russian, Ukrainian or Greek in Latin
letters, numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tame.lib.words import number_of

OUR = (
    "arb arm ard behavi cand clam col dol endeav fav ferv flav glam harb hon hum lab mal neighb od "
    "parl ranc rig rum sav savi splend tum val vap vig"
)
RE = "cent theat calib fib lit lust meag met och sab scept sepulch somb spect"
DOUBLED = "cance counse enamel equa fue jewe labe leve marve mode quarre signa trave woo"
SPELT = [
    (re.compile(pattern), written)
    for pattern, written in (
        (rf"({'|'.join(OUR.split())})our", r"\1or"),
        (rf"^({'|'.join(RE.split())})re(s?)$", r"\1er\2"),
        (r"^(amphitheat)re(s?)$", r"\1er\2"),
        (rf"^({'|'.join(DOUBLED.split())})ll(?=[a-z])", r"\1l"),
        (r"(?<=\w{3})([iy])s(e|ed|er|ers|es|ing|ation|ations)$", r"\1z\2"),
        (r"^(def|off|lic|pret)ence(s?)$", r"\1ense\2"),
        (r"(catal|dial|epil|prol|monol|travel)ogue", r"\1og"),
        (r"^gray(?=s?$|ish$|ness$|er$|ed$|ing$)", "grey"),
        (r"^(plough)", "plow"),
        (r"^compleat$", "complete"),
        (r"^sp[oa]ke$", "spoke"),
        (r"^(skil|wil|fulfil)l(?=ful$|s?$|ment$)", r"\1"),
        (r"^(encyclop|medi|arch)ae", r"\1e"),
    )
]
LOOSE = [  # in this order
    ("shch", "s"), ("tsch", "c"), ("tch", "c"), ("sch", "s"), ("sh", "s"), ("sc", "s"),
    ("ch", "c"), ("zh", "z"), ("kh", "h"), ("ph", "f"), ("th", "t"), ("ts", "c"), ("tz", "c"),
    ("cz", "c"), ("ck", "k"), ("ks", "x"), ("dj", "j"), ("ae", "a"), ("oe", "o"), ("ue", "u"),
    ("yo", "e"), ("jo", "e"), ("ya", "a"), ("ja", "a"), ("ia", "a"), ("yu", "u"), ("ju", "u"),
    ("iu", "u"), ("ye", "e"), ("je", "e"), ("ie", "e"), ("ou", "u"), ("y", "i"), ("j", "i"),
    ("w", "v"), ("h", "g"),
]  # fmt: skip
DOUBLE = re.compile(r"([^\W\d_])\1+")


@lru_cache(maxsize=32768)
def spelling(word: str) -> str:
    """Of a normalised word: colour is color, grey gray, theatre theater, organise organize."""
    for pattern, written in SPELT:
        word = pattern.sub(written, word)
    return word


@lru_cache(maxsize=32768)
def loose_key(word: str) -> str:
    """Of a romanised word. Jaeger is Jäger, Asja is Asya, Haidamaky Гайдамаки, twenty 20; now and
    then two words share one. Never empty."""
    if (number := number_of(word)) is not None:
        return str(number)
    key = DOUBLE.sub(r"\1", spelling(word))
    for written, heard in LOOSE:
        key = key.replace(written, heard)
    return DOUBLE.sub(r"\1", key) or word
