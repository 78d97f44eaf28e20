"""How releases name things: English, German, Dutch, Swedish, Danish, Norwegian."""

from __future__ import annotations

TONGUES: dict[str, dict[str, str]] = {
    "eng": {
        "episodes": "episode, episodes, ep, eps",
        "unabridged": "unabridged, non abridged, not abridged, uncut, complete and unabridged",
        "abridged": """
            abridged*, abridgement, condensed, condensed version, reader's digest, shortened,
            shortened version, short version, cut version
        """,
        "dramatised": """
            dramatis*, dramatiz*, radio play, radio drama*, radio serial, radio series,
            audio drama*, audiodrama*, audio play*, audio theatre, audio theater,
            full cast drama, full cast audio drama, full cast dramatis*, radio adaptation,
            theatre production
        """,
        "sample": """
            selected readings, selected passages, selected scenes, selected excerpts, highlights
        """,
        "part": "part one only, incomplete, unfinished upload",
        "about": """
            study guide*, book summary, plot summary, chapter summar*, summary and analysis,
            cliffsnotes, sparknotes, cliffs notes, course hero, blinks, character analysis,
            reading companion,
            quicklet, essay on, essays on, critique of, explained
        """,
        "retold": """
            retold*, adapted for*, adapted by, easy reader*, graded reader*, simplified*,
            easy english, simple english, for children, for kids, for young readers,
            young readers edition, childrens edition, childrens version, junior edition,
            learn english, esl, efl, elementary level, intermediate level, advanced level,
            beginner level, beginners level
        """,
        "function": "the of and with from his her",
    },
    "ger": {
        "episodes": "folge, folgen, episode",
        "audio": "hörbuch, hörbücher, horbuchausgabe",
        "ebook": "elektronisches buch, e-buch",
        "unabridged": """
            ungekürzt*, ungek, nicht gekürzt, vollständig*, komplettlesung, vollständige lesung,
            ungekürzte lesung, ungekürzte ausgabe
        """,
        "abridged": """
            gekürzt*, gek, kurzfassung, verkürzt*, gekürzte fassung, kürzung, kurzversion,
            lesefassung, autorisierte lesefassung
        """,
        "dramatised": """
            *hörspiel*, hörstück, radiofassung, radiostück, *funkbearbeitung, *funkfassung,
            radioserie,
            szenische lesung, rundfunkfassung, dramatisier*, dramatisch bearbeitet
        """,
        "sample": "leseprobe, hörprobe, auszug, auszüge, ausschnitt*",
        "about": """
            lektürehilfe*, lektüreschlüssel*, zusammenfassung*, inhaltsangabe*, erläuterung*,
            interpretation*, interpretationshilfe, textanalyse, analyse und interpretation,
            königs erläuterungen, buchzusammenfassung, unterrichtsmaterial*, schullektüre,
            einführung in, zur einführung, referat
        """,
        "retold": """
            für kinder*, für jugendliche, nacherzähl*, neu erzählt, in einfacher sprache,
            einfache sprache, leichte sprache, in leichter sprache, leicht lesbar, vereinfacht*,
            bearbeitet für, bearbeitung für, adaptiert*, kinderbuchfassung, frei nach,
            deutsch als fremdsprache, leichte lektüre, leichte lektüren
        """,
        "narrator": """
            gelesen von, liest, es liest, sprecher, sprecherin, vorgelesen von, gesprochen von,
            erzähler, erzählerin, vorleser
        """,
        "parts": "teil, teile",
        "of": "von",
        "chapters": "kapitel, kap, scheibe",
        "volumes": "band, bände, bd, buch",
        "function": "der die das und des dem den von im mit auf eine einer zum zur aus",
    },
    "dut": {
        "episodes": "aflevering, afleveringen, afl",
        "audio": "luisterboek, luisterboeken, audioboek, gesproken boek",
        "ebook": "e-boek, eboek, elektronisch boek",
        "unabridged": """
            onverkort*, ongekort*, volledig*, integraal, integrale, niet ingekort,
            onverkorte versie, volledige versie, integrale voorlezing
        """,
        "abridged": """
            verkort*, ingekort*, gekort*, ingekorte versie, verkorte versie, bekorte versie,
            samengevat
        """,
        "dramatised": """
            *hoorspel*, luisterspel*, radiospel, gedramatiseerd*, dramatisering, audiodrama*,
            hoorspelbewerking, radiobewerking, radiotoneel
        """,
        "sample": "fragment, fragmenten, voorproefje, leesfragment, luisterfragment, uittreksels",
        "about": """
            boekverslag*, samenvatting*, uittreksel*, boekbespreking*, leesverslag*, leeswijzer*,
            analyse van, analyse en samenvatting, studiegids, boekrecensie, scholieren
        """,
        "retold": """
            naverteld*, hervertel*, voor kinderen, voor de jeugd, bewerkt*, bewerking*,
            in eenvoudige taal, eenvoudige taal, in makkelijke taal, makkelijk lezen,
            makkelijke taal, vereenvoudigd*, jeugdeditie, jeugdbewerking, eenvoudig nederlands
        """,
        "narrator": """
            gelezen door, voorgelezen door, verteld door, verteller, voorlezer, stem, stem van,
            ingesproken door, voordracht
        """,
        "parts": "deel, delen, dl",
        "of": "van",
        "chapters": "hoofdstuk, hoofdstukken, schijf",
        "volumes": "boek, boeken, band",
        "function": "de het een van en der den met voor naar uit zijn",
    },
    "swe": {
        "episodes": "avsnitt",
        "audio": "ljudbok, ljudböcker, talbok",
        "ebook": "e-bok, ebok, elektronisk bok",
        "unabridged": "oavkort*, oförkort*, fullständig*, ej avkortad, komplett*, hela boken",
        "abridged": "avkort*, förkort*, kortversion, kortad*, avkortad version, nedkort*",
        "dramatised": """
            radioteater*, radioföljetong*, radiopjäs*, radiospel*, ljuddrama*, dramatiser*,
            radiodrama*, radiodramatisering, ljudpjäs*, radioserie
        """,
        "sample": "utdrag, provläsning, smakprov",
        "about": """
            sammanfattning*, bokanalys*, analys av, studiehandledning*, studieguide*,
            bokrecension*, läsguide*, bokrapport, lärarhandledning*
        """,
        "retold": """
            återberätta*, för barn, lättläst*, bearbetad*, bearbetning*, förenklad*,
            på lätt svenska, lätt svenska, barnversion, ungdomsversion, för unga
        """,
        "narrator": """
            uppläst av, uppläsare, inläst av, inläsare, läst av, läsare, berättare, läses av,
            uppläsning
        """,
        "parts": "del, delar",
        "of": "av",
        "chapters": "kapitel, skiva, kap",
        "volumes": "bok, böcker, band, volym",
        "function": "och det den av en ett som med till för på från",
    },
    "dan": {
        "episodes": "afsnit",
        "audio": "lydbog, lydbøger",
        "ebook": "e-bog, ebog",
        "unabridged": "uforkort*, ikke forkortet, fuldstændig*, komplet, i fuld længde",
        "abridged": "forkort*, kortversion, afkort*, forkortet udgave",
        "dramatised": """
            *hørespil*, radioteater*, radiodrama*, radioføljeton*, dramatiser*, radiospil*,
            lyddrama*, radiodramatisering
        """,
        "sample": "uddrag, læseprøve, lytteprøve",
        "about": """
            resumé*, sammenfatning*, analyse af, studieguide*, boganmeldelse*,
            analyse og fortolkning, fortolkning*, litteraturanalyse
        """,
        "retold": """
            genfortalt*, genfortælling*, for børn, letlæst*, bearbejdet*, bearbejdelse*,
            let dansk, på let dansk, børneudgave, forenklet*, forenklede
        """,
        "narrator": """
            læst af, oplæst af, indlæst af, indtalt af, oplæser, indlæser, fortæller, læses af,
            læser
        """,
        "parts": "del, dele",
        "of": "af",
        "chapters": "kapitel, kap, skive",
        "volumes": "bog, bøger, bind",
        "function": "og det den af en et som med til fra på",
    },
    "nor": {
        "episodes": "episode, avsnitt",
        "audio": "lydbok, lydbøker",
        "ebook": "e-bok, ebok",
        "unabridged": "uforkort*, uavkort*, ikke forkortet, fullstendig*, komplett",
        "abridged": "forkort*, avkort*, kortversjon, forkortet utgave, forkortet versjon",
        "dramatised": """
            *hørespill*, radioteater*, radioteatret, radiodrama*, dramatiser*, radioføljetong*,
            radiospill*, lyddrama*
        """,
        "sample": "utdrag, leseprøve, lytteprøve",
        "about": "sammendrag*, analyse av, bokanmeldelse*, studieguide*, bokanalyse*, bokrapport",
        "retold": """
            gjenfortalt*, gjenfortelling*, for barn, lettlest*, bearbeidet*, bearbeidelse*,
            forenklet*, på lett norsk, lett norsk, barneutgave
        """,
        "narrator": """
            lest av, opplest av, innlest av, oppleser, innleser, forteller, leses av, leser
        """,
        "parts": "del, deler",
        "of": "av",
        "chapters": "kapittel, kap, plate",
        "volumes": "bok, bøker, bind",
        "function": "og det den av en et som med til fra på",
    },
}  # fmt: skip
