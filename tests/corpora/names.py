# ruff: noqa: E501
"""Names as people of IUCN's eight regions bear them, in their own scripts. Invented by mixing; nobody is meant."""

from random import Random

# Region: given names, then family names. Where a people writes the family name first, it stands first.
NAMES = {
    "africa": (
        "Wanjirũ Chukwuemeka Aïssatou Thandiwe Kwabena Ngozi Sékou Fatoumata Tsegaye Nokuthula Babajide Adwoa Mbali "
        "Yacouba Oluwaseun Zodwa Hiwot Mamadou Akinyi Rindra Chipo Kofi Ifẹ́ólúwa Temesgen Nyokabi",
        "Kamande Ọkọ́nkwọ Ndiaye Mthembu Boateng Adébáyọ̀ Touré Traoré Gebremariam Dlamini Afọlábí Mensah Nkosi Ouédraogo "
        "Ogunleye Ngwenya Haile Diallo Otieno Rakotomalala Moyo Asante Balogun Tekle Mũthoni",
    ),
    "meso-south-america": (
        "Ximena José Begoña Joaquín Íris João Conceição Sebastián Itzel Nahuel Luzía Ángel Marisol Raúl Tupã Yolotl "
        "Anahí Érica Thiago Guadalupe Inti Camila Rocío Óscar Jimena",
        "Ocampo Núñez Peña Gonçalves Quispe Magalhães Huamán Fernández Xochitiotzin Ibáñez Araújo Cárdenas Choquehuanca "
        "Brandão Zúñiga Mamani Vásconcelos Ñancupil Restrepo Muñoz Tlatelpa Güemes Assunção Yupanqui Córdoba",
    ),
    "north-america-caribbean": (
        "Makayla Étienne Dakota Renée Jean-Baptiste Shanice Liam Noémie Keisha Tyler Océane Aponi Marlon Désirée Kateri "
        "Brandon Anaïs Delroy Siobhan Winona Ezekiel Maïka Chayton Roselyne Thérèse",
        "Beauséjour Whitehorse O'Sullivan Toussaint Lévesque McAllister Désir Begaye Bouchard Washington St-Pierre "
        "Blackwood Thériault Gagné Runningwater Fitzgerald Campbell Hébert Joseph-Noël Two-Rivers Baptiste Côté Hernandez "
        "Lafleur Théodore",
    ),
    "south-east-asia": (
        "Nguyệt Đức Thị-Hương Budi Siti Ratnasari Phương Somchai Quỳnh Aung Maricel Putri Wayan Khánh Rizal Dewi Sokha "
        "Thùy Bayani Nurul Vannak Ngọc Ketut Liwayway Hiền",
        "Nguyễn Trần Suryadi Đặng Hoàng Wijayanti Santos-Reyes Phạm Nasution Vũ Macaraeg Kusumawardani Bùi Tanakorn Lê "
        "Hidayat Dalisay Sovann Trịnh Pangestu Buenaventura Hartono Rattanakosin Võ Simanjuntak",
    ),
    "west-asia": (
        "محمد فاطمة يوسف زينب خالد مريم عبدالله نورا طارق سلمى حسين ليلى عمر هدى إبراهيم آمنة רוני נועה أحمد رنا سامي "
        "دانة مصطفى شيماء كريم",
        "الحديدي المصري حدّاد الخوري النجار العمري بيطار القحطاني الشامي درويش الزهراني منصور بركات الصباغ لوי כהן "
        "الأنصاري عبدالرحمن الفارسي حمدان الرفاعي سليمان القاسم الهاشمي عوض",
    ),
    "east-europe-asia": (
        "Алёна Дмитрий Ольга Бауыржан Айгүл Юлія Søren Нурлан Ғалия Мирослав Ціля Андрій Гүлнара Тимур Елена Сергей "
        "Зарина Өмүрбек Оксана Николай Łukasz Şahin Gülşen Élodie Ирина",
        "Ковалёва Шевченко Нұрмағамбетов Жумабаев Ющенко Королёв Мәмбетова Соловьёв Бондаренко Ҳакимов Єфименко Абдуллаев "
        "Мельник Григорьева Төлегенов Щербаков Їжакевич Сайдуллоев Тарасюк Өтебаев Рахимова Петровић Кравець Дүйшенов "
        "Лебедев",
    ),
    "west-europe": (
        "Małgorzata Zoë Åsa Søren Françoise Jürgen Þóra Núria Siân Ludovít Žofia Ève Matteo Ioana Ģirts Ærling Iñaki "
        "Ștefan Käthe Øyvind Clíona Mátyás Želimir Renāte Búi",
        "Świderek Müller-Lüdenscheidt Ångström Sørensen Lefèvre Großmann Guðmundsdóttir Puigdemont Llewellyn Čapek "
        "Dvořáková D’Angelo Ionescu Bērziņš Ødegård Etxeberria Țăranu Weiß Brâncuși Ní-Bhriain Szőke Šimunović Kalniņa "
        "Æbelø Petrauskaitė",
    ),
    "oceania": (
        "Tevita Ngāio Lupe Māui Kōtare Sione Hēmi Talia Waimārie Fetū Leilani Aroha Keoni Tūī Mele Rāwiri Jarrah Lāhela "
        "Sāmuelu Kirra Noelani Pōtiki Vaʻa Tāne Sina",
        "Loloma Te-Whārangi Faʻafetai Tūhoe Kahananui Tāwhiri Fonoti ʻAkauʻola Māhina Parekōwhai Tuʻipulotu Kealoha "
        "Wirihana Leʻaupepe Vakatawa Ngāpō Seumanutafa Kāwika Rangihuna Tamatoa Hōhepa Niumeitolu Paewai Ratu-Lala Pōmare",
    ),
    "east-asia": (
        "陈 王 李 张 刘 黄 周 吴 徐 孙 赵 欧阳 司马 佐藤 鈴木 高橋 김 박 이 최 정 남궁 林 郭 馬",
        "小明 淑芬 建国 美玲 志强 雅婷 俊杰 秀英 伟东 さくら 健太郎 花子 陽子 서연 민준 지우 하은 德华 国荣 丽娜 文博 雨桐 子轩 梓涵 晨曦 "
        "海燕 春梅 永福 玉兰 桂花 立群 思远 诗琪 嘉怡 浩然 天佑 若曦 一诺 欣怡 博超 慧敏 凯瑞 晓红 丹阳 宏伟 翠莲 光耀 彩霞 静怡 振华 "
        "美咲 大輔 直樹 千尋 恵子 裕美 拓海 ひかり みどり 信夫 현우 예진 도윤 수빈 영호 미경 태양 은혜 동현 소영",
    ),
    "south-asia": (
        "नमिता राजेश सुनीता अर्जुन प्रिया विक्रम लक्ष्मी संजय अनुराधा मोहन রহিম শর্মিলা তানিয়া అనూష வெங்கடேஷ் மீனாட்சி Sunčana "
        "Dīpikā Śrīnivās Āishwaryā กมลวรรณ สมชาย วิภาดา रुक्मिणी हरीश",
        "देवी शर्मा श्रीवास्तव चतुर्वेदी पाण्डेय गुप्ता मुखर्जी त्रिपाठी घोष নাহার চক্রবর্তী రెడ్డి சுப்பிரமணியம் Bhaṭṭāchārya Rāmānujan "
        "Kṛṣṇamūrti ศรีสุวรรณ จันทร์เพ็ญ ठाकुर नायर कुलकर्णी जोशी मिश्रा बनर्जी सक्सेना",
    ),
}  # fmt: skip
SINGLE = ["X", "Ö", "Ñ", "Q", "Ж", "आ", "Y O", "U Nu", "Bo", "Ý"]  # whole names of hardly any letters


def people(number: int, seed: int = 4) -> list[str]:
    """So many names of all regions in turn, no two the same as long as the lists last; the shortest come first."""
    random = Random(seed)
    pairs = {region: _pairs(*lists) for region, lists in NAMES.items()}
    for names in pairs.values():
        random.shuffle(names)
    in_turn = [name for names in zip(*pairs.values(), strict=False) for name in names]
    made = SINGLE[: number // 50]
    while len(made) < number:
        longer = [name if len(made) < len(in_turn) else _with_another(name, random) for name in in_turn]
        made += longer[: number - len(made)]
    return made


def _pairs(given: str, family: str) -> list[str]:
    return [f"{one}{_between(one)}{other}" for one in given.split() for other in family.split()]


def _between(name: str) -> str:
    """Han, Kana and Hangul are written without spaces."""
    return "" if name[0] >= "\u3040" else " "


def _with_another(name: str, random: Random) -> str:
    """Large numbers of people have a middle name beside."""
    given, _, family = name.partition(" ")
    other = random.choice(random.choice(list(NAMES.values()))[0].split())
    return f"{given} {other} {family}"
