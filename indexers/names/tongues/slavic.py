"""How releases name things: Polish, Czech, Russian, Ukrainian."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

TONGUES: dict[str, dict[str, str]] = {
    "pol": {
        "episodes": "odcinek, odcinki, odc",
        "audio": "książka mówiona, książka audio, książka do słuchania, audiobook pl",
        "ebook": "e-książka, książka elektroniczna",
        "unabridged": """
            bez skrótów, nieskrócon*, wersja pełna, pełna wersja, pełny tekst, całość,
            wersja nieskrócona, tekst pełny
        """,
        "abridged": "skrócon*, w skrócie, wersja skrócona, skrót, skróty, ze skrótami, skróceni*",
        "dramatised": """
            słuchowisk*, teatr polskiego radia, teatr radia, teatr radiowy, teatr wyobraźni,
            radiow*, dramatyzacj*, audioserial*, udramatyzowan*, superprodukcja
        """,
        "sample": "fragment, fragmenty, urywek, urywki, próbka, wybór",
        "about": """
            streszczeni*, opracowani*, analiza*, analiza i interpretacja, omówieni*,
            lektura z opracowaniem, bryk, recenzja, interpretacja*, problematyka, przewodnik po
        """,
        "retold": """
            opowiedzian*, opowiedziane dzieciom, dla dzieci, dla młodzieży, adaptacj*,
            zaadaptowan*, uproszczon*, na podstawie powieści, według powieści, czytanka,
            w wersji dla dzieci, łatwy polski
        """,
        "narrator": """
            czyta, czytają, lektor, lektorka, lektorzy, czytane przez, w interpretacji,
            interpretacja lektora, głos, w wykonaniu
        """,
        "parts": "część, części, cz",
        "of": "z",
        "chapters": "rozdział, rozdziały, rozdz, płyta",
        "volumes": "tom, tomy, księga, t",
        "function": "i w z na do od o dla oraz",
    },
    "cze": {
        "episodes": "epizoda, epizody",
        "audio": "audiokniha, audioknihy, mluvená kniha, mluvené slovo, zvuková kniha",
        "ebook": "e-kniha, elektronická kniha, ekniha",
        "unabridged": """
            nezkrácen*, bez zkrácení, nekrácen*, úplné, úplná verze, kompletní, plná verze
        """,
        "abridged": "zkrácen*, krácen*, zkráceně, zkrácená verze, výběr z, kráceno",
        "dramatised": """
            rozhlasov*, dramatizac*, dramatizovan*, rozhlasová hra, rozhlasový seriál,
            dramatizovaná četba, rozhlasová dramatizace, zdramatizov*
        """,
        "sample": "ukázka, ukázky, úryvek, úryvky",
        "about": """
            rozbor*, rozbor díla, čtenářský deník, obsah díla, obsah knihy, výpisky, shrnutí,
            maturitní*, analýza*, recenze
        """,
        "retold": """
            převyprávěn*, pro děti, pro mládež, adaptace*, upraven*, zjednodušen*,
            vyprávění pro děti, zjednodušená četba, pro malé čtenáře
        """,
        "narrator": """
            čte, čtou, načetl, načetla, namluvil, namluvila, vypráví, interpret, účinkuje,
            účinkují
        """,
        "parts": "část, části, díl, díly",
        "of": "z, ze",
        "chapters": "kapitola, kapitoly, kap, disk",
        "volumes": "kniha, svazek, sv",
        "function": "a v z na do od pro ve se",
    },
    "rus": {
        "episodes": "серия, серии, эпизод, выпуск",
        "audio": "аудиокнига, аудиокниги, аудиокнигу, аудио книга, audiokniga",
        "ebook": "электронная книга, электронные книги, е-книга",
        "unabridged": """
            без сокращений, полная версия, полный текст, полностью, несокращенн*, полное издание,
            не сокращ*, полный вариант, без купюр
        """,
        "abridged": """
            сокращ*, в сокращении, сокращенная версия, с сокращениями, краткая версия,
            сокращенный вариант, адаптированное сокращение, в кратком изложении, избранные главы
        """,
        "dramatised": """
            радиоспектакл*, аудиоспектакл*, радиопостановк*, аудиопостановк*, радиопьес*,
            радиотеатр*, инсценировк*, спектакл*, литературная композиция,
            литературно музыкальная, литературно музыкальная композиция, радиокомпозиция,
            телеспектакл*, аудиосериал*, театр у микрофона, радиосериал*, музыкальная сказка,
            аудиопьес*
        """,
        "sample": "отрывок, отрывки, отрывков, фрагмент, фрагменты, ознакомительный*, главы из",
        "about": """
            краткое содержание, кратко, анализ*, анализ произведения, пересказ сюжета, лекци*,
            сочинение по, биографи*, учебное пособие, разбор*, краткий пересказ,
            в кратком пересказе, шпаргалк*, жизнь и творчество, рецензи*, комментари*,
            литературоведени*
        """,
        "retold": """
            пересказ*, пересказ для детей, для детей, детям, адаптированн*, адаптаци*,
            адаптированная версия, адаптированное чтение, упрощенн*, по мотивам, по роману,
            по повести, обработк*, легкое чтение, для самых маленьких, для школьников
        """,
        "narrator": """
            читает, читают, исполнитель, исполнители, чтец, чит, исполняет, читал, озвучил,
            озвучила, озвучивает, диктор, голос, исп
        """,
        "parts": "часть, части, ч",
        "of": "из",
        "chapters": "глава, главы, гл, диск",
        "volumes": "том, тома, книга, книги, кн",
        "function": "и в на с из к о об по",
    },
    "ukr": {
        "episodes": "серія, епізод, випуск",
        "audio": "аудіокнига, аудіокниги, аудіокнижка",
        "ebook": "електронна книга, електронні книги",
        "unabridged": """
            повна версія, без скорочень, повний текст, нескорочен*, повністю, повне видання
        """,
        "abridged": """
            скорочен*, у скороченні, в скороченні, скорочена версія, стисла версія,
            зі скороченнями, стисло
        """,
        "dramatised": """
            радіовистав*, радіоп'єс*, аудіовистав*, радіопостановк*, інсценізаці*, інсценівк*,
            вистав*, радіотеатр*, аудіодрам*
        """,
        "sample": "уривок, уривки, фрагмент, фрагменти, уривків",
        "about": """
            стислий переказ, скорочено зміст, короткий зміст, аналіз*, аналіз твору, біографі*,
            лекці*, критика, паспорт твору, посібник, рецензі*, стислий зміст
        """,
        "retold": """
            переказ*, для дітей, дітям, адаптован*, адаптаці*, за мотивами, за романом, спрощен*,
            переповід*, обробка, для школярів
        """,
        "narrator": """
            читає, читають, начитав, начитала, виконавець, озвучив, озвучила, читець, диктор
        """,
        "parts": "частина, частини, ч",
        "of": "з, із",
        "chapters": "розділ, розділи, глава, диск",
        "volumes": "том, книга, кн",
        "function": "і й та в у на з із до",
    },
}  # fmt: skip
