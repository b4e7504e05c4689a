"""What mail servers say in their delivery reports: patterns for finding the report, the address, and the reason."""

# ruff: noqa: E501 (tables of phrases: one subject a line)

import re


def _any(*phrases: str, flags: int = re.IGNORECASE) -> re.Pattern[str]:
    return re.compile("|".join(phrases), flags)


OTHER_REPORTS = {"message/disposition-notification", "message/feedback-report"}

SENDER = _any(r"\bmailer[-_. ]?daemon", r"\bpostmaster\b", r"\bmail delivery (?:sub)?system", r"\bmaildeliver", r"mail deliver\w* system", r"\bpostoffice\b", r"^system administrator", r"delivery[-_ ]?subsystem", r"\bbounces?@", r"mail[-_]?daemon",
              r"^mdaemon", r"mail administrator", r"\bmms\b.*gateway", r"email-bounces", r"^microsoftexchange", r"delivery[-_]system", r"internet mail delivery", r"^(?:sysadm|mmdf|uucp|daemon)\b", r"mail-router", r"dienst.*mail", r"zustellsystem", r"undeliverable")  # fmt: skip
SUBJECT = _any(
    r"undeliver(?:ed|able)", r"delivery (?:status )?(?:notification|failure|report|has failed|failed|problem|error|unsuccessful|delayed|status)", r"deliver\w* fail", r"failure notice", r"failed mail", r"fail(?:ed|ure) (?:to )?deliver", r"returned (?:e-?)?mail", r"mail (?:could not|delivery|system error|returned|undeliver|not deliver)",
    r"returning message to sender", r"non[- ]?deliver", r"could not (?:be )?(?:deliver|send)", r"can'?t (?:be )?deliver", r"(?:message|mail|e-mail) (?:delivery|status|delayed|not deliver|undeliver|you sent)", r"warning: (?:could not send|message .{0,60}delayed)", r"bounce", r"message delivery has failed", r"unable to deliver", r"unzustellbar",
    r"nicht zugestellt", r"zustellung", r"devuelto", r"no (?:se )?(?:ha podido|pudo|se pudo) (?:ser )?entreg", r"error de entrega", r"no entregad", r"não entregue", r"falha (?:na|de) entrega", r"mensagem não", r"non remis", r"échec de (?:la )?(?:remise|distribution)", r"non recapitat", r"mancato recapito", r"onbestelbaar", r"olevererbart", r"kan inte levereras",
    r"недоставлен", r"не доставлен", r"не может быть доставлено", r"配信(?:不能|エラー|できま)", r"送信(?:エラー|できま)", r"メール(?:を|が)?.{0,6}(?:配送|送信|届)", r"配達できません", r"退信", r"无法投递", r"投递失败", r"系統退信", r"반송", r"niedostarcz", r"zwrot", r"nedoru", r"delivery status", r"user unknown", r"nondeliverable", r"message status - undeliverable", r"postmaster notify", r"mail error", r"e-?mail delivery", r"error sending", r"see transcript", r"permanent.{0,20}(?:fail|error)", r"temporary.{0,20}delivery", r"your mail .{0,60}(?:failed|undeliver)", r"notification d.état de remise", r"informe de entrega", r"notificaci[oó]n de (?:estado|entrega)", r"notificação (?:de|do) (?:estado|status)",
)  # fmt: skip
NOT_A_BOUNCE = _any(
    r"^(?:re|aw|sv|fwd?|wg|tr|rv|enc|res|ynt|antw)\s*:",
    r"out of (?:the )?office",
    r"auto(?:matic)?[- ]?(?:reply|response)",
)
SIGNS = _any(
    r"could not be delivered", r"(?:couldn.t|wasn.t able to|was not able to|unable to|not able to|cannot|can not|can.t) (?:be )?deliver", r"could not deliver", r"delivery (?:to the following|has failed|failed|failure|is delayed|attempts? (?:has |have )?failed)", r"(?:permanent|fatal|transient|delivery)(?: \w+)? (?:errors?|failure)", r"undeliverable", r"undelivered",
    r"following (?:address(?:es)?|recipients?|destination)(?:\(e?s\))?.{0,60}(?:fail|error|reject|not|undeliver|unknown|problem)", r"did not reach", r"delivery (?:status|to the following recipient)", r"failed permanently", r"returned to (?:the )?sender", r"message (?:was|has been|that you sent).{0,40}(?:not (?:yet )?(?:be |been )?deliver|could not|reject|return)",
    r"this is the .{0,60}(?:qmail|mail|postfix|program at)", r"error (?:delivering|transferring|occurred)", r"not be delivered", r"not delivered", r"unknown (?:user|recipient)", r"user (?:is )?unknown", r"recipient .{0,30}(?:reject|unknown|not found)", r"mail delivery (?:system|failed|error)", r"i.m sorry to have to inform you", r"i.m afraid i wasn.t able", r"nicht zugestellt",
    r"konnte.{0,40}nicht", r"no (?:se )?(?:ha podido|pudo|se pudo).{0,20}(?:entreg|env)", r"não (?:pôde|foi possível|pode).{0,20}(?:ser )?entreg", r"n.a (?:pas )?(?:pu|été).{0,20}(?:remis|distribu|deliv)", r"送信できませんでした", r"配信できませんでした", r"お届けできません", r"配送(?:でき|不能|に失敗)", r"存在しない", r"無法投遞|无法投递|被退回", r"не (?:может быть|было|удалось) достав", r"transcript of session", r"the e-mail message could not", r"did not like our", r"unrouteable", r"your message .{0,80}(?:can|could) ?not", r"disposition: .{0,60}(?:failed|denied)", r"error while (?:delivering|sending)", r"message.{0,20}bounced",
    r"rejected (?:your|by|the following)", r"failed to deliver", r"has been delayed", r"not yet been delivered", r"will be retried|will keep trying", r"delivery of (?:this|your|the) (?:message|mail)", r"was undeliverable", r"had (?:delivery|permanent|fatal|transient)", r"non[- ]?deliver", r"delivery report", r"mailbox (?:is )?full", r"no such user", r"送信先メールアドレス", r"メールを(?:送信|配送|配信)", r"the mail system", r"recipients? (?:could|did|were|was|has|have) ", r"invalid (?:address|recipient|mailbox)", r"destination .{0,20}(?:unreachable|not)",
)  # fmt: skip
REASON = _any(
    r"\b[45]\d\d[ -]",
    r"unknown",
    r"not found",
    r"does not exist",
    r"no such",
    r"full",
    r"quota",
    r"refused",
    r"reject",
    r"disabled",
    r"timed? ?out",
    r"unreachable",
    r"no mx",
)
DELAYED = _any(
    r"delay(?:ed)?\b",
    r"^warning: could not send message for past",
    r"could not send message for past",
    r"temporar\w+ .{0,20}deliver",
    r"verzögert",
    r"retras",
    r"atras",
    r"遅延",
    r"still being (?:retried|attempted)",
)
DELAYED_BODY = _any(
    r"this is a warning message only",
    r"not yet been delivered",
    r"has been delayed",
    r"message will be retried",
    r"will continue to (?:be )?(?:retr|tr|attempt)",
    r"is only a warning",
    r"do not need to resend",
    r"will keep trying",
)
AMAZON = re.compile(r'"notificationType\\?"\s*:\s*\\?"Bounce|\\?"eventType\\?"\s*:\s*\\?"Bounce')

AMAZON_VICTIM = re.compile(r'"emailAddress"\s*:\s*"([^"\s]{3,320})"')

# Where the returned mail begins.
RETURNED = re.compile(
    r"(?:^|\n)(?:"
    r"[ \t>]*[-=_*#]{2,80}[ \t]*(?:this is a copy|below this line is|original (?:message|mail|e-?mail)|the (?:body|header)s? of the (?:original )?message|the headers? of the original|message header|headers? (?:of|from)|returned (?:message|mail)|unsent message|undelivered message|message (?:text )?follows|copy of|start of (?:message|returned)|included is a copy|the message (?:contents|headers)|forwarded|here is a copy|original text|元|以下)[^\n]{0,80}"
    r"|[ \t]*(?:original message follows|message headers? follows?|message header follow|unsent message (?:below|follows)|your (?:original )?message (?:follows|is appended|reads)|the (?:original )?message (?:headers? )?follows|original message headers?|original headers|the (?:first|beginning)[^\n]{0,60}of (?:the|your) (?:message|mail)|a copy of (?:your|the) (?:original )?message[^\n]{0,60}|included (?:below )?is (?:a copy|the)[^\n]{0,60}|returned message (?:follows|header)|your message reads[^\n]{0,60}|below (?:is|this line)[^\n]{0,60}copy[^\n]{0,60}|el mensaje original[^\n]{0,30}|-+ ?original message)[ \t.:]*(?=\n)"
    r"|(?P<first>(?:return-path|received|x-\w[\w-]{0,40}|dkim-signature|message-id|mime-version|delivered-to)[ \t]*:[^\n]*\n(?=[A-Za-z-]{2,40}:|[ \t]))"
    r")",
    re.IGNORECASE,
)

NAMES_VICTIM = _any(
    r"(?:final|original|failed)[- ]recipient\s*[:;]", r"\brecipient\s*(?:address)?\s*[:=]", r"^\s*(?:to|rcpt)\s*:\s", r"rcpt to:", r"(?:unable to deliver|deliver\w*) (?:your |the )?(?:message|mail|it)?\s*(?:to|for)\b", r"delivery (?:to|failed|for)", r"unknown user:?", r"user unknown", r"no such user", r"(?:address|adresse|dirección|endereço|user|mailbox|account)\s*[:=]",
    r"following (?:address|recipient)", r"(?:failed|rejected|undeliverable)\s*(?:to|for|address|recipient)?\s*[:=]", r"did not reach .{0,40}recipient", r"emailaddress", r"message (?:to|for)\b", r"mail (?:to|for)\b", r"x-actual-recipient", r"could not be delivered to", r"not deliver\w* .{0,30}to\b", r"\[status: error, address:", r"宛先|送信先",
)  # fmt: skip
NOT_VICTIM = _any(r"^\s*(?:from|sender|reply-to|return-path|envelope-from|message-id|mime|date|subject|references|reporting-mta|x-postfix-sender|mail from)\s*:", r"mail from:", r"return-path", r"\bcontact\b.{0,60}(?:postmaster|administrator|support)", r"(?:postmaster|support|abuse|helpdesk|admin)@", r"from=<", r"original message was received|^\s*from \S+@", r"^\s*id\b.{0,30}@", r"https?://\S*@", r"message-id")  # fmt: skip

FULL = _any(
    r"(?:mail ?box|mail ?folder|in-?box|account|user|storage|disk|spool|maildir|recipient)\S{0,3} (?:storage |quota |space )?(?:is |has |was |are |limit )?(?:currently |already |now )?(?:over ?quota|full\b|exceed|over (?:its |the |his )?(?:quota|limit|size)|out of (?:space|storage|disk))", r"over ?quota|quota (?:is )?exceed|quota (?:is )?full|exceed\w* .{0,30}(?:quota|storage)", r"mailbox[- ](?:is )?full|full mailbox|mailfolder is full", r"mailbox size limit|mailbox exceeds", r"not enough (?:storage )?space", r"insufficient (?:disk|system storage|mail ?box|storage|space)",
    r"disk (?:is )?full|disk quota|no space left|out of storage", r"user has (?:too many|exhausted)", r"too many messages? (?:in|on)", r"allowed (?:mailbox )?(?:storage|quota)", r"would be over the allowed quota", r"space (?:used|allotment|exceed)", r"容量", r"buz[oó]n (?:\S{1,40} \S{1,40} )?(?:est[aá] )?lleno|caixa (?:de correio |postal )?cheia", r"(?:postfach|mailbox) (?:ist )?voll", r"bo[iî]te (?:aux lettres )?pleine", r"casella piena", r"can.t accept messages .{0,20}(?:over|quota)", r"\bmailboxfull\b", r"storage limit", r"exceeded storage", r"user over quota", r"ящик .{0,20}переполнен|переполнен", r"mailbox for user is full", r"delivery failed: over quota", r"account is over", r"temporarily over quota",
)  # fmt: skip
DEAD = _any(
    r"user (?:\S{1,80} )?(?:is )?(?:unknown|not (?:found|known|exist)|not listed|does ?n.t exist|doesn.t have)", r"unknown (?:user|recipient|account|local|address|mailbox|or illegal|virtual|e-?mail)", r"no such (?:user|mailbox|recipient|account|person|address|id|local|domain|customer|host|email)", r"(?:does not|doesn.t|do not|did not|don.t) (?:exist|have (?:a|an) (?:\S+ )?(?:account|mailbox))",
    r"(?:user|recipient|account|address|mailbox|local[- ]part|e-?mail)(?: address)?(?: \S{1,80})? ?(?:was |is |has |are )?(?:unknown|not (?:found|valid|known|recogni|exist|present|registered)|non-?existent|unrecognized|invalid|no longer (?:on|valid|avail|exist|in|active|accept|used))", r"invalid (?:recipient|mailbox|address|user|local|account|e-?mail)", r"(?:not|no) (?:a )?(?:valid|known|local) (?:recipient|mailbox|user|address|e-?mail)", r"mailbox (?:not found|unavailable|does|unknown|is not)",
    r"no mailbox (?:here|by|found)", r"recipnotfound", r"badly formatted|bad (?:destination|recipient|mailbox|address)", r"recipient(?: address)? (?:rejected: (?:user|access denied|unknown|undeliverable|no such)|unknown|not found|not exist)", r"unrouteable (?:address|domain)|unroutable", r"host(?: or domain)? (?:unknown|name not found|not found)|name or service not known|domain (?:not found|does not exist|name not found|is not reachable|not exist)|domain .{0,60}(?:not (?:found|exist|reachable)|doesn.t (?:exist|receive))", r"unknown (?:host|domain)|no mx|nxdomain|null mx|nullmx|no (?:valid )?(?:mail )?(?:host|server|mx)s?\b.{0,20}(?:found|record|for|configured|not)|invalid (?:host|domain)",
    r"(?:e-?mail )?address (?:wasn.t|was not|couldn.t be|could not be) found", r"couldn.t be found", r"has (?:moved|been (?:removed|deleted|cancel|closed))", r"account (?:has been |is |was )?(?:deleted|closed|terminated|removed|canceled|cancelled)", r"adresse destinataire invalide", r"no (?:longer|more) (?:works|employed|with)", r"left the (?:company|organi)", r"not our customer", r"unknown or illegal alias", r"there is no one|nobody (?:here )?(?:by|with)", r"not a user", r"見つから|存在しま|宛先不明|ユーザーが", r"usuario (?:desconocido|no existe)|no existe|desconhecido|não existe|utilisateur inconnu|inconnu|unbekannt|existiert nicht|neznám|не найден|не существует|неизвест|不存在|不存",
    r"undeliverable address|address rejected\b(?!.*(?:policy|spf|dns))|\buserunknown\b|\bhostunknown\b|relocated|user not in|dosn.t exist|no account|not known here|not listed in|can.?t find|is not (?:known|recognized)|delivery to this address is restricted.*unknown|addressee unknown|this user does", r"no such user here|5\.1\.10|not (?:a )?recogni[sz]ed|(?:is )?not in our|recipient .{0,40}does not|no user (?:by|here|with|named)|unable to relay .{0,20}non-exist", r"(?:is|are) no longer (?:valid|exist|a customer|with us|working)|non-?existent (?:host|domain|user|mailbox|recipient|account)|destinat[aá]rio (?:inexistente|inv[aá]lido|desconhecido|desconocido)|n.existe (?:pas|plus)|sconosciut|inesistente|non esiste|ongeldig|onbekend|no se (?:ha )?encontr(?:ado|ó) (?:la direcci|el destinatario|el usuario|al usuario)|nem (?:létezik|található)|okänd|ukjent|ukendt|nie istnieje|no valid recipients|invalid final delivery|user does not|unknown to address|name not found|not active|address .{0,80}not (?:found|valid|exist)",
)  # fmt: skip
BLOCKED_FIRST = _any(
    r"sender (?:address )?(?:rejected|verif|unknown|denied|not|domain)|sender.{0,60}rejected|bad sender|invalid sender|return address|from address|mail from.{0,40}(?:reject|invalid)|5\.1\.8|5\.1\.7", r"relay(?:ing)? (?:access )?(?:denied|not)|unable to relay|not permitted to relay|relaying", r"blocked? (?:by|for|using|because)|is blocked|dnsbl|\brbl\b|blacklist|black list|block ?list|spamhaus|spamcop|sorbs|barracuda|reputation|banned|(?<!not )listed (?:in|on|at)", r"\bspf\b|\bdkim\b|\bdmarc\b|dns ptr|reverse dns|\bptr\b|rdns|authentication (?:is )?required|authrequired|not authenticated",
    r"\bspam\b|unsolicited|\bube\b|bulk mail|junk|virus|malware|phish", r"polic(?:y|ies)", r"(?:message|content|mail|email)(?: \w+)? (?:content )?(?:was |is )?(?:rejected|refused|denied|blocked)(?! .{0,40}unknown)|content (?:filter|reject|denied)", r"(?:is |has been |was |account )(?:disabled|inactive|suspended|locked|deactivated|frozen|restricted)|\bdisabled\b|\binactive\b|\bsuspended\b|not accepting|temporarily disabled", r"message (?:size|too large|is too|exceeds|length)|size (?:limit|exceed)|too (?:big|large)|maximum (?:message )?size|headers? too", r"too many (?:recipients|connections|hops|errors|concurrent|invalid)|hop count|mail loop|routing loop|looping", r"recipient preferences|not allowed|not authorized|unauthorized|permission|(?<!rejected: )access denied(?!.{0,60}outlook)|refused due",
    r"message expired|expired|timed? ?out|retry time(?:out)?|giving up|could not deliver for the last", r"greylist|grey-list|try again later|temporar", r"service (?:unavailable|refus|not available|currently)|no smtp service", r"duplicate header|header error|syntax error|improper|protocol|command (?:not|unrec)|attachment", r"rate limit|throttl|too fast|traffic", r"tls|certificate|starttls", r"connection (?:refused|reset|dropped|timed)|unreachable|lost connection|dns query failed|failed to connect", r"only accept|does not accept|not accept(?:ed|ing)?\b",
)  # fmt: skip
LATER = _any(
    r"temporar|try again|try later|later|deferred|timed? ?out|retry|retries|unreachable|connection|busy|unavailable|expired|\b4\d\d[ -]"
)
BLOCKED = _any(r"\b55[0-9][ -]|denied|refus|reject|block|prohibit|forbidden|failed")
PIPE = _any(
    r"x-unix",
    r"procmail",
    r"pipe to",
    r"\|/|\"\|",
    r"command died|unknown mailer error|mailer error|internal error|service unavailable",
)
AFTER_DATA = _any(
    r"after end of data",
    r"end of data command",
    r"in reply to (?:end of )?data",
    r"smtp command data\b",
    r"reply to DATA",
)
