"""What stays visible of a plain body, in many languages and shapes; our own sentences in the manner of the mail programs."""

# ruff: noqa: E501 (cases that read better on one line)

import pytest

from app.lib import richtext
from app.mail import html_quotes, quotes
from tests.quickness import assert_linear

pytestmark = pytest.mark.sqlite_only

INTRODUCTIONS = [
    "On Mon, 2 Mar 2026 at 10:00, Marlow Help <help@marlow.example> wrote:",
    "On Mar 2, 2026, at 10:00 AM, Marlow Help <help@marlow.example> wrote:",
    "On 02/03/2026 10:00, Marlow Help wrote:",
    "On Mon, Mar 2, 2026 at 10:00 AM Marlow Print and Paper Support Department <\nhelp@marlow.example> wrote:",
    "On Monday, March 2, 2026,\nMarlow Help\n<help@marlow.example>\nwrote:",
    "Marlow Help <help@marlow.example> wrote:",
    "2026-03-02 10:00 GMT+01:00 Marlow Help <help@marlow.example>:",
    "El lun, 2 mar 2026 a las 10:00, Soporte (<help@marlow.example>) escribió:",
    "El 2 de marzo de 2026, 10:00, Soporte <help@marlow.example> escribió:",
    "El 02/03/2026 a las 10:00, Soporte escribió:",
    "Em seg., 2 de mar. de 2026 às 10:00, Suporte <help@marlow.example> escreveu:",
    "Em 02/03/2026 10:00, Suporte escreveu:",
    "No dia 2 de março de 2026 às 10:00, Suporte <help@marlow.example>\nescreveu:",
    "Suporte <help@marlow.example> escreveu no dia segunda, 2/03/2026 à(s) 10:00:",
    "Le lun. 2 mars 2026 à 10:00, Aide <help@marlow.example> a écrit :",
    "Le 2 mars 2026 à 10:00, Aide <help@marlow.example> a écrit\xa0:",
    "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Hilfe <help@marlow.example>:",
    "Am 02.03.26 um 10:00 schrieb Hilfe:",
    "Il giorno lun 2 mar 2026 alle ore 10:00 Aiuto <help@marlow.example> ha scritto:",
    "Il 02/03/2026 10:00, Aiuto ha scritto:",
    "Op ma 2 mrt 2026 om 10:00 schreef Hulp <help@marlow.example>:",
    "Den mån 2 mars 2026 kl 10:00 skrev Hjälp <help@marlow.example>:",
    "Den man. 2. mar. 2026 kl. 10.00 skrev Hjælp <help@marlow.example>:",
    "W dniu 2.03.2026 o 10:00, Pomoc pisze:",
    "pon., 2 mar 2026 o 10:00 Pomoc <help@marlow.example> napisał(a):",
    "ma 2. maalisk. 2026 klo 10.00 Apu (help@marlow.example) kirjoitti:",
    "po 2. 3. 2026 v 10:00 odesílatel Pomoc <help@marlow.example> napsal:",
    "Pomoc <help@marlow.example> ezt írta (időpont: 2026. márc. 2., H, 10:00):",
    "În lun., 2 mar. 2026 la 10:00, Ajutor <help@marlow.example> a scris:",
    "пн, 2 мар. 2026 г. в 10:00, Помощь <help@marlow.example>:",
    "2 марта 2026 г., 10:00, Помощь <help@marlow.example> написал(а):",
    "2 Mar 2026 Pzt, saat 10:00 tarihinde Yardım <help@marlow.example> şunu yazdı:",
    "Στις Δευ 2 Μαρ 2026 στις 10:00 π.μ., Βοήθεια <help@marlow.example> έγραψε:",
    "El dl., 2 de març 2026 a les 10:00, Ajuda <help@marlow.example> va escriure:",
    "2026年3月2日(月) 10:00 Help <help@marlow.example>:",
    "在 2026年3月2日，10:00，Help <help@marlow.example> 写道：",
    "2026년 3월 2일 (월) 오전 10:00, Help <help@marlow.example>님이 작성:",
    "--- On Mon, 3/2/26, Marlow Help <help@marlow.example> wrote:",
    "*On Mon, 2 Mar 2026 at 10:00, Marlow Help <help@marlow.example> wrote:*",
]


@pytest.mark.parametrize("introduction", INTRODUCTIONS)
@pytest.mark.parametrize(
    "quote", ["> Is it better now?\n> Marlow", "Is it better now?\nMarlow", "\n> Is it better now?"]
)
def test_a_reply_above_a_quote(introduction, quote):
    visible, folded = quotes.split(f"It works now.\n\n{introduction}\n{quote}")
    assert visible == "It works now."
    assert "Is it better now?" in folded


@pytest.mark.parametrize(
    "block",
    [
        "From: Help <help@marlow.example>\nSent: Monday, March 2, 2026 10:00\nTo: Carol\nSubject: Seal",
        "*From:* Help <help@marlow.example>\n*Sent:* Monday\n*To:* Carol\n*Subject:* Seal",
        "De: Soporte <help@marlow.example>\nEnviado el: lunes, 2 de marzo de 2026 10:00\nPara: Carol\nAsunto: Seal",
        "De: Suporte [mailto:help@marlow.example]\nEnviada em: segunda-feira, 2 de março de 2026 10:00\nPara: Carol\nAssunto: Seal",
        "Von: Hilfe <help@marlow.example>\nGesendet: Montag, 2. März 2026 10:00\nAn: Carol\nBetreff: Seal",
        "De : Aide <help@marlow.example>\nEnvoyé : lundi 2 mars 2026 10:00\nÀ : Carol\nObjet : Seal",
        "Da: Aiuto <help@marlow.example>\nInviato: lunedì 2 marzo 2026 10:00\nA: Carol\nOggetto: Seal",
        "Van: Hulp <help@marlow.example>\nVerzonden: maandag 2 maart 2026 10:00\nAan: Carol\nOnderwerp: Seal",
        "差出人: Help <help@marlow.example>\n送信日時: 2026年3月2日 10:00\n宛先: Carol\n件名: Seal",
        "Date: Mon, 2 Mar 2026 10:00:00 +0100\nSubject: Seal\nFrom: help@marlow.example\nTo: carol@client.example",
        "________________________________\nFrom: Help <help@marlow.example>\nSent: Monday\nTo: Carol\nSubject: Seal",
        "-----Original Message-----\nFrom: Help\nSubject: Seal",
        "-----Mensaje original-----\nDe: Soporte",
        "-----Mensagem original-----\nDe: Suporte",
        "-------- Ursprüngliche Nachricht --------\nVon: Hilfe",
        "---------- Forwarded message ---------\nFrom: Help",
        "Begin forwarded message:\n\nFrom: Help",
        "----- Reply message -----\nFrom: Help",
    ],
)
def test_a_reply_above_a_block_of_headings(block):
    visible, folded = quotes.split(f"It works now.\n\n{block}\n\nIs it better now?")
    assert visible == "It works now."
    assert folded.endswith("Is it better now?")


@pytest.mark.parametrize(
    "line",
    [
        "Reply above this line",
        "##- Please type your reply above this line -##",
        "--- Responda por encima de esta línea ---",
        "- Responda acima desta linha -",
    ],
)
def test_our_own_line_is_the_strongest_sign(line):
    assert quotes.split(f"Yes.\n\n{line}\n\nOur words")[0] == "Yes."
    assert quotes.split(f"Yes.\n\n> {line}\n>\n> Our words\nand some that were not marked")[0] == "Yes."


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nCarol Ruiz\nPress hall",
        "--\nCarol Ruiz",
        "Sent from my iPhone",
        "Enviado desde mi iPhone",
        "Enviado do meu iPhone",
        "Envoyé de mon iPhone",
        "Von meinem iPhone gesendet",
        "Get Outlook for Android<https://aka.ms/x>",
        "Obtener Outlook para iOS<https://aka.ms/x>",
        "Best regards,\nCarol",
        "Un saludo,\n\nCarol Ruiz\nSala de prensas\nTel. 91 000 00 00",
        "Atentamente\nCarol",
        "Cumprimentos,\nCarol",
        "Mit freundlichen Grüßen\nCarol Ruiz",
        "-Carol",
        "Saludos,\nCarol\n\nEste mensaje y sus adjuntos son confidenciales y van dirigidos solo a su destinatario; si lo ha recibido por error, le rogamos que lo borre.",
        "Disclaimer\n\nThe information in this message is confidential and intended solely for the person to whom it is addressed.",
        "____________________________________\nusers mailing list\nhttps://lists.example/users",
    ],
)
def test_signatures_fold(signature):
    assert quotes.split(f"It works now.\nThank you!\n\n{signature}")[0] == "It works now.\nThank you!"


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "On Monday we wrote:\nnothing at all",
        "Sent from my desk, where it is warmer than in the hall.",
        "- one\n- two\n- three",
        "From: the left side\nthe oil runs out",
        "To do: order the seal\nSubject: to change",
        "This is what he said: it leaks.",
        "We use -- as a mark -- in the text",
        "Regards to everyone in the office, and thank you for the visit",
        "> only a quote",
        "-- \nonly a signature",
        "Sent from my iPhone",
        "I wrote: it works",
        "It works.\n\nRegards,\nCarol\n\nPS: please also look at the other press",
        "| part | price |\n| seal | 40 |",
        "This message is for you: the press leaks",
        "a\n---\nb",
        "",
    ],
)
def test_what_is_no_quote_stays(text):
    assert quotes.split(text)[0] == text.strip("\n")


def test_an_answer_below_the_quote():
    text = "On 2 Mar 2026 at 10:00, Help wrote:\n> Is it better?\n> Marlow\n\nYes, much.\n\n-- \nCarol"
    assert quotes.split(text)[0] == "Yes, much."


def test_nothing_is_lost():
    text = "\n".join(INTRODUCTIONS) + "\n> a\nb\n-- \nc"
    visible, folded = quotes.split(text)
    assert sorted((visible + "\n" + folded).split()) == sorted(text.split())


@pytest.mark.parametrize(
    "piece",
    [
        "On a On b ",
        "On a\n",
        "> a\nOn b <c@d.example>\n",
        "_" * 50,
        "From: a\n",
        "El a escribió\n",
        "-- \n",
        "Best regards,\n",
        "-----Original",
        "*" * 300 + "\n",
    ],
)
def test_bombs_take_linear_time(piece):
    assert_linear(quotes.split, piece * (200_000 // len(piece)))


# ------------------------------------------------------------------ HTML


@pytest.mark.parametrize(
    "markup",
    [
        '<div>It works.</div><div class="gmail_quote"><div class="gmail_attr">On x wrote:<br></div><blockquote class="gmail_quote">Old</blockquote></div>',
        '<div>It works.</div><div class="gmail_extra"><br><div class="gmail_quote">2026-03-02 10:00 GMT Help <span>&lt;h@m.example&gt;</span>:<br><blockquote class="gmail_quote">Old</blockquote></div></div>',
        '<div>It works.</div><div class="yahoo_quoted">On x wrote: Old</div>',
        '<div>It works.</div><div class="moz-cite-prefix">On 2/3/26 10:00, Help wrote:</div><blockquote type="cite">Old</blockquote>',
        '<p>It works.</p><blockquote type="cite">Old</blockquote>',
        '<p>It works.</p><hr id="stopSpelling">Date: x<br>From: y<br>Old',
        '<p>It works.</p><div id="appendonsend"></div><hr><div id="divRplyFwdMsg">From: x</div><div>Old</div>',
        '<div>It works.</div><div class="protonmail_quote">On x wrote: <blockquote type="cite">Old</blockquote></div>',
        '<div>It works.</div><div name="quote"><div>Gesendet: x</div>Old</div>',
        '<div>It works.</div><hr id="zwchr" data-marker="__DIVIDER__"><div>Old</div>',
        '<div>It works.</div><div><blockquote style="border-left:1px solid #0857A6">Mon: Old</blockquote></div>',
        '<p>It works.<br><br>02.03.2026, 10:00, "Help" &lt;<a href="mailto:h@m.example">h@m.example</a>&gt;:</p><blockquote>Old</blockquote>',
        '<p>It works.</p><div style="border:none;border-top:solid #B5C4DF 1.0pt"><p><b>Lähettäjä:</b> x</p><p><b>Xyz:</b> y</p><p><b>Zzz:</b> y</p></div><p>Old</p>',
        "<p>It works.</p><p>El 02/03/2026 a las 10:00, Help escribió:</p><p>Old</p>",
    ],
)  # fmt: skip
def test_html_containers(markup):
    reply = html_quotes.read(richtext.clean(markup).html)
    assert reply.visible == "It works."
    assert "Old" in reply.folded
    assert "Old" in reply.full
    assert "Old" not in reply.html
    assert "It works." in reply.html


def test_answers_between_the_quotes_of_gmail_stay():
    markup = '<div class="gmail_quote"><div class="gmail_attr">On x wrote:</div><blockquote class="gmail_quote">One?</blockquote><div>First answer</div><blockquote class="gmail_quote">Two?</blockquote><div>Second answer</div><blockquote class="gmail_quote">Bye</blockquote></div>'
    visible = html_quotes.read(richtext.clean(markup).html).visible
    assert "First answer" in visible
    assert "Second answer" in visible
    assert "Two?" in visible
    assert "Bye" not in visible


def test_html_without_a_quote_is_left_alone():
    reply = html_quotes.read(richtext.clean("<p>One</p><blockquote>A poem</blockquote><p>Two</p>").html)
    assert (reply.html, reply.folded, reply.certain) == (None, "", False)
    assert "A poem" in reply.visible
