"""How releases name things: French, Spanish, Italian, Portuguese, Romanian."""

from __future__ import annotations

TONGUES: dict[str, dict[str, str]] = {
    "fre": {
        "episodes": "épisode, épisodes",
        "audio": "livre audio, livres audio, audiolivre, livre lu",
        "ebook": "livre numérique, livre électronique",
        "unabridged": """
            non abrégé*, intégral, intégrale, texte intégral, version intégrale,
            version non abrégée, lecture intégrale, sans coupures, texte complet,
            version complète
        """,
        "abridged": """
            abrégé*, version abrégée, version courte, version réduite, texte abrégé, raccourci*,
            condensé*, lecture abrégée, édition abrégée
        """,
        "dramatised": """
            radiophonique*, dramatique radio*, fiction radio*, france culture*, france inter,
            feuilleton*,
            feuilleton radio*, pièce radio*, théâtre radio*, fiction sonore, feuilleton sonore,
            adaptation radio*, dramatis*, feuilleton audio, fiction audio, mise en ondes
        """,
        "sample": "extrait, extraits, morceaux choisis, pages choisies, passages choisis",
        "about": """
            fiche de lecture, fiche lecture, profil d'une œuvre, profil d'une oeuvre, résumé*,
            commentaire composé, commentaire*, analyse de, analyse du, étude de l'œuvre,
            étude de texte, résumé et analyse, lecture analytique, explication de texte,
            bac français, guide de lecture, une vie une œuvre
        """,
        "retold": """
            français facile, en français facile, lecture facile, facile à lire, texte facile,
            raconté aux enfants, racontée aux enfants, raconté aux, pour enfants,
            pour les enfants, pour la jeunesse, adapté*, adapté pour, adaptation jeunesse,
            version jeunesse, version simplifiée, simplifié*, réécrit*, d'après le roman,
            pour les petits, junior, fle
        """,
        "narrator": """
            lu par, lue par, donneur de voix, donneuse de voix, raconté par, narrateur,
            narratrice, lecteur, lectrice, lecture de,
            lecture par, interprété par, voix de, dit par
        """,
        "parts": "partie, parties",
        "of": "sur",
        "chapters": "chapitre, chapitres, chap, disque",
        "volumes": "tome, tomes, livre",
        "function": "le la les des du et un une dans aux au sur sous pour son sa ses",
    },
    "spa": {
        "episodes": "episodio, episodios",
        "audio": "audiolibro, audiolibros, libro hablado",
        "ebook": "libro electrónico, libro digital",
        "unabridged": """
            íntegro, íntegra, versión íntegra, texto íntegro, completo, completa,
            versión completa, sin abreviar, no abreviado, no abreviada, sin cortes
        """,
        "abridged": """
            abreviad*, versión abreviada, resumid*, versión resumida, versión reducida,
            versión corta, reducid*, acortad*, condensad*, extractad*, compendiad*
        """,
        "dramatised": """
            radioteatro*, radionovela*, ficción sonora*, radiofónic*, dramatizad*, dramatización,
            radiodrama*, radio teatro, teatro radiofónico, adaptación radiofónica, audioserie*,
            audioficción, teatro radiado, serial radiofónico, audiodrama*
        """,
        "sample": "fragmento, fragmentos, extracto, extractos, selección, avance",
        "about": """
            resumen*, guía de lectura, guía de estudio, análisis*, comentario de texto,
            comentario literario, comentario*, resumen y análisis, ficha de lectura,
            estudio crítico, apuntes, reseña*, trabajo sobre
        """,
        "retold": """
            lectura fácil, español fácil, en español fácil, fácil lectura, para niños,
            para jóvenes, infantil, juvenil, adaptad*, adaptación*, adaptación juvenil,
            versión juvenil, versión infantil, contado a los niños, contada a los niños,
            contado a, simplificad*, recontado, ele nivel
        """,
        "narrator": """
            leído por, leída por, narrado por, narrada por, narrador, narradora, locutor,
            locutora, voz de, en la voz de, interpretado por
        """,
        "parts": "parte, partes",
        "of": "de",
        "chapters": "capítulo, capítulos, cap, disco",
        "volumes": "tomo, tomos, libro, volumen",
        "function": "el la los las y del un una con por para su al",
    },
    "ita": {
        "episodes": "puntata, puntate, episodio",
        "audio": "audiolibro, audiolibri, libro parlato",
        "ebook": "libro elettronico, libro digitale",
        "unabridged": """
            integrale, integro, versione integrale, edizione integrale, testo integrale,
            non abbreviato, non ridotto, completo, versione completa, lettura integrale
        """,
        "abridged": """
            abbreviat*, ridott*, versione ridotta, versione breve, versione abbreviata,
            condensat*, edizione ridotta, riduzione, accorciat*
        """,
        "dramatised": """
            sceneggiat*, radiodramm*, radiofonic*, drammatizzat*, drammatizzazione, radioteatro,
            radio teatro, teatro radiofonico, audiodramma, radioracconto, originale radiofonico,
            lettura drammatizzata
        """,
        "sample": "estratto, estratti, brano, brani, brani scelti, anteprima, frammenti",
        "about": """
            riassunto*, scheda libro, scheda di lettura, guida alla lettura, analisi*, commento*,
            riassunto e analisi, recensione, introduzione a, parafrasi, appunti
        """,
        "retold": """
            italiano facile, in italiano facile, letture facili, facile lettura, per bambini,
            per ragazzi, raccontat*, raccontato ai, raccontato ai bambini, adattamento*,
            adattat*, semplificat*, versione semplificata, versione per ragazzi, riscritt*,
            liberamente tratto, ad alta leggibilità
        """,
        "narrator": """
            letto da, letta da, legge, lettura di, narrato da, narratore, narratrice, voce di,
            voce narrante, interpretato da, lettore
        """,
        "parts": "parte, parti",
        "of": "di",
        "chapters": "capitolo, capitoli, cap, disco",
        "volumes": "libro, libri, tomo, volume, volumi",
        "function": "il lo gli della dello degli delle del e un una con per nel nella",
    },
    "por": {
        "episodes": "episódio, episódios",
        "audio": "audiolivro, audiolivros, livro falado, áudio livro",
        "ebook": "livro digital, livro eletrônico, livro electrónico",
        "unabridged": """
            íntegra, na íntegra, integral, versão integral, texto integral, completo, completa,
            versão completa, não abreviado, sem cortes, não resumido
        """,
        "abridged": """
            abreviad*, versão abreviada, resumid*, versão resumida, reduzid*, versão reduzida,
            condensad*, encurtad*, versão curta
        """,
        "dramatised": """
            radionovela*, radioteatro*, rádio novela, rádio teatro, rádio drama*, radiofônic*,
            radiofónic*, dramatizad*, dramatização, audiodrama*, audionovela*,
            teatro radiofónico, teatro radiofônico, folhetim radiofónico, radiodrama*
        """,
        "sample": "trecho, trechos, excerto, excertos, fragmento, amostra",
        "about": """
            resumo*, guia de leitura, guia de estudo, análise*, comentário*, resenha*,
            ficha de leitura, resumo e análise, apontamentos
        """,
        "retold": """
            para crianças, para jovens, infantil, infantojuvenil, infanto juvenil, juvenil,
            adaptad*, adaptação*, contado às crianças, contada às crianças, recontad*,
            simplificad*, leitura fácil, português fácil, versão infantil
        """,
        "narrator": """
            lido por, lida por, narrado por, narrada por, narração, narrador, narradora,
            leitura de, locução, na voz de, voz de, interpretado por
        """,
        "parts": "parte, partes",
        "of": "de",
        "chapters": "capítulo, capítulos, cap, disco",
        "volumes": "livro, livros, tomo, volume",
        "function": "o os as do da dos das e um uma com na no nos",
    },
    "rum": {
        "episodes": "episodul, episoade",
        "audio": "carte audio, cărți audio, carte vorbită",
        "ebook": "carte electronică, carte digitală",
        "unabridged": """
            integral, integrală, versiune integrală, text integral, neprescurtat*, necenzurat,
            complet, completă, varianta integrală
        """,
        "abridged": """
            prescurtat*, rezumat*, versiune prescurtată, abreviat*, scurtat*, pe scurt,
            versiune scurtă, condensat*
        """,
        "dramatised": """
            teatru radiofonic, radiofonic*, teatru la microfon, dramatizare*, dramatizat*,
            piesă radiofonică, scenariu radiofonic
        """,
        "sample": "fragment, fragmente, pagini alese",
        "about": """
            rezumat*, comentariu*, comentarii, analiză*, analiza, ghid de lectură,
            caracterizare*, eseu, referat, recenzie, povestire pe scurt, fișă de lectură
        """,
        "retold": """
            pentru copii, repovestit*, repovestire, adaptare*, adaptat*, simplificat*,
            povestit copiilor, pe înțelesul copiilor, pentru cei mici, prelucrare*
        """,
        "narrator": """
            citește, citit de, citită de, lectura, lectură, în lectura, narator, interpretat de,
            interpretează, voce
        """,
        "parts": "partea, parte, părți",
        "of": "din",
        "chapters": "capitolul, capitole, discul",
        "volumes": "volumul, volume, cartea, vol",
        "function": "și din cu pe la un o lui",
    },
}  # fmt: skip
