"""What automatic answers call themselves in their subject and text, in some twenty languages."""

# ruff: noqa: E501 (tables of phrases: one subject a line)

import re

# Nobody begins a subject of their own with these and a colon.
_CERTAIN = (
    r"auto(?:matic|mated)?[- ]?(?:e-?mail )?(?:reply|response|respond(?:er)?|answer)", r"automatically generated (?:reply|response)", r"out[- ]of[- ](?:the )?office(?: (?:auto\w*|reply|message|notice|notification|response))*", r"\booo\b", r"away from (?:my |the )?(?:office|desk|e-?mail|mail)", r"vacation (?:reply|message|notice|response|auto\w*)", r"absence (?:message|notice|reply)",
    r"respuesta autom[aá]tica", r"contestaci[oó]n autom[aá]tica", r"auto-?respuesta", r"mensaje autom[aá]tico", r"fuera de (?:la )?oficina", r"ausente de la oficina", r"resposta autom[aáà]tica", r"resposta de aus[eê]ncia", r"fora do escrit[oó]rio", r"mensagem autom[aá]tica", r"aviso de aus[eê]ncia", r"aviso de ausencia",
    r"automatische (?:antwort|abwesenheit\w*|beantwortung|r[uü]ckmeldung)", r"abwesenheits\w+", r"abwesend", r"abwesenheit", r"nicht im (?:b[uü]ro|haus)", r"autoreply", r"autoantwort", r"r[eé]ponse automatique", r"absence du bureau", r"absent du bureau", r"message d.absence", r"r[eé]ponse auto", r"notification d.absence", r"risposta automatica", r"fuori ufficio", r"assente dall.ufficio", r"messaggio automatico",
    r"automatisch (?:antwoord|bericht|beantwoord)", r"afwezigheids\w*", r"afwezig", r"niet op kantoor", r"autosvar", r"automatiskt? svar", r"frånvaro\w*", r"fraværs\w*", r"ikke på kontor\w*", r"ej på kontoret", r"automaattinen (?:vastaus|poissaolo\w*)", r"poissaolo\w*", r"automatyczna odpowied[zź]", r"odpowied[zź] automatyczna", r"poza biurem", r"autoodpowied[zź]", r"автоответ\w*", r"автоматический ответ", r"вне офиса", r"автоматична відповідь",
    r"automatick[aá] odpov[eě][dďď]", r"mimo kancel[aá]ř", r"automatikus v[aá]lasz", r"h[aá]zon k[ií]v[uü]l", r"r[aă]spuns automat", r"otomatik (?:yan[iı]t|cevap)", r"ofis d[iı][sş][iı]nda", r"αυτόματη απάντηση", r"εκτός γραφείου", r"自動(?:返信|応答|回覆|回复|配信)", r"自动(?:回复|答复|回覆)", r"不在(?:の|通知|連絡|届)", r"자동 ?(?:응답|회신|답장)", r"부재중", r"trả lời tự động", r"balasan otomatis", r"ตอบกลับอัตโนมัติ", r"תשובה אוטומטית", r"رد تلقائي", r"avtomatski odgovor", r"automatski odgovor", r"automaatvastus", r"automatinis atsakymas", r"autom[aā]tiskā atbilde",
)  # fmt: skip
# People write these too: they count only beside another sign.
_POSSIBLE = (
    r"on (?:vacation|holiday|annual leave|leave|parental leave|maternity leave)", r"\bvacation\b", r"estoy de vacaciones", r"ausencia", r"fora da empresa", r"aus[eê]ncia", r"de f[eé]rias", r"au(?:ß|ss)er haus", r"im urlaub", r"en cong[eé]s?", r"assenza", r"in ferie", r"fravær", r"ikke til stede", r"poissa\b", r"nieobecno[sś][cć]", r"nep[rř][ií]tomnost", r"不在", r"empfangsbest[aä]tigung|eingangsbest[aä]tigung",
    r"thank you for (?:contacting|your (?:e-?mail|message|inquiry|enquiry))", r"(?:we have |we.ve )?received your (?:e-?mail|message|request|inquiry)", r"no longer (?:with|works?|employed|at)", r"auto[- ]?ack", r"automated notification", r"acuse de recibo", r"hemos recibido su", r"recebemos (?:a sua|sua|o seu|seu)",
)  # fmt: skip

SUBJECT_START = re.compile(
    r"(?:\[[^\]]{1,40}\]\s*)?\W{0,3}(?:auto\s*:|(?:" + "|".join(_CERTAIN) + r")"
    r"(?:\W{0,4}$|\s{0,2}[:：\-–—|!(\[.,]|\s(?:re|aw|sv|rv|fwd?|for|from|de|von|until|till|hasta|bis|to|at[eé]|jusqu|fino)\b|[^:]{0,25}[:：]))",
    re.IGNORECASE,
)
SUBJECT = re.compile("|".join((*_CERTAIN, *_POSSIBLE)), re.IGNORECASE)
BODY = re.compile(
    r"out of (?:the |my )?office|automatic(?:ally)?[ -](?:reply|response|generated|answer)|this is an automat\w+|auto-?(?:reply|respon\w+|generated)|limited (?:or no )?access to|no access to (?:my )?e-?mail|(?:i will|i.ll|we will) (?:respond|reply|get back|answer|return your)[^.]{0,80}(?:return|back|soon as|within)|(?:do not|don.t) reply to this"
    r"|fuera de la oficina|respuesta autom[aá]tica|mensaje (?:generado )?autom[aá]tic|acceso limitado|atender[eé] (?:su|tu) (?:mensaje|correo)|no responda a este|resposta autom[aá]tica|mensagem autom[aá]tica|fora do escrit[oó]rio|acesso limitado|responderei (?:assim|quando|no meu)"
    r"|automatische antwort|nicht im b[uü]ro|nachricht wird nicht weitergeleitet|absent du bureau|r[eé]ponse automatique|message automatique|risposta automatica|fuori ufficio|accesso limitato|automatisch (?:antwoord|bericht)|niet op kantoor|autosvar|automatiskt|poza biurem|автоответ",
    re.IGNORECASE,
)
MAILERS = ("vacation", "autoreply", "autorespond", "auto-reply", "egroupware vacation", "email autoresponder")
COMPLAINT = re.compile(r"^(?:complaint about message|abuse report|feedback loop|email feedback report)", re.IGNORECASE)
SYSTEM = re.compile(
    r"(?:mailer-daemon|postmaster|no-?reply|do-?not-?reply|noreply\S*|bounces?\b|notifications?\b|root|daemon|abuse|www-data|apache|alerts?)[@+_.-]",
    re.IGNORECASE,
)
# Never answered by a machine (RFC 2142; RFC 3834, section 2).
NEVER = re.compile(
    r"(?:mailer-daemon|postmaster|no[-_.]?reply|do[-_.]?not[-_.]?reply|noreply\S*|nao[-_]?responda|no[-_]?responder|owner-\S+|\S+-owner|\S+-request|\S+-bounces?|bounces?|abuse|hostmaster|mailerdaemon|nobody|root|listserv|majordomo)(?:[@+]|$)",
    re.IGNORECASE,
)
