"""Shapes of single words, and words with a number between or behind them: 64kbps, Part 2 of 3."""

# ruff: noqa: E501 - vocabulary, a phrase after the other

from __future__ import annotations

from indexers.names.markers import Mark, words_for
from tame.lib.words import ORDINALS, UNITS, romanised

EPISODES = words_for("episodes")

# --- Words and a number between or behind them ----------------------------------------------------

_CHAPTERS = (
    f"{words_for('chapters')} chapter chapters chap chaps ch chs chapitre chapitres kapitel kapittel kap capp cap capitoli capitolo capitulo"
    " capitulos hoofdstuk hoofdstukken glava glavy rozdzial rozdzialy scene scenes act acts canto cantos stave staves"
    " stanza stanzas giornata jornada journee atto acte acto akt aufzug gesang chant file files track tracks cds cd disc discs disk disks tape tapes letters sonnets"
)
_PARTS = f"{words_for('parts')} part parts pt pts teil teile partie parties parte partes parti deel delen del delar chast chasti czesc period phase half halfte moitie mitad meta helft polowa polovina halva"
_VOLUMES = (
    f"{words_for('volumes')} {EPISODES} book books bk volume volumes volumen volumenes vol vols band bande bd tome tomes tom tomo tomos tomi livre livres libro libros libri"
    " buch bok boker kniga knigi bind svazek"
)
_SINGULAR = "|".join(f"{words_for('parts', first=True)} dil kisim".split())
_OF = "|".join(dict.fromkeys(f"of av iz {words_for('of')}".split()))
_BEFORE = "|".join(map(romanised, ("その", "パート", "ディスク", "巻")))
_LEVEL = "level|stage|stufe|niveau|nivel|livello|nivea|niva|poziom|uroven|taso|stopnia|seviye"
_COUNTED = (
    "audiobooks|audio books|audiobook collection|horbucher|horbuch|livres audio|audiolibros|audiolibri|audiolivros"
    "|luisterboeken|ljudbocker|lydboger|audiobookow|audioknig|novels|romane|romans|romanzi|novelas|romanov|knig"
    "|romaner|powiesci"
)
_WORKS = (
    "books|stories|plays|works|titles|tales|poems|essays|writings|novellas|novels|erzahlungen|geschichten|marchen"
    "|novellen|nouvelles|contes|recits|cuentos|relatos|racconti|storie|contos|rasskazov|rasskazy|povesti|opowiadan"
    "|opowiadania|verhalen|berattelser|noveller"
)
_OTHER = "and other|und andere|und weitere|et autres|y otros|y otras|e altri|e altre|e outros|i drugie|i inne|en andere|och andra|og andre"
_MORE = f"{_OTHER}|and selected|and more|and further|und ausgewahlte|et quelques"
_COLLECTED = "gesammelte werke|samtliche werke|collected works|complete works|selected works|oeuvres completes|obras completas|opere complete"
_AND = "and|plus|with|und|et|y|e|i|en|och|og"
_FEW = "two|three|four|five|six|seven|eight|nine|ten|twelve|zwei|drei|vier|deux|trois|quatre|due|tre|quattro|dos|tres|cuatro"
_FIRST = "|".join(ORDINALS)
_NTH = "(?:st|nd|rd|th|er|ere|re|eme|e|ste|de|a|o)"
_N = rf"(?:\d{{1,3}}{_NTH}?|[ivx]{{1,6}}|{'|'.join(list(UNITS)[1:13])}|(?:the )?(?:{_FIRST}))"
_TO = "(?:to |bis |and |thru |through |a |al |i |y |e |et |und |en |och |do |po |till |til |tot )?"


def _one_of(words: str) -> str:
    return f"(?:{'|'.join(words.split())})"


# Patterns, compiled when the first name is read: every command would wait for them.
SHAPES = [
    (Mark.BITRATE, r"\d{2,4}k(?:b|bs|bps|bit|bits)?|\d{2,4}kbits?"),
    (Mark.NOISE, r"v\d"),
    (Mark.PART, r"(?:cd|disc|disk|dvd|pt)\d{1,2}"),
    (Mark.PART, "第[一二三四五六七八九十百]+[章回巻卷部集话話節节]"),
    (Mark.PART, rf"\d{{1,2}}(?:{_OF})\d{{1,3}}"),
    (Mark.RETOLD, "[ab][12]"),  # levels of those who learn the language
    (Mark.FIGURE, r"\d{1,3}(?:cds?|mb|gb|hrs?|h|khz|min|m)"),
    (Mark.FIGURE, "32|48|56|64|80|96|112|128|160|192|224|256|320"),
    (Mark.YEAR, r"1[4-9]\d\d|20[0-4]\d"),
    (Mark.AUDIO, r"m4b\d*|mp3s"),
    (Mark.BOX_SET, r"\d{1,2}in1"),
]

GAPS = [
    (Mark.FIGURE, r"(?:cd|cds|disc|discs) x \d{1,2}\b"),
    (Mark.FIGURE, r"\d{1,3} (?:hrs?|hours?|h|std|stunden|heures|horas|ore|uur|godz) \d{1,2}\b(?: (?:m|mins?|minutes|minuten))?"),
    (Mark.FIGURE, r"all (?:\w+ )?(?:stories|tales|poems|fables|essays|letters)\b"),
    (Mark.NOISE, rf"(?:{_COLLECTED}) (?:band|vol|volume|tome|tomo|tom|deel) \d{{1,2}}\b"),
    (Mark.BOX_SET, rf"complete (?:[^\d\s]+ ){{1,3}}(?:{_WORKS}|adventures|mysteries|cases)\b"),
    (Mark.BOX_SET, rf"(?:\d|{_FEW}) (?:{_WORKS}) in (?:1|one)\b"),
    (Mark.PART, rf"{_one_of(_CHAPTERS)} {_N} {_TO}{_N}\b"),
    (Mark.PART, rf"{_one_of(f'{_CHAPTERS} {_PARTS} {_VOLUMES}')} {_N} (?:{_OF}) {_N}\b"),
    (Mark.PART, rf"\d{{1,2}} (?:{_OF}) \d{{1,3}}\b"),
    (Mark.PART, rf"\d{{1,2}} (?:{_SINGULAR})\b"),
    (Mark.PART, rf"(?:{_BEFORE}) \d{{1,2}}\b"),
    (Mark.RETOLD, rf"(?:{_LEVEL}) (?:[1-6]|[abc][12])\b"),
    (Mark.PART, r"(?:side|seite|face|lado|lato) [abcd]\b"),
    (Mark.BITRATE, r"[cv]br \d{2,3}\b"),
    (Mark.RANGE, rf"{_one_of(f'{_PARTS} {_VOLUMES}')} {_N} {_TO}{_N}\b"),
    (Mark.PART, r"第 \d{1,4} (?:\d{1,4} )?[章回巻卷部集話话節节]"),
    (Mark.UNABRIDGED, r"全 \d{1,4} [章回巻卷部集話话節节]"),
    (Mark.BOX_SET, r"\d{1,2} (?:vols?|volumes|tomes|bande|tomos|volumi|delen|parts|tomov|tomow)\b"),
    (Mark.PART, "1 (?:chapter|kapitel|chapitre|capitolo|capitulo|hoofdstuk|part|teil|partie|parte|deel|del)\\b"),
    (Mark.BOX_SET, rf"(?:{_MORE}) (?:\w+ ){{0,2}}(?:{_WORKS})\b"),
    (Mark.BOX_SET, rf"(?:{_OTHER}) \w+\b"),
    (Mark.BOX_SET, rf"(?:{_AND}) (?:\d{{1,3}}|{_FEW}) (?:\w+ ){{0,2}}(?:{_WORKS})\b"),
    (Mark.YEAR, r"(?:1[4-9]|20)\d\d (?:to |bis |do )?(?:1[4-9]|20)\d\d\b"),
    (Mark.NOISE, r"version \d{1,2}\b"),  # of LibriVox, which reads some books again
    (Mark.BOX_SET, r"\d{1,2} in (?:1|one|eins|uno)\b"),
    (Mark.DRAMATISED, r"\d{1,3} (?:episodes|episodios|episodi|folgen|afleveringen|avsnitt|odcinkow)\b"),
    (Mark.ABOUT, r"\d{1,2} minutes\b(?! \d)"),
    (Mark.BOX_SET, rf"\d{{1,3}} (?:\w+ ){{0,2}}(?:{_COUNTED}|{_WORKS})\b"),
    (Mark.BOX_SET, rf"(?:{_FEW}) (?:\w+ )?(?:{_COUNTED})\b"),
    (Mark.BITRATE, r"\d{2,4} (?:kbps|kbs|kbits?|kb s|kb|bit)\b"),
    (Mark.BITRATE, r"kbps\b"),
    (Mark.FIGURE, r"\d{1,4} (?:hrs?|hours?|std|stunden|heures|horas|ore|uur|timmar|godzin|minutes|mins?|min|chapters|chapitres|capitoli|kapitel|tracks|files|cds?|discs|tapes|mb|gb|mib|gib|khz|h)\b"),
    (Mark.PART, rf"{_one_of(f'{_CHAPTERS} {_PARTS}')} {_N}\b(?! k)"),
    (Mark.PART, rf"(?:{_FIRST}|\d{{1,2}}{_NTH}) {_one_of(f'{_CHAPTERS} {_PARTS}')}\b"),
    (Mark.NUMBER, rf"{_one_of(f'{_VOLUMES} no nr number t')} {_N}\b"),
    (Mark.NUMBER, rf"\d{{1,3}} {_one_of(EPISODES)}\b"),
    (Mark.NUMBER, rf"(?:{_FIRST}) {_one_of(_VOLUMES)}\b"),
]  # fmt: skip
# A gap begins with digits or with one of these.
GAP_WORDS = frozenset(
    f"{_CHAPTERS} {_PARTS} {_VOLUMES} {_FEW} {_FIRST} all complete {_COLLECTED} {_MORE} {_AND} version 第 全 {_BEFORE} side seite face lado lato cbr vbr {_LEVEL} kbps no nr number t".replace(
        "|", " "
    ).split()
)
