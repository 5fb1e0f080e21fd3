"""Invented names by country. None belongs to a real company, hospital or person that we know of."""

# Partners: (name, country, category code, city, domain). Categories are those of the program file.
PARTNERS = [
    ("Northgate Clinical Systems", "US", "channel", "Columbus", "northgate"),
    ("Pacific Care Networks", "US", "strategic_technology", "Portland", "pacificcare"),
    ("Lakeshore Interop", "US", "alliances", "Milwaukee", "lakeshore-interop"),
    ("Blue Mesa Health IT", "US", "channel", "Albuquerque", "bluemesa"),
    ("Cardinal Ridge Advisors", "US", "referral", "Richmond", "cardinalridge"),
    ("Harborline Solutions", "US", "channel", "Baltimore", "harborline"),
    ("Tallgrass Informatics", "US", "alliances", "Omaha", "tallgrass"),
    ("Summit Peak Integrators", "US", "channel", "Denver", "summitpeak"),
    ("Redwood Bridge Data", "US", "alliances", "Sacramento", "redwoodbridge"),
    ("Gulfstream Care Partners", "US", "healthcare_systems", "Tampa", "gulfstreamcare"),
    ("Ironwood EHR", "US", "strategic_technology", "Phoenix", "ironwood-ehr"),
    ("Beacon Hill Clinical", "US", "channel", "Boston", "beaconhill"),
    ("Prairie Star Systems", "US", "channel", "Des Moines", "prairiestar"),
    ("Cascadia Imaging Link", "US", "alliances", "Seattle", "cascadialink"),
    ("Riverbend Consulting", "US", "referral", "St. Louis", "riverbend"),
    ("Copperfield Health Tech", "US", "channel", "Salt Lake City", "copperfield"),
    ("Albion Health", "GB", "channel", "Leeds", "albion"),
    ("Wharfedale Informatics", "GB", "channel", "Bradford", "wharfedale"),
    ("Thamesgate Digital", "GB", "alliances", "Reading", "thamesgate"),
    ("Caledon Care Systems", "GB", "strategic_technology", "Edinburgh", "caledon"),
    ("Severn Clinical Advisers", "GB", "clinical", "Bristol", "severn"),
    ("Pennine Integration", "GB", "channel", "Sheffield", "pennine"),
    ("Mersey Bridge IT", "GB", "channel", "Liverpool", "merseybridge"),
    ("Kestrel Health Data", "GB", "alliances", "Cambridge", "kestrel"),
    ("Rheinmed Systemhaus", "DE", "channel", "Köln", "rheinmed"),
    ("Alpenblick Klinik-IT", "DE", "channel", "München", "alpenblick"),
    ("Hanse Medizindaten", "DE", "alliances", "Hamburg", "hansemed"),
    ("Elbtal Beratung", "DE", "referral", "Dresden", "elbtal"),
    ("Weserland Systeme", "DE", "strategic_technology", "Bremen", "weserland"),
    ("Lumière Santé Conseil", "FR", "referral", "Lyon", "lumiere-sante"),
    ("Garonne Intégration", "FR", "channel", "Bordeaux", "garonne"),
    ("Val d'Orme Numérique", "FR", "channel", "Nantes", "valdorme"),
    ("Armor Données Santé", "FR", "alliances", "Rennes", "armor"),
    ("Adriatica Sanità", "IT", "channel", "Bari", "adriatica"),
    ("Lago Clinico", "IT", "channel", "Como", "lagoclinico"),
    ("Tirreno Digitale", "IT", "alliances", "Pisa", "tirreno"),
    ("Ibérica Salud Digital", "ES", "channel", "Valencia", "iberica"),
    ("Cantábrico Sistemas", "ES", "channel", "Santander", "cantabrico"),
    ("Polder Zorg ICT", "NL", "channel", "Utrecht", "polderzorg"),
    ("Waterkant Advies", "NL", "referral", "Rotterdam", "waterkant"),
    ("Hoshino Medical", "JP", "channel", "Ōsaka", "hoshino"),
    ("Kanto Medical Systems", "JP", "strategic_technology", "Tōkyō", "kanto"),
    ("Kitahama Integration", "JP", "channel", "Kōbe", "kitahama"),
    ("Sakura Bridge Data", "JP", "alliances", "Nagoya", "sakurabridge"),
    ("Aozora Health IT", "JP", "channel", "Fukuoka", "aozora"),
    ("Midori Consulting", "JP", "referral", "Sendai", "midori"),
    ("Borealis EHR", "CA", "strategic_technology", "Calgary", "borealis"),
    ("Maple Harbour IT", "CA", "channel", "Halifax", "mapleharbour"),
    ("Laurentide Santé", "CA", "channel", "Montréal", "laurentide"),
    ("Great Slave Data", "CA", "alliances", "Edmonton", "greatslave"),
    ("Prairie Sky Advisors", "CA", "referral", "Regina", "prairiesky"),
    ("Fraser Valley Systems", "CA", "channel", "Abbotsford", "fraservalley"),
    ("Tasman Clinical", "AU", "channel", "Hobart", "tasman"),
    ("Southern Cross Interop", "AU", "alliances", "Melbourne", "southerncross"),
    ("Coral Coast Health IT", "AU", "channel", "Cairns", "coralcoast"),
    ("Red Centre Systems", "AU", "channel", "Alice Springs", "redcentre"),
    ("Banksia Advisory", "AU", "referral", "Perth", "banksia"),
    ("Murray Basin Data", "AU", "alliances", "Adelaide", "murraybasin"),
    ("Wattle Park EHR", "AU", "strategic_technology", "Sydney", "wattlepark"),
    ("Kookaburra Care", "AU", "channel", "Brisbane", "kookaburra"),
]

# Applicants who are not partners yet.
APPLICANTS = [
    ("Silverlake Informatics", "US", "channel", "Reno", "silverlake"),
    ("Osprey Point Health", "US", "alliances", "Savannah", "ospreypoint"),
    ("Dovetail Clinical", "GB", "referral", "York", "dovetail-clinical"),
    ("Nordsee Kliniksysteme", "DE", "channel", "Kiel", "nordsee"),
    ("Côte Verte Santé", "FR", "channel", "Brest", "coteverte"),
    ("Ponte Vecchio Salute", "IT", "referral", "Firenze", "pontevecchio"),
    ("Shimanto Systems", "JP", "channel", "Kōchi", "shimanto"),
    ("Rivière Rouge TI", "CA", "alliances", "Winnipeg", "riviererouge"),
    ("Bluegum Digital Health", "AU", "channel", "Geelong", "bluegum"),
    ("Meridian Triage Partners", "US", "strategic_technology", "Atlanta", "meridiantriage"),
    ("Quayside Health Data", "GB", "alliances", "Newcastle", "quayside"),
    ("Heidekraut Beratung", "DE", "referral", "Lüneburg", "heidekraut"),
]

# Health systems: the country's words for a system and for what lies under it.
PLACES = {
    "US": ["Ridgeline", "Harbor Valley", "Westmere", "Larkhill", "Ashgrove", "Carrow Bay", "Brannoc", "Stonebrook",
           "Elmhurst Falls", "Pine Hollow", "Cedar Point", "Maplewood", "Silver Creek", "Granite Pass", "Willow Bend",
           "Eagle Crest", "Sandhill", "Clearwater Fork"],
    "GB": ["Nordbrook", "Wharfedale", "Ashcombe", "Penhallow", "Thornbury Vale", "Kilmarch", "Eastmoor", "Llanfair Cross",
           "Wrenfield", "Saltmarsh", "Hollin Hill"],
    "DE": ["Weserland", "Auental", "Lindenfels", "Bergheide", "Moorsee", "Sankt Aurel", "Rabenstein", "Kirschtal"],
    "FR": ["Val d'Orme", "Saint-Éloi", "Belrive", "Montclair", "Fontvieille-sur-Lys", "Rocheverte", "Clairbois"],
    "IT": ["San Rocco", "Valdarno Alto", "Monteluce", "Riva Serena", "Santa Brigida"],
    "ES": ["Valdeluz", "Sierra Clara", "Ribera Alta", "Costa Serena"],
    "NL": ["Polderhof", "Waterdael", "Lindeborg"],
    "JP": ["Higashiyama", "Kitahama", "Minamino", "Aoba-no-mori", "Hoshigaoka", "Nishikawa", "Midorigaoka"],
    "CA": ["Northshore", "Maple Ridge", "Rivière-du-Loup-Est", "Prairie View", "Glacier Bay", "Cape Rosier"],
    "AU": ["Wattle Creek", "Coral Bay", "Stringybark", "Red Gum", "Lorikeet Plains", "Banksia Heights"],
}  # fmt: skip
SYSTEM_WORDS = {
    "US": ["{p} Health System", "{p} Integrated Care"], "GB": ["{p} NHS Foundation Trust", "{p} Health Board"],
    "DE": ["Klinikverbund {p}", "Universitätsklinik {p}"], "FR": ["Groupement Hospitalier {p}", "CHU de {p}"],
    "IT": ["Azienda Sanitaria {p}", "Gruppo Ospedaliero {p}"], "ES": ["Grupo Sanitario {p}", "Servicio de Salud {p}"],
    "NL": ["Zorggroep {p}", "Ziekenhuisgroep {p}"], "JP": ["{p} Medical Group", "{p} University Hospital Group"],
    "CA": ["{p} Health Authority", "{p} Regional Health"], "AU": ["{p} Local Health District", "{p} Health Network"],
}  # fmt: skip
UNIT_WORDS = {
    "US": ["{p} Regional Medical Center", "{p} Children's Hospital", "{p} Community Hospital", "{p} Heart Center",
           "{p} Imaging Center", "{p} Day Surgery", "{p} Clinics"],
    "GB": ["{p} General Hospital", "{p} Royal Infirmary", "{p} Community Hospital", "{p} Eye Hospital", "{p} Maternity Unit"],
    "DE": ["Klinikum {p}", "Kreiskrankenhaus {p}", "Herzzentrum {p}", "Kinderklinik {p}", "MVZ {p}"],
    "FR": ["Hôpital {p}", "Clinique du {p}", "Centre d'imagerie {p}", "Maternité {p}"],
    "IT": ["Ospedale {p}", "Clinica {p}", "Poliambulatorio {p}"],
    "ES": ["Hospital {p}", "Clínica {p}", "Centro Médico {p}"],
    "NL": ["Ziekenhuis {p}", "Kliniek {p}", "Polikliniek {p}"],
    "JP": ["{p} General Hospital", "{p} Medical Center", "{p} Clinic", "{p} Children's Hospital"],
    "CA": ["{p} General Hospital", "{p} Health Centre", "{p} Community Clinic", "Hôpital de {p}"],
    "AU": ["{p} Base Hospital", "{p} Private Hospital", "{p} Community Health", "{p} Multipurpose Service"],
}  # fmt: skip
CITIES = {
    "US": ["Columbus", "Boise", "Tulsa", "Dayton", "Spokane", "Macon", "Duluth", "Fresno", "Albany", "Mobile"],
    "GB": ["Leeds", "Exeter", "Hull", "Derby", "Perth", "Swansea"], "DE": ["Köln", "Kassel", "Jena", "Ulm", "Bremen"],
    "FR": ["Lyon", "Dijon", "Nantes", "Tours", "Lille"], "IT": ["Bari", "Parma", "Pisa", "Trento"],
    "ES": ["Valencia", "Burgos", "Murcia"], "NL": ["Utrecht", "Zwolle", "Breda"],
    "JP": ["Ōsaka", "Kyōto", "Sapporo", "Sendai", "Kōbe"], "CA": ["Calgary", "Halifax", "Québec", "Regina"],
    "AU": ["Hobart", "Cairns", "Perth", "Dubbo"],
}  # fmt: skip
KIND_OF_SYSTEM = {"US": "idn", "GB": "health_authority", "CA": "health_authority", "AU": "health_authority"}
PUBLIC = {"GB", "FR", "IT", "ES", "CA", "AU"}

GIVEN = {
    "US": ["Priya", "Luis", "Dana", "Marcus", "Helen", "Owen", "Tessa", "Jamal", "Erin", "Victor", "Naomi", "Caleb"],
    "GB": ["Rhys", "Imogen", "Callum", "Aisha", "Fergus", "Beth", "Nikhil", "Maeve", "Alfie", "Zara"],
    "DE": ["Jonas", "Katrin", "Moritz", "Selin", "Lukas", "Annika", "Ferdinand", "Mareike"],
    "FR": ["Camille", "Hugo", "Inès", "Baptiste", "Maëlle", "Karim", "Solène"],
    "IT": ["Giulia", "Matteo", "Chiara", "Lorenzo", "Elisa"], "ES": ["Lucía", "Álvaro", "Marta", "Iker"],
    "NL": ["Sanne", "Daan", "Femke", "Joris"], "JP": ["Haruka", "Kenji", "Yuki", "Takumi", "Emi", "Ren"],
    "CA": ["Avery", "Étienne", "Harpreet", "Nora", "Simon"], "AU": ["Matilda", "Lachlan", "Jarrah", "Isla", "Tom"],
}  # fmt: skip
FAMILY = {
    "US": ["Raman", "Ortega", "Whitfield", "Boone", "Marsh", "Tate", "Lindgren", "Okoye", "Castellano", "Hale"],
    "GB": ["Carver", "Ashdown", "Morrow", "Pritchard", "Qureshi", "Tindall", "Blythe", "Kerr"],
    "DE": ["Brandauer", "Vosskamp", "Lindemann", "Yıldız", "Rothacker", "Seidel"],
    "FR": ["Delorme", "Vasseur", "Benali", "Marchetti", "Guérin"], "IT": ["Bellandi", "Ferraris", "Montesi", "Galvani"],
    "ES": ["Olmedo", "Zabala", "Carrasco"], "NL": ["van Dael", "Hoekstra", "Brouwer"],
    "JP": ["Hoshino", "Kitagawa", "Morimoto", "Sugawara", "Aoyama"], "CA": ["Tremblay", "Sandhu", "MacNeil", "Gauthier"],
    "AU": ["Barlow", "Nguyen", "Kirkpatrick", "Yarran"],
}  # fmt: skip
TITLES = ["Account executive", "Solutions architect", "Implementation lead", "Practice director", "Integration engineer",
          "Sales manager", "Clinical consultant", "Marketing lead"]  # fmt: skip

# The vendor's own people: (name, role). The first of each role is the demo log-in of that role.
STAFF = [
    ("Ada Okafor", "administrator"), ("Ingrid Solberg", "director"), ("Maya Lindqvist", "psm"), ("Tomas Herrera", "psm"),
    ("Yusuf Demir", "psm"), ("Claire Bonnet", "psm"), ("Kenta Mori", "psm"), ("Ruth Adeyemi", "psm"),
    ("Dirk Boone", "deal_desk"), ("Noor Haddad", "compliance"), ("Finn Aalto", "finance"), ("Marta Silva", "marketing"),
    ("Eli Navarro", "technical"), ("Vera Moss", "auditor"),
]  # fmt: skip
PSM_OF_COUNTRY = {
    "US": ["Maya Lindqvist", "Tomas Herrera"], "CA": ["Tomas Herrera"], "GB": ["Ruth Adeyemi"], "DE": ["Yusuf Demir"],
    "NL": ["Yusuf Demir"], "FR": ["Claire Bonnet"], "IT": ["Claire Bonnet"], "ES": ["Claire Bonnet"],
    "JP": ["Kenta Mori"], "AU": ["Kenta Mori", "Ruth Adeyemi"],
}  # fmt: skip

DID = [
    "Two discovery calls with the chief medical information officer. They asked for a pilot in the emergency department.",
    "Met the chief nursing officer on site. Budget line confirmed for the coming fiscal year.",
    "Demonstration for the radiology leads; they want the integration with their archive explained next.",
    "Workshop with IT and clinical safety. The current contract of the incumbent ends within nine months.",
    "Introduced by an existing customer of the region; first call with the operations director.",
    "Needs assessment finished, document shared with the head of digital. A tender is being prepared.",
    "The innovation team visited our reference site and asked for figures on waiting times.",
]
# A seller's own export: customer, country, products, value, notes, no patient data. Some lines need a hand.
FILE = [
    (
        "Thornfield Regional Hospital",
        "US",
        "triage",
        "210000",
        "Two calls with the emergency department.",
        "yes",
    ),
    ("Maple Ridge Clinics", "US", "scribe", "96000", "Met the practice manager.", "yes"),
    ("Silver Lake Medical Center", "US", "triage, scribe", "340000", "", "yes"),
    (
        "Hartwell Heart Institute",
        "United States of America",
        "insight",
        "a lot",
        "Introduced by a cardiologist.",
        "yes",
    ),
    ("Pinecrest Community Hospital", "US", "robots", "150000", "Visited our booth.", "yes"),
    ("Bayview Health", "US", "triage", "125000", "Asked for an offer.", "no"),
]
# What makes a case, where a seller says it.
CASES: list[dict[str, str]] = [
    {"champion": "Chief medical information officer", "need": "Shorter waits between arrival and first assessment.",
     "clinical_specialty": "Emergency medicine", "facilities": "Main site", "incumbent": "Paper forms and a spreadsheet"},
    {},
    {"champion": "Head of radiology", "need": "Findings that are read within the hour.", "use_case": "Worklist by urgency.",
     "clinical_specialty": "Radiology", "service_lines": "Imaging, stroke unit"},
    {},
    {"contact": "Director of nursing, nursing@hospital.example", "need": "Less typing at the bedside.",
     "use_case": "Documentation by voice on two wards.", "incumbent": "The record system's own forms"},
    {},
]  # fmt: skip
