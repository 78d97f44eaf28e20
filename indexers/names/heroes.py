"""What looks like the name of a reader, and is the title of another work beside the wanted."""

from __future__ import annotations

from collections.abc import Sequence

from indexers.names.titles import ANDS
from tame.lib.words import romanised

CALLED_SO = """
    adam bede, agnes grey, allan quatermain, alton locke, ann veronica, anna karenin, anna
    karenina, anton reiser, arsene lupin, arthur mervyn, aurora leigh, barchester towers, barnaby
    rudge, barry lyndon, ben hur, benito cereno, billy budd, bleak house, boris godunov, caleb
    williams, captain blood, castle rackrent, cecilia valdes, cesar birotteau, charles auchester,
    clarissa harlowe, cousin bette, cousin phillis, cousin pons, cyrano de bergerac, daisy miller,
    daniel deronda, david balfour, david copperfield, doctor thorne, doktor glas, dom casmurro,
    dombey and son, don giovanni, don juan, don quijote, don quixote, dona perfecta, dorian gray,
    edgar huntly, edwin drood, effi briest, eline vere, ernest maltravers, esther waters, ethan
    frome, eugene aram, eugene onegin, eugenie grandet, evan harrington, father brown, fathers and
    sons, felix holt, framley parsonage, frank mildmay, gabriel conroy, gosta berling, guy
    mannering, hadji murat, hans brinker, harry lorrequer, headlong hall, hedda gabler, heinrich
    von ofterdingen, helbeck of bannisdale, henry esmond, howards end, huckleberry finn, humphry
    clinker, israel potter, jack sheppard, jacob faithful, jakob von gunten, jane eyre, jenny
    treibel, john barleycorn, john halifax, john inglesant, jorn uhl, joseph andrews, jude the
    obscure, julius caesar, jurg jenatsch, king lear, lady audley, lady susan, lazarillo de
    tormes, lord jim, lorna doone, louis lambert, lucien leuwen, malte laurids brigge, manon
    lescaut, mansfield park, maria chapdelaine, maria stuart, martin chuzzlewit, martin eden, mary
    barton, mathias sandorf, mattia pascal, max havelaar, melmoth the wanderer, michael kohlhaas,
    michael strogoff, michel strogoff, miss julie, mister standfast, moll flanders, monsieur
    lecoq, mr standfast, nathan der weise, nicholas nickleby, niels lyhne, nightmare abbey, nils
    holgersson, northanger abbey, oliver twist, orley farm, pan tadeusz, pan wolodyjowski, paul
    clifford, peer gynt, pepita jimenez, pere goriot, peregrine pickle, peter camenzind, peter
    ibbetson, peter pan, peter schlemihl, peter simple, phineas finn, phineas redux, quentin
    durward, rachel ray, ragged dick, rip van winkle, rob roy, robinson crusoe, roderick hudson,
    roderick random, sandra belloni, sara crewe, sherlock holmes, silas lapham, silas marner,
    simon dale, sir nigel, sister carrie, sylvester bonnard, sylvias lovers, therese raquin, tom
    brown, tom jones, tom sawyer, tonio kroger, tono bungay, torquato tasso, tristram shandy,
    uncle vanya, ursule mirouet, vivian grey, washington square, white fang, white jacket, wilhelm
    meister, wilhelm tell, william tell, wuthering heights
"""
NO_NAMES = """
    times expectations towers heights years days nights hours things lovers daughters sons tales
    stories letters secret secrets island mystery mysteries adventure adventures return revenge
    castle garden mountain mountains world worlds war peace death murder blood heart hearts darkness
    light shadow shadows house homes road river sea ocean voyage journey memoirs travels confessions
    poems fables devil ghost ghosts dream dreams treasure machine dead happiness family sense
    sensibility fathers children women men people souls virtue crime punishment princess jungle
    desert forest life love
    folly agent eyes rescue chance victory tenant professor diamonds tree trees diary history
    chronicle chronicles legend legends romance ballad ballads essays plays comedy songs hymns
    odes verses meditations discourses dialogues republic politics ethics poetics laws treatise
    origin descent decline empire kingdom nation wars revolution battle siege conquest expedition
    exploits reminiscences recollections sketches papers notebook confession inheritance legacy
    fortune fortunes marriage wedding husband wife widow bride brothers sisters aunt orphan girl
    girls boys ladies gentlemen detective spy thief thieves pirate pirates smuggler outlaw robbers
    slaves vampire phantom spectre monster beast beasts dragon fairies witch witches wizard goblin
    giants elves angels demon gods goddess tomb palace cottage mansion prison hospital asylum city
    village valley planet stars sun moon earth sky tempest thunder wind winds flood fire flames
    ashes gold silver necklace crown sword swords dagger mask mirror portrait picture pictures
    telegram clue puzzle riddle enigma problem problems case cases trial plague fever madness
    melancholy sorrow sorrows grief fear terror horror horrors hatred jealousy vanity ambition
    courage honour honor glory duty freedom liberty truth silence voices carnival masquerade
    christmas autumn morning evening midnight twilight century
    zeit jahre tage nacht nachte liebe leben tod tochter sohne kinder herz reise insel schloss
    geister geheimnis schatten traum verwandlung verwirrungen
    vie mort amour nuit nuits jours temps coeur ile voyage mystere ames filles enfants guerre contes
    malheur bonheur
    vida muerte amor noche noches dias tiempo isla viaje misterio almas hijos casa paz cuentos
    morte notte notti giorni tempo isola viaggio mistero anime figli racconti
"""
WORKS = frozenset(tuple(romanised(title).split()) for title in CALLED_SO.split(","))
LAST_WORDS = frozenset(NO_NAMES.split())


def is_no_reader(words: Sequence[str]) -> bool:
    """A known work called like a person; what ends with a word that no person is called; `Master
    and Man`."""
    is_pair = len(words) == 3 and words[1] in ANDS
    return is_pair or tuple(words) in WORKS or words[-1] in LAST_WORDS
