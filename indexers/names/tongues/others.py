"""How releases name things: Finnish, Hungarian, Greek, Turkish, Japanese, Chinese."""

# ruff: noqa: RUF001 - letters of other alphabets

from __future__ import annotations

TONGUES: dict[str, dict[str, str]] = {
    "fin": {
        "episodes": "jakso, jaksot",
        "audio": "äänikirja, äänikirjat",
        "ebook": "e-kirja, sähkökirja, ekirja",
        "unabridged": "lyhentämätö*, täydellinen, kokonaan, koko teos",
        "abridged": "lyhennet*, lyhennelmä*, lyhyt versio, lyhennetty laitos, tiivistet*",
        "dramatised": """
            kuunnelma*, radiokuunnelma*, äänidraama*, radiodraama*, dramatisoi*, kuunnelmasarja,
            radioteatteri*, radionäytelmä*
        """,
        "sample": "otteita, näyte, lukunäyte, katkelma*",
        "about": """
            tiivistelmä*, yhteenveto*, kirja analyysi, analyysi*, opiskeluopas, lukuopas,
            kirja arvostelu, kirjaesittely
        """,
        "retold": """
            selkokirja*, selkokielinen, selkokiel*, selkomukautus, mukautettu*, mukaelma*,
            lapsille, lasten versio, lapsille kerrottu, uudelleen kerrottu, helppolukuinen,
            nuorille
        """,
        "narrator": "lukija, lukee, lukijana, lukenut, kertoja, ääni",
        "parts": "osa, osat",
        "chapters": "luku, luvut, levy",
        "volumes": "kirja, nide, teos",
        "function": "ja on ei se",
    },
    "hun": {
        "episodes": "epizód",
        "audio": "hangoskönyv, hangos könyv, hangoskönyvek",
        "ebook": "e-könyv, elektronikus könyv, ekönyv",
        "unabridged": """
            teljes, teljes változat, rövidítetlen, vágatlan, rövidítés nélkül, teljes szöveg
        """,
        "abridged": "rövidít*, rövidített változat, kivonatos, kivonat, rövid változat, tömörített",
        "dramatised": """
            hangjáték*, rádiójáték*, rádiódráma*, rádiószínház*, rádióváltozat, dramatizál*,
            rádiós feldolgozás
        """,
        "sample": "részlet, részletek, olvasópróba, szemelvény*",
        "about": """
            olvasónapló*, elemzés*, összefoglaló*, tartalmi kivonat, verselemzés, műelemzés,
            könyvismertető, tanulmány
        """,
        "retold": """
            gyerekeknek, gyermekeknek, átdolgoz*, átdolgozás, átirat*, egyszerűsít*, újramesél*,
            könnyített*, ifjúsági változat, nyomán, ifjúságnak, mesélve
        """,
        "narrator": "felolvassa, felolvasó, előadja, olvassa, elmondja, mesélő, előadó, tolmácsol*",
        "parts": "rész, része",
        "chapters": "fejezet, lemez",
        "volumes": "kötet",
        "function": "a az és egy nem hogy",
    },
    "gre": {
        "episodes": "επεισόδιο",
        "audio": "ηχητικό βιβλίο, ηχοβιβλίο, ακουστικό βιβλίο, ομιλούν βιβλίο",
        "ebook": "ηλεκτρονικό βιβλίο, ψηφιακό βιβλίο",
        "unabridged": """
            ολόκληρο, πλήρες, πλήρης έκδοση, χωρίς περικοπές, πλήρες κείμενο, μη συντομευμέν*,
            ασυντόμευτ*
        """,
        "abridged": """
            συντομευμέν*, συντετμημέν*, σύντομη έκδοση, διασκευασμένη περίληψη, συνοπτικ*,
            περικομμέν*
        """,
        "dramatised": """
            ραδιοφωνικ*, θεατρική διασκευή, ραδιοφωνικό θέατρο, ραδιοθέατρο, δραματοποι*,
            ραδιοφωνικό σίριαλ, το θέατρο της δευτέρας, ραδιοδράμα
        """,
        "sample": "απόσπασμα, αποσπάσματα, δείγμα",
        "about": """
            περίληψη*, ανάλυση*, οδηγός μελέτης, σχολιασμός, βιογραφία, κριτική, σημειώσεις,
            ερμηνεία
        """,
        "retold": """
            διασκευή*, διασκευασμέν*, για παιδιά, παιδική έκδοση, απλοποιημέν*,
            διασκευή για παιδιά, ελεύθερη απόδοση, αναδιήγηση
        """,
        "narrator": """
            διαβάζει, διαβάζουν, αφήγηση, αφηγητής, αφηγήτρια, ανάγνωση, αφηγείται, ερμηνεύει
        """,
        "parts": "μέρος, μέρη",
        "of": "από",
        "chapters": "κεφάλαιο, κεφάλαια, δίσκος",
        "volumes": "τόμος, τόμοι, βιβλίο",
        "function": "ο η το οι τα του της των και στο στη",
    },
    "tur": {
        "episodes": "bölümler",
        "audio": "sesli kitap, sesli kitaplar, sesli roman",
        "ebook": "e-kitap, elektronik kitap, ekitap",
        "unabridged": "kısaltılmamış, tam metin, eksiksiz, tam sürüm, tamamı, kesintisiz",
        "abridged": "kısaltılmış, kısaltma, kısa versiyon, özet versiyon, kısaltılmış versiyon",
        "dramatised": """
            radyo tiyatrosu, radyo oyunu, arkası yarın, radyo draması, sesli tiyatro,
            radyofonik*, dramatize*, tiyatro oyunu
        """,
        "sample": "alıntı, alıntılar, kesit, örnek bölüm, tadımlık",
        "about": """
            özet*, özeti, kitap özeti, inceleme*, incelemesi, tahlil*, analiz*, ders notu,
            yorumu, kitap yorumu, eleştiri
        """,
        "retold": """
            çocuklar için, çocuklara, uyarlama*, uyarlaması, uyarlanmış, sadeleştirilmiş,
            basitleştirilmiş, gençler için, çocuk versiyonu, kolay okuma
        """,
        "narrator": "seslendiren, seslendirenler, okuyan, anlatan, okuyanlar, seslendirme",
        "parts": "bölüm, kısım, parça",
        "chapters": "disk, fasıl",
        "volumes": "cilt, kitap",
        "function": "ve bir ile için bu",
    },
    "jpn": {
        "episodes": "エピソード",
        "audio": "オーディオブック, 朗読, 朗読cd, 音声図書, 聴く本",
        "ebook": "電子書籍, 電子書籍版, 電子版, テキスト版",
        "unabridged": "完全版, 全文, 全文朗読, 全編, 全編朗読, ノーカット, 完全朗読, 無削除, 完読",
        "abridged": """
            抄録, 抜粋, 要約, 要約版, 抄, 短縮版, 縮約版, ダイジェスト, ダイジェスト版, 抄訳,
            簡約版
        """,
        "dramatised": """
            ラジオドラマ, ドラマcd, オーディオドラマ, ラジオ劇, 音声ドラマ, ボイスドラマ, 放送劇,
            サウンドドラマ, 朗読劇, ドラマ化, ドラマ版, 青春アドベンチャー
        """,
        "sample": "試聴, 試聴版, サンプル, 一部抜粋, 冒頭",
        "about": """
            解説, あらすじ, あらすじと解説, 読書ガイド, 評論, 評伝, 研究, 入門, 講義, 書評, 要点,
            名作解説, 考察, 講座, 感想文, 読書感想文
        """,
        "retold": """
            子ども向け, 子供向け, こども向け, 児童向け, 児童版, 児童書版, 絵本, やさしい日本語,
            やさしい日本語版, 少年少女, 翻案, 現代語訳版, 簡単な日本語, ジュニア版, 超訳,
            子ども版, 子供版
        """,
        "narrator": "ナレーター, ナレーション, 朗読者, 語り, 声, 読み手, 語り手, 声優, 読み",
        "part": """
            前編, 後編, 中編, 前篇, 後篇, 中篇, 上巻, 中巻, 下巻, 上, 中, 下, のみ, 第一部,
            第二部, 第三部, 一部, その一, その二, その三
        """,
    },
    "chi": {
        "audio": "有声书, 有聲書, 有声小说, 有聲小說, 有声读物, 有聲讀物, 听书, 聽書, 朗读, 朗讀",
        "ebook": "电子书, 電子書, 电子版, 電子版",
        "unabridged": "完整版, 足本, 全本, 全文, 未删节, 未刪節, 未删减, 全集完结, 无删减",
        "abridged": """
            节选, 節選, 精简版, 精簡版, 缩写版, 縮寫版, 删节版, 刪節版, 浓缩版, 简写版, 简本,
            缩略版, 节本
        """,
        "dramatised": """
            广播剧, 廣播劇, 有声剧, 有聲劇, 多人小说剧, 评书, 評書, 话剧, 話劇, 广播小说,
            多人有声剧, 播音剧
        """,
        "sample": "试听, 試聽, 片段, 选段, 試讀, 试读",
        "about": """
            解读, 解讀, 赏析, 賞析, 导读, 導讀, 讲座, 講座, 读书笔记, 梗概, 内容简介, 摘要, 精讲,
            讲解, 书评, 评论, 传记, 评传, 速读, 分析
        """,
        "retold": """
            少儿版, 少兒版, 儿童版, 兒童版, 青少版, 青少年版, 改编, 改編, 缩编, 改写, 改寫,
            儿童故事, 白话版, 白话文, 注音版, 美绘版, 绘本, 简易读物
        """,
        "narrator": "演播, 播讲, 播講, 主播, 朗读者, 朗讀者, 朗诵, 演播者, 讲述, 配音, 播音",
        "part": """
            上册, 中册, 下册, 上卷, 中卷, 下卷, 上部, 中部, 下部, 上冊, 下冊, 第一部, 第二部,
            第三部, 上集, 下集
        """,
    },
}  # fmt: skip
