"""A thesaurus to begin with: words of the Network's work that no rule joins. From here on it is the secretariat's."""

from django.db import migrations

CONCEPTS = [
    ("desarrollo", "desenvolvimento", "development"),
    ("empleo", "emprego", "employment, jobs"),
    ("trabajo", "trabalho", "work, labour, labor"),
    ("trabajador", "trabalhador", "worker"),
    ("ahorro", "poupança", "savings, saving"),
    ("ley", "lei", "law"),
    ("red", "rede", "network"),
    ("comercio justo", "comércio justo", "fair trade"),
    ("precio justo", "preço justo", "fair price"),
    ("mujer", "mulher", "woman, women"),
    ("joven, juventud", "jovem, juventude", "youth, young people"),
    ("vivienda", "moradia, habitação", "housing"),
    ("empresa", "empresa", "enterprise, business, company"),
    ("negocio", "negócio", "business"),
    ("compras públicas", "compras públicas", "public procurement, public purchasing"),
    ("economía social y solidaria, ESS", "economia social e solidária, ESS", "social and solidarity economy, SSE"),
    ("solidario, solidaridad", "solidário, solidariedade", "solidarity"),
    ("cooperativismo", "cooperativismo", "cooperative movement"),
    ("banco", "banco", "bank"),
    ("finanzas solidarias", "finanças solidárias", "solidarity finance"),
    ("presupuesto", "orçamento", "budget"),
    ("salud", "saúde", "health"),
    ("cuidado", "cuidado", "care"),
    ("género", "gênero", "gender"),
    ("igualdad", "igualdade", "equality"),
    ("calidad", "qualidade", "quality"),
    ("aprendizaje", "aprendizagem", "learning"),
    ("enseñanza", "ensino", "teaching"),
    ("escuela", "escola", "school"),
    ("conocimiento", "conhecimento", "knowledge"),
    ("investigación", "pesquisa", "research"),
    ("reciclador", "catador", "waste picker, recycler"),
    ("residuos, basura", "resíduos, lixo", "waste, rubbish"),
    ("agua", "água", "water"),
    ("tierra", "terra", "land"),
    ("campo", "campo", "countryside"),
    ("campesino", "camponês, camponesa", "peasant, smallholder"),
    ("vecino, vecindad", "vizinho, vizinhança", "neighbour, neighbor, neighbourhood, neighborhood"),
    ("barrio", "bairro", "neighbourhood, neighborhood"),
    ("ciudad", "cidade", "city, town"),
    ("pueblo", "povo, povoado", "village"),
    ("gobierno", "governo", "government"),
    ("Estado", "Estado", "state"),
    ("impuesto", "imposto", "tax"),
    ("deuda", "dívida", "debt"),
    ("préstamo", "empréstimo", "loan"),
    ("moneda social", "moeda social", "community currency, local currency"),
    ("moneda", "moeda", "currency"),
    ("feria", "feira", "market"),
    ("mercado", "mercado", "market"),
    ("socio, asociado", "sócio, associado, cooperado", "member"),
    ("ayuda mutua", "ajuda mútua, mutirão", "mutual aid"),
    ("bien común", "bem comum", "common good"),
    ("asamblea", "assembleia", "assembly, general meeting"),
    ("rendición de cuentas", "prestação de contas", "accountability"),
    ("derecho", "direito", "right, rights"),
    ("justicia", "justiça", "justice"),
    ("medio ambiente", "meio ambiente", "environment"),
    ("cambio climático", "mudança climática, mudanças climáticas", "climate change"),
    ("sostenible", "sustentável", "sustainable"),
    ("sostenibilidad", "sustentabilidade", "sustainability"),
    ("comunidad indígena, pueblos originarios", "povos indígenas, povos originários", "indigenous peoples"),
    ("taller", "oficina", "workshop"),
    ("encuentro", "encontro", "meeting, gathering"),
    ("estadística", "estatística", "statistics"),
    ("grabación", "gravação", "recording"),
    ("informe", "relatório", "report"),
]


def write_concepts(apps, schema_editor):
    concepts = apps.get_model("search", "Concept").objects
    concepts.bulk_create(concepts.model(es=es, pt_br=pt_br, en=en) for es, pt_br, en in CONCEPTS)


class Migration(migrations.Migration):
    dependencies = [("search", "0003_secretariat_groups")]
    operations = [migrations.RunPython(write_concepts, migrations.RunPython.noop)]
