"""What cannot be rated is said, with the thing, the value and the reason."""

import pytest

import authentic_outreach as ao

LANGUAGES = {
    "German": "Sehr geehrte Frau Ferreira, wir möchten Ihnen gern unser neues Programm vorstellen und würden uns "
    "über einen Termin in der kommenden Woche sehr freuen. Wann passt es Ihnen am besten?",
    "French": "Bonjour Madame, je me permets de vous écrire car nous proposons une solution pour la gestion de votre "
    "atelier. Seriez-vous disponible pour un appel de quinze minutes cette semaine?",
    "Spanish": "Estimada Ana, le escribo porque hemos visto su trabajo y creemos que podemos ayudarle a conseguir más "
    "clientes. ¿Tendría quince minutos esta semana para una llamada?",
    "Dutch": "Beste Ana, wij zijn een klein bedrijf uit Utrecht en leveren hout voor schepen. Zou u het goed vinden als "
    "wij u volgende week een prijslijst sturen? Met vriendelijke groet, Jan",
    "Portuguese": "Olá Ana, vi a sua página sobre barcos da Nazaré e gostava de saber se ainda usa a caixa de vapor. "
    "Pode dizer-me quanto tempo demora cada tábua? Obrigado, João",
    "Polish": "Dzień dobry, piszę do Pani, ponieważ nasza firma oferuje drewno dębowe dla szkutników. Czy możemy "
    "przesłać ofertę w tym tygodniu? Pozdrawiam serdecznie, Marek",
    "Russian": "Здравствуйте, Анна! Мы производим дубовые доски для лодок и хотели бы предложить вам сотрудничество.",
    "Japanese": "はじめまして。御社の木造船に関する記事を拝読しました。一度お話を伺えれば幸いです。",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_another_language_is_set_aside(language):
    rating = ao.rate(LANGUAGES[language])
    assert (rating.status, rating.label, rating.score) == ("set_aside", "unsure", None)
    assert "not English" in rating.reason or "too short" in rating.reason


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("Call me back", "too short: 3 words"),
        ("\0\0\0", "empty"),
        ("🚀🚀🚀 💥", "too short"),
        ("> quoted only\n> and nothing more here", "empty"),
        ("The flow of the pump in the house is 4 litres and then it is 5 and so on", "not outreach"),
    ],
)
def test_what_cannot_be_rated_is_set_aside_with_its_reason(text, words):
    rating = ao.rate(text)
    assert rating.status == "set_aside"
    assert words in rating.reason
    assert rating.to_row()["score"] is None


def test_short_english_is_rated():
    assert ao.rate("did you keep the old boiler?").status == "rated"
