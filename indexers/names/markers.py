"""The vocabulary of release names: words that are neither a title nor a person.

Facts of section 8 of the Torznab page, and of how trackers in several languages name things.
"""

from __future__ import annotations

import re
from enum import StrEnum
from functools import lru_cache

from indexers.names.phrases import KINDS
from indexers.names.tongues import TONGUES
from tame.lib.words import romanised


class Mark(StrEnum):
    """What a word of a name says about the release."""

    AUDIO = "audio"
    EBOOK = "ebook"
    VIDEO = "video"
    MUSIC = "music"
    COMIC = "comic"
    BITRATE = "bitrate"
    FIGURE = "figure"
    YEAR = "year"
    UNABRIDGED = "unabridged"
    ABRIDGED = "abridged"
    DRAMATISED = "dramatised"
    CAST = "full cast"
    PART = "part"
    SAMPLE = "sample"
    ABOUT = "about"
    RETOLD = "retold"
    BOX_SET = "box set"
    RANGE = "range"
    NUMBER = "number"
    NARRATOR = "narrator"
    TRANSLATOR = "translator"
    LANGUAGE = "language"
    NOISE = "noise"


LANGUAGES = {
    "eng": "english en englisch anglais inglese ingles ingels engels angielski engelska engelsk"
    " englanti anglicky angol engleza anglaise inglesa englische engelse angielska ingilizce angliiskii angliiska αγγλικα 英語 英语 英文",
    "ger": "deu german deutsch deutsche allemand tedesco aleman alemao duits tyska tysk saksa"
    " niemiecki nemecky nemet germana almanca nemetskii allemande alemana tedesca duitse 独語 ドイツ語 德语",
    "fre": "fra french francais francaise franzosisch francese frances frans franska fransk ranska"
    " francesa franzosische franse francuski francouzsky francia franceza fransizca frantsuzskii フランス語 法语",
    "spa": "esp spanish espanol espanola castellano castellana spanisch espagnol spagnolo spaans"
    " spanska spansk espanja hiszpanski spanelsky spanyol spaniola ispanyolca ispanskii espagnole spagnola spanische spaanse latino",
    "ita": "italian italiano italiana italienisch italien italiaans italienska italiensk italia"
    " wloski italsky olasz italyanca italianskii italienne italienische italiaanse",
    "rus": "russian russkii russisch russe ruso russo rosyjski rusky orosz rusa rusca",
    "jpn": "jap japanese japanisch japonais japones giapponese japonski 日本語",
    "dut": "nld dutch nederlands nederlandse nederlandstalig vlaams niederlandisch neerlandais"
    " holandes olandese hollandi",
    "por": "portuguese portugues portuguesa brasileiro ptbr portugiesisch portugais portoghese",
    "swe": "swedish svensk svenska schwedisch suedois sueco svedese szwedzki ruotsi",
    "dan": "danish dansk danska danisch danois danes danese dunski tanska",
    "nor": "norwegian norsk norska bokmal nynorsk norwegisch norvegien noruego norja",
    "fin": "finnish suomi suomeksi finnisch finnois finska finsk finski",
    "pol": "polish polski polska polnisch polonais polaco polacco polskii",
    "cze": "ces czech cesky cestina cs tschechisch tcheque checo ceco czeski",
    "hun": "magyar hungarian magyarul ungarisch hongrois ungherese wegierski",
    "gre": "ell greek ελληνικα griechisch grec griego greco grecki",
    "tur": "turkish turkce turkisch turc turco turecki",
    "chi": "zho chinese mandarin cantonese chinesisch chinois chino cinese chinski 中文 国语 普通话",
    "kor": "korean koreanisch coreen coreano",
    "ara": "arabic arabisch arabe arabo",
    "heb": "hebrew hebraisch hebreu",
    "hin": "hindi",
    "ukr": "ukrainian ukrainska ukrainskii ukrainskoyu ukrainisch ukrainien ukrainski",
    "rum": "ron romanian romana romaneste rumanisch roumain rumano rumeno rumunski",
    "lat": "latin",
}
UNOFFERED = {  # read in names, but none that a profile may ask for
    "cat": "catalan catala katalanisch",
    "hrv": "croatian hrvatski kroatisch",
    "srp": "serbian srpski serbisch",
    "slv": "slovenian slovenski slovenscina",
    "slk": "slo slovak slovensky slovencina slowakisch",
    "bul": "bulgarian bulgarski balgarski bulgarisch",
    "est": "estonian eesti",
    "lav": "latvian latviesu",
    "lit": "lithuanian lietuviu",
    "ice": "isl icelandic islenska",
    "per": "persian farsi",
    "vie": "vietnamese",
}
NO_CODES = {"cat", "est", "lit", "ice", "per", "slo"}  # they are words
LANGUAGE_OF = {
    romanised(word): code
    for code, words in (LANGUAGES | UNOFFERED).items()
    for word in [code, *words.split()]
    if word not in NO_CODES
}
TWO_LETTERS = dict(
    pair.split(":")
    for pair in "en:eng de:ger fr:fre es:spa it:ita ru:rus ja:jpn nl:dut pt:por sv:swe da:dan no:nor nb:nor fi:fin pl:pol cs:cze hu:hun el:gre tr:tur zh:chi ko:kor ar:ara he:heb hi:hin uk:ukr ro:rum se:swe dk:dan jp:jpn cn:chi cz:cze gr:gre br:por ua:ukr sk:slk hr:hrv bg:bul".split()
)
SAID_BY_A_WORD = {
    "horbuch": "ger", "ungekurzt": "ger", "gekurzt": "ger", "gelesen": "ger", "lesung": "ger",
    "livre audio": "fre", "lu par": "fre", "audiolivre": "fre", "texte integral": "fre",
    "audiolivros": "por", "luisterboek": "dut", "voorgelezen door": "dut", "gelezen door": "dut",
    "ljudbok": "swe", "upplasare": "swe", "inlast av": "swe", "upplast av": "swe",
    "ungekurzte": "ger", "ungekurztes": "ger", "ungekuerzt": "ger", "horbucher": "ger",
    "gekurzte": "ger", "gelesen von": "ger", "livre lu": "fre", "lecture integrale": "fre",
    "leido por": "spa", "voz humana": "spa", "letto da": "ita",
    "czyta": "pol", "ksiazka mowiona": "pol", "朗読": "jpn", "有声书": "chi", "有声小说": "chi", "lydbog": "dan",
    "lydbok": "nor", "audiokniga": "rus ukr", "chitaet": "rus", "chitayut": "rus",
}  # fmt: skip

SCRIPTS = {
    "CYRILLIC": "rus ukr", "GREEK": "gre", "HEBREW": "heb", "ARABIC": "ara", "HIRAGANA": "jpn",
    "KATAKANA": "jpn", "HANGUL": "kor", "DEVANAGARI": "hin",
}  # fmt: skip

AUDIO_FORMATS = "m4b mp3 m4a flac aac ogg opus wma aax aaxc mp4a ape alac wav".split()
EBOOK_FORMATS = "epub mobi azw azw3 pdf djvu fb2 lit cbz cbr txt rtf kfx".split()


def _phrases(text: str) -> list[str]:
    """Parted by commas and line ends."""
    return [
        phrase for line in text.splitlines() for said in line.split(",") if (phrase := said.strip())
    ]


WITHOUT_DOTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})


def spellings(phrase: str) -> set[str]:
    """Also as those write it who have no such letters: Hörspiel is Hoerspiel."""
    bare = phrase.replace("*", "")
    return {romanised(bare), romanised(bare.translate(WITHOUT_DOTS))}


def words_for(noun: str, *, first: bool = False) -> str:
    """The words of all languages for such a part of a book, or of each only the first."""
    most = 1 if first else None
    said = [phrase for of in TONGUES.values() for phrase in _phrases(of.get(noun, ""))[:most]]
    return " ".join(dict.fromkeys(word for phrase in said for word in sorted(spellings(phrase))))


def _said(mark: Mark) -> list[str]:
    texts = [KINDS.get(mark, ""), *(of.get(mark, "") for of in TONGUES.values())]
    return [*FORMATS.get(mark, ()), *(phrase for text in texts for phrase in _phrases(text))]


def _stem(phrase: str) -> list[str]:
    inside = "\\w*" if phrase.startswith("*") else ""
    return [f"{inside}{stem}\\w*" for stem in spellings(phrase)]


# A phrase that stands under two marks has the first of them.
FORMATS = {
    Mark.AUDIO: AUDIO_FORMATS,
    Mark.EBOOK: [name for name in EBOOK_FORMATS if name not in ("cbr", "cbz")],
}
MARKS = [Mark(kind) for kind in KINDS]
PHRASES: dict[tuple[str, ...], Mark] = {}
STEMMED: dict[tuple[str, ...], list[tuple[str, Mark]]] = {}  # by all words but the last
for _mark in MARKS:
    for _phrase in _said(_mark):
        for _spelling in sorted(spellings(_phrase)):
            *_words, _last = _spelling.split() or [""]
            if "*" not in _phrase:
                PHRASES.setdefault((*_words, _last), _mark)
            elif _words:
                STEMMED.setdefault(tuple(_words), []).append((_last, _mark))
LONGEST = max(map(len, PHRASES))
LONGEST_FROM: dict[str, int] = {}  # words of the longest phrase that begins with this one
for _key in [*PHRASES, *((*_begin, "*") for _begin in STEMMED)]:
    LONGEST_FROM[_key[0]] = min(max(LONGEST_FROM.get(_key[0], 0), len(_key)), LONGEST)
STEMS = {
    mark: re.compile("|".join(stems))
    for mark in MARKS
    if (stems := [s for p in _said(mark) if "*" in p and " " not in p for s in _stem(p)])
}


@lru_cache(maxsize=8192)
def stem_mark(word: str) -> Mark | None:
    """Of words that change their endings; `nieskrócony` is no `skrócony`: unabridged is first."""
    return next((mark for mark, stems in STEMS.items() if stems.fullmatch(word)), None)


def phrase_mark(words: tuple[str, ...]) -> Mark | None:
    if mark := PHRASES.get(words):
        return mark
    if len(words) == 1:
        return stem_mark(words[0])
    endings = STEMMED.get(words[:-1], ())
    return next((mark for stem, mark in endings if words[-1].startswith(stem)), None)


# --- Languages that a phrase hints at -------------------------------------------------------------

HINTING = (Mark.AUDIO, Mark.UNABRIDGED, Mark.NARRATOR)
LEAST_HINT = 5  # letters; shorter words are those of several languages
NO_HINTS = {"legge", "interpret", "integral", "complet", "komplett", "fragment"}  # or a name
HINTS: dict[str, set[str]] = {}  # not of English, whose words stand in names of all languages
for _code, _of in TONGUES.items():
    _of = {} if _code == "eng" else _of
    for _phrase in _phrases(",".join(_of.get(mark, "") for mark in HINTING)):
        for _spelling in spellings(_phrase):
            if len(_spelling) >= LEAST_HINT and _spelling not in NO_HINTS:
                HINTS.setdefault(_spelling, set()).add(_code)
FUNCTION_WORDS = {
    code: frozenset(romanised(word) for word in of.get("function", "").split())
    for code, of in TONGUES.items()
}
