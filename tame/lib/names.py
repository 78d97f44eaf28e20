"""Whether two names may be one person's, as several languages and alphabets write them."""

from __future__ import annotations

from functools import lru_cache

from tame.lib.words import LEAST_LETTERS, romanised, same_word, sound

# One given name in several languages; a name may stand in two rows.
NAMES = """
    leo lev lew leon lyov ljew / fyodor fedor feodor fjodor fiodor theodor theodore teodor
    jules julio giulio julius
    alexander alexandre aleksandr alexandr alessandro alejandro aleksander
    charles karl carl carlos carlo karel / william wilhelm guillaume guglielmo guillermo willem
    nicholas nicolas nikolai nikolay nikolaj nicolai mikolaj
    michael mikhail mihail michail michel miguel michele / anthony anton antoine antonio antoni
    henry henri heinrich enrique enrico henryk hendrik henrik harry
    joseph josef jozef jose giuseppe josip iosif
    peter pierre pedro pietro piotr petr pyotr pjotr / paul pablo paolo pavel pawel
    george georges georg jorge giorgio jerzy georgii
    frederick friedrich frederic federico fryderyk fredrik frederik
    louis ludwig luis luigi lewis lodewijk / ernest ernst ernesto
    eugene eugen eugenio evgeny evgenii yevgeny evgeniy jewgeni
    john johann johannes jean juan giovanni jan joao hans / mary marie maria / emile emil emilio
    victor viktor vittorio / francis francois franz francisco francesco frans franciszek
    edward eduard edouard eduardo edoardo / stephen stefan etienne esteban stefano szczepan
    arthur artur arturo / robert roberto / mark marc marco marcus marek
    thomas tomas tommaso tomasz / ivan iwan yvan / sergei sergey serge sergej
    andrew andre andreas andrei andrey andrej andrea andrzej
    elizabeth elisabeth elisabetta elzbieta / catherine katherine katharina caterina ekaterina
    helen helene elena / james jacques jakob jacob giacomo
    lawrence laurence lorenzo laurent lorenz / dimitri dmitri dmitry dmitrii / eric erik erich
    honore onorato / jack jacques / matthew matthieu matthias matteo
    philip philippe filippo felipe / boleslaw boleslaus / vladimir wladimir
    homer homere omero homero / william bill will / robert bob / edward ted ned / thomas tom
    elizabeth eliza betty / isaac izaak isaak isak
"""
SAME_NAMES: dict[str, set[int]] = {}
for _number, _row in enumerate(NAMES.replace("\n", " / ").split("/")):
    for _name in _row.split():
        SAME_NAMES.setdefault(_name, set()).add(_number)


@lru_cache(maxsize=32768)
def same_surname(one: str, other: str) -> bool:
    """Also as another alphabet's reader writes it: Gorki is Gorky, Tchekhov Chekhov."""
    if same_word(one, other):
        return True
    if min(len(one), len(other)) < LEAST_LETTERS:
        return False
    return sound(one) == sound(other) or is_swapped(one, other)


def is_swapped(one: str, other: str) -> bool:
    """Two letters beside each other have changed places."""
    differ = [at for at, pair in enumerate(zip(one, other, strict=False)) if pair[0] != pair[1]]
    if len(one) != len(other) or len(differ) != 2:
        return False
    first, second = differ
    return second == first + 1 and one[first] + one[second] == other[second] + other[first]


def same_given_name(one: str, other: str) -> bool:
    """Arthur, A, Artur and Arturo are compatible; Emily and Charlotte are not."""
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    if not SAME_NAMES.get(one, set()).isdisjoint(SAME_NAMES.get(other, ())):
        return True
    return same_surname(one, other) or one.startswith(other) or other.startswith(one)


TITLES = {
    "sir", "dame", "lord", "lady", "baroness", "baron", "count", "countess", "dr", "mrs", "mr",
    "miss", "rev", "prof", "professor", "saint", "st", "captain",
}  # fmt: skip
KIN = {  # before a surname, and no given names either
    "brothers", "sisters", "bros", "family", "gebruder", "bruder", "schwestern", "freres", "soeurs",
    "fratelli", "hermanos", "mme", "madame", "monsieur", "frau", "herr", "fraulein", "signora",
    "signor", "don", "dona",
}  # fmt: skip
ADDITIONS = {"jr", "sr", "ii", "iii", "phd", "md", "fils", "pere", "esq"}


def same_person(one: str, other: str) -> bool:
    """Whether both names may be one person's: the surname is the same, and no given name
    contradicts. `Verne, Jules` and `J. Verne` are; `A. Dumas fils` and `A. Dumas` are not."""
    first, second = _bare(one), _bare(other)
    if not first or not second or _additions(one) != _additions(other):
        return False
    if sorted(first) == sorted(second):  # the family name first
        return True
    if not same_surname(first[-1], second[-1]):
        return False
    given = zip(first[:-1], second[:-1], strict=False)
    return all(same_given_name(a, b) for a, b in given) or _initials(first) == _initials(second)


def are_namesakes(one: str, other: str) -> bool:
    """Two persons of one surname, as Anne and Charlotte Brontë: no given name of one may be one of
    the other's. Where one has none, nothing is known."""
    *given, surname = _bare(one) or [""]
    *theirs, last = _bare(other) or [""]
    if not (given and theirs) or not same_surname(surname, last) or not KIN.isdisjoint(given):
        return False
    return not any(same_given_name(a, b) for a in given for b in theirs)


def _bare(name: str) -> list[str]:
    last, comma, given = name.partition(",")
    if comma and not _additions(given):
        name = f"{given} {last}"
    words = [word for word in romanised(name).split() if word not in ADDITIONS]
    while len(words) > 1 and words[0] in TITLES:
        words.pop(0)
    return words


def _additions(name: str) -> set[str]:
    return {"fils", "jr"} & set(romanised(name).split())


def _initials(words: list[str]) -> str:
    return "".join(word[0] if len(word) > 2 else word for word in words[:-1])
