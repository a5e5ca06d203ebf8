"""A small library that exists only here: who speaks, what is said and where are invented."""

from dataclasses import dataclass
from datetime import date

from events.models import Topic
from rifess.search.index import Moment, Thing, write

SECONDS_OF_A_PASSAGE = 30


@dataclass(frozen=True)
class Item:
    """A thing by a name that cases can use. `said` has a line for each passage."""

    name: str
    kind: str
    title: str  # with " / " between languages
    people: str = ""
    body: str = ""
    said: str = ""
    language: str = ""
    on: str = ""
    topics: str = ""
    country: str = ""


ITEMS = [
    # Recordings in Spanish
    Item(
        "ahorro",
        "recording",
        "Cooperativas de ahorro y crédito en zonas rurales",
        "Jimena Quispe Arce; Federación Andina de Cajas Rurales",
        "Cómo una caja de barrio llegó a tener treinta mil socias.",
        """Empezamos con doce socias que juntaban monedas en una lata.
        Hoy la cooperativa presta a quien siembra, y la morosidad no pasa del dos por ciento.
        El ahorro viene primero: nadie pide prestado lo que antes no supo guardar.""",
        "es",
        "2024-09-04",
        "financiamiento",
        "BO",
    ),
    Item(
        "leche",
        "recording",
        "La leche que se reparte",
        "Rosaura Pineda",
        "Una lechería que pertenece a quienes ordeñan.",
        """Cada mañana recogemos la leche de ochenta familias campesinas.
        Con el excedente compramos un camión refrigerado.
        Una cooperativa lechera no vende barato: reparte bien.""",
        "es",
        "2023-05-11",
        "produccion",
        "UY",
    ),
    Item(
        "ley",
        "recording",
        "Hacia una ley marco de economía social y solidaria",
        "Baltasar Ocampo Lugo; Emilia Fontán",
        "Debate sobre el proyecto de ley.",
        """La ley no crea la economía solidaria: la reconoce.
        Sin un registro público, las organizaciones quedan en la informalidad.
        La resolución A/RES/77/281 de las Naciones Unidas nos da un punto de apoyo.""",
        "es",
        "2024-09-05",
        "politicas",
        "PY",
    ),
    Item(
        "compras",
        "recording",
        "Compras públicas con criterio social",
        "Emilia Fontán",
        "",
        """El Estado es el comprador más grande del país.
        Reservar un porcentaje de las compras a empresas de trabajo asociado cambia la vida de un pueblo.
        No pedimos favores, pedimos políticas públicas.""",
        "es",
        "2022-03-15",
        "politicas",
        "ES",
    ),
    Item(
        "reciclaje",
        "recording",
        "Recicladores organizados",
        "Teodoro Balanta",
        "De la calle a la planta de clasificación.",
        """Antes nos llamaban basureros; ahora somos recicladores de oficio.
        La organización nos dio un precio justo por el cartón.
        El camión es de todas y de todos.""",
        "es",
        "2021-10-02",
        "ambiente",
        "CO",
    ),
    Item(
        "cuidados",
        "recording",
        "Cuidar también es trabajo",
        "Olaya Mendizábal",
        "Cooperativas de cuidados y políticas de igualdad.",
        """Las mujeres sostienen el cuidado de los mayores sin que nadie lo pague.
        Nuestra cooperativa de trabajo emplea a cuarenta mujeres.
        La igualdad empieza por repartir las horas.""",
        "es",
        "2024-03-08",
        "genero",
        "AR",
    ),
    Item(
        "jovenes",
        "recording",
        "Jóvenes que emprenden en común",
        "Iker Larralde",
        "",
        """Un joven solo no monta una imprenta; cinco jóvenes, sí.
        El desarrollo local necesita primero un local.
        La universidad nos prestó las máquinas durante un año.""",
        "es",
        "2020-11-20",
        "educacion",
        "ES",
    ),
    Item(
        "agua",
        "recording",
        "El agua de la comunidad",
        "Saturnina Ccori",
        "Juntas que administran el agua de riego.",
        """El agua no tiene dueño: tiene turnos.
        La asamblea decide quién riega el lunes.
        Setenta comunidades comparten una sola acequia.""",
        "es",
        "2019-07-30",
        "ambiente",
        "PE",
    ),
    Item(
        "moneda",
        "recording",
        "Monedas sociales, diez años después",
        "Cipriano Valdés",
        "",
        """La moneda social circula mientras hay confianza.
        Cuando la inflación subió, el mercado de los sábados se llenó.
        Diez años después quedan tres ferias y muchas amistades.""",
        "es",
        "2018-04-21",
        "financiamiento",
        "AR",
    ),
    Item(
        "educar",
        "recording",
        "Educación cooperativa desde la escuela",
        "Nélida Ugarte",
        "La escuela como cooperativa.",
        """Los niños eligen su consejo y administran el huerto.
        Educar en la cooperación es dejar que decidan.
        La educación no se dicta, se practica.""",
        "es",
        "2021-06-14",
        "educacion",
        "CR",
    ),
    Item(
        "recuperada",
        "recording",
        "La fábrica que volvió a abrir",
        "Wenceslao Prat",
        "Empresas recuperadas por sus trabajadores.",
        """El dueño se fue un viernes y el lunes entramos nosotros.
        Aprendimos contabilidad con un libro prestado.
        Quien trabaja, decide.""",
        "es",
        "2022-08-19",
        "produccion",
        "AR",
    ),
    Item(
        "medir",
        "recording",
        "Medir lo que importa",
        "Amparo Sotelo; INAES",
        "Estadísticas y cuentas satélite.",
        """Lo que no se cuenta no entra en el presupuesto.
        Una cuenta satélite mide el peso de las cooperativas y de las mutuales.
        Los datos son públicos desde 2023.""",
        "es",
        "2024-09-06",
        "estadisticas",
        "MX",
    ),
    # Recordings in Portuguese
    Item(
        "feira",
        "recording",
        "Feiras de economia solidária",
        "Benedita Nogueira",
        "Vinte barracas e um caixa comum.",
        """A feira começou com vinte barracas na praça.
        O comércio justo aproxima quem planta de quem come.
        A organização das mulheres segurou tudo na pandemia.""",
        "pt-BR",
        "2023-10-12",
        "produccion",
        "BR",
    ),
    Item(
        "emprego",
        "recording",
        "Emprego e renda no sertão",
        "Raimundo Alencar",
        "",
        """O emprego que chega de fora vai embora na seca.
        O desenvolvimento do território começa pela água.
        Fizemos trinta cisternas em mutirão.""",
        "pt-BR",
        "2022-05-01",
        "desarrollo",
        "BR",
    ),
    Item(
        "catadores",
        "recording",
        "Catadores e a cidade",
        "Dalva Siqueira",
        "Coleta seletiva solidária.",
        """O catador é um agente ambiental.
        A reciclagem dá trabalho a oitocentas famílias.
        Queremos contrato, não caridade.""",
        "pt-BR",
        "2021-10-02",
        "ambiente",
        "BR",
    ),
    Item(
        "bancos",
        "recording",
        "Bancos comunitários e moedas sociais",
        "Edmilson Prates",
        "",
        """O banco comunitário empresta em moeda social.
        Quem compra no bairro mantém o bairro vivo.
        São cento e quarenta bancos, e nenhum quebrou.""",
        "pt-BR",
        "2024-09-04",
        "financiamiento",
        "BR",
    ),
    Item(
        "mutual",
        "recording",
        "Mutualismo em Portugal",
        "Custódia Arrais",
        "As mutualidades e a saúde.",
        """As associações mutualistas cuidam da saúde de um milhão de pessoas.
        A solidariedade não é um seguro, mas segura.
        A legislação portuguesa é de 2018.""",
        "pt-BR",
        "2018-11-09",
        "salud",
        "PT",
    ),
    Item(
        "escola",
        "recording",
        "A escola do campo",
        "Ivonete Brandão",
        "Educação popular.",
        """A educação do campo nasceu das ocupações.
        As crianças aprendem a plantar e a ler ao mesmo tempo.
        Os professores moram na comunidade.""",
        "pt-BR",
        "2020-02-17",
        "educacion",
        "BR",
    ),
    Item(
        "governanca",
        "recording",
        "Governança participativa",
        "Leopoldina Fragoso",
        "",
        """A governança de uma cooperativa aprende-se na assembleia.
        Um associado, um voto: o capital não decide.
        As decisões difíceis pedem tempo.""",
        "pt-BR",
        "2023-03-22",
        "politicas",
        "PT",
    ),
    # Recordings in English
    Item(
        "coops",
        "recording",
        "Worker cooperatives in the city",
        "Wilfred Oakes",
        "How a bakery became a co-op.",
        """The bakery belongs to the people who bake.
        A cooperative is a business, but not any business.
        We share the profits and the night shifts.""",
        "en",
        "2023-05-11",
        "produccion",
        "GB",
    ),
    Item(
        "measure",
        "recording",
        "Statistics on the social economy",
        "Harriet Lindqvist",
        "Satellite accounts and what they count.",
        """Statistics decide what governments see.
        The social economy employs one worker in twelve.
        Public data should be public.""",
        "en",
        "2024-09-06",
        "estadisticas",
        "GB",
    ),
    Item(
        "energy",
        "recording",
        "Community energy",
        "Moira Tully",
        "",
        """Wind turbines owned by a village pay for its school bus.
        The community decides how to spend the surplus.
        Development that comes from inside lasts longer.""",
        "en",
        "2022-06-30",
        "ambiente",
        "IE",
    ),
    Item(
        "trade",
        "recording",
        "Fair trade, thirty years on",
        "Desmond Achterberg",
        "",
        """Fair trade began with coffee and a church hall.
        A fair price is the one that lets you plant again.
        Women's organizations now set the price.""",
        "en",
        "2019-07-30",
        "produccion",
        "NL",
    ),
    Item(
        "finance",
        "recording",
        "Solidarity finance without banks",
        "Wilfred Oakes; Harriet Lindqvist",
        "Savings circles.",
        """Savings circles are older than banks.
        Nobody lends to strangers; a circle turns strangers into members.
        Credit unions came from the same idea.""",
        "en",
        "2020-11-20",
        "financiamiento",
        "GB",
    ),
    Item(
        "law",
        "recording",
        "A law for the solidarity economy",
        "Prudence Okello",
        "",
        """The law names what people already do.
        Legislation follows practice, slowly.
        Resolution 77/281 invites states to act.""",
        "en",
        "2024-09-05",
        "politicas",
        "KE",
    ),
    # Other kinds
    Item(
        "seminario",
        "seminar",
        "Seminario de finanzas solidarias / Seminário de finanças solidárias / Seminar on solidarity finance",
        "financiamiento",
        "Tres jornadas sobre crédito, ahorro y confianza.",
        on="2024-09-04",
        topics="financiamiento",
    ),
    Item(
        "encuentro",
        "seminar",
        "Encuentro de mujeres cooperativistas / Encontro de mulheres cooperativistas / Meeting of women in cooperatives",
        "género",
        on="2024-03-08",
        topics="genero",
    ),
    Item("panel", "panel", "Apertura / Abertura / Opening", "Jimena Quispe Arce", on="2024-09-04"),
    Item("quispe", "person", "Jimena Quispe Arce", "Federación Andina de Cajas Rurales", country="BO"),
    Item("fontan", "person", "Emilia Fontán", "Bolsa de Compra Social", "Jurista.", country="ES"),
    Item("brandao", "person", "Ivonete Brandão", "Universidade do Sertão", country="BR"),
    Item("muller", "person", "Günther Müller-Åsberg", "Łódź Genossenschaft", country="DE"),
    Item("cajas", "institution", "Federación Andina de Cajas Rurales (FACAR)", country="BO"),
    Item("scoop", "institution", "S. COOP. Larrun", "cooperativa de viviendas", country="ES"),
    Item("informe", "document", "Informe anual 2023 / Relatório anual 2023 / Annual report 2023", on="2023-12-31"),
    Item(
        "onu",
        "document",
        "A/RES/77/281: Promover la economía social y solidaria para el desarrollo sostenible",
        "ONU; O.N.U.; Naciones Unidas",
        on="2023-04-18",
        topics="politicas",
    ),
    Item(
        "otras",
        "document",
        "合作社运动 · Кооперативное движение",
        "",
        "Dos títulos que no son de estas lenguas.",
        on="2017-01-01",
    ),
]
NUMBERS = {item.name: number for number, item in enumerate(ITEMS, 1)}
NAMES = {number: name for name, number in NUMBERS.items()}
KINDS = ["seminar", "panel", "recording", "person", "institution", "document"]


def thing(item):
    return Thing(
        kind=item.kind,
        object_id=NUMBERS[item.name],
        title=item.title.split(" / "),
        people=item.people.split("; "),
        body=item.body,
        spoken=passages(item),
        language=item.language,
        dated_on=date.fromisoformat(item.on) if item.on else None,
        labels={"topic": item.topics.split(), "country": item.country.split()},
        has_transcript=bool(item.said),
    )


def passages(item):
    """Each line of what is said, thirty seconds long."""
    length = SECONDS_OF_A_PASSAGE * 1000
    lines = [line.strip() for line in item.said.splitlines()]
    return [Moment(n * length, (n + 1) * length, line, language=item.language) for n, line in enumerate(lines)]


def index_all():
    """Index the whole library; give what `ask` wants as `within`: all of it may be seen."""
    Topic.objects.bulk_create(Topic(pk=number, name=name, slug=name) for name, number in NUMBERS.items())
    write(thing(item) for item in ITEMS)
    return {kind: Topic.objects.all() for kind in KINDS}
