"""What a draft says where the plan has no template of its own: by language, audience and moment.

A line whose placeholder has nothing to say is left out, so each sentence about something that may be unknown has a line
of its own.
"""

from collections.abc import Mapping

from bot.domain.plan_communication import STATUS_PAGE, Moment

SOCIAL_MEDIA = "social_media"
ANY = "customers"
"""Every audience without templates of its own is written to as customers are."""

_ENGLISH: Mapping[str, Mapping[Moment, str]] = {
    STATUS_PAGE: {
        Moment.DECLARED: """\
We are looking into a problem with {name} that began at {since}.
{impact}
We will write again by {next_update}.""",
        Moment.UPDATE: """\
We are still working on the problem that began at {since}.
{update}
We will write again by {next_update}.""",
        Moment.RESOLVED: """\
The problem that began at {since} is over.
It lasted {length}. We are sorry for the trouble.""",
        Moment.REOPENED: """\
The problem that began at {since} is back, and we are working on it.
{impact}
We will write again by {next_update}.""",
    },
    ANY: {
        Moment.DECLARED: """\
Hello,

Since {since} {name} has not been working as it should.
{impact}
We are working on it.
We will write again by {next_update}.
News: {page}

We are sorry for the trouble.""",
        Moment.UPDATE: """\
Hello,

We are still working on the problem with {name} that began at {since}.
{update}
We will write again by {next_update}.
News: {page}""",
        Moment.RESOLVED: """\
Hello,

The problem with {name} that began at {since} is over.
It lasted {length}.

We are sorry for the trouble, and thank you for your patience.""",
        Moment.REOPENED: """\
Hello,

The problem with {name} that we wrote about is back. We are working on it.
{impact}
We will write again by {next_update}.
News: {page}

We are sorry for the trouble.""",
    },
    SOCIAL_MEDIA: {
        Moment.DECLARED: """\
{name} has had a problem since {since}. We are working on it.
{page}""",
        Moment.UPDATE: """\
We are still working on the problem with {name}.
{update}
{page}""",
        Moment.RESOLVED: """\
The problem with {name} is over. Thank you for your patience.
{page}""",
        Moment.REOPENED: """\
The problem with {name} is back. We are working on it.
{page}""",
    },
}
_RUSSIAN: Mapping[str, Mapping[Moment, str]] = {
    STATUS_PAGE: {
        Moment.DECLARED: """\
Разбираемся с неполадкой в работе {name}, она началась в {since}.
{impact}
Следующее сообщение будет не позже {next_update}.""",
        Moment.UPDATE: """\
Продолжаем работать над неполадкой, которая началась в {since}.
{update}
Следующее сообщение будет не позже {next_update}.""",
        Moment.RESOLVED: """\
Неполадка, которая началась в {since}, устранена.
Она продолжалась {length}. Приносим извинения за неудобства.""",
        Moment.REOPENED: """\
Неполадка, которая началась в {since}, вернулась, мы ею занимаемся.
{impact}
Следующее сообщение будет не позже {next_update}.""",
    },
    ANY: {
        Moment.DECLARED: """\
Здравствуйте!

В работе {name} неполадка, она началась в {since}.
{impact}
Мы её устраняем.
Следующее сообщение будет не позже {next_update}.
Новости: {page}

Приносим извинения за неудобства.""",
        Moment.UPDATE: """\
Здравствуйте!

Мы продолжаем устранять неполадку в работе {name}, которая началась в {since}.
{update}
Следующее сообщение будет не позже {next_update}.
Новости: {page}""",
        Moment.RESOLVED: """\
Здравствуйте!

Неполадка в работе {name}, которая началась в {since}, устранена.
Она продолжалась {length}.

Приносим извинения за неудобства и благодарим за терпение.""",
        Moment.REOPENED: """\
Здравствуйте!

Неполадка в работе {name}, о которой мы писали, вернулась. Мы её устраняем.
{impact}
Следующее сообщение будет не позже {next_update}.
Новости: {page}

Приносим извинения за неудобства.""",
    },
    SOCIAL_MEDIA: {
        Moment.DECLARED: """\
В работе {name} неполадка, она началась в {since}. Уже занимаемся.
{page}""",
        Moment.UPDATE: """\
Продолжаем устранять неполадку в работе {name}.
{update}
{page}""",
        Moment.RESOLVED: """\
Неполадка в работе {name} устранена. Спасибо за терпение.
{page}""",
        Moment.REOPENED: """\
Неполадка в работе {name} вернулась. Уже занимаемся.
{page}""",
    },
}
BUILT_IN: Mapping[str, Mapping[str, Mapping[Moment, str]]] = {"en": _ENGLISH, "ru": _RUSSIAN}


def built_in(language: str, audience: str, moment: Moment) -> str:
    """The built-in template."""
    templates = BUILT_IN[language]
    return templates.get(audience, templates[ANY])[moment]
