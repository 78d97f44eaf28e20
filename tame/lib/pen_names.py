"""Writers who are known by two names: what one name says, a release may say by the other."""

from __future__ import annotations

from functools import lru_cache

from tame.lib.words import romanised

ONE_PERSON = """
    Mark Twain = Samuel Clemens = Samuel Langhorne Clemens
    George Eliot = Mary Ann Evans = Marian Evans
    Lewis Carroll = Charles Dodgson = Charles Lutwidge Dodgson
    Saki = H. H. Munro = Hector Hugh Munro
    O. Henry = William Sydney Porter
    Currer Bell = Charlotte Brontë
    Ellis Bell = Emily Brontë
    Acton Bell = Anne Brontë
    Q = Arthur Quiller-Couch
    Sapper = H. C. McNeile = Herman Cyril McNeile
    Ouida = Maria Louise Ramé
    Vernon Lee = Violet Paget
    Ford Madox Ford = Ford Madox Hueffer
    Joseph Conrad = Józef Konrad Korzeniowski
    Elizabeth von Arnim = Mary Annette Beauchamp
    Voltaire = François-Marie Arouet
    Molière = Jean-Baptiste Poquelin
    Stendhal = Henri Beyle = Marie-Henri Beyle
    George Sand = Aurore Dupin = Amandine Aurore Lucile Dupin
    Anatole France = François-Anatole Thibault
    Pierre Loti = Julien Viaud
    Comte de Lautréamont = Isidore Ducasse
    Alain-Fournier = Henri-Alban Fournier
    Novalis = Friedrich von Hardenberg
    Jean Paul = Johann Paul Friedrich Richter = Jean Paul Richter
    Jeremias Gotthelf = Albert Bitzius
    E. Marlitt = Eugenie John
    Klabund = Alfred Henschke
    Multatuli = Eduard Douwes Dekker
    Clarín = Leopoldo Alas = Leopoldo Alas Clarín
    Fernán Caballero = Cecilia Böhl de Faber
    Azorín = José Martínez Ruiz
    Gabriela Mistral = Lucila Godoy
    Carlo Collodi = Carlo Lorenzini
    Italo Svevo = Ettore Schmitz
    Maxim Gorky = Alexei Peshkov
    Bolesław Prus = Aleksander Głowacki
    Dante = Dante Alighieri
    Petrarch = Francesco Petrarca = Petrarca
    Virgil = Vergil = Publius Vergilius Maro = Virgile = Virgilio
    Ovid = Publius Ovidius Naso = Ovide = Ovidio
    Horace = Quintus Horatius Flaccus = Horaz
    Livy = Titus Livius = Livius
    Lord Dunsany = Edward Plunkett
    George Orwell = Eric Arthur Blair
"""
ROWS = [tuple(name.strip() for name in row.split("=")) for row in ONE_PERSON.strip().splitlines()]
KNOWN = {romanised(name): row for row in ROWS for name in row}


@lru_cache(maxsize=512)
def pen_names(authors: tuple[str, ...]) -> tuple[str, ...]:
    """The other names of these."""
    rows = (KNOWN.get(romanised(author), ()) for author in authors)
    return tuple(name for row in rows for name in row if name not in authors)
