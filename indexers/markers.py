"""The vocabulary of release names: words that are neither a title nor a person.

Facts of section 8 of the Torznab page, and of how trackers in several languages name things.
"""

from __future__ import annotations

import re
from enum import StrEnum

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
    "eng": "english en",
    "ger": "deu german deutsch",
    "fre": "fra french francais",
    "spa": "esp spanish espanol castellano",
    "ita": "italian italiano",
    "rus": "russian russkii",
    "jpn": "jap japanese",
    "dut": "nld dutch nederlands",
    "por": "portuguese portugues",
    "swe": "swedish svensk svenska",
    "dan": "danish dansk",
    "nor": "norwegian norsk",
    "fin": "finnish suomi",
    "pol": "polish polski",
    "cze": "ces czech cesky",
    "hun": "magyar hungarian",
    "gre": "ell greek",
    "tur": "turkish turkce",
    "chi": "zho chinese",
    "kor": "korean",
    "ara": "arabic",
    "heb": "hebrew",
    "hin": "hindi",
    "ukr": "ukrainian",
    "rum": "ron romanian",
    "lat": "latin",
}
LANGUAGE_OF = {word: code for code, words in LANGUAGES.items() for word in [code, *words.split()]}
TWO_LETTERS = dict(
    pair.split(":")
    for pair in "en:eng de:ger fr:fre es:spa it:ita ru:rus ja:jpn nl:dut pt:por sv:swe da:dan no:nor nb:nor fi:fin pl:pol cs:cze hu:hun el:gre tr:tur zh:chi ko:kor ar:ara he:heb hi:hin uk:ukr ro:rum la:lat".split()
)
SAID_BY_A_WORD = {
    "horbuch": "ger", "ungekurzt": "ger", "gekurzt": "ger", "gelesen": "ger", "lesung": "ger",
    "livre audio": "fre", "lu par": "fre", "audiolivre": "fre", "texte integral": "fre",
    "luisterboek": "dut", "ljudbok": "swe", "lydbog": "dan",
    "lydbok": "nor", "audiokniga": "rus", "chitaet": "rus",
}  # fmt: skip

SCRIPTS = {
    "CYRILLIC": "rus", "GREEK": "gre", "HEBREW": "heb", "ARABIC": "ara", "HIRAGANA": "jpn",
    "KATAKANA": "jpn", "HANGUL": "kor", "DEVANAGARI": "hin",
}  # fmt: skip

AUDIO_FORMATS = "m4b mp3 m4a flac aac ogg opus wma aax aaxc mp4a ape alac wav".split()
EBOOK_FORMATS = "epub mobi azw azw3 pdf djvu fb2 lit cbz cbr txt rtf kfx".split()

_WORDS = {
    Mark.AUDIO: [
        "朗読", "オーディオブック", "luisterbook", "mp3cd",
        *AUDIO_FORMATS, "audiobook", "audiobooks", "audio book", "audio", "audible", "librivox",
        "horbuch", "livre audio", "audiolivre", "audiolibro", "luisterboek", "ljudbok", "lydbog",
        "lydbok", "audiokniga", "аудиокнига", "audio cd", "naxos", "spoken word",
    ],
    Mark.EBOOK: [*(f for f in EBOOK_FORMATS if f not in ("cbr", "cbz")), "ebook", "ebooks",
                 "e book", "kindle"],
    Mark.COMIC: ["cbr", "cbz", "comic", "comics", "manga", "graphic novel"],
    Mark.VIDEO: ["1080p", "720p", "2160p", "480p", "x264", "x265", "h264", "h265", "hevc",
                 "bluray", "blu ray", "bdrip", "dvdrip", "webrip", "hdtv", "web dl", "movie"],
    Mark.MUSIC: ["soundtrack", "ost", "cast recording", "motion picture", "score", "tribute",
                 "single", "discography", "album", "karaoke", "sheet music"],
    Mark.UNABRIDGED: [
        "vollstandig", "komplett", "ungekuerzt", "lu integralement", "version integrale", "полная версия", "全編", "完全版", "oavkortat", "completa", "completo", "volledig","unabridged", "ungekurzt", "texte integral", "integral", "complete text",
                      "uncut", "full text", "oavkortad", "uforkortet", "integrale"],
    Mark.ABRIDGED: [
        "в сокращении", "сокращенная", "ingekorte", "ingekorte editie", "gekortwieckt", "forkortet", "要約",
        "abr", "ridotto", "versione ridotta", "ridotta", "kurzfassung", "verkurzt", "verkurzte", "abregee", "verkort", "ingekort", "cut version", "short version", "abreviado", "resumida",
       "abridged", "gekurzt", "gekurzte", "abridgement", "abridgment", "condensed",
                    "abrege", "forkortad", "book at bedtime", "shortened"],
    Mark.DRAMATISED: [
        "радиоспектакль", "аудиоспектакль", "радиопостановка", "musical", "original london cast", "mercury theatre", "ラジオドラマ",
        "audio theatre", "audio theater", "theatre works", "hoorspel", "radioteater", "radioteatern", "radioteatro", "fiction radiophonique", "sceneggiato", "radiodramma", "horspielbearbeitung", "alien voices", "stage play", "piece radiophonique", "radiospel", "dramatic audio",

        "dramatised", "dramatized", "dramatisation", "dramatization", "radio drama", "radio play",
        "radio theatre", "radio theater", "audio drama", "audio play", "original drama",
        "horspiel", "graphicaudio", "graphic audio", "big finish", "bbc radio", "fully dramatised",
        "audioplay", "radio adaptation", "movie in your mind", "horspil", "luisterspel",
    ],
    Mark.CAST: ["full cast", "multicast", "multi cast", "dramatic reading"],
    Mark.SAMPLE: ["sample", "excerpt", "preview", "extract", "teaser", "leseprobe", "horprobe",
                  "first chapter", "first chapters"],
    Mark.ABOUT: [
        "summary of", "summaries of",
        "maxnotes", "key insights", "lekturehilfe", "riassunto", "analisi", "resumen", "analyse", "interpretation", "zusammenfassung", "erlauterungen", "fiche de lecture", "monarch notes", "barrons", "explained", "guida", "konigs erlauterungen", "cole notes", "york notes advanced", "novel guide", "study companion", "masterclass", "commentary",

        "summary", "summaries", "supersummary", "cliffsnotes", "cliffs notes", "cliffnotes",
        "sparknotes", "spark notes", "study guide", "study notes", "york notes", "study aid",
        "readers guide", "reading guide", "guide to", "companion to", "companion", "analysis",
        "lecture", "lectures", "great courses", "no fear", "book review", "review", "why read",
        "how to read", "a life", "biography", "the making of", "making of", "notes on", "shmoop",
        "bookrags", "litcharts", "in minutes", "key takeaways", "introduction to", "interview",
        "a biography", "conversation starters", "instaread", "blinkist", "discussion", "podcast",
    ],
    Mark.RETOLD: [
        "пересказ", "storybook", "read along", "picture book",
        "junior", "from the novel by", "from the novel", "young readers", "easy reader", "graded reader", "simplified", "ladybird", "childrens classics", "freely adapted", "nach dem roman", "raccontato", "reimagined by", "after the novel", "great illustrated classics", "stepping stones", "recontado", "reecrit",

        "retold", "retelling", "classic starts", "adapted", "adaptation", "inspired by",
        "based on", "prequel to", "sequel to", "fan fiction", "fanfiction", "parody", "pastiche",
        "reimagining", "reimagined", "storyteller", "for kids", "for children", "a variation",
        "variation", "continuation", "fur kinder", "nacherzahlt", "neu erzahlt",
    ],
    Mark.BOX_SET: [
        "and other stories", "other stories", "and other tales", "other tales", "other poems", "other plays", "and other novels", "two novels", "three novels", "two audiobooks", "three audiobooks", "double feature", "all novels", "integrale", "gesammelte", "raccolta", "samling", "samlingsbox", "complete 3",

        "box set", "boxset", "boxed set", "boxed", "collection", "complete series",
        "complete novels", "complete works", "complete stories", "complete short stories",
        "omnibus", "trilogy", "tetralogy", "quartet", "duology", "anthology", "complete saga",
        "complete tales", "collected works", "collected stories", "collected novels",
        "complete audiobooks", "series books", "the novels", "all books", "gesamtausgabe",
        "sammlung", "integrale de", "definitive collection", "mega pack", "megapack", "bundle",
        "series complete", "complete audiobook collection", "complete set", "whole series",
        "samlade", "samtliche werke", "oeuvres completes", "obras completas",
    ],
    Mark.NARRATOR: [
        "inlast av", "upplasare", "lu integralement par", "leido", "uppläst av", "gelezen door", "voorgelezen door", "lido por", "lettura di", "читают",
        "read by", "narrated by", "narr", "narrator", "reader", "performed by", "narrated",
        "gelesen von", "lu par", "читает", "leido por", "narrado por", "sprecher", "lest",
        "voiced by", "letto da", "spoken by",
    ],
    Mark.TRANSLATOR: [
        "transl", "introduction by", "new introduction by", "foreword by", "preface by", "afterword by", "edited by", "with an introduction by", "introduction",
        "ubersetzung", "traduction", "traduccion", "traduzione", "vertaling", "oversattning", "перевод", "translated", "traduzione di", "tradotto da",
       "translated by", "translation", "translator", "trans", "ubersetzt von",
                      "traduit par", "perevod", "tr by"],
    Mark.NOISE: [
        "utgava", "svensk utgava", "gelesen", "lu", "capitoli", "rest", "quality", "great quality", "good quality", "ripped", "x", "level",
        "sir", "dame", "lord", "lady", "mrs", "mr", "rev", "prof", "novella", "erzahlung", "recit", "conte", "racconto", "novelle", "een", "ein", "eine", "une", "un", "una", "di", "du", "del", "ita",

        "retail", "vip", "freeleech", "scene", "web", "repack", "proper", "complete", "edition",
        "hq", "vbr", "cbr", "variable", "int", "grp", "rip", "cd", "cds", "classics", "classic",
        "penguin classics", "repost", "reup", "new", "chapterized", "chaptered", "chapters",
        "tagged", "remastered", "anniversary edition", "deluxe edition", "bbc audiobooks",
        "audible edition", "audible studios", "penguin", "recorded books", "blackstone",
        "tantor", "brilliance", "fiction", "nonfiction", "novel", "a novel", "roman", "ein roman",
        "book", "books", "series", "by", "von", "de", "par", "stereo", "mono", "text", "version",
        "updated", "verified", "request", "free", "full", "abb", "mam", "und", "and", "the", "lame",
        "multi", "lang", "language", "sound", "quality", "high", "low", "good", "download",
        "torrent", "public domain", "with", "uk", "us", "usa", "arkangel", "files", "file", "hoerbuch",
    ],
}  # fmt: skip
_WORDS[Mark.AUDIO].append("hoerbuch")

PHRASES: dict[tuple[str, ...], Mark] = {
    tuple(romanised(phrase).split()): mark
    for mark, phrases in reversed(_WORDS.items())
    for phrase in phrases
}
LONGEST = max(map(len, PHRASES))

SHAPES = [
    (Mark.BITRATE, re.compile(r"\d{2,4}k(?:b|bs|bps|bit|bits)?|\d{2,4}kbits?")),
    (Mark.PART, re.compile(r"(?:cd|disc|disk|dvd|pt)\d{1,2}")),
    (Mark.FIGURE, re.compile(r"\d{1,3}(?:cds?|mb|gb|hrs?|h|khz|min|m)")),
    (Mark.FIGURE, re.compile("32|48|56|64|80|96|112|128|160|192|224|256|320")),
    (Mark.YEAR, re.compile(r"1[4-9]\d\d|20[0-4]\d")),
    (Mark.AUDIO, re.compile(r"m4b\d*|mp3s")),
]
N = r"(?:\d{1,3}|[ivx]{1,5}|one|two|three|four|five|six|seven|eight|nine|ten)"
GAPS = [
    (Mark.PART, re.compile(rf"(?:files?|cds?|tracks?|discs?|capp|kapitel|chapters?|chapitres?|capitoli) {N} (?:to |bis |and |thru |a )?{N}\b")),
    (Mark.RANGE, re.compile(rf"(?:books?|volumes?|vols?|bande?|tomes?|parts?) {N} (?:to |bis |and |thru |through |a )?{N}\b")),
    (Mark.PART, re.compile(rf"(?:part|pt|teil|partie|parte|cd|disc|disk|tape|tomo|tome|volume|vol|band|deel|del) {N} (?:of|von|de|sur|di|van|av) {N}\b")),
    (Mark.BOX_SET, re.compile(r"\d{1,2} (?:vols?|volumes|tomes|bande|tomos|volumi|delen|parts)\b")),
    (Mark.ABOUT, re.compile(r"\d{1,2} minutes\b(?! \d)")),
    (Mark.BOX_SET, re.compile(r"\d{1,3} (?:\w+ ){0,2}(?:audiobooks|audio books|books|novels|stories|plays|works|titles|tales)\b")),
    (Mark.BITRATE, re.compile(r"\d{2,4} (?:kbps|kbs|kbits?|kb s|kb|bit)\b")),
    (Mark.BITRATE, re.compile(r"kbps\b")),
    (Mark.FIGURE, re.compile(r"\d{1,4} (?:hrs?|hours?|std|stunden|heures|horas|ore|uur|timmar|minutes|mins?|chapters|chapitres|capitoli|kapitel|tracks|files|cds?|discs|tapes|mb|gb|mib|gib|khz|h)\b")),
    (Mark.NUMBER, re.compile(rf"(?:book|volume|vol|band|bd|tome|no|nr|episode|folge|libro|livre|kniga|deel|bok|number) {N}\b")),
    (Mark.PART, re.compile(rf"(?:part|pt|teil|partie|parte|cd|disc|disk|tape) {N}\b")),
]  # fmt: skip
