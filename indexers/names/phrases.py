"""The vocabulary by kind: what a phrase says of a release, in whatever language.

Further words, language by language, are in `tongues`.
"""

from __future__ import annotations

KINDS: dict[str, str] = {
    "audio": """
        audiobook, audiobooks, audio book, audio, audible, librivox, librivox solo, naxos,
        spoken word, audio cd, mp3cd, yenc, horbuch, hoerbuch, horbucher, livre audio, livres audio,
        audiolivre, livre lu,
        audiolibro, audiolibri, audiolivro, audiolivros, luisterbook, luisterboek, ljudbok,
        ljudbocker, lydbog, lydbok, aanikirja, audiokniga, аудиокнига, аудиокниги, ksiazka mowiona,
        audiokniha, hangoskonyv, sesli kitap, voz humana, dzwiekowa, 朗読, オーディオブック,
        有声书, 有声小说, 有聲書, 오디오북
    """,
    "ebook": """
        ebook, ebooks, e book, e books, kindle, libro electronico, libro digital, livre numerique,
        elektronisches buch, libro elettronico, livro digital, e bok, ebok, e boek, e kniha,
        e konyv, электронная книга, 電子書籍, 电子书
    """,
    "comic": """
        cbr, cbz, comic, comics, manga, graphic novel, bande dessinee, fumetti, fumetto, tebeo,
        historieta, novela grafica, roman graphique, komiks, komiksy, комикс, stripboek,
        serieroman, 漫画, コミック
    """,
    "video": """
        1080p, 720p, 2160p, 480p, 1080i, x264, x265, h264, h265, hevc, xvid, divx, bluray, blu ray,
        bdrip, dvdrip, webrip, web dl, webdl, hdtv, hdrip, dvdscr, dvd5, dvd9, tvrip, movie, film,
        miniseries, mini series, tv series, tv serial, spielfilm, verfilmung, fernsehfilm,
        pelicula, filme, telefilm, speelfilm, langfilm, film fabularny, serial tv, экранизация,
        фильм, 映画, 电影, 电视剧
    """,
    "music": """
        soundtrack, ost, cast recording, cast album, revival cast, motion picture, film score,
        original score, tribute to, cd single, discography, album, karaoke, sheet music,
        concept album, symphony, symphonic poem, oratorio, opera, libretto, ballet, in song,
        song cycle, vinyl, bande originale, musique du film, filmmusik, oper, liederzyklus,
        vertonung, banda sonora, colonna sonora, filmmuziek, muzyka filmowa, саундтрек, мюзикл,
        рок опера
    """,
    "unabridged": """
        unabridged, unabr, uncut, full text, complete text, ungekurzt, ungekuerzt, ungek,
        ungekurzte, ungekurzter, ungekurztes, ungekurzten, vollstandig, vollstandige, komplett,
        texte integral, integral, integrale, version integrale, lu integralement,
        lecture integrale, integra, integro, completa, completo, volledig, onverkort, onverkorte,
        oavkortad, oavkortat, uforkortet, lyhentamaton, calosc, pelna wersja, полная версия,
        polnaya versiya, без сокращений, nezkracene, 全編, 全文, 完全版, ノーカット, 完整版, 足本
    """,
    "abridged": """
        abridged, abr, abridgement, abridgment, condensed, shortened, cut version, short version,
        book at bedtime, gekurzt, gekuerzt, gekurzte, gekuerzte, gekurzter, gekurztes, kurzfassung,
        verkurzt, verkurzte, abrege, abregee, version abregee, abreviado, abreviada, resumida,
        resumido, ridotto, ridotta, versione ridotta, versione breve, verkort, verkorte, ingekort,
        ingekorte, forkortad, forkortat, forkortet, gekortwieckt, lyhennetty, skrocona, skrocony,
        skrot, zkracene, в сокращении, сокращенная, сокращенная версия, сокращениями, 要約, 抜粋,
        节选, 精简版
    """,
    "dramatised": """
        dramatised, dramatized, dramatisation, dramatization, fully dramatised, radio drama,
        radio dramas, radio play, radio theatre, radio theater, radio adaptation, radio serial,
        radio production, radio dramatisation, radio show, old time radio, otr, classic serial,
        drama on 3, womans hour drama, afternoon play, afternoon drama, saturday drama,
        saturday play, audio drama, audio play, audioplay, audio theatre, audio theater,
        theatre works, original drama, stage play, dramatic audio, graphicaudio, graphic audio,
        big finish, bbc radio, alien voices, mercury theatre, mercury theater, radio,
        radio broadcast, radio 4, radio 3, radio 2, radio 7, r4, movie in your mind, musical,
        original london cast, original cast, lux radio, starring, horspiel, hoerspiel, horspiele,
        radiohorspiel, horspielbearbeitung, live horspiel, piece radiophonique,
        fiction radiophonique, feuilleton radiophonique, dramatique radio, radioteatro,
        radionovela, ficcion sonora, audioserie, dramatizado, dramatizada, dramatizacion,
        sceneggiato, radiodramma, dramma radiofonico, drammatizzato, lettura drammatizzata,
        hoorspel, luisterspel, radioteater, radioteatern, radioteatret, radiospel,
        radioforestallning, horspil, horespil, horespill, kuunnelma, sluchowisko,
        sluchowisko radiowe, teatr polskiego radia, rozhlasova hra, hangjatek, радиоспектакль,
        аудиоспектакль, радиопостановка, радиопьеса, инсценировка, спектакль, ラジオドラマ,
        ドラマcd, オーディオドラマ, 广播剧, 廣播劇, 评书
    """,
    "full cast": """
        full cast, multicast, multi cast, dramatic reading
    """,
    "sample": """
        sample, excerpt, excerpts, extract, extracts, preview, teaser, leseprobe, horprobe, auszug,
        auszuge, extrait, extraits, estratto, estratti, fragmento, fragmentos, fragment,
        fragmenten, fragmenty, utdrag, отрывок, фрагмент, отрывки, 試聴, 试听, first chapter,
        first chapters, erstes kapitel, premier chapitre, premiers chapitres, primer capitulo,
        primo capitolo, highlights, selections, selections from, selected chapters, auswahl,
        choix de, selezione, seleccion, selecao, urval, udvalg, wybor, избранное, избранные
    """,
    "part": """
        single chapter, single story, one story, one chapter, のみ, 上, 中, 下, 上巻, 中巻, 下巻,
        上册, 下册, 上卷, 下卷, 第一部, 第二部
    """,
    "about": """
        summary, summaries, summary of, summaries of, supersummary, cliffsnotes, cliffs notes,
        cliffnotes, sparknotes, spark notes, shmoop, bookrags, litcharts, maxnotes, monarch notes,
        cole notes, barrons, york notes, york notes advanced, instaread, blinkist, gradesaver,
        coursehero, enotes, study guide, study guides, study notes, study aid, study companion,
        lesson plans, readers guide, reading guide, novel guide, book guide, guide to,
        companion to, a companion, the companion, a guide, a study, readers companion,
        listening companion, analysis, critical analysis, critical introduction, critical study,
        critical guide, literary analysis, critical essays, explained, lecture, lectures,
        lecture series, masterclass, great courses, modern scholar, commentary, no fear,
        book review, review of, why read, how to read, a life of, biography of, the making of,
        making of, notes on, in minutes, key takeaways, key insights, introduction to, interview,
        conversation starters, discussion, podcast, revision guide, lekturehilfe, lektureschlussel,
        analyse, interpretation, zusammenfassung, erlauterungen, konigs erlauterungen,
        inhaltsangabe, biographie, biografie, horbiografie, vorlesung, fiche de lecture,
        resume et analyse, commentaire, commentaire compose, profil dune oeuvre, riassunto,
        analisi, guida, commento, lezione, lezioni, biografia, resumen, guia de lectura, analisis,
        comentario, comentarios, guia de estudio, resumo, analise, samenvatting, boekverslag,
        uittreksel, boekbespreking, sammanfattning, analys, foredrag, streszczenie, opracowanie,
        omowienie, краткое содержание, анализ, лекция, лекции, биография, 解説, 讲座, 解读, 赏析,
        導讀, 导读
    """,
    "retold": """
        retold, retelling, classic starts, adapted, adaptation, freely adapted, inspired by,
        based on, from the novel by, from the novel, after the novel, prequel to, sequel to,
        fan fiction, fanfiction, parody, pastiche, reimagining, reimagined, reimagined by,
        storyteller, storybook, read along, picture book, for kids, for children,
        for young readers, young readers, junior, easy reader, easy reading, graded reader,
        simplified, simple english, easy english, ladybird, childrens classics,
        great illustrated classics, stepping stones, penguin readers, oxford bookworms,
        a variation, variation, continuation, bedtime story version, fur kinder, kinderhorspiel,
        nacherzahlt, neu erzahlt, nach dem roman, frei nach, leicht gemacht, raconte aux enfants,
        pour enfants, dapres le roman, reecrit, adapte, en francais facile, adaptado, adaptada,
        adaptacion, para ninos, contado a los ninos, contada a los ninos, recontado, raccontato,
        raccontata, raccontato ai bambini, per bambini, adattamento, para criancas, adaptacao,
        naverteld, hervertelling, voor kinderen, bewerkt, lattlast, aterberattad, for barn,
        bearbetning, dla dzieci, adaptacja, wedlug powiesci, пересказ, для детей, по мотивам,
        по роману, 児童向け, 少儿版
    """,
    "box set": """
        box set, boxset, boxed set, boxed, box, collection, collections, omnibus, anthology,
        bundle, trilogy, tetralogy, quartet, quintet, duology, dilogy, pack, big pack, mega pack,
        megapack, canon, complete series, series complete, whole series, complete saga,
        complete set, complete 3, complete novels, complete works, complete stories,
        complete short stories, complete tales, complete fiction, complete poems, complete poetry,
        complete canon, complete plays, complete audiobooks, complete audiobook collection,
        collected works, collected stories, collected novels, definitive collection,
        selected works, series books, the novels, all novels, all books, two novels, three novels,
        two audiobooks, three audiobooks, double feature, and other stories, other stories,
        and other tales, other tales, other poems, other plays, other essays, other writings,
        and other novels, two in one, double bill, in one volume, bonus novel, bonus novella,
        bonus story, bonus tale, bonus book, gesamtausgabe, gesamtwerk, sammlung, sammelband,
        gesammelte, gesammelte werke, samtliche werke, doppelband, trilogie, tetralogie,
        horbuch box, und andere erzahlungen, andere erzahlungen, integrale de,
        oeuvres completes, oeuvres, recueil, coffret, et autres nouvelles, autres nouvelles, obras
        completas, coleccion, serie completa, trilogia, tetralogia, y otros cuentos, otros cuentos,
        raccolta, cofanetto, e altri racconti, altri racconti, tutte le opere, colecao, e outros
        contos, verzameld, verzamelde werken, verzameling, en andere verhalen, samling,
        samlingsbox, samlade, samlade verk, och andra berattelser, trylogia, zbior, dziela zebrane,
        i inne opowiadania, wszystkie, трилогия, тетралогия, сборник, собрание, собрание сочинений,
        и другие рассказы, 全集, 作品集, 選集, 选集, 合集, 短編集, 三部作, 三部曲, 四大名著, その他
    """,
    "narrator": """
        read by, narrated by, narrated, narr, narrator, narrators, reader, performed by, voiced by,
        spoken by, performance by, signature performance by, narration by, reading by,
        unabridged reading by, voice of, with the voice of, gelesen von, gelesen v, liest, lest,
        sprecher, sprecherin, vorgelesen von, es liest, lu par, lue par, lecture par, lecteur,
        lectrice, interprete par, dit par, voix de, lu integralement par, leido, leido por,
        leida por, narrado por, narrada por, narrador, narradora, locutor, voz de, en la voz de,
        letto da, letta da, lettura di, legge, voce di, voce narrante, lido por, narracao,
        gelezen door, voorgelezen door, verteller, inlast av, upplast av, upplasare, lasare,
        laest af, indlaest af, lest av, opplest av, lukija, czyta, czytaja, lektor,
        w interpretacji, cte, namluvil, читает, читают, исполнитель, chitaet, чтец, ナレーター,
        朗読者, 語り, 朗读者, 演播, 播讲, 主播
    """,
    "translator": """
        translated by, translation, translation by, translated, translator, translators,
        translation of, transl, trans, trans by, tr by, tr, introduction, introduction by,
        new introduction by, intro by, with an introduction by, foreword by, preface by,
        afterword by, edited by, ed by, notes by, with notes by, annotated by, introduced by,
        editor, illustrated by, produced by, directed by, presented by, published by, uploaded by,
        ripped by, encoded by, posted by, ubersetzung, ubersetzt von, ubersetzt, regie,
        aus dem franzosischen, aus dem englischen, aus dem russischen, traduction, traduction de,
        traduit par, traduccion, traduccion de, traducido por, traduzione, traduzione di,
        tradotto da, traducao, traducao de, vertaling, vertaald door, oversattning,
        oversattning av, oversatt av, przeklad, przelozyl, tlumaczenie, tlumaczyl, перевод,
        перевел, perevod, 訳, 译
    """,
    "noise": """
        librivox, libri vox, audible, audible exklusiv, macmillan,
        harpercollins, harper audio, hachette, simon and schuster, random house, podium,
        dreamscape, highbridge, bolinda, whole story, canongate, chivers, caedmon, storytel,
        storyside, bookbeat, nextory, scribd, legimi, audioteka, empik, der horverlag,
        horverlag, dav, der audio verlag, argon, argon verlag, lubbe audio, lubbe, diogenes,
        diogenes horbuch, steinbach, random house audio, horbuch hamburg, lauscherlounge,
        lismio, tide, tacheles, audiolib, gallimard, ecoutez lire, theleme, fremeaux,
        audiocite, litteratureaudio, litteratureaudio com, des femmes, sonolivre, ivoox,
        albalearning, alba learning, penguin audio, emons, liber liber, full color sound,
        il narratore, salani, tocalivros, ubook, rubinstein, luisterhuis, fonos, lind and co,
        bonnier, bonnier audio, norstedts, saga egmont, lindhardt og ringhof, gyldendal,
        cappelen damm, aschehoug, lydbokforlaget, otava, wsoy, tammi, wolne lektury,
        biblioteka akustyczna, aleksandria, heraclon, supraphon, radioservis, tympanum,
        onehotbook, tebenas, kossuth, mek, humanitas, humanitas multimedia, ardis, литрес,
        вимбо, союз, паблишинг, мдс, клуб любителей аудиокниг, слово, audiobook jungle,
        lossless, versione, versao, fassung, wersja, versie, verze, valtozat, versiune, versiia,
        variant, laitos, udgave, utgave, wydanie, vydani, kiadas, editie, edicao, izdanie, ekdosi,
        baski,
        retail, vip, freeleech, scene, web, repack, proper, complete, edition, hq, vbr, variable,
        int, grp, rip, ripped, cd, cds, cd set, classics, classic, penguin classics, repost, reup,
        new, chapterized, chapterised, chaptered, chapters, tagged, remastered,
        anniversary edition, deluxe edition, re encoded, film tie in, movie tie in, tv tie in,
        tie in edition, bbc audiobooks, audible edition, audible studios, penguin, recorded books,
        blackstone, tantor, brilliance, naxos audiobooks, fiction, nonfiction, novel, a novel,
        novella, short story, poem, poems, book, books, series, by, stereo, mono, text, version,
        updated, verified, request, free, full, abb, mam, lame, multi, lang, language, sound,
        quality, great quality, good quality, high, low, good, download, torrent, public domain,
        rest, x, level, arkangel, files, file, single file, part files, whole thing, modern verse,
        verse, prose, and, the, with, uk, us, usa, etc, incl, including, in english, esq,
        by the author of, author, autor, auteur, autore, schrijver, автор, sir, dame, lord, lady,
        mrs, mr, rev, prof, von, de, par, und, roman, ein roman, erzahlung, kommentierte ausgabe,
        ausgabe, auflage, lesung, gelesen, lu, u a, inkl, novelle, recit, conte, un, une, nouvelle,
        libro, novela, cuento, edicion, espanol, del, racconto, romanzo, edizione, una, uno, di,
        du, capitoli, ein, eine, een, deel, onverkort, editie, av, af, utgava, svensk utgava,
        berattelse, powiesc, nagranie, роман, повесть, рассказ, книга, 著, 作, 作者, 小説, 小说
    """,
}  # fmt: skip
