"""What mail programs write around quotes, forwards and signatures, in some twenty-five languages: tables and the patterns made of them.

Every pattern is tried on one bounded line (or a few joined ones), is anchored, and has no nested repetition.
"""

# ruff: noqa: E501 (tables of phrases: one subject a line)

import re

# "On <date>, <person> wrote:" by its verb; in German, Dutch and the Nordic languages it stands before the person.
WROTE = (
    "wrote", "writes", "said", "escribió", "escribio", "escribe", "ha escrito", "escreveu", "escreve", "a écrit", "a ecrit", "écrit", "schrieb",
    "schreibt", "hat geschrieben", "folgendes geschrieben", "schreef", "geschreven", "schrijft", "ha scritto", "scrive", "scritto", "skrev", "skriver", "har skrivit", "kirjoitti", "napisał",
    "napisała", "napisał(a)", "napisał/a", "pisze", "napisal", "napsal", "napsal(a)", "napsala", "napísal", "napísal(a)", "napísala", "írta", "irta", "ezt írta",
    "a scris", "написал", "написала", "написал(а)", "пишет", "писал", "писал(а)", "написав", "написала", "пише", "написа", "yazdı", "yazmış", "yazdi",
    "έγραψε", "έγραψε", "va escriure", "ha escrit", "escriviu", "escribiu", "idatzi du", "kirjutas", "rašė", "rakstīja", "je napisao", "je napisala", "je napisao/la", "napisao je", "je napisal", "đã viết", "menulis",
    "เขียนว่า", "เขียน", "كتب", "כתב", "כתבה", "写道", "寫道", "写到", "のメール", "が書きました", "は書きました", "さんは書きました", "님이 작성", "님이 쓴 글", "작성", "schrieben", "wrotes", "napsali", "scribis", "skribis",
)  # fmt: skip
# Words with which such a line begins.
OPENING = (
    "on", "at", "el", "em", "no dia", "a", "le", "am", "op", "il", "il giorno", "den", "på", "kl", "w dniu", "dnia", "dne", "dňa", "în data de", "pe", "la",
    "em qui", "em seg", "em ter", "em qua", "em sex", "em sáb", "em dom", "ma", "2", "în", "vào", "pada", "στις", "il dì", "i", "den", "quoting", "в", "on dt", "dana", "ons", "o", "u", "il", "nel", "lun", "mar", "mer", "jeu", "ven", "sam", "dim",
)  # fmt: skip

FROM = (
    "From", "De", "Von", "Van", "Da", "Od", "Från", "Fra", "Lähettäjä", "Kimden", "Gönderen", "От", "От кого", "Від", "差出人", "送信元", "发件人", "寄件者", "寄件人", "보낸 사람", "보낸사람",
    "Expéditeur", "Remitente", "Remetente", "Mittente", "Feladó", "De la", "Odesílatel", "Odosielateľ", "Dari", "Từ", "Από", "מאת", "من", "Afzender", "Absender", "Saatja", "Nuo", "No", "Avsender", "Afsender", "Envoyé par",
)  # fmt: skip
SENT = (
    "Sent", "Date", "Sent at", "Sent on", "Enviado", "Enviado el", "Enviado em", "Enviada em", "Enviada", "Enviat", "Fecha", "Fecha de envío", "Data", "Data de envio", "Gesendet", "Gesendet am", "Datum", "Envoyé", "Envoyé le", "Date d'envoi",
    "Verzonden", "Inviato", "Data invio", "Wysłano", "Wysłane", "Skickat", "Sendt", "Dato", "Lähetetty", "Päivämäärä", "Päiväys", "Gönderilen", "Gönderildi", "Gönderme tarihi", "Tarih", "Отправлено", "Дата", "Надіслано", "Дата отправления", "Отправлен",
    "送信日時", "日時", "日付", "发送时间", "发送日期", "时间", "日期", "傳送時間", "寄件日期", "보낸 날짜", "날짜", "Odesláno", "Odoslané", "Odoslaný", "Dátum", "Elküldve", "Küldve", "Trimis", "Data trimiterii", "Dikirim", "Tanggal", "Đã gửi", "Ngày", "Ημερομηνία", "Στάλθηκε", "תאריך", "נשלח", "Izsiųsta", "Saadetud", "Poslano", "Time",
)  # fmt: skip
TO = (
    "To", "Para", "An", "Aan", "A", "À", "Till", "Til", "Do", "Vastaanottaja", "Kime", "Alıcı", "Кому", "宛先", "收件人", "收件者", "받는 사람", "받는사람", "Komu", "Pro", "Címzett", "Către", "Kepada", "Đến", "Προς", "אל", "Destinatario", "Destinatário", "Destinataire", "Empfänger", "Mottaker", "Modtager", "Reply-To", "Responder a", "Per a", "Antwort an",
)  # fmt: skip
SUBJECT = (
    "Subject", "Asunto", "Assunto", "Betreff", "Onderwerp", "Objet", "Sujet", "Oggetto", "Temat", "Ämne", "Emne", "Aihe", "Konu", "Тема", "件名", "主题", "主旨", "標題", "제목", "Předmět", "Predmet", "Tárgy", "Subiect", "Subyek", "Subjek", "Chủ đề", "Tiêu đề", "Θέμα", "נושא", "Assumpte", "Gaia", "Tema", "Teema", "Re", "Betr",
)  # fmt: skip
COPY = (
    "Cc", "CC", "Cco", "Bcc", "CCO", "Kopie", "Kopia", "Kopi", "Kopio", "Copie", "Copia", "Cópia", "Копия", "Копія", "抄送", "副本", "참조", "Kopija", "DW", "UDW", "Másolat", "Importance", "Importancia", "Importância", "Wichtigkeit", "Priority", "Prioridad", "Attachments", "Datos adjuntos", "Anexos", "Anlagen", "Bilaga", "Vedhæftede filer", "Pièces jointes", "Allegati", "Bijlage", "Organization", "Reply-To",
)  # fmt: skip

ORIGINAL = (
    "original message", "original e-mail", "original email", "mensaje original", "mensagem original", "ursprüngliche nachricht", "ursprungliche nachricht", "originalnachricht", "original-nachricht", "originalmeddelande", "original meddelande", "message d'origine",
    "message original", "message initial", "messaggio originale", "messaggio original", "oorspronkelijk bericht", "origineel bericht", "oprindelig meddelelse", "original meddelelse", "originalmeddelelse", "ursprungligt meddelande", "opprinnelig melding", "alkuperäinen viesti",
    "wiadomość oryginalna", "oryginalna wiadomość", "исходное сообщение", "оригинальное сообщение", "původní zpráva", "pôvodná správa", "eredeti üzenet", "mesaj original", "mesajul original", "özgün ileti", "orijinal mesaj", "元のメッセージ", "オリジナルメッセージ", "original nachricht",
    "原始邮件", "原邮件", "原始郵件", "원본 메시지", "원본 메일", "missatge original", "mensaxe orixinal", "thư gốc", "pesan asli", "αρχικό μήνυμα", "הודעה מקורית", "reply message", "reply above", "response message", "izvorna poruka", "original appointment", "oorspronkelijke afspraak", "cita original", "urspr. nachricht",
)  # fmt: skip
FORWARDED = (
    "forwarded message", "forwarded by", "forwarded mail", "begin forwarded message", "mensaje reenviado", "inicio del mensaje reenviado", "mensagem encaminhada", "mensagem reencaminhada", "início da mensagem encaminhada", "início da mensagem reencaminhada", "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
    "anfang der weitergeleiteten e-mail", "message transféré", "message transfere", "début du message transféré", "début du message réexpédié", "messaggio inoltrato", "inizio messaggio inoltrato", "inizio del messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht", "videresendt meddelelse", "start på videresendt besked", "vidarebefordrat meddelande", "vidarebefordrat brev", "videresendt melding",
    "välitetty viesti", "wiadomość przekazana", "przekazana wiadomość", "treść przekazanej wiadomości", "пересылаемое сообщение", "пересланное сообщение", "начало переадресованного сообщения", "přeposlaná zpráva", "preposlaná správa", "továbbított üzenet", "mesaj redirecționat", "iletilen mesaj", "yönlendirilen mesaj", "転送されたメッセージ", "转发的邮件", "轉寄的郵件", "전달된 메시지", "missatge reenviat", "thư đã chuyển tiếp", "pesan terusan",
)  # fmt: skip

# The line that we write above our own letters' text. What stands below it is ours.
REPLY_ABOVE = (
    "escribe tu respuesta por encima de esta línea", "escreve a tua resposta acima desta linha",
    "reply above this line", "write your reply above this line", "type your reply above this line", "please reply above this line", "please type your reply above this line", "responda por encima de esta línea", "responda por encima de esta linea", "escriba su respuesta por encima de esta línea",
    "escriba su respuesta encima de esta línea", "responde por encima de esta línea", "responda acima desta linha", "escreva a sua resposta acima desta linha", "escreva sua resposta acima desta linha", "répondez au-dessus de cette ligne", "bitte antworten sie oberhalb dieser zeile", "antworten sie über dieser linie", "please enter your reply above this line", "do not write below this line",
)  # fmt: skip

SENT_FROM = (
    "sent from my", "sent from a", "sent from mail", "sent from outlook", "sent from yahoo", "sent from proton", "sent from samsung", "sent from the", "sent from iphone", "sent from ipad", "sent from android", "sent from handheld", "sent from blackberry", "sent from windows", "sent from gmail", "sent from nine", "sent from spark", "sent from airmail", "sent from mobile", "sent from thunderbird", "sent via", "sent with", "sent by",
    "sent using", "get outlook for", "enviado desde", "enviado de", "enviado do", "enviado a partir", "enviado pelo", "enviado por", "enviado con", "enviat des de", "enviada do", "obtener outlook para", "obter outlook para", "obter o outlook para", "obtenga outlook para", "von meinem", "von unterwegs", "gesendet von", "gesendet mit", "gesendet über", "diese nachricht wurde von meinem", "holen sie sich outlook",
    "outlook für", "outlook para", "outlook for", "outlook pour", "envoyé de mon", "envoyé depuis", "envoyé de", "envoyé à partir", "télécharger outlook", "téléchargez outlook", "obtenir outlook", "inviato da", "inviato dal", "inviato con", "scarica outlook", "ottieni outlook", "verzonden vanaf", "verzonden met", "verzonden via", "verstuurd vanaf", "verstuurd met", "outlook voor", "download outlook", "skickat från", "skickat fran", "hämta outlook",
    "sendt fra", "sendt med", "hent outlook", "lähetetty", "lataa outlook", "wysłane z", "wysłano z", "pobierz outlook", "отправлено с", "отправлено из", "отправлено от", "скачать outlook", "надіслано з", "odesláno z", "odoslané z", "iphone-ról küldve", "elküldve", "trimis de pe", "trimis din", "iphone'umdan gönderildi", "benim iphone'umdan", "gönderildi", "iphoneから送信", "ipadから送信", "androidから送信", "発自", "发自我的", "發自我的", "从我的", "我的 iphone", "나의 iphone", "내 iphone",
    "đã gửi từ", "gửi từ", "dikirim dari", "tapped on", "typed on", "composed on", "written on my", "στάλθηκε από", "εστάλη από", "נשלח מה", "poslano s",
)  # fmt: skip

# Formal closings: alone on a line, what follows is the signature.
CLOSINGS = (
    "best regards", "kind regards", "kindest regards", "warm regards", "warmest regards", "regards", "with regards", "with best regards", "with kind regards", "many regards", "best wishes", "with best wishes", "all the best", "sincerely", "yours sincerely", "sincerely yours", "yours truly", "yours faithfully", "respectfully", "cordially", "thanks and regards", "thanks & regards", "thank you and regards", "thanks and best regards", "thanks & best regards", "thank you and best regards", "br",
    "rgds", "un saludo", "saludos", "saludos cordiales", "un cordial saludo", "cordiales saludos", "cordialmente", "atentamente", "muy atentamente", "le saluda atentamente", "reciba un cordial saludo", "reciban un cordial saludo", "un abrazo", "un saludo cordial", "muchos saludos", "saludos y gracias", "gracias y saludos", "gracias y un saludo", "muchas gracias y un saludo", "atte",
    "atenciosamente", "cumprimentos", "com os melhores cumprimentos", "melhores cumprimentos", "com os meus melhores cumprimentos", "os melhores cumprimentos", "cordiais cumprimentos", "cordiais saudações", "saudações", "saudações cordiais", "abraço", "abraços", "um abraço", "att", "mit freundlichen grüßen", "mit freundlichen grüssen", "mit freundlichem gruß", "freundliche grüße", "freundliche grüsse", "viele grüße", "viele grüsse", "beste grüße", "liebe grüße", "schöne grüße", "mfg", "vg", "lg", "beste grüsse", "herzliche grüße",
    "gruß", "grüße", "cordialement", "bien cordialement", "bien à vous", "très cordialement", "sincères salutations", "salutations", "meilleures salutations", "cdt", "cdlt", "cordiali saluti", "distinti saluti", "saluti", "un saluto", "un cordiale saluto", "met vriendelijke groet", "met vriendelijke groeten", "vriendelijke groet", "vriendelijke groeten", "hartelijke groet", "groeten", "groet", "mvg", "gr", "med venlig hilsen", "venlig hilsen", "mange hilsner", "hilsen", "mvh", "kh", "bedste hilsner", "de bedste hilsner",
    "med vänlig hälsning", "med vänliga hälsningar", "vänliga hälsningar", "vänlig hälsning", "hälsningar", "bästa hälsningar", "med vennlig hilsen", "vennlig hilsen", "ystävällisin terveisin", "terveisin", "parhain terveisin", "yst. terv", "pozdrawiam", "z poważaniem", "z powazaniem", "pozdrowienia", "z wyrazami szacunku", "serdecznie pozdrawiam", "с уважением", "с наилучшими пожеланиями", "з повагою", "s pozdravem", "s přátelským pozdravem", "s pozdravom", "üdvözlettel", "tisztelettel", "cu stimă", "cu respect", "saygılarımla", "iyi çalışmalar", "με εκτίμηση",
    "以上、よろしくお願いいたします", "敬具", "此致", "祝好", "trân trọng", "salam", "hormat saya", "lep pozdrav", "srdačan pozdrav", "pagarbiai", "lugupidamisega", "cheers & regards", "atentament", "salutacions", "cordialment", "ben cordialment", "agur bero bat", "unha aperta", "med vänlig hälsning,", "saludos.", "kærlig hilsen", "vh", "mh", "ps. regards",
)  # fmt: skip


def _any(words: tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(set(words), key=len, reverse=True))


_MARKS = r"[ \t]*[*_|]{0,3}[ \t]*"
LABEL = re.compile(
    rf"{_MARKS}(?:(?P<from>{_any(FROM)})|(?P<sent>{_any(SENT)})|(?P<to>{_any(TO)})|(?P<subject>{_any(SUBJECT)})|(?P<copy>{_any(COPY)}))"
    r"[ \t\xa0]?[*_]{0,2}[ \t\xa0]?[*_]{0,2}[:：][*_]{0,2}(?P<value>.*)",
    re.IGNORECASE,
)
SENT_INSIDE = re.compile(rf"[ \t*](?:{_any(SENT)})[ \t*]?[:：]", re.IGNORECASE)
SUBJECT_INSIDE = re.compile(rf"[ \t*](?:{_any(SUBJECT)})[ \t*]?[:：]", re.IGNORECASE)
VERB = re.compile(
    rf"(?:(?<=[\s>\"'),.;:\xa0])|(?<=\d)|(?<=[^\x00-\u02ff]))(?:{_any(WROTE)})(?![a-zà-ÿ])", re.IGNORECASE
)
VERB_CHEAP = re.compile(rf"(?:{_any(WROTE)})", re.IGNORECASE)
START = re.compile(
    rf"[\s*_\"'“«-]{{0,4}}(?:{_any(OPENING)})(?![a-zà-ÿ])|[\s*_\"'“«]{{0,4}}(?:\d|\w{{2,12}}[,.]? ?\d)", re.IGNORECASE
)
END = re.compile(r"[:：][\s*_\xa0-]{0,4}$|[.…]{1,3}[\s]{0,2}$")
RULE_STARTS = tuple(word.lower() for word in ORIGINAL + FORWARDED)
RULE_PHRASE = re.compile(
    rf"[\s>]{{0,3}}[-–—_=*~#+<|]{{0,60}}[ \t\xa0]{{0,4}}(?:(?P<original>{_any(ORIGINAL)})|(?P<forwarded>{_any(FORWARDED)}))(?P<rest>.{{0,80}})$",
    re.IGNORECASE,
)
MARKER = re.compile(
    rf"[\s>]{{0,4}}[-–—_=*~#+<\[(|]{{0,60}}[ \t\xa0]{{0,4}}(?:{_any(REPLY_ABOVE)})[ \t\xa0.]{{0,4}}[-–—_=*~#+>\])|]{{0,60}}\s*$",
    re.IGNORECASE,
)
DEVICE = re.compile(rf"[\s*_<>~(-]{{0,6}}(?:{_any(SENT_FROM)})(?P<rest>.{{0,120}})$", re.IGNORECASE)
CLOSING = re.compile(rf"[\s*_]{{0,3}}(?:{_any(CLOSINGS)})[\s*_]{{0,2}}[,.!:;]{{0,2}}[\s*_]{{0,3}}$", re.IGNORECASE)
DATE = re.compile(
    r"\d{1,4}[./-]\d{1,2}|\d{1,2}:\d\d|\b(?:19|20)\d\d\b|\d{1,2} ?[年月日시]|\d{1,2}\. ?\w{3}|\d{1,2}[.:]\d\d|\d{1,2} (?:de )?\w{3}",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"[^\s<>@]@[^\s<>@]|<mailto:|\[mailto:")
# The lawyers' paragraph below a signature: how it begins, and what is in it.
LEGAL_START = re.compile(
    r"[\s*_\"]{0,4}(?:this (?:e-?mail|message|communication|transmission)|the (?:information|content|contents) |confidential|disclaimer|important notice|legal notice|notice:|please consider the environment|before printing"
    r"|este (?:mensaje|correo|e-?mail)|la informaci[oó]n (?:contenida|incluida)|esta mensagem|este e-?mail|as informações|aviso (?:legal|de confidencialidad|de privacidad)|advertencia legal|confidencialidad|antes de imprimir|de conformidad con|en cumplimiento de"
    r"|diese (?:e-?mail|nachricht)|der inhalt dieser|ce (?:message|courriel|mail)|questo messaggio|le informazioni contenute|dit (?:bericht|e-?mail)|deze e-?mail|denna e-?post|denne e-?mail)",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"confiden|privileg|intended (?:solely|only|for|recipient)|unauthori[sz]ed|prohib|destinatari|imprimir|environment|protecci[oó]n de datos|prote[cç][aã]o de dados|vertraul|destinataire|riservat|vertrouwelijk|RGPD|GDPR|LOPD",
    re.IGNORECASE,
)
LEGAL_HEADING = re.compile(
    r"[\s*_-]{0,4}(?:disclaimer|aviso legal|legal notice|confidentiality notice|aviso de confidencialidad(?:e)?|advertencia legal)[\s*_:.-]{0,4}$",
    re.IGNORECASE,
)
