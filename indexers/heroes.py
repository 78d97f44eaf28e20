"""What looks like the name of a reader, and is the title of another work beside the wanted."""

from __future__ import annotations

from collections.abc import Sequence

from tame.lib.words import romanised

CALLED_SO = """
    adam bede, agnes grey, allan quatermain, anna karenina, anna karenin, arsene lupin,
    aurora leigh, barchester towers, barnaby rudge, barry lyndon, bleak house, boris godunov,
    captain blood, castle rackrent, cesar birotteau, charles auchester, cousin bette,
    cousin phillis, cousin pons, cyrano de bergerac, daisy miller, daniel deronda, david balfour,
    david copperfield, doctor thorne, dom casmurro, dombey and son, don giovanni, don juan,
    don quijote, don quixote, dona perfecta, dorian gray, doktor glas, edwin drood, effi briest,
    eline vere, ethan frome, eugene onegin, eugenie grandet, evan harrington, father brown,
    felix holt, framley parsonage, gabriel conroy, guy mannering, hadji murat, hans brinker,
    harry lorrequer, headlong hall, hedda gabler, helbeck of bannisdale, henry esmond, howards end,
    huckleberry finn, jack sheppard, jakob von gunten, jane eyre, jenny treibel, john barleycorn,
    john halifax, joseph andrews, julius caesar, king lear, lady audley, lady susan, lazarillo de
    tormes, lord jim, lorna doone, louis lambert, malte laurids brigge, manon lescaut,
    mansfield park, maria chapdelaine, maria stuart, martin chuzzlewit, martin eden, mary barton,
    mathias sandorf, mattia pascal, max havelaar, michael kohlhaas, michael strogoff,
    michel strogoff, miss julie, moll flanders, monsieur lecoq, mr standfast, mister standfast,
    nathan der weise, nicholas nickleby, nightmare abbey, nils holgersson, northanger abbey,
    oliver twist, orley farm, pan tadeusz, pan wolodyjowski, paul clifford, peer gynt,
    pepita jimenez, pere goriot, peter ibbetson, peter pan, peter schlemihl, peter simple,
    phineas finn, phineas redux, quentin durward, ragged dick, rachel ray, rob roy,
    robinson crusoe, roderick hudson, roderick random, sandra belloni, sara crewe,
    sherlock holmes, silas lapham, silas marner, simon dale, sir nigel, sister carrie,
    sylvias lovers, sylvester bonnard, therese raquin, tom brown, tom jones, tom sawyer,
    torquato tasso, tristram shandy, uncle vanya, ursule mirouet, vivian grey, washington square,
    white fang, white jacket, wilhelm meister, wilhelm tell, william tell, wuthering heights
"""
NO_NAMES = """
    times expectations towers heights years days nights hours things lovers daughters sons tales
    stories letters secret secrets island mystery mysteries adventure adventures return revenge
    castle garden mountain mountains world worlds war peace death murder blood heart hearts darkness
    light shadow shadows house homes road river sea ocean voyage journey memoirs travels confessions
    poems fables devil ghost ghosts dream dreams treasure machine dead happiness family sense
    sensibility fathers children women men people souls virtue crime punishment princess jungle
    desert forest life love
    zeit jahre tage nacht nachte liebe leben tod tochter sohne kinder herz reise insel schloss
    geister geheimnis schatten traum verwandlung verwirrungen
    vie mort amour nuit nuits jours temps coeur ile voyage mystere ames filles enfants guerre contes
    malheur bonheur
    vida muerte amor noche noches dias tiempo isla viaje misterio almas hijos casa paz cuentos
    morte notte notti giorni tempo isola viaggio mistero anime figli racconti
"""
WORKS = frozenset(tuple(romanised(title).split()) for title in CALLED_SO.split(","))
LAST_WORDS = frozenset(NO_NAMES.split())
ANDS = {"and", "und", "et", "y", "e", "en", "och", "i"}


def is_no_reader(words: Sequence[str]) -> bool:
    """A known work called like a person; what ends with a word that no person is called; `Master
    and Man`."""
    is_pair = len(words) == 3 and words[1] in ANDS
    return is_pair or tuple(words) in WORKS or words[-1] in LAST_WORDS
