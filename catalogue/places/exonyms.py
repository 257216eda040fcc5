"""Towns that French and English call otherwise than each other: names are data, not sentences."""

# As GeoNames writes it | country | English | French
_ROWS = """
Abu Dhabi|AE|Abu Dhabi|Abou Dabi
Addis Ababa|ET|Addis Ababa|Addis-Abeba
Aleppo|SY|Aleppo|Alep
Alexandria|EG|Alexandria|Alexandrie
Algiers|DZ|Algiers|Alger
Antwerp|BE|Antwerp|Anvers
Athens|GR|Athens|Athènes
Baghdad|IQ|Baghdad|Bagdad
Baku|AZ|Baku|Bakou
Barcelona|ES|Barcelona|Barcelone
Basel|CH|Basel|Bâle
Beijing|CN|Beijing|Pékin
Beirut|LB|Beirut|Beyrouth
Bern|CH|Bern|Berne
Brugge|BE|Bruges|Bruges
Brussels|BE|Brussels|Bruxelles
Bucharest|RO|Bucharest|Bucarest
Cairo|EG|Cairo|Le Caire
Cape Town|ZA|Cape Town|Le Cap
Köln|DE|Cologne|Cologne
Copenhagen|DK|Copenhagen|Copenhague
Córdoba|ES|Cordoba|Cordoue
Damascus|SY|Damascus|Damas
Dresden|DE|Dresden|Dresde
Edinburgh|GB|Edinburgh|Édimbourg
Fes|MA|Fez|Fès
Frankfurt am Main|DE|Frankfurt|Francfort
Freiburg|DE|Freiburg|Fribourg-en-Brisgau
Geneva|CH|Geneva|Genève
Genoa|IT|Genoa|Gênes
Gent|BE|Ghent|Gand
Guatemala City|GT|Guatemala City|Guatemala
Hamburg|DE|Hamburg|Hambourg
Hanoi|VN|Hanoi|Hanoï
Havana|CU|Havana|La Havane
Ho Chi Minh City|VN|Ho Chi Minh City|Hô Chi Minh-Ville
Jerusalem|IL|Jerusalem|Jérusalem
Kabul|AF|Kabul|Kaboul
Kathmandu|NP|Kathmandu|Katmandou
Kraków|PL|Krakow|Cracovie
Kuwait City|KW|Kuwait City|Koweït
Kyiv|UA|Kyiv|Kiev
Leuven|BE|Leuven|Louvain
Lisbon|PT|Lisbon|Lisbonne
London|GB|London|Londres
Mainz|DE|Mainz|Mayence
Manila|PH|Manila|Manille
Marrakesh|MA|Marrakesh|Marrakech
Makkah|SA|Mecca|La Mecque
Mexico City|MX|Mexico City|Mexico
Mogadishu|SO|Mogadishu|Mogadiscio
Moscow|RU|Moscow|Moscou
Muscat|OM|Muscat|Mascate
N'Djamena|TD|N’Djamena|N’Djaména
Nicosia|CY|Nicosia|Nicosie
Philadelphia|US|Philadelphia|Philadelphie
Port of Spain|TT|Port of Spain|Port-d’Espagne
New Orleans|US|New Orleans|La Nouvelle-Orléans
Reykjavík|IS|Reykjavik|Reykjavik
Riyadh|SA|Riyadh|Riyad
Saint Petersburg|RU|Saint Petersburg|Saint-Pétersbourg
Santo Domingo|DO|Santo Domingo|Saint-Domingue
Seoul|KR|Seoul|Séoul
Sevilla|ES|Seville|Séville
Singapore|SG|Singapore|Singapour
St. John's|CA|St. John’s|Saint-Jean de Terre-Neuve
Tangier|MA|Tangier|Tanger
Tashkent|UZ|Tashkent|Tachkent
Tbilisi|GE|Tbilisi|Tbilissi
Tehran|IR|Tehran|Téhéran
Thessaloníki|GR|Thessaloniki|Thessalonique
Ulan Bator|MN|Ulan Bator|Oulan-Bator
Valencia|ES|Valencia|Valence
Venice|IT|Venice|Venise
Vienna|AT|Vienna|Vienne
Warsaw|PL|Warsaw|Varsovie
Yaoundé|CM|Yaounde|Yaoundé
Yerevan|AM|Yerevan|Erevan
Zaragoza|ES|Zaragoza|Saragosse
Zürich|CH|Zurich|Zurich
"""

TOWNS: dict[tuple[str, str], tuple[str, str]] = {
    (written, country): (english, french)
    for written, country, english, french in (
        line.split("|") for line in _ROWS.strip().splitlines()
    )
}
