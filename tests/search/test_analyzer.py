"""What counts as the same word."""

import pytest

from rifess.search.analyzer import LONGEST, Token, composed, keys, tokens

FAMILIES = [  # forms of one word, with and without accents
    "cooperativa cooperativas cooperativo cooperativos",
    "organización organizaciones ORGANIZACION",
    "organização organizações organizacao",
    "solución soluciones solucion",
    "imagen imágenes imagenes",
    "imagem imagens",
    "dato datos",
    "público pública públicos públicas",
    "mujer mujeres",
    "mulher mulheres",
    "actividad actividades",
    "comunidade comunidades",
    "policy policies",
    "business businesses",
]
APART = ["ahorro ahora", "mujer mejor", "casa caso", "pan pañal", "social socio", "ley leyenda", "cooperación cooperativa"]
SISTERS = [
    "organización organização organization",
    "cooperación cooperação cooperation",
    "sociedad sociedade society",
    "solidaridad solidariedade",
    "comunidad comunidade community",
    "educación educação education",
    "gobernanza governança governance",
    "gobierno governo",
    "trabajo trabalho",
    "consejo conselho",
    "justicia justiça justice",
    "servicio serviço service",
    "gestión gestão",
    "aprendizaje aprendizagem",
    "financiero financeiro",
    "actividad atividade activity",
    "crecimiento crescimento",
    "experiencia experiência experience",
    "tecnología tecnologia technology",
    "estrategia estratégia strategy",
    "internacional internacional international",
    "política política politics political",
    "emprendimiento empreendimento",
    "inmigración imigração immigration",
    "ley lei",
]


def stems(words):
    return [word.stem for word in tokens(composed(words))]


def cognates(words):
    return [word.cognate for word in tokens(composed(words))]


@pytest.mark.parametrize("family", FAMILIES)
def test_forms_of_one_word_share_their_stem(family):
    assert len(set(stems(family))) == 1


@pytest.mark.parametrize("words", APART)
def test_other_words_have_another_stem_and_another_cognate(words):
    assert len(set(stems(words))) == len(set(cognates(words))) == 2


@pytest.mark.parametrize("sisters", SISTERS)
def test_sisters_in_other_languages_share_their_cognate(sisters):
    assert len(set(cognates(sisters))) == 1


def test_a_token_tells_where_its_word_stands():
    assert tokens("El agua, ¡es común!")[1] == Token("agua", "agua", "agua", "agua", 3, 7)
    assert [token.word for token in tokens("El agua, ¡es común!")] == ["el", "agua", "es", "comun"]


@pytest.mark.parametrize(
    "text, words",
    [
        ("A/RES/77/281", ["a", "res", "77", "281"]),
        ("O.N.U. y S.A.", ["onu", "y", "sa"]),
        ("S. COOP. Larrun", ["s", "coop", "larrun"]),
        ("socio-económico", ["socio", "economico"]),
        ("women's women’s", ["women", "women"]),
        ("d'água", ["d", "agua"]),
        ("snake_case", ["snake", "case"]),
        ("合作社", ["合", "作", "社"]),
        ("Движение", ["движение"]),
        ("Łódź İstanbul", ["lodz", "istanbul"]),
        ("cafe\u0301", ["cafe"]),
        ("1.500 €, 20 %", ["1", "500", "20"]),
        ("… — ¿?", []),
        ("", []),
        ("a\0b", ["a", "b"]),
    ],
)
def test_any_writing_is_read(text, words):
    assert [token.word for token in tokens(composed(text))] == words


def test_a_word_without_end_is_cut():
    assert max(len(key) for key in keys("agua" * 2_000)) == LONGEST


def test_reading_a_key_again_changes_nothing_of_short_words():
    for word in ("red", "sol", "pan", "oit", "s", "77"):
        assert keys(word) == (word, word, word)
