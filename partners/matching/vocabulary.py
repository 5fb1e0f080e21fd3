"""The words of healthcare names over languages: what they mean, and how much they tell two customers apart.

One line a meaning, its words after it, each in the form of `core.text.normal` (no case, no accents; Cyrillic in
Latin letters as `names.romanise` writes it).
"""


def _table(lines: str) -> dict[str, str]:
    """Word → meaning, from lines of `meaning: word word`; a meaning is a word of itself."""
    found = {}
    for line in filter(str.strip, lines.splitlines()):
        meaning, _colon, words = line.strip().partition(":")
        found.update(dict.fromkeys((meaning, *words.split()), meaning))
    return found


# What sort of place it is. Two that differ are evidence against.
PLACES = _table("""
hospital: hospitals hosp hospitalier hospitaliers hospitaliere hospices krankenhaus spital klinikum kliniken hopital hopitaux ospedale ospedaliera ospedaliero ospedali ospedalieri hospitalario hospitalar hospitais ziekenhuis gasthuis bolnitsa bolnica szpital sygehus sjukhus sykehus sairaala hastane hastanesi nosokomeio 病院 医院 병원
clinic: clinics clinique cliniques klinik clinica clinicas kliniek poliklinik poliklinika polyclinic policlinico policlinica polikliniek ambulatorio clinico klinika przychodnia klinigi クリニック 診療所 诊所 의원 클리닉
practice: surgery practices praxis cabinet huisartsenpraktijk praktijk doctors gemeinschaftspraxis ordination gabinet consultorio consultorios studio lakarmottagning arztpraxis
laboratory: lab labs labor laboratorio laboratoire laboratoires laboratoria laboratorium laboratoriya
pharmacy: apotheke pharmacie farmacia apotheek apteka 薬局
post: posto
""")

# What tells one place from its neighbour of the same sort.
QUALIFIERS = _table("""
general: allgemeines generale geral algemeen
community: communautaire comunitario comunale
memorial: mem
regional: regionale reg regionaal oblastnaya landkreis
university: univ universitats universitaets universitat universitaire universitario universitaria universitari universitarios universitair academic akademisches akademisch universitetskaya uniklinik szpitaluniwersytecki uniwersytecki universite 大学 대학교 대학
children: childrens child paed kinder enfants enfant pediatric paediatric pediatrics paediatrics padiatrie padiatrische pediatrie pediatrico pediatria bambini infantil detskaya 小児 こども 儿童 兒童 어린이
women: womens frauen frauenarzt femmes femme donna mujer mulher gynecology gynaecology gynakologie gynecologie ginecologia obstetrics maternity maternite maternidad maternidade zhenskaya 産婦人科
heart: cardiac cardiology cardiologie cardiologia cardiovascular kardiologie kardiologische herz herzzentrum hart cardiologico cor coeur kardiologiya 循環器
psychiatric: psychiatry psychiatrie psychiatrisch psiquiatria psiquiatrico psychiatrique mental psychiatrische psychiatrisches psikhiatricheskaya behavioral behavioural 精神
veterans: va
teaching: lehrkrankenhaus
county: kreis landkreis
district: distrital districtsgezondheid
city: municipal municipale gorodskaya stadt stadtische staedtische stadtisches staedtisches miejski comunal 市立
central: centrale tsentralnaya 中央 중앙 中心
clinical: klinicheskaya
prefectural: 県立
national: nacional nationale nationales natl nazionale 国立
dental: dentistry dentist zahn zahnarzt zahnarztliche zahnmedizin dentaire odontologia odontoiatrico tandarts tandartsen stomatologicheskaya 歯科 口腔 치과
eye: ophthalmology augen augenarzt ophtalmologique ophtalmologie oftalmologico oftalmologia oculistica oog oogheelkunde glaznaya 眼科 안과
orthopedic: orthopedics orthopaedic orthopaedics orthopadie orthopadische orthopedie orthopedique ortopedia ortopedico traumatologia 整形外科
skin: dermatology dermatologie dermatologia haut hautarzt dermatologico huid 皮膚科
nerve: neurology neurologie neurologia neurologische nevrologiya neurological
kidney: urology urologie urologia urologische
dialysis: dialyse dialisi dialisis nephrology nephrologie nefrologia
cancer: oncology onkologie oncologie oncologia oncologico onkologiya oncologique
imaging: radiology radiologie imagerie radiologia immagini imagenes imagem diagnostics diagnostico diagnostica diagnostic beeldvorming
fertility: ivf kinderwunsch fertilite fertilidad
sleep: schlaf sommeil
pain: schmerz douleur dolor
surgical: surgeons chirurgie chirurgische chirurgia cirugia cirurgia
urgent: emergency walkin
sports: sport
internal: innere interna interne
family: hausarzt hausarztliche familiale familiar famiglia
rehab: rehabilitation reha reeducation riabilitazione rehabilitacion reabilitacao revalidatie readaptation rehabilitatsiya
stomach: gastroenterology gastroenterologie gastroenterologia digestive
ear: ent hno orl otolaryngology
lung: pulmonary pneumologie pulmonology pneumologia
allergy: allergie asthma
physio: physiotherapie physiotherapy physical fysiotherapie fisioterapia kine kinesitherapie
geriatric: geriatrie geriatrics seniors
""")

# Words that are in half of all names: they are dropped, added and exchanged without meaning another customer.
LOOSE = _table("""
center: centre centers centres ctr centrum zentrum centro zentren tsentr centr senter センター
health: healthcare sante salud saude salute gesundheit gesundheitszentrum gezondheid gezondheidscentrum zdravookhraneniya zdrowia
medical: med medic medizinisches medizinische medizin medicale medicaux medico medica medicos medisch meditsinskiy medycyny mvz medicine management care cura case
group: groupe gruppe gruppo grupo associates associate assoc associates partners partner specialists specialist specialties physicians physician providers services service system systems network networks
trust: nhs foundation fondation fondazione fundacion fundacao stiftung stichting fund
institute: institut instituto istituto instituut
company: company holding
authority: azienda sanitaria unidade unidad usl
department: dept abteilung departement departamento dipartimento afdeling unit division station klinikabteilung otdelenie campus site standort
doctor: dr drs prof doc doctor doctora dott dra docteur mr arzt arzte aerzte
of: the and und et e y de du des d di del della delle dei degli do da das dos der die das den dem van het voor le la les los las l al el en am an im in bei fur fuer a at for no n nr num i im zu zum zur by imeni po na
""")

LEGAL = frozenset("""
inc incorporated llc pllc pc pa corp corporation co ltd limited plc llp lp cic gmbh ggmbh mbh ag kg kgaa ev ohg gbr ug aor se
sa sas sasu sarl selarl scm sel scp sl slu slp spa srl srls coop bv nv vof ltda eireli me epp ooo oao zao pao ao gbuz
ab as asa aps oy sp zoo kk pty anonim sirketi 株式会社 医療法人 医療法人社団 社会福祉法人 一般社団法人 有限公司 주식회사 의료법인 sro spzoz
""".split())  # fmt: skip

SAINTS = frozenset(
    "st saint sainte ste san sant santa santo sao sankt sint svyatogo svyatoy swietego agios".split()
)

# An abbreviation and the words that it stands for.
ABBREVIATIONS = {
    "chu": ("university", "hospital"), "chru": ("regional", "university", "hospital"),
    "chr": ("regional", "hospital"), "chi": ("hospital",), "chs": ("psychiatric", "hospital"),
    "umc": ("university", "medical", "center"), "ukh": ("university", "hospital"), "kkh": ("county", "hospital"),
    "uniklinik": ("university", "hospital"), "uniklinikum": ("university", "hospital"), "kh": ("hospital",),
    "aou": ("university", "hospital"), "ao": ("hospital",), "hu": ("university", "hospital"),
    "gkb": ("city", "clinical", "hospital"), "crb": ("central", "hospital"), "hgh": ("general", "hospital"),
    "herzzentrum": ("heart", "center"), "lungenklinik": ("lung", "clinic"),
}  # fmt: skip

# Cities that are written in two languages: the other name → the one that is compared.
EXONYMS = {
    "munich": "munchen", "cologne": "koln", "nuremberg": "nurnberg", "hanover": "hannover", "vienna": "wien",
    "zurich": "zurich", "geneva": "geneve", "genf": "geneve", "basle": "basel", "lyons": "lyon",
    "marseilles": "marseille", "strassburg": "strasbourg", "rome": "roma", "milan": "milano", "turin": "torino",
    "naples": "napoli", "florence": "firenze", "venice": "venezia", "genoa": "genova", "padua": "padova",
    "seville": "sevilla", "saragossa": "zaragoza", "lisbon": "lisboa", "the hague": "den haag", "gravenhage": "den haag",
    "brussels": "bruxelles", "brussel": "bruxelles", "antwerp": "antwerpen", "anvers": "antwerpen", "gent": "ghent",
    "moscow": "moskva", "saint petersburg": "sankt peterburg", "st petersburg": "sankt peterburg", "warsaw": "warszawa",
    "krakow": "krakow", "cracow": "krakow", "prague": "praha", "copenhagen": "kobenhavn", "gothenburg": "goteborg",
    "athens": "athina", "montreal": "montreal", "quebec city": "quebec", "東京": "tokyo", "大阪": "osaka", "京都": "kyoto",
    "名古屋": "nagoya", "札幌": "sapporo", "福岡": "fukuoka", "神戸": "kobe", "横浜": "yokohama", "仙台": "sendai", "広島": "hiroshima",
    "北京": "beijing", "上海": "shanghai", "廣州": "guangzhou", "广州": "guangzhou", "深圳": "shenzhen", "台北": "taipei",
    "香港": "hong kong", "서울": "seoul", "부산": "busan", "peking": "beijing",
    "frankfurt am main": "frankfurt", "new york city": "new york",
}  # fmt: skip

# Endings under which German and Dutch write a name as one word (longest first).
ENDINGS = tuple(sorted(
    "krankenhaus klinikum klinik kliniken hospital spital praxis arztpraxis zentrum zahnarzt ziekenhuis kliniek praktijk "
    "centrum arzt".split(), key=len, reverse=True,
))  # fmt: skip
CJK_PARTS = tuple(sorted(
    (word for table in (PLACES, QUALIFIERS, LOOSE) for word in table if word and ord(word[0]) > 0x3000),
    key=len, reverse=True,
))  # fmt: skip

# What stands between the parts of a name in a script without blanks, and tells nothing.
CJK_BETWEEN = ("市", "区", "医学部", "附属", "法人", "医科")

# Words that mean something else together.
PHRASES = {
    "casa di cura": "clinic", "casa de saude": "clinic", "herz jesu": "sacred heart", "walk in": "urgent",
    "heilig geist": "holy spirit", "saint esprit": "holy spirit", "espirito santo": "holy spirit",
    "unsere liebe frau": "our lady",
}  # fmt: skip

# First names, saints' mostly, in other languages → the one that is compared.
FIRST_NAMES = {
    other: line.split()[0]
    for line in (
        "peter pierre pietro pedro petrus peters", "john jean giovanni juan joao johannes johannis johns ivan",
        "mary marie maria marys marien", "joseph josef giuseppe jose josephs", "anthony antonius antonio antoine antonys",
        "francis franciscus franziskus francesco francisco francois", "elizabeth elisabeth elisabetta isabel elisabethen",
        "luke lukas luc luca lucas lukes", "mark markus marc marco marcos marks", "paul paulus paolo paulo pablo pauls",
        "michael michel michele miguel michaels", "james jakob jacques giacomo santiago", "george georg georges giorgio jorge",
        "anne anna ana", "joan jeanne", "vincent vincenz vicente vincenzo vinzenz", "martin martino martinus",
        "nicholas nikolaus nicolas nicola", "catherine katharina caterina catalina katharinen", "lawrence laurentius laurent lorenzo",
        "stephen stephan stefan etienne stefano esteban", "andrew andreas andre andrea andres", "raphael rafael raffaele",
        "bernard bernhard bernardo", "claire clara chiara", "theresa therese teresa", "louis ludwig luigi luis",
        "charles karl carlo carlos", "sacred sacre sacro sagrado sagrada", "holy heilig heilige", "our nuestra nossa notre", "lady senora senhora dame",
    )
    for other in line.split()[1:]
}  # fmt: skip
